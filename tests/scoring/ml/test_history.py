import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.features import build_features, prepare_candidates, prepare_history, prepare_jobs
from scoring.ml.history import CANDIDATE_HISTORY, JOB_HISTORY, PATIENCE, SMOOTHING
from scoring.ml.text import TextModel
from tests.scoring.ml.frames import candidates, events, jobs, pairs

HISTORY = [*CANDIDATE_HISTORY, *JOB_HISTORY]
WORK = jobs(
    {"client": "Acme", "title": "Java 123", "contract_types": ["clt"]},
    {"client": "Acme", "title": "Java", "contract_types": ["clt"]},
    {"client": "Acme", "title": "SAP", "contract_types": ["pj"]},
    {"client": "Beta", "title": "JAVA - 77", "contract_types": ["pj"]},
    {"client": "", "title": "", "contract_types": []},
)
TEXT = TextModel()
PEOPLE = prepare_candidates(candidates(*[{}] * 9), text=TEXT)
JOBS = prepare_jobs(WORK, text=TEXT)


def history(known, *asked):
    return build_features(pairs(*asked), candidates=PEOPLE, jobs=JOBS, events=known)[HISTORY]


def one(known, candidate=1, job=1, day="2022-06-15"):
    return history(known, (candidate, job, day)).iloc[0]


def test_it_counts_earlier_applications_and_their_known_outcomes():
    row = one(
        events(
            (1, 2, "2022-01-10", "2022-01-20", "rejected"),
            (1, 3, "2022-02-10", "2022-02-20", "withdrew"),
            (1, 4, "2022-06-05", "2022-06-10", "hired"),
            (2, 4, "2022-03-01", "2022-03-02", "rejected"),
        )
    )
    assert row["earlier_applications"] == 3
    assert row["days_since_application"] == 10
    assert (row["earlier_rejections"], row["earlier_withdrawals"], row["earlier_hires"]) == (1, 1, 1)


def test_the_day_itself_is_not_earlier():
    row = one(events((1, 2, "2022-06-15", "2022-06-15", "hired"), (2, 1, "2022-06-15", None, "in_flight")))
    assert row["earlier_applications"] == 0
    assert row["job_earlier_applicants"] == 0
    assert np.isnan(row["days_since_application"])


def test_an_outcome_decided_later_is_not_known():
    row = one(
        events((1, 2, "2022-06-01", "2022-06-15", "rejected"), (1, 3, "2022-06-01", "2022-06-20", "hired"))
    )
    assert (row["earlier_applications"], row["earlier_rejections"], row["earlier_hires"]) == (2, 0, 0)


def test_a_decision_without_a_date_is_never_known():
    row = one(events((1, 2, "2022-06-01", None, "hired")))
    assert (row["earlier_applications"], row["earlier_hires"]) == (1, 0)


def test_undated_decisions_of_one_pair_do_not_spill_into_the_next():
    known = events((1, 1, "2022-06-20", None, "hired"), (1, 4, "2022-06-20", None, "hired"))
    assert history(known, (1, 1, "2022-06-15"), (1, 4, "2022-06-15"))["earlier_hires"].eq(0).all()


def test_a_decision_dated_before_its_application_counts_from_the_application():
    known = events((1, 2, "2022-06-10", "2022-01-01", "hired"))
    assert one(known, day="2022-06-10")["earlier_hires"] == 0
    assert one(known, day="2022-06-11")["earlier_hires"] == 1


def test_the_pair_itself_is_never_counted():
    row = one(events((1, 1, "2022-01-10", "2022-01-20", "hired")))
    assert row["earlier_applications"] == row["earlier_hires"] == row["job_earlier_applicants"] == 0
    assert np.isnan(row["days_since_application"])


def test_days_since_step_over_the_pair_itself():
    row = one(events((1, 2, "2022-01-10", None, "in_flight"), (1, 1, "2022-06-01", None, "in_flight")))
    assert row["days_since_application"] == 156


def test_earlier_applicants_of_the_job_are_counted():
    known = events(*((person, 1, f"2022-06-{10 + person}", None, "in_flight") for person in (2, 3, 4, 5, 6)))
    assert one(known)["job_earlier_applicants"] == 3


