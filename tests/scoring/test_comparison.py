import re

import numpy as np
import pytest
from django.urls import reverse

from scoring.figures import comparison
from scoring.figures.reading import Figure
from tests.factories import make_version
from tests.pages import text_of
from tests.scoring.measured import (
    CARD,
    METRICS,
    keep_rows,
    make_measured_version,
    make_version_with_rows,
    scores,
)

ADDRESS = reverse("scoring:model_compare")


def compared(page, first, second):
    return page.get(ADDRESS, {"a": first.number, "b": second.number})


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


def pair(**second):
    return make_measured_version(), make_measured_version(state="challenger", **second)


class TestWhatIsAsked:
    def test_ticked_boxes_lead_to_an_address_that_can_be_shared(self, page):
        response = page.get(ADDRESS, {"v": ["10", "9"]})
        assert response.headers["Location"] == f"{ADDRESS}?a=9&b=10"

    @pytest.mark.parametrize("ticked", [["1"], ["1", "2", "3"]])
    def test_another_number_of_boxes_is_said(self, page, ticked):
        assert f"exactly two versions to compare; {len(ticked)} were chosen" in plain(
            page.get(ADDRESS, {"v": ticked})
        )

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ({"a": "1"}, "Choose two versions to compare."),
            ({"a": "1", "b": "1"}, "Choose two different versions."),
            ({"a": "1", "b": "999"}, "There is no version “999”."),
            ({"a": "1", "b": "x<script>"}, "There is no version"),
            ({"a": "1", "b": "٣"}, "There is no version"),
            ({"a": "1", "b": "9" * 400}, "There is no version"),
        ],
    )
    def test_what_cannot_be_compared_is_said(self, page, query, words):
        make_version(number=1)
        response = page.get(ADDRESS, query)
        assert response.status_code == 200
        assert words in plain(response)
        assert "<script>" not in text_of(response).split("<main")[1]

    def test_with_one_version_it_says_what_to_do(self, page):
        make_version()
        assert "There must be two versions" in plain(page.get(ADDRESS))

    @pytest.mark.parametrize("versions", [2, 4])
    def test_the_number_of_queries_does_not_grow(self, page, versions, django_assert_num_queries, settings):
        made = [make_version_with_rows(state="retired") for _ in range(versions)]
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        # session, user, the two, the choice
        with django_assert_num_queries(6):
            compared(page, made[0], made[1])


class TestFigures:
    @pytest.mark.parametrize(
        ("first", "second", "lower_is_better", "words"),
        [
            ((0.6, 0.5, 0.7), (0.8, 0.75, 0.85), False, "better"),
            ((0.8, 0.75, 0.85), (0.6, 0.5, 0.7), False, "worse"),
            ((0.6, 0.5, 0.7), (0.8, 0.7, 0.85), False, "within the noise"),
            ((0.06, 0.05, 0.07), (0.09, 0.08, 0.1), True, "worse"),
            ((0.09, 0.08, 0.1), (0.06, 0.05, 0.07), True, "better"),
            ((0.6, None, None), (0.8, 0.75, 0.85), False, "no interval"),
            ((None, None, None), (None, None, None), False, "no interval"),
        ],
    )
    def test_better_or_worse_only_where_the_intervals_do_not_meet(
        self, first, second, lower_is_better, words
    ):
        judged = comparison.judge(Figure(*first), Figure(*second), lower_is_better=lower_is_better)
        assert str(judged.words) == words

    def test_figures_stand_side_by_side_with_their_difference(self, page):
        better = METRICS | {"roc_auc": 0.81, "intervals": {"roc_auc": [0.78, 0.84]}}
        first, second = pair(metrics=better)
        shown = plain(compared(page, first, second))
        assert "ROC-AUC 0.710 0.660 – 0.760 0.810 0.780 – 0.840 +0.100 better" in shown

    def test_a_figure_that_one_lacks_has_no_difference(self, page):
        first, second = pair(metrics={})
        shown = plain(compared(page, first, second))
        assert "ROC-AUC 0.710 0.660 – 0.760 – – no interval" in shown

    def test_it_says_whether_the_test_windows_are_the_same(self, page):
        first, second = pair()
        assert "measured on the same window" in plain(compared(page, first, second))
        windows = [CARD["windows"][0], CARD["windows"][1] | {"end": "2026-11-30"}]
        other = make_measured_version(state="retired", card=CARD | {"windows": windows})
        assert "The test windows differ" in plain(compared(page, first, other))

    def test_settings_and_features_that_differ_are_marked(self, page):
        card = CARD | {"params": {"job": {"learning_rate": 0.1}, "choice": {"num_leaves": 7}}}
        first = make_measured_version(feature_names=["cv_sap", "english_gap"])
        second = make_measured_version(recipe="prec80", card=card, feature_names=["english_gap", "tem_email"])
        found = compared(page, first, second).context["compared"]
        assert {str(line.words) for line in found.settings if line.differs} == {"Recipe"}
        assert [(line.words, line.first, line.second) for line in found.params] == [
            ("job.learning_rate", 0.03, 0.1)
        ]
        assert (found.only_first, found.only_second) == (["cv_sap"], ["tem_email"])

    def test_windows_of_both_stand_side_by_side(self, page):
        first, second = pair(card={})
        pairs = compared(page, first, second).context["compared"].windows
        assert [(str(one.words), one.first.rows, one.second) for one in pairs] == [
            ("learned from", 900, None),
            ("measured on, untouched before", 400, None),
        ]


