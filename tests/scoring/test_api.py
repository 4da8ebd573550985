import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from candidates.integration import changes
from candidates.models import RunState
from jobs.models import Job
from scoring.models import Prediction, Ranking, TrainingRun
from tests.factories import make_candidate, make_job, make_version
from tests.scoring.test_api_predict import make_system_b_version

pytestmark = pytest.mark.django_db


def client_of(user):
    client = APIClient()
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


@pytest.fixture
def api(recruiter):
    return client_of(recruiter)


@pytest.fixture
def admin_api(administrator):
    return client_of(administrator)


def make_ranking(job, version, *, state=RunState.DONE, **values):
    values.setdefault("finished_at", timezone.now() if state in (RunState.DONE, RunState.FAILED) else None)
    return Ranking.objects.create(job=job, model_version=version, state=state, **values)


def make_ranked(ranking, *, group="prospect", rank=1, score=0.6, **values):
    person = values.pop("candidate", None) or make_candidate()
    return Prediction.objects.create(
        ranking=ranking,
        job=ranking.job,
        candidate=person,
        candidate_code=person.code,
        model_version=ranking.model_version,
        group=group,
        rank=rank,
        score=score,
        decision=None if score is None else score >= 0.5,
        threshold=0.5,
        operating_mode="prec80",
        source="ranking",
        **values,
    )


# Who may do what

OPERATIONS = {
    # operation: (method, address, body, anonymous, recruiter, administrator)
    "live": ("get", "/health", None, 200, 200, 200),
    "live, long": ("get", "/health/live", None, 200, 200, 200),
    "ready": ("get", "/health/ready", None, 200, 200, 200),
    "version": ("get", "/version", None, 401, 200, 200),
    "predict": ("post", "/api/v1/predict", {"features": {}}, 401, 200, 200),
    "models": ("get", "/api/v1/models", None, 401, 200, 200),
    "train": ("post", "/api/v1/train", {}, 401, 403, 202),
    "training run": ("get", "/api/v1/training-runs/{run}", None, 401, 200, 200),
    "ranking": ("get", "/api/v1/jobs/{job}/ranking", None, 401, 200, 200),
    "rank": ("post", "/api/v1/jobs/{job}/ranking", None, 401, 202, 202),
    "prediction": ("get", "/api/v1/predictions/{prediction}", None, 401, 200, 200),
    "schema": ("get", "/api/schema", None, 200, 200, 200),
    "docs": ("get", "/api/docs", None, 200, 200, 200),
}


@pytest.mark.parametrize("role", ["anonymous", "recruiter", "administrator"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_role_may_do_what_it_may(operation, role, recruiter, administrator):
    method, address, body, *statuses = OPERATIONS[operation]
    make_system_b_version()
    main = make_system_b_version(recipe="peneira")
    job, run = make_job(), TrainingRun.objects.create(state=RunState.DONE)
    prediction = make_ranked(make_ranking(job, main))
    roles = {"anonymous": None, "recruiter": recruiter, "administrator": administrator}

    client = client_of(roles[role])
    response = getattr(client, method)(
        address.format(job=job.code, run=run.pk, prediction=prediction.pk),
        body,
        format=None if body is None else "json",
    )

    assert response.status_code == statuses[list(roles).index(role)]


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if OPERATIONS[name][3] == 401])
def test_who_is_not_signed_in_gets_a_problem_document_and_no_page(operation):
    method, address, body, *_ = OPERATIONS[operation]
    response = getattr(APIClient(), method)(
        address.format(job=1, run=1, prediction="6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10"),
        body,
        format=None if body is None else "json",
    )
    assert response.status_code == 401
    assert "Token" in response["WWW-Authenticate"]
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:peneira:problem:not_authenticated"


def test_a_wrong_token_is_refused(db):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token 123")
    response = client.get("/api/v1/models")
    assert response.status_code == 401
    assert response.json()["type"] == "urn:peneira:problem:authentication_failed"


def test_who_left_is_refused(recruiter, api):
    recruiter.is_active = False
    recruiter.save()
    assert api.get("/api/v1/models").status_code == 401


def test_a_permission_can_be_granted_to_somebody_else(recruiter, api):
    recruiter.user_permissions.add(Permission.objects.get(codename="add_trainingrun"))
    assert api.post("/api/v1/train", {}, format="json").status_code == 202


# Sessions


def test_a_session_reads_without_more(recruiter):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(recruiter)
    assert browser.get("/api/v1/models").status_code == 200


def test_a_session_writes_only_with_its_csrf_token(administrator):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(administrator)
    refused = browser.post("/api/v1/train", {}, format="json")
    assert refused.status_code == 403
    assert not TrainingRun.objects.exists()

    token = "a" * 32
    browser.cookies["csrftoken"] = token
    taken = browser.post("/api/v1/train", {}, format="json", headers={"X-CSRFToken": token})
    assert taken.status_code == 202