def test_the_rate_of_a_client_is_smoothed_towards_the_overall_rate():
    known = events(
        (1, 2, "2022-01-01", "2022-01-10", "hired"),
        (2, 2, "2022-01-01", "2022-01-10", "rejected"),
        (3, 3, "2022-01-01", "2022-01-10", "hired"),
        (4, 4, "2022-01-01", "2022-01-10", "rejected"),
    )
    overall = (2 + 1) / (4 + 2)
    row = one(known, candidate=9)
    assert row["client_hire_rate"] == pytest.approx((2 + SMOOTHING * overall) / (3 + SMOOTHING))
    assert row["title_hire_rate"] == pytest.approx((1 + SMOOTHING * overall) / (3 + SMOOTHING))
    assert row["contract_hire_rate"] == pytest.approx((1 + SMOOTHING * overall) / (2 + SMOOTHING))


def test_the_job_itself_is_left_out_of_its_rates():
    known = events((2, 1, "2022-01-01", "2022-01-10", "hired"), (3, 1, "2022-01-01", "2022-01-10", "hired"))
    assert one(known)[["client_hire_rate", "title_hire_rate", "contract_hire_rate"]].isna().all()
    others = events((4, 2, "2022-01-01", "2022-01-10", "rejected"))
    both = pd.concat([known, others])
    np.testing.assert_array_equal(
        one(both)[["client_hire_rate", "title_hire_rate"]],
        one(others)[["client_hire_rate", "title_hire_rate"]],
    )


def test_an_undecided_application_counts_as_not_hired_after_its_time():
    known = events((2, 2, "2022-01-01", None, "in_flight"))
    last = pd.Timestamp("2022-01-01") + pd.Timedelta(days=PATIENCE)
    assert np.isnan(one(known, day=last)["client_hire_rate"])
    assert one(known, day=last + pd.Timedelta(days=1))["client_hire_rate"] < 0.5


def test_a_late_decision_counts_as_not_hired_until_it_is_made():
    known = events((2, 2, "2022-01-01", "2022-05-01", "hired"))
    before, after = one(known, day="2022-05-01"), one(known, day="2022-05-02")
    assert before["client_hire_rate"] < after["client_hire_rate"]


def test_unknown_client_and_title_have_no_rate():
    known = events((2, 5, "2022-01-01", "2022-01-10", "hired"), (2, 2, "2022-01-01", "2022-01-10", "hired"))
    assert one(known, job=5)[["client_hire_rate", "title_hire_rate", "contract_hire_rate"]].isna().all()


def test_without_events_counts_are_zero_and_rates_unknown():
    row = one(events())
    assert row[["earlier_applications", "earlier_hires", "job_earlier_applicants"]].eq(0).all()
    assert row[["client_hire_rate", "days_since_application"]].isna().all()


def test_events_of_jobs_and_people_out_of_sight_do_no_harm():
    row = one(
        events((77, 99, "2022-01-01", "2022-01-10", "hired"), (1, 98, "2022-01-01", "2022-01-10", "hired"))
    )
    assert (row["earlier_applications"], row["earlier_hires"]) == (2 - 1, 1)


def test_a_prepared_history_gives_the_same_as_the_events():
    known = events(
        (1, 2, "2022-01-10", "2022-01-20", "hired"), (2, 3, "2022-02-01", "2022-02-05", "rejected")
    )
    expected = history(known, (1, 1, "2022-06-15"))
    needed = ["client", "title", "contract_types", "area_labels", "requested_on", "seniority"]
    for source in (JOBS, WORK, WORK[[*needed, "salary_monthly"]]):
        pd.testing.assert_frame_equal(
            history(prepare_history(known, jobs=source), (1, 1, "2022-06-15")), expected
        )


def test_a_history_of_all_jobs_serves_a_block_of_one():
    known = events((2, 2, "2022-01-10", "2022-01-20", "hired"))
    alone = build_features(
        pairs((1, 1, "2022-06-15")),
        candidates=PEOPLE,
        jobs=JOBS.subset([1]),
        events=prepare_history(known, jobs=JOBS),
    )[HISTORY]
    pd.testing.assert_frame_equal(alone, history(known, (1, 1, "2022-06-15")))


