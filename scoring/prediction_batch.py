"""Many predictions of one request: one call of the model, one COPY."""

import io
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from candidates.models import Candidate
from candidates.viewing import unrestricted
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
    ids: list[uuid.UUID]


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
    batch = Batch(version, scored, [uuid.uuid4() for _one in asked])
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
        _copy(_line(own, of_all) for own in _own(asked, batch, people))
        announcing.predicted_together(batch.ids, source=Prediction.Source.API, version=version)
    return batch


def _own(asked: Sequence[Asked], batch: Batch, people: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    threshold = batch.version.threshold
    for one, found, pk in zip(asked, batch.scored, batch.ids, strict=True):
        yield (
            str(pk),
            str(people.get(one.code, NULL)),
            one.code.translate(ESCAPED),
            json.dumps(found.features).translate(ESCAPED),
            f'{{"margin": {found.margin!r}}}',
            repr(found.score),
            "t" if found.score >= threshold else "f",
        )


def _line(own: Iterable[str], of_all: Iterable[str]) -> str:
    return "\t".join((*own, *of_all))


def _copy(lines: Iterable[str]) -> None:
    statement = f"COPY scoring_prediction ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, io.StringIO("\n".join(lines)))


def _candidates(codes: set[str]) -> dict[str, int]:
    """By code the record that stands behind it now, as far as whoever asks may find it."""
    if not codes:
        return {}
    with unrestricted():
        records = Candidate.everyone.filter(code__in=codes)
        behind = dict(records.values_list("code", Coalesce("merged_into", "pk")))
    allowed = set(Candidate.objects.coded_any(codes).values_list("pk", flat=True))
    return {code: pk for code, pk in behind.items() if pk in allowed}
