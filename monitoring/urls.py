from django.urls import path

from monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("drift/", views.drift, name="drift"),
    path("drift/run/", views.run_drift, name="run_drift"),
]
