"""By what jobs are counted together and compared, read from a jobs frame of a few columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from scoring.ml import schema
from scoring.ml.areas import declared_areas, implied_areas
from scoring.ml.job_record import Keys
from scoring.ml.ragged import Ragged, keys
from scoring.ml.text import fold
from scoring.ml.usual_pay import PayFacts


def job_history_keys(frame: pd.DataFrame) -> Keys:
    """What the record of jobs is counted by, of a jobs frame of which only client, title, contract_types and
    area_labels are read.
    """
    frame = frame.sort_index()
    contracts = (",".join(contract_types(types)) for types in frame["contract_types"])
    folded = [fold(title) for title in frame["title"]]
    titles = [plain_title(title) for title in folded]
    areas = [
        declared_areas(labels) or implied_areas(title)
        for labels, title in zip(frame["area_labels"], folded, strict=True)
    ]
    return Keys(
        ids=frame.index.to_numpy(dtype=np.int64),
        client=keys(frame["client"]),
        title=keys(titles),
        title_head=keys(" ".join(title.split()[:1]) for title in titles),
        title_start=keys(" ".join(title.split()[:2]) for title in titles),
        contract=keys(contracts),
        area=np.array(areas, dtype=np.int64),
    )


def job_pay_facts(frame: pd.DataFrame) -> PayFacts:
    """What usual pay is reckoned from, of a jobs frame of which only title, requested_on, seniority and
    salary_monthly are read.
    """
    frame = frame.sort_index()
    pay = frame["salary_monthly"].to_numpy(dtype=np.float32)
    titles = (plain_title(fold(title)).split() for title in frame["title"])
    return PayFacts(
        requested_on=schema.days(frame["requested_on"]),
        pay=np.where(pay > 0, pay, np.float32(np.nan)),
        level=schema.ordinals(frame["seniority"], schema.SENIORITY_ORDINAL),
        words=Ragged.of([sorted(set(keys(words).tolist())) for words in titles]),
    )


def contract_types(types: Iterable[str]) -> list[str]:
    """Without order. A quota for people with disabilities is an eligibility that a person checks, never part
    of a score: here it is the CLT contract that it is.
    """
    return sorted({"clt" if kind == "clt_quota" else kind for kind in types})


def plain_title(folded: str) -> str:
    """A title without request numbers and signs: "Consultant Operations - 12347281" is "consultant
    operations".
    """
    words = "".join(
        character if character.isalnum() or character in "+#" else " " for character in folded
    ).split()
    return " ".join(word for word in words if not any(character.isdigit() for character in word[:-2] or word))
