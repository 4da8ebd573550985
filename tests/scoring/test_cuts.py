import re

import numpy as np
import pytest
from django.urls import reverse

from scoring.figures import curves
from scoring.figures.plots import Scale, round_up, thinned
from scoring.holdout import Outcomes
from tests.factories import make_version
from tests.pages import text_of
from tests.scoring.measured import CARD, METRICS, make_version_with_rows, scores


def cuts_page(page, version, **query):
    return page.get(reverse("scoring:model_thresholds", args=[version.number]), query)


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


def later(hits, others):
    counts = {"true_positives": hits, "false_positives": others, "precision": hits / (hits + others)}
    return METRICS | {"at_threshold": METRICS["at_threshold"] | counts}


class TestOneCut:
    def test_its_figures_are_those_counted_by_hand(self):
        outcomes = Outcomes(np.array([1.0, 0, 1, 0, 1]), np.array([0.9, 0.8, 0.7, 0.2, 0.1]))
        found = curves.at(outcomes, 0.7)
        assert (found.above, found.hits) == (3, 2)
        assert found.precision == pytest.approx(2 / 3)
        assert found.recall == pytest.approx(2 / 3)
        assert found.f1 == pytest.approx(2 / 3)

    def test_above_everybody_there_is_no_precision(self):
        found = curves.at(Outcomes(np.array([1.0, 0]), np.array([0.4, 0.2])), 0.5)
        assert (found.above, found.precision, found.recall, found.f1) == (0, None, 0, 0)

    def test_without_rows_nothing_is_claimed(self):
        found = curves.at(Outcomes(np.array([]), np.array([])), 0.5)
        assert (found.precision, found.recall, found.f1) == (None, None, None)


class TestSteps:
    def test_they_rise_and_hold_the_stored_cut(self):
        validation, test = Outcomes(*scores(500)), Outcomes(*scores(400, seed=2))
        found = [step.threshold for step in curves.steps(validation, test, stored=0.123456)]
        assert found == sorted(set(found))
        assert 0.123456 in found
        assert len(found) <= curves.STEPS + 2

    def test_the_loosest_marks_everybody_of_both_windows(self):
        low, high = (Outcomes(np.zeros(40), np.linspace(start, 0.9, 40)) for start in (0.1, 0.2))
        for validation, test in ((low, high), (high, low)):
            first = curves.steps(validation, test, stored=0.5)[0]
            assert (first.chosen.above, first.later.above) == (40, 40)

    def test_the_strict_end_is_told_person_by_person(self):
        validation = Outcomes(np.zeros(5000), np.linspace(0, 1, 5000))
        above = [step.chosen.above for step in curves.steps(validation, validation, stored=0.5)]
        assert set(range(1, 6)) <= set(above)
        assert max(above) == 5000

    def test_without_the_window_it_was_chosen_on_the_later_one_gives_the_steps(self):
        found = curves.steps(None, Outcomes(*scores(50)), stored=0.5)
        assert all(step.chosen is None for step in found)
        assert found[0].later.above == 50


