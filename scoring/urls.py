from django.urls import path

from scoring import (
    board_views,
    matching_views,
    model_views,
    opinion_views,
    promotion_views,
    ranked_list_views,
    views,
)

app_name = "scoring"
urlpatterns = [
    # A code may hold slashes: the longer address first
    path("jobs/<code:code>/rank/", views.request_ranking, name="request_ranking"),
    path("jobs/<code:code>/export/", ranked_list_views.export_ranking, name="export_ranking"),
    path("jobs/<code:code>/selected/", ranked_list_views.selected, name="selected"),
    path("jobs/<code:code>/neighbours/<code:candidate>/", ranked_list_views.neighbours_of, name="neighbours"),
    path("jobs/<code:code>/elsewhere/<code:candidate>/", ranked_list_views.elsewhere, name="elsewhere"),
    path("preferences/", ranked_list_views.preferences, name="preferences"),
    path("jobs/<code:code>/compare/", matching_views.compare, name="compare"),
    path("candidates/<code:code>/similar/", matching_views.similar, name="similar"),
    path("candidates/<code:code>/jobs/", matching_views.other_jobs, name="other_jobs"),
    path("try/", matching_views.try_candidate, name="try_candidate"),
    path("jobs/<code:code>/feedback/", opinion_views.feedback, name="feedback"),
    path("jobs/<code:code>/weights/save/", opinion_views.save_weights, name="save_weights"),
    path("jobs/<code:code>/weights/", opinion_views.weights, name="weights"),
    path("jobs/<code:code>/met/", board_views.requirements_met, name="board_requirements"),
    path("jobs/<code:code>/like/<code:candidate>/", opinion_views.more_like, name="more_like"),
    path("jobs/<code:code>/", views.job_ranking, name="job_ranking"),
    path("rankings/<int:pk>/", views.ranking_progress, name="ranking_progress"),
    path("candidates/<code:code>/", views.candidate_predictions, name="candidate_predictions"),
    path(
        "predictions/<uuid:pk>/requirements/", views.prediction_requirements, name="prediction_requirements"
    ),
    path("predictions/<uuid:pk>/", views.prediction_detail, name="prediction_detail"),
    path("models/", model_views.model_list, name="model_list"),
    path("models/<int:number>/", model_views.model_detail, name="model_detail"),
    path("models/compare/", model_views.model_compare, name="model_compare"),
    path("models/<int:number>/fields/", model_views.model_fields, name="model_fields"),
    path("models/<int:number>/review/", model_views.model_review, name="model_review"),
    path("models/<int:number>/review/mark/", model_views.mark, name="mark"),
    path("models/<int:number>/thresholds/", model_views.model_thresholds, name="model_thresholds"),
    path("models/<int:number>/further/", model_views.further, name="further"),
    path("models/<int:number>/promote/", promotion_views.promote, name="promote"),
    path("models/<int:number>/judge/", promotion_views.judge, name="judge"),
    path("models/<int:number>/rank-changes/", promotion_views.changes, name="rank_changes"),
    path("train/", model_views.train, name="train"),
    path("training-runs/<int:pk>/", model_views.training_run_detail, name="training_run_detail"),
]
