import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.own_name import name_words, without_name

NAMES = ("Ana Lúcia Prates", "Sr. João da Silva Júnior", "Keiko Tanaka", "Paulo Souza", "Dra. Íris d'Ávila")


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Ana Prates", "Ana Prates\nAnalista", " \nAnalista"),
        ("João da Silva", "JOAO DA SILVA - Analista", "  - Analista"),
        ("Sr. João da Silva", "Sr. Joao P. da Silva, analista", " , analista"),
        ("João da Silva Júnior", "João Júnior\nAnalista Júnior", " \nAnalista Júnior"),
        ("Keiko Tanaka", "Nome: Keiko Tanaka\nGerente", " \nGerente"),
        ("Keiko Tanaka", "a Tanaka fez", "a   fez"),
        ("Keiko Tanaka", "tanaka_keiko", " "),
        ("Ana Prates", "Mariana banana ANA", "Mariana banana  "),
        ("Paulo Souza", "São Paulo, Paulo", "São Paulo,  "),
        ("José Lima", "Jose\u0301 Lima é ﬁrme: José Lima!", "  é ﬁrme:  !"),
        ("", "Ana Prates", "Ana Prates"),
        ("Ana Prates", "", ""),
        ("Sr. da", "sr. da empresa", "sr. da empresa"),
    ],
)
def test_it_takes_out_the_name_and_nothing_else(name, text, left):
    assert without_name(text, name) == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Marco Dias", "em março, 30 dias"),
        ("Julia Sales", "julia e python, sales manager"),
        ("Mariana Campos", "São José dos Campos"),
    ],
)
def test_everyday_words_that_are_also_names_stay_where_they_stand_alone(name, text):
    assert without_name(text, name) == text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", [str.upper, str.title, str.lower])
def test_whoever_it_is_the_same_text_is_left(name, written):
    text = "{}\nAnalista de dados\ncontato: {} (11)\nAtenciosamente, {}"
    assert without_name(text.format(*[written(name)] * 3), name) == text.format(" ", " ", " ")


@given(st.text(max_size=60), st.sampled_from(NAMES))
def test_it_only_ever_takes_away(text, name):
    left = without_name(text, name)
    kept = iter(text)
    assert all(character == " " or character in kept for character in left)


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(NAMES))
def test_no_full_name_is_left(before, after, name):
    words = name_words_of(name)
    left = without_name(f"{before} {name} {after}", name).lower()
    assert " ".join(words) not in " ".join(left.split())


def name_words_of(name):
    return [word.lower() for word in name.split() if not word.endswith(".")]


def test_titles_and_particles_are_no_part_of_a_name():
    assert name_words("dra. maria das dores e silva") == {"maria", "dores", "silva"}
