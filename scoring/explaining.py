"""Why a score is what it is: the strongest groups of features of one row, with the facts behind them.

A reason is ``{"group", "contribution", "params"}``. Its contribution is that of the account, whose parts add
up to the model's margin. Params are numbers, codes and skill ids, never a person's own words;
``scoring.reasons`` turns them into a sentence in the reader's language.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scoring.comparing import Scored, rows_of
from scoring.reason_table import ABOUT_THE_JOB
from scoring.reasons import says_something

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from jobs.requirements import CandidateFacts
    from scoring.ml import explain as ml_explain
    from scoring.ml.artifact import Artifact

SHOWN = 3  # reasons for and reasons against

Values = Mapping[str, float]
Reason = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What a reason draws on; ``closer_than``: share of the pool whose CV is less close to the job."""

    person: Any  # row of the candidates frame
    job: Any  # row of the jobs frame
    values: Values  # feature → value
    closer_than: float | None


def explain(
    model: "Artifact",
    scored: Scored,
    rows: Sequence[int],
    *,
    people: "pd.DataFrame",
    everybody: bool = True,
) -> Iterator[dict[str, Any]]:
    """For each of the ``rows`` of ``scored`` the reasons for and against, in order, and the account that they
    are taken from. ``people``: the candidates frame of these at least. ``everybody``: whether ``scored``
    holds all who are known, so that it can be said of how many the CV is less close to the job."""
    similarity = scored.X["text_similarity"].to_numpy()
    for row, account in zip(rows, _accounts_of(model, scored, rows), strict=True):
        values = {str(name): float(value) for name, value in scored.X.iloc[row].items()}
        comparison = Comparison(
            person=people.loc[scored.X.index[row]],
            job=scored.job.iloc[0],
            values=values,
            closer_than=_share_below(values["text_similarity"], similarity) if everybody else None,
        )
        yield _told(account, comparison)


def explain_pairs(
    model: "Artifact",
    X: "pd.DataFrame",
    *,
    margins: "NDArray[np.float64]",
    person: Any,
    jobs: "pd.DataFrame",
) -> Iterator[dict[str, Any]]:
    """As ``explain``, for one person in several jobs: rows of ``X`` and of ``jobs`` in the same order.

    Nobody else is looked at, so nothing is said of whose CV is closer to the job.
    """
    contributions = model.contributions(rows_of(model.head, X))
    for place, account in enumerate(accounts(model, contributions, margins=margins)):
        values = {str(name): float(value) for name, value in X.iloc[place].items()}
        yield _told(account, Comparison(person, jobs.iloc[place], values, closer_than=None))


def _told(account: dict[str, Any], comparison: Comparison) -> dict[str, Any]:
    """The account with the strongest reasons that are about the person."""
    from scoring.ml.explain import top_reasons

    told = {name: value for name, value in account["groups"].items() if name not in ABOUT_THE_JOB}
    found = top_reasons(told, n=len(told))
    return {
        "for": _telling(found.speaks_for, comparison),
        "against": _telling(found.speaks_against, comparison),
    } | account


def _accounts_of(model: "Artifact", scored: Scored, rows: Sequence[int]) -> list[dict[str, Any]]:
    if not rows:
        return []
    X = scored.X.iloc[list(rows)]
    contributions = model.contributions(rows_of(model.head, X), job=rows_of(model.head, scored.the_job))
    return accounts(model, contributions, margins=scored.raw[list(rows)])


def accounts(
    model: "Artifact", contributions: "NDArray[np.float64]", *, margins: "NDArray[np.float64]"
) -> list[dict[str, Any]]:
    """Of each row what makes its margin: ``base`` and the contributions of all ``groups`` add up to
    ``margin``, which the calibrator turns into the score."""
    from scoring.ml.explain import group_contributions
    from scoring.ml.features import FEATURE_GROUPS

    grouped = group_contributions(contributions, model.feature_names, FEATURE_GROUPS)
    return [
        {"base": float(grouped.base[place]), "margin": margin, "groups": grouped.row(place)}
        for place, margin in enumerate(margins.tolist())
    ]


def _telling(found: "Sequence[ml_explain.Reason]", comparison: Comparison) -> list[Reason]:
    """The strongest that tell a recruiter something, each with its own contribution."""
    described = (_reason(reason, comparison) for reason in found)
    return list(islice(filter(says_something, described), SHOWN))


