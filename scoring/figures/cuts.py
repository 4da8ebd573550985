"""What each cut would do on the window it was chosen on and on the one it was measured on."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from scoring.figures import curves, sections
from scoring.figures.curves import At, Step
from scoring.figures.plots import Plot
from scoring.holdout import Holdout
from scoring.models import ModelVersion


@dataclass(frozen=True)
class Row:
    """A step of the slider: what it does, and where its dots stand on the plot."""

    step: Step
    chosen_x: float
    chosen_y: float
    later_x: float
    later_y: float
    is_stored: bool


@dataclass(frozen=True)
class Mark:
    """Where a line stands at the cut; ``name`` is what the script reads its new place from."""

    name: str
    style: str
    x: float
    y: float


@dataclass(frozen=True)
class Cuts:
    rows: list[Row]
    place: int
    stored_place: int
    cut: sections.Cut
    plot: Plot | None
    has_validation: bool
    n_chosen: int
    n_later: int

    @property
    def last(self) -> int:
        return len(self.rows) - 1

    @property
    def row(self) -> Row:
        return self.rows[self.place]

    @property
    def marks(self) -> list[Mark]:
        later = Mark("later", "second", self.row.later_x, self.row.later_y)
        chosen = Mark("chosen", "first", self.row.chosen_x, self.row.chosen_y)
        return [chosen, later] if self.has_validation else [later]


def cuts(version: ModelVersion, rows: Holdout, *, wanted: str = "") -> Cuts | None:
    """``wanted``: the step as the address has it; anything else than a step there is means the stored cut.

    None when nothing was measured.
    """
    steps = curves.steps(rows.validation, rows.test, stored=version.threshold)
    if not steps:
        return None
    stored = [step.threshold for step in steps].index(version.threshold)
    return Cuts(
        rows=[_row(step, is_stored=place == stored) for place, step in enumerate(steps)],
        place=_place(wanted, len(steps), stored),
        stored_place=stored,
        cut=sections.cut(version),
        plot=_plot(rows),
        has_validation=rows.validation is not None,
        n_chosen=0 if rows.validation is None else len(rows.validation),
        n_later=len(rows.test),
    )


def _place(wanted: str, steps: int, stored: int) -> int:
    return (
        int(wanted)
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9 and int(wanted) < steps
        else stored
    )


def _row(step: Step, *, is_stored: bool) -> Row:
    return Row(step, *_dot(step.chosen), *_dot(step.later), is_stored=is_stored)


def _dot(at: At | None) -> tuple[float, float]:
    """Where the cut stands; at the end of no recall when it marks nobody."""
    scale = curves.SQUARE
    if at is None:
        return scale.x(0), scale.y(0)
    return scale.x(at.recall or 0), scale.y(at.precision or 0)


def _plot(rows: Holdout) -> Plot | None:
    drawn = [curves.Curve(rows.test, "second", _("measured on: later outcomes"))]
    if rows.validation is not None:
        drawn.insert(0, curves.Curve(rows.validation, "first", _("chosen on: validation window")))
    return curves.precision_recall(drawn, name="pr", title=_("Precision and recall at every cut"))
