"""A trained model as files: bytes in, bytes out, and no pickle.

An artifact is a `manifest.json` (everything one wants to know without loading the model), an `arrays.npz`
(calibrators and any further learned arrays, with the test window's rows) and one text file of LightGBM for
each part. Serving needs numpy and LightGBM only. An artifact never changes once it is written; where it is
kept is not decided here.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring.ml.calibrate import Calibrator
from scoring.ml.model import Head, Part

if TYPE_CHECKING:
    import lightgbm

    from scoring.ml.dataset import Dataset
    from scoring.ml.train import TrainResult

Floats = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]
Files = Mapping[str, bytes]

FORMAT_VERSION: Final = 2
ARRAYS, MANIFEST = "arrays.npz", "manifest.json"
HIRE, ACCEPT = "hire", "accept"
_LIBRARIES = ("lightgbm", "numpy", "scipy", "pandas", "scikit-learn")
_NEEDED = {"feature_names", "heads", "thresholds"}  # of the manifest, to serve
_OWN_ARRAYS = ("calibrator_", "accept_calibrator_", "holdout_", "validation_")
_RETRAIN = "Train again, or promote another version."
_RESTORE = "Restore its files from a backup, or promote another version; nothing was deleted."


class ArtifactError(Exception):
    """The artifact cannot be used; the message says why, `recovery` what to do. Nothing was touched."""

    def __init__(self, problem: str, *, recovery: str) -> None:
        super().__init__(f"{problem} {recovery}")
        self.problem = problem
        self.recovery = recovery


class ArtifactIncompatible(ArtifactError):
    """Whole, but made for another program: format, features."""

    def __init__(self, problem: str, *, recovery: str = _RETRAIN) -> None:
        super().__init__(problem, recovery=recovery)


class ArtifactCorrupt(ArtifactError):
    """Missing, incomplete or altered."""

    def __init__(self, problem: str, *, recovery: str = _RESTORE) -> None:
        super().__init__(problem, recovery=recovery)


@dataclass(frozen=True)
class Artifact:
    """A loaded model. `arrays`: what was stored beside the calibrators. `sha256`: of all files together."""

    manifest: Mapping[str, Any]
    head: Head
    accept: Head | None
    arrays: Arrays
    sha256: str

    @property
    def feature_names(self) -> tuple[str, ...]:
        return self.head.feature_names

    @property
    def calibrator(self) -> Calibrator:
        return self.head.calibrator

    @property
    def threshold(self) -> float:
        """The cut for the minimum precision; whether that was attained is in the manifest."""
        return float(self.manifest["thresholds"]["min_precision"]["threshold"])

    def columns_in(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Where the model's features are among `names`: `X[:, artifact.columns_in(FEATURES)]`.

        Raises `ArtifactIncompatible` when one is not there.
        """
        return columns_in(self.feature_names, names)

    def predict_raw(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        """Margins of n rows x `feature_names`; `job`: see `Head.margin`."""
        return self.head.margin(X, job=job)

    def predict(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        """Calibrated probabilities of n rows; see `predict_raw`."""
        return self.head.probability(X, job=job)

    def contributions(self, X: ArrayLike, *, job: ArrayLike | None = None) -> Floats:
        """TreeSHAP of n rows: n x (features + 1); see `Head.contributions`."""
        return self.head.contributions(X, job=job)


def columns_in(needed: Sequence[str], available: Sequence[str]) -> NDArray[np.intp]:
    """Where each needed feature is. Raises `ArtifactIncompatible` when one is not there."""
    _check_features(needed, available)
    place = {name: at for at, name in enumerate(available)}
    return np.array([place[name] for name in needed], dtype=np.intp)


# Packing


def pack(
    result: TrainResult,
    data: Dataset,
    *,
    created_at: datetime,
    policy: str,
    arrays: Arrays | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """File name -> content of the model learned from `data`.

    `arrays`: further learned state, such as the text model's. `extra`: further facts for the manifest, plain
    JSON values (data fingerprint, code commit). Raises ValueError for what cannot be stored.
    """
    heads = {HIRE: result.head} | ({ACCEPT: result.accept.head} if result.accept else {})
    files = {_file(kind, part): _text(part) for kind, head in heads.items() for part in head.parts}
    files[ARRAYS] = _packed(heads, _held_out(result, data), arrays or {})
    manifest = _manifest(result, heads, files, created_at=created_at, policy=policy, extra=extra or {})
    files[MANIFEST] = json.dumps(
        manifest, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True
    ).encode()
    return files


def digest(files: Files) -> str:
    """sha256 over the names and contents of all files."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return whole.hexdigest()


def _file(kind: str, part: Part) -> str:
    return f"{kind}-{part.name}.txt"


def _text(part: Part) -> bytes:
    return part.booster.model_to_string().encode()


def _manifest(
    result: TrainResult,
    heads: Mapping[str, Head],
    files: Files,
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
        "heads": {kind: _described(kind, head) for kind, head in heads.items()},
        "params": result.params,
        "rounds": result.rounds,
        "thresholds": {"min_precision": result.threshold.to_json()},
        "metrics": result.metrics(),
        "windows": [window.to_json() for window in result.windows],
        "dropped_rows": result.dropped_rows,
        "importances": result.importances,
        "warnings": [warning.to_json() for warning in result.warnings],
        "config": result.config.to_json(),
        "libraries": {"python": platform.python_version()} | {name: _version(name) for name in _LIBRARIES},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "extra": dict(extra),
    }


def _described(kind: str, head: Head) -> dict[str, Any]:
    parts = [
        {
            "name": part.name,
            "file": _file(kind, part),
            "columns": list(part.columns),
            "weight": part.weight,
            "about_job": part.about_job,
        }
        for part in head.parts
    ]
    return {"parts": parts, "offset": head.offset, "calibration": head.calibrator.method}


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _held_out(result: TrainResult, data: Dataset) -> dict[str, NDArray[Any]]:
    """The rows of the test window with what was said of them, and what the cut was chosen on."""
    test, rows = result.test, data.rows.iloc[result.test.rows]
    return {
        "holdout_candidate": rows["candidate_id"].to_numpy(np.int64),
        "holdout_job": rows["job_id"].to_numpy(np.int64),
        "holdout_day": rows["as_of"].to_numpy().astype("datetime64[D]").astype(np.int64),
        "holdout_y": test.y.astype(np.int8),
        "holdout_p": test.p,
        "holdout_raw": test.raw,
        "holdout_order": test.order,
        "validation_y": result.validation.y.astype(np.int8),
        "validation_p": result.validation.p,
    }


def _packed(heads: Mapping[str, Head], own: Arrays, arrays: Arrays) -> bytes:
    clash = [name for name in arrays if name.startswith(_OWN_ARRAYS[:2]) or name in own]
    objects = [name for name, array in arrays.items() if np.asarray(array).dtype.hasobject]
    if clash or objects:
        raise ValueError(f"these arrays cannot be stored: {', '.join(clash + objects)}")
    everything: dict[str, Any] = {**arrays, **own}
    for kind, head in heads.items():
        prefix = "" if kind == HIRE else f"{kind}_"
        everything |= {prefix + name: array for name, array in head.calibrator.to_arrays().items()}
    target = io.BytesIO()
    np.savez_compressed(target, allow_pickle=False, **everything)
    return target.getvalue()


# Unpacking


def unpack(
    files: Files, *, name: str, sha256: str | None = None, feature_schema: Sequence[str] | None = None
) -> Artifact:
    """The model in these files. The sums are checked over the very bytes that are parsed, before anything
    parses them.

    `name`: what messages call it. `sha256`: what `digest` said when it was stored; without it only the sums
    inside the manifest are checked. `feature_schema`: the features this program can build. Raises
    `ArtifactCorrupt` and `ArtifactIncompatible`.
    """
    found = digest(files)
    if sha256 is not None and found != sha256:
        raise ArtifactCorrupt(f"The files of model {name} are not those that were saved.")
    manifest = parsed_manifest(files, name=name)
    arrays = _arrays(files[ARRAYS], name)
    heads = {kind: _head(kind, about, files, arrays, name) for kind, about in manifest["heads"].items()}
    if feature_schema is not None:
        _check_features([name for head in heads.values() for name in head.feature_names], feature_schema)
    kept = {key: array for key, array in arrays.items() if not key.startswith(_OWN_ARRAYS[:2])}
    return Artifact(manifest, heads[HIRE], heads.get(ACCEPT), kept, found)


def parsed_manifest(files: Files, *, name: str) -> dict[str, Any]:
    """The manifest alone, without LightGBM, once all sums in it are right. Raises as `unpack` does."""
    if MANIFEST not in files:
        raise ArtifactCorrupt(f"Model {name} has the files {', '.join(sorted(files)) or 'none'}.")
    try:
        manifest: dict[str, Any] = json.loads(files[MANIFEST])
        written, sums = manifest["format_version"], dict(manifest["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactCorrupt(f"{MANIFEST} of model {name} is damaged.") from error
    if written != FORMAT_VERSION:
        raise ArtifactIncompatible(
            f"Model {name} has format {written}; this program reads format {FORMAT_VERSION}."
        )
    _check_sums(files, sums, name)
    if not manifest.keys() >= _NEEDED or HIRE not in manifest["heads"]:
        raise ArtifactCorrupt(f"{MANIFEST} of model {name} is damaged.")
    return manifest


def held_out(files: Files, *, name: str) -> dict[str, NDArray[Any]]:
    """The arrays holdout_* and validation_* alone, without LightGBM. Raises as `unpack` does."""
    parsed_manifest(files, name=name)
    arrays = _arrays(files[ARRAYS], name)
    return {key: array for key, array in arrays.items() if key.startswith(_OWN_ARRAYS[2:])}


def _check_sums(files: Files, sums: Mapping[str, str], name: str) -> None:
    if set(files) != {*sums, MANIFEST} or ARRAYS not in sums:
        raise ArtifactCorrupt(f"Model {name} has the files {', '.join(sorted(files))}, not those it names.")
    for file, expected in sums.items():
        if hashlib.sha256(files[file]).hexdigest() != expected:
            raise ArtifactCorrupt(f"{file} of model {name} was altered.")


def _arrays(content: bytes, name: str) -> dict[str, NDArray[Any]]:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}
    except Exception as error:  # zip, npy and key errors of several libraries: all mean the same here
        raise ArtifactCorrupt(f"{ARRAYS} of model {name} is damaged.") from error


def _head(kind: str, about: Mapping[str, Any], files: Files, arrays: Arrays, name: str) -> Head:
    prefix = "" if kind == HIRE else f"{kind}_"
    own = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
    try:
        calibrator = Calibrator.from_arrays(own)
        parts = tuple(_part(part, files) for part in about["parts"])
        return Head(parts, float(about["offset"]), calibrator)
    except ArtifactCorrupt:
        raise
    except (KeyError, ValueError, TypeError) as error:
        raise ArtifactCorrupt(f"The {kind} head of model {name} is damaged.") from error


def _part(about: Mapping[str, Any], files: Files) -> Part:
    booster = _booster(files[about["file"]], about["columns"], about["file"])
    return Part(
        about["name"], booster, tuple(about["columns"]), float(about["weight"]), bool(about["about_job"])
    )


def _booster(content: bytes, columns: Sequence[str], file: str) -> lightgbm.Booster:
    import lightgbm  # seconds and 150 MiB: only for whoever predicts

    try:
        booster = lightgbm.Booster(model_str=content.decode())
    except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
        raise ArtifactCorrupt(f"{file} is damaged.") from error
    if booster.feature_name() != list(columns):
        raise ArtifactCorrupt(f"{file} and {MANIFEST} name different features.")
    return booster


def _check_features(needed: Iterable[str], available: Iterable[str]) -> None:
    there = set(available)
    missing = [name for name in dict.fromkeys(needed) if name not in there]
    if missing:
        problem = f"The model needs features that this program no longer builds: {', '.join(missing)}."
        raise ArtifactIncompatible(problem)
