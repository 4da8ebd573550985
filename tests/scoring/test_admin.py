import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from scoring import tasks
from scoring.models import ModelVersion, Promotion, TrainingRun
from scoring.prediction import predict_features
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db

RUNS = reverse("admin:scoring_trainingrun_changelist")
RETRAIN = reverse("admin:scoring_trainingrun_retrain")
VERSIONS = reverse("admin:scoring_modelversion_changelist")


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_training, "delay", messages.append)
    return messages


@pytest.fixture
def reader(client):
    user = User.objects.create_user("reader", password="a long password", is_staff=True)
    names = ["view_trainingrun", "view_modelversion", "view_prediction"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def act(page, action, *versions):
    data = {"action": action, "_selected_action": [version.pk for version in versions]}
    return page.post(VERSIONS, data, follow=True)


def test_retrain_works_from_the_list_before_there_is_any_run(
    admin_page, administrator, sent, django_capture_on_commit_callbacks
):
    assert "Retrain" in admin_page.get(RUNS).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        page = admin_page.post(RETRAIN, {"recipe": "peneira"}, follow=True)

    run = TrainingRun.objects.get()
    assert (run.recipe, run.requested_by) == ("peneira", administrator)
    assert sent == [run.pk]
    assert "queued" in page.content.decode()


def test_a_second_click_says_that_it_runs_already(admin_page):
    admin_page.post(RETRAIN, {"recipe": "peneira"})

    page = admin_page.post(RETRAIN, {"recipe": "peneira"}, follow=True)

    assert "is being trained already" in page.content.decode()
    assert TrainingRun.objects.count() == 1


def test_an_unknown_recipe_is_refused_with_a_message(admin_page):
    page = admin_page.post(RETRAIN, {"recipe": "alchemy"}, follow=True)

    assert "There is no recipe" in page.content.decode()
    assert not TrainingRun.objects.exists()


def test_retrain_wants_a_post(admin_page):
    assert admin_page.get(RETRAIN).status_code == 405


def test_strangers_and_recruiters_cannot_retrain(client, page):
    client.logout()
    assert client.post(RETRAIN).status_code == 302
    assert not TrainingRun.objects.exists()


def test_who_may_only_read_sees_no_button_and_is_refused(reader):
    assert "Retrain" not in reader.get(RUNS).content.decode()
    assert reader.post(RETRAIN, {"recipe": "peneira"}).status_code == 403
    assert not TrainingRun.objects.exists()


def test_to_promote_leads_to_the_page_that_shows_the_verdict(admin_page):
    old, new = make_trained_version(), make_trained_version(seed=2, state=ModelVersion.State.CHALLENGER)
    address = reverse("scoring:promote", args=[new.number])

    response = admin_page.post(VERSIONS, {"action": "promote", "_selected_action": [new.pk]})

    assert response.headers["Location"] == address
    assert ModelVersion.objects.champion() == old
    assert address in admin_page.get(VERSIONS).content.decode()


def test_who_promoted_what_is_read_and_never_changed(admin_page):
    version = make_trained_version()
    promotion = Promotion.objects.create(version=version, reason="Because.", overruled=True)
    change = reverse("admin:scoring_promotion_change", args=[promotion.pk])

    assert "Because." in admin_page.get(change).content.decode()
    assert admin_page.post(change, {"reason": "x"}).status_code == 403


def test_two_versions_cannot_be_put_in_use_at_once(admin_page):
    old, new = make_trained_version(), make_trained_version(seed=2, state=ModelVersion.State.CHALLENGER)

    assert "Select one version" in act(admin_page, "promote", old, new).content.decode()
    assert ModelVersion.objects.champion() == old


def test_who_may_only_read_cannot_promote(reader):
    make_trained_version()
    new = make_trained_version(seed=2, state=ModelVersion.State.CHALLENGER)

    response = reader.post(VERSIONS, {"action": "promote", "_selected_action": [new.pk]})

    assert response.headers.get("Location") != reverse("scoring:promote", args=[new.number])
    assert reader.get(reverse("scoring:promote", args=[new.number])).status_code == 403


def test_versions_are_retrained_from_their_list(admin_page):
    versions = make_trained_version(), make_trained_version(seed=2, recipe="prec80")

    act(admin_page, "retrain", *versions)

    assert set(TrainingRun.objects.values_list("recipe", flat=True)) == {"peneira", "prec80"}


def test_predictions_are_read_and_never_changed(admin_page):
    make_trained_version()
    stored = predict_features({"cv_sap": 1})
    change = reverse("admin:scoring_prediction_change", args=[stored.pk])

    assert admin_page.get(reverse("admin:scoring_prediction_changelist")).status_code == 200
    assert admin_page.get(change).status_code == 200
    assert admin_page.post(change, {"score": 1}).status_code == 403
    assert admin_page.get(reverse("admin:scoring_prediction_add")).status_code == 403
    delete = reverse("admin:scoring_prediction_delete", args=[stored.pk])
    assert admin_page.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "name", ["trainingrun", "modelversion", "ranking", "prediction", "promotion", "modelcheck"]
)
def test_each_list_opens(admin_page, name):
    assert admin_page.get(reverse(f"admin:scoring_{name}_changelist")).status_code == 200
