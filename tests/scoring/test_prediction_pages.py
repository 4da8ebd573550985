"""What stands beside a ranking and on the page of one prediction."""

import re

import pytest
from django.urls import reverse

from scoring import ranking as rankings
from scoring.models import ModelVersion, Prediction, Ranking
from scoring.ranked_list_columns import choose
from tests.factories import make_candidate, make_job, make_version
from tests.scoring.test_views import INLINE, METRICS, as_cards, make_prediction, make_ranking, panel, text

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "for": [{"group": "experience", "contribution": 0.5, "params": {"years": 6}}],
    "against": [
        {
            "group": "english",
            "contribution": -0.4,
            "params": {"has": "basic", "asked": "fluent", "gap": -3.0},
        }
    ],
    "base": -2.0,
    "margin": -1.4,
    "groups": {"english": -0.4, "experience": 0.5, "location": 0.2, "job_record": 0.2, "job_profile": 0.1},
}
REQUIREMENTS = [
    {"kind": "skill", "value": "java", "must": True, "state": "met", "quote": "java há 6 anos"},
    {"kind": "english", "value": "advanced", "must": True, "state": "not_met", "quote": ""},
    {"kind": "skill", "value": "docker", "must": False, "state": "met", "quote": ""},
]


@pytest.fixture
def job():
    return make_job()