class TestOnTheSameRows:
    def test_only_applications_both_were_measured_on_count(self, page):
        y, p = scores(60)
        pairs = [(1000 + place, 500 + place // 5) for place in range(60)]
        first = keep_rows(make_measured_version(), pairs[:50], y=y[:50], p=p[:50])
        second = keep_rows(make_measured_version(state="retired"), pairs[10:], y=y[10:], p=p[10:])
        shared = comparison.compare(first, second).shared
        assert (shared.n, shared.hires, shared.jobs) == (40, y[10:50].sum(), 8)

    def test_rows_that_the_two_count_differently_are_left_out(self, page):
        y, p = scores(60)
        pairs = [(1000 + place, 500 + place // 5) for place in range(60)]
        other = y.copy()
        other[:7] = 1 - other[:7]
        first = keep_rows(make_measured_version(), pairs, y=y, p=p)
        second = keep_rows(make_measured_version(state="retired"), pairs, y=other, p=p)
        assert comparison.compare(first, second).shared.n == 53

    def test_the_same_scores_are_within_the_noise_and_chance_is_worse(self, db):
        y = np.tile([1.0, 0, 0, 0, 0], 60)
        pairs = [(1000 + place, 500 + place // 5) for place in range(300)]
        chance = np.random.default_rng(3).random((3, 300))
        good = keep_rows(make_measured_version(), pairs, y=y, p=0.5 * y + 0.5 * chance[0])
        same = keep_rows(make_measured_version(state="retired"), pairs, y=y, p=0.5 * y + 0.5 * chance[0])
        poor = keep_rows(make_measured_version(state="retired"), pairs, y=y, p=chance[1])
        judged = [str(line.judgement.words) for line in comparison.compare(good, same).shared.lines]
        assert set(judged) == {"within the noise"}
        lines = {str(line.words): line for line in comparison.compare(good, poor).shared.lines}
        precision = lines["Average precision"]
        assert str(precision.judgement.words) == "worse"
        assert precision.difference.high < 0
        assert str(lines["Order inside a job (AUC)"].judgement.words) == "worse"
        assert str(lines["Brier score"].judgement.words) == "worse"

    def test_without_shared_rows_nothing_is_claimed(self, page):
        first = make_version_with_rows()
        y, p = scores(50)
        elsewhere = [(1 + place, 1 + place // 5) for place in range(50)]
        second = keep_rows(make_measured_version(state="retired"), elsewhere, y=y, p=p)
        response = compared(page, first, second)
        assert response.context["compared"].shared is None
        assert "On the same applications" not in text_of(response)

    def test_the_curves_of_both_lie_on_one_plot(self, page):
        first, second = make_version_with_rows(), make_version_with_rows(seed=2, state="retired")
        plots = compared(page, first, second).context["compared"].plots
        assert [plot.name for plot in plots] == ["pr", "reliability"]
        for plot in plots:
            named = {str(line.words) for line in plot.lines}
            assert {str(first), str(second)} <= named
