from django import template
from django.contrib.auth.models import AnonymousUser, User

from candidates.notices import unread

register = template.Library()


@register.simple_tag
def unread_notices(user: User | AnonymousUser) -> int:
    """How many notices this person has not read."""
    return unread(user) if isinstance(user, User) else 0
