import pytest
from django.db import IntegrityError, transaction

from scoring import registry, storage
from scoring.ml.artifact import digest
from scoring.models import ModelVersion
from tests.factories import make_version
from tests.scoring.trained import damage, make_trained_version

pytestmark = pytest.mark.django_db

State = ModelVersion.State


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


def lose(version):
    version.artifact_path = "nowhere"


@pytest.mark.parametrize("harm", [damage, lose])
def test_files_that_are_not_those_that_were_saved_are_told(harm):
    version = make_trained_version()
    registry.check_files(version)
    harm(version)

    with pytest.raises(registry.NotPromotable):
        registry.check_files(version)


def test_a_new_version_passes_over_a_directory_without_a_row(settings):
    make_version(number=3)
    (settings.MODELS_DIR / "v4").mkdir(parents=True)
    (settings.MODELS_DIR / "v4" / "left.txt").write_text("by a crash")
    files = {"manifest.json": b"{}", "hire-all.txt": b"x"}

    version = registry.store_version({"recipe": "peneira", "label_policy": "all", "threshold": 0.5}, files)

    assert (version.number, version.artifact_path, version.sha256) == (5, "v5", digest(files))
    assert storage.read_model("v5") == files
    assert version.state == State.CHALLENGER


def test_a_version_whose_files_cannot_be_written_leaves_neither_row_nor_files(monkeypatch, settings):
    values = {"recipe": "peneira", "label_policy": "all", "threshold": 0.5}
    files = {"manifest.json": b"{}", "hire-all.txt": b"x"}
    put = storage.put

    def full(place, name, content):
        if name.endswith("manifest.json"):
            raise OSError("No space left on device")
        put(place, name, content)

    with monkeypatch.context() as broken:
        broken.setattr(storage, "put", full)
        with pytest.raises(OSError, match="No space"):
            registry.store_version(values, files)
    assert not ModelVersion.objects.exists()
    assert [path for path in settings.MODELS_DIR.rglob("*") if path.is_file()] == []

    version = registry.store_version(values, files)
    assert version.number == 1
    assert storage.read_model("v1") == files


def test_reading_damaged_files_changes_none_of_them(settings):
    version = make_trained_version()
    damage(version)
    folder = settings.MODELS_DIR / version.artifact_path
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(registry.NoModel):
        registry.champion_artifact()
    with pytest.raises(registry.NotPromotable):
        registry.check_files(version)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
