import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.redaction import HIDDEN, name_words, plain, redact_contact, redact_cut, redact_identity
from candidates.redaction_words import EVERYDAY

NAME = "Marília Quixabeira D'Ávila"


def identity(text, name=NAME):
    return redact_identity(text, name=name)


TOLD = [
    # the text, what may not be left of it
    ("Marília Quixabeira", "Marília"),
    ("MARILIA QUIXABEIRA D AVILA", "AVILA"),
    ("cv_marilia_quixabeira_2024.pdf", "quixabeira"),
    ("CV-MariliaQuixabeira.docx", "Quixabeira"),
    ("M A R I L I A   Q U I X A B E I R A", "M A R I L I A"),
    (unicodedata.normalize("NFD", "Marília coordenou"), "Mari"),
    ("Ma\u00adrília coordenou", "rília"),
    ("Maríl\u200bia coordenou", "ia coordenou"),
    ("Dra. Marília Quixabeira", "Dra"),
    ("E-mail: quix.99@example.com", "quix"),
    ("quix @ example.com", "example.com"),
    ("linkedin.com/in/quix-99", "quix"),
    ("https://www.quix.dev/cv", "quix"),
    ("Skype: live:quix99", "quix99"),
    ("github: quix99", "quix99"),
    ("(81) 99876-5432", "5432"),
    ("+55 81 9 9876 5432", "5432"),
    ("81998765432", "5432"),
    ("5581998765432", "5432"),
    ("(081) 3876.5432", "5432"),
    ("(81)9.9876-5432", "5432"),
    ("81 9876 5432", "5432"),
    ("99876-5432", "5432"),
    ("3876-5432", "5432"),
    ("Celular: 9876 5432", "5432"),
    ("+351 912 345 678", "912"),
    ("+1 (415) 555-2671", "2671"),
    ("Rua das Acácias, 45, apto 12 - Espinheiro", "Espinheiro"),
    ("Rua das Acácias, 45, apto 12 - Espinheiro", "Acácias"),
    ("Av. Boa Viagem, 1200", "Viagem"),
    ("R. das Acácias, nº 45", "Acácias"),
    ("Endereço: Alameda das Rosas", "Rosas"),
    ("Bairro: Casa Amarela", "Amarela"),
    ("bairro da Torre", "Torre"),
    ("Residente em Casa Forte, Recife", "Forte"),
    ("CEP 52061-540", "52061"),
    ("52.061-540", "540"),
    ("CEP: 52061540", "52061540"),
    ("123 Acorn Hill Street, Apt 4", "Acorn"),
    ("Data de nascimento: 12/03/1990", "1990"),
    ("Data de nascimento\n12/03/1990", "1990"),
    ("nascida em 12 de março de 1990", "1990"),
    ("Nasc.: 12.03.90", "12.03"),
    ("born on March 12, 1990", "1990"),
    ("DOB: 1990-03-12", "1990"),
    ("Idade: 32", "32"),
    ("32 anos de idade", "32"),
    ("Brasileira, casada, 32 anos", "32"),
    ("32 anos, solteira", "32"),
    ("32 years old", "32"),
    ("Tenho 32 anos.", "32"),
    ("Sexo: Feminino", "Feminino"),
    ("Sexo feminino", "feminino"),
    ("Gender: female", "female"),
    ("Pronomes: ela/dela", "dela"),
    ("Sou mulher trans", "mulher"),
    ("Estado civil: casada", "casada"),
    ("Estado Civil\nSolteiro(a)", "Solteir"),
    ("Casada, mãe de dois filhos", "Casada"),
    ("Casada, mãe de dois filhos", "mãe"),
    ("2 filhos", "filhos"),
    ("sem filhos", "filhos"),
    ("Filhos: 2", "2"),
    ("união estável", "união"),
    ("Marital status: single", "single"),
    ("I am married with 2 children", "married"),
    ("I am married with 2 children", "children"),
    ("Nacionalidade: venezuelana", "venezuelana"),
    ("Brasileira, 32 anos", "Brasileira"),
    ("Natural de Caruaru", "Caruaru"),
    ("Nationality: Brazilian", "Brazilian"),
    ("RG: 1.234.567 SSP/PE", "1.234"),
    ("CPF 123.456.789-09", "789"),
    ("CPF: 12345678909", "789"),
    ("CTPS nº 12345 série 001", "12345"),
    ("CNH 01234567890", "0123"),
    ("Filiação: Joana Timbaúba", "Timbaúba"),
]


@pytest.mark.parametrize(("text", "left"), TOLD)
def test_what_tells_of_a_person_goes(text, left):
    shown = identity(text)
    assert left not in shown
    assert HIDDEN in shown


