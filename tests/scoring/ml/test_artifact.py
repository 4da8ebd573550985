import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest

from scoring.ml import artifact
from scoring.ml.artifact import ARRAYS, MANIFEST
from scoring.ml.features import FEATURES
from tests.scoring.ml.synthetic import changed, run, trained

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
STATE = {
    "text_idf": np.linspace(1, 9, 50, dtype=np.float32),
    "text_terms": np.array(["java", "ação"]),
    "topics_cv": np.arange(12, dtype=np.float64).reshape(3, 4),
}
FILES = ("accept-accept.txt", ARRAYS, "hire-choice.txt", "hire-job.txt", "hire-person.txt", MANIFEST)


@pytest.fixture(scope="module")
def data():
    return trained()[0]


@pytest.fixture(scope="module")
def result():
    return trained()[1]


def packed(result, data, **more):
    return artifact.pack(result, data, **{"created_at": NOW, "policy": "all"} | more)


@pytest.fixture(scope="module")
def stored(result, data):
    return packed(result, data, arrays=STATE, extra={"code_commit": "abc"})


@pytest.fixture
def files(stored):
    return dict(stored)


@pytest.fixture(scope="module")
def loaded(stored):
    return artifact.unpack(stored, name="v1", sha256=artifact.digest(stored), feature_schema=FEATURES)


@pytest.fixture(scope="module")
def rows(data, loaded):
    return data.X[list(loaded.feature_names)].to_numpy(np.float32)[:200]


def own_rows(data, head):
    return data.X[list(head.feature_names)].to_numpy(np.float32)[:200]


# A round trip


def test_a_round_trip_predicts_the_same(result, loaded, rows):
    np.testing.assert_array_equal(loaded.predict_raw(rows), result.head.margin(rows))
    np.testing.assert_array_equal(loaded.predict(rows), result.head.probability(rows))
    np.testing.assert_array_equal(loaded.contributions(rows[:20]), result.head.contributions(rows[:20]))
    np.testing.assert_array_equal(loaded.head.order(rows), result.head.order(rows))
    assert loaded.feature_names == result.feature_names
    assert loaded.threshold == result.threshold.threshold
    assert loaded.calibrator.method == result.head.calibrator.method


def test_a_round_trip_keeps_which_parts_are_about_the_job(result, loaded, rows):
    np.testing.assert_array_equal(
        loaded.predict(rows, job=rows[3]), result.head.probability(rows, job=rows[3])
    )
    assert (loaded.predict(rows, job=rows[3]) != loaded.predict(rows)).any()
    added = loaded.contributions(rows[:20], job=rows[3]).sum(axis=1)
    np.testing.assert_allclose(added, loaded.predict_raw(rows[:20], job=rows[3]), rtol=0, atol=1e-9)


def test_the_second_head_comes_back_with_its_own_calibrator(data, result, loaded):
    X = own_rows(data, result.accept.head)

    assert loaded.accept.feature_names == result.accept.head.feature_names
    np.testing.assert_array_equal(loaded.accept.probability(X), result.accept.head.probability(X))
    np.testing.assert_array_equal(loaded.accept.contributions(X[:5]), result.accept.head.contributions(X[:5]))
    assert loaded.accept.calibrator.x.tolist() != loaded.calibrator.x.tolist()


def test_a_model_without_a_second_head_has_none(data):
    alone = run(data, max_rounds=10)

    assert artifact.unpack(packed(alone, data), name="v2").accept is None


def test_one_row_scores_as_it_does_among_many(loaded, rows):
    together = loaded.predict(rows[:20])

    assert [loaded.predict(row)[0] for row in rows[:20]] == together.tolist()


def test_further_arrays_come_back_and_the_calibrators_do_not_mix_in(loaded):
    own = {name for name in loaded.arrays if not name.startswith(("holdout_", "validation_"))}

    assert own == set(STATE)
    for name, array in STATE.items():
        assert np.array_equal(loaded.arrays[name], array)
        assert loaded.arrays[name].dtype == array.dtype


