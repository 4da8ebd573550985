"""Addresses of uploaded CVs; among those of candidates, before any with a code."""

from django.urls import path

from candidates import document_views as views

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("upload/waiting/", views.documents_waiting, name="documents_waiting"),
    path("upload/<uuid:batch>/", views.upload_batch, name="upload_batch"),
    path("upload/files/<int:pk>/", views.document_confirm, name="document_confirm"),
    path("upload/files/<int:pk>/file/", views.document_download, name="document_download"),
    path("upload/files/<int:pk>/again/", views.document_retry, name="document_retry"),
    path("upload/files/<int:pk>/discard/", views.document_discard, name="document_discard"),
    path("upload/files/<int:pk>/restore/", views.document_restore, name="document_restore"),
    path("<code:code>/documents/", views.documents, name="documents"),
]
