"""System B's drift rules: one day's predictions against the data a model version learned from.

Pure Python: mappings and iterables in, dataclasses out. A value is a number, or None when unknown.
The rules, after the service that Peneira replaces:

* a feature that no payload of the day holds, although the model learned from it: a ``missing`` alert;
* a binary feature whose rate of ones moved by more than 0.15: ``rate``;
* a number whose mean moved by more than 3 standard deviations of the baseline: ``mean``.

Mended: under a minimum sample nothing is judged, where one single request used to raise alerts.
"""

import datetime
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

RATE_LIMIT: Final = 0.15
MEAN_LIMIT: Final = 3.0
SCORE: Final = "score"
NUMERIC: Final = frozenset({"salario_valor", SCORE})
HOURS: Final = 24
ROUNDING: Final = 1e-9  # 0.65 - 0.50 is a hair above 0.15 in binary fractions, and that is no alert

Kind = Literal["binary", "numeric"]
AlertKind = Literal["missing", "rate", "mean"]


@dataclass(frozen=True)
class FeatureStats:
    """One feature in some rows. ``centre``: rate of ones (binary) or mean (numeric), None without a value;
    ``std``: population standard deviation, 1 where it would be 0, None unless numeric with a value;
    ``missing``: share of rows without a value, 1.0 without rows."""

    kind: Kind
    centre: float | None
    std: float | None
    missing: float

    @property
    def is_absent(self) -> bool:
        return self.centre is None

    def to_json(self) -> dict[str, object]:
        if self.kind == "binary":
            return {"kind": self.kind, "rate": self.centre, "missing": self.missing}
        return {"kind": self.kind, "mean": self.centre, "std": self.std, "missing": self.missing}


@dataclass(frozen=True)
class Served:
    """A prediction as drift reads it; ``at`` in the site's time zone."""

    at: datetime.datetime
    score: float
    features: Mapping[str, float | None]


@dataclass(frozen=True)
class Alert:
    """``missing``: baseline and current are shares of rows without a value. ``rate``: rates of ones, distance
    their difference. ``mean``: means, distance in standard deviations of the baseline."""

    feature: str
    kind: AlertKind
    baseline: float
    current: float
    distance: float
    limit: float | None


@dataclass(frozen=True)
class Hour:
    hour: int
    count: int
    mean_score: float | None


@dataclass(frozen=True)
class Day:
    """``enough``: whether there were as many predictions as ``minimum`` and a baseline to hold them against;
    without, there are no alerts and that means nothing."""

    predictions: int
    mean_score: float | None
    hourly: tuple[Hour, ...]
    enough: bool
    minimum: int
    alerts: tuple[Alert, ...]


def kind_of(name: str) -> Kind:
    return "numeric" if name in NUMERIC else "binary"


def stats_from_json(stored: Mapping[str, Mapping[str, object]]) -> dict[str, FeatureStats]:
    """Stored baseline statistics; raises ValueError naming a feature that cannot be read."""
    return {name: _stats_from_json(name, values) for name, values in stored.items()}


def _stats_from_json(name: str, values: Mapping[str, object]) -> FeatureStats:
    kind = values.get("kind")
    if kind == "binary":
        return FeatureStats("binary", _number(name, values.get("rate")), None, _share(name, values))
    if kind == "numeric":
        mean, std = _number(name, values.get("mean")), _number(name, values.get("std"))
        return FeatureStats("numeric", mean, std, _share(name, values))
    raise ValueError(f"The baseline of {name} has neither kind: binary nor kind: numeric.")


def _share(name: str, values: Mapping[str, object]) -> float:
    return _number(name, values.get("missing")) or 0.0


def _number(name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"The baseline of {name} holds a {type(value).__name__} where a number belongs.")
    return float(value) if math.isfinite(value) else None


def baseline_stats(columns: Mapping[str, Sequence[float | None]]) -> dict[str, FeatureStats]:
    """How each column is distributed; NaN counts as unknown. Columns of `NUMERIC` have mean and standard
    deviation, all others a rate of ones."""
    tallies = {name: _Tally(kind_of(name)) for name in columns}
    for name, values in columns.items():
        for value in values:
            tallies[name].add(value)
    return {name: tally.stats(len(columns[name])) for name, tally in tallies.items()}


@dataclass
class _Tally:
    """Counts one feature over a stream of rows. Sums are exact (fsum), so the order of rows is irrelevant."""

    kind: Kind
    known: int = 0
    ones: int = 0
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, value: float | None) -> None:
        if value is None or not math.isfinite(value):
            return
        self.known += 1
        if self.kind == "binary":
            self.ones += value != 0
        else:
            self.values.append(value)

    def stats(self, rows: int) -> FeatureStats:
        missing = 1 - self.known / rows if rows else 1.0
        if not self.known:
            return FeatureStats(self.kind, None, None, missing)
        if self.kind == "binary":
            return FeatureStats("binary", self.ones / self.known, None, missing)
        mean = _mean(self.values)
        std = math.sqrt(_mean(array("d", ((value - mean) ** 2 for value in self.values))))
        return FeatureStats("numeric", mean, std or 1.0, missing)


def _mean(values: "array[float]") -> float:
    return math.fsum(values) / len(values)


def judge(baseline: Mapping[str, FeatureStats], served: Iterable[Served], *, minimum: int) -> Day:
    """One day's predictions against `baseline` (may be empty: then nothing is judged), read once, in flat
    memory. The feature named ``score`` is held against the served scores."""
    tallies = {name: _Tally(stats.kind) for name, stats in baseline.items()}
    scores = [array("d") for _ in range(HOURS)]
    for one in served:
        scores[one.at.hour].append(one.score)
        for name, tally in tallies.items():
            tally.add(one.score if name == SCORE else one.features.get(name))
    every = array("d", (score for hour in scores for score in hour))
    enough = bool(baseline) and len(every) >= max(minimum, 1)
    current = {name: tally.stats(len(every)) for name, tally in tallies.items()}
    return Day(
        predictions=len(every),
        mean_score=_mean(every) if every else None,
        hourly=tuple(
            Hour(hour, len(some), _mean(some) if some else None) for hour, some in enumerate(scores)
        ),
        enough=enough,
        minimum=minimum,
        alerts=compare(baseline, current) if enough else (),
    )


def compare(baseline: Mapping[str, FeatureStats], current: Mapping[str, FeatureStats]) -> tuple[Alert, ...]:
    """The alerts, in the baseline's order. A feature that the baseline never saw is not judged."""
    found = (_compare(name, base, current.get(name)) for name, base in baseline.items())
    return tuple(alert for alert in found if alert)


def _compare(name: str, base: FeatureStats, now: FeatureStats | None) -> Alert | None:
    if base.centre is None:
        return None
    if now is None or now.centre is None:
        return Alert(name, "missing", base.missing, 1.0, 1.0 - base.missing, None)
    moved = abs(now.centre - base.centre)
    if base.kind == "binary":
        return (
            Alert(name, "rate", base.centre, now.centre, moved, RATE_LIMIT)
            if moved > RATE_LIMIT + ROUNDING
            else None
        )
    distance = moved / (base.std or 1.0)
    return (
        Alert(name, "mean", base.centre, now.centre, distance, MEAN_LIMIT)
        if distance > MEAN_LIMIT + ROUNDING
        else None
    )
