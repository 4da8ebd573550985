from django.urls import path

import candidates.converters  # noqa: F401  makes <code:…> known
from scoring import views

app_name = "scoring"
urlpatterns = [
    # A code may hold slashes: the longer address first
    path("jobs/<code:code>/rank/", views.request_ranking, name="request_ranking"),
    path("jobs/<code:code>/", views.job_ranking, name="job_ranking"),
    path("rankings/<int:pk>/", views.ranking_progress, name="ranking_progress"),
    path("candidates/<code:code>/", views.candidate_predictions, name="candidate_predictions"),
    path("models/", views.model_list, name="model_list"),
    path("models/<int:number>/", views.model_detail, name="model_detail"),
    path("train/", views.train, name="train"),
    path("training-runs/<int:pk>/", views.training_run_detail, name="training_run_detail"),
]
