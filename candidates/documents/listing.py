"""Uploaded files as pages show them: without their texts, and never one query a row."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from candidates.documents.confirming import to_confirm
from candidates.documents.problems import Problem, problem
from candidates.models import Candidate, Document
from candidates.skills import skill

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Document.State
PAGE_SIZE = 50
_SHOWN = (
    "batch", "job_code", "file", "name", "size", "sha256", "pages", "state", "problem", "created_at",
    "discarded_at", "uploaded_by__username", "uploaded_by__first_name", "uploaded_by__last_name",
    "candidate__code", "candidate__name", "candidate__is_stub",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    document: Document
    proposes: bool  # whether values were read in it that nobody has answered
    same_as: Candidate | None = None  # whose file this is already

    @property
    def owner(self) -> Candidate | None:
        return self.document.candidate

    @property
    def asks(self) -> bool:
        """Whether somebody has yet to look at what was read."""
        waiting = self.document.candidate_id is None or self.proposes
        return waiting and self.document.state == State.PARSED and not self.document.discarded_at

    @property
    def problem(self) -> Problem | None:
        return problem(self.document.problem) if self.document.state == State.FAILED else None

    @property
    def can_retry(self) -> bool:
        return bool(self.problem and self.problem.retry and self.document.file)

    @property
    def is_open(self) -> bool:
        """Whether a worker has yet to read it."""
        return self.document.state in (State.QUEUED, State.PARSING) and not self.document.discarded_at


@dataclass(frozen=True)
class Progress:
    rows: list[Row]
    discarded: list[Row]

    @property
    def job_code(self) -> str:
        return next((row.document.job_code for row in [*self.rows, *self.discarded]), "")

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return sum(not row.is_open for row in self.rows)

    @property
    def is_over(self) -> bool:
        return self.done == self.total

    @property
    def asking(self) -> list[Row]:
        return [row for row in self.rows if row.asks]

    @property
    def failed(self) -> int:
        return sum(row.problem is not None for row in self.rows)


def _shown() -> QuerySet[Any]:
    """Documents, each with ``proposes``; what it proposes stays in the database."""
    found = Document.objects.select_related("uploaded_by", "candidate").only(*_SHOWN)
    return found.annotate(proposes=~Q(proposed={}))


def progress(batch: uuid.UUID) -> Progress | None:
    """The files that were uploaded together; None when there are none the reader may see."""
    documents = list(_shown().filter(batch=batch).order_by("pk"))
    if not documents:
        return None
    rows = _rows(documents)
    kept = [row for row in rows if row.document.discarded_at is None]
    return Progress(kept, [row for row in rows if row.document.discarded_at])


def waiting(user: "User | None", *, page: str | None) -> "Page[Document]":
    """Files that were read and are nobody's yet, of one uploader or of all."""
    wanted = {"uploaded_by": user} if user else {}
    found = to_confirm(**wanted).select_related("uploaded_by").only(*_SHOWN[:14])
    return Paginator(found, PAGE_SIZE).get_page(page)


def of_candidate(candidate: Candidate) -> list[Row]:
    found = _shown().filter(candidate=candidate, discarded_at=None)
    return [Row(document, document.proposes) for document in found[:PAGE_SIZE]]


def discarded_of(candidate: Candidate) -> list[Row]:
    found = _shown().filter(candidate=candidate).exclude(discarded_at=None)
    return [Row(document, document.proposes) for document in found[:PAGE_SIZE]]


def _rows(documents: list[Any]) -> list[Row]:
    owners = _owners(document.sha256 for document in documents if document.problem == "duplicate")
    return [Row(one, one.proposes, owners.get(one.sha256)) for one in documents]


def _owners(digests: Iterable[str]) -> dict[str, Candidate]:
    """Who has these very files already; nobody whose identity is hidden, for the file would tell it."""
    wanted = Document.objects.filter(sha256__in=set(digests) - {""}, discarded_at=None).exclude(
        candidate=None
    )
    found = wanted.select_related("candidate").only("sha256", *_SHOWN[-3:]).order_by("-pk")
    return {
        document.sha256: document.candidate
        for document in found
        if document.candidate and not document.candidate.hides_identity
    }


@dataclass(frozen=True)
class FoundSkill:
    label: str
    quote: str


def skills_found(proposed: Mapping[str, Any]) -> list[FoundSkill]:
    found = [FoundSkill(skill(one["skill"]).label, one["quote"]) for one in proposed.get("skills", [])]
    return sorted(found, key=lambda one: one.label.casefold())
