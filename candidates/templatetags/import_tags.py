from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.utils.functional import Promise

from candidates.importing_source import KIND_NAMES
from candidates.models import ImportRun, RunState

register = template.Library()

CHANGES = ("created", "updated", "stubs")
COUNTED = ("read", *CHANGES, "unchanged", "rejected", "duplicates")


@dataclass(frozen=True)
class KindCounts:
    kind: str
    name: str | Promise
    counts: Mapping[str, int]


@register.filter
def kind_name(kind: str) -> str | Promise:
    return KIND_NAMES.get(kind, kind)


@register.filter
def counts_by_kind(run: ImportRun) -> list[KindCounts]:
    """One row per file that was given; 0 where nothing was counted."""
    return [
        KindCounts(kind, name, {count: int(run.counts[kind].get(count, 0)) for count in COUNTED})
        for kind, name in KIND_NAMES.items()
        if kind in run.counts
    ]


@register.filter
def total(run: ImportRun, name: str) -> int:
    """One count over all files of an import."""
    return sum(row.counts[name] for row in counts_by_kind(run))


@register.filter
def rejected_and_given_twice(run: ImportRun) -> int:
    return total(run, "rejected") + total(run, "duplicates")


@register.filter
def changed_nothing(run: ImportRun) -> bool:
    return run.state == RunState.DONE and not any(total(run, name) for name in CHANGES)
