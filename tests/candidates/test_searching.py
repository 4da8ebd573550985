import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates import merging, services, unmerging, viewing
from candidates.models import Candidate, Note, ReviewPolicy, Tag, Tagging
from candidates.search import finding, results
from candidates.search.finding import Asked
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = reverse("candidates:candidate_list")


def found(text="", **filters):
    rows = results.look_up(Asked(text, **filters)).rows
    return sorted(row.candidate.name for row in rows)


def names(response):
    return [candidate.name for candidate in response.context["candidates"]]


def index():
    services.refresh_profiles()
    services.refresh_search()


@pytest.fixture
def people(db, recruiter):
    ana = make_candidate(
        code="A1", name="Ana Siqueira", city="São Paulo", state="São Paulo", email="ana@example.com",
        headline="Analista de Sistemas", phone="(11) 98888-7777",
        cv_text="Ana Siqueira\nana@example.com 11 98888-7777\nprogramadora python e django em análises",
    )  # fmt: skip
    make_candidate(
        code="B2", name="Bia Conceição", headline="Desenvolvedora Java", certifications="Oracle OCP",
        cv_text="java e kubernetes no recife, sem php", seniority="senior", english="fluent",
    )  # fmt: skip
    make_candidate(
        code="C3", name="Caio Ruby", city="Olinda", cv_text="cobol, machine learning. c#", headline=""
    )
    make_stub(code="S4", name="Davi Souza")
    Note.objects.create(candidate=ana, text="prefere trabalho remoto", author=recruiter)
    Tagging.objects.create(candidate=ana, tag=Tag.objects.create(name="Vip Nordeste"))
    index()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("programador", ["Ana Siqueira"]),
        ("PROGRAMADORAS", ["Ana Siqueira"]),
        ("analise", ["Ana Siqueira"]),
        ("java OR python", ["Ana Siqueira", "Bia Conceição"]),
        ("java python", []),
        ("java -kubernetes", []),
        ("java -cobol", ["Bia Conceição"]),
        ("-java -python", ["Caio Ruby", "Davi Souza"]),
        ('"python e django"', ["Ana Siqueira"]),
        ('"django python"', []),
        ("(cobol OR java) kotlin", []),
        ("program*", ["Ana Siqueira"]),
        ("k8s", ["Bia Conceição"]),
        ("skill:k8s", ["Bia Conceição"]),
        ("habilidade:(java OR cobol)", ["Bia Conceição", "Caio Ruby"]),
        ("c#", ["Caio Ruby"]),
        ("aprendizado de máquina", ["Caio Ruby"]),
        ("cidade:olinda", ["Caio Ruby"]),
        ('cidade:"sao paulo"', ["Ana Siqueira"]),
        ("cidade:recife", ["Bia Conceição"]),
        ("cargo:analista", ["Ana Siqueira"]),
        ("cargo:programadora", []),
        ("nota:remoto", ["Ana Siqueira"]),
        ("remoto", ["Ana Siqueira"]),
        ("nota:python", []),
        ("tag:nordeste", ["Ana Siqueira"]),
        ("vip", ["Ana Siqueira"]),
        ("ocp", ["Bia Conceição"]),
        ("conceicao", ["Bia Conceição"]),
        ("nome:siqera", ["Ana Siqueira"]),
        ("siqera", ["Ana Siqueira"]),
        ("Ana Siqera", ["Ana Siqueira"]),
        ("nome:siqera python", ["Ana Siqueira"]),
        ("nome:siqera java", []),
        ("NOT nome:siqera", ["Bia Conceição", "Caio Ruby", "Davi Souza"]),
        ("ANA@example.com", ["Ana Siqueira"]),
        ("11988887777", ["Ana Siqueira"]),
        ("+55 (11) 98888-7777", ["Ana Siqueira"]),
        ("b2", ["Bia Conceição"]),
        ("de", []),
        ("de java", ["Bia Conceição"]),
        ("'); DROP TABLE candidates_candidate; --", []),
        ("java' | 'cobol", []),
        ("=c:A1", []),
        ("\\", ["Ana Siqueira", "Bia Conceição", "Caio Ruby", "Davi Souza"]),
    ],
)  # fmt: skip
def test_what_is_asked_is_found(people, text, expected):
    assert found(text) == expected


