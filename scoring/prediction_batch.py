"""Many predictions of one request: one call of the model, one COPY."""

import io
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from django.db import connection, transaction
from django.utils import timezone

from candidates.models import Candidate
from candidates.viewing import Role, current, unrestricted
from scoring import announcing
from scoring.models import ModelVersion, Prediction
from scoring.prediction import Scored, answering_model, score

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NULL = r"\N"
COLUMNS = (
    "id",
    "candidate_id",
    "candidate_code",
    "features",
    "reasons",
    "score",
    "decision",
    "model_version_id",
    "threshold",
    "operating_mode",
    "latency_ms",
    "correlation_id",
    "requested_by_id",
    "created_at",
    "source",
    "requirements",
    "review",
    '"group"',
)
# What would end a field or a row of COPY's text format
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
AT_ONCE = 1 << 18  # bytes that are handed to the database together


@dataclass(frozen=True)
class Asked:
    """One person: ``features`` as ``prediction.score`` takes them, ``code`` "" when none was sent."""

    features: Mapping[str, float | None]
    code: str


@dataclass(frozen=True)
class Batch:
    """What was stored, in the order in which it was asked."""

    version: ModelVersion
    scored: list[Scored]
    ids: list[str]


def predict_many(
    asked: Sequence[Asked], *, by: "User", correlation_id: str = "", model: "str | int | None" = None
) -> Batch:
    """All stored, or none; by the same rules as ``prediction.predict_features``, without reasons.

    ``latency_ms`` of each is its share of the time until they were stored. Raises what
    ``answering_model`` raises.
    """
    started = time.perf_counter()
    version, artifact = answering_model(model)
    scored = score(artifact, [one.features for one in asked])
    batch = Batch(version, scored, [str(uuid.uuid4()) for _one in asked])
    people = _candidates({one.code for one in asked if one.code})
    milliseconds = 1000 * (time.perf_counter() - started)
    of_all = (
        str(version.pk),
        repr(version.threshold),
        version.operating_mode.translate(ESCAPED),
        repr(milliseconds / max(1, len(asked))),
        correlation_id.translate(ESCAPED),
        str(by.pk),
        timezone.now().isoformat(),
        Prediction.Source.API.value,
        "[]",
        "",
        "",
    )
    with transaction.atomic():
        _copy(_lines(asked, batch, people, of_all="\t".join(of_all)))
        announcing.predicted_together(batch.ids, source=Prediction.Source.API, version=version)
    return batch


def _lines(asked: Sequence[Asked], batch: Batch, people: Mapping[str, int], *, of_all: str) -> Iterator[str]:
    """Rows of COPY's text format; ``of_all``: the fields that are the same in all, which stand last."""
    threshold = batch.version.threshold
    for one, found, pk in zip(asked, batch.scored, batch.ids, strict=True):
        candidate, code = people.get(one.code, NULL), one.code.translate(ESCAPED)
        features = orjson.dumps(found.features).decode().replace("\\", r"\\")  # JSON escapes the others
        decision = "t" if found.score >= threshold else "f"
        reasons = f'{{"margin": {found.margin!r}}}'
        yield f"{pk}\t{candidate}\t{code}\t{features}\t{reasons}\t{found.score!r}\t{decision}\t{of_all}"


def _copy(lines: Iterable[str]) -> None:
    statement = f"COPY scoring_prediction ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, io.BytesIO("\n".join(lines).encode()), AT_ONCE)


def _candidates(codes: set[str]) -> dict[str, int]:
    """By code the record that stands behind it now, as far as whoever asks may find it."""
    if not codes:
        return {}
    with unrestricted():
        rows = Candidate.everyone.filter(code__in=codes).values_list("code", "pk", "merged_into")
        behind = {code: (pk, into) for code, pk, into in rows}
    viewer = current()
    finds_all = viewer is None or viewer.role == Role.INTEGRATION  # but who went into somebody merged in turn
    own = {code: pk for code, (pk, into) in behind.items() if finds_all and into is None}
    others = {code: into or pk for code, (pk, into) in behind.items() if code not in own}
    if not others:
        return own
    allowed = set(Candidate.objects.coded_any(others).values_list("pk", flat=True))
    return own | {code: pk for code, pk in others.items() if pk in allowed}
