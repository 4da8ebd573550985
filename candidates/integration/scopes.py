"""What a key of the API may be let do: a resource and a verb, as ``candidates:read``."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ: Final = "read"
WRITE: Final = "write"

RESOURCES: Final[dict[str, Promise]] = {
    "candidates": _("candidates"),
    "documents": _("documents"),
    "jobs": _("jobs"),
    "prospects": _("prospects and their stages"),
    "imports": _("imports"),
    "predictions": _("predictions"),
    "rankings": _("rankings"),
    "recommendations": _("recommended jobs"),
    "feedback": _("feedback"),
    "models": _("models"),
    "training_runs": _("training runs"),
    "reports": _("drift and fairness reports"),
    "webhooks": _("webhooks"),
}
READ_ONLY: Final = ("recommendations", "models", "reports")  # nothing there can be sent
SCOPES: Final = tuple(
    f"{resource}:{verb}"
    for resource in RESOURCES
    for verb in (READ, WRITE)
    if verb == READ or resource not in READ_ONLY
)


def scope(resource: str, method: str) -> str:
    """The scope that a request by this method needs of a key."""
    return f"{resource}:{READ if method in ('GET', 'HEAD', 'OPTIONS') else WRITE}"
