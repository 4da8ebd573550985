from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.areas import declared_areas, implied_areas
from scoring.ml.features import FEATURE_GROUPS
from scoring.ml.pair_features import PAIR_FEATURES
from tests.scoring.ml.frames import candidates, features, jobs, of_pair, text_model

SKILLS = st.lists(st.sampled_from(["java", "sap", "python", "sql", "aws", "git"]), unique=True)


def test_it_counts_the_required_skills_found():
    row = of_pair(
        {"cv_text": "x", "skills": ["java", "sql", "git"]},
        {"must_skills": ["java", "sap"], "nice_skills": ["git"]},
    )
    assert row["must_skills_share"] == 0.5
    assert (row["must_skills_found"], row["must_skills_missing"]) == (1, 1)
    assert (row["nice_skills_share"], row["nice_skills_found"]) == (1, 1)
    assert (row["skills_count"], row["job_must_skills"], row["job_nice_skills"]) == (3, 2, 1)


def test_it_tells_required_skills_that_are_named_from_those_only_implied():
    held = {"cv_text": "x", "skills": ["spring", "java"], "implied_skills": ["java"]}
    row = of_pair(held, {"must_skills": ["java", "spring"]})
    assert (row["must_skills_share"], row["must_skills_named"]) == (1, 0.5)


def test_a_cv_without_the_required_skills_has_none_of_them():
    row = of_pair({"cv_text": "cozinha"}, {"must_skills": ["java"]})
    assert (row["must_skills_share"], row["must_skills_missing"]) == (0, 1)


def test_skills_of_somebody_without_text_are_unknown_not_missing():
    assert (
        of_pair({"education": "bachelor_complete"}, {"must_skills": ["java"]})[
            ["must_skills_share", "must_skills_missing", "skills_count"]
        ]
        .isna()
        .all()
    )


def test_a_job_that_requires_nothing_has_no_share():
    assert (
        of_pair({"cv_text": "x", "skills": ["java"]})[["must_skills_share", "nice_skills_share"]].isna().all()
    )


def test_a_skill_named_twice_counts_once():
    row = of_pair({"cv_text": "x", "skills": ["java", "java"]}, {"must_skills": ["java", "java", "sap"]})
    assert row["must_skills_share"] == 0.5


@given(held=SKILLS, asked=SKILLS.filter(bool), nice=SKILLS, extra=st.integers(0, 5))
def test_a_required_skill_more_never_lowers_the_overlap(held, asked, nice, extra):
    more = [*held, asked[extra % len(asked)]]
    people = candidates({"cv_text": "x", "skills": held}, {"cv_text": "x", "skills": more})
    less, better = features(people, jobs({"must_skills": asked, "nice_skills": nice})).to_dict("records")
    assert better["must_skills_share"] >= less["must_skills_share"]
    assert better["must_skills_missing"] <= less["must_skills_missing"]
    assert better["must_skills_share"] == pytest.approx(len(set(more) & set(asked)) / len(asked))


def test_a_cv_about_the_job_is_nearer_to_it_than_another():
    people = candidates(
        {"cv_text": "Desenvolvimento de microsserviços em Java e Spring"},
        {"cv_text": "Recepção, atendimento telefônico e agenda"},
    )
    job = jobs({"title": "Programador Java", "activities": "Desenvolver microsserviços Java com Spring Boot"})
    near, far = features(people, job).to_dict("records")
    assert near["text_similarity"] > far["text_similarity"] == 0
    assert near["title_in_cv"] > far["title_in_cv"] == 0


def test_a_title_wholly_in_the_cv_is_in_it():
    row = of_pair({"cv_text": "fui analista contábil sênior"}, {"title": "Analista Contábil"})
    assert row["title_in_cv"] == pytest.approx(1, abs=1e-5)


def test_equal_headline_and_title_are_alike():
    row = of_pair({"headline": "Consultora SAP FI"}, {"title": "Consultor SAP FI"})
    assert row["title_similarity"] == pytest.approx(1, abs=1e-5)


def test_activities_copied_into_the_competences_count_once():
    once, twice = features(
        candidates({"cv_text": "java"}),
        jobs({"activities": "Java e SQL"}, {"activities": "Java e SQL", "competences": "Java e SQL "}),
    ).to_dict("records")
    assert once["text_similarity"] == twice["text_similarity"]
    assert once["job_words"] == twice["job_words"]


@pytest.mark.parametrize(
    "name", ["text_similarity", "title_similarity", "headline_text_similarity", "title_in_cv"]
)
def test_without_words_a_similarity_is_unknown(name):
    assert np.isnan(of_pair({"cv_text": "java", "headline": "java"}, {"title": ".", "activities": "."})[name])
    assert np.isnan(of_pair({}, {"title": "java", "activities": "java"})[name])


