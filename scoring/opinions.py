"""What people think of a job's candidates: fit or not, why, in a few words. A change of mind is a new row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from candidates.models import Candidate
from candidates.viewing import unrestricted
from jobs.models import Job, Prospect
from scoring.models import Feedback, Prediction, Ranking
from scoring.reordering import together

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_CHARACTERS = 300  # of a note


@dataclass(frozen=True)
class Opinions:
    """What is said of one candidate in a job. ``own``: by the reader; ``others``: the newest first."""

    own: Feedback | None
    others: Sequence[Feedback]

    @property
    def verdict(self) -> str:
        """What most say; empty where nobody says anything or opinions balance."""
        return together(one.verdict for one in (self.own, *self.others) if one is not None)

    @property
    def is_silent(self) -> bool:
        """Whether nobody said anything."""
        return self.own is None and not self.others

    @property
    def divided(self) -> bool:
        return not self.verdict and bool(self.own or self.others)


NOBODY = Opinions(None, ())


def of_job(job: Job, *, reader: "User", candidates: Collection[int] | None = None) -> Mapping[int, Opinions]:
    """By candidate, where anybody said something; one query, however many people."""
    newest = Feedback.objects.newest().filter(job=job).select_related("by")
    if candidates is not None:
        newest = newest.filter(of_whom__in=candidates)
    said: dict[int, list[Feedback]] = {}
    for one in newest:
        if one.verdict != Feedback.Verdict.NONE:
            said.setdefault(one.of_whom, []).append(one)
    return {pk: _sorted(given, reader) for pk, given in said.items()}


def of(job: Job, candidate: Candidate, *, reader: "User") -> Opinions:
    return of_job(job, reader=reader, candidates=[candidate.pk]).get(candidate.pk, NOBODY)


def _sorted(given: Sequence[Feedback], reader: "User") -> Opinions:
    newest_first = sorted(given, key=lambda one: -one.pk)
    own = next((one for one in newest_first if one.by_id == reader.pk), None)
    return Opinions(own, [one for one in newest_first if one is not own])


def is_in_question(job: Job, candidate: Candidate) -> bool:
    """Whether the person stands in the job, or on one of its rankings."""
    about = Q(job=job, candidate=candidate)
    return Prospect.objects.filter(about).exists() or Prediction.objects.filter(about).exists()


def give(
    job: Job,
    candidate: Candidate,
    *,
    by: "User",
    verdict: str,
    reasons: Collection[str] = (),
    note: str = "",
) -> Feedback | None:
    """Says it, beside the prediction that the person saw; None when it was said just so before."""
    taken_back = verdict == Feedback.Verdict.NONE
    said = {
        "verdict": verdict,
        "reasons": [] if taken_back else [reason.value for reason in Feedback.Reason if reason in reasons],
        "note": "" if taken_back else note.strip()[:MOST_CHARACTERS],
    }
    with unrestricted():  # what is compared with what one says is what one said, not its veiled form
        newest = Feedback.objects.newest().filter(job=job, of_whom=candidate.pk, by=by).first()
    before = newest or Feedback(verdict=Feedback.Verdict.NONE)
    if all(getattr(before, name) == value for name, value in said.items()):
        return None
    return Feedback.objects.create(
        job=job, candidate=candidate, prediction=_seen(job, candidate), by=by, **said
    )


def _seen(job: Job, candidate: Candidate) -> Prediction | None:
    newest = Ranking.objects.finished().filter(job=job).order_by("-pk").values("pk")[:1]
    return Prediction.objects.filter(ranking__in=newest, candidate=candidate).only("pk").first()