DAY = pd.Timestamp("2022-06-15")
EVENT = st.tuples(
    st.integers(1, 9),
    st.integers(1, 5),
    st.integers(-200, 60),
    st.one_of(st.none(), st.integers(-200, 90)),
    st.sampled_from(["in_flight", "hired", "rejected", "withdrew"]),
)


def dated(rows):
    after = pd.Timedelta(days=1)
    return events(
        *(
            (person, job, DAY + applied * after, None if decided is None else DAY + decided * after, outcome)
            for person, job, applied, decided, outcome in rows
        )
    )


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(EVENT, min_size=1, max_size=25), noise=st.lists(EVENT, max_size=10))
def test_nothing_on_or_after_the_day_changes_a_feature(rows, noise):
    known = dated(rows)
    asked = [(person, job, DAY) for person in (1, 2) for job in (1, 4)]
    expected = history(known, *asked)
    rewritten = known.copy()
    late = ~(rewritten["decided_on"] < DAY)
    rewritten.loc[late, "decided_on"] = pd.NaT
    rewritten.loc[late, "outcome"] = "in_flight"
    rewritten = rewritten[rewritten["applied_on"] < DAY]
    future = dated(
        [(person, job, abs(applied), decided, outcome) for person, job, applied, decided, outcome in noise]
    )
    pd.testing.assert_frame_equal(history(pd.concat([rewritten, future]), *asked), expected)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(EVENT, min_size=1, max_size=25, unique_by=lambda row: row[:2]))
def test_it_agrees_with_counting_by_hand(rows):
    known, asked = dated(rows), [(person, job, DAY) for person in (1, 2) for job in (1, 4)]
    found = history(known, *asked).to_dict("records")
    for (person, job, _), row in zip(asked, found, strict=True):
        expected = by_hand(known, person, job)
        np.testing.assert_equal({name: row[name] for name in expected}, expected)


def by_hand(known, person, job):
    decided = known["decided_on"].where(known["outcome"] != "in_flight")
    decided = decided.where(~(decided < known["applied_on"]), known["applied_on"])
    past, settled = known["applied_on"] < DAY, decided < DAY
    mine, others = (known["candidate_id"] == person) & (known["job_id"] != job), known["job_id"] != job
    waited = settled | (known["applied_on"] + pd.Timedelta(days=PATIENCE) < DAY)
    hired = settled & (known["outcome"] == "hired")
    overall = ((hired & others).sum() + 1) / ((waited & others).sum() + 2)
    last = known.loc[mine & past, "applied_on"].max()
    row = {
        "earlier_applications": (mine & past).sum(),
        "days_since_application": np.nan if pd.isna(last) else (DAY - last).days,
        "earlier_rejections": (mine & settled & (known["outcome"] == "rejected")).sum(),
        "earlier_withdrawals": (mine & settled & (known["outcome"] == "withdrew")).sum(),
        "earlier_hires": (mine & hired).sum(),
        "job_earlier_applicants": (~others & (known["candidate_id"] != person) & past).sum(),
    }
    groups = {"client": {1: "A", 2: "A", 3: "A", 4: "B"}, "title": {1: "J", 2: "J", 3: "S", 4: "J"}}
    groups["contract"] = {1: "c", 2: "c", 3: "p", 4: "p"}
    for name, group in groups.items():
        same = others & (known["job_id"].map(group) == group[job])
        number = (waited & same).sum()
        smoothed = ((hired & same).sum() + SMOOTHING * overall) / (number + SMOOTHING)
        row[f"{name}_hire_rate"] = np.float32(smoothed) if number else np.nan
    return {name: np.float32(value) for name, value in row.items()}


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(EVENT, min_size=2, max_size=25), seed=st.integers(0, 99))
def test_the_order_of_events_is_of_no_consequence(rows, seed):
    known, asked = dated(rows), (1, 1, DAY)
    shuffled = known.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(history(shuffled, asked), history(known, asked))
