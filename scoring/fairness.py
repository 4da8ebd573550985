"""The audit of a version's answers over groups of people: the one place in scoring that reads Demographics.

What is read here goes into counts and never into a frame, a feature, a page about a person, or a log.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from candidates.models import Demographics

if TYPE_CHECKING:
    import datetime

    import numpy as np
    from numpy.typing import NDArray

    from scoring.ml.fairness import Block, Rules

CHUNK = 5_000
ATTRIBUTES = ("sex", "age", "disability")
# The source's words, folded; anything else that is filled is "other" for the sex, unknown for the rest
SEX = {"feminino": "female", "masculino": "male"}
DISABILITY = {"sim": "yes", "nao": "no", "não": "no"}
AGE_BANDS = ((30, "under_30"), (40, "30_39"), (50, "40_49"), (100, "50_over"))
YOUNGEST = 14  # a birth date that makes somebody younger than this at work, or a hundred, is a mistake

Groups = Mapping[str, "NDArray[np.str_]"]


def rules() -> "Rules":
    from scoring.ml.fairness import Rules

    return Rules(limit=settings.FAIRNESS_PERCENT / 100, minimum=settings.FAIRNESS_MINIMUM)


def groups(candidate_ids: "NDArray[np.int64]", days: "NDArray[np.datetime64]") -> Groups:
    """Of n applications (who, when) the group of each by each of ``ATTRIBUTES``; "" where it is unknown."""
    import numpy as np

    known = _known(set(candidate_ids.tolist()))
    rows = [
        _names(known.get(pk), day)
        for pk, day in zip(candidate_ids.tolist(), days.astype("datetime64[D]").tolist(), strict=True)
    ]
    table = np.array(rows, dtype=str).reshape(len(rows), len(ATTRIBUTES))
    return {name: table[:, at] for at, name in enumerate(ATTRIBUTES)}


def report(blocks: "Sequence[Block]", *, rows: int) -> dict[str, Any]:
    """The audit as the version's card keeps it: plain JSON, rates and counts, nobody's own figures."""
    from dataclasses import asdict

    return {
        "rows": rows,
        "rules": asdict(rules()),
        "flagged": sum(len(block.flagged) for block in blocks),
        "judged": any(block.can_be_judged for block in blocks),
        "blocks": [block.to_json() for block in blocks],
    }


def _known(ids: Collection[int]) -> dict[int, Demographics]:
    ordered = sorted(ids)
    found: dict[int, Demographics] = {}
    for start in range(0, len(ordered), CHUNK):
        rows = Demographics.objects.filter(candidate__in=ordered[start : start + CHUNK])
        for one in rows.only("candidate_id", "sex", "birth_date", "disability"):
            found[one.candidate_id] = one
    return found


def _names(person: Demographics | None, day: "datetime.date") -> tuple[str, str, str]:
    if person is None:
        return "", "", ""
    sex, disability = person.sex.strip().casefold(), person.disability.strip().casefold()
    return (
        SEX.get(sex, "other") if sex else "",
        _age_band(person.birth_date, day),
        DISABILITY.get(disability, ""),
    )


def _age_band(born: "datetime.date | None", day: "datetime.date") -> str:
    """The band on the day of the application."""
    if born is None:
        return ""
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if age < YOUNGEST:
        return ""
    return next((name for below, name in AGE_BANDS if age < below), "")
