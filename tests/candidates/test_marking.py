import pytest

from candidates.marking import MARKED, OTHER_SKILLS, count_mentions, mark_skills, skills_by_group


def marked(text):
    return [
        (segment.text, segment.skill.id, segment.is_first) for segment in mark_skills(text) if segment.skill
    ]


@pytest.mark.parametrize("text", ["", "nada aqui", "java", "Java, SQL e java.\nfim", "ÇÃO java ção"])
def test_the_pieces_are_the_text_again(text):
    assert "".join(segment.text for segment in mark_skills(text)) == text


def test_only_the_first_mention_is_the_first():
    assert marked("Java, sql e JAVA") == [
        ("Java", "java", True),
        ("sql", "sql", True),
        ("JAVA", "java", False),
    ]


def test_bullets_of_symbol_fonts_are_shown_as_bullets():
    segments = mark_skills("\uf0b7 java\n\uf0a7 fim")
    assert "".join(segment.text for segment in segments) == "• java\n• fim"


def test_mentions_are_counted():
    assert count_mentions(mark_skills("java sql java")) == {"java": 2, "sql": 1}


def test_groups_put_the_most_mentioned_first():
    (group,) = skills_by_group(["java", "python", "javascript"], {"python": 3})
    assert [found.skill.id for found in group.skills] == ["python", "java", "javascript"]
    assert [found.mentions for found in group.skills] == [3, 0, 0]


def test_a_skill_that_the_taxonomy_lost_is_still_shown():
    (group,) = skills_by_group(["gone-since"], {})
    assert group.name == OTHER_SKILLS
    assert group.skills[0].skill.label == "gone-since"


def test_a_text_as_long_as_a_book_is_shown_whole_but_marked_at_its_beginning():
    text = "java e sql. " * 20_000
    segments = mark_skills(text)
    assert "".join(segment.text for segment in segments) == text
    assert sum(segment.skill is not None for segment in segments) < 2 * MARKED / len("java e sql. ") + 2