@pytest.mark.parametrize(
    ("candidate", "job", "gap"),
    [
        ({"seniority": "senior"}, {"seniority": "junior"}, 2),
        ({"headline": "Desenvolvedora Jr"}, {"seniority": "senior"}, -2),
        ({"seniority": "senior", "headline": "Dev Jr"}, {"seniority": "senior"}, 0),
        ({"seniority": "other", "headline": "Dev Jr"}, {"seniority": "junior"}, 0),
        ({"cv_text": "Engenheira Sênior desde 2019"}, {"seniority": "mid"}, 1),
    ],
)
def test_the_gap_of_level_is_signed_and_absolute(candidate, job, gap):
    row = of_pair(candidate, job)
    assert (row["seniority_gap"], row["seniority_gap_abs"]) == (gap, abs(gap))


@pytest.mark.parametrize(
    ("years", "asked", "gap"), [(3, "mid", -0.5), (8, "senior", 0), (1.5, "senior", -2), (20, "junior", 2.5)]
)
def test_years_of_work_are_held_against_the_level_asked_for(years, asked, gap):
    since = date(2020, 1, 1) - timedelta(days=int(years * 365.25))
    row = of_pair({"cv_text": f"Empresa\n{since:%m/%Y} - atual"}, {"seniority": asked}, as_of="2020-01-01")
    assert row["experience_gap"] == pytest.approx(gap, abs=0.06)


def test_without_years_of_work_nothing_is_held_against_the_level():
    assert np.isnan(of_pair({"cv_text": "java"}, {"seniority": "senior"})["experience_gap"])


@pytest.mark.parametrize(
    ("name", "candidate", "job", "gap"),
    [
        ("english_gap", {"english": "basic"}, {"english": "fluent"}, -3),
        ("english_gap", {"cv_text": "inglês fluente"}, {"english": "advanced"}, 1),
        ("english_gap", {"english": "none", "cv_text": "inglês fluente"}, {"english": "basic"}, -1),
        ("spanish_gap", {"spanish": "fluent"}, {"spanish": "none"}, 4),
        ("education_gap", {"education": "bachelor_complete"}, {"education": "technical_complete"}, 1.5),
        ("education_gap", {"cv_text": "cursando graduação"}, {"education": "bachelor_complete"}, -0.25),
        ("salary_ratio", {"salary_monthly": 9000.0}, {"salary_monthly": 6000.0}, 1.5),
    ],
)
def test_gaps_compare_the_candidate_with_the_job(name, candidate, job, gap):
    assert of_pair(candidate, job)[name] == pytest.approx(gap)


@pytest.mark.parametrize(
    "name",
    [
        "seniority_gap",
        "english_gap",
        "spanish_gap",
        "education_gap",
        "salary_ratio",
        "same_city",
        "same_state",
    ],
)
def test_a_gap_to_the_unknown_is_unknown(name):
    known = {"seniority": "senior", "english": "basic", "spanish": "basic", "education": "bachelor_complete"}
    known |= {"city": "Recife", "state": "PE", "salary_monthly": 1.0}
    assert np.isnan(of_pair(known, {})[name])
    assert np.isnan(of_pair({}, known)[name])


@pytest.mark.parametrize(
    ("place", "city", "state"),
    [
        ({"city": "SAO PAULO ", "state": "SP"}, 1, 1),
        ({"city": "Campinas", "state": "São Paulo"}, 0, 1),
        ({"city": "São Paulo", "state": "Minas Gerais"}, 0, 0),
        ({"city": "São Paulo"}, 1, np.nan),
        ({"state": "Espírito Santo"}, np.nan, 0),
    ],
)
def test_places_are_compared_by_name(place, city, state):
    row = of_pair(place, {"city": "São Paulo", "state": "São Paulo"})
    np.testing.assert_array_equal(row[["same_city", "same_state"]].to_numpy(), [city, state])


def test_areas_overlap_as_declared_or_as_the_headline_implies():
    job = {"area_labels": ["TI - SAP", "TI - Projetos"]}
    row = of_pair({"area_labels": ["TI - SAP"], "headline": "Gerente de Projetos SAP"}, job)
    assert (row["area_overlap"], row["headline_area_overlap"]) == (0.5, 1)
    assert of_pair({}, job)[["area_overlap", "headline_area_overlap"]].isna().all()


@pytest.mark.parametrize(
    ("text", "label", "implied"),
    [
        ("Desenvolvedor Mobile Android", "TI - Desenvolvimento/Mobile", True),
        ("Auxiliar Administrativo", "Administrativa", True),
        ("Auxiliar Administrativo", "TI - Suporte", False),
        ("Analista de Suporte", "TI - Suporte", True),
        ("Consultor SAP", "TI - SAP", True),
        ("Sapateiro", "TI - SAP", False),
        ("Analista Contábil", "Financeira/Controladoria", True),
        ("Guia de turismo", "TI - UX", False),
    ],
)
def test_words_imply_areas(text, label, implied):
    assert bool(implied_areas(text) & declared_areas([label])) == implied


