import json

import numpy as np
import pandas as pd
import pytest

from scoring.ml import leakage, leakage_lists
from scoring.ml.features import FEATURES
from scoring.ml.leakage import (
    LeakageFound,
    UnknownFeature,
    application_units,
    audit_features,
    audit_fields,
    candidate_units,
    check_allowed,
    job_units,
    stop_at_leaks,
)
from scoring.ml.leakage_columns import crossed_rates, fold_of
from scoring.ml.leakage_lists import Review
from scoring.ml.names import TOPIC_FEATURES
from scoring.ml.splits import TrainingDataError

JOBS, EACH = 400, 5
DAY = np.datetime64("2022-01-03")


class Company:
    """2,000 applications to 400 jobs over a year; a fifth of the jobs hire one of their five candidates."""

    def __init__(self, seed=0, hiring=0.2):
        self.chance = np.random.default_rng(seed)
        self.jobs = np.repeat(np.arange(JOBS) + 1000, EACH)
        self.hiring = self.chance.random(JOBS) < hiring
        hired_at = self.chance.integers(0, EACH, JOBS)
        self.y = (np.tile(np.arange(EACH), JOBS) == np.repeat(hired_at, EACH)) * np.repeat(self.hiring, EACH)
        self.y = self.y.astype(float)
        self.days = DAY + np.repeat(np.arange(JOBS) * 365 // JOBS, EACH)
        self.people = self.chance.permutation(len(self.y))

    def of_jobs(self):
        return job_units(self.y, self.jobs, days=self.days)[0]

    def of_people(self):
        return candidate_units(self.y, self.people, self.jobs, days=self.days)[0]

    def of_applications(self, settled=None):
        return application_units(self.y, self.jobs, days=self.days, settled=settled)

    def some(self, n, share):
        return self.chance.random(n) < share


@pytest.fixture
def company():
    return Company()


def judged(values, units, *, name="a new field", used=()):
    (found,) = audit_fields(pd.DataFrame({name: values}, dtype=object), units, used={name: used})
    return found


# Fields of the source


def test_a_field_filled_only_after_hiring_is_found(company):
    filled = company.hiring & company.some(JOBS, 0.5)

    found = judged(np.where(filled, "PJ", ""), company.of_jobs())

    assert found.verdict == "suspicious"
    assert found.broken == ("only_hires", "filled_later")
    assert found.figures.rate_filled == 1.0
    assert found.figures.presence_auc > 0.6
    assert found.figures.filled_open == 0.0


def test_a_field_filled_at_random_is_clear(company):
    found = judged(np.where(company.some(JOBS, 0.5), "PJ", ""), company.of_jobs())

    assert (found.verdict, found.broken) == ("clear", ())
    assert found.figures.presence_auc == pytest.approx(0.5, abs=0.06)


def test_a_field_that_came_into_use_late_is_no_leak_when_hires_came_late_too():
    company = Company()
    late = np.arange(JOBS) > 200
    company.hiring = np.where(late, company.some(JOBS, 0.6), company.some(JOBS, 0.02))
    company.y = np.tile([1.0, 0, 0, 0, 0], JOBS) * np.repeat(company.hiring, EACH)

    found = judged(np.where(late & company.some(JOBS, 0.8), "filled", ""), company.of_jobs())

    assert found.figures.rate_filled > 5 * found.figures.rate_empty
    assert "filled_later" not in found.broken
    assert found.figures.filled_settled == pytest.approx(found.figures.filled_open, abs=0.1)


def test_remembering_each_job_does_not_look_like_knowing_the_outcome(company):
    each_its_own = np.array([f"job {job}" for job in company.jobs])

    found = judged(each_its_own, company.of_applications())

    assert found.kind == "category"
    assert found.figures.auc == pytest.approx(0.5, abs=0.05)
    assert found.verdict == "clear"


def test_a_category_that_goes_with_hiring_a_little_is_no_leak(company):
    client = np.where(company.some(JOBS, 0.7) & company.hiring, "busy", "calm")
    client = np.where(company.some(JOBS, 0.3), "busy", client)

    found = judged(client, company.of_jobs())

    assert found.figures.auc > 0.6
    assert found.verdict == "clear"


def test_a_rate_counts_only_the_other_folds():
    codes = np.array([0, 0, 0, 1, 1, 2, -1])
    y = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    folds = np.array([0, 1, 2, 0, 1, 3, 4])

    score = crossed_rates(codes, y, folds)

    # The first: value 0 elsewhere has 1 hire of 2; all values elsewhere 2 of 4
    assert score[0] == pytest.approx((1 + 20 * 2 / 4) / (2 + 20) - 2 / 4)
    # Value 2 is nowhere else: nothing is known of it
    assert score[5] == pytest.approx(0.0)
    assert np.isnan(score[6])


def test_units_of_a_group_are_never_on_both_sides():
    groups = np.repeat(np.arange(50), 4)

    folds = fold_of(groups).reshape(50, 4)

    assert (folds == folds[:, :1]).all()


def test_words_that_tell_the_outcome_are_found(company):
    usual = np.array(["conversamos sobre a vaga e o projeto", "enviado por correio ao gestor do cliente"])
    texts = usual[company.chance.integers(0, 2, len(company.y))].astype(object)
    texts += [f" em {number}" for number in range(len(texts))]
    texts[company.y == 1] += " data de início combinada"

    found = judged(texts, company.of_applications())

    assert found.kind == "text"
    assert {"orders", "orders_inside"} <= set(found.broken)


def test_words_that_tell_nothing_are_clear(company):
    words = np.array(["conversamos", "sobre", "projeto", "gestor", "cliente", "agenda", "retorno", "perfil"])
    texts = [" ".join(company.chance.choice(words, 6)) for _ in company.y]

    found = judged(np.array(texts, dtype=object), company.of_applications())

    assert found.kind == "text"
    assert found.verdict == "clear"
    assert found.figures.auc < 0.6


def test_a_date_that_follows_the_outcome_is_found(company):
    lag = np.where(company.y == 1, company.chance.integers(5, 40, len(company.y)), 0)
    lag = np.where(company.some(len(lag), 0.2), company.chance.integers(0, 10, len(lag)), lag)
    written = pd.Series(company.days + lag).dt.strftime("%d-%m-%Y").to_numpy(dtype=object)

    found = judged(written, company.of_applications())

    assert found.kind == "date"
    assert "dated_later" in found.broken
    assert 0.1 < found.figures.late < 0.5


def test_the_day_of_the_application_is_clear(company):
    written = pd.Series(company.days).dt.strftime("%d-%m-%Y").to_numpy(dtype=object)

    found = judged(written, company.of_applications())

    assert (found.kind, found.verdict, found.figures.late) == ("date", "clear", 0.0)


def test_a_date_is_measured_from_the_application_so_that_years_do_not_count(company):
    rising = Company()
    rising.hiring = np.arange(JOBS) > 300
    rising.y = np.tile([1.0, 0, 0, 0, 0], JOBS) * np.repeat(rising.hiring, EACH)
    requested = pd.Series(rising.days[::EACH] - rising.chance.integers(0, 9, JOBS))

    found = judged(requested.dt.strftime("%d-%m-%Y").to_numpy(dtype=object), rising.of_jobs())

    assert found.figures.auc == pytest.approx(0.5, abs=0.1)
    assert found.verdict == "clear"


@pytest.mark.parametrize("nothing", ["", None, "-", ":", "00-00-0000", "0000-00-00", "31-12-1969", " ", "{}"])
def test_a_placeholder_is_not_a_filled_field(company, nothing):
    values = np.full(JOBS, nothing, dtype=object)
    values[:3] = "x"

    found = judged(values, company.of_jobs())

    assert found.figures.n_filled == 3
    assert found.verdict == "too_few"


def test_a_field_that_only_the_refused_have_is_found(company):
    company.hiring[:] = True
    company.y = np.tile([1.0, 0, 0, 0, 0], JOBS)
    refused = (company.y == 0) & company.some(len(company.y), 0.4)

    found = judged(np.where(refused, "sem perfil", ""), company.of_applications())

    assert "never_hired" in found.broken


def test_what_is_written_once_somebody_is_decided_is_found(company):
    settled = (company.y == 1) | company.some(len(company.y), 0.3)
    comment = settled & company.some(len(settled), 0.7) | company.some(len(settled), 0.1)

    found = judged(np.where(comment, "x", ""), company.of_applications(settled))

    assert found.broken == ("filled_later",)
    assert found.figures.filled_settled > 3 * found.figures.filled_open


def test_a_number_that_orders_the_people_of_a_job_is_found_though_jobs_differ_more(company):
    size = np.repeat(company.chance.normal(0, 50, JOBS), EACH)
    number = size + 3 * company.y + company.chance.normal(0, 1, len(size))

    found = judged(np.array([f"{value:.3f}" for value in number], dtype=object), company.of_applications())

    assert found.kind == "number"
    assert found.broken == ("orders_inside",)
    assert found.figures.inside_jobs == company.hiring.sum()


def test_a_field_of_people_is_judged_over_people_and_inside_jobs(company):
    changed = np.where(company.y == 1, company.chance.normal(3, 1, len(company.y)), 0.5)
    of_person = np.empty(len(changed), dtype=object)
    of_person[company.people] = [f"{value:.2f}" for value in changed]

    found = judged(of_person, company.of_people())

    assert found.figures.n == len(company.y)
    assert {"orders", "orders_inside"} <= set(found.broken)


def test_a_handful_of_rows_stops_nobody():
    y = np.array([1.0, 0, 0, 1, 0, 0])
    values = np.where(y == 1, "hired", "").astype(object)

    found = judged(values, application_units(y, np.array([1, 1, 1, 2, 2, 2])), used=("x",))

    assert found.verdict == "too_few"
    stop_at_leaks([found])


def test_nobody_hired_is_no_error():
    found = judged(np.full(40, "x", dtype=object), application_units(np.zeros(40), np.arange(40)))

    assert found.verdict == "clear"
    assert found.figures.auc is None
    assert json.dumps(found.to_json(), allow_nan=False)


def test_no_rows_are_no_error():
    found = judged(np.empty(0, dtype=object), application_units(np.empty(0), np.empty(0)))

    assert found.verdict == "too_few"
    assert json.dumps(found.to_json(), allow_nan=False)


def test_fields_of_other_rows_are_refused(company):
    with pytest.raises(ValueError, match="3 rows of fields for 400 units"):
        audit_fields(pd.DataFrame({"a": ["x"] * 3}), company.of_jobs())


def test_the_order_of_rows_changes_no_figure(company):
    values = np.array([f"c{number}" for number in company.chance.integers(0, 30, JOBS)], dtype=object)
    per_row = np.repeat(values, EACH)
    shuffled = company.chance.permutation(len(per_row))

    first = judged(per_row, company.of_applications())
    other = judged(
        per_row[shuffled],
        application_units(company.y[shuffled], company.jobs[shuffled], days=company.days[shuffled]),
    )

    assert other.to_json() == first.to_json()


# Lists


def leaking(company):
    return np.where(company.hiring & company.some(JOBS, 0.6), "PJ", "")


def test_a_new_field_that_leaks_and_is_drawn_on_stops_the_run_with_name_and_figures(company):
    found = judged(leaking(company), company.of_jobs(), name="vagas.nova", used=("jobs.nova",))

    with pytest.raises(LeakageFound, match=r"“vagas\.nova”.*100\.0 %.*of all") as stopped:
        stop_at_leaks([found])

    assert isinstance(stopped.value, TrainingDataError)
    assert stopped.value.message.params["field"] == "vagas.nova"
    assert str(stopped.value) == stopped.value.message.text()


def test_the_same_field_that_nothing_draws_on_is_told_and_stops_nothing(company):
    found = judged(leaking(company), company.of_jobs())

    assert found.verdict == "suspicious"
    stop_at_leaks([found])


@pytest.mark.parametrize("name", ["prospects.modalidade", "applicants.cargo_atual.unidade"])
def test_a_known_leak_is_kept_out_and_found_all_the_same(company, name):
    found = judged(leaking(company), company.of_jobs(), name=name)

    assert (found.verdict, found.reason) == ("known", leakage_lists.AFTER)
    assert found.gives_itself_away


def test_a_known_leak_is_found_without_its_list(company, monkeypatch):
    monkeypatch.setattr(leakage_lists, "KNOWN", {})

    found = judged(leaking(company), company.of_jobs(), name="prospects.modalidade", used=("jobs.modality",))

    with pytest.raises(LeakageFound, match="modalidade"):
        stop_at_leaks([found])


def test_a_field_that_is_never_read_stops_the_run_even_when_it_looks_innocent(company):
    harmless = np.where(company.some(JOBS, 0.5), "a", "b")

    found = judged(harmless, company.of_jobs(), name="prospects.recrutador", used=("jobs.recruiter",))

    with pytest.raises(LeakageFound, match="never learned from"):
        stop_at_leaks([found])


def test_a_key_of_a_known_field_is_known_and_a_longer_name_is_not():
    assert leakage_lists.known_reason("applicants.cargo_atual (key)") == leakage_lists.AFTER
    assert leakage_lists.known_reason("applicants.cargo_atual_2") is None


def test_a_review_covers_a_field_up_to_its_limit(company, monkeypatch):
    strong = company.y + company.chance.normal(0, 0.25, len(company.y))
    X = pd.DataFrame({"cv_sap": strong})
    monkeypatch.setitem(leakage.REVIEWED, "cv_sap", Review("looked at", limit=1.0))
    (covered,) = audit_features(X, company.y, job_ids=company.jobs)
    monkeypatch.setitem(leakage.REVIEWED, "cv_sap", Review("looked at", limit=0.9))
    (beyond,) = audit_features(X, company.y, job_ids=company.jobs)

    assert (covered.verdict, covered.reason) == ("reviewed", "looked at")
    assert not covered.gives_itself_away
    assert beyond.verdict == "stops"


def test_every_reviewed_feature_is_one(company):
    names = [name for name in leakage_lists.REVIEWED if "." not in name]

    assert set(names) <= set(FEATURES)


# Features


def test_a_feature_that_knows_the_outcome_stops_the_run(company):
    X = pd.DataFrame({"cv_sap": company.chance.normal(0, 1, len(company.y)), "cv_kpi": company.y})

    findings = audit_features(X, company.y, job_ids=company.jobs)

    assert [found.verdict for found in findings] == ["clear", "stops"]
    with pytest.raises(LeakageFound, match=r"“cv_kpi” by itself.*AUC of 1\.000"):
        stop_at_leaks(findings)


def test_a_feature_that_knows_the_outcome_the_other_way_round_stops_the_run_too(company):
    (found,) = audit_features(pd.DataFrame({"cv_kpi": -company.y}), company.y, job_ids=company.jobs)

    assert found.verdict == "stops"
    assert found.figures.auc == 1.0


def test_a_feature_of_jobs_is_judged_over_jobs(company):
    X = pd.DataFrame({"job_words": np.repeat(company.hiring, EACH).astype(float)})

    (found,) = audit_features(X, company.y, job_ids=company.jobs)

    assert (found.unit, found.figures.n) == ("job", JOBS)
    assert found.verdict == "stops"


def test_a_flag_set_only_where_somebody_was_hired_is_found(company):
    flag = np.repeat(company.hiring & company.some(JOBS, 0.6), EACH).astype(float)

    (found,) = audit_features(pd.DataFrame({"job_remote": flag}), company.y, job_ids=company.jobs)

    assert "only_hires" in found.broken
    assert found.figures.purest_rate == 1.0


def test_a_feature_known_only_of_the_hired_is_found_by_its_presence(company):
    values = np.where(company.y == 1, company.chance.normal(0, 1, len(company.y)), np.nan)

    (found,) = audit_features(pd.DataFrame({"cv_kpi": values}), company.y, job_ids=company.jobs)

    assert "only_hires" in found.broken


def test_rows_without_a_label_take_no_part(company):
    y = company.y.copy()
    y[::3] = np.nan
    leak_in_the_unlabelled = np.where(np.isnan(y), company.y, 0.0)

    (found,) = audit_features(
        pd.DataFrame({"cv_kpi": leak_in_the_unlabelled}), y, job_ids=company.jobs, columns=["cv_kpi"]
    )

    assert found.figures.n == np.isfinite(y).sum()
    assert found.verdict == "clear"


def test_a_column_that_is_not_there_is_an_error(company):
    with pytest.raises(KeyError):
        audit_features(pd.DataFrame({"a": company.y}), company.y, job_ids=company.jobs, columns=["b"])


def test_labels_of_other_rows_are_refused(company):
    with pytest.raises(ValueError, match="rows"):
        audit_features(pd.DataFrame({"a": company.y}), company.y[:5], job_ids=company.jobs)


# What may be learned from


@pytest.mark.parametrize("name", ["modality", "modalidade", "job_modalidade", "updated_on", "candidate_sex"])
def test_a_forbidden_name_is_refused_even_when_it_is_on_the_list(name):
    with pytest.raises(UnknownFeature, match=f"“{name}” must never be learned from"):
        check_allowed(["cv_sap", name], allowed={"cv_sap", name})


def test_a_name_that_is_not_on_the_list_is_refused():
    with pytest.raises(UnknownFeature, match="no feature “days_in_process”"):
        check_allowed(["cv_sap", "days_in_process"], allowed=FEATURES)


def test_every_feature_there_is_may_be_learned_from():
    check_allowed([*FEATURES, *TOPIC_FEATURES], allowed={*FEATURES, *TOPIC_FEATURES})
