"""Codes that other systems give, which stand in addresses: none may read as an address of something else."""

from typing import Final

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

STEPS: Final = {".", ".."}  # browsers and proxies take them out of an address


def refuse_addresses(code: str, *names: str) -> None:
    """Raises ValidationError when the address of one of these names, with the code, is another's.

    ``names`` are those of patterns that take the code alone: "api-candidate" is not reached by "31/notes".
    """
    if _is_plain(code):
        return
    if STEPS & set(code.split("/")) or any(_leads_elsewhere(code, name) for name in names):
        raise ValidationError(
            _("In an address this would stand for something else: it cannot be a code."), code="reserved"
        )


def _is_plain(code: str) -> bool:
    """No address has a digit in a word of its own, so most codes need no look at all of them."""
    return "/" not in code and any(letter.isdecimal() for letter in code)


def _leads_elsewhere(code: str, name: str) -> bool:
    return resolve(reverse(name, kwargs={"code": code})).view_name != name
