"""The sections of a version's page, one dataclass each."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst

from scoring.figures import reading, words
from scoring.figures.reading import Figure, Json
from scoring.models import ModelVersion
from scoring.reason_table import ABOUT_THE_JOB


@dataclass(frozen=True)
class Window:
    name: str
    words: str | Promise
    start: datetime.date | None
    end: datetime.date | None
    rows: int
    hires: int
    jobs: int


@dataclass(frozen=True)
class Inside:
    """A figure inside jobs, and what random order and order of application reach in the same jobs."""

    words: str | Promise
    figure: Figure
    random: float | None
    by_application: float | None


@dataclass(frozen=True)
class Rule:
    """A rule that knows no candidate, or the model itself."""

    words: str | Promise
    roc_auc: float | None
    average_precision: float | None
    brier: float | None


@dataclass(frozen=True)
class Slice:
    value: str
    n: int
    positives: int
    roc_auc: float | None
    average_precision: float | None
    base_rate: float | None
    inside: float | None
    inside_jobs: int
    enough: bool


@dataclass(frozen=True)
class Slices:
    words: str | Promise
    lines: list[Slice]


class CutState(StrEnum):
    NOT_REACHED = "not_reached"
    REACHED = "reached"
    MISSED_LATER = "missed_later"
    NOBODY_LATER = "nobody_later"


@dataclass(frozen=True)
class Cut:
    """The stored cut: what it was chosen for, what it reached there, and what it did later."""

    minimum: float | None
    reached: bool
    precision: float | None
    precision_low: float | None
    recall: float | None
    support: int
    least_support: int
    later_precision: float | None
    later_recall: float | None
    later_f1: float | None
    later_support: int

    @property
    def state(self) -> CutState:
        """What may be said of the minimum: reached on one window, it is a promise that a later one keeps."""
        if not self.reached:
            return CutState.NOT_REACHED
        if self.later_precision is None:
            return CutState.NOBODY_LATER
        missed = self.minimum is not None and self.later_precision < self.minimum
        return CutState.MISSED_LATER if missed else CutState.REACHED

    @property
    def is_thin(self) -> bool:
        """The minimum was reached, but over so few that it may be luck."""
        low, minimum = self.precision_low, self.minimum
        return self.reached and low is not None and minimum is not None and low < minimum


def windows(card: Json) -> list[Window]:
    return [_window(found) for found in reading.mappings(card.get("windows"))]


def _window(found: Json) -> Window:
    name = str(found.get("name", ""))
    return Window(
        name=name,
        words=words.WINDOWS.get(name, name),
        start=reading.day(found.get("start")),
        end=reading.day(found.get("end")),
        rows=reading.count(found.get("rows")),
        hires=reading.count(found.get("hires")),
        jobs=reading.count(found.get("jobs")),
    )


def inside(metrics: Json) -> list[Inside]:
    """Those that were measured, in the order of ``words.INSIDE``."""
    stored = reading.mapping(reading.mapping(metrics.get("inside_jobs")).get("figures"))
    found = [_inside(metrics, name, reading.mapping(stored.get(name))) for name in words.INSIDE]
    return [line for line in found if line.figure.value is not None]


def _inside(metrics: Json, name: str, stored: Json) -> Inside:
    return Inside(
        words=words.INSIDE[name],
        figure=reading.inside(metrics, name),
        random=reading.number(stored.get("random")),
        by_application=reading.number(stored.get("by_application")),
    )


def baselines(metrics: Json) -> list[Rule]:
    return [_rule(found) for found in reading.mappings(metrics.get("baselines"))]


def _rule(found: Json) -> Rule:
    name = str(found.get("name", ""))
    return Rule(
        words=words.BASELINES.get(name, name),
        roc_auc=reading.number(found.get("roc_auc")),
        average_precision=reading.number(found.get("average_precision")),
        brier=reading.number(found.get("brier")),
    )


def slices(metrics: Json) -> list[Slices]:
    found = reading.mappings(metrics.get("slices"))
    names = groupby(found, key=lambda line: str(line.get("by", "")))
    return [
        Slices(words.SLICES.get(name, name), [_slice(name, line) for line in lines]) for name, lines in names
    ]


def _slice(by: str, found: Json) -> Slice:
    numbers: Any = {
        name: reading.number(found.get(name)) for name in ("roc_auc", "average_precision", "base_rate")
    }
    return Slice(
        value=slice_value(by, found.get("value")),
        n=reading.count(found.get("n")),
        positives=reading.count(found.get("positives")),
        inside=reading.number(found.get("inside_auc")),
        inside_jobs=reading.count(found.get("inside_jobs")),
        enough=found.get("enough") is True,
        **numbers,
    )


def slice_value(by: str, value: object) -> str:
    """A level in words; years, areas and clients' marks as they are."""
    from candidates.models import Seniority

    if by == "seniority" and value in Seniority.values:
        return capfirst(str(Seniority(value).label))
    return "" if value is None else str(value)


