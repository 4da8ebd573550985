"""The gate before a version serves: judged beside the champion, promoted, and gone back (docs/gate.md).

A verdict is a recommendation that the program keeps to by itself. A person with the permission may decide
otherwise, with a written reason; both are stored.
"""

import logging
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from scoring import announcing, answers, judging, registry
from scoring.models import ModelVersion, Promotion
from scoring.registry import NotPromotable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["NEEDS_WORDS", "NotPromotable", "Standing", "has_words", "judge", "promote", "standing"]

logger = logging.getLogger(__name__)

State = ModelVersion.State
PASSED = gettext_noop("It passed every check of the gate.")
NEEDS_WORDS = gettext_noop(
    "Write down why with at least one letter or digit: the reason is kept with the promotion."
)
_UNSEEN_LETTERS = "\u115f\u1160\u3164\uffa0"  # the fillers of Hangul: letters to Unicode, blank to the eye


class Standing(StrEnum):
    """What a promotion of the version would be."""

    IN_USE = "in_use"
    PASSED = "passed"
    FAILED = "failed"
    OUTDATED = "outdated"  # judged beside a version that no longer serves
    NOT_JUDGED = "not_judged"
    ROLL_BACK = "roll_back"


def standing(version: ModelVersion, champion: ModelVersion | None) -> Standing:
    """``champion``: the version of the same recipe that serves now."""
    if version.state == State.CHAMPION:
        return Standing.IN_USE
    if version.state == State.RETIRED:
        return Standing.ROLL_BACK
    verdict = version.verdict
    if not isinstance(verdict, dict) or not isinstance(verdict.get("passed"), bool):
        return Standing.NOT_JUDGED
    if verdict.get("champion") != (champion.number if champion else None):
        return Standing.OUTDATED
    return Standing.PASSED if verdict["passed"] else Standing.FAILED


# Judging


def judge(version: ModelVersion, *, progress: answers.Progress = lambda share: None) -> dict[str, Any]:
    """Measure ``version`` with the champion of its recipe, store the verdict and the fairness figures.

    ``{"passed", "champion": number or None, "at", "rows": {…}, "notes": […], "checks": [{"name", "passed",
    "challenger", "champion", "limit", "low", "high", "note"}]}``; low and high are the interval of challenger
    − champion. Nothing raises for what cannot be read: that is a failed check. Long work: minutes on a
    large company, most of it reading the candidates of the test window.
    """
    from scoring.training import trace

    champion = ModelVersion.objects.champion(version.recipe)
    if champion == version:
        champion = None
    try:
        findings = judging.find(version, champion, progress)
    except Exception as error:
        logger.error("model v%s could not be judged: %s", version.number, trace(error))
        findings = judging.failed()
    verdict = {
        "passed": findings.passed,
        "champion": champion.number if champion else None,
        "at": timezone.now().isoformat(),
        "rows": findings.rows,
        "notes": findings.notes,
        "checks": [check.to_json() for check in findings.checks],
    }
    _store(version, verdict, findings.fairness)
    return verdict


def _store(version: ModelVersion, verdict: dict[str, Any], found: dict[str, Any] | None) -> None:
    """Others write into the card too: only the key ``fairness`` is ours."""
    with transaction.atomic():
        row = ModelVersion.objects.select_for_update().get(pk=version.pk)
        row.verdict = verdict
        if found is not None:
            row.card = row.card | {"fairness": found}
        row.save(update_fields=["verdict", "card"])
    version.verdict, version.card = row.verdict, row.card


# Promoting


def has_words(reason: str) -> bool:
    """Whether somebody can read anything in it: blanks, marks and invisible characters are no reason."""
    return any(character.isalnum() and character not in _UNSEEN_LETTERS for character in reason)


def promote(
    version: ModelVersion, *, by: "User | None" = None, reason: str = "", overrule: bool = False
) -> Promotion:
    """Make ``version`` the one of its recipe that serves; the one before it is retired.

    A version that passed needs no reason. One that failed, was not judged, or was judged beside another
    champion needs ``overrule`` and a written reason; going back to a retired version needs a reason. One
    transaction; of two promotions at once the later one is judged by what the earlier one left. Raises
    ``NotPromotable``, also when the version's files are not those that were saved. A reason without a
    letter or digit is none.
    """
    reason = reason.strip() if has_words(reason) else ""
    registry.check_files(version)
    with transaction.atomic():
        champion = _locked(version)
        now = standing(version, champion)
        overruled = _overruled(version, now, reason=reason, overrule=overrule)
        if champion is not None:
            ModelVersion.objects.filter(pk=champion.pk).update(state=State.RETIRED)
        _serve(version, by=by, reason=reason or PASSED)
        promotion = Promotion.objects.create(
            version=version,
            replaced=champion,
            by=by,
            reason=reason or PASSED,
            overruled=overruled,
            verdict=version.verdict,
        )
        announcing.promoted(promotion, roll_back=now == Standing.ROLL_BACK)
        return promotion


def _locked(version: ModelVersion) -> ModelVersion | None:
    """The champion now. The lock orders promotions of one recipe; what the version says is read again."""
    rivals = ModelVersion.objects.filter(recipe=version.recipe).select_for_update().order_by("pk")
    list(rivals.values_list("pk", flat=True))
    version.refresh_from_db(fields=["state", "verdict"])
    return ModelVersion.objects.champion(version.recipe)


def _overruled(version: ModelVersion, now: Standing, *, reason: str, overrule: bool) -> bool:
    """Whether this promotion goes against the gate. Raises ``NotPromotable`` when it may not be."""
    if now == Standing.IN_USE:
        raise NotPromotable(_("Model %(version)s is in use already.") % {"version": version})
    if now == Standing.PASSED:
        return False
    if now != Standing.ROLL_BACK and not overrule:
        raise NotPromotable(_REFUSALS[now]() % {"version": version})
    if not reason:
        raise NotPromotable(_(NEEDS_WORDS))
    return now != Standing.ROLL_BACK


_REFUSALS = {
    Standing.FAILED: lambda: _("Model %(version)s did not pass the gate."),
    Standing.OUTDATED: lambda: _(
        "Model %(version)s was judged beside another version than the one in use. Judge it again."
    ),
    Standing.NOT_JUDGED: lambda: _("Model %(version)s was not judged yet."),
}


def _serve(version: ModelVersion, *, by: "User | None", reason: str) -> None:
    version.state = State.CHAMPION
    version.promoted_at, version.promoted_by, version.promotion_reason = timezone.now(), by, reason
    version.save(update_fields=["state", "promoted_at", "promoted_by", "promotion_reason"])