def test_a_note_is_found_once_it_is_indexed_and_not_when_it_is_deleted(people, recruiter):
    bia = Candidate.objects.get(code="B2")
    note = Note.objects.create(candidate=bia, text="gosta de jardinagem", author=recruiter)
    services.touch_search(bia.pk)
    assert found("jardinagem") == ["Bia Conceição"]
    note.delete()
    services.touch_search(bia.pk)
    assert found("jardinagem") == []


def test_words_too_common_are_said(people):
    assert "too common" in " ".join(results.look_up(Asked("de java")).remarks)


def test_a_skill_that_is_none_is_said_and_another_proposed(people, page):
    html = text_of(page.get(LIST, {"q": "skill:kubernetzz"}))
    assert "is no skill of the list" in html
    assert "Did you mean the skill Kubernetes?" in html
    assert "skill%3A%22Kubernetes%22" in html


def test_matching_in_skill_and_headline_comes_before_the_text(people):
    make_candidate(name="Eva", headline="Gerente", cv_text="uma vez vi java de longe")
    make_candidate(name="Fred", headline="Programador Java", cv_text="java java java")
    index()
    rows = results.look_up(Asked("java")).rows
    assert [row.candidate.name for row in rows][-1] == "Eva"


def test_a_row_marks_what_was_found_in_its_words(people):
    (row,) = results.look_up(Asked("django")).rows
    assert [piece.text for piece in row.snippet if piece.is_found] == ["django"]
    assert row.skills[0] == ("Django", True)


def test_marks_of_the_text_itself_are_no_marks(people):
    make_candidate(name="Eva", cv_text="\ue000cobol\ue001 <b>fortran</b>")
    index()
    (row,) = results.look_up(Asked("fortran")).rows
    assert [piece.text for piece in row.snippet if piece.is_found] == ["fortran"]


FAR = "Relatórios e planilhas da área. " * 200


@pytest.mark.parametrize(
    ("asked", "said", "marked"),
    [
        ("cobol", "Cobol", ["Cobol"]),
        ("java", "JavaScript Java", ["Java"]),  # the first word only begins like it
        ("gestao", "Gestão de pessoas", ["Gestão"]),
        ('"spring boot"', "spring " + FAR + " Spring Boot", ["Spring", "Boot"]),
        ("administrar", "administrando redes", ["administrando"]),
        ("java cobol", "java " + FAR + " Cobol e Java", ["Cobol", "Java"]),
    ],
)
def test_what_stands_far_inside_a_long_text_is_marked(people, asked, said, marked):
    make_candidate(name="Eva", cv_text=f"{FAR}{said} {FAR}")
    index()
    row = next(row for row in results.look_up(Asked(asked)).rows if row.candidate.name == "Eva")
    assert [piece.text for piece in row.snippet if piece.is_found][: len(marked)] == marked
    assert len("".join(piece.text for piece in row.snippet)) < 400


# Filters with numbers


def test_filters_count_what_was_found(people):
    seen = {
        facet.name: {value.value: value.count for value in facet.values}
        for facet in results.look_up(Asked()).facets
    }
    assert seen["state"] == {"Pernambuco": 2, "São Paulo": 1}
    assert seen["seniority"] == {"senior": 1}
    assert seen["tag"] == {"Vip Nordeste": 1}
    assert seen["record"] == {"cv": 3, "stub": 1}
    assert seen["skill"]["java"] == 1


def test_of_one_value_or_another_both_can_be_chosen_and_the_others_keep_their_numbers(people):
    looked = results.look_up(Asked(state=("São Paulo",)))
    state = next(facet for facet in looked.facets if facet.name == "state")
    assert {value.value: (value.count, value.is_on) for value in state.values} == {
        "São Paulo": (1, True),
        "Pernambuco": (2, False),
    }
    assert found(state=("São Paulo", "Pernambuco")) == ["Ana Siqueira", "Bia Conceição", "Caio Ruby"]


def test_of_skills_and_tags_all_are_wanted(people):
    assert found(skill=("java",)) == ["Bia Conceição"]
    assert found(skill=("java", "kubernetes")) == ["Bia Conceição"]
    assert found(skill=("java", "python")) == []
    assert found(tag=("Vip Nordeste",)) == ["Ana Siqueira"]
    assert found(record=("cv", "stub"), place="pernam") == ["Bia Conceição", "Caio Ruby"]


def test_a_number_is_counted_out_up_to_a_limit(people, monkeypatch, page):
    monkeypatch.setattr(finding, "EXACT", 2)
    html = text_of(page.get(LIST))
    assert 'more than <strong class="num">2</strong> candidates' in html


