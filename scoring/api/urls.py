from django.urls import path

from scoring.api import model_views, predict_views, prediction_views, ranking_views

urlpatterns = [
    path("predict", predict_views.PredictView.as_view(), name="api-predict"),
    path("predictions/<uuid:pk>", prediction_views.PredictionView.as_view(), name="api-prediction"),
    path("models", model_views.ModelListView.as_view(), name="api-models"),
    path("train", model_views.TrainView.as_view(), name="api-train"),
    path("training-runs/<int:pk>", model_views.TrainingRunView.as_view(), name="api-training-run"),
    path("jobs/<str:code>/ranking", ranking_views.RankingView.as_view(), name="api-ranking"),
]
