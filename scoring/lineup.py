"""Two to five candidates of a job side by side: the same rows for each, and where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candidates.models import Candidate, Profile
from jobs.models import Job, Prospect, Requirement
from scoring import ranking as rankings
from scoring import reasons
from scoring.models import Prediction, Ranking

FEWEST, MOST = 2, 5
CANDIDATE = ("code", "name", "is_stub", "city", "state", "headline", "area_labels", "seniority", "education")
MORE = ("english", "spanish", "other_language", "salary_monthly", "salary_hourly")


@dataclass(frozen=True)
class Cell:
    """What one person has in one row; ``state``: of a requirement, with the words quoted from the CV."""

    text: str = ""
    state: str = ""
    quote: str = ""
    lines: tuple[str, ...] = ()

    @property
    def compared(self) -> tuple[str, str, tuple[str, ...]]:
        return self.text, self.state, self.lines


@dataclass(frozen=True)
class Line:
    label: str
    cells: list[Cell]
    must: bool | None = None  # of a requirement: whether it is required

    @property
    def differs(self) -> bool:
        return len({cell.compared for cell in self.cells}) > 1


@dataclass(frozen=True)
class Block:
    title: Promise
    lines: list[Line]
    marks_only: bool = False  # whether each cell is a yes or a no

    @property
    def differs(self) -> bool:
        return any(line.differs for line in self.lines)


@dataclass(frozen=True)
class Lineup:
    people: list[Candidate]
    predictions: list[Prediction | None]
    blocks: list[Block]
    shared_skills: list[str]
    ranking: Ranking | None


def lineup(job: Job, people: Sequence[Candidate]) -> Lineup:
    """``people`` as they stand on the newest ranking of ``job``, in their order."""
    ranking = rankings.latest(job)
    predictions = _predictions(ranking, people)
    prospects = {one.candidate_id: one for one in Prospect.objects.filter(job=job, candidate__in=people)}
    standing = [prospects.get(person.pk) for person in people]
    skills = _skills(people)
    shared = set.intersection(*map(set, skills)) if skills else set()
    blocks = [
        Block(gettext_lazy("In this job"), _in_job(ranking, predictions, standing)),
        Block(gettext_lazy("Requirements"), _requirements(job, predictions)),
        Block(gettext_lazy("Reasons"), _reasons(ranking, predictions)),
        Block(gettext_lazy("Profile"), _profile(people)),
        Block(gettext_lazy("Skills that not everybody has"), _unshared(skills, shared), marks_only=True),
    ]
    labels = sorted(map(reasons.skill_label, shared), key=str.casefold)
    return Lineup(list(people), predictions, [block for block in blocks if block.lines], labels, ranking)


def _predictions(ranking: Ranking | None, people: Sequence[Candidate]) -> list[Prediction | None]:
    if ranking is None:
        return [None] * len(people)
    stored = Prediction.objects.filter(ranking=ranking, candidate__in=people).defer("features")
    found = {one.candidate_id: one for one in stored}
    return [found.get(person.pk) for person in people]


def _skills(people: Sequence[Candidate]) -> list[list[str]]:
    newest: dict[int, list[str]] = {}
    profiles = Profile.objects.filter(candidate__in=people, extractor="taxonomy").order_by("pk")
    for profile in profiles.only("candidate_id", "skills"):
        newest[profile.candidate_id] = profile.skills
    return [newest.get(person.pk, []) for person in people]


# The blocks


def _in_job(
    ranking: Ranking | None,
    predictions: Sequence[Prediction | None],
    standing: Sequence[Prospect | None],
) -> list[Line]:
    lines = [
        Line(_("Stage"), [Cell(_stage(one)) for one in standing]),
        Line(_("In this stage"), [Cell(_days(one)) for one in standing]),
        Line(_("Applied on"), [Cell(_applied(one)) for one in standing]),
    ]
    if ranking is None:
        return lines
    place = Line(_("Place in the ranking"), [Cell(_place(one)) for one in predictions])
    if ranking.order == Ranking.Order.REQUIREMENTS:
        return [place, *lines]
    return [place, Line(_("Score"), [Cell(_score(one)) for one in predictions]), *lines]


def _stage(prospect: Prospect | None) -> str:
    return capfirst(prospect.get_stage_display()) if prospect else _("not in this job's pipeline")


def _days(prospect: Prospect | None) -> str:
    if prospect is None or prospect.stage_since is None:
        return ""
    days = max(0, (timezone.now() - prospect.stage_since).days)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _applied(prospect: Prospect | None) -> str:
    return date_format(prospect.applied_on) if prospect and prospect.applied_on else ""


def _place(prediction: Prediction | None) -> str:
    if prediction is None:
        return _("not ranked")
    if prediction.rank is None:
        return _("not enough data")
    where = {"rank": prediction.rank, "group": prediction.get_group_display()}
    return _("%(rank)s, %(group)s") % where


def _score(prediction: Prediction | None) -> str:
    from scoring.templatetags.figures import chance

    return "" if prediction is None or prediction.score is None else chance(prediction.score)


def _requirements(job: Job, predictions: Sequence[Prediction | None]) -> list[Line]:
    """As met when the people were ranked; what was added since has no answer yet."""
    met: list[dict[tuple[str, str], Mapping[str, Any]]] = [
        {(one["kind"], one["value"]): one for one in prediction.requirements} if prediction else {}
        for prediction in predictions
    ]
    asked = Requirement.objects.in_force().filter(job=job)
    return [
        Line(one.label, [_met(found.get((one.kind, one.value))) for found in met], must=one.must)
        for one in asked
    ]


def _met(assessed: Mapping[str, Any] | None) -> Cell:
    if assessed is None:
        return Cell(state="no_data")
    return Cell(state=assessed["state"], quote=assessed.get("quote", ""))


def _reasons(ranking: Ranking | None, predictions: Sequence[Prediction | None]) -> list[Line]:
    if ranking is None or ranking.order == Ranking.Order.REQUIREMENTS:
        return []
    sides = ((_("Speaks for"), "for"), (_("Speaks against"), "against"))
    return [Line(label, [Cell(lines=_told(one, side)) for one in predictions]) for label, side in sides]


def _told(prediction: Prediction | None, side: str) -> tuple[str, ...]:
    return tuple(map(reasons.describe, prediction.reasons.get(side, []))) if prediction else ()


def _profile(people: Sequence[Candidate]) -> list[Line]:
    rows = (
        (_("Headline"), lambda one: one.headline[:200]),
        (_("Professional level"), lambda one: capfirst(one.get_seniority_display())),
        (_("Education"), lambda one: capfirst(one.get_education_display())),
        (_("English"), lambda one: capfirst(one.get_english_display())),
        (_("Spanish"), lambda one: capfirst(one.get_spanish_display())),
        (_("Other language"), lambda one: one.other_language),
        (_("Place"), lambda one: one.place),
        (_("Areas"), lambda one: ", ".join(one.area_labels)),
        (_("Salary wish"), _wish),
    )
    lines = [Line(label, [Cell(str(of(person))) for person in people]) for label, of in rows]
    return [line for line in lines if any(cell.text for cell in line.cells)]


def _wish(person: Candidate) -> str:
    if person.salary_monthly is not None:
        amount = number_format(person.salary_monthly, 0, force_grouping=True)
        return _("R$ %(amount)s a month") % {"amount": amount}
    if person.salary_hourly is not None:
        amount = number_format(person.salary_hourly, 2, force_grouping=True)
        return _("R$ %(amount)s an hour") % {"amount": amount}
    return ""


def _unshared(skills: Sequence[Sequence[str]], shared: set[str]) -> list[Line]:
    """Those of most people first."""
    counted: dict[str, int] = {}
    for some in skills:
        for skill in some:
            if skill not in shared:
                counted[skill] = counted.get(skill, 0) + 1
    ordered = sorted(counted, key=lambda skill: (-counted[skill], reasons.skill_label(skill).casefold()))
    return [
        Line(
            reasons.skill_label(skill), [Cell(state="met" if skill in some else "absent") for some in skills]
        )
        for skill in ordered
    ]
