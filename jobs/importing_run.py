"""One import from files to rows: every file is staged to its end, then all is stored in one transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_noop

from candidates import importing as applicants
from candidates.importing_records import DUPLICATE, BadRecord, Rejection, Tally, printable_key
from candidates.importing_source import APPLICANTS, JOBS, PROSPECTS, Source, SourceRecord
from candidates.importing_staging import Staging
from candidates.services import hold_import_lock
from jobs import importing as jobs
from jobs import importing_prospects as prospects

READING = {
    APPLICANTS: gettext_noop("Reading applicants"),
    JOBS: gettext_noop("Reading jobs"),
    PROSPECTS: gettext_noop("Reading prospects"),
}
STORING = gettext_noop("Storing what differs")
# Prospects last: only then is it known which jobs and candidates are missing
ORDER = (JOBS, APPLICANTS, PROSPECTS)
REPORT_EVERY = 200  # records

Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Loaded:
    """What became of the records, by kind."""

    counts: dict[str, dict[str, Any]]
    rejections: dict[str, list[Rejection]]


def load(sources: Mapping[str, Source], *, run: int, report: Report) -> Loaded:
    """Read all files, then store all; raises BadSource, and then nothing has changed.

    ``report`` hears the share of all bytes that is read, 0 to 1. Memory does not grow with the files.
    """
    tallies = {kind: Tally() for kind in ORDER if kind in sources}
    with ExitStack() as stack:
        loaders = {kind: stack.enter_context(_LOADERS[kind]()) for kind in tallies}
        progress = _Progress(list(sources.values()), report)
        for kind, loader in loaders.items():
            for record in sources[kind].records():
                loader.add(record, tallies[kind])
                if record.number % REPORT_EVERY == 0:
                    progress.tell(READING[kind])
            loader.flush()
        report(1.0, STORING)
        with transaction.atomic():
            hold_import_lock()
            counts = {kind: _store(loader, tallies[kind], run) for kind, loader in loaders.items()}
    return Loaded(counts, {kind: tally.rejections for kind, tally in tallies.items()})


def _store(loader: "Loader", tally: Tally, run: int) -> dict[str, Any]:
    duplicates = loader.drop_duplicates()
    for key in duplicates:
        tally.remember(Rejection(key, DUPLICATE))
    stored = loader.store(run)
    written = stored["created"] + stored["updated"] + tally.rejected + len(duplicates)
    return {
        "read": tally.read,
        "created": 0,
        "updated": 0,
        "unchanged": tally.read - written,
        "rejected": tally.rejected,
        "duplicates": len(duplicates),
        **stored,
        "not_understood": dict(tally.not_understood.most_common()),
    }


class _Progress:
    def __init__(self, sources: Sequence[Source], report: Report) -> None:
        self._sources, self._report = sources, report
        self._size = sum(source.size for source in sources) or 1

    def tell(self, step: str) -> None:
        self._report(min(1.0, sum(source.position for source in self._sources) / self._size), step)


class Loader(Protocol):
    """The way of one kind of record into the database."""

    def __enter__(self) -> "Loader": ...

    def __exit__(self, *failure: object) -> None: ...

    def add(self, record: SourceRecord, tally: Tally) -> None: ...

    def flush(self) -> None: ...

    def drop_duplicates(self) -> list[str]: ...

    def store(self, run: int) -> dict[str, int]: ...


class _Loader:
    def __init__(self, *stages: Staging) -> None:
        self._stages = stages

    def __enter__(self) -> Any:
        for stage in self._stages:
            stage.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        for stage in self._stages:
            stage.__exit__(*failure)

    def flush(self) -> None:
        for stage in self._stages:
            stage.flush()


class _RecordLoader(_Loader):
    """One record, one row."""

    def __init__(self, module: Any, read: Callable[[SourceRecord, Counter[str]], Any]) -> None:
        super().__init__(module.staging())
        self._module, self._read = module, read

    def add(self, record: SourceRecord, tally: Tally) -> None:
        tally.read += 1
        try:
            row = self._module.row(self._read(record, tally.not_understood))
        except BadRecord as error:
            tally.reject(printable_key(record), error)
        else:
            self._stages[0].add(row)

    def drop_duplicates(self) -> list[str]:
        return self._stages[0].drop_duplicates("code")

    def store(self, run: int) -> dict[str, int]:
        stored: dict[str, int] = self._module.store()
        return stored


class _ProspectLoader(_Loader):
    def __init__(self) -> None:
        super().__init__(prospects.staging_of_headers(), prospects.staging())

    def add(self, record: SourceRecord, tally: Tally) -> None:
        try:
            header, entries = prospects.read_header(record)
        except BadRecord as error:
            tally.read += 1
            tally.reject(printable_key(record), error)
            return
        self._stages[0].add(prospects.header_row(header))
        for application in prospects.read_applications(record, header.code, entries, tally):
            self._stages[1].add(prospects.row(application))

    def drop_duplicates(self) -> list[str]:
        self._stages[0].drop_duplicates("code")
        return self._stages[1].drop_duplicates("job_code", "candidate_code")

    def store(self, run: int) -> dict[str, int]:
        return {"jobs": self._stages[0].rows, **prospects.store(run=run)}


_LOADERS: dict[str, Callable[[], Loader]] = {
    APPLICANTS: lambda: _RecordLoader(applicants, applicants.read_applicant),
    JOBS: lambda: _RecordLoader(jobs, jobs.read_job),
    PROSPECTS: _ProspectLoader,
}
