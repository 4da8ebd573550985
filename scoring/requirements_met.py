"""How many people meet what a job asks, without the quotes: quickly, for who wants a thousand at once.

Most of it stands in their records. The texts are read of those alone whose record leaves something open.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from candidates.models import Candidate, Profile
from candidates.viewing import unrestricted
from jobs.models import Requirement
from jobs.requirements import CandidateFacts, assess_all
from scoring import datasets, explaining

LEVELS = ("seniority", "education", "english", "spanish")

Assessed = list[dict[str, Any]]


@unrestricted()
def states(
    requirements: Sequence[Requirement], candidate_ids: Collection[int], *, with_data: Collection[int]
) -> dict[int, Assessed]:
    """Of each candidate the requirements as ``explaining.assess_requirements`` gives them, quotes empty.

    ``with_data``: of whom there is more than a code.
    """
    rows = _records(candidate_ids) if requirements else []
    read = [row.pk for row in rows if row.pk in with_data and _is_open(row, requirements)]
    texts = datasets.candidates(read)
    found = {
        int(pk): explaining.assess_requirements(requirements, texts.loc[pk], quotes=False)
        for pk in texts.index
    }
    for row in rows:
        if row.pk not in found:
            found[row.pk] = _of_record(row, requirements, has_profile=row.pk in with_data)
    return {pk: found.get(pk, []) for pk in candidate_ids}


def _records(candidate_ids: Collection[int]) -> list[Any]:
    newest = Profile.objects.filter(candidate=OuterRef("pk"), extractor="taxonomy").order_by("-pk")
    people = Candidate.objects.filter(pk__in=candidate_ids)
    named = people.annotate(skills=Subquery(newest.values("skills")[:1]))
    return list(named.values_list("pk", *LEVELS, "skills", named=True))


def _is_open(record: Any, requirements: Sequence[Requirement]) -> bool:
    """Whether the record does not say all that is asked."""
    kinds = {requirement.kind for requirement in requirements}
    if "words" in kinds or ("skill" in kinds and not record.skills):
        return True
    return any(kind in kinds and not getattr(record, kind) for kind in LEVELS)


def _of_record(record: Any, requirements: Sequence[Requirement], *, has_profile: bool) -> Assessed:
    levels = {name: getattr(record, name) for name in LEVELS}
    facts = CandidateFacts(has_profile=has_profile, skills=record.skills or (), **levels)
    met = assess_all(requirements, facts, quotes=False)
    return [explaining.assessed(*pair) for pair in zip(requirements, met, strict=True)]
