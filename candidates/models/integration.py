"""What other systems leave behind: keys, calls, answers given once, changes to pull, events to tell."""

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def in_force(self, at: datetime.datetime | None = None) -> Self:
        at = at or timezone.now()
        unexpired = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(unexpired, revoked_at=None, user__is_active=True)


class ApiKey(models.Model):
    """What another system signs in with. Of the key itself only a digest is kept: it is shown once.

    A key may what its user may, narrowed by its scopes and networks.
    """

    name = models.CharField(_("name"), max_length=80, help_text=_("Which system uses it, and what for."))
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_keys",
        verbose_name=_("acts as"),
    )
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the whole key, in hex
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list, blank=True)
    networks = ArrayField(
        models.CharField(max_length=43),  # "203.0.113.0/24"
        verbose_name=_("networks"),
        default=list,
        blank=True,
        help_text=_("Only from these networks; empty: from everywhere."),
    )
    per_minute = models.PositiveIntegerField(
        _("requests a minute"), null=True, blank=True, help_text=_("Empty: as for every key.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    revoked_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    # Rotation: the old key goes on for a while beside the one that replaces it
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces", editable=False
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class ApiCall(models.Model):
    """Who called what, when, on whose behalf. Append-only, and without anybody's data in it."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False, db_index=True)
    key = models.ForeignKey(
        ApiKey, on_delete=models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("key")
    )
    user: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    on_behalf_of: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    method = models.CharField(_("method"), max_length=8)
    route = models.CharField(_("address"), max_length=120)  # with names in the place of codes
    status = models.PositiveSmallIntegerField(_("status"))
    problem = models.CharField(_("problem"), max_length=60, blank=True)  # the code of a refusal
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)  # told or taken, where it is many
    network = models.CharField(_("network"), max_length=43, blank=True)  # not the address: 203.0.113.0/24
    correlation_id = models.CharField(_("correlation id"), max_length=64, blank=True)
    milliseconds = models.FloatField(_("milliseconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["key", "-at"], name="api_call_by_key"),
            models.Index(fields=["correlation_id"], name="api_call_by_correlation"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route}: {self.status}"


class IdempotentAnswer(models.Model):
    """The answer to a write that carried an Idempotency-Key, given again for 24 hours."""

    caller = models.CharField(max_length=40)  # "user:3", the account: nobody meets another's keys
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # sha256 of method, path and body
    status = models.PositiveSmallIntegerField(null=True)  # None: being answered
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("idempotent answer")
        verbose_name_plural = _("idempotent answers")
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="idempotent_answer_once")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Change(models.Model):
    """That a row was made, changed or removed; one for each row, written by the database's triggers.

    ``seq`` is given when a client pulls, in the order in which changes became visible: a number taken while
    a transaction is open could become visible after a higher one, and a pull would pass it by.
    """

    class Kind(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        JOB = "job", _("job")
        PROSPECT = "prospect", _("prospect")
        DOCUMENT = "document", _("document")
        FEEDBACK = "feedback", _("feedback")

    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.BigIntegerField()
    code = models.CharField(max_length=32, blank=True)  # of a removed row: what others know it by
    seq = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    gone = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_change_per_row")]
        indexes = [
            models.Index(fields=["kind", "seq"], name="change_pulled"),
            models.Index(fields=["kind", "at"], name="change_by_time"),
            models.Index(fields=["kind", "id"], condition=Q(seq=None), name="change_not_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class EventKind(models.TextChoices):
    """What webhooks tell of."""

    CANDIDATE_CREATED = "candidate.created", _("candidate created")
    CANDIDATE_UPDATED = "candidate.updated", _("candidate changed")
    CANDIDATE_MERGED = "candidate.merged", _("candidates merged")
    CANDIDATE_DELETED = "candidate.deleted", _("candidate removed")
    PROSPECT_CREATED = "prospect.created", _("prospect added")
    PROSPECT_MOVED = "prospect.moved", _("prospect moved to a stage")
    PROSPECT_REMOVED = "prospect.removed", _("prospect taken out again")
    PREDICTION_CREATED = "prediction.created", _("prediction made")
    RANKING_FINISHED = "ranking.finished", _("ranking finished")
    MODEL_PROMOTED = "model.promoted", _("model promoted")
    DRIFT_ALERT = "drift.alert", _("drift alert")
    IMPORT_FINISHED = "import.finished", _("import finished")
    TEST = "webhook.test", _("test")


class Event(models.Model):
    """Something that happened, kept in the transaction in which it did, to be told to webhooks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("event"), max_length=30, choices=EventKind)
    data = models.JSONField(default=dict)  # codes and numbers; nobody's name, contact or text
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Webhook(models.Model):
    """An address of another system that wants to be told of events.

    The signing secret is not stored: it is derived from SECRET_KEY, the id and the generation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=30), verbose_name=_("events"), default=list)
    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks", verbose_name=_("owner")
    )
    generation = models.PositiveIntegerField(default=1, editable=False)
    # After a rotation both secrets sign until then
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    last_success_at = models.DateTimeField(_("last delivered"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    # One that does not answer is left alone for a while, whatever else is due for it
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True, editable=False)
    disabled_reason = models.CharField(_("why disabled"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("candidates:webhook", kwargs={"pk": self.pk})


class Delivery(models.Model):
    """One event for one webhook, tried until it arrives or is given up."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    # [{"at": "…", "status": 500, "problem": "", "milliseconds": 12.0}]; nothing of what was answered
    attempts = models.JSONField(_("attempts"), default=list)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True, default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    replays = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replayed"
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event"], condition=Q(replays=None), name="event_told_once_per_webhook"
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(
                fields=["webhook", "next_at"], condition=Q(state="pending"), name="delivery_due_of_webhook"
            ),
            models.Index(
                fields=["webhook"], condition=Q(claimed_until__isnull=False), name="delivery_claimed"
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
