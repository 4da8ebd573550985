import pytest

from candidates import veiling
from candidates.duplicates import find_for, look_for, search_all
from candidates.duplicates.judging import judge, name_likeness
from candidates.duplicates.sketch import resemblance, sketch
from candidates.duplicates.traits import emails, name_words, phones, traits
from candidates.models import Candidate, DuplicatePair
from candidates.viewing import as_user, seen_by
from tests.factories import make_candidate, make_job, make_prospect

CV = " ".join(f"projeto{number} com java spring e sql na empresa{number % 7}" for number in range(40))
OTHER_CV = " ".join(f"campanha{number} de vendas no varejo loja{number % 5}" for number in range(40))


def signs(**values):
    base = {"name": "", "email": "", "phone": "", "cv_text": ""}
    return base | values


def judged(first, second):
    return judge(traits(signs(**first)), traits(signs(**second)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("João da Silva Sauro", "JOAO SILVA SAURO"),
        ("Silva Sauro, João", "João Silva Sauro"),
        ("João S. Sauro", "João Silva Sauro"),
        ("Joao Sauro", "João Silva Sauro"),
        ("Jeferson Oliveira", "Jefferson Oliveira"),
    ],
)
def test_one_name_is_written_in_many_ways(first, second):
    assert name_likeness(name_words(first), name_words(second)) >= 0.85


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ana Souza Lima", "Pedro Souza Lima"),
        ("Ana Clara Souza", "Ana Julia Souza"),
        ("João Silva", "João Silva Filho"),
        ("Maria Santos", "Mariana Oliveira"),
    ],
)
def test_relatives_have_other_names(first, second):
    assert name_likeness(name_words(first), name_words(second)) < 0.65


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("(81) 99876-1234", "+55 81 9876-1234"),
        ("081998761234", "81 99876 1234"),
        ("0055 (81) 99876.1234", "8198761234"),
        ("(81) 3333-4455 / (81) 99876-1234", "99876-1234"),
    ],
)
def test_brazilian_forms_of_a_number_are_one_number(first, second):
    assert {local for _, local in phones(first)} & {local for _, local in phones(second)}


@pytest.mark.parametrize("text", ["", "00000-0000", "(99) 99999-9999", "ramal 12", "123"])
def test_what_stands_where_there_is_no_number_is_none(text):
    assert phones(text) == frozenset()


def test_the_same_number_in_two_areas_is_two_numbers():
    first, second = (
        signs(name="Ana Lima", phone="81 98765-1234"),
        signs(name="Ana Lima", phone="11 98765-1234"),
    )
    assert judge(traits(first), traits(second)) is None


def test_addresses_that_say_nobody_has_one_are_no_address():
    assert emails("nao@nao.com.br, sem@email.com") == frozenset()
    assert emails("Ana <ANA.lima@Example.com>") == {"ana.lima@example.com"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"name": "Ana Souza", "email": "casa@example.com"},
            {"name": "Pedro Souza", "email": "casa@example.com"},
        ),
        (
            {"name": "Ana Souza", "email": "casa@example.com", "phone": "81 98765-1234"},
            {"name": "Pedro Souza", "email": "casa@example.com", "phone": "81 98765-1234"},
        ),
        ({"name": "Ana Souza", "phone": "81 98765-1234"}, {"name": "Rui Costa", "phone": "81 98765-1234"}),
        ({"name": "Maria da Silva"}, {"name": "Maria da Silva"}),
        ({"name": "Maria da Silva", "cv_text": CV}, {"name": "Maria da Silva", "cv_text": OTHER_CV}),
        ({"name": "Ana Souza", "cv_text": CV}, {"name": "Rui Costa", "cv_text": CV}),
        ({"name": "Ana"}, {"name": ""}),
    ],
)
def test_one_sign_alone_claims_nothing(first, second):
    assert judged(first, second) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            {"name": "Ana Souza Lima", "email": "a@example.com"},
            {"name": "ana lima", "email": "A@example.com"},
            ["email", "name"],
        ),
        (
            {"name": "Ana Lima", "phone": "81 98765-1234"},
            {"name": "Ana Lima", "phone": "+55 (81) 8765-1234"},
            ["phone", "name"],
        ),
        (
            {"name": "Ana Lima", "cv_text": CV},
            {"name": "Lima, Ana", "cv_text": CV + " agora"},
            ["name", "cv"],
        ),
        (
            {"name": "Ana Lima", "email": "a@example.com", "cv_text": CV},
            {"name": "Ana Costa", "email": "a@example.com", "cv_text": CV},
            ["email", "cv"],
        ),
        (
            {"email": "a@example.com", "cv_text": CV},
            {"name": "Ana", "email": "a@example.com", "cv_text": CV},
            None,
        ),
    ],
)
def test_two_signs_that_do_not_hang_together_claim_one_person(first, second, expected):
    found = judged(first, second)
    assert found is not None
    assert found.likeness >= 0.7
    assert found.signs == (expected or ["email", "cv"])


