"""Webhooks in the admin: what happened, what became of it, and sending it again. Changed on their pages."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candidates import viewing
from candidates.admin_rows import ReadOnly, Rows
from candidates.integration import events, webhooks
from candidates.models import Delivery, Event, Webhook
from candidates.requests import viewer_of
from candidates.viewing import Role


class WebhookAdmin(ReadOnly, Rows):
    list_display = ("name", "url", "user", "last_success_at", "failing_since", "disabled_at", "page")
    list_filter = (("disabled_at", admin.EmptyFieldListFilter), ("failing_since", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("name", "url", "=user__username")
    readonly_fields = ("page", "last_success_at", "failing_since", "disabled_at", "why")
    fields = ("name", "url", "events", "user", *readonly_fields)

    @admin.display(description=_("page"))
    def page(self, webhook: Webhook) -> SafeString:
        return format_html('<a href="{}">{}</a>', webhook.get_absolute_url(), _("deliveries and settings"))

    @admin.display(description=_("why disabled"))
    def why(self, webhook: Webhook) -> str:
        return str(webhooks.Reason(webhook.disabled_reason).label) if webhook.disabled_reason else "–"


class EventAdmin(ReadOnly, Rows):
    list_display = ("created_at", "kind", "id")
    list_filter = ("kind",)
    search_fields = ("=id",)
    date_hierarchy = "created_at"
    show_full_result_count = False
    readonly_fields = ("told",)
    fields = ("id", "kind", "created_at", "told")

    @admin.display(description=_("what is told"))
    def told(self, event: Event) -> SafeString:
        """As whoever looks may know it."""
        viewer = viewing.current()
        told = events.told(event, viewer) if viewer else {}
        return format_html("<pre>{}</pre>", json.dumps(told, ensure_ascii=False, indent=2))


class DeliveryAdmin(ReadOnly, Rows):
    list_display = ("created_at", "webhook", "kind", "state", "tried", "last_answer", "next_at")
    list_filter = ("state", "event__kind", "webhook")
    list_select_related = ("webhook", "event")
    search_fields = ("=event__id",)
    show_full_result_count = False
    fields = ("webhook", "event", "state", "attempts", "next_at", "delivered_at", "replays", "page")
    readonly_fields = ("page",)
    actions = ("replay",)

    @admin.display(description=_("event"))
    def kind(self, delivery: Delivery) -> str:
        return delivery.event.get_kind_display()

    @admin.display(description=_("attempts"))
    def tried(self, delivery: Delivery) -> int:
        return len(delivery.attempts)

    @admin.display(description=_("last answer"))
    def last_answer(self, delivery: Delivery) -> str:
        return webhooks.in_words(delivery.attempts[-1]) if delivery.attempts else "–"

    @admin.display(description=_("page"))
    def page(self, delivery: Delivery) -> SafeString:
        address = reverse("candidates:webhook_delivery", args=[delivery.webhook_id, delivery.pk])
        return format_html('<a href="{}">{}</a>', address, _("what is told, and sending it again"))

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return viewer_of(request).role == Role.ADMINISTRATOR

    @admin.action(description=_("Send again"), permissions=["replay"])
    def replay(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        sent = refused = 0
        for delivery in rows.select_related("webhook"):
            try:
                webhooks.replay(delivery)
                sent += 1
            except webhooks.IsDisabled:
                refused += 1
        if sent:
            told = ngettext("%(number)s event is sent again.", "%(number)s events are sent again.", sent)
            self.message_user(request, told % {"number": sent}, messages.SUCCESS)
        if refused:
            told = ngettext(
                "%(number)s was not: its webhook is disabled.",
                "%(number)s were not: their webhooks are disabled.",
                refused,
            )
            self.message_user(request, told % {"number": refused}, messages.WARNING)


def register(site: admin.AdminSite) -> None:
    site.register(Webhook, WebhookAdmin)
    site.register(Event, EventAdmin)
    site.register(Delivery, DeliveryAdmin)
