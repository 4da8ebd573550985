"""Every kind of event, made by the services that make it, and not a word of anybody in what is sent."""

import datetime
import json

import jsonschema
import pytest
from django.utils import timezone

from candidates import creating, merging
from candidates.api.webhook_events import DATA, body
from candidates.integration import delivering, events
from candidates.models import Delivery, Event, EventKind, ImportRun, Webhook
from jobs import moving, services
from jobs.models import RejectionReason, Stage
from monitoring import services as drifting
from monitoring.models import Baseline
from scoring import announcing, gate, ranking
from scoring import services as scoring_services
from scoring.models import ModelVersion, Prediction, Ranking
from tests.factories import make_candidate, make_job, make_prospect, make_version

pytestmark = pytest.mark.django_db

# Of people, and of who works with them: none of it may leave
NAME, EMAIL, PHONE, CITY = "Quitéria Zambujal", "qmail@example.com", "+55 81 98888-7777", "Zambujeira"
WORDS = ["zambujal", "qmail", "98888", "zambujeira", "secretíssimo", "administrator", "segredo.json"]
SECRET = "texto secretíssimo de um currículo"


@pytest.fixture
def webhook(administrator):
    kinds = [kind.value for kind in EventKind]
    return Webhook.objects.create(name="x", url="https://x.example/", events=kinds, user=administrator)


def told(kind):
    found = Delivery.objects.filter(event__kind=kind).select_related("event", "webhook__user").order_by("pk")
    return [json.loads(delivering.content(one))["data"] for one in found]


def person(**values):
    defaults = {"name": NAME, "email": EMAIL, "phone": PHONE, "city": CITY, "cv_text": SECRET}
    return make_candidate(**(defaults | values))


def people_change(by):
    fields = {"name": NAME, "email": EMAIL, "phone": PHONE, "cv_text": SECRET}
    made = creating.create_candidate(fields, by=by, origin="upload")
    creating.change_candidate(made, {"city": CITY}, by=by)
    merging.merge(made, person(), by=by)
    events.emit(EventKind.CANDIDATE_DELETED, {"candidate": events.person(10**9, gone="77")})


def prospects_move(by):
    job = make_job(title=SECRET, client=NAME)
    added = moving.add(job, [person()], by=by, reason=SECRET)
    why = {"reason_code": next(iter(RejectionReason)).value, "reason": SECRET}
    moving.move(added.moved, to=Stage.REJECTED, by=by, **why)
    gone = moving.add(job, [person()], by=by)
    moving.undo(gone.batch, by=by)


def scores_are_made(by, version):
    job, candidate = make_job(title=SECRET), person()
    rows = [
        Prediction(
            candidate=candidate,
            candidate_code=candidate.code,
            job=job,
            model_version=version,
            score=0.7,
            decision=True,
            threshold=0.5,
            operating_mode="balanced",
            reasons={"for": [{"params": {"words": SECRET}}]},
            requirements=[{"quote": SECRET}],
            source=Prediction.Source.API,
            correlation_id=EMAIL,
            requested_by=by,
        )
        for _ in range(3)
    ]
    announcing.keep(rows[0], version=version)
    Prediction.objects.bulk_create(rows[1:])
    announcing.predicted(rows[1:], version=version)
    stub = make_job(is_stub=False, title="", activities="", competences="")
    done = Ranking.objects.create(job=stub, model_version=version, requested_by=by, state="queued")
    ranking.run(done)  # there are no files of this version: it fails, and that is told
    Ranking.objects.filter(pk=done.pk).update(state="done", pool_size=12)
    done.refresh_from_db()
    announcing.ranked(done)


def models_and_data_change(by, version, monkeypatch, tmp_path):
    monkeypatch.setattr("scoring.registry.check_files", lambda version: None)
    next_one = make_version(state=ModelVersion.State.CHALLENGER)
    gate.promote(next_one, by=by, reason=SECRET, overrule=True)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Baseline.objects.create(
        model_version=version,
        rows=100,
        stats={"score": {"kind": "numeric", "mean": 0.1, "std": 0.01, "missing": 0.0}},
    )
    Prediction.objects.bulk_create(
        Prediction(
            model_version=version,
            score=0.9,
            threshold=0.5,
            operating_mode="balanced",
            source="api",
            created_at=yesterday,
        )
        for _ in range(40)
    )
    for _ in range(2):  # a day that is judged again says nothing twice
        drifting.run_drift(timezone.localdate(yesterday))
    file = tmp_path / "segredo.json"
    content = {
        "infos_basicas": {"nome": NAME, "local": SECRET},
        "informacoes_profissionais": {"nivel_profissional": SECRET},
    }
    file.write_text(json.dumps({"88001": content, "": content}))
    services.run_import(services.make_import({"applicants": file}, by=by))


