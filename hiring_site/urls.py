"""Addresses of the pages; the API's are in ``api_urls``."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from hiring_site import views

admin.site.site_header = admin.site.site_title = "Peneira"

urlpatterns = [
    path("favicon.ico", views.favicon),
    path("", views.home, name="home"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_notifications, name="read_notifications"),
    path("notifications/<int:pk>/", views.notification, name="notification"),
    path("sign-in/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-out/", auth.LogoutView.as_view(), name="logout"),
    path("language/setlang/", login_not_required(set_language), name="set_language"),  # also to sign in
    path("jobs/", include("jobs.urls")),
    path("candidates/", include("candidates.urls")),
    path("scoring/", include("scoring.urls")),
    path("monitoring/", include("monitoring.urls")),
    path("admin/", admin.site.urls),
    path("", include("hiring_site.api_urls")),
]
