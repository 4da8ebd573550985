from django.urls import path

from candidates.integration.unknown import UnknownAddress
from jobs.api import import_views, job_views, prospect_views

urlpatterns = [
    path("jobs", job_views.JobListView.as_view(), name="api-jobs"),
    path("jobs/bulk", job_views.JobBulkView.as_view(), name="api-jobs-bulk"),
    path("jobs/sync", job_views.JobSyncView.as_view(), name="api-jobs-sync"),
    path(
        "jobs/<code:code>/requirements", job_views.RequirementListView.as_view(), name="api-job-requirements"
    ),
    path(
        "jobs/<code:code>/requirements/<int:pk>",
        job_views.RequirementView.as_view(),
        name="api-job-requirement",
    ),
    path("jobs/<code:code>/requirements/<path:no_number>", UnknownAddress.as_view()),
    path("jobs/<code:code>", job_views.JobView.as_view(), name="api-job"),  # a code may hold slashes
    path("prospects", prospect_views.ProspectListView.as_view(), name="api-prospects"),
    path("prospects/bulk", prospect_views.ProspectBulkView.as_view(), name="api-prospects-bulk"),
    path("prospects/sync", prospect_views.ProspectSyncView.as_view(), name="api-prospects-sync"),
    path("prospects/moves/<uuid:batch>/undo", prospect_views.UndoView.as_view(), name="api-prospects-undo"),
    path("prospects/<int:pk>", prospect_views.ProspectView.as_view(), name="api-prospect"),
    path("prospects/<int:pk>/move", prospect_views.MoveView.as_view(), name="api-prospect-move"),
    path("prospects/<int:pk>/history", prospect_views.HistoryView.as_view(), name="api-prospect-history"),
    path("imports", import_views.ImportListView.as_view(), name="api-imports"),
    path("imports/<int:pk>", import_views.ImportView.as_view(), name="api-import"),
    path("imports/<int:pk>/rejected", import_views.RejectedListView.as_view(), name="api-import-rejected"),
]