def test_of_many_the_strongest_are_listed_and_that_is_said(people, monkeypatch, page):
    monkeypatch.setattr(finding, "RANKED", 1)
    make_candidate(name="Eva", headline="", cv_text="conhece java")
    index()
    response = page.get(LIST, {"q": "conhec* OR java"})
    assert names(response) == ["Bia Conceição"]
    assert "the 1 strongest are listed" in text_of(response)


def test_of_many_with_a_phrase_the_strongest_are_listed(people, monkeypatch, page):
    monkeypatch.setattr(finding, "RANKED", 2)
    monkeypatch.setattr(finding, "EXACT_PHRASES", 2)
    for name, headline in (("Fábio", ""), ("Guto", ""), ("Eva", "Comprador de tecidos")):
        make_candidate(name=name, headline=headline, cv_text="comprador de tecidos em Recife")
    index()
    response = page.get(LIST, {"q": '"comprador de tecidos"'})
    assert sorted(names(response)) == ["Eva", "Fábio"]
    assert 'more than <strong class="num">2</strong> candidates' in text_of(response)


@pytest.mark.parametrize(
    "asked", [Asked('"comprador de tecidos"', sort="name"), Asked('-"comprador de redes"')]
)
def test_all_who_answer_a_phrase_can_be_paged_through(people, monkeypatch, asked):
    monkeypatch.setattr(finding, "EXACT_PHRASES", 2)
    for _number in range(4):
        make_candidate(headline="", cv_text="comprador de tecidos em Recife")
    index()
    found = results.look_up(asked)
    assert (found.total, found.has_more) == (2, True)
    assert found.ranked_at_most == finding.understand(asked).matches().count()


def test_a_first_name_and_a_surname_that_are_almost_right_come_before_a_surname_alone(people, page):
    for name in ("Rita Lemos", "Zeca Lemos", "Eduardo Augusto Lemos"):
        make_candidate(name=name)
    index()
    assert names(page.get(LIST, {"q": "Eduado Lemos"}))[0] == "Eduardo Augusto Lemos"


@pytest.mark.parametrize("text", ["c++", "de", "kotlin"])
def test_a_skill_or_a_letter_that_nobody_has_is_not_taken_for_a_name(people, page, text):
    make_candidate(name="Clara Kotling")
    index()
    assert names(page.get(LIST, {"q": text})) == []


# Who is hidden


@pytest.fixture
def blind(people):
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)


@pytest.mark.parametrize(
    "text",
    [
        "ana", "siqueira", "nome:siqueira", "nome:siqera", "siqera", "ana siqueira", "siqu*",
        '"ana siqueira"',
        "ana@example.com", "98888-7777", "11988887777", "A1", "ana OR xylophon", "example.com",
    ],
)  # fmt: skip
def test_nobody_hidden_is_found_by_what_tells_who_they_are(blind, page, text):
    assert page.get(LIST, {"q": text}).context["found"].total == 0


@pytest.mark.parametrize(
    "text",
    [
        '"34 anos"', '"rua das flores"', "rua das flores", "esposa", "espos*", '"pai de dois"', "filhos",
        "brasileiro", "(esposa) kotlin",
    ],
)  # fmt: skip
def test_nobody_hidden_is_found_by_words_that_their_texts_are_shown_without(people, page, text):
    make_candidate(
        name="Eva Prado", headline="",
        cv_text="brasileiro, 34 anos, pai de dois filhos, esposa\nRua das Flores, 12\nkotlin",
    )  # fmt: skip
    index()
    assert names(page.get(LIST, {"q": text})) == ["Eva Prado"]
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    assert page.get(LIST, {"q": text}).context["found"].total == 0
    assert page.get(LIST, {"q": f"-({text})"}).context["found"].total == 5
    assert page.get(LIST, {"q": "kotlin"}).context["found"].total == 1


def test_words_that_tell_who_somebody_is_move_nobody_hidden_up(blind, page):
    found = page.get(LIST, {"q": "esposa OR django"}).context["found"]
    assert "espos" in found.search.compiled.rank
    assert "espos" not in found.search.compiled.blind_rank


@pytest.mark.parametrize("text", ["-siqueira", "-nome:siqueira", "NOT ana@example.com", "NOT a1"])
def test_what_is_not_wanted_tells_nothing_of_who_is_hidden(blind, page, text):
    assert page.get(LIST, {"q": text}).context["found"].total == 4


