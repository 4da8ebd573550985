"""Included by jobs.urls, under prospects/."""

from django.urls import path, register_converter

from candidates.converters import CodeConverter
from jobs import prospect_views

register_converter(CodeConverter, "candidate_code")

urlpatterns = [
    path("<candidate_code:code>/", prospect_views.candidate_prospects, name="candidate_prospects"),
]