def test_a_token_needs_no_csrf_token(administrator):
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=administrator).key}")
    assert client.post("/api/v1/train", {}, format="json").status_code == 202


# Version and models


def test_the_version_is_that_of_the_model_that_answers_predict(api):
    make_version(number=1, recipe="peneira")
    version = make_system_b_version(number=2)
    body = api.get("/version").json()
    assert list(body)[:5] == ["operating_mode", "threshold", "feature_columns", "metadata", "artifact_path"]
    assert (body["operating_mode"], body["threshold"]) == ("prec80", 0.5)
    assert body["feature_columns"] == version.feature_names
    assert body["metadata"]["python"] == "3.11.7"
    assert body["metadata"]["created_at"].startswith(str(version.created_at.year))
    assert not body["artifact_path"].startswith("/")
    assert (body["model_version"], bool(body["version"])) == (2, True)
    assert api.post("/api/v1/predict", {"features": {}}, format="json").json()["model_version"] == 2


def test_without_system_bs_recipe_the_main_model_answers(api):
    version = make_system_b_version(recipe="peneira")
    assert api.get("/version").json()["model_version"] == version.number
    assert api.post("/api/v1/predict", {"features": {}}, format="json").status_code == 200


def test_without_a_model_there_is_no_version(api):
    assert api.get("/version").status_code == 503


def test_models_come_newest_first_with_their_figures(api):
    make_version(number=1, state="retired", metrics={"roc_auc": 0.7})
    make_version(number=2, metrics={"roc_auc": 0.8})
    body = api.get("/api/v1/models").json()
    assert [model["number"] for model in body["results"]] == [2, 1]
    assert [model["state"] for model in body["results"]] == ["champion", "retired"]
    assert body["results"][0]["metrics"] == {"roc_auc": 0.8}
    assert (body["next"], body["previous"]) == (None, None)


def test_models_come_in_pages(api):
    for number in range(1, 53):
        make_version(number=number, state="retired")
    first = api.get("/api/v1/models").json()
    rest = api.get(first["next"]).json()
    numbers = [model["number"] for page in (first, rest) for model in page["results"]]
    assert numbers == list(range(52, 0, -1))


@pytest.mark.parametrize("cursor", ["x", "%00", "cD0x", "é"])
def test_a_wrong_cursor_is_no_failure(api, cursor):
    assert api.get(f"/api/v1/models?cursor={cursor}").status_code == 400


# Training


def test_a_training_is_queued_and_can_be_watched(admin_api, administrator):
    response = admin_api.post("/api/v1/train", {"recipe": "prec80", "label_policy": "decided"}, format="json")
    body, run = response.json(), TrainingRun.objects.get()
    assert (run.recipe, run.label_policy, run.requested_by) == ("prec80", "decided", administrator)
    assert (body["id"], body["state"], body["created"]) == (run.pk, "queued", True)
    assert body["url"] == response["Location"] == f"http://testserver/api/v1/training-runs/{run.pk}"

    assert type(response.headers["Location"]) is str  # WSGI servers may refuse a subclass

    run.report(0.4, "Reading candidates")
    watched = admin_api.get(body["url"]).json()
    assert (watched["progress"], watched["step"], watched["model"]) == (0.4, "Reading candidates", None)


def test_a_second_request_finds_the_run_that_is_under_way(admin_api):
    first, second = (admin_api.post("/api/v1/train", {}, format="json") for _ in range(2))
    assert second.status_code == 202
    assert second.json()["id"] == first.json()["id"]
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert TrainingRun.objects.count() == 1


