"""Included by jobs.urls, under imports/."""

from django.urls import path

from jobs import import_views

urlpatterns = [
    path("", import_views.import_list, name="import_list"),
    path("new/", import_views.import_new, name="import_new"),
    path("<int:pk>/", import_views.import_detail, name="import_detail"),
    path("<int:pk>/again/", import_views.import_again, name="import_again"),
]