def test_the_held_out_rows_are_those_of_the_training(data, result, stored, loaded):
    kept, test = artifact.held_out(stored, name="v1"), result.test

    expected = {
        "holdout_candidate": data.rows["candidate_id"].to_numpy()[test.rows],
        "holdout_job": data.jobs[test.rows],
        "holdout_day": data.days[test.rows].astype(np.int64),
        "holdout_y": test.y,
        "holdout_p": test.p,
        "holdout_raw": test.raw,
        "holdout_order": test.order,
        "validation_y": result.validation.y,
        "validation_p": result.validation.p,
    }
    assert kept.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(kept[name], array, err_msg=name)
        np.testing.assert_array_equal(loaded.arrays[name], array, err_msg=name)


def test_days_are_counted_from_1970(stored, result):
    first = artifact.held_out(stored, name="v1")["holdout_day"].min()

    assert np.datetime64("1970-01-01") + first == np.datetime64(result.windows[-1].start)


def test_the_manifest_tells_everything_without_the_model(result, stored):
    manifest = artifact.parsed_manifest(stored, name="v1")

    assert manifest["created_at"] == "2024-05-06T07:08:00+00:00"
    assert (manifest["recipe"], manifest["policy"]) == ("peneira", "all")
    assert manifest["metrics"] == json.loads(json.dumps(result.metrics()))
    assert manifest["metrics"]["accept"]["n"] == result.accept.evaluation.n
    assert manifest["thresholds"]["min_precision"] == result.threshold.to_json()
    assert [window["name"] for window in manifest["windows"]][-1] == "test"
    assert manifest["windows"][0]["start"] == result.windows[0].start.isoformat()
    assert manifest["config"] == result.config.to_json()
    assert manifest["rounds"] == result.rounds
    assert [part["name"] for part in manifest["heads"]["hire"]["parts"]] == ["job", "choice", "person"]
    assert manifest["libraries"]["lightgbm"]
    assert manifest["extra"] == {"code_commit": "abc"}


def test_warnings_are_kept_as_messages(data):
    found = run(data, min_precision=1.0, min_support=100, max_rounds=10)

    manifest = artifact.parsed_manifest(packed(found, data), name="v1")

    assert manifest["warnings"] == [warning.to_json() for warning in found.warnings] != []


def test_of_a_person_only_the_number_is_kept_and_not_in_the_manifest(data, result, stored):
    with np.load(io.BytesIO(stored[ARRAYS])) as arrays:
        texts = {name for name in arrays.files if arrays[name].dtype.kind in "US"}
        assert texts == {"text_terms", "calibrator_method", "accept_calibrator_method"}
    named = changed(data, candidate_id=data.rows["candidate_id"] + 10**15, client="Acme SA")
    manifest = packed(result, named)[MANIFEST].decode()
    assert not any(str(number) in manifest for number in named.rows["candidate_id"])
    assert "Acme" not in manifest


def test_packing_twice_gives_the_same_bytes(data, result, stored):
    again = packed(result, data, arrays=STATE, extra={"code_commit": "abc"})

    assert again == stored
    assert artifact.digest(again) == artifact.digest(stored)


# Files


def test_a_model_is_text_json_and_plain_arrays(stored):
    assert tuple(sorted(stored)) == tuple(sorted(FILES))
    for name, content in stored.items():
        assert name == ARRAYS or content.decode()
    for member in zipfile.ZipFile(io.BytesIO(stored[ARRAYS])).infolist():
        assert member.filename.endswith(".npy")


def test_an_array_that_hides_a_pickle_is_never_loaded(files):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    target = io.BytesIO()
    np.savez(target, allow_pickle=True, calibrator_method=np.array([Trap()], dtype=object))
    files[ARRAYS] = target.getvalue()
    files = signed(files)

    with pytest.raises(artifact.ArtifactCorrupt, match=r"arrays\.npz of model v1 is damaged"):
        artifact.unpack(files, name="v1", sha256=artifact.digest(files))


@pytest.mark.parametrize(
    "arrays",
    [
        {"calibrator_x": np.zeros(2)},
        {"accept_calibrator_x": np.zeros(2)},
        {"holdout_p": np.zeros(2)},
        {"words": np.array(["a", None], dtype=object)},
    ],
)
def test_arrays_that_would_need_a_pickle_or_clash_are_refused(data, result, arrays):
    with pytest.raises(ValueError, match=f"cannot be stored: {next(iter(arrays))}"):
        packed(result, data, arrays=arrays)


