"""Included by jobs.urls, under prospects/."""

from django.urls import path

from jobs import prospect_views

urlpatterns = [
    path("<code:code>/", prospect_views.candidate_prospects, name="candidate_prospects"),
]
