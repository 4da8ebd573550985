"""One person of a ranked list in words: score, requirements, reasons, and what happened to them."""

import datetime
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from candidates.models import Candidate
from candidates.numbers import localized
from jobs.models import Outcome, Prospect, Stage
from scoring import reasons
from scoring.models import Prediction
from scoring.opinions import NOBODY, Opinions

# Chance of a hire compared with the average application: from this ratio on, in these words
BANDS: tuple[tuple[float, str, Promise], ...] = (
    (3.0, "badge-good", gettext_lazy("far above average")),
    (1.5, "badge-leaf", gettext_lazy("above average")),
    (0.67, "", gettext_lazy("about average")),
    (0.0, "badge-warn", gettext_lazy("below average")),
)
# Where a recruiter's "move on" leads from a stage; somebody of the pool begins the pipeline
NEXT_STAGE = {
    "": Stage.SOURCED,
    Stage.SOURCED: Stage.SCREENING,
    Stage.APPLIED: Stage.SCREENING,
    Stage.SCREENING: Stage.SUBMITTED,
    Stage.SUBMITTED: Stage.TECHNICAL_INTERVIEW,
    Stage.TECHNICAL_INTERVIEW: Stage.CLIENT_INTERVIEW,
    Stage.CLIENT_INTERVIEW: Stage.OFFER,
    Stage.OFFER: Stage.HIRED,
}


@dataclass(frozen=True)
class Band:
    style: str
    words: Promise


@dataclass(frozen=True)
class Gates:
    """The requirements of one sort, each with its words, its state and the quote behind it."""

    asked: list[dict[str, Any]]

    @property
    def met(self) -> int:
        return sum(requirement["state"] == "met" for requirement in self.asked)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def counts(self) -> dict[str, int]:
        return {"met": self.met, "total": self.total}

    @property
    def lacking(self) -> list[dict[str, Any]]:
        """Known to be met partly or not at all: what a recruiter looks at first."""
        return [requirement for requirement in self.asked if requirement["state"] in ("partly", "not_met")]

    @property
    def others(self) -> list[dict[str, Any]]:
        return [requirement for requirement in self.asked if requirement not in self.lacking]


@dataclass(frozen=True)
class Contact:
    """The last time that somebody spoke with a person, as their notes say."""

    kind: str
    on: datetime.date

    @property
    def words(self) -> str:
        return days_ago((timezone.localdate() - self.on).days)


@dataclass(frozen=True)
class Around:
    """What the list says of a person beside the prediction; ``other_jobs``: how many the person is in."""

    contact: Contact | None = None
    other_jobs: int = 0
    opinions: Opinions = NOBODY
    no_data: str = ""  # why nothing can be said, for whoever is not ranked

    @property
    def others_words(self) -> str:
        return ngettext("%(jobs)d job", "%(jobs)d jobs", self.other_jobs) % {"jobs": self.other_jobs}


@dataclass(frozen=True)
class InWords:
    """What a prediction says, in words; nothing where there is none."""

    band: Band | None
    must: Gates
    nice: Gates
    speaks_for: list[str]
    speaks_against: list[str]

    @cached_property
    def met_words(self) -> str:
        """ "5 of 6 required · 2 of 3 nice to have"; nothing where nothing is asked."""
        return _met_words(get_language(), self.must.met, self.must.total, self.nice.met, self.nice.total)

    @property
    def must_met(self) -> list[dict[str, Any]]:
        return [one for one in self.must.asked if one["state"] == "met"]

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """Required things that are not met, those of which nothing is known last."""
        unmet = [one for one in self.must.asked if one["state"] != "met"]
        return sorted(unmet, key=lambda one: bool(one["state"] == "no_data"))


