import re

import pytest
from django.urls import reverse
from django.utils import translation

from candidates.models import RunState
from scoring import gate, judging, registry, tasks
from scoring.models import ModelCheck, ModelVersion, Promotion
from tests.factories import make_candidate, make_job, make_version
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db

State = ModelVersion.State
Kind = ModelCheck.Kind
FRAGMENT = {"HX-Request": "true"}
INLINE = re.compile(r'\sstyle="|<script(?![^>]*\ssrc=)|\son\w+="', re.IGNORECASE)

CHECKS = [
    {"name": "files", "passed": True, "note": None},
    {"name": "rows", "passed": True, "challenger": 120, "limit": 10, "note": None},
    {
        "name": "average_precision",
        "passed": False,
        "challenger": 0.21,
        "champion": 0.34,
        "low": -0.19,
        "high": -0.05,
        "note": None,
    },
    {"name": "evidence", "passed": False, "challenger": "none", "champion": "some", "note": None},
    {
        "name": "inside_auc",
        "passed": None,
        "note": {"id": "No job here has both a hire and somebody not hired."},
    },
    {
        "name": "fairness",
        "passed": False,
        "challenger": 0.61,
        "limit": 0.8,
        "where": {
            "attribute": "sex",
            "measure": "first_ten",
            "category": "female",
            "reference": "male",
            "failing": 2,
        },
    },
]
NOTES = [
    {
        "id": judging.OTHER_LABELS,
        "params": {"challenger": "all", "champion": "decided"},
    }
]


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_model_check, "delay", messages.append)
    return messages


@pytest.fixture
def champion():
    return make_trained_version()


@pytest.fixture
def challenger(champion):
    return make_trained_version(seed=2, state=State.CHALLENGER, verdict=verdict(champion))


def verdict(champion, *, passed=True, **values):
    return {
        "passed": passed,
        "champion": champion.number if champion else None,
        "at": "2026-03-10T10:00:00+00:00",
        "rows": {"used": 1234, "hires": 120},
        "notes": [],
        "checks": [],
    } | values


def say(version, **values):
    ModelVersion.objects.filter(pk=version.pk).update(**values)
    version.refresh_from_db()
    return version


def address(version, name="promote"):
    return reverse(f"scoring:{name}", args=[version.number])


def text(response):
    return response.content.decode()


def decide(page, version, **data):
    champion = ModelVersion.objects.champion(version.recipe)
    return page.post(address(version), {"seen": str(champion.number) if champion else "none"} | data)


# Who may


@pytest.mark.parametrize("name", ["promote", "judge", "rank_changes"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_promote_is_shut_out(page, challenger, champion, name, method, sent):
    response = getattr(page, method)(address(challenger, name), {"reason": "x", "overrule": "on"})

    assert response.status_code == 403
    assert ModelVersion.objects.champion() == champion
    assert not ModelCheck.objects.exists()


def test_strangers_are_sent_to_the_sign_in(client, challenger):
    assert client.get(address(challenger)).status_code == 302
    assert client.post(address(challenger)).status_code == 302
    assert not Promotion.objects.exists()


def test_an_unknown_version_is_not_found(admin_page):
    assert admin_page.get(reverse("scoring:promote", args=[99999])).status_code == 404


# The form


def test_the_page_of_a_version_that_passed(admin_page, challenger, champion):
    shown = text(admin_page.get(address(challenger)))

    assert f"Put {challenger} in use" in shown
    assert f"It takes the place of {champion}" in shown
    assert "1,234 later applications, 120 of them hires" in shown
    assert "(may be empty)" in shown
    assert "I decide against the gate" not in shown


def test_it_serves_after_one_click(admin_page, administrator, challenger, champion):
    response = decide(admin_page, challenger)

    assert response.headers["Location"] == challenger.get_absolute_url()
    promotion = Promotion.objects.get()
    assert (promotion.version, promotion.replaced, promotion.by) == (challenger, champion, administrator)
    assert promotion.overruled is False
    assert ModelVersion.objects.champion() == challenger


def test_the_verdict_is_a_list_of_checks_in_words(admin_page, challenger, champion):
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS, notes=NOTES))

    shown = text(admin_page.get(address(challenger)))

    for words in (
        "This version did not pass the gate",
        "Its files are those that were saved",
        "hires, other outcomes and jobs: at least 10 of each",
        "0.210",
        "0.340",
        "-0.190 to -0.050",
        "not lower beyond the noise",
        "no evidence",
        "some evidence",
        "No job here has both a hire",
        "not surely under 0.80",
        "women beside men: among the first ten of the job (one of 2)",
        "(hired against every other row, hired against decided negative)",
        "I decide against the gate",
    ):
        assert words in shown, words


