import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ml import usual_pay
from scoring.ml.features import build_features, prepare_candidates, prepare_history, prepare_jobs
from scoring.ml.schema import SENIORITY_ORDINAL
from scoring.ml.text import TextModel
from tests.scoring.ml.frames import candidates, events, jobs, pairs

DAY = "2022-06-15"
TEXT = TextModel()
PEOPLE = prepare_candidates(candidates({"cv_text": "x", "salary_monthly": 6000.0}), text=TEXT)
OTHERS = [{"title": word, "requested_on": "2020-01-01"} for word in ("Médico", "Piloto", "Cozinheira")]


def pay_of(job, work, *, day=DAY, source=None):
    """Pay and wish as its multiple of the numbered job, with a past of these jobs."""
    block = prepare_jobs(jobs(*work), text=TEXT)
    history = prepare_history(events(), jobs=block if source is None else source)
    row = build_features(pairs((1, job, day)), candidates=PEOPLE, jobs=block.subset([job]), events=history)
    return row[["job_pay", "wish_to_pay"]].iloc[0].tolist()


def borrowed(*work, day=DAY):
    """What the first of the jobs is said to pay, in a company that knows three other trades."""
    return pay_of(1, [*work, *OTHERS], day=day)[0]


def asked(title="Analista Java", on="2022-03-01", pay=math.nan, level="senior"):
    return {"title": title, "requested_on": on, "salary_monthly": pay, "seniority": level}


def test_a_job_without_a_stated_pay_borrows_that_of_earlier_jobs_alike():
    found = borrowed(asked(), asked(on="2021-03-01", pay=4000.0), asked(on="2021-03-02", pay=9000.0))
    assert found == pytest.approx(6000, rel=0.05)


def test_its_own_pay_comes_before_a_borrowed_one():
    own = asked(pay=3000.0)
    assert borrowed(own, asked(on="2021-03-01", pay=9000.0)) == 3000
    assert pay_of(1, [own])[1] == 2


def test_the_wish_is_told_as_a_multiple_of_what_is_borrowed():
    pay, multiple = pay_of(1, [asked(), asked(on="2021-03-01", pay=9000.0), *OTHERS])
    assert multiple == pytest.approx(6000 / pay)
    assert pay == pytest.approx(9000)


def test_jobs_requested_on_the_same_day_or_later_lend_nothing():
    assert math.isnan(borrowed(asked(), asked(pay=9000.0)))
    assert math.isnan(borrowed(asked(), asked(on="2022-03-02", pay=9000.0)))
    assert borrowed(asked(), asked(on="2022-02-28", pay=9000.0)) == pytest.approx(9000)


def test_a_job_that_was_requested_after_the_day_of_asking_borrows_from_before_that_day():
    slip = asked(on="2023-01-01")
    assert math.isnan(borrowed(slip, asked(on="2022-06-15", pay=9000.0)))
    assert borrowed(slip, asked(on="2022-06-14", pay=9000.0)) == pytest.approx(9000)


def test_a_job_without_a_date_borrows_as_of_the_day_of_asking_and_lends_nothing():
    undated = asked(on=None)
    assert borrowed(undated, asked(on="2022-06-14", pay=9000.0)) == pytest.approx(9000)
    assert math.isnan(borrowed(undated, asked(on=DAY, pay=9000.0)))
    assert math.isnan(borrowed(asked(), asked(on=None, pay=9000.0)))


@pytest.mark.parametrize(
    "lender",
    [
        asked("Motorista", on="2021-03-01", pay=9000.0),
        asked(on="2021-03-01"),
        asked(on="2021-03-01", pay=0.0),
        asked("", on="2021-03-01", pay=9000.0),
    ],
)
def test_where_nothing_alike_stated_a_pay_it_is_unknown(lender):
    assert math.isnan(borrowed(asked(), lender))


def test_a_title_without_words_and_a_company_without_jobs_borrow_nothing():
    assert math.isnan(borrowed(asked("- 123"), asked("- 123", on="2021-03-01", pay=9000.0)))
    assert all(map(math.isnan, pay_of(1, [asked()])))


def test_words_that_every_job_has_make_no_two_jobs_alike():
    work = [asked("Vaga Java"), asked("Vaga Piloto", on="2021-03-01", pay=9000.0)]
    work += [asked("Vaga Java", on="2021-02-01", pay=3000.0), asked("Vaga", on="2020-01-01")]
    assert pay_of(1, work)[0] == pytest.approx(3000, rel=0.1)


def test_request_numbers_are_no_words_of_a_title():
    found = borrowed(asked("Analista Java - 4711"), asked("4712 ANALISTA Java", on="2021-03-01", pay=9000.0))
    assert found == pytest.approx(9000)


def test_a_job_nearer_in_level_counts_more():
    senior, junior = ({"pay": pay, "level": level} for pay, level in ((9000.0, "senior"), (3000.0, "junior")))
    work = [asked(on="2021-03-01", **senior), asked(on="2021-03-02", **junior)]
    assert borrowed(asked(level="senior"), *work) > 8000
    assert borrowed(asked(level="junior"), *work) < 3500
    assert 3500 < borrowed(asked(level=""), *work) < 8000


def test_a_title_more_alike_counts_more():
    work = [asked("Analista Java Pleno", on="2021-03-01", pay=9000.0)]
    work += [asked("Analista SAP Pleno", on="2021-03-02", pay=3000.0)]
    assert borrowed(asked("Analista Java"), *work) > 7000
    assert borrowed(asked("Analista SAP"), *work) < 4000


