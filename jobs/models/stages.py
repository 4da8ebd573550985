"""The stages of a job's pipeline, how it ends for somebody, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    SOURCED = "sourced", _("sourced")
    APPLIED = "applied", _("applied")
    SCREENING = "screening", _("screening")
    SUBMITTED = "submitted", _("sent to client")
    TECHNICAL_INTERVIEW = "technical_interview", _("technical interview")
    CLIENT_INTERVIEW = "client_interview", _("client interview")
    OFFER = "offer", _("offer")
    HIRED = "hired", _("hired")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Outcome(models.TextChoices):
    HIRED = "hired", _("hired")
    REJECTED = "rejected", _("rejected")
    WITHDREW = "withdrew", _("withdrew")
    IN_FLIGHT = "in_flight", _("in flight")


# In the order of a pipeline; who left it comes last
PIPELINE = (
    Stage.SOURCED,
    Stage.APPLIED,
    Stage.SCREENING,
    Stage.SUBMITTED,
    Stage.TECHNICAL_INTERVIEW,
    Stage.CLIENT_INTERVIEW,
    Stage.OFFER,
    Stage.HIRED,
)


def stages_from(stage: str) -> tuple[str, ...]:
    """That stage of the pipeline and those after it; none for a name that is no such stage."""
    names = [entry.value for entry in PIPELINE]
    return tuple(names[names.index(stage) :]) if stage in names else ()


class RejectionReason(models.TextChoices):
    """Why somebody was not taken; the code that is stored."""

    MISSING_REQUIREMENT = "missing_requirement", _("lacks something required")
    LESS_EXPERIENCE = "less_experience", _("less experience than others")
    SENIORITY = "seniority", _("another seniority was wanted")
    LANGUAGE = "language", _("language level")
    INTERVIEW = "interview", _("interview did not convince")
    CLIENT = "client", _("the client decided otherwise")
    SALARY = "salary", _("salary wish above the budget")
    PLACE = "place", _("place or way of working does not fit")
    NO_ANSWER = "no_answer", _("could not be reached")
    POSITION_CLOSED = "position_closed", _("position filled or closed")
    OTHER = "other", _("other")


class WithdrawalReason(models.TextChoices):
    """Why somebody did not want to go on."""

    OTHER_OFFER = "other_offer", _("took another offer")
    SALARY = "salary_offered", _("salary offered")
    PLACE = "place_offered", _("place or way of working")
    CONTRACT = "contract", _("kind of contract")
    PERSONAL = "personal", _("personal reasons")
    NO_INTEREST = "no_interest", _("no interest in the position")
    NOT_SAID = "not_said", _("not said")
