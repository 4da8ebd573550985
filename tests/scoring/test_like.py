import pytest

from candidates.models import Candidate, Profile
from candidates.viewing import as_user, seen_by
from jobs.models import JobMember
from scoring import like
from scoring.like import most_like
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db


def person(*skills, **values):
    made = make_candidate(**values)
    Profile.objects.create(
        candidate=made, extractor="taxonomy", version="test", source_hash="x", skills=list(skills)
    )
    return made


@pytest.fixture
def crowd():
    """Many who know Excel, so that it says little."""
    return [person("excel") for _ in range(12)]


def found(*args, **kwargs):
    return [one.candidate for one in most_like(*args, **kwargs)]


def test_who_shares_a_rare_skill_comes_before_who_shares_a_common_one(crowd):
    own = person("cobol", "excel")
    rare, common = person("cobol", "java"), person("excel", "java")

    assert found(own)[0] == rare
    assert common in found(own)
    assert own not in found(own)


def test_a_twin_is_wholly_alike_and_nobody_is_more(crowd):
    values = {"seniority": "senior", "english": "advanced", "area_labels": ["TI"]}
    own, twin = person("java", "sql", **values), person("java", "sql", **values)
    person("java", "sql", seniority="intern")

    first, second, *_ = most_like(own)
    assert (first.candidate, first.likeness) == (twin, 1.0)
    assert second.likeness < 1


def test_reasons_name_the_rarest_skill_first_then_level_area_and_language(crowd):
    own = person("excel", "cobol", seniority="senior", english="advanced", area_labels=["TI - SAP"])
    person("cobol", "excel", seniority="specialist", english="advanced", area_labels=["TI - SAP"])

    one = most_like(own)[0]
    assert one.shared == ["COBOL", "Excel"]
    assert one.reasons == [
        "Shares 2 skills: COBOL, Excel",
        "One level apart: specialist",
        "Same area: TI - SAP",
        "Similar English: advanced",
    ]


def test_what_is_not_known_of_the_person_asked_for_counts_for_nobody():
    own = person("java", "sql")
    senior, silent = person("java", "sql", seniority="senior"), person("java", "sql")

    assert {one.likeness for one in most_like(own)} == {1.0}
    assert found(own) == [senior, silent]


def test_name_and_place_play_no_part():
    own = person("java", name="Ana Lima", city="Recife", state="Pernambuco")
    person("java", name="Ana Lima", city="Recife", state="Pernambuco")
    person("java", name="Bruno Reis", city="Manaus", state="Amazonas")

    assert len({one.likeness for one in most_like(own)}) == 1


def test_nobody_is_like_a_person_without_known_skills():
    person("java")
    assert most_like(make_candidate()) == []


def test_only_the_people_asked_about_are_compared():
    own, wanted = person("java"), person("java")
    person("java")

    assert found(own, among=Candidate.objects.filter(pk=wanted.pk)) == [wanted]


def test_the_merged_are_left_out_and_a_manager_finds_people_of_own_jobs_only():
    own, kept, stranger = person("java"), person("java"), person("java")
    Candidate.objects.filter(pk=person("java").pk).update(merged_into=kept)
    job = make_job()
    make_prospect(job=job, candidate=own)
    make_prospect(job=job, candidate=kept)
    manager = make_user("manager", "Hiring managers")
    JobMember.objects.create(job=job, user=manager, part=JobMember.Part.HIRING_MANAGER)

    assert found(own) == [kept, stranger]
    with seen_by(as_user(manager)):
        assert found(own) == [kept]


def test_the_rarest_skills_find_the_people_to_compare(monkeypatch, crowd):
    monkeypatch.setattr(like, "READ", 5)
    own, rare = person("cobol", "excel"), person("cobol", "excel")

    assert found(own) == [rare]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    own = person("java")
    person("java")
    with django_assert_num_queries(6):
        most_like(own)
    for _ in range(4):
        person("java")
    with django_assert_num_queries(6):
        most_like(own)
