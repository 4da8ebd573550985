import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from scoring.ml import artifact
from scoring.ml.artifact import ARRAYS, MANIFEST, MODEL
from scoring.ml.explain import contributions
from tests.scoring.ml.test_train import company, run

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
STATE = {"text_idf": np.linspace(1, 9, 50, dtype=np.float32), "text_terms": np.array(["java", "ação"])}


@pytest.fixture(scope="module")
def result():
    return run()


@pytest.fixture(scope="module")
def applications():
    return company()[0].to_numpy(np.float32)


@pytest.fixture
def saved(result, tmp_path):
    directory = tmp_path / "v1"
    sha = artifact.save(
        result, directory, created_at=NOW, policy="all", arrays=STATE, extra={"code_commit": "abc"}
    )
    return directory, sha


def test_a_round_trip_predicts_the_same(result, saved, applications):
    directory, sha = saved

    loaded = artifact.load(directory, sha256=sha, feature_schema=[*result.feature_names, "newer"])

    raw = result.booster.predict(applications, raw_score=True)
    np.testing.assert_allclose(loaded.predict_raw(applications), raw, rtol=0, atol=1e-12)
    np.testing.assert_allclose(loaded.predict(applications), result.calibrator.apply(raw), rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        loaded.predict(applications[result.test.rows]), result.test.p, rtol=0, atol=1e-12
    )
    assert loaded.threshold == result.threshold.threshold
    assert loaded.feature_names == result.feature_names
    assert loaded.sha256 == sha


def test_one_row_scores_as_it_does_among_many(saved, applications):
    loaded = artifact.load(saved[0])
    together = loaded.predict(applications[:50])

    assert [loaded.predict(applications[i : i + 1])[0] for i in range(50)] == together.tolist()


def test_reasons_of_a_loaded_model_add_up_to_its_margin(saved, applications):
    loaded = artifact.load(saved[0])

    contrib = contributions(loaded.booster, applications[:30])

    np.testing.assert_allclose(contrib.sum(axis=1), loaded.predict_raw(applications[:30]), atol=1e-6)


def test_further_arrays_come_back_and_the_calibrators_do_not_mix_in(saved):
    loaded = artifact.load(saved[0])

    assert set(loaded.arrays) == set(STATE)
    for name, array in STATE.items():
        assert np.array_equal(loaded.arrays[name], array)
        assert loaded.arrays[name].dtype == array.dtype


def test_the_manifest_tells_everything_without_the_model(result, saved):
    manifest = artifact.read_manifest(saved[0])

    assert manifest["created_at"] == "2024-05-06T07:08:00+00:00"
    assert (manifest["recipe"], manifest["policy"]) == ("peneira", "all")
    assert manifest["metrics"] == json.loads(json.dumps(result.evaluation.to_json()))
    assert manifest["thresholds"]["min_precision"] == result.threshold.to_json()
    assert [window["name"] for window in manifest["windows"]][-1] == "test"
    assert manifest["windows"][0]["start"] == result.windows[0].start.isoformat()
    assert manifest["config"]["seed"] == 42
    assert manifest["libraries"]["lightgbm"]
    assert manifest["extra"] == {"code_commit": "abc"}


def test_saving_twice_gives_the_same_bytes(result, saved, tmp_path):
    again = artifact.save(
        result, tmp_path / "v2", created_at=NOW, policy="all", arrays=STATE, extra={"code_commit": "abc"}
    )

    assert again == saved[1] == artifact.checksum(saved[0])


@pytest.mark.parametrize("name", [MODEL, ARRAYS, MANIFEST])
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_altered_byte_is_refused_and_nothing_is_deleted(saved, name, place):
    directory, sha = saved
    content = bytearray((directory / name).read_bytes())
    content[int(place * len(content)) if place != -1 else -1] ^= 1
    (directory / name).write_bytes(bytes(content))

    with pytest.raises(artifact.ArtifactCorrupt, match="not those that were saved") as caught:
        artifact.load(directory, sha256=sha)

    assert "backup" in caught.value.recovery
    assert sorted(path.name for path in directory.iterdir()) == sorted([MODEL, ARRAYS, MANIFEST])
    assert (directory / name).read_bytes() == bytes(content)