def test_the_same_verdict_in_portuguese_has_portuguese_numbers(admin_page, challenger, champion):
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS, notes=NOTES))
    with translation.override("pt-br"):
        shown = text(admin_page.get(address(challenger), headers={"Accept-Language": "pt-br"}))
    assert "0,340" in shown


def test_against_the_gate_both_a_tick_and_a_reason_are_asked_for(admin_page, challenger, champion):
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS))

    response = decide(admin_page, challenger, reason="   ")

    assert response.status_code == 422
    assert "Write down why" in text(response)
    assert "Tick this" in text(response)
    assert ModelVersion.objects.champion() == champion
    assert "Tick this" in text(decide(admin_page, challenger, reason="I know why"))
    assert not Promotion.objects.exists()


@pytest.mark.parametrize("state", [State.CHALLENGER, State.RETIRED])
def test_a_reason_of_invisible_characters_is_refused(admin_page, challenger, champion, state):
    say(challenger, state=state, verdict=verdict(champion, passed=False, checks=CHECKS))

    response = decide(admin_page, challenger, reason="\u200b\u200b", overrule="on")

    assert response.status_code == 422
    assert "at least one letter or digit" in text(response)
    assert ModelVersion.objects.champion() == champion
    assert not Promotion.objects.exists()


def test_a_person_decides_against_the_gate(admin_page, administrator, challenger, champion):
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS))

    decide(admin_page, challenger, reason="The old one reads no Spanish.", overrule="on")

    promotion = Promotion.objects.get()
    assert (promotion.overruled, promotion.reason) == (True, "The old one reads no Spanish.")
    assert promotion.verdict["passed"] is False
    assert ModelVersion.objects.champion() == challenger


@pytest.mark.parametrize(
    ("stored", "words"),
    [({}, "No gate has judged this version"), ({"passed": True, "champion": 99999}, "with another version")],
)
def test_without_a_fresh_verdict_it_can_be_judged_or_decided(admin_page, challenger, stored, words):
    say(challenger, verdict=stored)

    shown = text(admin_page.get(address(challenger)))

    assert words in shown
    assert address(challenger, "judge") in shown
    assert "I decide against the gate" in shown


def test_going_back_asks_for_a_reason_alone(admin_page, challenger, champion):
    say(challenger, state=State.RETIRED, verdict={})

    shown = text(admin_page.get(address(challenger)))
    assert f"Go back to {challenger}" in shown
    assert "I decide against the gate" not in shown
    assert address(challenger, "judge") not in shown
    assert decide(admin_page, challenger).status_code == 422

    decide(admin_page, challenger, reason="The new one is slow.")

    assert ModelVersion.objects.champion() == challenger
    assert Promotion.objects.get().overruled is False


def test_what_is_in_use_cannot_be_promoted(admin_page, champion):
    assert "It is in use already" in text(admin_page.get(address(champion)))
    assert "<button" not in text(admin_page.get(address(champion))).split("<main")[1].split("</main>")[0]
    assert decide(admin_page, champion, reason="x").status_code == 422
    assert not Promotion.objects.exists()


def test_another_version_that_began_to_serve_meanwhile_is_told(admin_page, challenger, champion):
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS))

    response = decide(admin_page, challenger, seen="123", reason="x", overrule="on")

    assert response.status_code == 422
    assert "Another version began to serve meanwhile" in text(response)
    assert ModelVersion.objects.champion() == champion


def test_damaged_files_are_told_and_the_reason_is_kept_in_the_form(admin_page, challenger, champion):
    damage(challenger)

    response = decide(admin_page, challenger, reason="My reason")

    assert response.status_code == 422
    assert "not those that were saved" in text(response)
    assert "My reason" in text(response)
    assert ModelVersion.objects.champion() == champion


def test_the_first_version_of_a_recipe(admin_page):
    first = make_trained_version(state=State.CHALLENGER, verdict=verdict(None))

    assert "Nothing serves the recipe peneira yet" in text(admin_page.get(address(first)))
    decide(admin_page, first)
    assert ModelVersion.objects.champion() == first