def cut(version: ModelVersion) -> Cut:
    stored = reading.mapping(reading.mapping(version.card).get("threshold"))
    later = reading.mapping(reading.mapping(version.metrics).get("at_threshold"))
    return Cut(
        minimum=reading.number(stored.get("min_precision")),
        reached=version.threshold_attainable,
        precision=reading.number(stored.get("precision")),
        precision_low=reading.number(stored.get("precision_low")),
        recall=reading.number(stored.get("recall")),
        support=reading.count(stored.get("support")),
        least_support=reading.count(stored.get("min_support")),
        later_precision=reading.number(later.get("precision")),
        later_recall=reading.number(later.get("recall")),
        later_f1=reading.number(later.get("f1")),
        later_support=reading.count(later.get("true_positives"))
        + reading.count(later.get("false_positives")),
    )


# What it looks at


@dataclass(frozen=True)
class Part:
    """One of the models whose answers are added up."""

    words: str | Promise
    weight: float | None
    about_job: bool
    features: int
    trees: int


def parts(card: Json) -> list[Part]:
    return [_part(found) for found in reading.mappings(card.get("parts"))]


def _part(found: Json) -> Part:
    name = str(found.get("name", ""))
    return Part(
        words=words.PARTS.get(name, name),
        weight=reading.number(found.get("weight")),
        about_job=found.get("about_job") is True,
        features=reading.count(found.get("features")),
        trees=reading.count(found.get("trees")),
    )


@dataclass(frozen=True)
class Feature:
    name: str
    share: float


@dataclass(frozen=True)
class FeatureGroup:
    """``length``: share in hundredths of the biggest group's."""

    words: str | Promise
    share: float
    length: float
    about_the_job: bool
    features: list[Feature]


def feature_groups(card: Json) -> list[FeatureGroup]:
    """Groups that were used at all, the weightiest first; shares of the gain add up to 1."""
    used = [feature for feature in _features(card) if feature.share > 0]
    if not used:
        return []
    found: dict[str, list[Feature]] = {}
    names = group_names()
    for feature in sorted(used, key=lambda feature: -feature.share):
        found.setdefault(names.get(feature.name, "other"), []).append(feature)
    shares = {name: sum(feature.share for feature in features) for name, features in found.items()}
    longest = max(shares.values())
    return [
        FeatureGroup(
            words=words.FEATURE_GROUPS.get(name, words.OTHER_FEATURES),
            share=share,
            length=100 * share / longest,
            about_the_job=name in ABOUT_THE_JOB,
            features=found[name],
        )
        for name, share in sorted(shares.items(), key=lambda item: -item[1])
    ]


def _features(card: Json) -> Iterator[Feature]:
    for found in reading.mappings(card.get("features")):
        yield Feature(str(found.get("name", "")), reading.number(found.get("importance")) or 0.0)


def group_names() -> dict[str, str]:
    """Feature → the group it is in."""
    from scoring.ml.features import FEATURE_GROUPS

    return {feature: group for group, features in FEATURE_GROUPS.items() for feature in features}