def test_sap_matters_only_to_sap_jobs():
    assert of_pair({"cv_text": "consultor sap"}, {"sap": True})["sap_match"] == 1
    assert of_pair({"cv_text": "java"}, {"area_labels": ["TI - SAP"]})["sap_match"] == 0
    assert np.isnan(of_pair({"cv_text": "consultor sap"}, {"title": "Java"})["sap_match"])


@pytest.mark.parametrize(
    ("cv", "day", "years"),
    [
        ("banco 01/2018 - 12/2019", "2022-06-15", 2),
        ("banco 01/2018 - atual", "2022-06-15", 53 / 12),
        ("banco 01/2018 - atual", "2019-01-31", 1),
        ("banco 01/2023 - atual", "2022-06-15", 0),
        ("banco 01/2018 - 12/2018\nloja 01/2021 - 12/2025", "2022-01-15", 2),
        ("8 anos de experiência", "2022-06-15", 8),
        ("banco 01/2018 - 12/2019, 8 anos de experiência", "2022-06-15", 2),
        ("nada", "2022-06-15", np.nan),
    ],
)
def test_experience_ends_on_the_day_of_asking(cv, day, years):
    np.testing.assert_allclose(of_pair({"cv_text": cv}, as_of=day)["years_experience"], years, rtol=1e-6)


@pytest.mark.parametrize(
    ("requested", "day", "days"),
    [
        ("2022-06-01", "2022-06-15", 14),
        ("2020-01-01", "2022-06-15", 90),
        ("2022-07-01", "2022-06-15", 0),
        (None, "2022-06-15", np.nan),
    ],
)
def test_days_open_are_clipped(requested, day, days):
    np.testing.assert_array_equal(of_pair({}, {"requested_on": requested}, as_of=day)["job_days_open"], days)


def test_a_quota_for_people_with_disabilities_is_no_feature():
    quota, plain = features(
        candidates({}), jobs({"contract_types": ["clt_quota"]}, {"contract_types": ["clt"]})
    ).to_dict("records")
    np.testing.assert_equal(quota, plain)


def test_the_order_of_contract_types_is_of_no_consequence():
    one, other = features(
        candidates({}), jobs({"contract_types": ["clt", "pj"]}, {"contract_types": ["pj", "clt"]})
    ).to_dict("records")
    np.testing.assert_equal(one, other)
    assert (one["job_contract_clt"], one["job_contract_pj"], one["job_contract_hunting"]) == (1, 1, 0)


def test_job_facts_are_read():
    row = of_pair(
        {},
        {
            "priority": "high",
            "origin": "replacement",
            "activities": "Trabalho remoto",
            "area_labels": ["TI - Telecom"],
            "seniority": "senior",
            "english": "fluent",
        },
    )
    assert row["job_priority"] == 3
    assert (row["job_origin_new"], row["job_origin_replacement"]) == (0, 1)
    assert (row["job_remote"], row["job_area_it_infrastructure"], row["job_area_it_sap"]) == (1, 1, 0)
    assert (row["job_seniority"], row["job_english"]) == (4, 4)
    assert np.isnan(row["job_spanish"])


def test_of_a_stub_nothing_of_the_person_is_known():
    stub = {
        "has_profile": False,
        "city": "Recife",
        "state": "PE",
        "area_labels": ["TI - SAP"],
        "skills": ["java"],
    }
    job = {
        "city": "Recife",
        "state": "PE",
        "area_labels": ["TI - SAP"],
        "must_skills": ["java"],
        "title": "java",
    }
    row = of_pair(stub, job)
    personal = [*PAIR_FEATURES, "years_experience", "skills_count", "cv_words", "candidate_seniority"]
    assert row[personal].isna().all()
    assert row[list(FEATURE_GROUPS["contact"])].isna().all()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["java", "sap", "sql", "docker", "react", "cobol"]), max_size=6))
def test_one_word_more_in_a_cv_never_makes_it_less_like_a_job(words):
    job = {"title": "Programador Java", "activities": "java sql docker e testes automatizados"}
    cvs = (["analista", *words], ["analista", *words, "sql"])
    people = candidates(*({"cv_text": " ".join(cv)} for cv in cvs))
    less, more = features(people, jobs(job)).to_dict("records")
    assert more["text_similarity"] >= less["text_similarity"] >= 0
    assert more["title_in_cv"] >= less["title_in_cv"] >= 0


def test_a_cv_of_other_words_alone_holds_none_of_the_job():
    text = text_model(candidates({}), jobs({"title": "Java"}))
    people = candidates({"cv_text": "zzyzx"}, {"education": "bachelor_complete"})
    other, none = features(people, jobs({"title": "Java"}), text=text).to_dict("records")
    assert other["text_similarity"] == other["title_in_cv"] == 0
    assert np.isnan(none["text_similarity"])
    assert np.isnan(none["title_in_cv"])
