import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import RunState
from jobs.models import Job, JobMember
from scoring import ranking as rankings
from scoring.models import ModelVersion, Prediction, Ranking, TrainingRun
from scoring.ranked_list import FIRST
from scoring.ranked_list_columns import choose
from scoring.ranked_list_entries import Group
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_user, make_version

FRAGMENT = {"HX-Request": "true"}
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")
METRICS = {
    "n": 400,
    "positives": 32,
    "base_rate": 0.08,
    "roc_auc": 0.71,
    "average_precision": 0.2,
    "brier": 0.07,
    "reliability": [{"low": 0.0, "high": 0.1, "n": 40, "mean_probability": 0.05, "hire_rate": 0.04}],
    "at_threshold": {"threshold": 0.5, "precision": None, "recall": 0.0},
    "inside_jobs": {
        "jobs": 39,
        "n": 300,
        "figures": {"roc_auc": {"value": 0.7, "low": 0.64, "high": 0.76, "random": 0.5}},
    },
    "baselines": [{"name": "prevalence", "roc_auc": 0.5, "average_precision": 0.08, "brier": 0.075}],
}
CARD = {
    "intended_use": "Orders the candidates of a job.",
    "limits": ["A limit of the model."],
    "warnings": ["Only a few hires."],
    "windows": [
        {"name": "test", "start": "2025-09-11", "end": "2026-10-31", "rows": 400, "hires": 32, "jobs": 54}
    ],
    "features": [{"name": "text_similarity", "importance": 0.6}, {"name": "english_gap", "importance": 0.4}],
    "threshold": {"min_precision": 0.8, "precision": 0.2, "precision_low": 0.03, "support": 5},
    "data": {"applications": 900, "candidates": 300, "jobs": 60, "left_out": 10, "by_year": {}},
}
FITTING = {
    "reasons": {
        "for": [{"group": "experience", "contribution": 0.4, "params": {"years": 6}}],
        "against": [{"group": "english", "contribution": -0.2, "params": {}}],
    },
    "requirements": [
        {"kind": "skill", "value": "java", "must": True, "state": "met", "quote": "java há 6 anos"},
        {"kind": "english", "value": "advanced", "must": True, "state": "no_data", "quote": ""},
        {"kind": "skill", "value": "docker", "must": False, "state": "not_met", "quote": ""},
    ],
}


def text(response):
    return response.content.decode()


def make_ranking(job, version, **values):
    made_from = rankings.inputs_hash(job, version)
    return Ranking.objects.create(
        **{"job": job, "model_version": version, "state": RunState.DONE, "inputs_hash": made_from, **values}
    )


def make_prediction(ranking, candidate, **values):
    defaults = {
        "job": ranking.job,
        "candidate_code": candidate.code,
        "model_version": ranking.model_version,
        "group": "prospect",
        "score": 0.3,
        "rank": 1,
        "threshold": 0.5,
        "operating_mode": "prec80",
        "source": "ranking",
    }
    return Prediction.objects.create(ranking=ranking, candidate=candidate, **(defaults | values))


def as_cards(user):
    choose(user, view="cards")


def unfold(page, shown):
    """What htmx fetches when somebody unfolds the requirements of the first of a list."""
    address = text(shown).split('class="gates-count" hx-get="')[1].split('"')[0]
    return page.get(address, headers=FRAGMENT)


def panel(page, job, headers=None, **query):
    return page.get(reverse("scoring:job_ranking", args=[job.code]), query, headers=headers or {})


@pytest.fixture
def version(db):
    return make_version(metrics=METRICS, card=CARD)


@pytest.fixture
def job(db):
    return make_job()


@pytest.fixture
def ranked(job, version):
    """A ranking with one person in each group."""
    prospect, pool, stub = make_candidate(name="Ana Prado"), make_candidate(name="Beto Luz"), make_stub()
    make_prospect(job=job, candidate=prospect, stage="client_interview")
    make_prospect(job=job, candidate=stub)
    ranking = make_ranking(job, version, pool_size=2)
    make_prediction(ranking, prospect, **FITTING)
    make_prediction(ranking, pool, group="pool", score=0.04)
    make_prediction(ranking, stub, group="not_rankable", score=None, rank=None)
    return ranking