def test_who_is_hidden_is_found_by_skills_and_words_and_shown_without_a_name(blind, page):
    html = text_of(page.get(LIST, {"q": "django"}))
    assert "<mark>django</mark>" in html
    for told in ("Siqueira", "ana@example.com", "11 98888", "/A1/"):
        assert told not in html


def test_the_order_by_name_tells_nothing_of_who_is_hidden(blind, page):
    make_candidate(name="Aaron")
    order = [candidate.pk for candidate in page.get(LIST, {"sort": "name"}).context["candidates"]]
    assert order == sorted(order) or order == [*sorted(order[:-1]), order[-1]]


def test_a_name_moves_nobody_hidden_up(blind, page):
    make_candidate(name="Zeno", cv_text="cobol siqueira")
    make_candidate(name="Siqueira", cv_text="cobol nada")
    index()
    response = page.get(LIST, {"q": "cobol OR siqueira"})
    ranks = {candidate.pk: place for place, candidate in enumerate(response.context["candidates"])}
    by_name = {person.name: person.pk for person in Candidate.everyone.all()}
    assert ranks[by_name["Zeno"]] < ranks[by_name["Siqueira"]]


def test_who_was_revealed_is_found_by_name_again(blind, people, recruiter, page):
    from candidates.models import AccessEvent

    ana = Candidate.everyone.get(code="A1")
    AccessEvent.objects.create(kind="reveal", user=recruiter, candidate=ana, reason="interview")
    assert names(page.get(LIST, {"q": "siqueira"})) == ["Ana Siqueira"]
    assert names(page.get(LIST, {"q": "nome:siqera"})) == ["Ana Siqueira"]


def test_a_hiring_manager_searches_own_people_and_nobody_by_contact(people):
    manager = make_user("manager", "Hiring managers")
    job = make_job()
    job.team.create(user=manager, part="hiring_manager")
    make_prospect(job=job, candidate=Candidate.objects.get(code="A1"))
    with viewing.seen_by(viewing.as_user(manager)):
        assert found("java OR python") == ["Ana Siqueira"]
    with viewing.seen_by(viewing.as_user(manager)):
        assert found("ana@example.com") == []
        assert found("11988887777") == []


def test_who_has_no_role_finds_nobody(people):
    with viewing.seen_by(viewing.as_user(User.objects.create_user("nobody"))):
        assert found("java") == []
        assert results.look_up(Asked()).facets == []


def test_an_old_code_finds_who_the_record_went_into_until_that_is_undone(people, recruiter):
    ana, bia = (Candidate.objects.get(code=code) for code in ("A1", "B2"))
    done = merging.merge(ana, bia, by=recruiter)
    assert found("B2") == found("A1") == ["Ana Siqueira"]
    unmerging.undo(done, by=recruiter)
    assert (found("A1"), found("B2")) == (["Ana Siqueira"], ["Bia Conceição"])


class TestPlans:
    """What is dear at 42,000 people is not asked for; times are measured by ``benchmarks``."""

    def asked(self, text):
        with CaptureQueriesContext(connection) as asked:
            results.look_up(Asked(text))
        return [one["sql"] for one in asked if "candidates_candidate" in one["sql"]]

    def test_of_a_name_that_nobody_has_no_search_vectors_are_read(self, people):
        """But for one look whether somebody has it."""
        statements = self.asked("nome:zulmyra")
        assert sum("search_vector" in one.split("WHERE", 1)[-1] for one in statements) == 1

    def test_likeness_is_told_from_the_name_before_the_vector_is_read(self, people):
        counting = next(one for one in self.asked("nome:siqueira") if "hits" in one)
        assert counting.index("peneira_plain") < counting.index('"search_vector" @@')

    def test_names_that_were_found_are_not_looked_for_twice(self, people):
        ordering = [one for one in self.asked("nome:siqueira") if "word_similarity" in one]
        assert ordering
        assert not [one for one in ordering if "%>" in one]

    def test_the_strongest_are_not_looked_for_where_all_are_as_strong(self, people):
        for text, are_alike in (("nome:siqueira", True), ("java", False)):
            compiled = finding.understand(Asked(text)).compiled
            assert (compiled.strong == compiled.wanted) is are_alike

    def test_skills_of_those_found_are_looked_up_one_by_one(self, people):
        counting = next(one for one in self.asked("java") if "hits" in one)
        with finding.quick_plans(), connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + counting)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Index Cond: (candidate_id = sample" in plan
        assert "Memoize" not in plan
