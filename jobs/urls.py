from django.urls import include, path

import candidates.converters  # noqa: F401  makes <code:…> known
from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("imports/", include("jobs.import_urls")),
    path("prospects/", include("jobs.prospect_urls")),
    # Last, because a code may hold slashes
    path("<code:code>/", views.job_detail, name="job_detail"),
]
