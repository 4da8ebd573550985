"""Plots as coordinates of an SVG: the template draws them, the style sheet colours them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, log10

from django.utils.functional import Promise

from candidates.numbers import localized

Point = tuple[float, float]

WIDTH, HEIGHT = 400, 290
LEFT, RIGHT, TOP, BOTTOM = 50, 390, 12, 244
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Scale:
    """Shares from 0 to so much, laid on the plot's square."""

    x_max: float = 1.0
    y_max: float = 1.0

    def x(self, share: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * min(share / self.x_max, 1.0), 1)

    def y(self, share: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(share / self.y_max, 1.0), 1)

    def path(self, points: Iterable[Point]) -> str:
        return "M" + " L".join(f"{self.x(x)} {self.y(y)}" for x, y in points)


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """``style``: first, second, chance (dashed); "" in the legend where ``words`` is empty."""

    path: str
    style: str
    words: str | Promise = ""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    style: str
    words: str | Promise = ""


@dataclass(frozen=True)
class Whisker:
    """An interval, standing upright."""

    x: float
    low: float
    high: float
    style: str = "first"


@dataclass(frozen=True)
class Plot:
    name: str  # unique on its page: the start of its ids
    title: str | Promise
    description: str
    x_label: str | Promise
    y_label: str | Promise
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[Line]
    dots: list[Dot] = field(default_factory=list)
    whiskers: list[Whisker] = field(default_factory=list)

    @property
    def legend(self) -> list[Line | Dot]:
        entries: list[Line | Dot] = [*self.lines, *self.dots]
        return [entry for entry in entries if entry.words]


def ticks(scale: Scale) -> tuple[list[Tick], list[Tick]]:
    return (
        [Tick(scale.x(share * scale.x_max), _percent(share * scale.x_max)) for share in QUARTERS],
        [Tick(scale.y(share * scale.y_max), _percent(share * scale.y_max)) for share in QUARTERS],
    )


def round_up(share: float) -> float:
    """The end of an axis that holds ``share``: 1, 2, 4 or 8 times a power of ten, at most 1."""
    if share <= 0 or share >= 1:
        return 1.0
    power = 10.0 ** ceil(log10(share))
    return min((step * power for step in (0.2, 0.4, 0.8, 1.0) if step * power >= share), default=1.0)


def thinned(points: Sequence[Point], most: int = 200) -> Sequence[Point]:
    """At most about so many of the points, evenly chosen, both ends among them."""
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(place * step)] for place in range(most)]


def _percent(share: float) -> str:
    return f"{localized(100 * share, 0 if share >= 0.1 or share == 0 else 1)} %"
