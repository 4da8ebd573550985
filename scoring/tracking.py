"""A copy of each finished run in MLflow, for teams that look there (optional: requirements-mlflow.txt).

The registry here stays the truth: what cannot be mirrored is logged and fails nothing. Files are sent as they
are stored; of people they hold our own numbers only.
"""

import logging
import math
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from scoring import storage
from scoring.models import ModelVersion

if TYPE_CHECKING:
    from mlflow import MlflowClient

logger = logging.getLogger(__name__)

FILES = "model"  # the folder of a run's artifacts
PATIENCE = {
    # The client's own: seven attempts of two minutes, while a worker waits
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    # It reports its use to its makers unless told otherwise
    "MLFLOW_DISABLE_TELEMETRY": "true",
}
_LONGEST_PARAMETER = 6000
_PARAMETERS_AT_ONCE, _METRICS_AT_ONCE = 100, 1000
# What entries of a list of figures are told apart by
_KEYS = ("name", "by", "value")
_FOREIGN = re.compile(r"[^\w\-. :]")


def mirror(version: ModelVersion) -> str | None:
    """Copy parameters, figures, tags and files of ``version`` to ``MLFLOW_TRACKING_URI``.

    Returns MLflow's id of the run; None when nothing is mirrored, or it failed, which is logged.
    """
    if not settings.MLFLOW_TRACKING_URI:
        return None
    try:
        return _mirrored(version)
    except ImportError:
        logger.error("model %s was not mirrored: pip install -r requirements-mlflow.txt", version)
    except Exception as error:  # a server of others: whatever is wrong with it, the training is whole
        # Not its message, which may quote the address with a password
        reason = getattr(error, "error_code", "")
        logger.error("model %s was not mirrored to MLflow: %s %s", version, type(error).__name__, reason)
    return None


def _mirrored(version: ModelVersion) -> str:
    from scoring.ml.artifact import parsed_manifest

    files = storage.read_model(version.artifact_path)
    manifest = parsed_manifest(files, name=str(version))
    client = _client()
    started, ended = _times(version)
    run = client.create_run(
        _experiment(client), start_time=_milliseconds(started), run_name=str(version), tags=_tags(version)
    )
    identity = str(run.info.run_id)
    try:
        _log_values(client, identity, parameters(manifest), figures(version), at=_milliseconds(ended))
        _log_files(client, identity, files)
    except BaseException:
        client.set_terminated(identity, status="FAILED")
        raise
    client.set_terminated(identity, end_time=_milliseconds(ended))
    return identity


def _client() -> "MlflowClient":
    for name, value in PATIENCE.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=settings.MLFLOW_TRACKING_URI)


def _experiment(client: "MlflowClient") -> str:
    found = client.get_experiment_by_name(settings.MLFLOW_EXPERIMENT)
    return str(found.experiment_id if found else client.create_experiment(settings.MLFLOW_EXPERIMENT))


# What is told


def parameters(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Recipe, label policy, seed and all else that decides what is learned, by dotted name."""
    told = {name: manifest[name] for name in ("recipe", "policy", "config", "params", "rounds")}
    return {name: str(value)[:_LONGEST_PARAMETER] for name, value in _leaves(told) if value is not None}


def figures(version: ModelVersion) -> dict[str, float]:
    """Every finite number of the test window, by dotted name, and the cut."""
    leaves = _leaves({"threshold": version.threshold, "test": version.metrics})
    return {name: float(value) for name, value in leaves if _is_finite(value)}


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        entries = [(str(key), entry) for key, entry in value.items()]
    elif isinstance(value, list):
        entries = [(_key(entry, place), entry) for place, entry in enumerate(value)]
    else:
        yield name, value
        return
    for key, entry in entries:
        yield from _leaves(entry, _FOREIGN.sub("_", f"{name}.{key}" if name else key))


def _key(entry: Any, place: int) -> str:
    """What an entry of a list calls itself, as "prevalence" or "year 2021"; else its place."""
    if not isinstance(entry, Mapping):
        return str(place)
    return " ".join(str(entry[key]) for key in _KEYS if entry.get(key) not in (None, "")) or str(place)


def _tags(version: ModelVersion) -> dict[str, str]:
    return {
        "peneira.version": str(version.number),
        "peneira.recipe": version.recipe,
        "peneira.label_policy": version.label_policy,
        "peneira.evidence": version.evidence,
        "peneira.sha256": version.sha256,
        "peneira.snapshot": version.snapshot.sha256 if version.snapshot else "",
        "peneira.data_fingerprint": version.data_fingerprint,
        "mlflow.source.git.commit": version.code_commit,
        "mlflow.source.name": "peneira",
        "mlflow.source.type": "JOB",
    }


def _times(version: ModelVersion) -> tuple[datetime, datetime]:
    run = version.training_run
    started = run.started_at if run and run.started_at else version.created_at
    return started, max(started, run.finished_at if run and run.finished_at else timezone.now())


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


# How


def _log_values(
    client: "MlflowClient",
    identity: str,
    told: Mapping[str, str],
    measured: Mapping[str, float],
    *,
    at: int,
) -> None:
    from mlflow.entities import Metric, Param

    params = [Param(name, value) for name, value in told.items()]
    metrics = [Metric(name, value, at, 0) for name, value in measured.items()]
    for some in _portions(params, _PARAMETERS_AT_ONCE):
        client.log_batch(identity, params=some)
    for some in _portions(metrics, _METRICS_AT_ONCE):
        client.log_batch(identity, metrics=some)


def _portions(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _log_files(client: "MlflowClient", identity: str, files: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix="peneira-mlflow-") as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.write_bytes(content)
            client.log_artifact(identity, str(path), FILES)