def _reason(reason: Any, comparison: Comparison) -> Reason:
    facts = _FACTS.get(reason.name)
    return {
        "group": reason.name,
        "contribution": reason.contribution,
        "params": facts(comparison) if facts else {},
    }


def _share_below(value: float, others: "NDArray[np.floating[Any]]") -> float | None:
    import numpy as np

    known = others[~np.isnan(others)]
    if math.isnan(value) or not len(known):
        return None
    return round(float((known < value).mean()), 3)


# The facts of each group


def _skills(at: Comparison) -> dict[str, Any]:
    has, must, nice = set(at.person.skills), list(at.job.must_skills), list(at.job.nice_skills)
    return {
        "met": [skill for skill in must if skill in has],
        "missing": [skill for skill in must if skill not in has],
        "nice_met": [skill for skill in nice if skill in has],
        "nice_total": len(nice),
    }


def _level(name: str) -> Any:
    """Codes of what the candidate has (read from the CV when the profile is silent) and of what is asked."""

    def facts(at: Comparison) -> dict[str, Any]:
        from scoring.ml import schema

        scale = {"seniority": schema.SENIORITY_ORDINAL, "education": schema.EDUCATION_ORDINAL}.get(
            name, schema.LANGUAGE_ORDINAL
        )
        stated = at.person[name] if at.person[name] in scale else ""
        return {
            "has": stated or _code_of(at.values[f"candidate_{name}"], scale),
            "asked": at.job[name],
            "gap": _known(at.values[f"{name}_gap"]),
        }

    return facts


def _code_of(ordinal: float, scale: Mapping[str, float]) -> str:
    return next((code for code, place in scale.items() if math.isclose(place, ordinal)), "")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 3)


def _history(at: Comparison) -> dict[str, Any]:
    names = ("earlier_applications", "earlier_rejections", "earlier_withdrawals", "earlier_hires")
    return {name.removeprefix("earlier_"): int(at.values[name]) for name in names}


def _areas(at: Comparison) -> dict[str, Any]:
    shared = [label for label in at.job.area_labels if label in at.person.area_labels]
    overlap = (at.values["area_overlap"], at.values["headline_area_overlap"])
    known = [share for share in overlap if not math.isnan(share)]
    return {"labels": shared, "overlap": max(known, default=None)}


def _numbers(**features: str) -> Any:
    return lambda at: {name: _known(at.values[feature]) for name, feature in features.items()}


_FACTS: Mapping[str, Any] = {
    "required_skills": _skills,
    "seniority": _level("seniority"),
    "education": _level("education"),
    "english": _level("english"),
    "spanish": _level("spanish"),
    "history": _history,
    "area": _areas,
    "text_match": lambda at: {"closer_than": at.closer_than},
    "title": _numbers(in_cv="title_in_cv"),
    "knowledge": _numbers(skills="skills_count"),
    "experience": _numbers(years="years_experience"),
    "sap": _numbers(match="sap_match", has="cv_sap"),
    "location": _numbers(city="same_city", state="same_state"),
    "salary": _numbers(ratio="salary_ratio", wish="salario_valor", pay="job_pay"),
    "certifications": _numbers(has="has_cert"),
    "other_language": _numbers(has="outro_idioma_presente"),
    "cv_length": _numbers(words="cv_words"),
}


# Requirements


def assess_requirements(requirements: Sequence[Any], person: Any) -> list[dict[str, Any]]:
    """Each requirement as the candidate meets it: a gate that a person reads, no part of the score."""
    from jobs.requirements import assess_all

    assessments = assess_all(requirements, facts_of(person))
    return [assessed(*pair) for pair in zip(requirements, assessments, strict=True)]


def facts_of(person: Any) -> "CandidateFacts":
    """What requirements are held against, of a row of the candidates frame."""
    from jobs.requirements import CandidateFacts

    return CandidateFacts(
        has_profile=bool(person.has_profile),
        cv_text=person.cv_text,
        headline=person.headline,
        technical_knowledge=person.technical_knowledge,
        skills=person.skills,
        seniority=person.seniority,
        education=person.education,
        english=person.english,
        spanish=person.spanish,
    )


def assessed(requirement: Any, assessment: Any) -> dict[str, Any]:
    """A requirement and how it is met, as stored with a prediction."""
    return {
        "kind": requirement.kind,
        "value": requirement.value,
        "must": requirement.must,
        "state": assessment.state,
        "quote": assessment.quote,
    }
