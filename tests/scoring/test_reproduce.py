import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from scoring import registry, reproducing, training
from scoring.ml import recipes
from scoring.ml.recipes import RECIPES
from scoring.models import ModelVersion
from scoring.reproducing import Changed, HeadComparison, NotReproducible, Reproduction, reproduce
from tests.factories import make_version
from tests.scoring.company import make_company
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db


def make_learned_version(recipe, **company):
    make_company(**company)
    run, _ = training.new_run(recipe=recipe, seed=7)
    version = training.run(run)
    run.refresh_from_db()
    assert version is not None, run.error
    registry.forget()
    return version


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_is_made_again_with_equal_predictions(recipe, capsys):
    version = make_learned_version(recipe)

    call_command("reproduce", f"v{version.number}", json=True)

    found = json.loads(capsys.readouterr().out)
    assert found["equal"]
    assert found["heads"][0]["head"] == "hire"
    for head in found["heads"]:
        assert head["rows"] == found["rows"] == version.snapshot.rows > 300
        assert head["probability"] <= 1e-9
        assert head["margin"] <= 1e-9
    assert found["snapshot"] == version.snapshot.sha256
    assert found["changed"] == []
    assert ModelVersion.objects.count() == 1


def test_what_came_after_the_training_changes_nothing(capsys):
    version = make_learned_version("prec80")
    from candidates.models import Candidate
    from jobs.models import Prospect

    Prospect.objects.all().delete()
    Candidate.objects.update(cv_text="", headline="")

    call_command("reproduce", str(version.number))

    out = capsys.readouterr().out
    assert "Made again with the same predictions" in out
    assert "largest difference of probabilities 0" in out


def test_other_code_makes_another_model_and_says_so(monkeypatch, settings, capsys):
    settings.GIT_COMMIT = "a" * 40
    version = make_learned_version("prec80")
    settings.GIT_COMMIT = "b" * 40
    recipe = RECIPES["prec80"]
    changed = replace(recipe, parts=tuple(replace(part, max_rounds=2) for part in recipe.parts))
    monkeypatch.setattr(recipes, "recipe_named", lambda name: changed)

    with pytest.raises(CommandError, match="The predictions differ, and so do: code"):
        call_command("reproduce", str(version.number))
    assert f"code: {'a' * 40} then, {'b' * 40} now" in capsys.readouterr().out


def test_another_seed_in_the_manifest_is_the_one_that_is_used(monkeypatch):
    version = make_learned_version("prec80")
    used = []
    from scoring.ml import train

    learn = train.train
    monkeypatch.setattr(
        train, "train", lambda *args, **values: used.append(values["config"]) or learn(*args, **values)
    )

    reproduce(version)

    assert (used[0].seed, used[0].num_threads) == (7, 1)


def test_an_altered_snapshot_is_not_even_tried(settings):
    version = make_learned_version("prec80")
    path = settings.SNAPSHOTS_DIR / version.snapshot.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(CommandError, match=r"cannot be made again.*was altered"):
        call_command("reproduce", str(version.number))


def test_a_version_whose_recipe_is_gone_is_said():
    version = make_learned_version("prec80")
    ModelVersion.objects.filter(pk=version.pk).update(recipe="forgotten")

    with pytest.raises(CommandError, match="There is no recipe “forgotten”"):
        call_command("reproduce", str(version.number))


def test_a_version_without_a_snapshot_is_said():
    with pytest.raises(NotReproducible, match="has no snapshot"):
        reproduce(make_trained_version())


def test_a_version_whose_files_are_gone_is_said():
    from scoring import snapshots
    from tests.scoring.test_snapshots import company

    version = make_version(snapshot=snapshots.write_snapshot(company()))

    with pytest.raises(NotReproducible, match="has the files none"):
        reproduce(version)


@pytest.mark.parametrize("name", ["7", "v7", "latest", ""])
def test_a_version_that_does_not_exist_is_said(name):
    with pytest.raises(CommandError, match="There is no model version"):
        call_command("reproduce", name)


# Verdicts


def reproduction(*heads, changed=()):
    return Reproduction(1, "peneira", "a" * 64, 10, 0.1, heads, changed)


@pytest.mark.parametrize(
    ("probability", "margin", "equal"),
    [(0.0, 0.0, True), (1e-9, 1e-9, True), (2e-9, 0.0, False), (0.0, 2e-9, False), (None, None, False)],
)
def test_heads_are_equal_to_nine_digits(probability, margin, equal):
    first, second = HeadComparison("hire", 10, 0.0, 0.0), HeadComparison("accept", 10, probability, margin)

    assert reproduction(first, second).is_equal is equal


def test_a_difference_without_a_change_is_called_a_defect_or_the_processor():
    differing = HeadComparison("hire", 10, 0.2, 0.5)

    assert "processor" in reproduction(differing).why()
    assert "so do: numpy" in reproduction(differing, changed=(Changed("numpy", "1", "2"),)).why()


def test_libraries_and_code_that_changed_are_named(settings):
    import numpy

    settings.GIT_COMMIT = "b" * 40
    manifest = {"libraries": {"numpy": numpy.__version__, "lightgbm": "1.0.0", "gone-library": "3.1"}}

    found = reproducing.changed_since(manifest, "a" * 40)

    assert [(change.what, change.then) for change in found] == [
        ("gone-library", "3.1"),
        ("lightgbm", "1.0.0"),
        ("code", "a" * 40),
    ]
    assert found[0].now == ""
    assert found[-1].now == "b" * 40