@pytest.mark.parametrize(
    "stored", [[], "x", {"passed": True, "checks": "x"}, {"passed": False, "checks": [{}, 3]}]
)
def test_a_verdict_of_another_program_breaks_no_page(admin_page, challenger, stored):
    say(challenger, verdict=stored, card={"fairness": {"blocks": [{"categories": [{"n": "x"}]}], "rules": 3}})

    assert admin_page.get(address(challenger)).status_code == 200


# Judging again


def test_judging_is_asked_for_once_and_polled(admin_page, administrator, challenger):
    response = admin_page.post(address(challenger, "judge"))

    assert response.headers["Location"] == address(challenger)
    check = ModelCheck.objects.get()
    assert (check.kind, check.requested_by) == (Kind.VERDICT, administrator)
    admin_page.post(address(challenger, "judge"))
    assert ModelCheck.objects.count() == 1
    shown = text(admin_page.get(address(challenger)))
    assert f'hx-get="{address(challenger, "judge")}" hx-trigger="every 2s"' in shown
    assert "Waiting for a worker" in shown
    part = admin_page.get(address(challenger, "judge"), headers=FRAGMENT)
    assert part.status_code == 200
    assert "<html" not in text(part)


def test_a_new_verdict_loads_the_page_again(admin_page, challenger):
    check = ModelCheck.objects.create(version=challenger, kind=Kind.VERDICT, state=RunState.DONE)

    part = admin_page.get(address(challenger, "judge"), headers=FRAGMENT)

    assert (part.status_code, part.headers["HX-Refresh"]) == (286, "true")
    assert "hx-trigger" not in text(part)
    check.state, check.error = RunState.FAILED, "The worker stopped before it was done. Start it again."
    check.save()
    assert "The worker stopped" in text(admin_page.get(address(challenger)))


# Rank changes


def looked(challenger, champion, **result):
    return ModelCheck.objects.create(
        version=challenger,
        champion=champion,
        kind=Kind.RANK_CHANGES,
        state=RunState.DONE,
        result={"at": "2026-03-10T10:00:00+00:00", "jobs": [], "people": 0, "moved": 0} | result,
    )


def job_changes(job, up, down, **values):
    def move(person, before, after):
        scores = {"score_before": 0.5, "score_after": 0.25}
        return {"candidate": person.pk, "before": before, "after": after} | scores

    return {
        "job": job.pk,
        "people": 12,
        "moved": 2,
        "kendall": 0.75,
        "kept": 0.9,
        "up": [move(*up)],
        "down": [move(*down)],
    } | values


def test_who_moves_is_told_by_name_with_places_and_scores(admin_page, challenger, champion):
    job, ana, beto = make_job(title="Analista SAP"), make_candidate(name="Ana"), make_candidate(name="Beto")
    one = job_changes(job, (ana, 9, 2), (beto, 1, 7))
    looked(challenger, champion, jobs=[one], people=12, moved=2, kendall=0.75)

    for page in (address(challenger), address(challenger, "rank_changes")):
        shown = text(admin_page.get(page))
        for words in (
            "Analista SAP",
            "Ana",
            "9 → 2",
            "Beto",
            "1 → 7",
            "50 % → 25 %",
            "90 % of the first ten",
        ):
            assert words in shown, words


def test_people_and_jobs_that_are_gone_are_left_out(admin_page, challenger, champion):
    job, ana, beto = make_job(title="Analista SAP"), make_candidate(name="Ana"), make_candidate(name="Beto")
    gone = make_job(title="Gone")
    lines = [job_changes(job, (ana, 9, 2), (beto, 1, 7)), job_changes(gone, (ana, 3, 2), (beto, 1, 4))]
    looked(challenger, champion, jobs=lines, people=24, moved=4, kendall=0.5)
    beto.delete()
    gone.delete()

    shown = text(admin_page.get(address(challenger, "rank_changes")))

    assert "Ana" in shown
    assert "1 → 7" not in shown
    assert "Gone" not in shown


def test_a_comparison_with_another_version_than_the_one_in_use_is_called_so(admin_page, challenger, champion):
    looked(challenger, make_version(state=State.RETIRED))

    assert "Another version serves since" in text(admin_page.get(address(challenger)))


def test_where_no_order_is_proven_it_is_said_that_the_page_orders_by_something_else(
    admin_page, challenger, champion
):
    say(champion, evidence="strong")
    job, ana, beto = make_job(), make_candidate(), make_candidate()
    looked(challenger, champion, jobs=[job_changes(job, (ana, 9, 2), (beto, 1, 7))], people=12, moved=2)

    shown = text(admin_page.get(address(challenger, "rank_changes")))

    assert f"No evidence speaks for the order of {challenger}" in shown
    assert f"No evidence speaks for the order of {champion}" not in shown


