"""A trained model on disk: the only file I/O of the learning code.

An artifact is a directory of three files and no pickle: `model.txt` (LightGBM's text), `arrays.npz`
(calibrator and any further learned arrays) and `manifest.json` (everything one wants to know without
loading the model). Serving needs numpy and LightGBM only. An artifact never changes once it is written.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.ml.calibrate import Calibrator

if TYPE_CHECKING:
    import lightgbm

    from scoring.ml.train import TrainResult

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]

FORMAT_VERSION = 1
MODEL, ARRAYS, MANIFEST = "model.txt", "arrays.npz", "manifest.json"
_LIBRARIES = ("lightgbm", "numpy", "scipy", "pandas", "scikit-learn")
_OWN_ARRAYS = "calibrator_"
_RETRAIN = "Train again, or promote another version."
_RESTORE = "Restore the directory from a backup, or promote another version; nothing was deleted."


class ArtifactError(Exception):
    """The artifact cannot be used; the message says why, `recovery` what to do. Nothing on disk was
    touched."""

    def __init__(self, problem: str, *, recovery: str) -> None:
        super().__init__(f"{problem} {recovery}")
        self.problem = problem
        self.recovery = recovery


class ArtifactIncompatible(ArtifactError):
    """Whole, but made for another program: format, features."""


class ArtifactCorrupt(ArtifactError):
    """Missing, incomplete or altered."""


@dataclass(frozen=True)
class Artifact:
    """A loaded model. `arrays`: what was stored beside the calibrator. `sha256`: of the whole directory."""

    manifest: Mapping[str, Any]
    booster: lightgbm.Booster
    calibrator: Calibrator
    arrays: Arrays
    sha256: str

    @property
    def feature_names(self) -> tuple[str, ...]:
        return tuple(self.manifest["feature_names"])

    @property
    def threshold(self) -> float:
        """The cut for the minimum precision; whether that was attained is in the manifest."""
        return float(self.manifest["thresholds"]["min_precision"]["threshold"])

    def columns_in(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Where the model's features are among `names`: `X[:, artifact.columns_in(FEATURES)]`.

        Raises `ArtifactIncompatible` when one is not there.
        """
        _check_features(self.feature_names, names)
        place = {name: i for i, name in enumerate(names)}
        return np.array([place[name] for name in self.feature_names], dtype=np.intp)

    def predict_raw(self, X: ArrayLike) -> Floats:
        """Margins of n rows (n x features in the order of `feature_names`, NaN = unknown): what to order
        by.

        Raises ValueError for another shape.
        """
        rows = np.asarray(X, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != len(self.feature_names):
            raise ValueError(f"expected rows of {len(self.feature_names)} features, got shape {rows.shape}")
        if not len(rows):
            return np.empty(0)
        return np.asarray(self.booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)

    def predict(self, X: ArrayLike) -> Floats:
        """Calibrated probabilities of n rows; see `predict_raw`."""
        return self.calibrator.apply(self.predict_raw(X))


def save(
    result: TrainResult,
    directory: Path,
    *,
    created_at: datetime,
    policy: str,
    arrays: Arrays | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Write `result` as the new directory `directory` and return its sha256.

    `arrays`: further learned state, such as the text model's. `extra`: further facts for the manifest,
    plain JSON values (text model parameters, data fingerprint, code commit). All is written aside and
    renamed, so nobody ever sees half an artifact. Raises FileExistsError when `directory` exists,
    ValueError for what cannot be stored.
    """
    if directory.exists():
        raise FileExistsError(f"{directory.name} exists; an artifact is never overwritten, choose a new name")
    files = {
        MODEL: result.booster.model_to_string().encode(),
        ARRAYS: _packed(result.calibrator, arrays or {}),
    }
    manifest = _manifest(result, files, created_at=created_at, policy=policy, extra=extra or {})
    files[MANIFEST] = json.dumps(
        manifest, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True
    ).encode()
    _write_whole(files, directory)
    return _digest(files)


def load(
    directory: Path, *, sha256: str | None = None, feature_schema: Sequence[str] | None = None
) -> Artifact:
    """Read an artifact. The sums are checked over the very bytes that are parsed, before anything parses
    them.

    `sha256`: what `save` returned; without it only the sums inside the manifest are checked.
    `feature_schema`: the features this program can build. Raises `ArtifactCorrupt` and
    `ArtifactIncompatible`; deletes nothing.
    """
    files = _read(directory)
    found = _digest(files)
    if sha256 is not None and found != sha256:
        raise ArtifactCorrupt(
            f"The files of model {directory.name} are not those that were saved.", recovery=_RESTORE
        )
    manifest = _parsed_manifest(files, directory)
    if feature_schema is not None:
        _check_features(manifest["feature_names"], feature_schema)
    booster = _booster(files[MODEL], manifest["feature_names"], directory)
    calibrator, arrays = _unpacked(files[ARRAYS], directory)
    return Artifact(manifest, booster, calibrator, arrays, found)


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest alone, without LightGBM. Raises as `load` does."""
    return _parsed_manifest(_read(directory), directory)


def checksum(directory: Path) -> str:
    """sha256 over the names and contents of all files. Raises `ArtifactCorrupt` when one is missing or too
    many."""
    return _digest(_read(directory))


def _manifest(
    result: TrainResult,
    files: Mapping[str, bytes],
    *,
    created_at: datetime,
    policy: str,
    extra: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "created_at": created_at.isoformat(),
        "recipe": result.recipe,
        "policy": policy,
        "feature_names": list(result.feature_names),
        "params": result.params,
        "rounds": result.rounds,
        "calibration": result.calibrator.method,
        "thresholds": {"min_precision": result.threshold.to_json()},
        "metrics": result.evaluation.to_json(),
        "windows": [
            asdict(window) | {"start": window.start.isoformat(), "end": window.end.isoformat()}
            for window in result.windows
        ],
        "dropped_rows": result.dropped_rows,
        "importances": result.importances,
        "warnings": list(result.warnings),
        "config": asdict(result.config),
        "libraries": {"python": platform.python_version()} | {name: _version(name) for name in _LIBRARIES},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "extra": dict(extra),
    }


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _packed(calibrator: Calibrator, arrays: Arrays) -> bytes:
    clash = [name for name in arrays if name.startswith(_OWN_ARRAYS)]
    objects = [name for name, array in arrays.items() if np.asarray(array).dtype.hasobject]
    if clash or objects:
        raise ValueError(f"these arrays cannot be stored: {', '.join(clash + objects)}")
    target = io.BytesIO()
    everything: dict[str, Any] = {**arrays, **calibrator.to_arrays()}
    np.savez(target, allow_pickle=False, **everything)
    return target.getvalue()


def _unpacked(content: bytes, directory: Path) -> tuple[Calibrator, Arrays]:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        calibrator = Calibrator.from_arrays(arrays)
    except Exception as error:  # zip, npy and key errors of several libraries: all mean the same here
        raise ArtifactCorrupt(f"{ARRAYS} of model {directory.name} is damaged.", recovery=_RESTORE) from error
    return calibrator, {name: array for name, array in arrays.items() if not name.startswith(_OWN_ARRAYS)}


def _parsed_manifest(files: Mapping[str, bytes], directory: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(files[MANIFEST])
        written, sums = manifest["format_version"], manifest["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactCorrupt(
            f"{MANIFEST} of model {directory.name} is damaged.", recovery=_RESTORE
        ) from error
    if written != FORMAT_VERSION:
        problem = f"Model {directory.name} has format {written}; this program reads format {FORMAT_VERSION}."
        raise ArtifactIncompatible(problem, recovery=_RETRAIN)
    for name in (MODEL, ARRAYS):
        if hashlib.sha256(files[name]).hexdigest() != sums.get(name):
            raise ArtifactCorrupt(f"{name} of model {directory.name} was altered.", recovery=_RESTORE)
    return manifest


def _booster(content: bytes, feature_names: Sequence[str], directory: Path) -> lightgbm.Booster:
    import lightgbm  # seconds and 150 MiB: only for whoever predicts

    try:
        booster = lightgbm.Booster(model_str=content.decode())
    except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
        raise ArtifactCorrupt(f"{MODEL} of model {directory.name} is damaged.", recovery=_RESTORE) from error
    if booster.feature_name() != list(feature_names):
        problem = f"{MODEL} and {MANIFEST} of model {directory.name} name different features."
        raise ArtifactCorrupt(problem, recovery=_RESTORE)
    return booster


def _check_features(needed: Sequence[str], available: Sequence[str]) -> None:
    there = set(available)
    missing = [name for name in needed if name not in there]
    if missing:
        problem = f"The model needs features that this program no longer builds: {', '.join(missing)}."
        raise ArtifactIncompatible(problem, recovery=_RETRAIN)


def _read(directory: Path) -> dict[str, bytes]:
    try:
        files = {entry.name: entry.read_bytes() for entry in sorted(directory.iterdir())}
    except OSError as error:
        raise ArtifactCorrupt(f"Model {directory.name} cannot be read.", recovery=_RESTORE) from error
    if set(files) != {MODEL, ARRAYS, MANIFEST}:
        problem = f"Model {directory.name} has the files {', '.join(files) or 'none'}."
        raise ArtifactCorrupt(problem, recovery=_RESTORE)
    return files


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _write_whole(files: Mapping[str, bytes], directory: Path) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        for name, content in files.items():
            _write_to_disk(aside / name, content)
        aside.chmod(0o755)  # mkdtemp's 0700 would shut out a web server that runs as another user
        aside.rename(directory)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _sync_directory(directory.parent)


def _write_to_disk(path: Path, content: bytes) -> None:
    with path.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
