import pytest

from scoring.tables import MISSING, Section, Table, figure, span

TABLE = Table(("", "AUC", "a|b"), (("first", "0.5", ""), ("second one", MISSING, "12")))


def test_a_table_is_markdown_with_figures_to_the_right():
    assert TABLE.markdown() == (
        "|  | AUC | a/b |\n|---|---:|---:|\n| first | 0.5 |  |\n| second one | – | 12 |\n"
    )


def test_a_table_is_aligned_in_a_terminal():
    assert TABLE.text(indent="").splitlines() == [
        "            AUC  a|b",
        "first       0.5",
        "second one    –   12",
    ]


def test_a_section_without_a_table_is_its_text():
    assert Section("Said.").markdown() == "Said.\n"
    assert Section("Said.", TABLE).markdown().startswith("Said.\n\n|  | AUC")
    assert Section("Said.", TABLE).plain().startswith("Said.\n  ")


@pytest.mark.parametrize(("value", "said"), [(None, MISSING), (0.12345, "0.123"), (0.0, "0.000")])
def test_a_missing_figure_is_told_as_missing(value, said):
    assert figure(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"), [(None, None, MISSING), (None, 0.5, MISSING), (0.1, 0.2, "0.100–0.200")]
)
def test_an_interval_needs_both_ends(low, high, said):
    assert span(low, high) == said
