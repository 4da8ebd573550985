"""Addresses for other systems."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from candidates.integration.unknown import UnknownAddress
from hiring_site.api_views import DocsView, SchemaView, TokenView
from monitoring.health import LiveView, ReadyView
from scoring.api.predict_views import VersionView

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", LiveView.as_view(), name="health"),
    path("health/live", LiveView.as_view(), name="health-live"),
    path("health/ready", ReadyView.as_view(), name="health-ready"),
    path("version", VersionView.as_view(), name="version"),
    path("api/v1/token", TokenView.as_view(), name="api-token"),
    # A code may hold slashes: what hangs on a candidate comes first
    path("api/v1/", include("scoring.api.urls")),
    path("api/v1/", include("candidates.api.urls")),
    path("api/v1/", include("candidates.api.webhook_urls")),
    path("api/v1/", include("jobs.api.urls")),
    path("api/v1/", include("scoring.api.feedback_urls")),
    path("api/v1/", include("monitoring.api.urls")),
    path("api/schema", SchemaView.as_view(), name="api-schema"),
    path("api/docs", DocsView.as_view(), name="api-docs"),
    re_path(r"^api(?:/[\s\S]*)?$", UnknownAddress.as_view()),
]