@pytest.mark.parametrize("name", [MODEL, ARRAYS])
def test_an_altered_byte_is_refused_even_without_the_sum_of_the_database(saved, name):
    content = bytearray((saved[0] / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved[0] / name).write_bytes(bytes(content))

    with pytest.raises(artifact.ArtifactCorrupt, match=f"{name} of model v1 was altered"):
        artifact.load(saved[0])


def test_the_sum_is_checked_before_anything_is_parsed(saved, monkeypatch):
    (saved[0] / MANIFEST).write_text("{ not even json")

    with pytest.raises(artifact.ArtifactCorrupt, match="not those that were saved"):
        artifact.load(saved[0], sha256=saved[1])
    with pytest.raises(artifact.ArtifactCorrupt, match="damaged"):
        artifact.load(saved[0])


@pytest.mark.parametrize("change", ["missing", "extra", "no directory"])
def test_an_incomplete_directory_is_refused(saved, change):
    directory, sha = saved
    if change == "missing":
        (directory / ARRAYS).unlink()
    elif change == "extra":
        (directory / "model.pkl").write_bytes(b"x")
    else:
        shutil.rmtree(directory)

    for sum_ in (sha, None):
        with pytest.raises(artifact.ArtifactCorrupt):
            artifact.load(directory, sha256=sum_)


def rewrite_manifest(directory, **changes):
    path = directory / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return artifact.checksum(directory)


@pytest.mark.parametrize("written", [0, 2, None, "1"])
def test_another_format_is_refused_with_the_way_out(saved, written):
    sha = rewrite_manifest(saved[0], format_version=written)

    with pytest.raises(artifact.ArtifactIncompatible, match=f"format {written}; .* format 1") as caught:
        artifact.load(saved[0], sha256=sha)

    assert caught.value.recovery == "Train again, or promote another version."


def test_a_model_with_a_feature_that_is_no_longer_built_is_refused(saved):
    with pytest.raises(artifact.ArtifactIncompatible, match="no longer builds: f0, f11"):
        artifact.load(saved[0], feature_schema=[f"f{i}" for i in range(1, 11)])


def test_a_manifest_that_names_other_features_than_the_model_is_refused(saved):
    names = artifact.read_manifest(saved[0])["feature_names"]
    sha = rewrite_manifest(saved[0], feature_names=names[::-1])

    with pytest.raises(artifact.ArtifactCorrupt, match="different features"):
        artifact.load(saved[0], sha256=sha)


def test_columns_are_found_in_a_wider_matrix_in_another_order(saved, applications):
    loaded = artifact.load(saved[0])
    wide_names = ["new", *reversed(loaded.feature_names)]
    wide = np.column_stack([np.full(len(applications), 7, dtype=np.float32), applications[:, ::-1]])

    assert np.array_equal(
        loaded.predict(wide[:, loaded.columns_in(wide_names)]), loaded.predict(applications)
    )
    with pytest.raises(artifact.ArtifactIncompatible, match="f3"):
        loaded.columns_in([name for name in wide_names if name != "f3"])


def test_rows_of_another_width_are_refused_and_no_rows_are_fine(saved, applications):
    loaded = artifact.load(saved[0])

    with pytest.raises(ValueError, match="expected rows of 12 features"):
        loaded.predict(applications[:, :-1])
    with pytest.raises(ValueError, match="expected rows of 12 features"):
        loaded.predict(applications[0])
    assert loaded.predict(applications[:0]).shape == (0,)


def test_an_artifact_is_never_overwritten(result, saved):
    with pytest.raises(FileExistsError, match="v1 exists"):
        artifact.save(result, saved[0], created_at=NOW, policy="all")

    artifact.load(saved[0], sha256=saved[1])


def test_nobody_sees_half_an_artifact_and_nothing_is_left_aside(result, tmp_path, monkeypatch):
    write, seen = artifact._write_to_disk, []

    def watched(path, content):
        write(path, content)
        seen.append((path.name, (tmp_path / "v3").exists()))

    monkeypatch.setattr(artifact, "_write_to_disk", watched)
    artifact.save(result, tmp_path / "v3", created_at=NOW, policy="all")

    assert sorted(seen) == sorted([(MODEL, False), (ARRAYS, False), (MANIFEST, False)])
    assert [path.name for path in tmp_path.iterdir()] == ["v3"]


def test_a_save_that_fails_leaves_nothing_behind(result, tmp_path, monkeypatch):
    def no_room(path, content):
        if path.name == MANIFEST:
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(artifact, "_write_to_disk", no_room)

    with pytest.raises(OSError, match="No space"):
        artifact.save(result, tmp_path / "v9", created_at=NOW, policy="all")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arrays", [{"calibrator_x": np.zeros(2)}, {"words": np.array(["a", None], dtype=object)}]
)
def test_arrays_that_would_need_a_pickle_or_clash_are_refused(result, tmp_path, arrays):
    with pytest.raises(ValueError, match="cannot be stored"):
        artifact.save(result, tmp_path / "v9", created_at=NOW, policy="all", arrays=arrays)


def test_values_that_are_not_json_are_refused(result, tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        artifact.save(result, tmp_path / "v9", created_at=NOW, policy="all", extra={"auc": float("nan")})
    assert list(tmp_path.iterdir()) == []


SERVE = """
import sys
if {blocked}:
    for name in ("sklearn", "pandas"):
        sys.modules[name] = None  # importing it now fails
from pathlib import Path
import numpy as np
from scoring.ml import artifact
import scoring.ml.explain, scoring.ml.labels, scoring.ml.recipes
heavy = {{"sklearn", "pandas", "scipy", "lightgbm"}}
print(sorted(name for name in heavy if sys.modules.get(name)))
artifact.read_manifest(Path({directory!r}))
print(sorted(name for name in heavy if sys.modules.get(name)))
loaded = artifact.load(Path({directory!r}), sha256={sha!r})
print(loaded.predict(np.load({rows!r})).tolist())
"""


@pytest.mark.parametrize("blocked", [False, True])
def test_serving_needs_neither_pandas_nor_scikit_learn(saved, applications, tmp_path, blocked):
    directory, sha = saved
    np.save(tmp_path / "rows.npy", applications[:20])
    code = SERVE.format(blocked=blocked, directory=str(directory), sha=sha, rows=str(tmp_path / "rows.npy"))

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    on_import, after_manifest, predicted = done.stdout.splitlines()
    assert on_import == after_manifest == "[]"
    assert json.loads(predicted) == artifact.load(directory).predict(applications[:20]).tolist()