def test_a_recipe_has_its_own_label_policy(admin_api):
    assert (
        admin_api.post("/api/v1/train", {"recipe": "prec80"}, format="json").json()["label_policy"]
        == "systemB"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"recipe": "unheard_of"}, "recipe"),
        ({"label_policy": "mine"}, "label_policy"),
        ({"recipe": [1]}, "recipe"),
    ],
)
def test_an_unknown_choice_is_refused_by_name(admin_api, body, field):
    response = admin_api.post("/api/v1/train", body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not TrainingRun.objects.exists()


def test_a_finished_training_names_its_model(api):
    run = TrainingRun.objects.create(state=RunState.DONE, progress=1)
    make_version(number=3, training_run=run)
    assert api.get(f"/api/v1/training-runs/{run.pk}").json()["model"] == 3


def test_a_failed_training_says_why(api):
    run = TrainingRun.objects.create(state=RunState.FAILED, error="There are no hires to learn from.")
    body = api.get(f"/api/v1/training-runs/{run.pk}").json()
    assert (body["state"], body["error"]) == ("failed", "There are no hires to learn from.")


@pytest.mark.parametrize("run", ["0", "9" * 30, "x"])
def test_a_training_that_is_not_there_is_not_found(api, run):
    response = api.get(f"/api/v1/training-runs/{run}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


# Rankings


def test_a_ranking_lists_prospects_then_the_pool_each_by_rank(api):
    ranking = make_ranking(make_job(), make_version(), pool_size=9, not_rankable=1)
    pool = make_ranked(ranking, group="pool", rank=1, score=0.9)
    unknown = make_ranked(ranking, group="not_rankable", rank=None, score=None)
    second, first = make_ranked(ranking, rank=2, score=0.4), make_ranked(ranking, rank=1, score=0.6)

    body = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()

    assert [row["prediction_id"] for row in body["rows"]] == [
        str(row.pk) for row in (first, second, pool, unknown)
    ]
    assert [row["decision"] for row in body["rows"]] == [True, False, True, None]
    assert (body["id"], body["job"], body["pool_size"], body["not_rankable"]) == (
        ranking.pk,
        ranking.job.code,
        9,
        1,
    )
    assert body["model_version"] == ranking.model_version.number
    assert body["rows"][0]["candidate"] == first.candidate_code


def test_a_ranking_names_nobody(api):
    ranking = make_ranking(make_job(), make_version())
    make_ranked(ranking, candidate=make_candidate(name="Maria Silva", email="maria@example.com"))
    text = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").content.decode()
    assert "Maria" not in text
    assert "maria@" not in text


def test_reasons_and_requirements_have_words_and_structure(api):
    ranking = make_ranking(make_job(), make_version())
    requirement = {"kind": "skill", "value": "java", "must": True, "state": "met", "quote": "java"}
    reason = {"group": "unheard_of", "contribution": 0.5, "params": {"met": 1}}
    make_ranked(ranking, reasons={"for": [reason], "against": []}, requirements=[requirement])
    (row,) = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()["rows"]
    (shown,) = row["requirements"]
    assert requirement.items() <= shown.items()
    assert shown["text"] == "Java"
    assert row["reasons"]["for"] == [reason | {"text": "Other facts"}]
    assert row["reasons"]["against"] == []


def test_a_reason_from_before_accounts_were_stored_has_none(api):
    ranking = make_ranking(make_job(), make_version())
    make_ranked(ranking, reasons={"for": [], "against": []})
    (row,) = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()["rows"]
    assert row["reasons"] == {"for": [], "against": [], "base": None, "groups": [], "margin": None}


ACCOUNT = {
    "for": [{"group": "experience", "contribution": 0.5, "params": {"years": 6}}],
    "against": [],
    "base": -2.0,
    "margin": -1.75,
    "groups": {"job_profile": -0.25, "experience": 0.5},
}


def test_the_account_of_a_score_lists_every_group_the_strongest_first(api):
    ranking = make_ranking(make_job(), make_version())
    make_ranked(ranking, reasons=ACCOUNT)
    (row,) = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()["rows"]
    account = row["reasons"]
    assert (account["base"], account["margin"]) == (-2.0, -1.75)
    assert [tuple(group.values()) for group in account["groups"]] == [
        ("About 6 years of experience in the CV", "experience", 0.5, False),
        ("What kind of job it is", "job_profile", -0.25, True),
    ]
    assert account["for"][0]["text"] == account["groups"][0]["text"]


# Evidence, and what the order follows


@pytest.mark.parametrize(("verdict", "order"), [("none", "requirements"), ("some", "model")])
def test_a_ranking_says_what_its_order_follows_and_what_is_proven(api, verdict, order):
    figures = {"roc_auc": {"value": 0.58, "low": 0.52, "high": 0.64, "random": 0.5}}
    version = make_version(evidence=verdict, metrics={"inside_jobs": {"jobs": 39, "figures": figures}})
    ranking = make_ranking(make_job(), version, order=order)
    body = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()
    assert body["order"] == order
    assert body["evidence"] == {
        "verdict": verdict,
        "jobs": 39,
        "pairs_right": 0.58,
        "low": 0.52,
        "high": 0.64,
    }


def test_evidence_that_could_not_be_measured_is_none(api):
    ranking = make_ranking(make_job(), make_version())
    assert api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()["evidence"] == {
        "verdict": "none",
        "jobs": 0,
        "pairs_right": None,
        "low": None,
        "high": None,
    }


# One prediction


def test_a_stored_prediction_can_be_read_as_it_was_served(api):
    ranking = make_ranking(make_job(), make_version(evidence="some"))
    stored = make_ranked(ranking, reasons=ACCOUNT, accept_score=0.8)
    (row,) = api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").json()["rows"]

    body = api.get(f"/api/v1/predictions/{stored.pk}").json()

    assert row.items() <= body.items()
    assert (body["job"], body["ranking"], body["order"]) == (ranking.job.code, ranking.pk, "model")
    assert (body["model_version"], body["origin"]) == (ranking.model_version.number, "ranking")
    assert (body["accept_score"], body["evidence"]["verdict"]) == (0.8, "some")
    assert body["correlation_id"] == ""


def test_a_prediction_for_no_job_can_be_read_too(api):
    stored = Prediction.objects.create(
        model_version=make_version(), score=0.2, decision=False, threshold=0.5, source="api"
    )
    body = api.get(f"/api/v1/predictions/{stored.pk}").json()
    assert (body["job"], body["ranking"], body["order"], body["group"]) == (None, None, None, "")
    assert (body["score"], body["origin"], body["rank"]) == (0.2, "api", None)


def test_a_prediction_names_nobody(api):
    ranking = make_ranking(make_job(), make_version())
    stored = make_ranked(ranking, candidate=make_candidate(name="Maria Silva", email="maria@example.com"))
    text = api.get(f"/api/v1/predictions/{stored.pk}").content.decode()
    assert "Maria" not in text
    assert "maria@" not in text


@pytest.mark.parametrize("pk", ["6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10", "x", "1", "%00"])
def test_a_prediction_that_is_not_there_is_not_found(api, pk):
    response = api.get(f"/api/v1/predictions/{pk}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_prediction_cannot_be_changed(api, method):
    stored = make_ranked(make_ranking(make_job(), make_version()))
    assert getattr(api, method)(f"/api/v1/predictions/{stored.pk}", {}, format="json").status_code == 405


def test_a_job_without_ranking_gets_one(api, recruiter):
    make_version()
    job = make_job()
    first, second = (api.get(f"/api/v1/jobs/{job.code}/ranking") for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first["Retry-After"] == "3"
    assert first.json()["id"] == second.json()["id"] == Ranking.objects.get().pk
    assert first.json()["state"] == "queued"
    assert Ranking.objects.get().requested_by == recruiter


def test_polling_does_not_repeat_a_ranking_that_failed(api):
    job = make_job()
    make_ranking(job, make_version(), state=RunState.FAILED, error="The job has no text.")
    response = api.get(f"/api/v1/jobs/{job.code}/ranking")
    assert response.status_code == 409
    assert "The job has no text." in response.json()["detail"]
    assert Ranking.objects.count() == 1

    assert api.post(f"/api/v1/jobs/{job.code}/ranking").status_code == 202
    assert api.get(f"/api/v1/jobs/{job.code}/ranking").status_code == 202


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_job_known_by_its_code_alone_is_not_ranked(api, method):
    make_version()
    Job.objects.create(code="55", is_stub=True)
    response = getattr(api, method)("/api/v1/jobs/55/ranking")
    assert response.status_code == 409
    assert response.json()["type"] == "urn:peneira:problem:not_rankable"
    assert "nothing to compare candidates with" in response.json()["detail"]
    assert not Ranking.objects.exists()


def test_a_new_model_tries_again_what_the_old_one_failed(api):
    job = make_job()
    make_ranking(job, make_version(state="retired"), state=RunState.FAILED)
    make_version()
    assert api.get(f"/api/v1/jobs/{job.code}/ranking").status_code == 202


def test_the_last_good_ranking_is_shown_while_a_new_one_is_made(api):
    job, version = make_job(), make_version()
    done = make_ranking(job, version)
    assert api.post(f"/api/v1/jobs/{job.code}/ranking").status_code == 202
    assert api.get(f"/api/v1/jobs/{job.code}/ranking").json()["id"] == done.pk


def test_a_job_that_is_not_there_is_not_found(api):
    make_version()
    for code in ("0", "x" * 300, "%00", "a%2Fb"):
        assert api.get(f"/api/v1/jobs/{code}/ranking").status_code == 404
    assert not Ranking.objects.exists()


def test_without_a_model_nothing_is_ranked(api):
    response = api.get(f"/api/v1/jobs/{make_job().code}/ranking")
    assert response.status_code == 503
    assert response.json()["type"] == "urn:peneira:problem:no_model"


def test_a_ranking_takes_a_fixed_number_of_queries(api, django_assert_max_num_queries):
    ranking = make_ranking(make_job(), make_version())
    for rank in range(1, 41):
        make_ranked(ranking, rank=rank)
    changes.newest("candidate")  # whoever comes first numbers what changed
    with django_assert_max_num_queries(15):
        api.get(f"/api/v1/jobs/{ranking.job.code}/ranking")


def test_users_are_not_needed_to_read_old_rankings(api):
    ranking = make_ranking(make_job(), make_version(), requested_by=User.objects.create_user("gone"))
    User.objects.filter(username="gone").delete()
    assert api.get(f"/api/v1/jobs/{ranking.job.code}/ranking").status_code == 200
