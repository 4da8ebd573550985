"""Addresses of candidates and documents; a code may hold slashes, so the longer come first."""

from django.urls import path

import candidates.converters  # noqa: F401  makes <code:…> known
from candidates.api import candidate_views

urlpatterns = [
    path("candidates", candidate_views.CandidatesView.as_view(), name="api-candidates"),
    path("candidates/bulk", candidate_views.CandidatesBulk.as_view(), name="api-candidates-bulk"),
    path("candidates/sync", candidate_views.CandidatesSync.as_view(), name="api-candidates-sync"),
    path("candidates/<code:code>", candidate_views.CandidateView.as_view(), name="api-candidate"),
]
