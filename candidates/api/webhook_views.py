"""Webhooks for the systems that own them: made, changed, tried out; their deliveries read and sent again.

Each account handles its own; administrators see those of others on the pages.
"""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api import webhook_examples as examples
from candidates.api.webhook_serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    WebhookFieldsSerializer,
    WebhookSerializer,
    WebhookWithSecretSerializer,
)
from candidates.integration import signing, webhooks
from candidates.integration.authentication import key_of
from candidates.integration.filters import ChoicesFilter, FilterSet, MomentFilter, YesNoFilter
from candidates.integration.listing import Listing, Sort
from candidates.integration.sparse import FIELDS, SparseView, expand_parameter
from candidates.integration.views import ApiView
from candidates.integration.words import Conflict, location
from candidates.models import Delivery, EventKind, Webhook
from candidates.permissions import HasScope, RolePermission
from candidates.requests import signed_in, viewer_of

if TYPE_CHECKING:
    from rest_framework.views import APIView

TAGS = ["webhooks"]
GENERATION = "~generation"  # of the secret, in a kept answer; no answer has it
NOT_FOUND = OpenApiResponse(description="The caller owns no such webhook, or it has no such delivery.")
DISABLED = OpenApiResponse(description="`webhook_disabled`: nothing is sent until it is enabled.")
TOO_MANY = OpenApiResponse(description="`too_many_webhooks`: the caller has as many as one may have.")
LOCATION = location("Where it is read.", 201, 202)


class TooMany(Conflict):
    default_code = "too_many_webhooks"


class IsDisabled(Conflict):
    default_code = "webhook_disabled"


class OwnsWebhooks(RolePermission):
    """Administrators and integrations; each sees its own."""

    sentence = _("Only administrators and integrations have webhooks.")

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        self.message = self.sentence
        return viewer_of(request).role in webhooks.OWNERS


class WebhookFilter(FilterSet):
    enabled = YesNoFilter(field_name="disabled_at", lookup_expr="isnull", help_text="Whether it listens.")


class DeliveryFilter(FilterSet):
    state = ChoicesFilter(Delivery.State.choices, help_text="Of these states.")
    type = ChoicesFilter(EventKind.choices, field_name="event__kind", help_text="Of these kinds of events.")
    event = django_filters.UUIDFilter(field_name="event", help_text="Of this event: its id.")
    created_since = MomentFilter(field_name="created_at", lookup_expr="gte", help_text="From then on.")


class Owned(ApiView):
    """What is done to one of the caller's webhooks."""

    resource = "webhooks"
    permission_classes = (OwnsWebhooks, HasScope)

    def own(self, pk: uuid.UUID) -> Webhook:
        return get_object_or_404(Webhook.objects.filter(user=signed_in(self.request)), pk=pk)


class ShowsSecret(Owned):
    """Answers with the secret, which is kept nowhere: a repetition of the request makes the same one again,
    also when there is a newer one by then, or the webhook is removed."""

    def kept(self, data: Any) -> Any:
        if "secret" not in data:
            return data
        generation = Webhook.objects.values_list("generation", flat=True).get(pk=data["id"])
        return {name: value for name, value in data.items() if name != "secret"} | {GENERATION: generation}

    def repeated(self, data: Any) -> Any:
        if GENERATION not in data:
            return data
        secret = signing.secret_of(uuid.UUID(data["id"]), data[GENERATION])
        return {name: value for name, value in data.items() if name != GENERATION} | {"secret": secret}


def _refuse_unreadable(request: Request, kinds: Iterable[str]) -> None:
    """A key hears of nothing that it could not read; people hear of what their role reads."""
    key = key_of(request)
    lacking = {webhooks.scope_of(kind) for kind in kinds} - {*key.scopes, ""} if key else set()
    if lacking:
        text = _("To hear of these events this API key also needs: %(scopes)s.")
        raise PermissionDenied(text % {"scopes": ", ".join(sorted(lacking))}, code=HasScope.code)


def _with_secret(webhook: Webhook) -> dict[str, Any]:
    return {**WebhookSerializer(webhook).data, "secret": signing.secret(webhook)}


