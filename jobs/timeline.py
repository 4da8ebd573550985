"""What a person's timeline tells of jobs: when they applied, and each move."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates import timeline
from candidates.models import Candidate
from candidates.timeline import LIMIT, Event, at_noon, named
from jobs.models import Job, Prospect, RejectionReason, Stage, StageChange, WithdrawalReason

_JOB = ("job__code", "job__title")
REASONS = {**dict(RejectionReason.choices), **dict(WithdrawalReason.choices)}


def events(candidate: Candidate) -> Iterator[Event]:
    prospects = Prospect.objects.filter(candidate=candidate).select_related("job")
    for prospect in prospects.only("applied_on", *_JOB)[:LIMIT]:
        if prospect.applied_on:
            yield Event(
                at=at_noon(prospect.applied_on),
                kind="application",
                icon="job",
                text=_("Became a candidate for a job"),
                url=prospect.job.get_absolute_url(),
                link=_name(prospect.job),
                is_day=True,
            )
    yield from _moves(candidate)


def _moves(candidate: Candidate) -> Iterator[Event]:
    own = Q(prospect__candidate=candidate) | Q(prospect__joined_into__candidate=candidate)
    changes = StageChange.objects.filter(own).select_related("prospect__job", "changed_by")
    shown = ("from_stage", "to_stage", "changed_at", "source", "reason", "reason_code", "undoes")
    people = ("changed_by__username", "changed_by__first_name", "prospect__candidate")
    for change in changes.only(*shown, *people, *(f"prospect__{name}" for name in _JOB))[:LIMIT]:
        yield Event(
            at=change.changed_at,
            kind="stage",
            icon="right",
            text=_moved(change),
            detail=_why(change),
            by=named(change.changed_by),
            url=change.prospect.job.get_absolute_url(),
            link=_name(change.prospect.job),
        )


def _moved(change: StageChange) -> str:
    to = Stage(change.to_stage).label
    if not change.from_stage:
        return str(_("Added at the stage “%(to)s”") % {"to": to})
    stages = {"from": Stage(change.from_stage).label, "to": to}
    if change.undoes:
        return str(_("A move was undone: from “%(from)s” back to “%(to)s”") % stages)
    if change.from_stage == change.to_stage:
        return str(_("Changed within the stage “%(to)s”") % stages)
    return str(_("Moved from “%(from)s” to “%(to)s”") % stages)


def _why(change: StageChange) -> str:
    said = [str(REASONS.get(change.reason_code, change.reason_code))]
    if change.source != "import":  # its reason is the number of the run
        said.append(change.reason)
    return " · ".join(part for part in said if part)


def _name(job: Job) -> str:
    return job.title or str(_("Job %(code)s") % {"code": job.code})


def register() -> None:
    timeline.sources.append(events)
