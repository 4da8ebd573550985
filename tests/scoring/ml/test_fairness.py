import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from scoring.ml import fairness as fa
from scoring.ml.compare import Answers


def picks_of(picked):
    return {"at_cut": np.asarray(picked, dtype=float)}


def two(n, hits, other_n, other_hits):
    """A block of women and men of whom so many were chosen."""
    sex = np.array(["female"] * n + ["male"] * other_n)
    picked = np.r_[np.arange(n) < hits, np.arange(other_n) < other_hits].astype(float)
    return fa.audit({"sex": sex}, picks_of(picked))[0]


def named(block, name):
    return next(one for one in block.categories if one.name == name)


def test_rates_ratio_and_test_of_two_groups():
    block = two(100, 20, 200, 80)

    women, men = named(block, "female"), named(block, "male")
    assert (block.n, block.unknown, block.reference) == (300, 0, "male")
    assert (women.n, women.hits, women.rate, men.rate) == (100, 20, 0.2, 0.4)
    assert women.ratio == pytest.approx(0.5)
    assert women.low < 0.5 < women.high < 0.8
    assert women.p_value == pytest.approx(fisher_exact([[20, 80], [80, 120]])[1])
    assert (women.flagged, women.certain) == (True, True)
    assert (men.ratio, men.p_value, men.flagged) == (1.0, None, False)


def test_the_interval_is_that_of_the_published_formula():
    """Katz et al. 1978: ln(ratio) ± 1.96 · sqrt(1/20 - 1/100 + 1/80 - 1/200)."""
    women = named(two(100, 20, 200, 80), "female")

    spread = 1.959963984540054 * np.sqrt(1 / 20 - 1 / 100 + 1 / 80 - 1 / 200)
    assert (women.low, women.high) == pytest.approx((0.5 * np.exp(-spread), 0.5 * np.exp(spread)))


def test_a_low_ratio_of_few_people_is_not_flagged():
    women = named(two(40, 3, 40, 5), "female")

    assert women.ratio == pytest.approx(0.6)
    assert women.enough
    assert not women.flagged


def test_a_significant_difference_above_the_limit_is_not_flagged():
    women = named(two(2000, 1700, 2000, 1900), "female")

    assert women.p_value < 0.001
    assert not women.flagged


def test_too_few_are_shown_and_not_judged():
    block = two(29, 0, 300, 200)

    women = named(block, "female")
    assert (women.n, women.hits, women.ratio) == (29, 0, 0.0)
    assert (women.enough, women.p_value, women.flagged) == (False, None, False)
    assert not block.can_be_judged


def test_what_became_of_fewer_than_five_is_not_told():
    women = named(two(4, 1, 100, 50), "female")

    assert (women.n, women.hits, women.rate, women.ratio) == (4, None, None, None)


def test_a_category_under_two_percent_stays_out_of_the_ratio():
    block = two(40, 40, 3000, 30)

    women = named(block, "female")
    assert (women.n, women.rate, women.ratio) == (40, 1.0, None)
    assert block.reference == "male"


def test_few_people_are_never_the_yardstick():
    block = two(20, 20, 300, 100)

    assert block.reference == "male"
    assert named(block, "female").ratio == pytest.approx(3.0)


def test_people_of_unknown_group_are_left_out_and_counted():
    sex = np.array(["female"] * 50 + ["male"] * 50 + [""] * 25)
    picked = np.zeros(125)
    picked[100:] = 1

    block = fa.audit({"sex": sex}, picks_of(picked))[0]

    assert (block.n, block.unknown) == (100, 25)
    assert {one.name for one in block.categories} == {"female", "male"}
    assert all(one.ratio is None for one in block.categories)  # nobody chosen: no rate to divide by


def test_without_anybody_known_there_is_a_block_without_categories():
    block = fa.audit({"sex": np.array([""] * 9)}, picks_of(np.ones(9)))[0]

    assert (block.n, block.unknown, block.reference, block.categories) == (0, 9, None, ())


def test_many_looks_at_noise_leave_little_that_is_certain():
    chance = np.random.default_rng(0)
    flagged = certain = 0
    for _ in range(60):
        groups = {
            name: chance.choice(["a", "b", "c"], size=400, p=[0.6, 0.25, 0.15]) for name in ("one", "two")
        }
        picks = {f"m{i}": (chance.random(400) < 0.2).astype(float) for i in range(4)}
        found = [one for block in fa.audit(groups, picks) for one in block.categories]
        flagged += any(one.flagged for one in found)
        certain += any(one.certain for one in found)
    assert flagged > 10
    assert certain <= 6


def test_the_correction_is_holm_s():
    # p-values .0100 (certain: < .05/3), .0300 (not: >= .05/2), so .0400 is not either
    rows = {"a": 0.010, "b": 0.030, "c": 0.040}
    blocks = [
        fa.Block(
            name, "at_cut", 1, 0, "r", (fa.Category("x", 50, 5, 0.1, ratio=0.5, p_value=p, flagged=True),)
        )
        for name, p in rows.items()
    ]

    found = fa._with_certainty(blocks, fa.Rules())

    assert [block.categories[0].certain for block in found] == [True, False, False]


