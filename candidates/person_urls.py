"""Addresses of one person's page and of duplicates; a code may hold slashes, so the longer come first."""

from django.urls import path

from candidates import duplicate_views, note_views, person_views

urlpatterns = [
    path("new/", person_views.candidate_new, name="candidate_new"),
    path("notes/<int:pk>/edit/", note_views.note_edit, name="note_edit"),
    path("notes/<int:pk>/delete/", note_views.note_delete, name="note_delete"),
    path("notes/<int:pk>/restore/", note_views.note_restore, name="note_restore"),
    path("duplicates/", duplicate_views.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/", duplicate_views.duplicate_pair, name="duplicate_pair"),
    path("duplicates/<int:pk>/dismiss/", duplicate_views.dismiss, name="dismiss_duplicate"),
    path("duplicates/<int:pk>/reopen/", duplicate_views.reopen, name="reopen_duplicate"),
    path("merges/<int:pk>/undo/", duplicate_views.undo_merge, name="undo_merge"),
    path("merge/", duplicate_views.merge, name="merge"),
    path("<code:code>/merge/", duplicate_views.choose_other, name="choose_duplicate"),
    path("<code:code>/edit/", person_views.candidate_edit, name="candidate_edit"),
    path("<code:code>/timeline/", person_views.candidate_timeline, name="candidate_timeline"),
    path("<code:code>/notes/", note_views.notes, name="notes"),
    path("<code:code>/tags/<int:pk>/remove/", note_views.tag_remove, name="tag_remove"),
    path("<code:code>/tags/<int:pk>/restore/", note_views.tag_restore, name="tag_restore"),
    path("<code:code>/tags/", note_views.tags, name="tags"),
]
