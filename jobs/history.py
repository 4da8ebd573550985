"""The moves of a prospect, as people read them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from candidates import veiling, viewing
from candidates.models import Candidate
from jobs.models import Prospect, RejectionReason, StageChange, WithdrawalReason

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_REASONS = dict([*RejectionReason.choices, *WithdrawalReason.choices])


@dataclass(frozen=True)
class Step:
    change: StageChange
    by: "User | None"
    reason: str  # in somebody's words, without what blind review hides
    undone: bool

    @property
    def reason_label(self) -> str:
        return str(_REASONS.get(self.change.reason_code, ""))

    @property
    def days(self) -> int | None:
        """How long they stood at the stage before."""
        since = self.change.from_since
        return None if since is None else max(0, (self.change.changed_at - since).days)


def steps_of(prospect: Prospect, candidate: Candidate) -> list[Step]:
    """The newest first; with those of prospects that went into this one when records were merged."""
    own = Q(prospect=prospect.pk) | Q(prospect__joined_into=prospect.pk)
    changes = list(StageChange.objects.filter(own).select_related("changed_by").order_by("-pk"))
    undone = {change.undoes for change in changes if change.undoes}
    return [
        Step(change, change.changed_by, _reason(change, candidate), undone=change.batch in undone)
        for change in changes
    ]


def _reason(change: StageChange, candidate: Candidate) -> str:
    viewer = viewing.current()
    if viewer is None or not candidate.hides_contact:
        return change.reason
    job = viewer.job_shown
    person = veiling.Person(candidate.pk, identity=candidate.hides_identity, job_id=job, name=None)
    return str(veiling.redacted(change.reason, person))
