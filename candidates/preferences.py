"""What one person chose to be remembered: columns, cards or table, a language."""

from typing import TYPE_CHECKING, Any

from candidates.models import Preference

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def remembered(user: "User | AnonymousUser", key: str, default: Any) -> Any:
    """What ``user`` chose, else ``default``; whoever shows it must bear a value of an older release."""
    if not user.is_authenticated:
        return default
    stored = Preference.objects.filter(user=user, key=key).values_list("value", flat=True).first()
    return default if stored is None else stored


def remember(user: "User | AnonymousUser", key: str, value: Any) -> None:
    """Keep a JSON value for ``user``; nobody signed in: nothing is kept."""
    if user.is_authenticated:
        Preference.objects.update_or_create(user=user, key=key, defaults={"value": value})


def forget(user: "User | AnonymousUser", key: str) -> None:
    """Back to what the page shows to whoever chose nothing."""
    if user.is_authenticated:
        Preference.objects.filter(user=user, key=key).delete()