def test_few_alike_are_drawn_towards_what_the_level_is_paid():
    barely = asked("Analista Java Mobile Kotlin Campinas", on="2021-03-01", pay=9000.0)
    rest = [asked("Motorista", on="2021-02-01", pay=3000.0)] * 9
    drawn = borrowed(asked("Analista Java Senior Remoto"), barely, *rest)
    assert 3000 < drawn < 8000
    assert borrowed(asked("Analista Java Mobile Kotlin Campinas"), barely, *rest) > 8000


WORD = st.sampled_from(["java", "sap", "web", "pleno", "dados"])
JOB = st.tuples(
    st.lists(WORD, min_size=1, max_size=3),
    st.integers(1, 28),
    st.one_of(st.just(math.nan), st.integers(1000, 20_000)),
    st.sampled_from(["", "junior", "senior", "manager"]),
)


def drawn_jobs(rows, *, month):
    return [asked(" ".join(words), f"2021-{month}-{day:02}", pay, level) for words, day, pay, level in rows]


@settings(max_examples=60, deadline=None)
@given(past=st.lists(JOB, max_size=12), future=st.lists(JOB, max_size=8), day=st.integers(1, 28))
def test_nothing_requested_on_the_day_or_later_changes_what_is_borrowed(past, future, day):
    first = asked("java web", f"2021-05-{day:02}")
    work = drawn_jobs(past, month="05")
    earlier = [job for job in work if job["requested_on"] < first["requested_on"]]
    later = [job for job in work if job not in earlier] + drawn_jobs(future, month="06")
    np.testing.assert_equal(pay_of(1, [first, *earlier, *later]), pay_of(1, [first, *earlier]))


@settings(max_examples=60, deadline=None)
@given(past=st.lists(JOB, max_size=12))
def test_it_agrees_with_reckoning_by_hand(past):
    work = drawn_jobs(past, month="05")
    found = pay_of(1, [asked("java web", "2021-06-01"), *work])[0]
    assert found == pytest.approx(by_hand(asked("java web", "2021-06-01"), work), rel=1e-4, nan_ok=True)


def by_hand(job, work):
    lenders = [other for other in work if not math.isnan(other["salary_monthly"])]
    mine, logs, weights = title(job, work), 0.0, 0.0
    near, of_level = 0.0, 0.0
    for other in lenders:
        theirs = title(other, work)
        gap = abs(SENIORITY_ORDINAL["senior"] - SENIORITY_ORDINAL.get(other["seniority"], math.nan))
        close = math.exp(-usual_pay._FALL_A_LEVEL * (usual_pay._UNKNOWN_GAP if math.isnan(gap) else gap))
        weight = close * sum(mine[word] * theirs.get(word, 0.0) for word in mine) ** usual_pay._SHARPNESS
        logs, weights = logs + weight * math.log(other["salary_monthly"]), weights + weight
        near, of_level = near + close, of_level + close * math.log(other["salary_monthly"])
    if weights < usual_pay._LEAST:
        return math.nan
    smoothing = usual_pay._SMOOTHING
    return math.exp((logs + smoothing * of_level / near) / (weights + smoothing))


def title(job, work):
    """Its words by how rare they were in titles before the job, as a row of unit length."""
    before = [other["title"].split() for other in work if other["requested_on"] < job["requested_on"]]
    rarity = {
        word: math.log((1 + len(before)) / (1 + sum(word in words for words in before)))
        for word in set(job["title"].split())
    }
    length = math.sqrt(sum(weight**2 for weight in rarity.values()))
    return {word: weight / length if length else 0.0 for word, weight in rarity.items()}


def test_many_jobs_at_once_give_what_each_gives_alone(monkeypatch):
    monkeypatch.setattr(usual_pay, "_CHUNK", 2)
    work = [asked(on=f"2022-03-{day:02}", pay=(math.nan, 1000.0 * day)[day % 2]) for day in range(1, 9)]
    work += OTHERS
    block = prepare_jobs(jobs(*work), text=TEXT)
    rows = pairs(*((1, job, DAY) for job in (7, 2, 4, 2, 8)))
    together = build_features(rows, candidates=PEOPLE, jobs=block, events=events())["job_pay"]
    assert together.tolist() == [pay_of(job, work)[0] for job in (7, 2, 4, 2, 8)]
    assert together.nunique() == 4


def test_the_order_of_jobs_is_of_no_consequence():
    work = [asked(), asked(on="2021-03-01", pay=4000.0), asked("Java", on="2021-03-01", pay=9000.0), *OTHERS]
    shuffled = jobs(*work).sample(frac=1, random_state=3)
    assert pay_of(1, work, source=shuffled) == pay_of(1, work)


def test_a_frame_of_the_needed_columns_serves_as_well_as_the_prepared_jobs():
    work = [asked(), asked(on="2021-03-01", pay=4000.0), *OTHERS]
    needed = ["client", "title", "contract_types", "area_labels", "requested_on", "seniority"]
    frame = jobs(*work)[[*needed, "salary_monthly"]]
    assert pay_of(1, work, source=frame) == pay_of(1, work)
    assert not math.isnan(pay_of(1, work)[0])


def test_the_pay_of_a_job_is_the_same_for_everybody_and_on_each_day_after_its_request():
    work = [asked(), asked(on="2021-03-01", pay=4000.0), asked(on="2022-04-01", pay=90_000.0), *OTHERS]
    assert pay_of(1, work, day="2022-03-01") == pay_of(1, work, day="2024-01-01")


def test_a_wish_that_is_unknown_has_no_multiple():
    work = prepare_jobs(jobs(asked(pay=3000.0)), text=TEXT)
    nobody = prepare_candidates(candidates({"cv_text": "x"}), text=TEXT)
    row = build_features(pairs((1, 1, DAY)), candidates=nobody, jobs=work, events=events()).iloc[0]
    assert pd.isna(row["wish_to_pay"])
    assert row["job_pay"] == 3000
