import pytest
from django.utils import translation

from scoring import explaining
from scoring.ml.explain import Reason
from scoring.ml.features import FEATURE_GROUPS
from scoring.reasons import _WORDS, describe, requirement_text, says_something


def said(group, contribution=1.0, **params):
    return describe({"group": group, "contribution": contribution, "params": params})


def skills(met=(), missing=(), nice_met=(), nice_total=0, **values):
    return said(
        "required_skills",
        met=list(met),
        missing=list(missing),
        nice_met=list(nice_met),
        nice_total=nice_total,
        **values,
    )


def test_every_group_that_can_be_shown_has_its_words():
    assert set(_WORDS) == set(FEATURE_GROUPS) - explaining.ABOUT_THE_JOB


@pytest.mark.parametrize("group", sorted(_WORDS))
@pytest.mark.parametrize("contribution", [0.5, -0.5])
def test_a_reason_without_any_facts_still_has_a_sentence(group, contribution):
    text = said(group, contribution)

    assert text
    assert "%" not in text
    assert "None" not in text


def test_required_skills_are_named():
    assert skills(["java"]) == "Has all required skills: Java"
    assert skills(["java"], ["sql"], contribution=-1) == "Has 1 of 2 required skills: Java; not found: SQL"
    assert skills(missing=["java"], contribution=-1) == "Required skills not found: Java"
    assert skills(nice_met=["docker"], nice_total=2) == "Has skills that would help: Docker"
    assert skills(contribution=-1) == "The job names no required skills"


def test_a_skill_the_taxonomy_no_longer_has_keeps_its_id():
    assert skills(["long gone"]) == "Has all required skills: long gone"


def test_a_fact_on_the_unexpected_side_says_so():
    assert skills(["java"], contribution=-1) == (
        "Has all required skills: Java (counted against people in the past)"
    )
    assert said("english", 1, has="basic", asked="advanced", gap=-2.0) == (
        "English below what the job asks (basic; asked: advanced) (counted for people in the past)"
    )


@pytest.mark.parametrize(
    ("group", "contribution", "params", "text"),
    [
        ("english", -1, {"has": "basic", "asked": "advanced", "gap": -2.0},
         "English below what the job asks (basic; asked: advanced)"),
        ("spanish", 1, {"has": "fluent", "asked": "basic", "gap": 3.0},
         "Spanish above what the job asks (fluent; asked: basic)"),
        ("english", 1, {"has": "fluent", "asked": "", "gap": None}, "English: fluent"),
        ("english", -1, {"has": "", "asked": "basic", "gap": None}, "English not stated"),
        ("education", 1, {"has": "master_complete", "asked": "bachelor_complete", "gap": 2.0},
         "Education above what the job asks (master's degree; asked: bachelor's degree)"),
        ("seniority", 1, {"has": "senior", "asked": "senior", "gap": 0.0},
         "At the level the job asks (senior)"),
        ("seniority", -1, {"has": "junior", "asked": "senior", "gap": -2.0},
         "Below the level the job asks (junior, asked: senior)"),
        ("text_match", 1, {"closer_than": 0.934},
         "CV closer to the job's activities than 93% of all CVs"),
        ("text_match", -1, {"closer_than": 0.2},
         "CV less close to the job's activities than 80% of all CVs"),
        ("text_match", -1, {"closer_than": None}, "No CV text to compare with the job"),
        ("title", 1, {"in_cv": 1.0}, "All words of the job's title are in the CV"),
        ("title", -1, {"in_cv": 0.0}, "No word of the job's title is in the CV"),
        ("location", 1, {"city": 1.0, "state": 1.0}, "Lives in the job's city"),
        ("location", -1, {"city": 0.0, "state": 0.0}, "Lives in another state than the job's"),
        ("experience", 1, {"years": 7.25}, "About 7 years of experience in the CV"),
        ("experience", 1, {"years": 1.2}, "About 1 year of experience in the CV"),
        ("experience", -1, {"years": 0.0}, "Less than a year of experience in the CV"),
        ("education", 1, {"has": "bachelor_complete", "asked": "bachelor_complete", "gap": 0.0},
         "Education as the job asks (bachelor's degree)"),
        ("title", -1, {"in_cv": 0.05}, "Little of the job's title is in the CV"),
        ("title", 1, {"in_cv": 0.6}, "Most of the job's title is in the CV"),
        ("text_match", 1, {"closer_than": 1.0}, "CV closest of all to the job's activities"),
        ("text_match", -1, {"closer_than": 0.0}, "CV among the least close to the job's activities"),
        ("knowledge", -1, {"skills": 0.0}, "No known skill found in the CV"),
        ("salary", -1, {"wish": 8850.0, "ratio": None},
         "Salary wishes like this one (R$ 8,850 a month) did worse in past outcomes"),
        ("salary", 1, {"wish": 8000.0, "ratio": 1.0, "pay": 8000.0},
         "Salary wish of R$ 8,000 within what the job pays (R$ 8,000 a month)"),
        ("salary", -1, {"wish": 8850.0, "ratio": 1.106, "pay": 8000.0},
         "Salary wish of R$ 8,850 above what the job pays (R$ 8,000 a month)"),
        ("salary", -1, {"wish": 9900.0, "ratio": None, "pay": 8123.0},
         "Salary wish of R$ 9,900 above the usual pay of such jobs (about R$ 8,000 a month)"),
        ("salary", 1, {"wish": 6000.0, "ratio": None, "pay": 8123.0},
         "Salary wish of R$ 6,000 below the usual pay of such jobs (about R$ 8,000 a month)"),
        ("salary", -1, {"wish": 9700.0, "ratio": None, "pay": 8123.0},
         "Salary wish of R$ 9,700 near the usual pay of such jobs (about R$ 8,000 a month)"),
        ("salary", 1, {"wish": 9900.0, "ratio": None, "pay": 8123.0},
         "Salary wish of R$ 9,900 above the usual pay of such jobs (about R$ 8,000 a month) "
         "(counted for people in the past)"),
        ("history", -1, {"applications": 1, "rejections": 1, "withdrawals": 0, "hires": 0},
         "Applied 1 time before (rejected: 1, withdrew: 0)"),
        ("history", 1, {"applications": 2, "rejections": 0, "withdrawals": 0, "hires": 0},
         "Applied 2 times before, never rejected"),
        ("knowledge", 1, {"skills": 1.0}, "1 skill found in the CV"),
        ("sap", 1, {"match": 1.0, "has": 1.0}, "Works with SAP, as the job asks"),
        ("sap", -1, {"match": 0.0, "has": 0.0}, "No SAP found, which the job asks"),
        ("cv_length", 1, {"words": 1234.0},
         "CVs as long as this one (about 1,230 words) did better in past outcomes"),
        ("history", 1, {"applications": 0}, "Has not applied here before"),
        ("history", 1, {"applications": 3, "rejections": 1, "withdrawals": 0, "hires": 1},
         "Was hired here before (1 of 3 applications)"),
        ("area", 1, {"labels": ["TI - SAP"], "overlap": 1.0}, "Same area: TI - SAP"),
    ],
)  # fmt: skip
def test_facts_become_plain_sentences(group, contribution, params, text):
    assert said(group, contribution, **params) == text


