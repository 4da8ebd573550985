"""What people who work with candidates leave behind: notes, tags, saved searches, preferences, notices."""

import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candidates import veiling
from candidates.models.people import Candidate
from candidates.viewing import ViewedManager, ViewedQuerySet, Viewer

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NoteQuerySet(ViewedQuerySet["Note"]):
    through_candidate = "candidate"

    def visible(self) -> Self:
        """Without those that were deleted, which are kept a while so that it can be undone."""
        return super().visible().filter(deleted_at=None)


NoteManager = ViewedManager.from_queryset(NoteQuerySet)


class Note(veiling.Veiled):
    """What somebody wrote about a candidate, or that they were spoken to."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        CALL = "call", _("call")
        EMAIL = "email", _("e-mail")
        MESSAGE = "message", _("message")
        MEETING = "meeting", _("meeting")

    CONTACTS: ClassVar = (Kind.CALL, Kind.EMAIL, Kind.MESSAGE, Kind.MEETING)

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="notes")
    job_code = models.CharField(_("job"), max_length=32, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NOTE)
    text = models.TextField(_("text"), max_length=10_000)
    author: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes", verbose_name=_("author")
    )
    mentions: "models.ManyToManyField[User, User]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NoteManager()
    everyone: ClassVar[models.Manager["Note"]] = models.Manager()  # also the deleted

    VEILED = {"text": veiling.redacted}

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["candidate", "-created_at"], name="note_by_candidate")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        constraints = [models.UniqueConstraint(fields=["candidate", "tag"], name="tag_once_per_candidate")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} of {self.candidate_id}"


class SavedSearch(models.Model):
    """A search kept under a name; a watched one tells its owner of new matches."""

    owner: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=2000)  # of the address of the candidate list
    shared = models.BooleanField(_("shared with everybody"), default=False)
    watched = models.BooleanField(_("tell me of new matches"), default=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("saved"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once_per_owner")
        ]

    def __str__(self) -> str:
        return self.name


class WatchedMatch(models.Model):
    """Somebody a watched search has found; those there at the start are no news."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="matches")
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("watched match")
        verbose_name_plural = _("watched matches")
        constraints = [models.UniqueConstraint(fields=["search", "candidate"], name="match_once_per_search")]

    def __str__(self) -> str:
        return f"match {self.pk}"


class Notification(models.Model):
    """News for one person. ``message`` is an English sentence with %(name)s, translated when it is shown."""

    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=30)
    message = models.CharField(max_length=200)
    # Never a candidate's name: it is looked up when the notice is shown, by who may see it
    params = models.JSONField(default=dict, blank=True)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "read_at", "-id"], name="notification_unread")]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class Preference(models.Model):
    """What one person chose to be remembered: columns, cards or table, language."""

    user: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    key = models.CharField(max_length=40)
    value = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="preference_once_per_user")]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class DocumentQuerySet(ViewedQuerySet["Document"]):
    through_candidate = "candidate"

    def visible_to(self, viewer: Viewer) -> Self:
        """A file nobody has confirmed yet tells whose it is: under blind review only its uploader sees it."""
        from candidates.documents import joining

        seen = super().visible_to(viewer)
        if seen.query.is_empty():  # nobody has signed in: whatever the policy is
            return seen
        telling = models.Q(candidate=None)
        if not viewer.policy.blind_for_all:
            telling &= models.Q(job_code__in=joining.blind_codes())
        others = ~models.Q(uploaded_by=viewer.user.pk or 0)
        return seen.exclude(telling & others)


DocumentManager = ViewedManager.from_queryset(DocumentQuerySet)


class Document(veiling.Veiled):
    """An uploaded CV: the file, its text, and why there is none when there is none."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        PARSING = "parsing", _("being read")
        PARSED = "parsed", _("read")
        FAILED = "failed", _("not readable")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, null=True, blank=True, related_name="documents"
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)  # files uploaded together
    job_code = models.CharField(_("job"), max_length=32, blank=True)  # where the person is to be added
    file = models.FileField(_("file"), upload_to="documents/%Y/%m", max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, db_index=True)
    text = models.TextField(_("text"), blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    problem = models.CharField(max_length=30, blank=True)  # code of the reason of a failure
    proposed = models.JSONField(default=dict, blank=True)  # fields read from the text, to be confirmed
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    uploaded_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    discarded_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True, editable=False)  # told that it expires

    objects = DocumentManager()

    VEILED = {
        "name": veiling.nothing_if_blind,
        "file": veiling.nothing,  # it holds the contact data too
        "text": veiling.redacted,
        "proposed": veiling.nothing,
    }

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"document {self.pk}"


class DuplicatePair(models.Model):
    """Two records that may be one person, with what speaks for it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISMISSED = "dismissed", _("two people")
        MERGED = "merged", _("merged")

    first = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    likeness = models.FloatField(_("likeness"))  # 0 to 1
    signs = models.JSONField(default=list)  # ["email", "phone", "name", "cv"]
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-likeness", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.first_id}, {self.second_id}"


class Merge(models.Model):
    """One record taken into another, with all that is needed to take it back."""

    kept = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    by: "models.ForeignKey[User, User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # {"moved": {"jobs.prospect": [1, 2], …}, "filled": {"phone": ""}, …}: keys, and what stood before
    moved = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"merge {self.pk}"