def test_it_is_plain_json():
    assert json.loads(json.dumps(two(40, 3, 40, 5).to_json(), allow_nan=False))["reference"] == "male"


# Who is chosen


def chosen(raw, jobs, *, p=None, people=None, threshold=0.5):
    raw = np.asarray(raw, dtype=float)
    p = raw if p is None else np.asarray(p, dtype=float)
    people = np.arange(len(raw)) if people is None else people
    return fa.chosen(Answers(p, raw, threshold), job_ids=jobs, candidate_ids=people)


def test_the_first_ten_count_in_jobs_with_more_than_ten():
    raw = np.r_[np.arange(12), np.arange(10)]
    found = chosen(raw, np.r_[np.zeros(12), np.ones(10)])["first_ten"]

    assert found[:12].tolist() == [0, 0] + [1] * 10
    assert np.isnan(found[12:]).all()


def test_the_best_third_is_rounded_up_and_needs_three():
    found = chosen([1, 2, 3, 4, 5, 6], [7, 7, 7, 7, 9, 9])["top_third"]

    assert found[:4].tolist() == [0, 0, 1, 1]
    assert np.isnan(found[4:]).all()


def test_above_the_median_is_strictly_above():
    assert chosen([1, 2, 2, 3], [1, 2, 3, 4])["above_median"].tolist() == [0, 0, 0, 1]


def test_at_the_cut_is_by_probability():
    found = chosen([5, 1], [1, 1], p=[0.4, 0.5], threshold=0.5)

    assert found["at_cut"].tolist() == [0, 1]


def test_ties_stand_in_the_order_of_the_ranking_page():
    found = chosen([1, 1, 1], [1, 1, 1], people=np.array([30, 10, 20]))

    assert found["top_third"].tolist() == [0, 1, 0]


def test_places_inside_a_job_follow_the_order_that_people_see():
    raw, order = np.array([1.0, 2.0, 3.0]), np.array([9.0, 5.0, 1.0])

    found = fa.chosen(Answers(raw, raw, 0.5, order), job_ids=[1, 1, 1], candidate_ids=[1, 2, 3])

    assert found["top_third"].tolist() == [1, 0, 0]
    assert found["above_median"].tolist() == [0, 0, 1]


def test_nobody_gives_empty_measures():
    found = chosen([], [])

    assert set(found) == set(fa.MEASURES)
    assert all(len(one) == 0 for one in found.values())


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        chosen([1, 2], [1])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=60))
def test_each_job_gives_away_as_many_places_as_it_has(rows):
    raw, jobs = (np.array(column) for column in zip(*rows, strict=True))
    found = chosen(raw, jobs)

    for job in np.unique(jobs):
        n = int(np.sum(jobs == job))
        places = found["top_third"][jobs == job]
        assert np.isnan(places).all() if n < 3 else places.sum() == np.ceil(n / 3)
        ten = found["first_ten"][jobs == job]
        assert np.isnan(ten).all() if n <= 10 else ten.sum() == 10


# Two models


def biased(strength, seed=0, jobs=120, each=10):
    """Half women; a margin that takes ``strength`` away from them."""
    chance = np.random.default_rng(seed)
    n = jobs * each
    sex = np.where(chance.random(n) < 0.5, "female", "male")
    skill = chance.normal(size=n)
    return sex, skill - strength * (sex == "female"), np.repeat(np.arange(jobs), each)


def picks_and_blocks(raw, jobs, sex):
    picks = chosen(raw, jobs)
    return picks, fa.audit({"sex": sex}, picks)


def test_a_model_that_puts_women_lower_than_the_one_before_is_worse():
    sex, fair, jobs = biased(0.0)
    unfair = fair - 1.0 * (sex == "female")
    picks, blocks = picks_and_blocks(unfair, jobs, sex)

    found = fa.gaps(blocks, {"sex": sex}, challenger=picks, champion=chosen(fair, jobs), job_ids=jobs)

    gap = next(one for one in found if one.measure == "above_median")
    assert gap.category == "female"
    assert gap.challenger < 0.8 < gap.champion
    assert gap.is_worse
    assert gap.high < 0


def test_a_model_that_is_as_unfair_as_the_one_before_is_not_worse():
    sex, raw, jobs = biased(1.0)
    picks, blocks = picks_and_blocks(raw, jobs, sex)

    found = fa.gaps(blocks, {"sex": sex}, challenger=picks, champion=picks, job_ids=jobs)

    assert found
    assert all((one.low, one.high, one.is_worse) == (0.0, 0.0, False) for one in found)


def test_a_fair_model_has_no_gap_to_look_at():
    sex, raw, jobs = biased(0.0)
    picks, blocks = picks_and_blocks(raw, jobs, sex)

    assert fa.gaps(blocks, {"sex": sex}, challenger=picks, champion=picks, job_ids=jobs) == ()


def test_a_champion_that_chose_nobody_leaves_the_gap_open():
    sex, raw, jobs = biased(1.0)
    picks, blocks = picks_and_blocks(raw, jobs, sex)
    nobody = {name: np.zeros_like(one) for name, one in picks.items()}

    found = fa.gaps(blocks, {"sex": sex}, challenger=picks, champion=nobody, job_ids=jobs)

    assert all((one.champion, one.is_worse) == (None, None) for one in found)
