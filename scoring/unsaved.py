"""Frames of a person or a job that is not stored, as ``datasets`` makes them of those that are."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from candidates.models import Candidate
from candidates.skills import find_skills, with_implied
from jobs.models import Job
from scoring import datasets

if TYPE_CHECKING:
    import pandas as pd

KEY = 0  # of a person or a job that is not stored: nobody's, no row's


class _Row:
    """Values under names, as the database gives them."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values[name]

    def _asdict(self) -> dict[str, Any]:
        return dict(self._values)


def person(candidate: Candidate, skills: Sequence[str]) -> "pd.DataFrame":
    """The candidates frame of somebody who is not stored, under ``KEY``."""
    names = set(datasets.CANDIDATE_FIELDS) - {"pk", "profile_skills", "profile_evidence"}
    values = {name: getattr(candidate, name) for name in names}
    named = {match.skill for column in datasets.OWN_WORDS for match in find_skills(values[column])}
    implied = {other for skill in skills for other in with_implied(skill)[1:]} - named
    evidence = {skill: "" if skill in implied else skill for skill in skills}
    of_profile = {"profile_skills": list(skills), "profile_evidence": evidence}
    return datasets.candidates_frame([_Row({**values, **of_profile, "pk": KEY})])


def job(described: Job, requirements: Iterable[Any]) -> "pd.DataFrame":
    """The jobs frame of one that is not stored, under ``KEY``, with what it asks."""
    values = {name: getattr(described, name) for name in datasets.JOB_FIELDS if name != "pk"}
    skills: dict[tuple[int, bool], list[str]] = {}
    for requirement in requirements:
        if requirement.kind == "skill":
            skills.setdefault((KEY, requirement.must), []).append(requirement.value)
    return datasets.jobs_frame([_Row({**values, "pk": KEY})], skills)
