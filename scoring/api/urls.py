from django.urls import path

from scoring.api import (
    asking_views,
    model_views,
    predict_batch_views,
    predict_views,
    prediction_views,
    rank_views,
    ranking_views,
    recommendation_views,
)

urlpatterns = [
    path("predict", predict_views.PredictView.as_view(), name="api-predict"),
    path("predict/batch", predict_batch_views.PredictBatchView.as_view(), name="api-predict-batch"),
    path("predict/full", asking_views.FullView.as_view(), name="api-predict-full"),
    path("predict/smart", asking_views.SmartView.as_view(), name="api-predict-smart"),
    path("rank", rank_views.RankView.as_view(), name="api-rank"),
    path(
        "candidates/<code:code>/recommendations",
        recommendation_views.RecommendationsView.as_view(),
        name="api-recommendations",
    ),
    path("predictions", prediction_views.PredictionListView.as_view(), name="api-predictions"),
    path("predictions/<uuid:pk>", prediction_views.PredictionView.as_view(), name="api-prediction"),
    path("models", model_views.ModelListView.as_view(), name="api-models"),
    path("models/<int:number>", model_views.ModelView.as_view(), name="api-model"),
    path("promotions", model_views.PromotionListView.as_view(), name="api-promotions"),
    path("train", model_views.TrainView.as_view(), name="api-train"),
    path("training-runs", model_views.TrainingRunListView.as_view(), name="api-training-runs"),
    path("training-runs/<int:pk>", model_views.TrainingRunView.as_view(), name="api-training-run"),
    path("rankings", ranking_views.RankingListView.as_view(), name="api-rankings"),
    path("rankings/<int:pk>", ranking_views.RankingDetailView.as_view(), name="api-ranking-read"),
    path("jobs/<code:code>/ranking", ranking_views.RankingView.as_view(), name="api-ranking"),
]