def plain(response):
    """The page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


def ranked(job, *, evidence="some", order="model", metrics=METRICS, **values):
    version = make_version(metrics=metrics, evidence=evidence)
    ranking = make_ranking(job, version, order=order, pool_size=7)
    stored = make_prediction(
        ranking, make_candidate(name="Ana Prado"), reasons=ACCOUNT, requirements=REQUIREMENTS, **values
    )
    ranking.inputs_hash = rankings.inputs_hash(job, version)
    ranking.save()
    return stored


def detail(page, stored):
    return page.get(reverse("scoring:prediction_detail", args=[stored.pk]))


class TestEvidence:
    @pytest.mark.parametrize(
        ("verdict", "sentence"),
        [
            ("strong", "Strong evidence that the order inside a job beats chance."),
            ("some", "Some evidence that the order inside a job beats chance."),
            ("none", "No evidence that this model's order inside a job beats chance."),
        ],
    )
    def test_one_sentence_says_whether_the_order_beats_chance(self, page, job, verdict, sentence):
        order = "requirements" if verdict == "none" else "model"
        ranked(job, evidence=verdict, order=order)
        shown = plain(panel(page, job)).replace("&#x27;", "'")
        assert sentence in shown
        assert "the hired one stood higher in 70 % of cases" in shown

    def test_the_sentence_is_there_in_portuguese(self, page, job):
        ranked(job)
        page.post(reverse("set_language"), {"language": "pt-br"})
        shown = plain(panel(page, job))
        assert "Some evidence" not in shown
        assert "95 %" in shown


class TestOrderByRequirements:
    def test_the_page_says_what_the_order_follows(self, page, job):
        ranked(job, evidence="none", order="requirements")
        shown = plain(panel(page, job))
        assert "Candidates by requirements met" in shown
        assert "stand in the order of the requirements they meet" in shown

    @pytest.mark.parametrize(("view", "tag"), [("cards", '<ol class="ranked">'), ("table", "<tbody>")])
    def test_no_number_bar_or_band_of_the_model_stands_in_the_list(self, page, job, recruiter, view, tag):
        choose(recruiter, view=view)
        ranked(job, evidence="none", order="requirements")
        rows = text(panel(page, job)).split(tag)[1].split("</section>")[0]
        assert "Ana Prado" in rows
        assert "30 %" not in rows
        assert "<meter" not in rows
        assert "average" not in rows
        assert "years of experience" not in rows

    def test_requirements_stand_in_the_open(self, page, job, recruiter):
        as_cards(recruiter)
        ranked(job, evidence="none", order="requirements")
        rows = text(panel(page, job)).split('<ol class="ranked">')[1].split("</ol>")[0]
        assert "1 of 2 required" in rows
        assert "1 of 1 nice to have" in rows
        assert "java há 6 anos" in rows
        assert "English: advanced" in rows

    def test_a_job_that_asks_nothing_draws_nobody_and_says_so(self, page, job):
        version = make_version(metrics=METRICS, evidence="none")
        make_prediction(make_ranking(job, version, order="requirements"), make_candidate())
        shown = plain(panel(page, job))
        assert "Candidates in order of application" in shown
        assert "This job has no requirements yet, so people stand in order of application" in shown
        assert "Without requirements nobody can be drawn from the pool" in shown

    def test_a_pool_of_which_nobody_meets_anything_says_so(self, page, job):
        ranked(job, evidence="none", order="requirements")
        assert "Nobody of the pool is known to meet any" in plain(panel(page, job))

    def test_evidence_that_came_or_went_makes_the_order_stale(self, page, job):
        ranked(job)
        assert not rankings.is_stale(Ranking.objects.get())
        ModelVersion.objects.update(evidence="none")
        assert rankings.is_stale(Ranking.objects.get())
        assert "out of date" in text(panel(page, job))


class TestLikelyToAccept:
    def test_it_is_a_number_of_its_own_on_list_and_detail(self, page, job, recruiter):
        stored = ranked(job, accept_score=0.82)
        assert 'data-label="Likely to accept">82 %' in text(panel(page, job))
        as_cards(recruiter)
        assert "likely to accept: 82 %" in plain(panel(page, job))
        assert "It moves nobody up or down" in plain(panel(page, job))
        assert "Likely to accept 82 %" in plain(detail(page, stored))

    @pytest.mark.parametrize("order", ["model", "requirements"])
    def test_without_it_nothing_is_said(self, page, job, order):
        stored = ranked(job, order=order)
        assert "likely to accept" not in plain(panel(page, job)).casefold()
        assert "likely to accept" not in plain(detail(page, stored)).casefold()


class TestDetail:
    def test_a_stranger_is_sent_to_the_sign_in_page(self, client, job):
        assert detail(client, ranked(job)).headers["Location"].startswith(reverse("login"))

    @pytest.mark.parametrize("pk", ["6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10"])
    def test_an_unknown_prediction_is_not_found(self, page, pk):
        assert page.get(reverse("scoring:prediction_detail", args=[pk])).status_code == 404

    def test_it_says_score_model_threshold_when_and_by_whom(self, page, job, recruiter):
        stored = ranked(job, requested_by=recruiter, decision=False)
        shown = plain(detail(page, stored))
        for words in ("Ana Prado", "30 %", "below 50 %", str(stored.model_version), "recruiter", "place 1"):
            assert words in shown
        assert str(stored.pk) in shown

    def test_its_account_adds_up(self, page, job):
        shown = plain(detail(page, ranked(job)))
        for words in (
            "Starting point: the average of what the model learned from −2.00",
            "About 6 years of experience in the CV +0.50",
            "English below what the job asks (basic; asked: fluent) −0.40",
            "Place of living +0.20",
            "About the job: the same for everybody here +0.30",
            "Sum −1.40",
        ):
            assert words in shown

    def test_list_and_detail_use_the_same_words(self, page, job):
        stored = ranked(job)
        row = panel(page, job).context["panel"].by_group["applied"].rows[0]
        shown = plain(detail(page, stored))
        assert row.speaks_for
        assert row.speaks_against
        assert all(words in shown for words in (*row.speaks_for, *row.speaks_against))

    def test_requirements_keep_their_quotes(self, page, job):
        shown = plain(detail(page, ranked(job)))
        assert "1 of 2 required" in shown
        assert "java há 6 anos" in shown

    def test_a_number_without_evidence_is_marked(self, page, job):
        proven = ranked(job)
        ModelVersion.objects.update(state=ModelVersion.State.RETIRED)
        unproven = ranked(make_job(), evidence="none", order="requirements")
        warning = "do not put one candidate of a job before another by this number"
        assert warning in plain(detail(page, unproven))
        assert "ordered by requirements met" in plain(detail(page, unproven))
        assert "above average" not in plain(detail(page, unproven))
        assert warning not in plain(detail(page, proven))

    def test_a_person_without_data_has_no_score(self, page, job):
        stored = ranked(job, score=None, rank=None, group="not_rankable")
        shown = plain(detail(page, stored))
        assert "there was nothing to score" in shown
        assert "How the score adds up" not in shown

    def test_what_another_system_asked_for_is_shown_without_job_or_person(self, page):
        stored = Prediction.objects.create(
            model_version=make_version(),
            candidate_code="31001",
            score=0.2,
            decision=False,
            threshold=0.5,
            source="api",
            correlation_id="from-the-caller",
        )
        shown = plain(detail(page, stored))
        assert "Candidate 31001" in shown
        assert "asked by another system" in shown
        assert "What this score is made of was not stored with it." in shown
        assert "from-the-caller" in shown

    def test_list_and_candidate_lead_to_it(self, page, job):
        stored = ranked(job)
        address = reverse("scoring:prediction_detail", args=[stored.pk])
        of_candidate = reverse("scoring:candidate_predictions", args=[stored.candidate_code])
        assert f'href="{address}"' in text(panel(page, job))
        assert f'href="{address}"' in text(page.get(of_candidate))

    def test_protected_and_contact_data_stay_away(self, page, job):
        stored = ranked(job)
        person = stored.candidate
        type(person).objects.filter(pk=person.pk).update(email="ana@example.com", phone="99999-0000")
        shown = text(detail(page, stored))
        assert "ana@example.com" not in shown
        assert "99999-0000" not in shown

    def test_names_are_escaped(self, page, job):
        stored = ranked(job)
        type(stored.candidate).objects.update(name="<b>x</b>")
        assert "<b>x" not in text(detail(page, stored))

    def test_it_has_no_inline_style_or_script(self, page, job):
        assert not INLINE.search(text(detail(page, ranked(job))))

    def test_numbers_in_attributes_keep_the_point_in_portuguese(self, page, job):
        page.post(reverse("set_language"), {"language": "pt-br"})
        bars = re.findall(r'<rect [^>]*x="([^"]*)" y="0" width="([^"]*)"', text(detail(page, ranked(job))))
        assert bars
        assert all(float(start) >= 0 and float(start) + float(length) <= 100 for start, length in bars)

    def test_it_takes_few_queries(self, page, job, django_assert_max_num_queries):
        stored = ranked(job)
        # session, user, groups, policy, blind jobs · prediction
        with django_assert_max_num_queries(6):
            detail(page, stored)