class TestPage:
    def test_it_starts_at_the_stored_cut_with_both_windows(self, page):
        version = make_version_with_rows(threshold=0.3)
        response = cuts_page(page, version)
        cuts = response.context["cuts"]
        assert cuts.row.step.threshold == 0.3
        assert (cuts.n_chosen, cuts.n_later) == (300, 200)
        assert "30 %" in plain(response)

    def test_without_script_the_form_asks_for_any_step(self, page):
        version = make_version_with_rows()
        cuts = cuts_page(page, version, step="0").context["cuts"]
        assert cuts.place == 0
        assert cuts.row.step.chosen.above == 300

    @pytest.mark.parametrize("step", ["x", "-1", "99999", "1e3", "٣", "9" * 400, ""])
    def test_a_step_that_is_none_means_the_stored_cut(self, page, step):
        cuts = cuts_page(page, make_version_with_rows(), step=step).context["cuts"]
        assert cuts.place == cuts.stored_place

    def test_each_step_is_a_row_that_the_slider_reads(self, page):
        version = make_version_with_rows()
        response = cuts_page(page, version)
        rows = re.findall(
            r'<tr[^>]* data-chosen="([\d.]+ [\d.]+)" data-later="[\d.]+ [\d.]+">', text_of(response)
        )
        assert len(rows) == len(response.context["cuts"].rows)
        assert f'max="{len(rows) - 1}"' in text_of(response)

    def test_a_minimum_that_was_reached_says_over_how_many(self, page):
        response = cuts_page(page, make_version_with_rows(metrics=later(9, 1)))
        shown = plain(response)
        assert "alert-good" in text_of(response)
        assert "A precision of 80 % was reached." in shown
        assert "reached 83 % on the window it was chosen on, over 18 people" in shown
        assert "On later outcomes: 90 % over 10 people." in shown

    @pytest.mark.parametrize(("hits", "others"), [(0, 3), (2, 12), (79, 21)])
    def test_a_minimum_that_did_not_last_has_no_tick(self, page, hits, others):
        response = cuts_page(page, make_version_with_rows(metrics=later(hits, others)))
        shown = plain(response)
        assert "alert-good" not in text_of(response)
        assert "alert-warn" in text_of(response)
        assert "80 % was reached where the cut was chosen, but not later." in shown
        assert "reached 83 % on the window it was chosen on, over 18 people" in shown
        assert f"On later outcomes: {100 * hits // (hits + others)} % over {hits + others} people." in shown

    @pytest.mark.parametrize(("low", "thin"), [(0.61, True), (0.8, False)])
    def test_how_few_people_it_rests_on_is_said(self, page, low, thin):
        card = CARD | {"threshold": CARD["threshold"] | {"precision_low": low}}
        version = make_version_with_rows(card=card)
        for shown in (plain(cuts_page(page, version)), plain(page.get(version.get_absolute_url()))):
            assert ("This rests on 18 people: with 95 % certainty it is at least 61 %." in shown) is thin
            assert ("With 95 % certainty it is at least 80 %." in shown) is not thin

    def test_a_minimum_that_cannot_be_reached_is_a_state_of_its_own(self, page):
        card = CARD | {"threshold": CARD["threshold"] | {"precision": 0.2, "support": 5, "attainable": False}}
        version = make_version_with_rows(threshold_attainable=False, card=card)
        shown = plain(cuts_page(page, version))
        assert "A precision of 80 % cannot be reached." in shown
        assert "reached 20 % on the window it was chosen on, over 5 people" in shown
        assert "This rests on" not in shown

    def test_a_cut_above_everybody_later_says_so(self, page):
        metrics = METRICS | {"at_threshold": {"precision": None, "recall": 0.0}}
        response = cuts_page(page, make_version_with_rows(metrics=metrics))
        shown = plain(response)
        assert "alert-good" not in text_of(response)
        assert "nothing later confirms it" in shown
        assert "On later outcomes nobody was above it." in shown

    def test_it_only_looks(self, page):
        version = make_version_with_rows(threshold=0.3)
        assert "the stored cut stays" in plain(cuts_page(page, version, step="0"))
        version.refresh_from_db()
        assert version.threshold == 0.3
        assert page.post(reverse("scoring:model_thresholds", args=[version.number])).status_code == 405

    def test_without_the_window_it_was_chosen_on_it_says_so(self, page):
        shown = plain(cuts_page(page, make_version_with_rows(validation=False)))
        assert "The window the cut was chosen on was not kept" in shown

    def test_without_rows_it_says_so(self, page):
        assert "The rows it was measured on are not here" in plain(cuts_page(page, make_version()))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, rows, django_assert_num_queries, settings):
        version = make_version_with_rows(rows=rows)
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        with django_assert_num_queries(5):  # session, user, version
            cuts_page(page, version)


class TestPlots:
    def test_the_curve_runs_through_the_cut_it_marks(self):
        outcomes = Outcomes(*scores(150))
        plot = curves.precision_recall([curves.Curve(outcomes, "first", "x", 0.3)], name="pr", title="x")
        (dot,) = plot.dots
        assert f"{dot.x} {dot.y}" in plot.lines[0].path

    def test_each_hire_rate_has_its_line_of_chance(self):
        many, few = Outcomes(np.array([1.0, 0]), np.array([0.9, 0.1])), Outcomes(*scores(150))
        drawn = [curves.Curve(outcomes, "first", "x") for outcomes in (many, few, many)]
        plot = curves.precision_recall(drawn, name="pr", title="x")
        scale = Scale()
        assert [line.path for line in plot.lines if line.style == "chance"] == [
            scale.path([(0, rate), (1, rate)]) for rate in (round(few.y.mean(), 3), 0.5)
        ]

    def test_a_window_with_one_outcome_alone_has_no_curve(self):
        alone = curves.Curve(Outcomes(np.zeros(5), np.arange(5) / 5), "first", "x")
        assert curves.precision_recall([alone], name="pr", title="x") is None

    def test_bins_have_intervals_that_hold_what_came(self):
        for found in curves.bins(METRICS):
            assert 0 <= found.low <= found.hire_rate <= found.high <= 1

    def test_honest_is_the_diagonal(self):
        honest = curves.Bin(100, 0.2, 0.2, 0.13, 0.29)
        plot = curves.reliability([curves.Calibration([honest], "first", "x")], name="r", title="x")
        scale = Scale(0.2, 0.2)
        assert plot.lines[0].path == scale.path([(0, 0), (0.2, 0.2)])
        assert (plot.dots[0].x, plot.dots[0].y) == (scale.x(0.2), scale.y(0.2))

    @pytest.mark.parametrize(
        ("share", "end"), [(0.0, 1.0), (0.05, 0.08), (0.2, 0.2), (0.31, 0.4), (0.9, 1.0), (3, 1.0)]
    )
    def test_an_axis_ends_at_a_plain_number(self, share, end):
        assert round_up(share) == pytest.approx(end)

    def test_thinning_keeps_both_ends(self):
        points = [(place, place) for place in range(1001)]
        found = thinned(points, most=100)
        assert (found[0], found[-1], len(found)) == (points[0], points[-1], 100)
