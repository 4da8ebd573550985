import datetime
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.drift import (
    Alert,
    FeatureStats,
    Served,
    baseline_stats,
    compare,
    judge,
    kind_of,
    stats_from_json,
)

DAY = datetime.datetime(2026, 3, 10, tzinfo=datetime.UTC)
NAMES = ["tem_email", "cv_sap", "salario_valor"]


def binary(rate, *, missing=0.0):
    return FeatureStats("binary", rate, None, missing)


def numeric(mean, std, *, missing=0.0):
    return FeatureStats("numeric", mean, std, missing)


def served(features, *, score=0.2, hour=0):
    return Served(DAY.replace(hour=hour), score, features)


def baseline_of(rows):
    columns = {name: [row.features.get(name) for row in rows] for name in NAMES}
    return baseline_stats(columns | {"score": [row.score for row in rows]})


values = st.fixed_dictionaries(
    {},
    optional={
        "tem_email": st.sampled_from([0.0, 1.0, None]),
        "cv_sap": st.sampled_from([0.0, 1.0]),
        "salario_valor": st.one_of(st.none(), st.floats(0, 1e6)),
    },
)
rows = st.lists(
    st.builds(
        Served,
        st.integers(0, 23).map(lambda hour: DAY.replace(hour=hour)),
        st.floats(0, 1),
        values,
    ),
    min_size=1,
    max_size=40,
)


def test_only_the_salary_and_the_score_are_numbers():
    assert {name for name in [*NAMES, "score"] if kind_of(name) == "numeric"} == {"salario_valor", "score"}


def test_a_baseline_has_rates_means_and_missing_shares():
    stats = baseline_stats({"tem_email": [1, 0, None, 1], "salario_valor": [1000.0, math.nan, 3000.0, None]})
    assert stats["tem_email"] == binary(2 / 3, missing=0.25)
    assert stats["salario_valor"] == numeric(2000.0, 1000.0, missing=0.5)


def test_a_number_that_never_varies_has_a_deviation_of_one():
    assert baseline_stats({"salario_valor": [5.0, 5.0]})["salario_valor"].std == 1.0


def test_a_column_without_values_has_no_centre():
    assert baseline_stats({"tem_email": [None], "salario_valor": []}) == {
        "tem_email": binary(None, missing=1.0),
        "salario_valor": numeric(None, None, missing=1.0),
    }


def test_statistics_survive_json():
    stats = baseline_stats({"tem_email": [1, None], "salario_valor": [1.0, 2.0]})
    assert stats_from_json({name: one.to_json() for name, one in stats.items()}) == stats


@pytest.mark.parametrize(
    "stored", [{}, {"kind": "text"}, {"kind": "binary", "rate": "0.5"}, {"kind": "numeric", "mean": True}]
)
def test_an_unreadable_baseline_names_its_feature(stored):
    with pytest.raises(ValueError, match="tem_email"):
        stats_from_json({"tem_email": stored})


@pytest.mark.parametrize(("rate", "alerts"), [(0.65, 0), (0.3500001, 0), (0.66, 1), (0.34, 1)])
def test_a_rate_alerts_beyond_fifteen_points(rate, alerts):
    assert len(compare({"tem_email": binary(0.5)}, {"tem_email": binary(rate)})) == alerts


@pytest.mark.parametrize(("mean", "alerts"), [(130.0, 0), (70.0, 0), (130.1, 1), (69.9, 1)])
def test_a_mean_alerts_beyond_three_deviations(mean, alerts):
    found = compare({"salario_valor": numeric(100.0, 10.0)}, {"salario_valor": numeric(mean, 1.0)})
    assert len(found) == alerts


def test_an_alert_tells_both_values_the_distance_and_the_limit():
    rate, mean = compare(
        {"tem_email": binary(0.5), "salario_valor": numeric(100.0, 10.0)},
        {"tem_email": binary(1.0), "salario_valor": numeric(60.0, 1.0)},
    )
    assert rate == Alert("tem_email", "rate", 0.5, 1.0, 0.5, 0.15)
    assert mean == Alert("salario_valor", "mean", 100.0, 60.0, 4.0, 3.0)


