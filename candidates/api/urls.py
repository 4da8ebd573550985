"""Addresses of candidates and documents; a code may hold slashes, so the longer come first."""

from django.urls import path

from candidates.api import candidate_views, document_views, note_views

urlpatterns = [
    path("candidates", candidate_views.CandidatesView.as_view(), name="api-candidates"),
    path("candidates/bulk", candidate_views.CandidatesBulk.as_view(), name="api-candidates-bulk"),
    path("candidates/sync", candidate_views.CandidatesSync.as_view(), name="api-candidates-sync"),
    path("candidates/<code:code>/notes", note_views.NotesView.as_view(), name="api-notes"),
    path("candidates/<code:code>/tags", note_views.TagsView.as_view(), name="api-tags"),
    path("candidates/<code:code>/tags/<code:name>", note_views.TagView.as_view(), name="api-tag"),
    path("candidates/<code:code>", candidate_views.CandidateView.as_view(), name="api-candidate"),
    path("documents", document_views.DocumentsView.as_view(), name="api-documents"),
    path("documents/sync", document_views.DocumentsSync.as_view(), name="api-documents-sync"),
    path("documents/<int:pk>", document_views.DocumentView.as_view(), name="api-document"),
    path("documents/<int:pk>/file", document_views.DocumentFile.as_view(), name="api-document-file"),
    path("documents/<int:pk>/read", document_views.DocumentReading.as_view(), name="api-document-reading"),
]
