"""How many people meet what a job asks, without the quotes: quickly, for who wants a thousand at once.

Most of it stands in their records. The texts are read of those alone whose record leaves something open; of
levels that were read there the codes are kept in the process's memory, until the person changes.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from django.db.models import OuterRef, Subquery

from candidates.models import Candidate, Profile
from candidates.viewing import unrestricted
from jobs.models import Requirement
from jobs.requirements import CandidateFacts, assess_all, levels_said
from scoring import datasets, explaining

LEVELS = ("seniority", "education", "english", "spanish")
KEPT = 50_000  # people whose levels a process holds: some megabytes

Assessed = list[dict[str, Any]]
Levels = dict[str, str]

_lock = Lock()
_read: OrderedDict[tuple[int, Any], Levels] = OrderedDict()  # by candidate and time of change


@unrestricted()
def states(
    requirements: Sequence[Requirement], candidate_ids: Collection[int], *, with_data: Collection[int]
) -> dict[int, Assessed]:
    """Of each candidate the requirements as ``explaining.assess_requirements`` gives them, quotes empty.

    ``with_data``: of whom there is more than a code.
    """
    records = _records(candidate_ids) if requirements else []
    kinds = {requirement.kind for requirement in requirements}
    levels = {record.pk: _levels(record) for record in records}
    unread = [
        record for record in records if record.pk in with_data and _is_open(record, kinds, levels[record.pk])
    ]
    found = _by_texts(requirements, unread)
    for record in records:
        if record.pk not in found:
            facts = CandidateFacts(
                has_profile=record.pk in with_data, skills=record.skills or (), **levels[record.pk]
            )
            found[record.pk] = _assessed(requirements, facts)
    return {pk: found.get(pk, []) for pk in candidate_ids}


def forget() -> None:
    """Empty this process's memory of levels."""
    with _lock:
        _read.clear()


def _records(candidate_ids: Collection[int]) -> list[Any]:
    newest = Profile.objects.filter(candidate=OuterRef("pk"), extractor="taxonomy").order_by("-pk")
    people = Candidate.objects.filter(pk__in=candidate_ids)
    named = people.annotate(skills=Subquery(newest.values("skills")[:1]))
    return list(named.values_list("pk", "updated_at", *LEVELS, "skills", named=True))


def _levels(record: Any) -> Levels:
    """What the record says, filled up with what its texts said when they were read."""
    with _lock:
        read = _read.get((record.pk, record.updated_at))
    return read or {name: getattr(record, name) for name in LEVELS}


def _is_open(record: Any, kinds: Collection[str], levels: Levels) -> bool:
    """Whether texts have to be read for what is asked."""
    if "words" in kinds or ("skill" in kinds and not record.skills):
        return True
    was_read = (record.pk, record.updated_at) in _read
    return not was_read and any(kind in kinds and not levels[kind] for kind in LEVELS)


def _by_texts(requirements: Sequence[Requirement], records: Sequence[Any]) -> dict[int, Assessed]:
    people = datasets.candidates([record.pk for record in records])
    found: dict[int, Assessed] = {}
    for record in records:
        facts = explaining.facts_of(people.loc[record.pk])
        levels = levels_said(facts)
        said: dict[str, Any] = {**levels}
        found[record.pk] = _assessed(requirements, replace(facts, **said))
        _keep(record, levels)
    return found


def _keep(record: Any, levels: Levels) -> None:
    with _lock:
        _read[record.pk, record.updated_at] = levels
        while len(_read) > KEPT:
            _read.popitem(last=False)


def _assessed(requirements: Sequence[Requirement], facts: CandidateFacts) -> Assessed:
    met = assess_all(requirements, facts, quotes=False)
    return [explaining.assessed(*pair) for pair in zip(requirements, met, strict=True)]