def test_a_cv_resembles_its_next_version_and_not_another_ones():
    assert resemblance(sketch(CV), sketch(CV.upper() + " e mais uma linha nova no fim")) > 0.8
    assert resemblance(sketch(CV), sketch(OTHER_CV)) < 0.1
    assert sketch("java e sql") is None


def test_the_search_over_all_finds_each_pair_once_and_keeps_what_was_decided(db):
    first = make_candidate(name="Ana Souza Lima", email="ana@example.com")
    second = make_candidate(name="Ana Lima", email="ana@example.com")
    make_candidate(name="Rui Costa")
    assert search_all() == 1
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.signs) == (first, second, ["email", "name"])
    DuplicatePair.objects.update(state=DuplicatePair.State.DISMISSED)
    assert search_all() == 0
    assert DuplicatePair.objects.get().state == DuplicatePair.State.DISMISSED


def test_an_open_pair_that_no_longer_holds_is_forgotten(db):
    make_candidate(name="Ana Souza Lima", email="ana@example.com")
    second = make_candidate(name="Ana Lima", email="ana@example.com")
    search_all()
    second.email = "outra@example.com"
    second.save()
    assert look_for([second.pk]) == 0
    assert not DuplicatePair.objects.exists()


def test_somebody_about_to_be_added_is_found_likeliest_first(db):
    near = make_candidate(name="Ana Souza Lima", email="outra@example.com", phone="81 98765-1234")
    same = make_candidate(name="Ana Lima", email="ana@example.com", phone="81 98765-1234")
    make_candidate(name="Rui Costa", email="ana@example.com")
    search_all()
    found = find_for({"name": "Ana Lima", "email": "ana@example.com", "phone": "(81) 98765-1234"})
    assert [one.candidate for one in found] == [same, near]
    assert found[0].signs == ["email", "phone", "name"]


def test_a_code_is_looked_up_without_reading_the_whole_table(db, recruiter):
    # With an OR over a subquery the page of a person took 150 ms among 69,000 records
    make_candidate(code="4711")
    with seen_by(as_user(recruiter)):
        asked = str(Candidate.objects.coded("4711").query)
    assert " OR " not in asked


def test_nobody_hidden_is_found_by_the_code_of_a_record_that_went_into_theirs(db, recruiter):
    kept, absorbed = make_candidate(), make_candidate()
    make_prospect(candidate=kept, job=make_job(blind=True))
    Candidate.everyone.filter(pk=absorbed.pk).update(merged_into=kept)
    with seen_by(as_user(recruiter)):
        for code in (kept.code, absorbed.code):
            assert not Candidate.objects.coded(code).exists()
            assert not Candidate.objects.coded_any([code]).exists()
        assert Candidate.objects.coded(veiling.token(kept.pk)).get() == kept
        mixed = Candidate.objects.coded_any([veiling.token(kept.pk), absorbed.code])
        assert [person.pk for person in mixed] == [kept.pk]
    assert Candidate.objects.coded(absorbed.code).get() == kept
