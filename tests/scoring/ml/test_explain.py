import numpy as np
import pytest

from scoring.ml import explain

NAMES = ("salary", "skills", "title", "city", "level")
GROUPS = {"fit": ("skills", "title"), "place": ("city",), "absent": ("not_in_model",)}


@pytest.fixture
def contrib():
    return np.random.default_rng(1).normal(size=(40, 6))  # the last column is what each row starts from


def test_groups_add_up_to_the_margin_and_what_is_in_none_is_other(contrib):
    grouped = explain.group_contributions(contrib, NAMES, GROUPS)

    assert grouped.names == ("fit", "place", "other")
    np.testing.assert_allclose(grouped.base + grouped.values.sum(axis=1), contrib.sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(grouped.values[:, 0], contrib[:, 1] + contrib[:, 2])
    np.testing.assert_allclose(grouped.values[:, 2], contrib[:, 0] + contrib[:, 4])
    assert grouped.row(0) == dict(zip(grouped.names, grouped.values[0], strict=True))


def test_without_groups_all_is_other(contrib):
    assert explain.group_contributions(contrib, NAMES, {}).names == ("other",)


def test_a_feature_in_two_groups_is_refused(contrib):
    with pytest.raises(ValueError, match="skills is in the groups fit and more"):
        explain.group_contributions(contrib, NAMES, {"fit": ("skills",), "more": ("skills",)})


def test_names_that_do_not_fit_the_contributions_are_refused(contrib):
    with pytest.raises(ValueError, match="not rows x"):
        explain.group_contributions(contrib, NAMES[:-1], GROUPS)


def test_the_strongest_reasons_come_first_and_nothing_is_no_reason():
    row = {"a": 0.1, "b": -0.5, "c": 0.0, "d": 0.7, "e": -0.2, "f": 0.3, "g": 0.05}

    found = explain.top_reasons(row, n=3)

    assert [reason.name for reason in found.speaks_for] == ["d", "f", "a"]
    assert [reason.name for reason in found.speaks_against] == ["b", "e"]
    assert found.speaks_against[0].contribution == -0.5


def test_equal_reasons_keep_one_order():
    assert explain.top_reasons({"b": 0.2, "a": 0.2}) == explain.top_reasons({"a": 0.2, "b": 0.2})