def test_values_that_are_not_json_are_refused(data, result):
    with pytest.raises(ValueError, match="JSON compliant"):
        packed(result, data, extra={"auc": float("nan")})


def test_the_digest_depends_on_names_and_contents_and_not_on_their_order():
    files = {"a": b"1", "b": b"2"}
    expected = "".join(f"{n} {hashlib.sha256(c).hexdigest()}\n" for n, c in files.items()).encode()

    assert artifact.digest(files) == hashlib.sha256(expected).hexdigest()
    assert artifact.digest({"b": b"2", "a": b"1"}) == artifact.digest(files)
    others = [{"a": b"2", "b": b"1"}, {"a": b"1", "c": b"2"}, {"a": b"1"}, {"a": b"1", "b": b"2", "c": b""}]
    assert len({artifact.digest(other) for other in [files, *others]}) == 5


# What is refused


def altered(content, place):
    changed = bytearray(content)
    changed[int(place * (len(changed) - 1))] ^= 1
    return bytes(changed)


def signed(files):
    """As somebody would who can write the manifest too."""
    manifest = json.loads(files[MANIFEST])
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    return files | {MANIFEST: json.dumps(manifest | {"files": sums}).encode()}


def rewritten(files, **changes):
    return files | {MANIFEST: json.dumps(json.loads(files[MANIFEST]) | changes).encode()}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_one_altered_byte_is_refused(files, name, place):
    sha = artifact.digest(files)
    files[name] = altered(files[name], place)

    with pytest.raises(artifact.ArtifactCorrupt, match="v1 are not those that were saved") as caught:
        artifact.unpack(files, name="v1", sha256=sha)

    assert "backup" in caught.value.recovery


@pytest.mark.parametrize("name", [name for name in FILES if name != MANIFEST])
def test_an_altered_byte_is_refused_even_without_the_sum_of_the_database(files, name):
    files[name] = altered(files[name], 0.5)

    for read in (artifact.unpack, artifact.parsed_manifest, artifact.held_out):
        with pytest.raises(artifact.ArtifactCorrupt, match=f"{name} of model v1 was altered"):
            read(files, name="v1")


def test_the_sum_is_checked_before_anything_is_parsed(files):
    sha = artifact.digest(files)
    files[MANIFEST] = b"{ not even json"

    with pytest.raises(artifact.ArtifactCorrupt, match="not those that were saved"):
        artifact.unpack(files, name="v1", sha256=sha)
    with pytest.raises(artifact.ArtifactCorrupt, match="damaged"):
        artifact.unpack(files, name="v1")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(files, name):
    sha = artifact.digest(files)
    del files[name]

    for known in (sha, None):
        with pytest.raises(artifact.ArtifactCorrupt):
            artifact.unpack(files, name="v1", sha256=known)


def test_a_file_too_many_is_refused(files):
    sha = artifact.digest(files)
    files["model.pkl"] = b"x"

    for known in (sha, None):
        with pytest.raises(artifact.ArtifactCorrupt):
            artifact.unpack(files, name="v1", sha256=known)


def test_no_files_at_all_are_refused():
    with pytest.raises(artifact.ArtifactCorrupt, match="has the files none"):
        artifact.unpack({}, name="v1")


@pytest.mark.parametrize("written", [0, 1, 3, None, "2"])
def test_another_format_is_refused_with_the_way_out(files, written):
    files = rewritten(files, format_version=written)

    with pytest.raises(artifact.ArtifactIncompatible, match=f"format {written}; .* format 2") as caught:
        artifact.unpack(files, name="v1", sha256=artifact.digest(files))

    assert caught.value.recovery == "Train again, or promote another version."


@pytest.mark.parametrize("manifest", [b"[]", b"3", b"{}", b'{"format_version": 2}', b"\xff"])
def test_a_manifest_of_another_shape_is_refused(files, manifest):
    with pytest.raises(artifact.ArtifactCorrupt, match="damaged"):
        artifact.unpack(files | {MANIFEST: manifest}, name="v1")


