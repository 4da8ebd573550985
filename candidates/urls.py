from django.urls import path, register_converter

from candidates import views
from candidates.converters import CodeConverter

register_converter(CodeConverter, "code")

app_name = "candidates"
urlpatterns = [
    path("", views.candidate_list, name="candidate_list"),
    path("<code:code>/", views.candidate_detail, name="candidate_detail"),
]
