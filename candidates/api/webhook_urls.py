"""Addresses of webhooks."""

from django.urls import path

from candidates.api import webhook_views as views

urlpatterns = [
    path("webhooks", views.WebhooksView.as_view(), name="api-webhooks"),
    path("webhooks/<uuid:pk>", views.WebhookView.as_view(), name="api-webhook"),
    path("webhooks/<uuid:pk>/rotate-secret", views.RotateView.as_view(), name="api-webhook-rotate"),
    path("webhooks/<uuid:pk>/test", views.TestView.as_view(), name="api-webhook-test"),
    path("webhooks/<uuid:pk>/replay", views.ReplayView.as_view(), name="api-webhook-replay"),
    path("webhooks/<uuid:pk>/deliveries", views.DeliveriesView.as_view(), name="api-deliveries"),
    path("webhooks/<uuid:pk>/deliveries/<int:number>", views.DeliveryView.as_view(), name="api-delivery"),
    path(
        "webhooks/<uuid:pk>/deliveries/<int:number>/replay",
        views.DeliveryReplayView.as_view(),
        name="api-delivery-replay",
    ),
]
