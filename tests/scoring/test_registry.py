import threading

import pytest
from django.db import IntegrityError, connection, transaction

from scoring import registry
from scoring.models import ModelVersion
from tests.factories import make_version
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db

State = ModelVersion.State


@pytest.fixture(autouse=True)
def nothing_in_memory():
    registry.forget()
    yield
    registry.forget()


def damage(version):
    (registry.directory(version) / "model.txt").write_text("no model")


def test_without_a_version_in_use_there_is_no_model():
    make_version(state=State.CHALLENGER)

    with pytest.raises(registry.NoModel, match="Train one first"):
        registry.champion_artifact()


def test_the_version_in_use_is_loaded_once():
    version = make_trained_version()

    found, model = registry.champion_artifact()
    again = registry.champion_artifact()[1]

    assert found == version
    assert model is again
    assert model.sha256 == version.sha256


def test_each_recipe_has_its_own_version_in_use():
    main, other = make_trained_version(), make_trained_version(seed=2, recipe="prec80")

    assert registry.champion_artifact()[0] == main
    assert registry.champion_artifact("prec80")[0] == other
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(recipe="prec80")


def test_files_that_were_altered_are_refused():
    damage(make_trained_version())

    with pytest.raises(registry.NoModel, match="not those that were saved"):
        registry.champion_artifact()


def test_when_a_new_version_cannot_be_loaded_the_one_before_goes_on_serving(caplog):
    old = make_trained_version()
    registry.champion_artifact()
    ModelVersion.objects.filter(pk=old.pk).update(state=State.RETIRED)
    damage(make_trained_version(seed=2))

    found, model = registry.champion_artifact()

    assert found.pk == old.pk
    assert model.sha256 == old.sha256
    assert "cannot be loaded" in caplog.text


def test_memory_holds_a_few_models_only():
    for seed in range(registry.KEPT + 2):
        registry.artifact(make_trained_version(seed=seed, state=State.CHALLENGER))

    assert len(registry._loaded) == registry.KEPT


def test_promotion_retires_the_version_before_and_tells_who_and_why(administrator):
    old, new = make_trained_version(), make_trained_version(seed=2, state=State.CHALLENGER)
    bystander = make_trained_version(seed=3, recipe="prec80")

    registry.promote(new, by=administrator, reason="better")

    assert ModelVersion.objects.get(pk=old.pk).state == State.RETIRED
    assert ModelVersion.objects.get(pk=bystander.pk).state == State.CHAMPION
    new.refresh_from_db()
    assert (new.state, new.promoted_by, new.promotion_reason) == (State.CHAMPION, administrator, "better")
    assert new.promoted_at is not None


def test_going_back_to_an_older_version_is_a_promotion_too():
    old, new = make_trained_version(), make_trained_version(seed=2, state=State.CHALLENGER)
    registry.promote(new, reason="newer")
    registry.promote(ModelVersion.objects.get(pk=old.pk), reason="back")

    assert ModelVersion.objects.champion() == old


def test_a_version_with_damaged_files_is_not_promoted():
    old, new = make_trained_version(), make_trained_version(seed=2, state=State.CHALLENGER)
    damage(new)

    with pytest.raises(registry.NotPromotable):
        registry.promote(new, reason="newer")

    assert ModelVersion.objects.champion() == old


@pytest.mark.django_db(transaction=True)
def test_of_many_promotions_at_once_one_version_is_left_in_use():
    versions = [make_trained_version(seed=seed, state=State.CHALLENGER) for seed in (1, 2, 3, 4)]
    failures = []

    def promote(version):
        try:
            registry.promote(version, reason="at once")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=promote, args=[version]) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert ModelVersion.objects.filter(state=State.CHAMPION).count() == 1
    assert ModelVersion.objects.filter(state=State.RETIRED).count() == 3


def test_a_new_version_passes_over_a_directory_without_a_row(settings):
    make_version(number=3)
    (settings.MODELS_DIR / "v4").mkdir(parents=True)

    def save(target):
        target.mkdir()
        return "a" * 64

    version = registry.store_version({"recipe": "peneira", "label_policy": "all", "threshold": 0.5}, save)

    assert (version.number, version.artifact_path, version.sha256) == (5, "v5", "a" * 64)
    assert version.state == State.CHALLENGER
