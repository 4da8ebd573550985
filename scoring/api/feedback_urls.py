from django.urls import path

from scoring.api import feedback_views

urlpatterns = [
    path("feedback", feedback_views.FeedbackListView.as_view(), name="api-feedback"),
    path("feedback/sync", feedback_views.FeedbackSyncView.as_view(), name="api-feedback-sync"),
    path("feedback/<int:pk>", feedback_views.FeedbackView.as_view(), name="api-feedback-one"),
]