@pytest.fixture
def world(webhook, administrator, monkeypatch, tmp_path):
    version = make_version()
    people_change(administrator)
    prospects_move(administrator)
    scores_are_made(administrator, version)
    models_and_data_change(administrator, version, monkeypatch, tmp_path)
    from candidates.integration import webhooks

    webhooks.test(webhook)
    return version


def test_every_kind_of_event_happens_and_none_says_who_anybody_is(world):
    assert set(Event.objects.values_list("kind", flat=True)) == set(EventKind.values)
    for delivery in Delivery.objects.select_related("event", "webhook__user"):
        sent = delivering.content(delivery).decode().casefold()
        stored = json.dumps(delivery.event.data, ensure_ascii=False).casefold()
        assert not [word for word in WORDS if word in sent + stored], delivery.event.kind


def test_every_event_is_as_the_schema_says_and_every_field_of_the_schema_is_told(world):
    seen = {}
    for delivery in Delivery.objects.select_related("event", "webhook__user"):
        sent, kind = json.loads(delivering.content(delivery)), EventKind(delivery.event.kind)
        jsonschema.validate(sent, body(kind), format_checker=jsonschema.FormatChecker())
        seen.setdefault(kind, set()).update(sent["data"])
    assert seen == {kind: set(always | sometimes) for kind, (always, sometimes) in DATA.items()}


def test_the_walk_would_notice(webhook):
    events.emit(EventKind.DRIFT_ALERT, {"name": NAME})
    (sent,) = told("drift.alert")
    assert any(word in str(sent).casefold() for word in WORDS)


def test_a_prediction_alone_says_what_came_out_and_several_say_which_they_are(world):
    alone, several, *_others = told("prediction.created")
    stored = Prediction.objects.get(pk=alone["predictions"][0])
    assert alone["candidate"] == stored.candidate_code
    assert (alone["score"], alone["decision"], alone["count"]) == (0.7, True, 1)
    assert alone["model"] == world.number
    assert (several["count"], len(several["predictions"])) == (2, 2)
    assert "score" not in several


def test_a_ranking_that_failed_is_told_as_well_as_one_that_is_done(world):
    failed, done = told("ranking.finished")
    assert failed["state"] == "failed"
    assert (done["state"], done["compared"]) == ("done", 12)


def test_a_promotion_says_what_was_replaced(world):
    (promoted,) = told("model.promoted")
    assert promoted["replaced"] == world.number
    assert promoted["model"] != world.number
    assert (promoted["overruled"], promoted["roll_back"]) == (True, False)


def test_drift_is_told_once_with_what_moved(world):
    (alert,) = told("drift.alert")
    assert alert["model"] == world.number
    (moved,) = alert["alerts"]
    assert (moved["feature"], moved["kind"]) == ("score", "mean")


def test_an_import_is_told_in_numbers(world):
    (finished,) = told("import.finished")
    assert finished["import"] == ImportRun.objects.get().pk
    assert finished["state"] == "done"
    counts = finished["counts"]["applicants"]
    assert counts["created"] == 1
    assert all(isinstance(number, int) for number in counts.values())


def test_an_import_tells_of_no_single_person(webhook, tmp_path):
    file = tmp_path / "applicants.json"
    file.write_text(json.dumps({str(number): {"infos_basicas": {"nome": NAME}} for number in range(50)}))
    services.run_import(services.make_import({"applicants": file}))
    assert list(Event.objects.values_list("kind", flat=True)) == ["import.finished"]


def test_an_import_that_failed_is_told(webhook, tmp_path):
    file = tmp_path / "applicants.json"
    file.write_text("{ not json")
    services.run_import(services.make_import({"applicants": file}))
    (finished,) = told("import.finished")
    assert finished["state"] == "failed"
    assert finished["counts"] == {}


def test_of_a_person_under_blind_review_every_event_tells_the_same_token(webhook, administrator):
    job = make_job(blind=True)
    hidden = make_prospect(job=job, candidate=person(), stage=Stage.SCREENING)
    moving.move([hidden], to=Stage.SUBMITTED, by=administrator)
    creating.change_candidate(hidden.candidate, {"headline": "Java"}, by=administrator)
    (moved,), (updated,) = told("prospect.moved"), told("candidate.updated")
    assert moved["candidate"] == updated["candidate"]
    assert moved["candidate"].startswith("~")
    assert hidden.candidate.code not in json.dumps([moved, updated])


def test_what_a_dead_worker_left_is_told_to_have_failed(webhook):
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    running = {"state": "running", "heartbeat_at": long_ago}
    left = ImportRun.objects.create(**running)
    Ranking.objects.create(job=make_job(), model_version=make_version(), **running)
    for _ in range(2):
        services.reap_imports()
        scoring_services.reap_runs()
    (imported,), (ranked,) = told("import.finished"), told("ranking.finished")
    assert (imported["import"], imported["state"], ranked["state"]) == (left.pk, "failed", "failed")