@extend_schema_view(
    get=extend_schema(
        operation_id="webhooks_list",
        summary="List the caller's webhooks",
        description="Those that the account of the key made.",
        tags=TAGS,
        examples=[OpenApiExample("A page", value=examples.WEBHOOK, response_only=True)],
    )
)
class WebhooksView(ShowsSecret, Listing):
    serializer_class = WebhookSerializer
    queryset = Webhook.objects.all()
    filterset_class = WebhookFilter
    sorts = {"created": Sort("created_at"), "name": Sort("name")}
    default_sort = "created"

    def get_queryset(self) -> "QuerySet[Any]":
        return Webhook.objects.filter(user=signed_in(self.request))

    @extend_schema(
        operation_id="webhooks_create",
        summary="Make a webhook",
        description="It listens from now on. The secret that signs is told in this answer and never again."
        " A key also needs the scope to read what the events tell of, `candidates:read` for"
        " `candidate.created`.",
        tags=TAGS,
        request=NewWebhookSerializer,
        responses={201: WebhookWithSecretSerializer, 409: TOO_MANY},
        parameters=[LOCATION],
        examples=[
            OpenApiExample("What is sent", value=examples.NEW, request_only=True),
            OpenApiExample("What is made", value=examples.MADE, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        told = self.sent(NewWebhookSerializer)
        _refuse_unreadable(request, told["events"])
        try:
            made, _secret = webhooks.create(
                name=told["name"], url=told["url"], kinds=told["events"], user=signed_in(request)
            )
        except webhooks.TooMany as refused:
            raise TooMany(str(refused)) from refused
        headers = {"Location": reverse("api-webhook", args=[made.pk])}
        return Response(_with_secret(made), status=201, headers=headers)


class WebhookView(Owned, SparseView):
    serializer_class = WebhookSerializer
    queryset = Webhook.objects.all()

    @extend_schema(
        operation_id="webhooks_read",
        summary="Read a webhook",
        description="With whether it is enabled, and since when it fails.",
        tags=TAGS,
        parameters=[FIELDS],
        responses={200: WebhookSerializer, 404: NOT_FOUND},
        examples=[OpenApiExample("One that listens", value=examples.WEBHOOK, response_only=True)],
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.own(pk)).data)

    @extend_schema(
        operation_id="webhooks_update",
        summary="Change, disable or enable a webhook",
        description="Only what is sent is changed. A new address begins anew: what waits is sent there. A key"
        " that sends `events` or `url`, or enables it, needs the scope to read what all its events tell of.",
        tags=TAGS,
        request=WebhookFieldsSerializer,
        responses={200: WebhookSerializer, 404: NOT_FOUND},
        examples=[
            OpenApiExample("Pause", value={"enabled": False}, request_only=True),
            OpenApiExample("As stored", value=examples.WEBHOOK, response_only=True),
        ],
    )
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        webhook = self.own(pk)
        told = self.sent(WebhookFieldsSerializer)
        enabled = told.pop("enabled", None)
        if enabled or told.keys() & {"url", "events"}:
            _refuse_unreadable(request, told.get("events", webhook.events))
        webhooks.change(webhook, **told)
        if enabled is not None:
            (webhooks.enable if enabled else webhooks.disable)(webhook)
        webhook.refresh_from_db()
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(
        operation_id="webhooks_delete",
        summary="Remove a webhook",
        description="With its deliveries, also those that wait.",
        tags=TAGS,
        responses={204: None, 404: NOT_FOUND},
    )
    def delete(self, request: Request, pk: uuid.UUID) -> Response:
        webhooks.remove(self.own(pk))
        return Response(status=204)


class RotateView(ShowsSecret):
    @extend_schema(
        operation_id="webhooks_rotate_secret",
        summary="Get a new secret",
        description="It is told in this answer and never again. For 24 hours requests are signed with both,"
        " the new one and the former; `webhook-signature` then holds two signatures.",
        tags=TAGS,
        request=None,
        responses={200: WebhookWithSecretSerializer, 404: NOT_FOUND},
        examples=[OpenApiExample("With the new one", value=examples.MADE, response_only=True)],
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        webhook = self.own(pk)
        signing.rotate(webhook)
        return Response(_with_secret(webhook))


class TestView(Owned):
    @extend_schema(
        operation_id="webhooks_test",
        summary="Send a test",
        description="The event `webhook.test`, sent once and at once, also while the webhook is disabled."
        " What came of it is read at the address in Location.",
        tags=TAGS,
        request=None,
        responses={202: DeliverySerializer, 404: NOT_FOUND},
        parameters=[LOCATION],
        examples=[
            OpenApiExample("On its way", value=examples.TEST, response_only=True, status_codes=["202"])
        ],
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        return _on_its_way(webhooks.test(self.own(pk)))


class ReplayView(Owned):
    @extend_schema(
        operation_id="webhooks_replay",
        summary="Send again what was given up",
        description="Every event since a time that was given up and has not arrived otherwise: after the"
        " receiver was down. Events are kept for 30 days.",
        tags=TAGS,
        request=ReplaySerializer,
        responses={202: ReplayedSerializer, 404: NOT_FOUND, 409: DISABLED},
        examples=[
            OpenApiExample("Since", value={"since": "2026-03-10T00:00:00Z"}, request_only=True),
            OpenApiExample("So many", value={"replayed": 12}, response_only=True, status_codes=["202"]),
        ],
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        webhook = self.own(pk)
        sent = self.sent(ReplaySerializer)
        try:
            number = webhooks.replay_failed(webhook, since=sent["since"])
        except webhooks.IsDisabled as refused:
            raise IsDisabled(str(refused)) from refused
        return Response({"replayed": number}, status=202)


@extend_schema_view(
    get=extend_schema(
        operation_id="webhooks_deliveries",
        summary="List a webhook's deliveries",
        description="The newest first. Of what a receiver answered only the status is kept. `data` is told on"
        " request, and null where the key lacks the scope to read what the event tells of.",
        tags=TAGS,
        responses={200: DeliverySerializer(many=True), 404: NOT_FOUND},
        examples=[OpenApiExample("A page", value=examples.DELIVERY, response_only=True)],
    )
)
class DeliveriesView(Owned, Listing):
    serializer_class = DeliverySerializer
    queryset = Delivery.objects.all()
    filterset_class = DeliveryFilter
    on_request = ("data",)
    default_sort = "-id"

    def get_queryset(self) -> "QuerySet[Any]":
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return webhooks.deliveries(self.own(self.kwargs["pk"])).order_by()


class DeliveryView(Owned, SparseView):
    serializer_class = DeliverySerializer
    queryset = Delivery.objects.all()
    on_request = ("data",)

    @extend_schema(
        operation_id="webhooks_delivery",
        summary="Read a delivery",
        description="With every attempt and what came of it. `data` is told on request, and null where the"
        " key lacks the scope to read what the event tells of.",
        tags=TAGS,
        parameters=[FIELDS, expand_parameter(on_request)],
        responses={200: DeliverySerializer, 404: NOT_FOUND},
        examples=[OpenApiExample("One that arrived", value=examples.DELIVERY, response_only=True)],
    )
    def get(self, request: Request, pk: uuid.UUID, number: int) -> Response:
        found = get_object_or_404(webhooks.deliveries(self.own(pk)), pk=number)
        return Response(self.get_serializer(found).data)


class DeliveryReplayView(Owned):
    @extend_schema(
        operation_id="webhooks_delivery_replay",
        summary="Send an event again",
        description="With the same id, as a delivery of its own; one that still waits is sent at once.",
        tags=TAGS,
        request=None,
        responses={202: DeliverySerializer, 404: NOT_FOUND, 409: DISABLED},
        parameters=[LOCATION],
        examples=[
            OpenApiExample("On its way", value=examples.AGAIN, response_only=True, status_codes=["202"])
        ],
    )
    def post(self, request: Request, pk: uuid.UUID, number: int) -> Response:
        rows = webhooks.deliveries(self.own(pk)).select_related("event", "webhook")
        found = get_object_or_404(rows, pk=number)
        try:
            return _on_its_way(webhooks.replay(found))
        except webhooks.IsDisabled as refused:
            raise IsDisabled(str(refused)) from refused


def _on_its_way(delivery: Delivery) -> Response:
    told = set(DeliverySerializer.Meta.fields) - {"data"}
    data = DeliverySerializer(delivery, context={"told": told}).data
    headers = {"Location": reverse("api-delivery", args=[delivery.webhook_id, delivery.pk])}
    return Response(data, status=202, headers=headers)
