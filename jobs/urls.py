from django.urls import include, path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job_list"),
    path("imports/", include("jobs.import_urls")),
    path("prospects/", include("jobs.prospect_urls")),
    path("<str:code>/", views.job_detail, name="job_detail"),
]
