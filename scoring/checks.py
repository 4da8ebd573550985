"""Long work on a version, as rows: asked for on a page, done by a worker (docs/architecture.md)."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.models import RunState
from candidates.queueing import send_on_commit
from scoring import answers, further, gate, preview
from scoring.models import ModelCheck, ModelVersion
from scoring.training import SECONDS_BETWEEN_REPORTS, NoLongerRunning, trace

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

Kind = ModelCheck.Kind
Watch = Callable[[ModelCheck], None]  # called at each report
READING = gettext_noop("Reading candidates")
NOTHING_SERVES = gettext_noop("No version is in use, so nobody's place changes.")


def request(version: ModelVersion, kind: str, *, by: "User | None" = None) -> ModelCheck:
    """Queue a check, or find the one under way."""
    from scoring.tasks import run_further_check, run_model_check

    check, made = new(version, kind, by=by)
    if made:
        send_on_commit(run_further_check if kind == Kind.FURTHER else run_model_check, check.pk)
    return check


def new(version: ModelVersion, kind: str, *, by: "User | None" = None) -> tuple[ModelCheck, bool]:
    """The row alone, for who runs it at once; the bool says whether it is new."""
    champion = ModelVersion.objects.champion(version.recipe)
    return ModelCheck.objects.create_or_active(
        "one_active_check_per_version_and_kind",
        ModelCheck.objects.filter(version=version, kind=kind),
        version=version,
        kind=kind,
        champion=champion,
        requested_by=by,
    )


def latest(version: ModelVersion, kind: str) -> ModelCheck | None:
    """The newest, whatever became of it."""
    return version.checks.filter(kind=kind).select_related("champion").first()


def run(check: ModelCheck, *, watch: Watch | None = None) -> None:
    """Do it; a failure ends in the row as one sentence. Does nothing when another worker has it."""
    if not ModelCheck.objects.claim(check.pk):
        return
    check.refresh_from_db()
    from scoring.ml.artifact import ArtifactError

    try:
        result = _do(check, watch)
    except (ArtifactError, answers.NoAnswers, further.NotMeasurable) as error:
        _end(check, error=str(error))
    except NoLongerRunning:
        logger.warning("check %s was over before it was done", check.pk)
    except Exception as error:
        logger.error("check %s failed: %s", check.pk, trace(error))
        _end(check, error=_("The check failed; the log of the worker says where."))
    except BaseException:
        _end(check, error=_("The check was stopped."))
        raise
    else:
        check.result = result
        check.save(update_fields=["result"])
        _end(check)


def _do(check: ModelCheck, watch: Watch | None) -> dict[str, object]:
    if check.kind == Kind.FURTHER:
        _keep(check, further.measure(check.version, show=_Pulse(check, watch)))
        return {}

    def progress(share: float) -> None:
        check.report(0.05 + 0.9 * share, READING)

    progress(0.0)
    if check.kind == Kind.VERDICT:
        gate.judge(check.version, progress=progress)
        return {}
    if check.champion is None or check.champion == check.version:
        raise answers.NoAnswers(NOTHING_SERVES)
    return preview.changes(check.version, check.champion, progress=progress)


class _Pulse:
    """Progress and heartbeat of a check, at most one a second. Raises ``NoLongerRunning`` once the row is
    over: nobody waits for the answer of a check that was given up."""

    def __init__(self, check: ModelCheck, watch: Watch | None) -> None:
        self.check = check
        self.watch = watch
        self.reported_at = 0.0

    def __call__(self, share: float, step: str) -> None:
        if step == self.check.step and time.monotonic() - self.reported_at < SECONDS_BETWEEN_REPORTS:
            return
        self.reported_at = time.monotonic()
        if not _is_running(self.check):
            raise NoLongerRunning
        self.check.report(share, step)
        if self.watch is not None:
            self.watch(self.check)


def _is_running(check: ModelCheck) -> bool:
    return ModelCheck.objects.filter(pk=check.pk, state=RunState.RUNNING).exists()


def _keep(check: ModelCheck, found: dict[str, object]) -> None:
    """The figures and the look at the row in one transaction: a check that was given up stores nothing."""
    with transaction.atomic():
        if ModelCheck.objects.select_for_update().get(pk=check.pk).state != RunState.RUNNING:
            raise NoLongerRunning
        further.store(check.version, found)


def _end(check: ModelCheck, *, error: str = "") -> None:
    """Only a check that still counts as running ends: a reaper's verdict stands."""
    if _is_running(check):
        check.finish(error=error)
