import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml.counting import NEVER
from scoring.ml.job_record import (
    CLIENT_SMOOTHING,
    JOB_RECORD,
    JOB_SMOOTHING,
    PATIENCE,
    RECENT,
    RECENT_OF_CLIENT,
    SMOOTHING,
    JobRecord,
    Keys,
)

# Jobs 1-4: two of client 7, one of them with title and contract of a job of client 8; the last is unknown
TABLE = pd.DataFrame(
    {
        "client": [7, 7, 8, 0],
        "title": [1, 2, 1, 0],
        "title_head": [1, 2, 1, 0],
        "title_start": [1, 2, 1, 0],
        "contract": [5, 6, 5, 6],
        "area": [1, 1, 2, 0],
    },
    index=[1, 2, 3, 4],
)
KEYS = Keys(ids=TABLE.index.to_numpy(), **{name: TABLE[name].to_numpy() for name in TABLE})
DAY = 400
EVENT = st.tuples(
    st.integers(1, 5),  # job 5 is in no table
    st.integers(0, 500),
    st.one_of(st.none(), st.integers(0, 120)),
    st.booleans(),
)


def record(events):
    jobs, applied, known, hired = columns(events)
    return JobRecord(KEYS, jobs=jobs, applied=applied, known=known, hired=hired)


def columns(events):
    jobs = np.array([job for job, *_ in events], dtype=np.int64)
    applied = np.array([day for _, day, *_ in events], dtype=np.int64)
    known = np.array([NEVER if wait is None else day + wait for _, day, wait, _ in events], dtype=np.int64)
    hired = np.array([wait is not None and hire for *_, wait, hire in events], dtype=bool)
    return jobs, applied, known, hired


def of(events, job, day=DAY):
    found = record(events).features(np.array([job]), np.array([day]))
    return {name: float(values[0]) for name, values in found.items()}


def by_hand(events, job, day=DAY):
    jobs, applied, known, hired = columns(events)
    rows = pd.DataFrame({"job": jobs, "applied": applied, "known": known, "hired": hired})
    rows["settled"] = np.minimum(rows["known"], rows["applied"] + PATIENCE)
    others = rows[rows["job"] != job]
    grouped = {name: others["job"].map(TABLE[name]).fillna(0) for name in TABLE}
    here = TABLE.loc[job]

    def counts(chosen, last=None):
        since = -NEVER if last is None else day - last
        settled = chosen["settled"].between(since, day - 1).sum()
        return settled, (chosen["hired"] & chosen["known"].between(since, day - 1)).sum()

    settled, hires = counts(others)
    overall = (hires + 1) / (settled + 2)
    found = {}
    for name in ("client", "title", "contract", "title_head", "title_start", "area"):
        settled, hires = counts(others[(grouped[name] == here[name]) & (here[name] != 0)])
        found[f"{name}_hire_rate"] = (
            (hires + SMOOTHING * overall) / (settled + SMOOTHING) if settled else np.nan
        )
    client = overall if np.isnan(found["client_hire_rate"]) else found["client_hire_rate"]
    ours = (grouped["client"] == here["client"]) & (here["client"] != 0)
    for name in ("contract", "area"):
        settled, hires = counts(others[ours & (grouped[name] == here[name])])
        found[f"client_{name}_hire_rate"] = (hires + CLIENT_SMOOTHING * client) / (settled + CLIENT_SMOOTHING)
    settled, hires = counts(others[ours], RECENT_OF_CLIENT)
    found["client_recent_hire_rate"] = (hires + CLIENT_SMOOTHING * client) / (settled + CLIENT_SMOOTHING)
    settled, hires = counts(others, RECENT)
    found["recent_hire_rate"] = (hires + 1) / (settled + 2)

    filled = rows["known"].where(rows["hired"], NEVER)
    each = pd.DataFrame({"began": rows["applied"], "filled": filled}).groupby(rows["job"]).min()
    each = each.drop(index=job, errors="ignore")
    each["settled"] = np.minimum(each["filled"], each["began"] + PATIENCE)
    kind = {name: each.index.map(TABLE[name]).fillna(0) for name in TABLE}
    all_filled = ((each["filled"] < day).sum() + 1) / ((each["settled"] < day).sum() + 2)
    for name in ("client", "contract"):
        same = each[(kind[name] == here[name]) & (here[name] != 0)]
        settled, full = (same["settled"] < day).sum(), (same["filled"] < day).sum()
        found[f"{name}_fill_rate"] = (
            (full + JOB_SMOOTHING * all_filled) / (settled + JOB_SMOOTHING) if settled else np.nan
        )
    size = ((others["applied"] < day).sum() + 1) / ((each["began"] < day).sum() + 1)
    for name in ("client", "contract", "title_head"):
        began = (each[(kind[name] == here[name]) & (here[name] != 0)]["began"] < day).sum()
        came = (others[(grouped[name] == here[name]) & (here[name] != 0)]["applied"] < day).sum()
        found[f"{name}_applicants_per_job"] = (
            (came + JOB_SMOOTHING * size) / (began + JOB_SMOOTHING) if began else np.nan
        )
    return found


@settings(max_examples=150, deadline=None)
@given(events=st.lists(EVENT, max_size=25), job=st.integers(1, 4))
def test_it_agrees_with_counting_by_hand(events, job):
    found, expected = of(events, job), by_hand(events, job)
    assert set(found) == set(JOB_RECORD) == set(expected)
    for name in JOB_RECORD:
        assert found[name] == pytest.approx(expected[name], rel=1e-6, nan_ok=True), name


@settings(max_examples=50, deadline=None)
@given(events=st.lists(EVENT, max_size=15), later=st.lists(EVENT, max_size=10), job=st.integers(1, 4))
def test_nothing_on_the_day_or_later_changes_it(events, later, job):
    after = [(other, DAY + applied, wait, hire) for other, applied, wait, hire in later]
    np.testing.assert_equal(of(events + after, job), of(events, job))


@settings(max_examples=50, deadline=None)
@given(events=st.lists(EVENT, max_size=15), own=st.lists(EVENT, max_size=10), job=st.integers(1, 4))
def test_the_job_itself_is_never_counted(events, own, job):
    others = [event for event in events if event[0] != job]
    with_own = others + [(job, applied, wait, hire) for _, applied, wait, hire in own]
    assert of(with_own, job) == pytest.approx(of(others, job), nan_ok=True)


def test_a_part_of_a_client_without_a_past_stands_where_the_client_does():
    events = [(1, 10, 5, True), (1, 20, 5, False)]
    found = of(events, 2)
    assert found["client_contract_hire_rate"] == pytest.approx(found["client_hire_rate"])
