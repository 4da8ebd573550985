"""The rows a version learned from and was measured on, kept as Parquet under the sha256 of their bytes.

Equal rows make equal bytes, so a second training on unchanged data writes nothing. What is kept of people and
jobs are our own numbers for them, features and outcomes: no name, no text, no client's name.
"""

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from django.core.files.storage import storages

from scoring.models import DatasetSnapshot
from scoring.storage import SNAPSHOTS, get, put

if TYPE_CHECKING:
    import pandas as pd
    from fastparquet import ParquetFile

    from scoring.ml.dataset import Dataset

SCHEMA_VERSION = 1
METADATA = "peneira.dataset"
# Parquet knows no seconds
_WIDER = {"datetime64[s]": "datetime64[ms]"}


class SnapshotCorrupt(Exception):
    """Missing, altered, or of another format; the message says which and what to do."""


def write_snapshot(dataset: "Dataset") -> DatasetSnapshot:
    """Keep the dataset, unless it is kept already, and return its row.

    Raises ValueError for a dataset that cannot be kept and OSError when the storage fails.
    """
    content = encode(dataset)
    sha256 = hashlib.sha256(content).hexdigest()
    path = f"{sha256}.parquet"
    _keep(path, content)
    values = {
        "path": path,
        "schema_version": SCHEMA_VERSION,
        "rows": len(dataset),
        "columns": dataset.X.shape[1] + dataset.rows.shape[1],
        "size": len(content),
    }
    return DatasetSnapshot.objects.get_or_create(sha256=sha256, defaults=values)[0]


def _keep(path: str, content: bytes) -> None:
    storage = storages[SNAPSHOTS]
    if storage.exists(path):
        if get(storage, path) == content:
            return
        storage.delete(path)  # cut short by a crash, or altered: the name says what it should have been
    try:
        put(storage, path, content)
    except FileExistsError:  # another training has just kept the same rows
        return


def read_snapshot(snapshot: DatasetSnapshot) -> "Dataset":
    """The dataset again, its sum checked before anything parses it. Raises ``SnapshotCorrupt``, and
    ``scoring.storage.StorageUnavailable`` when the storage does not answer."""
    try:
        content = get(storages[SNAPSHOTS], snapshot.path)
    except FileNotFoundError as error:
        raise SnapshotCorrupt(
            f"The file of snapshot {snapshot} is not there. Restore it from a backup."
        ) from error
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise SnapshotCorrupt(f"The file of snapshot {snapshot} was altered. Restore it from a backup.")
    return decode(content)


# Bytes


class _Target(io.BytesIO):
    """fastparquet closes what it has written to; the bytes are wanted afterwards."""

    def close(self) -> None:
        pass


def encode(dataset: "Dataset") -> bytes:
    """Parquet of the rows' columns and then the features, compressed with Zstandard.

    Equal contents give equal bytes for given versions of fastparquet and pandas. Raises ValueError for
    columns that a dataset does not have, names that stand on both sides, and missing texts.
    """
    import fastparquet

    texts = _checked_texts(dataset)
    target = _Target()
    fastparquet.write(
        "snapshot",
        _as_stored(dataset),
        compression="ZSTD",
        write_index=False,
        stats=False,
        object_encoding=dict.fromkeys(texts, "utf8"),
        custom_metadata={METADATA: json.dumps(_description(dataset))},
        open_with=lambda *ignored: target,
    )
    return target.getvalue()


def decode(content: bytes) -> "Dataset":
    """The dataset that ``encode`` was given, types included. Raises ``SnapshotCorrupt`` for other Parquet.

    Only for bytes whose sum was checked: fastparquet can bring the process down over damaged ones.
    """
    from fastparquet import ParquetFile

    from scoring.ml.dataset import Dataset

    file = ParquetFile(io.BytesIO(content))
    description = _described(file)
    table = file.to_pandas()
    return Dataset(
        table[description["features"]].astype("float32"),
        table[list(description["rows"])].astype(description["rows"]),
    )


def _described(file: "ParquetFile") -> dict[str, Any]:
    if METADATA not in file.key_value_metadata:
        raise SnapshotCorrupt("This Parquet file is not a snapshot.")
    description: dict[str, Any] = json.loads(file.key_value_metadata[METADATA])
    written = description["schema_version"]
    if written != SCHEMA_VERSION:
        raise SnapshotCorrupt(
            f"The snapshot has schema {written}; this program reads {SCHEMA_VERSION}. "
            "Use the program's version that wrote it."
        )
    return description


def _description(dataset: "Dataset") -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "features": list(dataset.X.columns),
        "rows": {name: str(kind) for name, kind in dataset.rows.dtypes.items()},
    }


def _checked_texts(dataset: "Dataset") -> list[str]:
    """The columns of text. A column nobody has thought about must not slip into a file that is kept."""
    from scoring.ml.dataset import ROW_COLUMNS

    rows = dataset.rows
    foreign = sorted(set(rows.columns) - set(ROW_COLUMNS))
    twice = sorted(set(rows.columns) & set(dataset.X.columns))
    texts = [name for name in rows.columns if _is_text(rows[name])]
    holes = [name for name in texts if rows[name].isna().any()]
    for problem, names in (("is no column of a dataset", foreign), ("is a feature too", twice)):
        if names:
            raise ValueError(f"{', '.join(names)} {problem}")
    if holes:
        raise ValueError(f'{", ".join(holes)}: a text that is not known is "", not missing')
    return texts


def _as_stored(dataset: "Dataset") -> "pd.DataFrame":
    import pandas as pd

    rows = dataset.rows.copy()
    for name in rows.columns:
        kind = "object" if _is_text(rows[name]) else _WIDER.get(str(rows[name].dtype))
        if kind:
            rows[name] = rows[name].astype(pd.api.types.pandas_dtype(kind))
    return pd.concat([rows, dataset.X.astype("float32")], axis=1)


def _is_text(column: "pd.Series[Any]") -> bool:
    return str(column.dtype) in ("object", "str", "string")