@dataclass(frozen=True, kw_only=True)
class Row(InWords):
    """One person of a list.

    ``place``: where they stand in the list; ``prediction.rank``: where the ranking put them. ``why``: what
    brought them from there to here.
    """

    candidate: Candidate
    prediction: Prediction | None
    prospect: Prospect | None
    place: int | None
    why: str
    around: Around

    @cached_property
    def days(self) -> int | None:
        return days_in_stage(self.prospect) if self.prospect else None

    @property
    def days_words(self) -> str:
        """ "12 days" at the stage; nothing for whoever's way has ended."""
        return "" if self.days is None else _days_words(get_language(), self.days)

    @property
    def next_stage(self) -> Stage | None:
        """None where the way ends."""
        return NEXT_STAGE.get(self.prospect.stage if self.prospect else "")

    @property
    def stood_at(self) -> int | None:
        """The rank of the ranking, where the list has another."""
        if self.prediction is None or self.place is None or self.prediction.rank == self.place:
            return None
        return self.prediction.rank

    @property
    def went_up(self) -> bool:
        return self.stood_at is not None and self.place is not None and self.place < self.stood_at

    @property
    def select_words(self) -> str:
        return _("Select %(candidate)s") % {"candidate": self.candidate}

    @property
    def fits_words(self) -> str:
        return _("Does %(candidate)s fit this job?") % {"candidate": self.candidate}

    @property
    def wish(self) -> str:
        """The salary wished for, as the source has it: by month or by hour."""
        if self.candidate.salary_monthly is not None:
            return _("R$ %(amount)s a month") % {
                "amount": localized(float(self.candidate.salary_monthly), grouped=True)
            }
        if self.candidate.salary_hourly is not None:
            return _("R$ %(amount)s an hour") % {"amount": localized(float(self.candidate.salary_hourly), 2)}
        return ""


# Said alike of many: once for each language


@lru_cache(maxsize=1024)
def _met_words(_language: str | None, met: int, total: int, nice_met: int, nice_total: int) -> str:
    parts = []
    if total:
        parts.append(_("%(met)s of %(total)s required") % {"met": met, "total": total})
    if nice_total:
        parts.append(_("%(met)s of %(total)s nice to have") % {"met": nice_met, "total": nice_total})
    return " · ".join(parts)


@lru_cache(maxsize=1024)
def _days_words(_language: str | None, days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def days_in_stage(prospect: Prospect) -> int | None:
    """Whole days since somebody came to the stage, as far as it is known; None where the way has ended."""
    if prospect.outcome != Outcome.IN_FLIGHT:
        return None
    since = stage_since(prospect.stage_since, prospect.updated_on, prospect.applied_on)
    return max(0, (timezone.localdate() - since).days) if since else None


def stage_since(
    moved: datetime.datetime | None, changed: datetime.date | None, applied: datetime.date | None
) -> datetime.date | None:
    """The day of the last move; of whoever was moved elsewhere, the source's last change."""
    return timezone.localdate(moved) if moved else changed or applied


def days_ago(days: int) -> str:
    if days <= 0:
        return _("today")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}


def band(score: float | None, base_rate: float | None) -> Band | None:
    if score is None or not base_rate:
        return None
    _from, style, words = next(entry for entry in BANDS if score / base_rate >= entry[0])
    return Band(style, words)


def words_of(prediction: Prediction | None, base_rate: float | None) -> InWords:
    return words_in(get_language(), prediction, base_rate)


def words_in(language: str | None, prediction: Prediction | None, base_rate: float | None) -> InWords:
    """As ``words_of``, for who asks for many; ``language`` is the active one."""
    if prediction is None:
        return InWords(None, Gates([]), Gates([]), [], [])
    must, nice = gates(language, prediction)
    told = prediction.reasons.get
    return InWords(
        band=band(prediction.score, base_rate),
        must=must,
        nice=nice,
        speaks_for=[reasons.describe_in(language, reason) for reason in told("for", [])],
        speaks_against=[reasons.describe_in(language, reason) for reason in told("against", [])],
    )


def gates(language: str | None, prediction: Prediction) -> tuple[Gates, Gates]:
    """What is required, and what is nice to have; ``language`` is the active one."""
    asked = [
        one | {"text": reasons.requirement_text_in(language, one["kind"], one["value"])}
        for one in prediction.requirements
    ]
    return Gates([one for one in asked if one["must"]]), Gates([one for one in asked if not one["must"]])
