from django.urls import path

from scoring import views

app_name = "scoring"
urlpatterns = [
    path("jobs/<str:code>/", views.job_ranking, name="job_ranking"),
    path("jobs/<str:code>/rank/", views.request_ranking, name="request_ranking"),
    path("rankings/<int:pk>/", views.ranking_progress, name="ranking_progress"),
    path("candidates/<str:code>/", views.candidate_predictions, name="candidate_predictions"),
    path("models/", views.model_list, name="model_list"),
    path("models/<int:number>/", views.model_detail, name="model_detail"),
    path("train/", views.train, name="train"),
    path("training-runs/<int:pk>/", views.training_run_detail, name="training_run_detail"),
]