def test_a_stored_deviation_of_zero_counts_as_one():
    (alert,) = compare({"salario_valor": numeric(0.0, 0.0)}, {"salario_valor": numeric(4.0, 1.0)})
    assert alert.distance == 4.0


def test_a_feature_that_no_payload_holds_is_missing():
    day = judge({"tem_email": binary(1.0, missing=0.25)}, [served({"cv_sap": 1.0})], minimum=1)
    assert day.alerts == (Alert("tem_email", "missing", 0.25, 1.0, 0.75, None),)


def test_one_payload_with_a_value_is_not_missing():
    day = judge({"tem_email": binary(1.0)}, [served({}), served({"tem_email": 1.0})], minimum=1)
    assert day.alerts == ()


def test_a_feature_the_model_never_saw_is_not_judged():
    assert (
        judge({"tem_email": binary(None, missing=1.0)}, [served({"tem_email": 1.0})], minimum=1).alerts == ()
    )


def test_a_feature_without_baseline_is_not_judged():
    assert judge({"cv_sap": binary(0.0)}, [served({"new": 1.0, "cv_sap": 0.0})], minimum=1).alerts == ()


def test_unknown_values_do_not_move_a_rate():
    payloads = [served({"tem_email": 1.0})] + [served({"tem_email": None})] * 9
    assert judge({"tem_email": binary(1.0)}, payloads, minimum=1).alerts == ()


def test_the_score_is_held_against_the_baselines_score():
    day = judge({"score": numeric(0.1, 0.05)}, [served({}, score=0.9)], minimum=1)
    assert [alert.feature for alert in day.alerts] == ["score"]


def test_too_few_predictions_are_counted_but_not_judged():
    day = judge({"tem_email": binary(1.0)}, [served({"tem_email": 0.0})] * 29, minimum=30)
    assert (day.enough, day.predictions, day.alerts) == (False, 29, ())
    assert judge({"tem_email": binary(1.0)}, [served({"tem_email": 0.0})] * 30, minimum=30).enough


def test_without_a_baseline_nothing_is_judged():
    day = judge({}, [served({})] * 50, minimum=30)
    assert (day.enough, day.predictions) == (False, 50)


def test_a_day_without_predictions_is_empty():
    day = judge({"tem_email": binary(1.0)}, [], minimum=0)
    assert (day.predictions, day.mean_score, day.enough, day.alerts) == (0, None, False, ())
    assert len(day.hourly) == 24


def test_hours_have_their_count_and_mean_score():
    day = judge({}, [served({}, score=0.2, hour=9), served({}, score=0.4, hour=9)], minimum=1)
    nine = day.hourly[9]
    assert (nine.hour, nine.count, nine.mean_score) == (9, 2, pytest.approx(0.3))
    assert sum(hour.count for hour in day.hourly) == 2
    assert day.hourly[10].mean_score is None


@given(rows)
def test_the_same_data_never_alert(day):
    assert judge(baseline_of(day), day, minimum=1).alerts == ()


@given(rows, rows, st.randoms())
def test_the_order_of_predictions_changes_nothing(past, day, random):
    shuffled = random.sample(day, len(day))
    assert judge(baseline_of(past), day, minimum=1) == judge(baseline_of(past), shuffled, minimum=1)


@given(rows, st.integers(2, 4))
def test_the_same_day_several_times_over_gives_the_same_alerts(day, times):
    baseline = {"tem_email": binary(0.5), "salario_valor": numeric(100.0, 10.0), "score": numeric(0.1, 0.1)}
    once, more = judge(baseline, day, minimum=1), judge(baseline, day * times, minimum=1)
    assert [alert.feature for alert in once.alerts] == [alert.feature for alert in more.alerts]
    assert more.predictions == times * once.predictions


@given(rows)
def test_no_figure_is_infinite_or_undefined(day):
    for alert in judge(
        {"salario_valor": numeric(0.0, 0.0), "score": numeric(9.0, 1.0)}, day, minimum=1
    ).alerts:
        assert all(map(math.isfinite, (alert.baseline, alert.current, alert.distance)))


@given(rows, st.integers(1, 60))
def test_there_are_alerts_only_with_enough_predictions(day, minimum):
    result = judge({"tem_email": binary(0.5)}, day, minimum=minimum)
    assert result.enough == (len(day) >= minimum)
    assert result.enough or not result.alerts
