"""Shapes of webhooks and their deliveries, as other systems read and write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from candidates import viewing
from candidates.integration import addresses, events, webhooks
from candidates.integration.authentication import key_of
from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import Delivery, Webhook

KINDS = [(kind.value, kind.label) for kind in webhooks.KINDS]


class WebhookSerializer(SparseModel):
    """An address of another system that is told of events."""

    enabled = serializers.SerializerMethodField()
    events = serializers.ListField(child=serializers.ChoiceField(KINDS))
    disabled_reason = serializers.SerializerMethodField(
        help_text="person: by hand. gone: the address answered 410. failing: nothing was taken for three "
        "days. owner: the account may have no webhooks any more. null: it is enabled."
    )

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = (
            *("id", "name", "url", "events", "enabled", "disabled_at", "disabled_reason"),
            *("failing_since", "last_success_at", "created_at", "updated_at"),
        )
        read_only_fields: tuple[str, ...] = fields

    def get_enabled(self, webhook: Webhook) -> bool:
        return webhook.disabled_at is None

    @extend_schema_field(serializers.ChoiceField(webhooks.Reason.choices, allow_null=True))
    def get_disabled_reason(self, webhook: Webhook) -> str | None:
        return webhook.disabled_reason or None


class WebhookWithSecretSerializer(WebhookSerializer):
    """A webhook in the one answer that holds its secret."""

    secret = serializers.CharField(
        read_only=True, help_text="What signs, for the receiver to check with. Told here and never again."
    )

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")
        read_only_fields = fields


class AddressField(serializers.CharField):
    """Where events are sent: https, and a host on the internet."""

    default_error_messages = {"invalid": _("This must be a text.")}

    def to_internal_value(self, data: Any) -> str:
        url = super().to_internal_value(data)
        try:
            return webhooks.checked(url)
        except addresses.BadAddress as refused:
            raise serializers.ValidationError(ErrorDetail(str(refused.text), code=refused.code)) from refused


class WebhookFieldsSerializer(StrictSerializer):
    """What is changed; what is left out stays."""

    name = serializers.CharField(max_length=80, required=False)
    url = AddressField(
        max_length=addresses.LENGTH,
        required=False,
        help_text="https:// and a host on the internet; ports 443, 80 and from 1024 on.",
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(KINDS),
        allow_empty=False,
        max_length=len(KINDS),
        required=False,
        help_text="Of which kinds of events it hears.",
    )
    enabled = serializers.BooleanField(
        required=False, help_text="false: nothing is sent. true: it begins anew, with what waited."
    )


class NewWebhookSerializer(WebhookFieldsSerializer):
    """What makes a webhook."""

    enabled = None  # type: ignore[assignment]  # it listens from the beginning

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = True
        return fields


class ReplaySerializer(StrictSerializer):
    since = serializers.DateTimeField(
        help_text="What was given up of events from then on, and has not arrived otherwise, is sent again."
    )


class ReplayedSerializer(serializers.Serializer[Any]):
    replayed = serializers.IntegerField(help_text="So many events are sent again.")


class AttemptSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="null: there was no answer.")
    problem = serializers.ChoiceField(
        [(code, words) for code, words in webhooks.PROBLEMS.items()],
        allow_blank=True,
        help_text="Empty: it arrived.",
    )
    milliseconds = serializers.FloatField()


class EventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(
        help_text="As in the header webhook-id: the same for every attempt and replay."
    )
    type = serializers.CharField(source="kind")
    timestamp = serializers.DateTimeField(source="created_at", help_text="When it happened.")


class DeliverySerializer(SparseModel):
    """One event for one webhook, tried until it arrives or is given up."""

    event = EventSerializer()
    attempts = AttemptSerializer(many=True)
    next_attempt_at = serializers.DateTimeField(source="next_at", allow_null=True)
    replays = serializers.PrimaryKeyRelatedField[Any](
        read_only=True, allow_null=True, help_text="The delivery that this one repeats."
    )
    data = serializers.SerializerMethodField(  # type: ignore[assignment]  # the framework has one of its own
        help_text="What the event says, as the caller may know it; null: the key lacks the scope to read it."
    )

    class Meta:
        model = Delivery
        fields = (
            *("id", "event", "state", "attempts", "next_attempt_at", "delivered_at", "replays"),
            *("created_at", "data"),
        )
        read_only_fields = fields

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_data(self, delivery: Delivery) -> dict[str, Any] | None:
        key = key_of(self.context["request"])
        if key and webhooks.scope_of(delivery.event.kind) not in {*key.scopes, ""}:
            return None
        viewer = viewing.current() or viewing.as_user(delivery.webhook.user)
        return events.told(delivery.event, viewer)