KEPT = [
    "5 anos de experiência em Java; 20 anos de mercado; há 16 anos na área",
    "Tenho 20 anos de experiência.",
    "Java, 18 anos; Python, 5 anos",
    "2010-2014 Empresa Brasileira Ltda, São Paulo; 03/2015 - 04/2016; 2018 2019 2020 2021",
    "10.0.0.1, versão 11.2.0.4, R$ 3.500,00, CNPJ 12.345.678/0001-90",
    "ASP.NET/MVC, @RestController, Socket.io/Express, C#, CNH: B",
    "mercado brasileiro, clientes brasileiros e estrangeiros",
    "Padrão single sign-on, single page application e componentes separados",
    "Natural Language Processing; identidade visual; gênero textual; rede social",
    "gestão de pessoas\n\tcom indicadores\r\n  e metas",
    "Atendimento a 12000 clientes em 2500-3000 lojas; ISO 9001:2015; 99,99% de uptime",
    "Nome do projeto: Integração SAP\nPorta a porta: vendas",
    "Nascimento e evolução de produtos; gestão de idade do estoque",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_tells_of_work_stays_to_the_letter(text):
    assert identity(text) == text


@pytest.mark.parametrize("text", [text for text, _left in TOLD])
def test_what_was_hidden_stays_as_it_is_when_hidden_again(text):
    once = identity(text)
    assert identity(once) == once


def test_of_contact_data_alone_the_person_stays():
    text = "Marília Quixabeira, casada, 32 anos\nRua das Acácias, 45 | (81) 99876-5432 | m@example.com"
    assert redact_contact(text) == f"Marília Quixabeira, casada, 32 anos\n{HIDDEN} | {HIDDEN} | {HIDDEN}"


def test_lines_and_all_else_stay_in_their_places():
    text = "Nome: Marília Quixabeira\r\n\r\nAnalista  Java\n\tmarilia@example.com\nRecife"
    assert identity(text) == f"Nome: {HIDDEN}\r\n\r\nAnalista  Java\n\t{HIDDEN}\nRecife"


# A name that is an everyday word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Java e Spring em Recife", "Java e Spring em Recife"),
        ("Java Recife\nJava", f"{HIDDEN}\n{HIDDEN}"),
        ("Nome: Java", f"Nome: {HIDDEN}"),
        ("me chamo Java", f"me chamo {HIDDEN}"),
        ("J. Recife", f"J. {HIDDEN}"),
    ],
)
def test_an_everyday_word_goes_only_as_a_name(text, shown):
    assert identity(text, "Java Recife").replace("J. Recife", f"J. {HIDDEN}") == shown


def test_a_saint_in_the_name_of_a_place_is_nobody():
    assert identity("São Paulo; Paulo programou", "Paulo Quixabeira") == f"São Paulo; {HIDDEN} programou"


@pytest.mark.parametrize("name", ["Иван Петров", "Łukasz Żółć", "Øyvind Åse", "王小明", "𝐌𝐚𝐫𝐢𝐚 Quixaba"])
def test_names_of_other_scripts_go_too(name):
    shown = identity(f"Contato {name} programador", name)
    assert not any(word in shown for word in name.split() if len(word) > 2)


# Whatever comes

letters = st.sampled_from("abcdefghijklmnopqrstuvwxyzáâãçéíóôõúüñ")
words = st.text(letters, min_size=3, max_size=12)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)
joints = st.sampled_from(
    [" ", "\n", ", ", "_", "-", ". ", " de ", "\t", "/", "'", "(", " 2024 ", "@", ": ", "\u0301"]
)
cases = st.sampled_from([str.lower, str.upper, str.title, lambda text: unicodedata.normalize("NFD", text)])


@settings(max_examples=400, deadline=None)
@given(names, st.data())
def test_no_word_of_a_name_survives_but_everyday_ones(name, data):
    own = name.split()
    parts = data.draw(st.lists(st.tuples(st.sampled_from(own) | words, joints, cases), max_size=25))
    text = "".join(case(word) + joint for word, joint, case in parts)

    left = re.findall(r"[^\W\d_]+", plain(identity(text, name)).text)

    assert not [
        word
        for word in left
        if word in name_words(name) - EVERYDAY and len(word) > 2 and not _saint(text, word)
    ]


def _saint(text, word):
    return re.search(rf"(?:sao|santo|santa|san|saint) {word}", plain(text).text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_makes_it_fail_and_no_line_goes(text, name):
    shown = identity(text, name)
    assert shown.count("\n") == text.count("\n")
    redact_contact(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([text for text, _left in TOLD] + KEPT), max_size=8), st.sampled_from("\n;|"))
def test_phrases_go_whatever_stands_around_them(texts, between):
    shown = identity(f"{between}\n".join(texts))
    for text, left in [(text, left) for text, left in TOLD if len(left) > 3]:
        if text in texts and not any(left in other for other in texts if other != text):
            assert left not in shown, text


CV = "\n".join(text for text, _left in TOLD) + "\n".join(KEPT) * 6
LONG = {
    "a CV": (CV * 20)[:60_000],
    "one word": "a" * 60_000,
    "figures": "8" * 60_000,
    "signs": "@" * 60_000,
    "points": "a." * 30_000,
    "labels": "rua " * 15_000,
    "years": "20 anos " * 7_500,
    "spaced": "a b " * 15_000,
    "blanks": " " * 60_000,
    "accents": "e\u0301" * 30_000,
    "addresses": "a.com/" * 10_000,
    "parts of a phone": "(81) 9 " * 8_500,
}


@pytest.mark.parametrize("kind", LONG)
def test_a_name_behind_the_longest_text_is_found(kind):
    assert len(LONG[kind]) <= 60_000
    found = identity(f"{LONG[kind]}\nZulmira Quixaba\n", name="Zulmira Quixaba")
    assert "Zulmira" not in found
    assert "Quixaba" not in found


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        ("das Flores, 12 - Centro. Java", "█████ - Centro. Java"),
        ("…das Flores, nº 123, apto 4, Java", "█████, apto 4, Java"),
        ("Boa Viagem, 4500 / Java", "█████ / Java"),
        *(
            (text, text)
            for text in ("Java, 8 anos - Spring", "Java 8, Spring 2, SQL", "Java, 2019 - 2021", "")
        ),
    ],
)
def test_the_rest_of_a_street_at_the_beginning_of_a_quote_goes(cut, shown):
    assert redact_cut(cut) == shown
