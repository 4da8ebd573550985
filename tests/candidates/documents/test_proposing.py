import time

import pytest

from candidates.documents.highlighting import pieces
from candidates.documents.naming import find_name
from candidates.documents.proposing import propose

CV = """CURRICULUM VITAE

PESSOA DOS SANTOS EXEMPLO
Brasileira, solteira, 29 anos, sexo feminino, nascida em 01/02/1996
Rua das Flores, 100 - Bairro Boa Vista - Recife - PE - CEP 50000-000
CPF: 12345678901
Tel: (81) 99999-0000 | pessoa.exemplo@example.com
www.linkedin.com/in/pessoa-exemplo-123

Desenvolvedora Java Sênior

FORMAÇÃO
Bacharelado em Ciência da Computação, concluído em 2018
IDIOMAS
Inglês avançado; Espanhol básico
EXPERIÊNCIA
Banco Exemplo - SP. Trabalho com Java, Spring Boot e PostgreSQL.
"""


def values(text):
    return {name: found["value"] for name, found in propose(text)["fields"].items()}


def test_a_cv_says_what_a_record_asks():
    assert values(CV) == {
        "name": "Pessoa dos Santos Exemplo",
        "email": "pessoa.exemplo@example.com",
        "phone": "(81) 99999-0000",
        "linkedin_url": "https://www.linkedin.com/in/pessoa-exemplo-123",
        "city": "Recife",
        "state": "Pernambuco",
        "headline": "Desenvolvedora Java Sênior",
        "seniority": "senior",
        "education": "bachelor_complete",
        "english": "advanced",
        "spanish": "basic",
    }


def test_each_value_has_the_words_that_say_it_and_their_place():
    for name, found in propose(CV)["fields"].items():
        said = " ".join(CV[found["start"] : found["end"]].split())
        assert said, name
        assert found["quote"], name
        if name not in {"linkedin_url", "education", "english", "spanish", "seniority", "state"}:
            assert said.casefold().startswith(found["value"].casefold()), name


def test_skills_come_with_their_sentence():
    skills = {found["skill"]: found for found in propose(CV)["skills"]}
    assert {"java", "spring-boot", "postgresql"} <= skills.keys()
    assert "Spring Boot e PostgreSQL" in skills["postgresql"]["quote"]


def test_sex_age_birth_marital_status_and_street_are_not_proposed():
    told = str(propose(CV)["fields"]).lower()
    for word in ("solteira", "feminino", "1996", "29 anos", "flores", "50000", "boa vista", "12345678901"):
        assert word not in told


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("João Teste da Silva\nAnalista de Sistemas", "João Teste da Silva"),
        ("CURRÍCULO\nANA D'ÁVILA TESTE", "Ana D'Ávila Teste"),
        ("Curriculum Vitae - Maria Teste Souza", "Maria Teste Souza"),
        ("Dados Pessoais\nNome: Ana Clara Teste  Idade: 30", "Ana Clara Teste"),
        ("Perfil Profissional\nResumo\nJosé Teste | Desenvolvedor Java", "José Teste"),
        ("Recife, Pernambuco\nRio de Janeiro\nCarla Teste", "Carla Teste"),
        ("Analista de Dados\nExperiência Profissional\nlinguagem java", None),
        ("Nome da mãe: Maria Teste\n12345", None),
        ("", None),
    ],
)
def test_the_name_is_the_line_that_is_one(head, name):
    found = find_name(head)
    assert (found.value if found else None) == name
    if found:
        assert head[found.start : found.end].casefold() == name.casefold()


def test_of_two_names_the_one_in_the_address_is_the_persons():
    head = "Empresa Modelo\nCarla Teste\n"
    assert find_name(head, email="carla.teste@example.com").value == "Carla Teste"


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("Fone: (11) 3333-4444", "(11) 3333-4444"),
        ("+55 81 9 8888-7777", "+55 81 9 8888-7777"),
        ("81988887777", "81988887777"),
        ("+351 912 345 678", "+351 912 345 678"),
        ("CPF: 81988887777", None),
        ("CNPJ 12.345.678/0001-90", None),
        ("de 2010 a 2015, 01/02/2003", None),
        ("CEP 50000-000", None),
    ],
)
def test_a_phone_number_is_told_from_other_numbers(line, phone):
    assert values(f"Pessoa Teste\n{line}\n").get("phone") == phone


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Campinas/SP", ("Campinas", "São Paulo")),
        ("São Paulo, São Paulo, Brasil", ("São Paulo", "São Paulo")),
        ("Cidade: Olinda", ("Olinda", "Pernambuco")),
        ("Endereço: Rua A, 10, Centro, Exu - PE", ("Exu", "Pernambuco")),
        ("Rio de Janeiro - RJ", ("Rio de Janeiro", "Rio de Janeiro")),
        ("Estado: Bahia", (None, "Bahia")),
        ("Trabalhei na Av. Paulista", (None, None)),
        ("Desenvolvedor SE", (None, None)),
    ],
)
def test_where_somebody_lives_is_read_from_town_and_state(line, place):
    found = values(f"Pessoa Teste\n{line}\n")
    assert (found.get("city"), found.get("state")) == place


def test_the_town_of_an_employer_further_down_is_not_taken_for_the_persons():
    text = "Pessoa Teste\n" + "Sobre mim. " * 80 + "\nBanco Modelo - SP\n"
    assert "city" not in values(text)


@pytest.mark.parametrize(
    "text", ["a " * 100_000, "A" * 200_000, "1 " * 100_000, "a.b@" * 50_000, "(" * 200_000]
)
def test_texts_made_to_be_slow_are_not(text):
    start = time.perf_counter()
    propose(text)
    assert time.perf_counter() - start < 8


def test_the_pieces_are_the_text_again_with_every_value_marked():
    proposed = propose(CV)
    cut = pieces(CV, proposed)
    assert "".join(piece.text for piece in cut) == CV
    assert {name for piece in cut for name in piece.fields} == set(proposed["fields"])
    assert any(piece.is_skill for piece in cut)


def test_places_that_do_not_fit_the_text_mark_nothing():
    wrong = {"fields": {"name": {"value": "x", "quote": "x", "start": 5, "end": 99}}, "skills": []}
    assert [piece.text for piece in pieces("Pessoa", wrong)] == ["Pessoa"]


def test_a_phone_below_an_address_that_ends_in_org_is_no_number_of_papers():
    assert values("Ana Souza\nana@exemplo.org\n(81) 98888-7777")["phone"] == "(81) 98888-7777"
    assert "phone" not in values("Ana Souza\nRG (81) 98888-7777")
