"""What a score is made of, as an account that adds up: what the model starts from, each group of facts, the
sum that its calibration turns into the score.

In log-odds, as the model counts. A group has the same words, sign and number here, on the list and in the
API.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from scoring.reasons import describe

# The same for everybody in the job: they say whether it gets filled, not who fits
ABOUT_THE_JOB = frozenset({"job_demand", "job_record", "job_profile"})
GROUPS: Mapping[str, Promise] = {
    "required_skills": _("Skills that the job asks for"),
    "knowledge": _("Skills found in the CV"),
    "sap": _("SAP"),
    "text_match": _("How close the CV is to the job's activities"),
    "title": _("Job title and professional headline"),
    "area": _("Area of work"),
    "experience": _("Years of experience"),
    "seniority": _("Professional level"),
    "education": _("Education"),
    "english": _("English"),
    "spanish": _("Spanish"),
    "other_language": _("Further languages"),
    "salary": _("Salary wish"),
    "location": _("Place of living"),
    "certifications": _("Certifications"),
    "contact": _("Which of e-mail, phone and LinkedIn are on file"),
    "cv_length": _("Length of the CV"),
    "history": _("Earlier applications here"),
    "job_demand": _("How sought after the job is"),
    "job_record": _("How often such jobs were filled"),
    "job_profile": _("What kind of job it is"),
}
DECIMALS = 2
SIDES = ("for", "against")

Stored = Mapping[str, Any]  # Prediction.reasons


BAR = 48.0  # of a hundred: the length of the longest bar, to either side of the middle


@dataclass(frozen=True)
class Line:
    """``told``: it is among the reasons that the list shows; ``share``: of the longest, from -1 to 1."""

    text: str
    value: float
    told: bool = False
    share: float = 0.0

    @property
    def bar_start(self) -> float:
        return 50 + BAR * min(0.0, self.share)

    @property
    def bar_length(self) -> float:
        return BAR * abs(self.share)


@dataclass(frozen=True)
class Account:
    """Numbers as shown: ``base`` and the lines add up to ``margin`` to the last digit."""

    base: float
    lines: list[Line]
    margin: float


def has_account(stored: Stored) -> bool:
    """Predictions from before the account was stored have reasons only."""
    return "groups" in stored


def account(stored: Stored) -> Account | None:
    """The groups, the strongest first; then what is said of the job, and what is left."""
    if not has_account(stored):
        return None
    base, margin = _shown(stored["base"]), _shown(stored["margin"])
    lines = [*_groups(stored), *_job(stored)]
    rest = _shown(margin - base - sum(line.value for line in lines))
    if rest:
        lines.append(Line(gettext("Everything else, and rounding"), rest))
    longest = max((abs(line.value) for line in lines), default=0.0) or 1.0
    return Account(base, [replace(line, share=line.value / longest) for line in lines], margin)


def _groups(stored: Stored) -> Iterator[Line]:
    told = {reason["group"] for side in SIDES for reason in stored.get(side, [])}
    for name, value in by_strength(stored):
        if name not in ABOUT_THE_JOB and (name in told or _shown(value)):
            yield Line(group_text(stored, name), _shown(value), name in told)


def _job(stored: Stored) -> Iterator[Line]:
    about = [value for name, value in stored["groups"].items() if name in ABOUT_THE_JOB]
    if about:
        yield Line(gettext("About the job: the same for everybody here"), _shown(sum(about)))


def by_strength(stored: Stored) -> list[tuple[str, float]]:
    """Groups with their contributions, the strongest first; equals by name."""
    return sorted(stored["groups"].items(), key=lambda item: (-abs(item[1]), item[0]))


def group_text(stored: Stored, group: str) -> str:
    """The sentence of the reason where it is one that is shown, else the group's name."""
    for side in SIDES:
        for reason in stored.get(side, []):
            if reason["group"] == group:
                return describe(reason)
    return group_names().get(group) or gettext("Other facts")


def group_names() -> Mapping[str, str]:
    """In the reader's language."""
    return group_names_in(get_language())


@lru_cache(maxsize=8)
def group_names_in(language: str | None) -> dict[str, str]:
    """Looked up once: a page of the API names each group a hundred times; ``language`` is the active one."""
    return {group: str(name) for group, name in GROUPS.items()}


def _shown(value: float) -> float:
    return round(value, DECIMALS) + 0.0  # no negative zero
