"""What the files follow: who is hired, who says no, and what can be known of it in time."""

import csv
import json
import math
from bisect import bisect_right
from collections import defaultdict

import pytest

from jobs.generator.auc import auc
from jobs.generator.company import Company, Plan, generate
from jobs.generator.foresight import Foresight
from jobs.generator.outcomes import HIRED
from jobs.generator.rule import (
    JOBS_ONLY,
    Reading,
    accept_logit,
    sigmoid,
    size_part,
    true_acceptance,
    true_probability,
    withdraws_when_wanted,
)

SIZE = {"candidates": 900, "jobs": 900, "prospects": 3600, "seed": 5, "hire_rate": 0.08}
WANTED_AND_NO = {"Desistiu", "Desistiu da Contratação"}


@pytest.fixture(scope="module")
def company():
    return Company(Plan(**SIZE), lambda *_: None)


@pytest.fixture(scope="module")
def jobs_only():
    return Company(Plan(**SIZE, rule=JOBS_ONLY), lambda *_: None)


def statuses(company):
    for index in range(company.plan.jobs):
        made = company.outcomes(company.job(index))
        yield from zip(company.pairs_of(index), made, strict=True)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def test_the_plain_rule_is_the_default(tmp_path):
    for name, rule in (("plain", {}), ("named", {"rule": "person-and-job"})):
        (tmp_path / name).mkdir()
        generate(Plan(candidates=80, jobs=30, prospects=90, **rule), tmp_path / name)
    for name in ("applicants.json", "vagas.json", "prospects.json"):
        assert (tmp_path / "plain" / name).read_bytes() == (tmp_path / "named" / name).read_bytes()


def test_a_rule_that_is_none_is_refused():
    with pytest.raises(ValueError, match="choose one of person-and-job, jobs-only"):
        Plan(candidates=1, jobs=1, prospects=1, rule="luck")


class TestJobsOnly:
    def test_within_a_job_all_have_the_same_chance(self, jobs_only, company):
        def spread(of):
            ranges = [[of.probability[pair] for pair in of.pairs_of(job)] for job in range(of.plan.jobs)]
            return max(max(values) - min(values) for values in ranges if values)

        assert spread(jobs_only) == 0.0
        assert spread(company) > 0.3

    def test_no_order_inside_a_job_beats_chance_and_jobs_still_differ(self, tmp_path):
        made = generate(Plan(**SIZE, rule=JOBS_ONLY), tmp_path, truth=tmp_path / "truth.csv")
        assert made.best_auc_inside_jobs == 0.5
        assert made.jobs_with_both > 100
        assert made.best_auc > 0.7
        assert abs(made.hire_rate - SIZE["hire_rate"]) < 0.02
        rows = list(csv.DictReader((tmp_path / "truth.csv").open()))
        assert len({row["probability"] for row in rows}) > 300

    def test_people_jobs_and_pairs_are_those_of_the_plain_rule(self, company, jobs_only):
        assert (jobs_only.person, jobs_only.applied) == (company.person, company.applied)

    def test_neither_a_hire_nor_any_status_tells_of_the_fit(self, company, jobs_only):
        """Held against the fit of the same pairs under the plain rule, where statuses do tell of it."""

        def told(of, wanted):
            jobs = defaultdict(lambda: ([], []))
            for pair, each in statuses(of):
                scores, hits = jobs[self.job_of(of, pair)]
                scores.append(company.fit[pair])
                hits.append(int(wanted(each)))
            values = [value for scores, hits in jobs.values() if not math.isnan(value := auc(scores, hits))]
            return mean(values)

        for wanted in (
            lambda each: each.hired,
            lambda each: each.status == "Não Aprovado pelo RH",
            lambda each: each.status in WANTED_AND_NO,
        ):
            assert abs(told(jobs_only, wanted) - 0.5) < 0.06
        assert told(company, lambda each: each.hired) > 0.7

    @staticmethod
    def job_of(company, pair):
        return bisect_right(company.first_pair, pair) - 1


