from django.urls import include, path

import candidates.converters  # noqa: F401  makes <code:…> known
from candidates import views

app_name = "candidates"
urlpatterns = [
    path("", views.candidate_list, name="candidate_list"),
    path("", include("candidates.document_urls")),
    path("<code:code>/", views.candidate_detail, name="candidate_detail"),
]
