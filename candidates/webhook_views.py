"""Pages of webhooks, for administrators: where events go, what became of them, and sending them again."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.integration import events, signing, webhooks
from candidates.models import Delivery, Webhook
from candidates.permissions import administrators_only
from candidates.requests import is_fragment, signed_in, viewer_of
from candidates.sent_forms import once, word_of
from candidates.webhook_forms import WebhookForm

PAGE_SIZE = 25
STOP_POLLING = 286  # htmx: shows the answer and asks no more
SECRET_OF = "webhook_secret"  # noqa: S105  in the session: whose secret the next page shows, not the secret
REPLAYED = timedelta(days=7)  # what was given up since then is sent again with one click


@require_safe
@administrators_only
def webhook_list(request: HttpRequest) -> HttpResponse:
    State = Delivery.State
    counted = {
        "waiting": Count("deliveries", filter=Q(deliveries__state=State.PENDING)),
        "lost": Count("deliveries", filter=Q(deliveries__state=State.GIVEN_UP)),
    }
    rows = Webhook.objects.select_related("user").annotate(**counted)
    return render(request, "candidates/webhook_list.html", {"webhooks": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def webhook_new(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST if request.method == "POST" else None, user=signed_in(request))
    if not form.is_valid():
        return _form(request, form)
    told = form.cleaned_data
    try:
        made = once(request, lambda: _make(told))
    except webhooks.TooMany as refused:
        form.add_error("owner", str(refused))
        return _form(request, form)
    request.session[SECRET_OF] = made.rstrip("/").rpartition("/")[2]
    messages.success(request, _("The webhook is made and listens from now on."))
    return redirect(made)


def _make(told: dict[str, Any]) -> Webhook:
    webhook, _secret = webhooks.create(
        name=told["name"], url=told["url"], kinds=told["events"], user=told["owner"]
    )
    return webhook


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def webhook_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = WebhookForm(data, user=signed_in(request), webhook=webhook)
    if not form.is_valid():
        return _form(request, form, webhook=webhook)
    if webhooks.change(webhook, **form.cleaned_data):
        messages.success(request, _("The webhook is saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect(webhook)


def _form(request: HttpRequest, form: WebhookForm, webhook: Webhook | None = None) -> HttpResponse:
    context = {"form": form, "webhook": webhook, "once": "" if webhook else word_of(request)}
    status = 400 if form.is_bound else 200
    return render(request, "candidates/webhook_form.html", context, status=status)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@administrators_only
def webhook_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One webhook: what it hears, how its deliveries went; once after it was made or rotated, its secret."""
    found = get_object_or_404(Webhook.objects.select_related("user"), pk=pk)
    state = request.GET.get("state", "")
    rows = webhooks.deliveries(found)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    under_way = counts.get(Delivery.State.PENDING, 0) and rows.filter(
        state=Delivery.State.PENDING, next_at__lte=timezone.now() + timedelta(seconds=60)
    )
    context = {
        "webhook": found,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "state": state,
        "states": [(one, counts.get(one, 0)) for one in Delivery.State],
        "reason": webhooks.Reason(found.disabled_reason).label if found.disabled_reason else "",
        "under_way": bool(under_way and under_way.exists()),
        "lost": counts.get(Delivery.State.GIVEN_UP, 0),
    }
    if is_fragment(request):
        status = 200 if context["under_way"] else STOP_POLLING
        return render(request, "candidates/webhook.html#deliveries", context, status=status)
    return render(request, "candidates/webhook.html", context | {"secret": _secret_once(request, found)})


def _secret_once(request: HttpRequest, webhook: Webhook) -> str:
    if request.session.get(SECRET_OF) != str(webhook.pk):
        return ""
    del request.session[SECRET_OF]
    return signing.secret(webhook)


@require_POST
@administrators_only
def webhook_rotate(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    signing.rotate(webhook)
    request.session[SECRET_OF] = str(webhook.pk)
    messages.success(request, _("There is a new secret. For a day both sign, the new one and the former."))
    return redirect(webhook)


@require_POST
@administrators_only
def webhook_switch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Disables it, or enables it again, as the button said."""
    webhook = get_object_or_404(Webhook, pk=pk)
    if request.POST.get("to") == "enabled":
        webhooks.enable(webhook)
        messages.success(request, _("The webhook is enabled; what waited is sent now."))
    else:
        webhooks.disable(webhook)
        messages.success(request, _("The webhook is disabled. Nothing is sent until it is enabled again."))
    return redirect(webhook)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def webhook_delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    if request.method != "POST":
        return render(request, "candidates/webhook_delete.html", {"webhook": webhook})
    webhooks.remove(webhook)
    messages.success(request, _("The webhook and its deliveries are removed."))
    return redirect("candidates:webhooks")


@require_POST
@administrators_only
def webhook_test(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    webhooks.test(webhook)
    messages.success(request, _("A test is on its way. It stands first among the deliveries."))
    return redirect(webhook)


@require_POST
@administrators_only
def webhook_replay_failed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    try:
        number = webhooks.replay_failed(webhook, since=timezone.now() - REPLAYED)
    except webhooks.IsDisabled as refused:
        messages.error(request, str(refused))
        return redirect(webhook)
    told = ngettext("%(number)s event is sent again.", "%(number)s events are sent again.", number)
    messages.success(request, told % {"number": number})
    return redirect(webhook)


@require_safe
@never_cache
@administrators_only
def delivery(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One delivery: its attempts, and what the event says as this reader may know it."""
    rows = Delivery.objects.select_related("event", "webhook", "replays")
    found = get_object_or_404(rows, webhook=pk, pk=number)
    context = {
        "delivery": found,
        "data": events.told(found.event, viewer_of(request)),
        "replayed": found.replayed.order_by("pk"),
    }
    return render(request, "candidates/webhook_delivery.html", context)


@require_POST
@administrators_only
def delivery_replay(request: HttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    found = get_object_or_404(Delivery.objects.select_related("webhook"), webhook=pk, pk=number)
    try:
        again = webhooks.replay(found)
    except webhooks.IsDisabled as refused:
        messages.error(request, str(refused))
        return redirect(found.webhook)
    messages.success(request, _("The event is sent again, with the same id."))
    return redirect("candidates:webhook_delivery", pk=pk, number=again.pk)
