"""At which stages people stand in open jobs: told by the app above (AppConfig.ready), which knows jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

Choices = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Standing:
    """``stages``: all, in their order; ``to_add``: those at which somebody can come to a job; ``at``: the
    candidates who stand at one of these stages in an open job that the reader may see; ``rows``: one for each
    of them and each such job (SQL with parameters: candidate, stage)."""

    stages: Choices
    to_add: Choices
    at: Callable[[Sequence[str]], Q]
    rows: Callable[[], tuple[str, tuple[Any, ...]]]


known: list[Standing] = []


def stages() -> Choices:
    return [choice for one in known for choice in one.stages]


def stages_to_add() -> Choices:
    return [choice for one in known for choice in one.to_add]


def at(values: Sequence[str]) -> Q:
    """Candidates who stand at one of these stages in an open job."""
    wanted = Q(pk__in=[])
    for one in known:
        wanted |= one.at(values)
    return wanted


def rows() -> tuple[str, tuple[Any, ...]]:
    """Of one app above or none: there is one pipeline."""
    return known[0].rows() if known else ("SELECT NULL::bigint AS candidate_id, '' AS stage WHERE false", ())
