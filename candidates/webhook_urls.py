"""Addresses of the pages of webhooks."""

from django.urls import path

from candidates import webhook_views as views

urlpatterns = [
    path("", views.webhook_list, name="webhooks"),
    path("new/", views.webhook_new, name="webhook_new"),
    path("<uuid:pk>/", views.webhook_detail, name="webhook"),
    path("<uuid:pk>/edit/", views.webhook_edit, name="webhook_edit"),
    path("<uuid:pk>/delete/", views.webhook_delete, name="webhook_delete"),
    path("<uuid:pk>/secret/", views.webhook_rotate, name="webhook_rotate"),
    path("<uuid:pk>/switch/", views.webhook_switch, name="webhook_switch"),
    path("<uuid:pk>/test/", views.webhook_test, name="webhook_test"),
    path("<uuid:pk>/replay/", views.webhook_replay_failed, name="webhook_replay_failed"),
    path("<uuid:pk>/deliveries/<int:number>/", views.delivery, name="webhook_delivery"),
    path("<uuid:pk>/deliveries/<int:number>/replay/", views.delivery_replay, name="webhook_delivery_replay"),
]