@pytest.mark.parametrize("missing", ["heads", "feature_names", "thresholds", "files"])
def test_a_manifest_that_leaves_something_out_is_refused(files, missing):
    manifest = json.loads(files[MANIFEST])
    del manifest[missing]
    files[MANIFEST] = json.dumps(manifest).encode()

    with pytest.raises(artifact.ArtifactCorrupt, match="damaged"):
        artifact.unpack(files, name="v1", feature_schema=FEATURES)


def test_a_head_that_names_a_file_that_is_not_there_is_refused(files):
    heads = json.loads(files[MANIFEST])["heads"]
    heads["hire"]["parts"][0]["file"] = "elsewhere.txt"

    with pytest.raises(artifact.ArtifactCorrupt, match="hire head of model v1 is damaged"):
        artifact.unpack(rewritten(files, heads=heads), name="v1")


def test_a_manifest_that_names_other_features_than_the_model_is_refused(files):
    heads = json.loads(files[MANIFEST])["heads"]
    heads["hire"]["parts"][1]["columns"].reverse()

    with pytest.raises(artifact.ArtifactCorrupt, match="different features"):
        artifact.unpack(rewritten(files, heads=heads), name="v1")


def test_a_booster_that_is_no_model_is_refused(files):
    files = signed(files | {"hire-job.txt": b"tree\nnonsense"})

    with pytest.raises(artifact.ArtifactCorrupt, match=r"hire-job\.txt is damaged"):
        artifact.unpack(files, name="v1")


def test_a_model_with_a_feature_that_is_no_longer_built_is_refused(files):
    fewer = [name for name in FEATURES if name not in ("cv_words", "job_words")]

    with pytest.raises(artifact.ArtifactIncompatible, match="no longer builds: job_words, cv_words"):
        artifact.unpack(files, name="v1", feature_schema=fewer)


def test_the_second_head_needs_its_features_too(files):
    heads = json.loads(files[MANIFEST])["heads"]
    heads["hire"]["parts"] = heads["hire"]["parts"][:1]
    of_job = heads["hire"]["parts"][0]["columns"]

    with pytest.raises(artifact.ArtifactIncompatible, match="no longer builds: tem_email"):
        artifact.unpack(rewritten(files, heads=heads), name="v1", feature_schema=of_job)


def test_features_that_are_newer_than_the_model_do_no_harm(files):
    assert artifact.unpack(files, name="v1", feature_schema=["newer", *FEATURES]).feature_names


def test_columns_are_found_in_a_wider_matrix_in_another_order(loaded, rows):
    wide_names = ["new", *reversed(loaded.feature_names)]
    wide = np.column_stack([np.full(len(rows), 7, dtype=np.float32), rows[:, ::-1]])

    assert np.array_equal(loaded.predict(wide[:, loaded.columns_in(wide_names)]), loaded.predict(rows))
    with pytest.raises(artifact.ArtifactIncompatible, match="cv_words"):
        loaded.columns_in([name for name in wide_names if name != "cv_words"])


def test_rows_of_another_width_are_refused(loaded, rows):
    with pytest.raises(ValueError, match=f"expected rows of {len(FEATURES)} features"):
        loaded.predict(rows[:, :-1])


# Serving

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
files = {{path.name: path.read_bytes() for path in Path({directory!r}).iterdir()}}
artifact.held_out(files, name="v1")
print(sorted(name for name in heavy if sys.modules.get(name)))
loaded = artifact.unpack(files, name="v1", sha256={sha!r})
print(loaded.predict(np.load({rows!r})).tolist())
"""


@pytest.mark.parametrize("blocked", [False, True])
def test_serving_needs_neither_pandas_nor_scikit_learn(stored, loaded, rows, tmp_path, blocked):
    directory = tmp_path / "v1"
    directory.mkdir()
    for name, content in stored.items():
        (directory / name).write_bytes(content)
    np.save(tmp_path / "rows.npy", rows[:20])
    code = SERVE.format(
        blocked=blocked,
        directory=str(directory),
        sha=artifact.digest(stored),
        rows=str(tmp_path / "rows.npy"),
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    before_the_model, predicted = done.stdout.splitlines()
    assert before_the_model == "[]"
    assert json.loads(predicted) == loaded.predict(rows[:20]).tolist()