class TestWhoMaySee:
    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "address",
        [
            reverse("scoring:job_ranking", args=["1"]),
            reverse("scoring:candidate_predictions", args=["1"]),
            reverse("scoring:model_list"),
            reverse("scoring:model_detail", args=[1]),
            reverse("scoring:training_run_detail", args=[1]),
            reverse("scoring:ranking_progress", args=[1]),
        ],
    )
    def test_a_stranger_is_sent_to_the_sign_in_page(self, client, address):
        assert client.get(address).headers["Location"].startswith(reverse("login"))

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["scoring:train", "scoring:request_ranking"])
    def test_a_stranger_starts_nothing(self, client, name):
        args = [] if name == "scoring:train" else ["1"]
        assert client.post(reverse(name, args=args)).headers["Location"].startswith(reverse("login"))
        assert not TrainingRun.objects.exists()

    def test_a_recruiter_may_not_train(self, page):
        assert page.post(reverse("scoring:train"), {"recipe": "peneira"}).status_code == 403
        assert not TrainingRun.objects.exists()

    def test_a_recruiter_is_not_offered_to_train(self, page):
        assert reverse("scoring:train") not in text(page.get(reverse("scoring:model_list")))

    @pytest.mark.parametrize("name", ["scoring:train", "scoring:request_ranking"])
    def test_it_rejects_get(self, admin_page, name):
        args = [] if name == "scoring:train" else ["1"]
        assert admin_page.get(reverse(name, args=args)).status_code == 405