def test_it_is_asked_for_and_polled(admin_page, challenger, champion, sent):
    assert "Not looked at yet" in text(admin_page.get(address(challenger)))

    response = admin_page.post(address(challenger, "rank_changes"))

    assert response.headers["Location"] == address(challenger, "rank_changes")
    assert ModelCheck.objects.get().champion == champion
    part = admin_page.post(address(challenger, "rank_changes"), headers=FRAGMENT)
    assert part.status_code == 200
    assert text(part).lstrip().startswith('<section id="rank-changes"')
    assert 'hx-trigger="every 2s"' in text(part)
    ModelCheck.objects.update(state=RunState.DONE, result={"jobs": []})
    part = admin_page.get(address(challenger, "rank_changes"), headers=FRAGMENT)
    assert part.status_code == 286
    assert "No open job with a ranking" in text(part)


def test_a_failed_comparison_says_why(admin_page, challenger, champion):
    looked(challenger, champion)
    ModelCheck.objects.update(state=RunState.FAILED, error="No version is in use, so nobody's place changes.")

    shown = text(admin_page.get(address(challenger, "rank_changes")))

    assert "nobody&#x27;s place changes" in shown
    assert "Compare again" in shown


def test_names_are_escaped(admin_page, challenger, champion):
    job, ana, beto = make_job(title="<b>t</b>"), make_candidate(name="<b>x</b>"), make_candidate()
    looked(challenger, champion, jobs=[job_changes(job, (ana, 9, 2), (beto, 1, 7))], people=12, moved=2)

    assert "<b>" not in text(admin_page.get(address(challenger)))


@pytest.mark.parametrize("jobs", [1, 4])
def test_the_number_of_queries_does_not_grow(
    admin_page, challenger, champion, jobs, django_assert_num_queries, settings
):
    lines = [job_changes(make_job(), (make_candidate(), 9, 2), (make_candidate(), 1, 7)) for _ in range(jobs)]
    looked(challenger, champion, jobs=lines, people=12, moved=2)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"

    # session, user, version, champion, check of the gate, check of the ranks, people, jobs
    with django_assert_num_queries(11):
        admin_page.get(address(challenger))


# Fairness and frame


def test_impact_ratios_are_shown_with_counts_and_what_was_left_out(admin_page, challenger):
    women = {"name": "female", "n": 40, "hits": 10, "rate": 0.25, "ratio": 0.5, "low": 0.3, "high": 0.8}
    men = {"name": "male", "n": 60, "hits": 30, "rate": 0.5, "ratio": 1.0, "enough": True}
    few = {"name": "other", "n": 3, "hits": None, "rate": None}
    block = {
        "attribute": "sex",
        "measure": "above_median",
        "n": 103,
        "unknown": 17,
        "reference": "male",
        "categories": [women | {"p_value": 0.01, "enough": True, "flagged": True}, men, few],
    }
    rules = {"limit": 0.8, "minimum": 30}
    say(challenger, card={"fairness": {"rows": 120, "flagged": 1, "rules": rules, "blocks": [block]}})

    shown = text(admin_page.get(address(challenger)))

    for words in ("women", "25.0 %", "0.50", "0.30 to 0.80", "17 left out", "1 to look at", "under 0.80"):
        assert words in shown, words
    assert "too few to judge" in shown


def test_no_page_has_inline_style_or_script(admin_page, challenger, champion):
    job = make_job()
    looked(challenger, champion, jobs=[job_changes(job, (make_candidate(), 9, 2), (make_candidate(), 1, 7))])
    say(challenger, verdict=verdict(champion, passed=False, checks=CHECKS, notes=NOTES))

    for name in ("promote", "rank_changes"):
        assert not INLINE.search(text(admin_page.get(address(challenger, name))))


def test_pages_read_no_model(admin_page, challenger, monkeypatch):
    def refuse(version):
        raise AssertionError("a page loaded a model")

    monkeypatch.setattr(registry, "artifact", refuse)

    assert admin_page.get(address(challenger)).status_code == 200
    decide(admin_page, challenger)
    assert gate.standing(ModelVersion.objects.get(pk=challenger.pk), challenger) == gate.Standing.IN_USE
