"""Imports as rows of work, and what is derived from jobs afterwards."""

import hashlib
import logging
import shutil
import traceback
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.files import File
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates import services as candidate_services
from candidates import tasks as candidate_tasks
from candidates.importing_records import Rejection, cut
from candidates.importing_source import KINDS, BadSource, Source
from candidates.integration import changes, events
from candidates.models import Change, EventKind, ImportRun, RejectedRecord, RunState
from candidates.queueing import send_on_commit
from jobs import importing_derived, tasks
from jobs.importing_run import Report, load

logger = logging.getLogger(__name__)

# Every step of an import reports more often than this, also on a busy machine
SILENT_FOR = timedelta(minutes=10)
QUEUED_FOR = timedelta(minutes=5)
KEEP_UPLOADS = timedelta(days=7)  # of runs whose worker died, so that a person can queue them again
REPORT_EVERY = 0.5  # seconds

# Shares of the progress bar, by the time measured with 42,000 candidates and 14,000 jobs
READ, STORED, SKILLS, SEARCH = 0.17, 0.23, 0.46, 0.77

SKILLS_STEP = gettext_noop("Finding skills in CVs")
SEARCH_STEP = gettext_noop("Building the search index")
REQUIREMENTS_STEP = gettext_noop("Reading what jobs ask for")
STATUS_STEP = gettext_noop("Updating the status of jobs")

Files = Mapping[str, "File[bytes] | Path"]
User = AbstractBaseUser | AnonymousUser


# Queueing


def queue_import(files: Files, *, by: User | None) -> ImportRun:
    """Keep the files and let a worker import them.

    ``files`` by kind ("applicants", "jobs", "prospects"): uploads are copied and removed again after the run,
    paths are read where they are.
    """
    run = make_import(files, by=by)
    send_on_commit(tasks.run_import, run.pk)
    return run


def make_import(files: Files, *, by: User | None = None) -> ImportRun:
    """The row of an import that somebody else will run."""
    if not files or not files.keys() <= set(KINDS):
        raise ValueError(f"files must be among {', '.join(KINDS)}")
    folder = Path(settings.UPLOADS_DIR) / uuid.uuid4().hex
    described = [_describe(kind, files[kind], folder) for kind in KINDS if kind in files]
    return ImportRun.objects.create(files=described, requested_by_id=by.pk if by else None)


def queue_again(run: ImportRun, *, by: User | None) -> ImportRun | None:
    """A new run with the files of one that failed, when they are still there."""
    if run.state != RunState.FAILED or not all(Path(file["path"]).is_file() for file in run.files):
        return None
    again = ImportRun.objects.create(files=run.files, requested_by_id=by.pk if by else None)
    send_on_commit(tasks.run_import, again.pk)
    return again


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # the run will say so
        return ""


def _describe(kind: str, file: "File[bytes] | Path", folder: Path) -> dict[str, Any]:
    if isinstance(file, Path):
        path = file.resolve()
        described = {"kind": kind, "name": file.name, "path": str(path), "uploaded": False}
        return described | {"bytes": path.stat().st_size if path.is_file() else 0, "sha256": _digest(path)}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, seen, size = folder / kind, hashlib.sha256(), 0
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
            seen.update(chunk)
            size += len(chunk)
    name = cut(Path(file.name or kind).name, 120)
    described = {"kind": kind, "name": name, "path": str(path), "uploaded": True}
    return described | {"bytes": size, "sha256": seen.hexdigest()}


# Running


def run_import(run: ImportRun, *, on_progress: Report | None = None) -> None:
    """Import the run's files, once: a run that another worker has, or that is over, is left alone.

    Ends with the run done or failed; errors are sentences on the run, never exceptions.
    """
    if not ImportRun.objects.claim(run.pk):
        return
    run.refresh_from_db()
    try:
        _import(run, _Reporter(run, on_progress))
    except BadSource as error:
        _finish(run, str(error))
    except Exception as error:
        # The message of a database error may quote a person's data: only where it happened is told
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("import %s failed with %s at\n%s", run.pk, type(error).__name__, where)
        _finish(run, _failure(run))
    else:
        _finish(run)
        send_on_commit(candidate_tasks.find_duplicates, run.pk)
        send_on_commit(candidate_tasks.check_searches, run.pk)
    _remove_uploads(run)


@transaction.atomic
def _finish(run: ImportRun, error: str = "") -> None:
    run.finish(error=error)
    events.emit(EventKind.IMPORT_FINISHED, lambda: _told(run))


def _told(run: ImportRun) -> dict[str, Any]:
    """What webhooks hear: numbers alone, for what was not understood quotes the files."""
    return {
        "import": run.pk,
        "state": str(run.state),
        "counts": {
            kind: {name: number for name, number in found.items() if isinstance(number, int)}
            for kind in KINDS
            if (found := run.counts.get(kind))
        },
    }