class TestAccepting:
    @staticmethod
    def reading(**facts):
        plain = {
            "known": True,
            "readable": True,
            "has_levels": False,
            "skill_mask": 0,
            "rung": 3,
            "english": 0,
        }
        return Reading(**plain | {"spanish": 0, "education_rank": 3, "place": 1, "wish": 8000} | facts)

    def test_who_wishes_less_and_lives_there_says_yes_the_rather(self, company):
        job = company.job(3)
        near, far = job.place, job.place + 1
        chances = [
            sigmoid(accept_logit(self.reading(place=place, wish=int(job.budget * share)), job))
            for place, share in ((far, 2.0), (far, 1.3), (far, 1.0), (far, 0.7), (near, 0.7))
        ]
        assert chances == sorted(chances)
        assert chances[0] < 0.25 < 0.8 < chances[-1]

    def test_what_nobody_can_read_moves_nothing(self, company):
        job = company.job(3)
        unknown = accept_logit(self.reading(known=False, readable=False, place=job.place, wish=99_999), job)
        assert unknown == accept_logit(self.reading(wish=0, place=job.place + 1), job)

    @pytest.mark.parametrize("accept", [0.2, 0.5, 0.8])
    def test_of_those_wanted_the_share_says_yes(self, accept):
        hire = 0.1
        assert hire / (hire + withdraws_when_wanted(hire, accept)) == pytest.approx(accept)

    def test_nobody_is_wanted_more_often_than_always(self):
        assert withdraws_when_wanted(0.9, 0.5) == pytest.approx(0.1)
        assert true_acceptance(6.0, 0.3) > 0.99

    def test_who_withdrew_is_likelier_to_do_so_by_the_truth(self, company):
        scores, yes = [], []
        for pair, each in statuses(company):
            if each.hired or each.status in WANTED_AND_NO:
                scores.append(true_acceptance(company._logits[pair], company.accept[pair]))
                yes.append(int(each.hired))
        assert auc(scores, yes) > 0.62
        assert abs(mean(scores) - mean(yes)) < 0.06
        assert 0.4 < mean(yes) < 0.75  # 57 % in the source

    def test_the_first_rule_still_decides_who_is_hired(self, company):
        drawn = mean(each.status in HIRED or each.pending for _, each in statuses(company))
        assert abs(drawn - mean(company.probability)) < 0.02


class TestForesight:
    def test_no_knowledge_of_the_day_is_wrong_on_average(self, company):
        for many in (False, True):
            pairs = [
                pair
                for job in range(company.plan.jobs)
                for pair in company.pairs_of(job)
                if (company.sizes[job] > 4) == many
            ]
            known = mean(company.on_the_day[pair] for pair in pairs)
            true = mean(company.probability[pair] for pair in pairs)
            # Sure of neither, it lies between the two kinds of jobs
            assert (known < true) != many
        everything = mean(company.on_the_day)
        assert everything == pytest.approx(mean(company.probability), rel=0.04)

    def test_less_is_known_than_is_true(self, tmp_path):
        made = generate(Plan(**SIZE), tmp_path)
        assert 0.7 < made.best_auc_on_the_day < made.best_auc

    def test_many_earlier_applicants_rule_a_small_job_out(self):
        foresight = Foresight([(1, False)] * 50 + [(10, False)] * 50, cap=25)
        alone = foresight.probability(size_part(1), size=1, easy=False, earlier=0, days=0)
        late = foresight.probability(size_part(1), size=1, easy=False, earlier=0, days=200)
        crowded = foresight.probability(size_part(1), size=1, easy=False, earlier=3, days=200)
        one, ten = true_probability(size_part(1)), true_probability(size_part(10))
        # An application is ten times likelier to be one of a job with ten
        assert alone == pytest.approx((one + 10 * ten) / 11)
        assert late == pytest.approx(one, abs=0.01)
        assert crowded == pytest.approx(ten)

    def test_the_easy_client_is_judged_by_its_own_jobs(self):
        foresight = Foresight([(1, True), (9, False)], cap=25)
        easy = foresight.probability(0.0, size=1, easy=True, earlier=0, days=3)
        assert easy == pytest.approx(true_probability(0.0))

    def test_somebody_earlier_on_the_first_day_is_no_failure(self):
        foresight = Foresight([(3, False)], cap=25)
        assert 0 < foresight.probability(0.0, size=3, easy=False, earlier=1, days=0) < 1


def test_the_truth_holds_what_was_known_in_time_and_who_would_accept(tmp_path):
    made = generate(Plan(**SIZE), tmp_path, truth=tmp_path / "truth.csv")
    rows = list(csv.DictReader((tmp_path / "truth.csv").open()))
    assert list(rows[0]) == [
        "job", "candidate", "probability", "hired", "settled", "on_the_day", "accepts",
    ]  # fmt: skip
    settled = [row for row in rows if row["settled"] == "1"]
    hired = [int(row["hired"]) for row in settled]
    assert made.best_auc_on_the_day == auc([float(row["on_the_day"]) for row in settled], hired)
    assert all(0 < float(row["accepts"]) < 1 for row in rows)
    prospects = json.loads((tmp_path / "prospects.json").read_text())
    said_no = {
        (job, row["codigo"])
        for job, record in prospects.items()
        for row in record["prospects"]
        if row["situacao_candidado"] in WANTED_AND_NO
    }
    share = {
        answer: mean(
            float(row["accepts"])
            for row in rows
            if ((row["job"], row["candidate"]) in said_no) == answer and (answer or row["hired"] == "1")
        )
        for answer in (True, False)
    }
    assert share[True] < share[False] - 0.05
