from django.urls import path

from scoring.api import views

urlpatterns = [
    path("predict", views.PredictView.as_view(), name="api-predict"),
    path("predictions/<uuid:pk>", views.PredictionView.as_view(), name="api-prediction"),
    path("models", views.ModelListView.as_view(), name="api-models"),
    path("train", views.TrainView.as_view(), name="api-train"),
    path("training-runs/<int:pk>", views.TrainingRunView.as_view(), name="api-training-run"),
    path("jobs/<str:code>/ranking", views.RankingView.as_view(), name="api-ranking"),
]