def test_what_is_not_known_is_no_merit():
    assert said("education", 1, has="", asked="bachelor_complete", gap=None) == (
        "Education not stated; past outcomes do not count that against anybody"
    )
    assert said("education", -1, has="", asked="bachelor_complete", gap=None) == "Education not stated"


@pytest.mark.parametrize("group", sorted(set(_WORDS) - {"contact", "history"}))
def test_nothing_known_tells_nothing_for_a_candidate_but_something_against(group):
    reason = {"group": group, "params": {}}
    assert not says_something(reason | {"contribution": 0.5})
    assert says_something(reason | {"contribution": -0.5})


def test_the_strongest_reasons_that_tell_something_are_kept_with_their_own_contributions():
    unknown = float("nan")
    values = {
        "salary_ratio": unknown,
        "salario_valor": unknown,
        "job_pay": 8000.0,
        "years_experience": 7.0,
        "cv_words": 300.0,
        "has_cert": 1.0,
        "skills_count": 9.0,
    }
    comparison = explaining.Comparison(person=None, job=None, values=values, closer_than=None)
    found = [
        Reason("salary", 0.9),
        Reason("experience", 0.5),
        Reason("cv_length", 0.4),
        Reason("text_match", 0.3),
        Reason("certifications", 0.2),
        Reason("knowledge", 0.1),
    ]

    told = explaining._telling(found, comparison)

    assert [(reason["group"], reason["contribution"]) for reason in told] == [
        ("experience", 0.5),
        ("cv_length", 0.4),
        ("certifications", 0.2),
    ]


def test_a_known_fact_tells_something():
    assert says_something({"group": "experience", "contribution": 0.5, "params": {"years": 7.0}})


def test_an_unknown_group_from_another_program_version_is_no_error():
    assert said("unheard_of") == "Other facts"


def test_a_sentence_said_before_is_said_anew_in_another_language_and_of_another_sign():
    reason = {"group": "experience", "contribution": 0.4, "params": {"years": 0.2}}
    first = describe(reason)
    with translation.override("pt-br"):
        assert describe(reason) not in ("", first)
    assert describe(reason) == first
    unknown = {"group": "experience", "contribution": -0.4, "params": {"years": None}}
    assert describe(unknown) != describe(unknown | {"contribution": 0.4})


def test_numbers_follow_the_reader_s_language():
    with translation.override("pt-br"):
        assert "1.230" in said("cv_length", words=1234.0)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("skill", "java", "Java"),
        ("english", "advanced", "English: advanced"),
        ("spanish", "basic", "Spanish: basic"),
        ("seniority", "senior", "Level: senior"),
        ("education", "bachelor_complete", "Education: bachelor's degree"),
    ],
)
def test_a_requirement_in_words(kind, value, text):
    assert requirement_text({"kind": kind, "value": value}) == text
