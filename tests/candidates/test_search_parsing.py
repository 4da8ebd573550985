import pytest

from candidates.search.parsing import Field, Term, parse


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("java", "java"),
        ("java spring", "java AND spring"),
        ("java AND spring", "java AND spring"),
        ("java E spring", "java AND spring"),
        ("java OR kotlin", "java OR kotlin"),
        ("java OU kotlin spring", "java OR (kotlin AND spring)"),
        ("(java OR kotlin) spring", "(java OR kotlin) AND spring"),
        ("java -php", "java AND NOT php"),
        ("java NOT php", "java AND NOT php"),
        ("java NÃO (php OU perl)", "java AND NOT (php OR perl)"),
        ('"spring boot" java', "“spring boot” AND java"),
        ("“spring boot”", "“spring boot”"),
        ("front-end", "front-end"),
        ("c++ c# .net", "c++ AND c# AND .net"),
        ("desenv*", "desenv*"),
        ("skill:k8s habilidade:java", "skill:k8s AND skill:java"),
        ("cidade:(recife OR olinda)", "city:recife OR city:olinda"),
        ("nome:maria cargo:analista", "name:maria AND title:analista"),
        ("tag:vip nota:ligar", "tag:vip AND note:ligar"),
        ('skill:"power bi"', "skill:“power bi”"),
        ("-cidade:recife", "NOT city:recife"),
        ("Skill: java", "skill:java"),
        ("java, spring;", "java AND spring"),
        ("http://example.com/x", "http://example.com/x"),
        ("(81) 98888-7777", "(81) 98888-7777"),
        ("java and spring not php", "java AND spring AND NOT php"),
        ("análise e projeto", "análise AND e AND projeto"),
        ("", ""),
        (" - * & ", ""),
    ],
)  # fmt: skip
def test_a_text_is_understood(text, understood):
    parsed = parse(text)
    assert parsed.understood == understood
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("text", "understood", "said"),
    [
        ("(java OR kotlin", "java OR kotlin", "is not closed"),
        ("java)", "java", "closes nothing"),
        ('"spring boot', "“spring boot”", "quotation mark is not closed"),
        ("java AND", "java", "AND needs something"),
        ("AND java", "java", "AND needs something"),
        ("OR java", "java", "OR needs something"),
        ("java OR", "java", "OR needs something"),
        ("java NOT", "java", "NOT needs something"),
        ("java ()", "java", "nothing between the parentheses"),
        ("de*", "de", "at least 3 letters"),
        ("salario:9000", "salario AND 9000", "no field"),
        ("java solteira", "java", "nobody may be chosen by that"),
        ('java "mulher casada"', "java", "nobody may be chosen by that"),
        ("(" * 40 + "java", "", "too many parentheses"),
    ],
)
def test_what_does_not_fit_is_mended_and_said(text, understood, said):
    parsed = parse(text)
    assert parsed.understood == understood
    assert said in " ".join(parsed.problems)


def test_a_surname_that_means_something_can_be_asked_by_name():
    assert parse("nome:Casado").root == Term("Casado", Field.NAME)


@pytest.mark.parametrize(
    "text", ["(" * 300, "NOT " * 75, "-" * 300, '"' * 300, "OR " * 100, "a:" * 150, ":" * 300]
)
def test_no_text_is_too_odd(text):
    parse(text)


def test_what_was_understood_is_understood_again_as_the_same():
    for text in ("a1 (b2 OR c3) -d4", '"x y" nome:maria', "a1 OR (b2 NOT (c3 OR d4))"):
        once = parse(text)
        assert parse(once.understood).root == once.root
