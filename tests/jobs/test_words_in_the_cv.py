import pytest

from jobs.requirements import Assessment, CandidateFacts, RequirementDraft, assess


def state(words, cv, **facts):
    return assess(RequirementDraft("words", words, True, ""), CandidateFacts(cv_text=cv, **facts))


@pytest.mark.parametrize(
    ("words", "cv"),
    [
        ("CNH B", "possui CNH B e carro"),
        ("gestao de pessoas", "Experiência em Gestão de Pessoas."),
        ("Gestão de Pessoas", "gestao  de\npessoas"),
        ("CNH B", "cnh-b"),
        ("c#", "c#, .net"),
        ("node.js", "Node.js e React"),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_separators(words, cv):
    assert state(words, cv).state == "met"


def test_the_sentence_that_has_them_is_quoted():
    found = state(
        "gestão de pessoas", "Formado em 2019.\nAtuei com gestão de pessoas por 4 anos.\nInglês fluente."
    )
    assert found == Assessment("met", "Atuei com gestão de pessoas por 4 anos")


@pytest.mark.parametrize(("words", "cv"), [("java", "javascript"), ("ágil", "fragil"), ("CNH B", "CNH")])
def test_a_part_of_a_word_or_of_the_words_is_not_enough(words, cv):
    assert state(words, cv).state == "not_met"


def test_words_apart_in_one_sentence_are_met_in_part():
    found = state("CNH B", "Carteira: CNH categoria B, carro próprio.\nOutra frase")
    assert found == Assessment("partly", "Carteira: CNH categoria B, carro próprio")
    assert state("CNH B", "CNH vencida.\nTurma B").state == "not_met"


def test_the_headline_is_read_too_and_without_texts_there_is_no_data():
    assert state("scrum master", "", headline="Scrum Master").state == "met"
    assert state("scrum master", "").state == "no_data"
    assert state("scrum master", "x", has_profile=False).state == "no_data"


def test_signs_are_taken_as_they_are_written():
    assert state("a.b(", "a.b").state == "met"
    assert state("...", "a b c").state == "not_met"
