"""A job's people in columns, one for each stage, and how long they stand there."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from candidates.models import Candidate
from jobs.models import PIPELINE, Job, Prospect, ProspectQuerySet, Stage, StageChange

LEFT = tuple(stage for stage in Stage if stage not in PIPELINE)  # folded until somebody wants to see them
SHOWN = 50  # people of a column; more on demand

_OF_PROSPECT = ("stage", "stage_since", "applied_on", "job")
_OF_CANDIDATE = ("code", "name", "headline", "city", "state", "is_stub")


class Median(Aggregate):
    function = "percentile_cont"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Figures:
    """Of one stage: how many stand there and for how many days (median), and how long others stayed."""

    people: int = 0
    waiting: int | None = None
    stayed: int | None = None
    stays: int = 0


@dataclass(frozen=True)
class Column:
    stage: Stage
    figures: Figures
    people: Sequence[Prospect] = field(default_factory=list)
    folded: bool = False
    start: int = 0  # how many of the column come before these

    @property
    def shown(self) -> int:
        return self.start + len(self.people)

    @property
    def more(self) -> int:
        """How many are not shown yet."""
        return 0 if self.folded else max(0, self.figures.people - self.shown)

    @property
    def is_left(self) -> bool:
        """Whether people in it have left the pipeline."""
        return self.stage in LEFT


@dataclass(frozen=True)
class Board:
    columns: Sequence[Column]

    @classmethod
    def of(cls, job: Job, *, opened: Collection[str] = ()) -> Self:
        """Every stage; ``opened`` names those of the folded ones that are shown whole."""
        shown = [stage for stage in Stage if stage not in LEFT or stage in opened]
        figures, people = read_figures(job), _first_of_each(job, shown)
        return cls(
            [
                Column(stage, figures[stage], people.get(stage, []), folded=stage not in shown)
                for stage in Stage
            ]
        )

    @property
    def total(self) -> int:
        return sum(column.figures.people for column in self.columns)


def column_from(job: Job, *, stage: Stage, start: int) -> Column:
    """The next people of one column."""
    people = _in_order(job.prospects.filter(stage=stage))[start : start + SHOWN]
    return Column(stage, read_figures(job)[stage], list(people), start=start)


def cards_of(job: Job, people: Collection[Candidate]) -> list[Prospect]:
    return list(_in_order(job.prospects.filter(candidate__in=people)))


def heads(job: Job) -> list[Column]:
    """The columns without their people."""
    figures = read_figures(job)
    return [Column(stage, figures[stage], folded=stage in LEFT) for stage in Stage]


def read_figures(job: Job) -> Mapping[Stage, Figures]:
    """How many stand at each stage and for how long, in two queries."""
    waited = _between(F("stage_since"), Value(timezone.now()))
    standing = job.prospects.order_by().values("stage").annotate(n=Count("pk"), median=waited)
    changes = StageChange.objects.filter(prospect__job=job).stays().order_by().values("from_stage")
    left = changes.annotate(n=Count("pk"), median=_between(F("from_since"), F("changed_at")))
    people = {stage: (n, median) for stage, n, median in standing.values_list("stage", "n", "median")}
    gone = {stage: (n, median) for stage, n, median in left.values_list("from_stage", "n", "median")}
    return {stage: _figures(people.get(stage), gone.get(stage)) for stage in Stage}


def _between(start: Any, end: Any) -> Median:
    return Median(ExpressionWrapper(end - start, output_field=DurationField()), output_field=DurationField())


Counted = tuple[int, datetime.timedelta | None]


def _figures(standing: Counted | None, left: Counted | None) -> Figures:
    people, waiting = standing or (0, None)
    stays, stayed = left or (0, None)
    return Figures(people, _days(waiting), _days(stayed), stays)


def _days(time: datetime.timedelta | None) -> int | None:
    return None if time is None else max(0, time.days)


def _in_order(prospects: ProspectQuerySet) -> ProspectQuerySet:
    """Who waits longest comes first; with what a card shows."""
    fields = (*_OF_PROSPECT, *(f"candidate__{name}" for name in _OF_CANDIDATE))
    shown = prospects.select_related("candidate").only(*fields)
    return shown.order_by(F("stage_since").asc(nulls_last=True), "pk")


def _first_of_each(job: Job, stages: Collection[Stage]) -> dict[Stage, list[Prospect]]:
    order = [F("stage_since").asc(nulls_last=True), F("pk").asc()]
    place = Window(RowNumber(), partition_by="stage", order_by=order)
    some = job.prospects.filter(stage__in=stages).annotate(place=place).filter(place__lte=SHOWN)
    found: dict[Stage, list[Prospect]] = {}
    for prospect in _in_order(some):
        found.setdefault(Stage(prospect.stage), []).append(prospect)
    return found
