from django.urls import path

from monitoring.api import drift_views, fairness_views

urlpatterns = [
    path("drift-reports", drift_views.DriftReportsView.as_view(), name="api-drift-reports"),
    path("drift-reports/<int:pk>", drift_views.DriftReportView.as_view(), name="api-drift-report"),
    path("fairness-reports", fairness_views.FairnessReportsView.as_view(), name="api-fairness-reports"),
    path(
        "fairness-reports/<int:number>",
        fairness_views.FairnessReportView.as_view(),
        name="api-fairness-report",
    ),
]
