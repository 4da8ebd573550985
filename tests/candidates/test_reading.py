import pytest

from candidates.quoting import sentence_around
from candidates.reading import read_education, read_languages, read_seniority


def levels(text):
    return {language: reading.code for language, reading in read_languages(text).items()}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("inglês: avançado", "advanced"),
        ("Inglês avançado", "advanced"),
        ("INGLÊS – FLUENTE", "fluent"),
        ("inglês\nintermediário", "intermediate"),
        ("english - fluent", "fluent"),
        ("Fluent in English", "fluent"),
        ("advanced english", "advanced"),
        ("fluente em inglês", "fluent"),
        ("nível avançado de inglês", "advanced"),
        ("English (Professional Working)", "advanced"),
        ("English (Full Professional)", "fluent"),
        ("English (Limited Working)", "intermediate"),
        ("inglês (nível b2)", "intermediate"),
        ("inglês técnico para leitura", "technical"),
        ("inglês: nenhum", "none"),
        ("inglês: leitura avançada, conversação básica", "basic"),
        ("curso de inglês básico em 2009\n\nidiomas: inglês fluente", "fluent"),
    ],
)
def test_it_reads_the_level_of_english(text, level):
    assert levels(text)["english"] == level


@pytest.mark.parametrize(
    "text",
    [
        "curso de inglês na escola X",
        "inglês\nexcel avançado",
        "inglês. Básico em informática",
        "languages\nenglish\nprofessional experience",
        "inglês\ntécnico em informática",
        "avançado em excel; inglês",
        "português nativo",
        "",
    ],
)
def test_no_level_is_read_where_none_is_said(text):
    assert levels(text) == {}


def test_each_language_has_its_own_level():
    text = "Idiomas: português nativo, inglês intermediário, espanhol básico, francês fluente"
    assert levels(text) == {"english": "intermediate", "spanish": "basic"}
    assert levels("inglês e espanhol fluentes") == {"english": "fluent", "spanish": "fluent"}
    assert levels("espanhol básico inglês") == {"spanish": "basic"}


def test_a_reading_quotes_its_sentence():
    text = "Formado em 2010.\n• Inglês  avançado, com intercâmbio\n• Excel"
    assert read_languages(text)["english"].quote == "Inglês avançado, com intercâmbio"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pós-graduação em gestão de TI", "postgraduate_complete"),
        ("cursando pós graduação em finanças", "postgraduate_ongoing"),
        ("MBA em controladoria (FGV)", "postgraduate_complete"),
        ("bacharel em direito", "bachelor_complete"),
        ("Bachelor's degree in Computer Science", "bachelor_complete"),
        ("superior incompleto em administração", "bachelor_incomplete"),
        ("graduação em TI – conclusão prevista 2024", "bachelor_ongoing"),
        ("graduação em TI – conclusão 2014", "bachelor_complete"),
        ("engenharia civil, graduação trancada", "bachelor_incomplete"),
        ("tecnólogo em redes - cursando", "technologist_ongoing"),
        ("técnico em contabilidade", "technical_complete"),
        ("ensino médio completo", "secondary_complete"),
        ("2º grau completo", "secondary_complete"),
        ("ensino fundamental incompleto", "primary_incomplete"),
        ("mestrado em computação, em andamento", "master_ongoing"),
        ("Doutorado em física", "doctorate_complete"),
        ("scrum master, master data, universo", ""),
        ("", ""),
    ],
)
def test_it_reads_schooling_and_its_state(text, code):
    assert read_education(text).code == code


def test_the_highest_schooling_counts():
    text = "Ensino médio completo\nBacharelado em letras - 2010\nMBA em gestão - cursando"
    reading = read_education(text)
    assert reading.code == "postgraduate_ongoing"
    assert reading.quote == "MBA em gestão - cursando"


def test_the_state_may_stand_on_the_line_below():
    assert read_education("Graduação em administração\nEm andamento").code == "bachelor_ongoing"


def test_a_university_without_its_degree_is_not_read_as_something_lower():
    assert read_education("ensino médio completo\nUniversidade X - administração - 2012").code == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Analista de Sistemas Sênior", "senior"),
        ("desenvolvedor java pl", "mid"),
        ("Programador Jr.", "junior"),
        ("Senior Java Developer", "senior"),
        ("Gerente de projetos", "manager"),
        ("Coordenadora de RH", "coordinator"),
        ("objetivo\nassistente administrativo", "assistant"),
        ("cargo: analista fiscal", "analyst"),
        ("nível pleno", "mid"),
        ("Estagiário de TI", "intern"),
        ("Líder técnico", "lead"),
        ("técnico em informática", ""),
        ("Auxiliar administrativo", "auxiliary"),
        ("auxiliar o setor de compras", ""),
        ("reporta ao gerente de projetos", ""),
        ("Sr. João da Silva", ""),
        ("desenvolvedor java", ""),
        ("liderança e leadership", ""),
        ("", ""),
    ],
)
def test_it_reads_the_seniority_of_the_first_title(text, code):
    assert read_seniority(text).code == code


def test_the_first_title_wins_over_older_ones():
    assert read_seniority("Gerente de TI (2020)\nAnalista júnior (2010)").code == "manager"


def test_an_abbreviated_street_does_not_end_a_sentence():
    text = "Sobre mim. Mora na R. das Flores, 12 e programa Java. Fim."
    at = text.index("Java")
    assert sentence_around(text, at, at + 4) == "Mora na R. das Flores, 12 e programa Java"


def test_a_long_sentence_is_cut_around_the_find_at_words():
    text = "início " + "palavra " * 60 + "JAVA " + "palavra " * 60 + "fim"
    at = text.index("JAVA")
    quote = sentence_around(text, at, at + 4)
    assert "JAVA" in quote
    assert len(quote) <= 202
    assert quote.startswith("…")
    assert quote.endswith("…")
    assert set(quote.strip("…").split()) == {"palavra", "JAVA"}


def test_a_quote_ends_at_the_sentence_but_not_at_the_dot_of_a_name():
    text = "Uso diário. Node.js com Java; outra coisa"
    at = text.index("Java")
    assert sentence_around(text, at, at + 4) == "Node.js com Java"


def test_a_quote_ends_at_bullets_that_other_fonts_do_not_have():
    text = "\uf0d8 Mestrado \uf0a7 Node.js com Java \uf0b7 outra coisa"
    at = text.index("Java")
    assert sentence_around(text, at, at + 4) == "Node.js com Java"
