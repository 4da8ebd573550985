"""Long work before a promotion, as rows: asked for on a page, done by a worker (docs/architecture.md)."""

import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from candidates.models import RunState
from candidates.queueing import send_on_commit
from scoring import answers, gate, preview
from scoring.models import ModelCheck, ModelVersion
from scoring.training import trace

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

Kind = ModelCheck.Kind
READING = gettext_noop("Reading candidates")
NOTHING_SERVES = gettext_noop("No version is in use, so nobody's place changes.")


def request(version: ModelVersion, kind: str, *, by: "User | None" = None) -> ModelCheck:
    """Queue a check, or find the one under way."""
    from scoring.tasks import run_model_check

    check, made = new(version, kind, by=by)
    if made:
        send_on_commit(run_model_check, check.pk)
    return check


def new(version: ModelVersion, kind: str, *, by: "User | None" = None) -> tuple[ModelCheck, bool]:
    """The row alone, for who runs it at once; the bool says whether it is new."""
    champion = ModelVersion.objects.champion(version.recipe)
    values = {"version": version, "kind": kind, "champion": champion, "requested_by": by}
    while True:
        try:
            with transaction.atomic():
                return ModelCheck.objects.create(**values), True
        except IntegrityError:  # one_active_check_per_version_and_kind
            active = ModelCheck.objects.active().filter(version=version, kind=kind).first()
            if active is not None:
                return active, False


def latest(version: ModelVersion, kind: str) -> ModelCheck | None:
    """The newest, whatever became of it."""
    return version.checks.filter(kind=kind).select_related("champion").first()


def run(check: ModelCheck) -> None:
    """Do it; a failure ends in the row as one sentence."""
    if not ModelCheck.objects.claim(check.pk):
        return
    check.refresh_from_db()
    from scoring.ml.artifact import ArtifactError

    try:
        result = _do(check)
    except ArtifactError as error:
        _end(check, error=str(error))
    except answers.NoAnswers as error:
        _end(check, error=str(error))
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


def _do(check: ModelCheck) -> dict[str, object]:
    def progress(share: float) -> None:
        check.report(0.05 + 0.9 * share, READING)

    progress(0.0)
    if check.kind == Kind.VERDICT:
        gate.judge(check.version, progress=progress)
        return {}
    if check.champion is None or check.champion == check.version:
        raise answers.NoAnswers(NOTHING_SERVES)
    return preview.changes(check.version, check.champion, progress=progress)


def _end(check: ModelCheck, *, error: str = "") -> None:
    """Only a check that still counts as running ends: a reaper's verdict stands."""
    if ModelCheck.objects.filter(pk=check.pk, state=RunState.RUNNING).exists():
        check.finish(error=error)
