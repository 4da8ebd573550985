"""People of one job in the order of the requirements they meet: for a model whose own order inside a job
could not be shown to beat chance.

First the share of the required things that are met, then of those that are nice to have, then what is met
in part. Equals keep a neutral order that says nothing of anybody and is the same every time.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Assessed = Sequence[Mapping[str, Any]]  # scoring.explaining.assess_requirements


def standing(assessed: Assessed) -> tuple[float, float, float, float]:
    """Shares of required and of nice things met, then of those met in part; 0 where nothing is asked."""
    must = [requirement["state"] for requirement in assessed if requirement["must"]]
    nice = [requirement["state"] for requirement in assessed if not requirement["must"]]
    return _share(must, "met"), _share(nice, "met"), _share(must, "partly"), _share(nice, "partly")


def _share(states: Sequence[str], state: str) -> float:
    return states.count(state) / len(states) if states else 0.0


def by_standing(rows: Iterable[int], assessed: Mapping[int, Assessed]) -> list[int]:
    """``rows`` with who meets most first; equals stay as they came."""
    return sorted(rows, key=lambda row: tuple(-share for share in standing(assessed[row])))


def meets_something(assessed: Assessed) -> bool:
    return any(requirement["state"] == "met" for requirement in assessed)


def by_lot(job_id: int, candidate_ids: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Places of the ids in an order that chance drew for this job, the same at every drawing."""
    import numpy as np

    draws = [hashlib.sha256(f"{job_id}|{pk}".encode()).digest() for pk in candidate_ids.tolist()]
    return np.array(sorted(range(len(draws)), key=draws.__getitem__), dtype=np.int64)


def likely_closest(
    X: "pd.DataFrame", requirements: Sequence[Any], *, among: "NDArray[np.int64]", most: int
) -> list[int]:
    """At most ``most`` of the places ``among`` those of ``X`` that seem to meet most; equals as they came.

    Reads features only (``X``: all of them), so that the texts of a whole pool need not be read: skills as
    stored with the profiles, levels by their rank. Who seems to meet nothing is left out. Approximate: levels
    are compared by a finer scale than ``jobs.requirements`` has, so ask for several times as many as needed.
    """
    import numpy as np

    must, nice = (_met(X, [r for r in requirements if r.must is wanted])[among] for wanted in (True, False))
    order = np.lexsort((-nice, -must))[:most]  # stable
    places: list[int] = among[order[(must + nice)[order] > 0]].tolist()
    return places


def _met(X: "pd.DataFrame", asked: Sequence[Any]) -> "NDArray[np.float64]":
    """How many of the asked things (all required, or all nice to have) each row seems to meet."""
    import numpy as np

    met = np.zeros(len(X))
    if any(requirement.kind == "skill" for requirement in asked):
        side = "must" if asked[0].must else "nice"
        met += np.nan_to_num(X[f"{side}_skills_found"].to_numpy(dtype=np.float64))
    for requirement in asked:
        if requirement.kind not in ("skill", "words"):  # words stand in texts alone
            has = X[f"candidate_{requirement.kind}"].to_numpy(dtype=np.float64)
            met += np.nan_to_num(has, nan=-1.0) >= _rank(requirement.kind, requirement.value)
    return met


def _rank(kind: str, value: str) -> float:
    """Where a level stands on the features' scale; a level it does not have is met by nobody."""
    from scoring.ml import schema

    scales = {"seniority": schema.SENIORITY_ORDINAL, "education": schema.EDUCATION_ORDINAL}
    return scales.get(kind, schema.LANGUAGE_ORDINAL).get(value, float("inf"))
