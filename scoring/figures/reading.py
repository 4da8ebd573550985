"""Figures out of stored JSON. Versions are older than the program that shows them: what is not there, or is
not what it should be, reads as not measured."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

Json = Mapping[str, Any]

LONGEST_LIST = 8  # parameters that are written out


@dataclass(frozen=True)
class Figure:
    """A measured value with its 95 % interval; each None when it was not measured."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None


def mapping(found: object) -> Json:
    return found if isinstance(found, Mapping) else {}


def mappings(found: object) -> list[Json]:
    """The entries of a list that are objects."""
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [entry for entry in found if isinstance(entry, Mapping)]


def texts(found: object) -> list[str]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [entry for entry in found if isinstance(entry, str)]


def number(found: object) -> float | None:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return found


def count(found: object) -> int:
    return int(number(found) or 0)


def day(found: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(found)[:10])
    except ValueError:
        return None


def moment(found: object) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(str(found))
    except ValueError:
        return None


def overall(metrics: Json, name: str) -> Figure:
    """A figure over all rows of an Evaluation, with its interval."""
    ends = mapping(metrics.get("intervals")).get(name)
    low, high = ends if isinstance(ends, Sequence) and len(ends) == 2 else (None, None)
    return Figure(number(metrics.get(name)), number(low), number(high))


def inside(metrics: Json, name: str = "roc_auc") -> Figure:
    """A figure inside jobs of an Evaluation."""
    found = mapping(mapping(mapping(metrics.get("inside_jobs")).get("figures")).get(name))
    return Figure(number(found.get("value")), number(found.get("low")), number(found.get("high")))


def inside_jobs(metrics: Json) -> int:
    return count(mapping(metrics.get("inside_jobs")).get("jobs"))


def flat(found: Json, prefix: str = "") -> dict[str, Any]:
    """{"a": {"b": 1}} → {"a.b": 1}"""
    single: dict[str, Any] = {}
    for key, value in found.items():
        if isinstance(value, Mapping):
            single |= flat(value, f"{prefix}{key}.")
        else:
            single[f"{prefix}{key}"] = value
    return single


def shown(value: Any) -> Any:
    """A parameter as a page shows it: a long list by its length."""
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return ngettext("%(count)d value", "%(count)d values", len(value)) % {"count": len(value)}
    return value