def _import(run: ImportRun, report: "_Reporter") -> None:
    sources = {
        file["kind"]: Source(Path(file["path"]), kind=file["kind"], name=file["name"]) for file in run.files
    }
    started = monotonic()
    loaded = load(sources, run=run.pk, report=report.part(0.0, READ))
    run.counts = {**loaded.counts, "seconds": {"load": round(monotonic() - started, 2)}}
    run.save(update_fields=["counts"])
    _keep_rejections(run, loaded.rejections)
    for name, (step, share_from, share_to, derive) in _DERIVED.items():
        started = monotonic()
        told = report.counter(step, share_from, share_to)
        run.counts[name] = derive(told)
        run.counts["seconds"][name] = round(monotonic() - started, 2)
        run.save(update_fields=["counts"])
    changes.number_all(Change.Kind.CANDIDATE)  # else the first page that asks for the newest would wait


_DERIVED: dict[str, tuple[str, float, float, Callable[[candidate_services.Report], int]]] = {
    "profiles": (SKILLS_STEP, STORED, SKILLS, lambda told: candidate_services.refresh_profiles(report=told)),
    "search": (SEARCH_STEP, SKILLS, SEARCH, lambda told: candidate_services.refresh_search(report=told)),
    "requirements": (
        REQUIREMENTS_STEP,
        SEARCH,
        0.99,
        lambda told: importing_derived.refresh_jobs(report=told),
    ),
    "statuses": (STATUS_STEP, 0.99, 1.0, lambda told: importing_derived.refresh_statuses()),
}


def refresh() -> dict[str, int]:
    """What an import derives, of what is stored: after an update that reads texts differently. How many rows
    each step changed."""
    return {name: derive(lambda done, total: None) for name, (*_step, derive) in _DERIVED.items()}


def _failure(run: ImportRun) -> str:
    if run.counts:
        return _("The records are stored, but the work after that failed. Import again to finish it.")
    return _("The import failed because of a fault in the program; nothing was changed.")


def _keep_rejections(run: ImportRun, rejections: Mapping[str, list[Rejection]]) -> None:
    RejectedRecord.objects.bulk_create(
        [
            RejectedRecord(
                run=run,
                kind=kind,
                key=cut(one.key, 80),
                field=cut(one.field, 120),
                reason=cut(one.reason, 300),
            )
            for kind, some in rejections.items()
            for one in some
        ],
        batch_size=1000,
    )


def _remove_uploads(run: ImportRun) -> None:
    for file in run.files:
        if file.get("uploaded"):
            shutil.rmtree(Path(file["path"]).parent, ignore_errors=True)


class _Reporter:
    """Says how far the run is, at most twice a second."""

    def __init__(self, run: ImportRun, on_progress: Report | None) -> None:
        self._run, self._on_progress, self._last = run, on_progress, (0.0, "")

    def tell(self, progress: float, step: str) -> None:
        if self._on_progress:
            self._on_progress(progress, step)
        last, last_step = self._last
        if step != last_step or monotonic() - last >= REPORT_EVERY:
            self._last = monotonic(), step
            self._run.report(progress, step)

    def part(self, start: float, end: float) -> Report:
        return lambda share, step: self.tell(start + (end - start) * share, step)

    def counter(self, step: str, start: float, end: float) -> candidate_services.Report:
        self.tell(start, step)
        return lambda done, total: self.tell(start + (end - start) * done / max(1, total), step)


# Runs that were left behind


@transaction.atomic
def _give_up(run: ImportRun, now: datetime) -> None:
    # Conditional: the run may have gone on between the look and now
    silent = ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING, heartbeat_at__lt=now - SILENT_FOR)
    error = _("The worker stopped before it was done. Import again: what is stored will be found unchanged.")
    if silent.update(state=RunState.FAILED, error=error, finished_at=now):
        run.refresh_from_db()
        events.emit(EventKind.IMPORT_FINISHED, lambda: _told(run))


def reap_imports(*, now: datetime | None = None) -> None:
    """Mark imports whose worker is gone as failed, and send those that nobody took to the queue again."""
    now = now or timezone.now()
    for run in ImportRun.objects.filter(state=RunState.RUNNING, heartbeat_at__lt=now - SILENT_FOR):
        _give_up(run, now)
    waiting = ImportRun.objects.filter(state=RunState.QUEUED).annotate(
        sent_at=Coalesce("heartbeat_at", "queued_at")
    )
    for run in waiting.filter(sent_at__lt=now - QUEUED_FOR):
        # heartbeat_at keeps the messages rare; the claim lets only one through
        if ImportRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(heartbeat_at=now):
            tasks.run_import.delay(run.pk)
    for old in ImportRun.objects.filter(state=RunState.FAILED, finished_at__lt=now - KEEP_UPLOADS):
        _remove_uploads(old)
