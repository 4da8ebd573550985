"""Candidates made and changed by other systems, through the form and the services of the pages."""

from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError

from candidates import creating
from candidates.candidate_forms import FIELDS, CandidateForm
from candidates.duplicates import find_for
from candidates.integration.bulk import Saved
from candidates.integration.filters import refusals
from candidates.integration.preconditions import etag, require_match
from candidates.integration.words import Conflict
from candidates.models import Candidate

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from rest_framework.request import Request

EMPTY: Mapping[str, Any] = {"salary_monthly": None, "salary_hourly": None, "area_labels": []}
LEFT = ("raw", "search_vector")


class CodeTaken(Conflict):
    default_code = "code_taken"
    default_detail = _(
        "Somebody has this code, or had it before a merge. Change them with PATCH, or send them to bulk."
    )


class PossibleDuplicate(Conflict):
    default_code = "possible_duplicate"

    def __init__(self, codes: list[str]) -> None:
        text = _("The same person may be here already: %(codes)s. Change that one, or send allow_duplicate.")
        super().__init__(text % {"codes": ", ".join(codes)})


class IdentityHidden(PermissionDenied):
    default_code = "identity_hidden"
    default_detail = _("Blind review hides who this is: nobody writes over what they may not read.")


def tag_of(person: Candidate) -> str:
    return etag(person.pk, person.updated_at.isoformat())


@transaction.atomic
def create(given: Mapping[str, Any], *, by: "User") -> Candidate:
    """Raises ValidationError, ``CodeTaken`` and ``PossibleDuplicate``."""
    code, fields = str(given.get("code", "")), _checked(given)
    with creating.one_at_a_time():
        _hold(code)
        _refuse_taken(code)
        likes = [] if given.get("allow_duplicate") else find_for(fields)
        if likes:
            raise PossibleDuplicate([like.candidate.code for like in likes])
        made = _made(fields, by=by, code=code)
        if made is None:
            raise CodeTaken
        return made


def _refuse_taken(code: str) -> None:
    if code.startswith(creating.PREFIX):
        raise ValidationError({"code": [_("Codes that begin with C- are given by Peneira.")]})
    if code and Candidate.everyone.filter(code=code).exists():
        raise CodeTaken


@transaction.atomic
def change(code: str, given: Mapping[str, Any], *, by: "User", request: "Request") -> Candidate:
    """Raises Http404, ValidationError, ``ChangedSinceRead`` and ``IdentityHidden``."""
    person = _locked(code)
    if person is None:
        raise Http404
    require_match(request, tag_of(person))
    _write(person, given, by=by)
    return person


@transaction.atomic
def save(given: Mapping[str, Any], *, by: "User") -> tuple[Saved, int]:
    """Change whoever has the code, or add somebody with it; what became of them, and their key.

    Skills and search follow when the caller calls ``creating.refresh_later``.
    """
    code = given["code"]
    _hold(code)
    person = _locked(code)
    if person is None:
        _refuse_taken(code)
        made = _made(_checked(given), by=by, code=code, refreshed=False)
        if made is not None:
            return Saved("created", code), made.pk
        person = _locked(code)
    if person is None:  # made by an import just now, and not to be seen
        raise CodeTaken
    changed = _write(person, given, by=by, refreshed=False)
    return Saved("updated" if changed else "unchanged", code), person.pk


def _hold(code: str) -> None:
    """Of two who send the same new code, the second finds whom the first made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"peneira: candidate {code}"])


def _made(fields: Mapping[str, Any], *, by: "User", code: str, refreshed: bool = True) -> Candidate | None:
    """Somebody new; None when an import gave the code to somebody in this very moment."""
    try:
        return creating.create_candidate(fields, by=by, origin="api", code=code, refreshed=refreshed)
    except IntegrityError as error:
        if "candidates_candidate_code" not in str(error):
            raise
        return None


def _locked(code: str) -> Candidate | None:
    found = Candidate.objects.coded(code).defer(*LEFT).select_for_update(of=("self",))
    return found.first()


def _write(person: Candidate, given: Mapping[str, Any], *, by: "User", refreshed: bool = True) -> list[str]:
    if person.hides_identity:
        raise IdentityHidden
    return creating.change_candidate(person, _checked(given, person), by=by, refreshed=refreshed)


def _checked(given: Mapping[str, Any], person: Candidate | None = None) -> dict[str, Any]:
    """The fields among ``given`` as the form cleans them beside those that stay. Raises ValidationError."""
    wanted = {name: _value(name, given[name]) for name in FIELDS if name in given}
    form = CandidateForm(wanted, instance=copy(person))  # the form writes into what it is given
    if person is not None:
        form.data = {**form.initial, **wanted}
    if not form.is_valid():
        raise ValidationError(refusals(form))
    return {name: form.values[name] for name in wanted}


def _value(name: str, value: Any) -> Any:
    return EMPTY.get(name, "") if value is None else value
