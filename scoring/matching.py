"""One person compared with jobs: which fit best, how likely a hire in each is, and why."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from candidates.models import Candidate
from candidates.viewing import unrestricted
from jobs.models import Requirement
from scoring import datasets, explaining, ordering, unsaved
from scoring.openings import Openings, openings, with_jobs

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.artifact import Artifact


@dataclass(frozen=True)
class Match:
    """``fit``: the margin without what is said of the job alone; people of one job stand in its order."""

    job_id: int
    probability: float
    fit: float
    features: dict[str, float | None]
    reasons: dict[str, Any]  # as stored with a prediction
    requirements: list[dict[str, Any]]


@unrestricted()
def person_frame(candidate: Candidate, *, skills: Sequence[str] | None = None) -> "pd.DataFrame":
    """The candidates frame of one person, stored or not; ``skills`` of one who is not."""
    if candidate.pk:
        return datasets.candidates([candidate.pk])
    return unsaved.person(candidate, skills or [])


@unrestricted()
def best_jobs(
    model: "Artifact",
    person: "pd.DataFrame",
    *,
    among: Collection[int] | None = None,
    without: Collection[int] = (),
    by_requirements: bool = False,
    limit: int = 10,
) -> list[Match]:
    """The open jobs that fit the person best, best first; ``among`` narrows them, ``without`` leaves out.

    In the order of the model's fit, or of the requirements met where the model's order is not shown to beat
    chance. An empty list for somebody without data.
    """
    if not bool(person["has_profile"].iloc[0]):
        return []
    known = openings(model)
    wanted = [pk for pk in known.frame.index.tolist() if (among is None or pk in among) and pk not in without]
    if not wanted:
        return []
    X = _features(model, known, person, wanted)
    fit = model.head.order(_rows(model, X))
    assessed = _assessed(wanted, person) if by_requirements else {}
    places = _order(wanted, fit, assessed)[:limit]
    return _matches(model, known, person, X, fit, places, wanted)


@unrestricted()
def match(model: "Artifact", person: "pd.DataFrame", job_ids: Sequence[int]) -> list[Match]:
    """The person in each of these jobs, open or not, in the given order; jobs of which only the code is
    known are passed over, as is everything for somebody without data."""
    if not bool(person["has_profile"].iloc[0]):
        return []
    known = with_jobs(model, list(job_ids))
    wanted = [pk for pk in job_ids if pk in known.frame.index]
    if not wanted:
        return []
    X = _features(model, known, person, wanted)
    fit = model.head.order(_rows(model, X))
    return _matches(model, known, person, X, fit, list(range(len(wanted))), wanted)


def _features(
    model: "Artifact", known: Openings, person: "pd.DataFrame", job_ids: Sequence[int]
) -> "pd.DataFrame":
    from scoring.ml.blocks import prepare_candidates
    from scoring.ml.features import build_features

    return build_features(
        _pairs(int(person.index[0]), job_ids, timezone.localdate()),
        candidates=prepare_candidates(person, text=known.text),
        jobs=known.jobs,
        events=known.history,
        topics=known.topics,
    )


def _pairs(candidate_id: int, job_ids: Sequence[int], day: datetime.date) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        {
            "candidate_id": pd.Series(candidate_id, index=range(len(job_ids)), dtype="int64"),
            "job_id": pd.Series(list(job_ids), dtype="int64"),
            "as_of": pd.to_datetime(pd.Series([day] * len(job_ids), dtype="object")),
        }
    ).astype({"as_of": "datetime64[s]"})


def _rows(model: "Artifact", X: "pd.DataFrame") -> "NDArray[np.float32]":
    from scoring.comparing import rows_of

    return rows_of(model.head, X)


def _order(
    job_ids: Sequence[int], fit: "NDArray[np.float64]", assessed: Mapping[int, list[dict[str, Any]]]
) -> list[int]:
    """Places, best first; the newer job (the higher key) first among equals."""

    def key(place: int) -> tuple[Any, ...]:
        met = ordering.standing(assessed[job_ids[place]]) if assessed else ()
        return (*(-share for share in met), -float(fit[place]) if not assessed else 0.0, -job_ids[place])

    return sorted(range(len(job_ids)), key=key)


def _assessed(job_ids: Sequence[int], person: "pd.DataFrame") -> dict[int, list[dict[str, Any]]]:
    """How the person meets what each job asks."""
    asked: dict[int, list[Requirement]] = {pk: [] for pk in job_ids}
    for requirement in Requirement.objects.in_force().filter(job__in=job_ids):
        asked[requirement.job_id].append(requirement)
    row = person.iloc[0]
    return {pk: explaining.assess_requirements(some, row) for pk, some in asked.items()}


def _matches(
    model: "Artifact",
    known: Openings,
    person: "pd.DataFrame",
    X: "pd.DataFrame",
    fit: "NDArray[np.float64]",
    places: list[int],
    job_ids: Sequence[int],
) -> list[Match]:
    rows = _rows(model, X)[places]
    margins = model.head.margin(rows)
    chosen = [job_ids[place] for place in places]
    told = explaining.explain_pairs(
        model, X.iloc[places], margins=margins, person=person.iloc[0], jobs=known.frame.loc[chosen]
    )
    assessed = _assessed(chosen, person)
    found = zip(chosen, model.calibrator.apply(margins).tolist(), places, told, strict=True)
    return [
        Match(pk, chance, float(fit[place]), _known(X, place), why, assessed[pk])
        for pk, chance, place, why in found
    ]


def _known(X: "pd.DataFrame", place: int) -> dict[str, float | None]:
    return {str(name): None if value != value else float(value) for name, value in X.iloc[place].items()}
