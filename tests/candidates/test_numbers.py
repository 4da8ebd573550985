import pytest
from django.utils.translation import override

from candidates.numbers import localized


@pytest.mark.parametrize(
    ("value", "decimals", "english", "portuguese"),
    [
        (55.7, 0, "56", "56"),
        (0.7956, 3, "0.796", "0,796"),
        (8050.0, 0, "8,050", "8.050"),
        (2.0, 1, "2.0", "2,0"),
    ],
)
def test_numbers_are_rounded_and_written_as_people_do(value, decimals, english, portuguese):
    with override("en"):
        assert localized(value, decimals, grouped=True) == english
    with override("pt-br"):
        assert localized(value, decimals, grouped=True) == portuguese


def test_nothing_is_no_negative_number():
    assert localized(-0.0004, 2) == localized(0.0, 2) == "0.00"
