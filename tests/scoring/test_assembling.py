import datetime

import numpy as np
import pytest

from jobs.models import Job, Outcome, Prospect
from scoring import answers, assembling, datasets
from scoring.ml.blocks import prepare_jobs
from scoring.ml.dataset import client_key
from scoring.ml.recipes import recipe_named
from scoring.ml.splits import NoHires
from scoring.ml.text import TextModel
from scoring.ml.train import TrainConfig
from tests.factories import make_job, make_prospect
from tests.scoring.company import make_company
from tests.scoring.judged import Silent

pytestmark = pytest.mark.django_db


def assemble(recipe="peneira", policy="all", report=None, **config):
    return assembling.assemble(
        recipe_named(recipe), policy, config=TrainConfig(**config), report=report or Silent()
    )


class Heard(Silent):
    def __init__(self):
        self.steps, self.lines = [], []

    def __call__(self, share, step):
        self.steps.append((share, step))

    def log(self, line):
        self.lines.append(line)


def test_each_application_becomes_a_row_with_what_figures_are_sliced_by():
    job = make_company()[3]
    Job.objects.filter(pk=job.pk).update(
        client="  CLIENTE exemplo ", area_labels=["TI - SAP", "Financeira/Administrativa"], seniority="senior"
    )

    data = assemble("prec80").dataset

    assert len(data) == Prospect.objects.count()
    rows = data.rows[data.rows["job_id"] == job.pk]
    assert set(rows["area"]) == {"TI - SAP"}
    assert set(rows["seniority"]) == {"senior"}
    assert set(data.rows["client"]) == {client_key("Cliente Exemplo")}
    assert set(data.rows.loc[data.rows["job_id"] != job.pk, "area"]) == {""}
    stored = Prospect.objects.filter(job=job).values_list("candidate_id", "applied_on", "outcome")
    days = {candidate: day for candidate, day, _ in stored}
    assert dict(zip(rows["candidate_id"], rows["as_of"].dt.date, strict=True)) == days
    hires = {candidate for candidate, _, outcome in stored if outcome == Outcome.HIRED}
    assert set(rows.loc[rows["y"] == 1, "candidate_id"]) <= hires


def test_a_job_nobody_applied_to_lends_its_pay_to_training_as_to_a_ranking():
    job = make_company()[-1]
    before = job.requested_on - datetime.timedelta(days=1)
    make_job(title=job.title, seniority="mid", requested_on=before, salary_monthly=9000)

    data = assemble("prec80").dataset
    facts = prepare_jobs(datasets.jobs([job.pk]), text=TextModel()).pay_facts()
    served = answers.history().pay.before(facts, facts.requested_on).tolist()

    assert served == [pytest.approx(9000)]
    assert data.X.loc[data.rows["job_id"] == job.pk, "job_pay"].unique().tolist() == served


def test_who_withdrew_after_being_wanted_is_no_hire_and_a_no_of_the_second_head():
    jobs = make_company()
    rejected, never_wanted = (job.prospects.filter(outcome=Outcome.REJECTED) for job in jobs[5:7])
    withdrew = rejected.update(outcome=Outcome.WITHDREW, source_status="Desistiu da Contratação")
    never_wanted.update(outcome=Outcome.WITHDREW, source_status="Sem interesse nesta vaga")

    rows = assemble("forest", "all").dataset.rows.set_index("job_id")

    of_job = rows.loc[jobs[5].pk]
    assert (of_job["accept"] == 0).sum() == withdrew > 0
    assert (of_job["y"] == of_job["accept"]).all()
    assert set(rows.loc[jobs[6].pk, "accept"].dropna()) <= {1.0}
    assert set(rows.loc[rows["accept"].isna(), "y"]) == {0.0}


def test_stubs_are_unknown_and_take_no_part_where_only_the_candidate_counts():
    make_company(stubs=60)
    stubs = set(Prospect.objects.filter(candidate__is_stub=True).values_list("candidate_id", flat=True))

    main, alone = assemble("peneira"), assemble("prec80")

    for assembled in (main, alone):
        rows = assembled.dataset.rows
        assert set(rows.loc[~rows["known"], "candidate_id"]) == stubs
    assert not np.isnan(main.dataset.y).any()
    left_out = np.isnan(alone.dataset.y)
    assert set(alone.dataset.rows.loc[left_out, "candidate_id"]) == stubs
    assert not left_out[alone.early].any()


def test_nothing_of_the_test_window_teaches_which_words_are_common():
    jobs = make_company()
    start = jobs[40].requested_on
    late = assemble("prec80", test_start=start)
    assert late.dataset.rows["as_of"].iloc[late.early].max() < np.datetime64(start)

    for job in jobs[40:]:
        Job.objects.filter(pk=job.pk).update(
            activities="amarelo jabuti", competences="quintal amarelo jabuti"
        )

    again = assemble("prec80", test_start=start)
    assert again.text.buckets_.tolist() == late.text.buckets_.tolist()
    assert again.text.idf_.tolist() == late.text.idf_.tolist()
    known = assemble("prec80", test_start=datetime.date(2024, 11, 1))
    assert known.text.buckets_.tolist() != late.text.buckets_.tolist()


def test_only_a_recipe_that_asks_for_topics_learns_and_keeps_them():
    make_company()

    with_topics, without = assemble("matching"), assemble("prec80")

    assert with_topics.topics is not None
    assert without.topics is None
    assert set(without.arrays()) < set(with_topics.arrays())
    assert set(without.dataset.X.columns) < set(with_topics.dataset.X.columns)
    assert set(with_topics.dataset.X.dtypes.astype(str)) == {"float32"}


def test_statuses_outside_the_format_are_told_and_left_out():
    odd = make_company()[0].prospects.first()
    Prospect.objects.filter(pk=odd.pk).update(source_status="Em pausa")

    found = assemble("forest")

    assert found.unknown_statuses == ["Em pausa"]
    rows = found.dataset.rows
    at = (rows["candidate_id"] == odd.candidate_id) & (rows["job_id"] == odd.job_id)
    assert rows.loc[at, "y"].isna().tolist() == [True]


def test_rows_without_a_day_or_a_job_are_not_there():
    make_company()
    make_prospect(applied_on=None)
    make_prospect(job=make_job(is_stub=True))

    assert len(assemble("prec80").dataset) == Prospect.objects.count() - 2


def test_progress_never_falls_and_the_log_counts():
    make_company()
    heard = Heard()

    data = assemble("prec80", report=heard).dataset

    shares = [share for share, _ in heard.steps]
    assert shares == sorted(shares)
    assert [step for _, step in heard.steps] == [
        assembling.READING,
        assembling.WORDS,
        assembling.FEATURES,
    ]
    assert heard.lines == [f"{len(data)} applications, {data.X.shape[1]} features"]


def test_outcomes_without_a_hire_end_before_anybody_is_read(monkeypatch):
    make_prospect(outcome=Outcome.REJECTED)
    monkeypatch.setattr("scoring.datasets.candidates", None)
    monkeypatch.setattr("scoring.datasets.candidate_chunks", None)

    with pytest.raises(NoHires):
        assemble()
