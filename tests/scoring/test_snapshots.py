import hashlib
import io
import json
import subprocess
import sys

import fastparquet
import numpy as np
import pandas as pd
import pytest

from scoring import snapshots
from scoring.ml.dataset import ROW_COLUMNS, Dataset, make_dataset
from scoring.models import DatasetSnapshot
from scoring.snapshots import SnapshotCorrupt


def company(n=300, seed=1):
    chance = np.random.default_rng(seed)
    X = pd.DataFrame({f"f{i}": chance.random(n).astype("float32") for i in range(6)})
    X = X.mask(X < 0.1)
    X.loc[0, "f1"] = -0.0
    X.loc[1, "f1"] = np.float32(1e-45)  # the smallest there is
    return make_dataset(
        X,
        candidate_id=chance.integers(1, 10**9, n),
        job_id=np.sort(chance.integers(1, 60, n)),
        as_of=np.datetime64("2021-03-04", "s") + np.arange(n) * np.timedelta64(86_400, "s"),
        y=np.where(chance.random(n) < 0.1, np.nan, chance.integers(0, 2, n)),
        accept=np.where(chance.random(n) < 0.8, np.nan, 1.0),
        known=chance.random(n) < 0.9,
        area=chance.choice(np.array(["TI - Desenvolvimento/Programação", ""], dtype=object), n),
        seniority=chance.choice(np.array(["mid", "senior"], dtype=object), n),
        client=chance.choice(np.array(["0a1b2c3d4e5f", ""], dtype=object), n),
    )


def file_of(settings, snapshot):
    return settings.SNAPSHOTS_DIR / snapshot.path


def test_a_dataset_comes_back_to_the_last_bit():
    dataset = company()

    again = snapshots.decode(snapshots.encode(dataset))

    pd.testing.assert_frame_equal(again.X, dataset.X, check_exact=True)
    pd.testing.assert_frame_equal(again.rows, dataset.rows, check_exact=True)
    assert np.signbit(again.X.loc[0, "f1"])
    assert again.rows.dtypes.astype(str).to_dict() == ROW_COLUMNS


def test_a_dataset_without_rows_comes_back():
    again = snapshots.decode(snapshots.encode(company().subset([])))

    assert len(again) == 0
    assert list(again.X.columns) == [f"f{i}" for i in range(6)]


def test_equal_datasets_have_equal_bytes_at_another_time_in_another_process():
    code = (
        "import hashlib, time; time.time = lambda: 4e9\n"
        "import django; django.setup()\n"
        "from scoring import snapshots; from tests.scoring.test_snapshots import company\n"
        "print(hashlib.sha256(snapshots.encode(company())).hexdigest())"
    )

    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert elsewhere.stdout.strip() == hashlib.sha256(snapshots.encode(company())).hexdigest()


@pytest.mark.parametrize("change", ["a value", "the order", "a name"])
def test_another_dataset_has_other_bytes(change):
    dataset = company()
    if change == "a value":
        X = dataset.X.copy()
        X.iloc[7, 3] = np.nextafter(np.float32(X.iloc[7, 2]), np.float32(2))
        other = Dataset(X, dataset.rows)
    elif change == "the order":
        other = dataset.subset(np.arange(len(dataset))[::-1])
    else:
        other = Dataset(dataset.X.rename(columns={"f0": "g0"}), dataset.rows)

    assert snapshots.encode(other) != snapshots.encode(dataset)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda X, rows: (X, rows.assign(name="Ana")), "name is no column of a dataset"),
        (lambda X, rows: (X.assign(area=1.0), rows), "area is a feature too"),
        (lambda X, rows: (X, rows.assign(area=[None] * len(rows))), "area: a text that is not known"),
    ],
)
def test_what_should_not_be_kept_is_refused(change, sentence):
    dataset = company()

    with pytest.raises(ValueError, match=sentence):
        snapshots.encode(Dataset(*change(dataset.X, dataset.rows)))


def test_other_parquet_is_refused(tmp_path):
    fastparquet.write(str(tmp_path / "other.parquet"), company().X)

    with pytest.raises(SnapshotCorrupt, match="not a snapshot"):
        snapshots.decode((tmp_path / "other.parquet").read_bytes())


def test_a_later_schema_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setattr(snapshots, "SCHEMA_VERSION", 2)
    later = snapshots.encode(company())
    monkeypatch.undo()

    with pytest.raises(SnapshotCorrupt, match="schema 2; this program reads 1"):
        snapshots.decode(later)


def test_the_metadata_says_schema_and_columns():
    found = fastparquet.ParquetFile(io.BytesIO(snapshots.encode(company()))).key_value_metadata

    assert json.loads(found[snapshots.METADATA]) == {
        "schema_version": 1,
        "features": [f"f{i}" for i in range(6)],
        "rows": ROW_COLUMNS,
    }


# Kept


@pytest.mark.django_db
def test_a_snapshot_is_kept_under_its_sum_and_read_again(settings):
    dataset = company()

    snapshot = snapshots.write_snapshot(dataset)

    content = file_of(settings, snapshot).read_bytes()
    assert snapshot.path == f"{hashlib.sha256(content).hexdigest()}.parquet" == f"{snapshot.sha256}.parquet"
    assert (snapshot.rows, snapshot.columns, snapshot.size) == (300, 6 + len(ROW_COLUMNS), len(content))
    assert snapshot.schema_version == 1
    pd.testing.assert_frame_equal(snapshots.read_snapshot(snapshot).X, dataset.X, check_exact=True)


@pytest.mark.django_db
def test_the_same_rows_are_kept_once(settings):
    first = snapshots.write_snapshot(company())
    written = file_of(settings, first).stat().st_mtime_ns

    assert snapshots.write_snapshot(company()) == first
    assert file_of(settings, first).stat().st_mtime_ns == written
    assert snapshots.write_snapshot(company(seed=2)) != first
    assert DatasetSnapshot.objects.count() == 2


@pytest.mark.django_db
def test_a_file_that_a_crash_cut_short_is_written_again(settings):
    first = snapshots.write_snapshot(company())
    whole = file_of(settings, first).read_bytes()
    file_of(settings, first).write_bytes(whole[: len(whole) // 2])

    snapshots.write_snapshot(company())

    assert file_of(settings, first).read_bytes() == whole
    assert [path.name for path in settings.SNAPSHOTS_DIR.iterdir()] == [first.path]


@pytest.mark.django_db
def test_a_file_of_equal_size_that_was_altered_is_written_again(settings):
    first = snapshots.write_snapshot(company())
    whole = file_of(settings, first).read_bytes()
    file_of(settings, first).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])

    snapshots.write_snapshot(company())

    assert file_of(settings, first).read_bytes() == whole


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 0.5, -1])
def test_one_altered_byte_is_refused(settings, place):
    snapshot = snapshots.write_snapshot(company())
    content = bytearray(file_of(settings, snapshot).read_bytes())
    content[int(place * len(content)) if place != -1 else -1] ^= 1
    file_of(settings, snapshot).write_bytes(bytes(content))

    with pytest.raises(SnapshotCorrupt, match="was altered"):
        snapshots.read_snapshot(snapshot)


@pytest.mark.django_db
def test_a_snapshot_without_its_file_is_said(settings):
    snapshot = snapshots.write_snapshot(company())
    file_of(settings, snapshot).unlink()

    with pytest.raises(SnapshotCorrupt, match="is not there"):
        snapshots.read_snapshot(snapshot)
