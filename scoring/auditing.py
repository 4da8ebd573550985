"""Rows → the raw fields of the source, for the leakage audit; and the audit of a training run.

The records are read as the source wrote them, whether or not a feature uses a field: a field that would be
added tomorrow is judged today. Values are measured and thrown away; no report quotes one. Protected
attributes are not among them (they are in no raw record), names and numbers of people are judged only by
whether and how they are filled.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import Length

from candidates.models import Candidate
from jobs.models import Job, Outcome, Prospect
from scoring.auditing_sources import FIELDS_READ

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scoring.ml.dataset import Dataset
    from scoring.ml.leakage import Finding, Findings
    from scoring.ml.recipes import Recipe

CHUNK = 2_000
MOST_UNITS = 10_000  # jobs, and people, that are read: enough for every bound, whatever the company's size

MOST_CHARACTERS = 300

KEY = " (key)"
# prospects.json → Prospect, but for the status, which is the outcome itself, and what names people
PROSPECT_FIELDS = {
    "data_candidatura": "applied_on",
    "ultima_atualizacao": "updated_on",
    "comentario": "comment",
    "recrutador": "recruiter",
}


@dataclass
class Sheet:
    """Values of one kind of record by dotted path; only what is filled is kept."""

    paths: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    keys: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, row: int, record: Mapping[str, Any], prefix: str) -> None:
        self.keys[prefix].add(row)
        for key, value in record.items():
            path = f"{prefix}.{key}"
            if isinstance(value, dict):
                if value:
                    self.add(row, value, path)
                continue
            self.keys[path].add(row)
            if value not in ("", None):
                self.paths[path][row] = _text(value)

    def frame(self, rows: int) -> "pd.DataFrame":
        """One column a path, "" where it is empty; and one for each key that only some records have.

        A key's mere presence is a fact of its own: it can come with the outcome while its value stays empty.
        """
        import pandas as pd

        columns = {path: _column(rows, values) for path, values in self.paths.items()}
        for path, having in self.keys.items():
            filled, parent = self.paths.get(path, {}), self.keys.get(path.rpartition(".")[0])
            if len(having) < rows and having != parent and having != filled.keys():
                columns[path + KEY] = _column(rows, dict.fromkeys(having, "1"))
        return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def _column(rows: int, values: Mapping[int, str]) -> "NDArray[np.object_]":
    import numpy as np

    column = np.full(rows, "", dtype=object)
    for row, value in values.items():
        column[row] = value
    return column


def _text(value: object) -> str:
    """Of long texts the beginning: the audit asks whether and how a field is filled, not what it tells."""
    if isinstance(value, str):
        return value[:MOST_CHARACTERS]
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    return json.dumps(value, ensure_ascii=False)[:MOST_CHARACTERS]


# The audit


def audit(
    dataset: "Dataset",
    *,
    columns: Sequence[str],
    training: "NDArray[np.intp] | None" = None,
    policy: str = "",
) -> dict[str, Any]:
    """Judge ``columns`` on the ``training`` rows (all by default), and every field of the source on all rows
    that have a label under ``policy`` (on the dataset's by default: a recipe may leave most of them out).

    Plain JSON for a model card: ``fields`` and ``features``, the worst first, each a ``Finding``; ``found``:
    the names of fields that give themselves away, known before or not; ``rows``, ``units``. Raises
    ``UnknownFeature`` for a column that may not be learned from, ``LeakageFound`` for a field or feature that
    tells the outcome and is drawn on.
    """
    from scoring.ml import leakage

    check_columns(columns)
    labelled = dataset if training is None else dataset.subset(training)
    features = leakage.audit_features(labelled.X, labelled.y, job_ids=labelled.jobs, columns=columns)
    leakage.stop_at_leaks(features)
    fields = source_fields(labelled_rows(policy) if policy else dataset.rows)
    leakage.stop_at_leaks(fields)
    return to_json(fields, features)


def check_recipe(recipe: "Recipe") -> None:
    """Raises ``UnknownFeature`` unless all that it learns from is on the closed list; reads nothing."""
    from scoring.ml.features import FEATURES
    from scoring.ml.names import TOPIC_FEATURES

    check_columns(recipe.columns((*FEATURES, *TOPIC_FEATURES)))


def check_columns(columns: Sequence[str]) -> None:
    """Raises ``UnknownFeature`` for a column that is not on the closed list; reads nothing."""
    from scoring.ml.features import FEATURES
    from scoring.ml.leakage import check_allowed
    from scoring.ml.names import TOPIC_FEATURES

    check_allowed(columns, allowed={*FEATURES, *TOPIC_FEATURES})


def labelled_rows(policy: str) -> "pd.DataFrame":
    """candidate_id, job_id, as_of and y of the stored applications, as ``source_fields`` reads them."""
    from scoring import datasets
    from scoring.ml.labels import label

    pairs = datasets.pairs()
    if pairs.empty:
        return pairs
    ages, still_open = datasets.job_youth(pairs)
    rows = pairs.assign(y=label(pairs["status"], policy, job_ages=ages, job_open=still_open))
    return rows[rows["y"].notna()].reset_index(drop=True)


def source_fields(rows: "pd.DataFrame") -> "Findings":
    """Judge the raw fields of vagas, applicants and prospects over the labelled rows of a dataset.

    ``rows``: candidate_id, job_id, as_of and y (NaN: left out).
    """
    import numpy as np

    from scoring.ml import leakage

    rows = rows[rows["y"].notna()].reset_index(drop=True)
    y, jobs, people = (rows[name].to_numpy() for name in ("y", "job_id", "candidate_id"))
    days = rows["as_of"].to_numpy()
    of_jobs, _ = leakage.job_units(y, jobs, days=days)
    of_people, _ = leakage.candidate_units(y, people, jobs, days=days)
    chosen_jobs, chosen_people = sample(len(of_jobs.y)), sample(len(of_people.y))
    own, settled = applications(rows)
    return (
        *leakage.audit_fields(
            vacancies(np.unique(jobs)[chosen_jobs]), of_jobs.take(chosen_jobs), used=FIELDS_READ
        ),
        *leakage.audit_fields(
            applicants(np.unique(people)[chosen_people]), of_people.take(chosen_people), used=FIELDS_READ
        ),
        *leakage.audit_fields(
            own, leakage.application_units(y, jobs, days=days, settled=settled), used=FIELDS_READ
        ),
    )


def sample(n: int) -> "NDArray[np.intp]":
    """At most ``MOST_UNITS`` of n places, in order, always the same."""
    import numpy as np

    if n <= MOST_UNITS:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, MOST_UNITS, replace=False))


def to_json(fields: "Findings", features: "Findings") -> dict[str, Any]:
    """The findings as a model card keeps them, the worst first."""
    return {
        "found": sorted(finding.field for finding in fields if finding.gives_itself_away),
        "fields": [finding.to_json() for finding in sorted(fields, key=_badness)],
        "features": [finding.to_json() for finding in sorted(features, key=_badness)],
    }


def _badness(finding: "Finding") -> tuple[int, int, float, str]:
    from scoring.ml.leakage import VERDICTS

    strength = max(finding.figures.auc_low or 0.0, finding.figures.inside_low or 0.0)
    return not finding.broken, VERDICTS.index(finding.verdict), -strength, finding.field


# Rows


def applicants(ids: "NDArray[np.int64]") -> "pd.DataFrame":
    """A row for each candidate id: the fields of applicants.json, and how long each CV text is."""
    sheet, place = Sheet(), {int(pk): at for at, pk in enumerate(ids)}
    people = Candidate.objects.known().annotate(pt=Length("cv_text"), en=Length("cv_text_en"))
    for pk, raw, pt, en in _some(people, place, "pk", "raw", "pt", "en"):
        lengths = {f"{name}.characters": str(n) for name, n in (("cv_pt", pt), ("cv_en", en)) if n}
        sheet.add(place[pk], raw | lengths, "applicants")
    return sheet.frame(len(ids))


def vacancies(ids: "NDArray[np.int64]") -> "pd.DataFrame":
    """A row for each job id: the fields of vagas.json, and what prospects.json says of the job."""
    sheet, place = Sheet(), {int(pk): at for at, pk in enumerate(ids)}
    for pk, raw, modality in _some(Job.objects.all(), place, "pk", "raw", "modality"):
        sheet.add(place[pk], raw, "vagas")
        if modality:
            sheet.paths["prospects.modalidade"][place[pk]] = modality
    return sheet.frame(len(ids))


def _some(rows: QuerySet[Any], place: Mapping[int, int], *fields: str) -> Iterator[tuple[Any, ...]]:
    """In few queries, by id; all at once would hold every record in memory."""
    for ids in _batches(sorted(place)):
        yield from rows.filter(pk__in=ids).order_by("pk").values_list(*fields)


def applications(rows: "pd.DataFrame") -> "tuple[pd.DataFrame, NDArray[np.bool_]]":
    """A row for each of the candidate_id x job_id rows: the fields of prospects.json, and who is decided."""
    import numpy as np

    sheet = Sheet()
    place = {pair: at for at, pair in enumerate(zip(rows["job_id"], rows["candidate_id"], strict=True))}
    settled = np.zeros(len(rows), dtype=bool)
    stored = Prospect.objects.filter(applied_on__isnull=False, job__is_stub=False).values_list(
        "job_id", "candidate_id", "outcome", *PROSPECT_FIELDS.values()
    )
    for job, candidate, outcome, *values in stored.order_by("pk").iterator(chunk_size=CHUNK):
        at = place.get((job, candidate))
        if at is None:
            continue
        settled[at] = outcome != Outcome.IN_FLIGHT
        for name, value in zip(PROSPECT_FIELDS, values, strict=True):
            if value:
                sheet.paths[f"prospects.{name}"][at] = _text(value)
    return sheet.frame(len(rows)), settled


def _batches(ids: list[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while some := list(islice(remaining, CHUNK)):
        yield some
