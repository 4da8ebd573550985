"""What a person's timeline tells of scores: each prediction with the version that made it, each opinion."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from candidates import timeline
from candidates.merging import records_of
from candidates.models import Candidate
from candidates.timeline import Event, named
from scoring.models import Feedback, Prediction
from scoring.templatetags.figures import chance

SHOWN = 30  # of each; a ranking is made anew whenever something changes


def events(candidate: Candidate) -> Iterator[Event]:
    own = records_of(candidate)
    yield from _predictions(own)
    yield from _opinions(own)


def _predictions(own: list[int]) -> Iterator[Event]:
    shown = ("score", "group", "created_at", "job__code", "job__title", "model_version__number")
    found = Prediction.objects.filter(candidate__in=own).select_related("job", "model_version").only(*shown)
    for one in found.order_by("-created_at")[:SHOWN]:
        if one.score is None:
            text = _("Not scored by model %(version)s: not enough data") % {"version": one.model_version}
        else:
            text = _("Scored %(score)s by model %(version)s") % {
                "score": chance(one.score),
                "version": one.model_version,
            }
        link = (one.job.title or one.job.code) if one.job else _("details")
        yield Event(one.created_at, "prediction", "model", text, url=one.get_absolute_url(), link=link)


def _opinions(own: list[int]) -> Iterator[Event]:
    shown = (
        "verdict",
        "reasons",
        "note",
        "created_at",
        "job__code",
        "job__title",
        "candidate",
        "by__username",
    )
    found = Feedback.objects.filter(candidate__in=own).select_related("job", "by")
    for one in found.only(*shown, "by__first_name").order_by("-pk")[:SHOWN]:
        reasons = [str(Feedback.Reason(reason).label) for reason in one.reasons]
        yield Event(
            at=one.created_at,
            kind="opinion",
            icon="check" if one.verdict == Feedback.Verdict.FIT else "info",
            text=_("Judged for a job: %(verdict)s") % {"verdict": one.get_verdict_display()},
            detail=" · ".join(part for part in (*reasons, one.note) if part),
            by=named(one.by),
            url=one.job.get_absolute_url(),
            link=one.job.title or one.job.code,
        )


def register() -> None:
    timeline.sources.append(events)