class TestRanking:
    def test_it_shows_three_groups_apart(self, page, job, ranked):
        shown = panel(page, job).context["panel"]
        assert [str(row.candidate) for row in shown.by_group["applied"].rows] == ["Ana Prado"]
        assert [str(row.candidate) for row in shown.by_group["pool"].rows] == ["Beto Luz"]
        assert [row.prediction.score for row in shown.by_group["no_data"].rows] == [None]

    def test_a_row_says_score_gates_reasons_and_stage(self, page, job, ranked):
        shown = text(panel(page, job))
        assert "30 %" in shown
        assert "1 of 2 required" in shown
        assert "0 of 1 nice to have" in shown
        assert "About 6 years of experience" in shown
        assert "English not stated" in shown
        assert "Client interview" in shown

    def test_only_required_things_that_are_lacking_stand_outside_the_fold(
        self, page, job, version, recruiter
    ):
        as_cards(recruiter)
        states = {"java": "met", "sql": "not_met", "docker": "partly", "scrum": "no_data"}
        asked = [
            {"kind": "skill", "value": value, "must": True, "state": state, "quote": ""}
            for value, state in states.items()
        ]
        make_prediction(make_ranking(job, version), make_candidate(), requirements=asked)
        shown = text(panel(page, job)).split('<div class="gates">')[1].split("</div>")[0]
        folded, open_ = shown.split("</details>")
        assert "1 of 4 required" in folded.split("</summary>")[0]
        assert not [name for name in ("Java", "Scrum", "SQL", "Docker") if name in folded]
        assert [name in open_ for name in ("Java", "Scrum", "SQL", "Docker")] == [False, False, True, True]

    def test_with_nothing_to_fold_the_count_stands_alone(self, page, job, version, recruiter):
        as_cards(recruiter)
        asked = [{"kind": "skill", "value": "sql", "must": True, "state": "not_met", "quote": ""}]
        make_prediction(make_ranking(job, version), make_candidate(), requirements=asked)
        shown = text(panel(page, job)).split('<div class="gates">')[1].split("</div>")[0]
        assert "<details" not in shown
        assert "0 of 1 required" in shown
        assert "SQL" in shown

    def test_the_state_of_a_requirement_is_a_word_not_only_a_colour(self, page, job, ranked):
        shown = "".join(text(panel(page, job)).splitlines())
        assert ">no data: </span>English: advanced" in shown
        unfolded = "".join(text(unfold(page, panel(page, job))).splitlines())
        assert ">met: </span>Java" in unfolded
        assert ">not met: </span>Docker" in unfolded

    @pytest.mark.parametrize("as_what", [lambda user: None, as_cards])
    def test_what_was_asked_comes_when_somebody_unfolds_it(self, page, job, ranked, recruiter, as_what):
        as_what(recruiter)
        shown = panel(page, job)
        assert "java há 6 anos" not in text(shown)
        unfolded = text(unfold(page, shown))
        assert "java há 6 anos" in unfolded
        assert [name for name in ("Java", "English: advanced", "Docker") if name not in unfolded] == []
        assert "<html" not in unfolded

    def test_without_script_what_was_asked_is_one_link_away(self, page, job, ranked):
        prediction = Prediction.objects.get(rank=1, group="prospect")
        shown = text(panel(page, job)).split('class="gates-count"')[1].split("</details>")[0]
        assert f'<a href="{prediction.get_absolute_url()}">' in shown
        response = page.get(reverse("scoring:prediction_requirements", args=[prediction.pk]))
        assert response.url == prediction.get_absolute_url()
        assert "java há 6 anos" in text(page.get(response.url))

    def test_what_was_asked_of_somebody_is_told_to_nobody_who_may_not_see_them(self, client, job, ranked):
        manager = make_user("manager", group="Hiring managers")
        client.force_login(manager)
        prediction = Prediction.objects.get(rank=1, group="prospect")
        address = reverse("scoring:prediction_requirements", args=[prediction.pk])
        assert client.get(address, headers=FRAGMENT).status_code == 404
        JobMember.objects.create(job=job, user=manager)
        assert client.get(address, headers=FRAGMENT).status_code == 200

    def test_the_band_compares_with_the_average_application(self, page, job, ranked):
        shown = panel(page, job).context["panel"]
        assert str(shown.by_group["applied"].rows[0].band.words) == "far above average"  # 0.30 of 0.08
        assert str(shown.by_group["pool"].rows[0].band.words) == "below average"  # 0.04 of 0.08

    def test_it_says_what_the_score_is_and_how_well_it_was_measured(self, page, job, ranked):
        shown = text(panel(page, job))
        assert "a person decides" in shown
        assert "Measured on 39 later jobs" in shown
        assert "70 %" in shown
        assert "95 % interval: 64 % to 76 %" in shown

    def test_a_model_without_figures_says_that_it_could_not_be_measured(self, page, job):
        ranking = make_ranking(job, make_version(metrics={}))
        make_prediction(ranking, make_candidate())
        shown = text(panel(page, job))
        assert "could not be measured" in shown
        assert "average application" not in shown

    def test_a_fragment_is_the_panel_alone_and_announces_it(self, page, job, ranked):
        part = text(panel(page, job, headers=FRAGMENT))
        assert part.lstrip().startswith('<section id="ranking"')
        assert "1 who applied and 1 from the pool" in part

    def test_caches_keep_page_and_fragment_apart(self, page, job):
        assert "HX-Request" in panel(page, job).headers["Vary"]

    def test_a_long_pool_is_cut_and_shown_on_request(self, page, job, version):
        ranking = make_ranking(job, version)
        people = [make_candidate() for _ in range(FIRST[Group.POOL] + 2)]
        ranking.inputs_hash = rankings.inputs_hash(job, version)
        ranking.save()
        for rank, person in enumerate(people, start=1):
            make_prediction(ranking, person, group="pool", rank=rank)
        assert "Show 2 more" in text(panel(page, job))
        assert len(panel(page, job, group="pool").context["panel"].by_group["pool"].rows) == len(people)

    def test_names_are_escaped(self, page, job, version):
        person = make_candidate(name="<b>x</b>", headline="<i>y</i>")
        make_prediction(make_ranking(job, version), person)
        shown = text(panel(page, job, q="<u>{name}"))
        assert "<b>x" not in shown
        assert "<i>y" not in shown
        assert "<u>" not in shown

    def test_a_name_with_braces_is_shown_as_it_is(self, page, job, version):
        make_prediction(make_ranking(job, version), make_candidate(name="{code} {fits} {0}"))
        assert ": {code} {fits} {0}</span></button>" in text(panel(page, job))

    def test_protected_and_contact_data_stay_away(self, page, job, version):
        person = make_candidate(email="ana@example.com", phone="99999-0000")
        make_prediction(make_ranking(job, version), person)
        shown = text(panel(page, job))
        assert "ana@example.com" not in shown
        assert "99999-0000" not in shown

    def test_numbers_in_attributes_keep_the_point_in_portuguese(self, page, job, ranked):
        page.post(reverse("set_language"), {"language": "pt-br"})
        assert 'value="0.3"' in text(panel(page, job))

    def test_the_number_of_queries_does_not_grow(self, page, version, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        counts = [
            queries_of(lambda job=job: panel(page, job, headers=FRAGMENT))
            for job in (ranked_people(version, 1), ranked_people(version, 3), ranked_people(version, 12))
        ]
        assert counts[0] == counts[1] == counts[2] <= 25

    def test_a_ranking_that_holds_is_read_once_with_its_version(self, page, job, ranked, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        panel(page, job)
        with CaptureQueriesContext(connection) as captured:
            panel(page, job, headers=FRAGMENT)
        asked = [one["sql"] for one in captured.captured_queries]
        assert sum('FROM "scoring_ranking"' in sql for sql in asked) == 1
        assert sum('FROM "scoring_modelversion"' in sql for sql in asked) == 0


def queries_of(call):
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def ranked_people(version, count):
    job = make_job()
    people = [make_prospect(job=job, candidate=make_candidate()).candidate for _ in range(count)]
    ranking = make_ranking(job, version)
    for rank, person in enumerate(people, start=1):
        make_prediction(ranking, person, rank=rank, **FITTING)
    Ranking.objects.update(inputs_hash="")  # all alike: each of them is out of date
    Ranking.objects.create(job=job, model_version=version, state=RunState.QUEUED)
    return job


class TestHonesty:
    def test_a_job_the_model_may_have_learned_from_says_so(self, page, ranked, job):
        Job.objects.filter(pk=job.pk).update(requested_on=datetime.date(2025, 9, 10))
        assert "may have learned from this very job" in text(panel(page, job))

    def test_a_job_it_was_measured_on_or_a_newer_one_does_not(self, page, ranked, job):
        Job.objects.filter(pk=job.pk).update(requested_on=datetime.date(2025, 9, 11))
        assert "may have learned from this very job" not in text(panel(page, job))


class TestStatesOfARanking:
    def test_without_a_model_a_recruiter_is_told_whom_to_ask(self, page, job):
        shown = text(panel(page, job))
        assert "No model yet" in shown
        assert "Ask an administrator" in shown
        assert not Ranking.objects.exists()

    def test_without_a_model_an_administrator_is_led_to_training(self, admin_page, job):
        shown = text(panel(admin_page, job))
        assert reverse("scoring:model_list") in shown
        assert "manage.py train" in shown

    def test_the_first_visit_asks_for_a_ranking_and_polls_it(self, page, job, version, recruiter):
        shown = text(panel(page, job))
        ranking = Ranking.objects.get()
        assert (ranking.job, ranking.model_version, ranking.requested_by) == (job, version, recruiter)
        assert f'hx-get="{reverse("scoring:ranking_progress", args=[ranking.pk])}"' in shown
        assert 'hx-trigger="every 1s"' in shown
        assert "Waiting for a worker" in shown

    def test_a_second_visit_asks_for_no_second_one(self, page, job, version):
        panel(page, job)
        panel(page, job)
        assert Ranking.objects.count() == 1

    def test_a_ranking_that_holds_is_not_made_again(self, page, job, ranked):
        shown = panel(page, job).context["panel"]
        assert not shown.stale
        assert Ranking.objects.count() == 1

    def test_a_stale_ranking_says_so_stays_and_is_made_again(self, page, job, ranked):
        make_candidate(name="Somebody new")
        shown = text(panel(page, job))
        assert "out of date" in shown
        assert "Ana Prado" in shown
        assert Ranking.objects.active().count() == 1

    def test_after_a_promotion_the_old_order_is_out_of_date_and_made_again(self, page, job, ranked, version):
        ModelVersion.objects.filter(pk=version.pk).update(state=ModelVersion.State.RETIRED)
        new = make_version()
        shown = panel(page, job).context["panel"]
        assert (shown.champion, shown.stale) == (new, True)
        assert shown.ranking.model_version == version
        assert Ranking.objects.active().get().model_version == new

    def test_a_newer_ranking_by_another_version_hides_none_by_that_in_use(self, page, job, version):
        own = make_ranking(job, version)
        make_ranking(job, make_version(state=ModelVersion.State.RETIRED))
        assert panel(page, job).context["panel"].ranking == own

    def test_a_failed_ranking_shows_its_sentence_and_is_not_tried_again_by_itself(self, page, job, version):
        make_ranking(job, version, state=RunState.FAILED, error="Only the code of this job is known.")
        shown = text(panel(page, job))
        assert "Only the code of this job is known." in shown
        assert reverse("scoring:request_ranking", args=[job.code]) in shown
        assert Ranking.objects.count() == 1

    def test_asking_again_after_a_failure_makes_a_new_one(self, page, job, version):
        make_ranking(job, version, state=RunState.FAILED, error="x")
        response = page.post(reverse("scoring:request_ranking", args=[job.code]))
        assert response.headers["Location"] == reverse("scoring:job_ranking", args=[job.code])
        assert Ranking.objects.active().count() == 1

    def test_asking_without_a_model_is_answered_with_a_sentence(self, page, job):
        response = page.post(reverse("scoring:request_ranking", args=[job.code]), follow=True)
        assert "No model is in use yet" in text(response)

    def test_asking_by_htmx_answers_the_panel(self, page, job, version):
        response = page.post(reverse("scoring:request_ranking", args=[job.code]), headers=FRAGMENT)
        assert text(response).lstrip().startswith('<section id="ranking"')

    def test_progress_is_shown_while_it_runs(self, page, job, version):
        ranking = make_ranking(job, version, state=RunState.RUNNING, progress=0.4, step="Reading candidates")
        response = page.get(reverse("scoring:ranking_progress", args=[ranking.pk]), headers=FRAGMENT)
        assert response.status_code == 200
        assert "40 %" in text(response)
        assert "Reading candidates" in text(response)
        assert "ranked" not in text(response)

    def test_the_end_stops_polling_and_brings_the_panel(self, page, job, ranked):
        response = page.get(reverse("scoring:ranking_progress", args=[ranked.pk]), headers=FRAGMENT)
        assert response.status_code == 286
        assert response.headers["HX-Retarget"] == "#ranking"
        assert "Ana Prado" in text(response)

    def test_progress_without_script_is_the_ranking_page(self, page, job, ranked):
        response = page.get(reverse("scoring:ranking_progress", args=[ranked.pk]))
        assert response.headers["Location"] == reverse("scoring:job_ranking", args=[job.code])

    @pytest.mark.parametrize("code", ["A/1", "ç ã"])
    def test_any_code_of_the_source_has_its_ranking(self, page, version, code):
        job = make_job(code=code)
        assert panel(page, job).context["job"] == job
        page.post(reverse("scoring:request_ranking", args=[code]))
        assert Ranking.objects.active().filter(job=job).count() == 1
        person = make_candidate(code=code)
        response = page.get(reverse("scoring:candidate_predictions", args=[code]))
        assert response.context["candidate"] == person

    @pytest.mark.parametrize(
        "path", ["jobs/%00/", "candidates/%00/", "jobs/a%00/", "jobs/" + "x" * 2000 + "/"]
    )
    def test_an_address_that_no_code_can_have_is_not_found(self, page, path):
        root = reverse("scoring:model_list").removesuffix("models/")
        assert page.get(root + path).status_code == 404

    def test_an_unknown_job_is_not_found(self, page):
        assert page.get(reverse("scoring:job_ranking", args=["nope"])).status_code == 404


class TestProspectsWithoutARanking:
    def test_they_stand_in_order_of_application(self, page, job):
        for name, day in (("Ana Prado", None), ("Beto Luz", 9), ("Caio Mar", 2)):
            make_prospect(
                job=job,
                candidate=make_candidate(name=name, city="Olinda"),
                applied_on=day and datetime.date(2026, 3, day),
                stage="offer",
            )
        make_prospect(candidate=make_candidate(name="Of another job"))
        response = panel(page, job)
        shown = response.context["panel"].by_group["waiting"].rows
        assert [row.candidate.name for row in shown] == ["Caio Mar", "Beto Luz", "Ana Prado"]
        for words in ("Prospects, not ranked", "Desenvolvedor Java", "Olinda", "Offer"):
            assert words in text(response)
        assert "Of another job" not in text(response)

    def test_it_says_that_there_is_no_model(self, page, job):
        make_prospect(job=job)
        assert "No model is in use yet, so they stand in order of application." in text(panel(page, job))

    def test_it_says_that_the_first_order_is_being_made(self, page, job, version):
        make_prospect(job=job)
        shown = text(panel(page, job))
        assert "Their order is being made" in shown
        assert "Pessoa" in shown

    def test_it_says_that_the_last_ranking_failed(self, page, job, version):
        make_prospect(job=job)
        make_ranking(job, version, state=RunState.FAILED, error="x")
        shown = text(panel(page, job))
        assert "The last ranking did not succeed, so they stand" in shown
        assert "Pessoa" in shown

    def test_with_a_ranking_nobody_is_shown_twice(self, page, job, ranked):
        response = panel(page, job)
        assert response.context["panel"].by_group["waiting"].rows == []
        assert text(response).count(">Ana Prado</a>") == 1

    def test_a_job_known_by_code_alone_is_no_failure_and_is_never_ranked(self, page, version):
        stub = Job.objects.create(code="55", is_stub=True)
        make_prospect(job=stub)
        make_ranking(stub, version, state=RunState.FAILED, error="Only the code of this job is known.")
        for _ in range(2):
            shown = text(panel(page, stub))
        assert "so there is nothing to compare candidates with" in shown
        assert "Pessoa" in shown
        assert "alert-bad" not in shown
        assert reverse("scoring:request_ranking", args=["55"]) not in shown
        assert Ranking.objects.count() == 1

    def test_asking_to_rank_it_all_the_same_is_answered_with_a_sentence(self, page, version):
        Job.objects.create(code="55", is_stub=True)
        response = page.post(reverse("scoring:request_ranking", args=["55"]), follow=True)
        assert "there is nothing to compare candidates with" in text(response)
        assert not Ranking.objects.exists()

    def test_a_long_list_is_cut_and_shown_on_request(self, page, job):
        many = FIRST[Group.WAITING] + 2
        for _ in range(many):
            make_prospect(job=job)
        assert "Show 2 more" in text(panel(page, job))
        response = panel(page, job, group="waiting")
        assert len(response.context["panel"].by_group["waiting"].rows) == many
        assert "Show 2 more" not in text(response)

    def test_a_fragment_announces_how_many_there_are(self, page, job):
        make_prospect(job=job)
        assert "1 prospect, not ranked." in text(panel(page, job, headers=FRAGMENT))

    def test_names_are_escaped(self, page, job):
        make_prospect(job=job, candidate=make_candidate(name="<b>x</b>"))
        assert "<b>x" not in text(panel(page, job))

    def test_the_number_of_queries_does_not_grow(self, page, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        counts = []
        for rows in (1, 3, 26):
            job = make_job()
            for _ in range(rows):
                make_prospect(job=job)
            counts.append(queries_of(lambda job=job: panel(page, job, headers=FRAGMENT)))
        assert counts[0] == counts[1] == counts[2] <= 22


class TestCandidatePredictions:
    def test_it_lists_them_with_job_version_and_score(self, page, ranked):
        candidate = ranked.predictions.get(group="prospect").candidate
        response = page.get(reverse("scoring:candidate_predictions", args=[candidate.code]), headers=FRAGMENT)
        assert "<html" not in text(response)
        assert ranked.job.title in text(response)
        assert f"v{ranked.model_version.number}" in text(response)
        assert "30 %" in text(response)

    def test_a_person_without_data_has_no_number(self, page, ranked):
        candidate = ranked.predictions.get(group="not_rankable").candidate
        shown = text(page.get(reverse("scoring:candidate_predictions", args=[candidate.code])))
        assert "no data" in shown
        assert "0 %" not in shown

    def test_nobody_elses_are_shown(self, page, ranked):
        other = make_candidate()
        shown = text(page.get(reverse("scoring:candidate_predictions", args=[other.code])))
        assert ranked.job.title not in shown
        assert "No prediction was served" in shown

    def test_the_number_of_queries_does_not_grow(self, page, version, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        counts = []
        for rows in (1, 3):
            person = make_candidate()
            for _ in range(rows):
                make_prediction(make_ranking(make_job(), version), person)
            address = reverse("scoring:candidate_predictions", args=[person.code])
            counts.append(queries_of(lambda address=address: page.get(address, headers=FRAGMENT)))
        assert counts[0] == counts[1] <= 10


class TestFrame:
    def test_no_page_has_inline_style_or_script(self, admin_page, job, ranked):
        run = TrainingRun.objects.create(state=RunState.RUNNING, log="x")
        person = ranked.predictions.filter(group="prospect").get().candidate
        for address in (
            reverse("scoring:job_ranking", args=[job.code]),
            reverse("scoring:candidate_predictions", args=[person.code]),
            reverse("scoring:model_list"),
            ranked.model_version.get_absolute_url(),
            run.get_absolute_url(),
        ):
            assert not INLINE.search(text(admin_page.get(address)))
