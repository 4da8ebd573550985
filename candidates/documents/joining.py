"""What an upload for a job needs to know of jobs, told by the app above when it starts (AppConfig.ready)."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from candidates.models import Candidate


class JobsAbove(Protocol):
    """`jobs.uploading` is it."""

    def title(self, code: str) -> str | None:
        """How a job is called; None when there is none that the reader may see."""

    def url(self, code: str) -> str: ...

    def add(self, code: str, candidate: "Candidate", *, by: "User") -> bool:
        """Make somebody a prospect; False where the job is gone."""

    def blind_codes(self) -> Any:
        """Codes of the jobs under blind review, to be filtered by."""


_jobs: list[JobsAbove] = []


def register(jobs: JobsAbove) -> None:
    _jobs[:] = [jobs]


def title(code: str) -> str | None:
    return _jobs[0].title(code) if _jobs and code else None


def url(code: str) -> str:
    return _jobs[0].url(code) if _jobs and code else ""


def add(code: str, candidate: "Candidate", *, by: "User") -> bool:
    return _jobs[0].add(code, candidate, by=by) if _jobs and code else False


def blind_codes() -> Any:
    return _jobs[0].blind_codes() if _jobs else []
