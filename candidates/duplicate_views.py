"""Records that may be of one person: found, compared, merged or told apart. All of it can be undone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import merging, unmerging
from candidates.candidate_forms import FIELDS
from candidates.duplicates import comparing, find_for
from candidates.models import Candidate, DuplicatePair, Merge
from candidates.permissions import NO_CHANGE, may_change, only
from candidates.requests import is_fragment, own_address, signed_in
from candidates.viewing import CHANGES, Role, current

PAGE_SIZE = 25
ROW = ("code", "name", "email", "phone", "city", "state", "headline", "is_stub", "origin")
UNREAD = ("raw", "search_vector")
HIDDEN = gettext_lazy("Blind review hides who one of the two is. Reveal the person first, with a reason.")


def _pairs(state: str) -> Any:
    """Pairs of people whom the reader may see and know: that two are alike tells who they are."""
    people = Candidate.objects.all()
    viewer = current()
    if viewer is not None:
        people = people.exclude(viewer.hidden)
    known = people.order_by().values("pk")
    return DuplicatePair.objects.filter(first__in=known, second__in=known, state=state)


@require_safe
@vary_on_headers("HX-Request")
def duplicates(request: HttpRequest) -> HttpResponse:
    dismissed = request.GET.get("state") == DuplicatePair.State.DISMISSED
    state = DuplicatePair.State.DISMISSED if dismissed else DuplicatePair.State.OPEN
    pairs = _pairs(state)
    if sign := request.GET.get("sign", ""):
        pairs = pairs.filter(signs__contains=[sign])
    page = Paginator(pairs.select_related("decided_by"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    people = Candidate.objects.only(*ROW).in_bulk(
        {pk for pair in shown for pk in (pair.first_id, pair.second_id)}
    )
    rows = [(pair, people[pair.first_id], people[pair.second_id]) for pair in shown]
    context = {"page": page, "rows": rows, "dismissed": dismissed, "sign": sign}
    template = "candidates/duplicates.html" + ("#results" if is_fragment(request) else "")
    return render(request, template, context)


@require_safe
@only(*CHANGES, Role.AUDITOR, sentence=NO_CHANGE)
def duplicate_pair(request: HttpRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(DuplicatePair, pk=pk)
    people = Candidate.objects.defer(*UNREAD).in_bulk([pair.first_id, pair.second_id])
    if len(people) < 2:
        return _merged_meanwhile(request, pair)
    _refuse_hidden(*people.values())
    return _side_by_side(request, people[pair.first_id], people[pair.second_id], pair=pair)


def _merged_meanwhile(request: HttpRequest, pair: DuplicatePair) -> HttpResponse:
    """Whoever opens a pair that is merged sees the person."""
    one = Candidate.everyone.filter(pk=pair.second_id).only("merged_into").first()
    kept = Candidate.objects.filter(Q(pk=pair.first_id) | Q(pk=one.merged_into_id if one else None)).first()
    if kept is None:
        raise Http404
    messages.info(request, _("These two records are merged already."))
    return redirect(kept)


def _refuse_hidden(*people: Candidate) -> None:
    if any(person.hides_identity for person in people):
        raise PermissionDenied(HIDDEN)


def _side_by_side(
    request: HttpRequest, first: Candidate, second: Candidate, *, pair: DuplicatePair | None
) -> HttpResponse:
    first, second = comparing.in_order(first, second)
    if request.GET.get("swap"):
        first, second = second, first
    counts = {person.pk: _counts(person) for person in (first, second)}
    context = {
        "first": first,
        "second": second,
        "rows": comparing.rows(first, second),
        "pair": pair,
        "counts": [counts[first.pk], counts[second.pk]],
    }
    return render(request, "candidates/duplicate_pair.html", context)


def _counts(person: Candidate) -> dict[str, int]:
    return {
        "jobs": person.prospects.count(),
        "notes": person.notes.count(),
        "documents": person.documents.filter(discarded_at=None).count(),
        "tags": person.taggings.count(),
    }


@require_safe
@may_change
def choose_other(request: HttpRequest, code: str) -> HttpResponse:
    """Merging by hand: who is like this person, or whose code somebody types."""
    candidate = get_object_or_404(Candidate.objects.coded(code).defer(*UNREAD))
    _refuse_hidden(candidate)
    typed = request.GET.get("with", "").strip()
    other = Candidate.objects.coded(typed).defer(*UNREAD).first() if typed else None
    if other is not None and other.pk != candidate.pk:
        _refuse_hidden(other)
        return _side_by_side(request, candidate, other, pair=_pair_of(candidate, other))
    fields = {name: getattr(candidate, name) for name in ("name", "email", "phone", "cv_text")}
    context = {"candidate": candidate, "typed": typed, "like": find_for(fields, without=candidate.pk)}
    return render(request, "candidates/duplicate_choose.html", context)


def _pair_of(first: Candidate, second: Candidate) -> DuplicatePair | None:
    low, high = sorted((first.pk, second.pk))
    return DuplicatePair.objects.filter(first=low, second=high).first()


# Deciding


@require_POST
@may_change
def merge(request: HttpRequest) -> HttpResponse:
    """Sent: ``kept`` and ``absorbed``, their codes, and per field ``take_<name>`` = kept or absorbed."""
    people = [_of_code(request.POST.get(name, "")) for name in ("kept", "absorbed")]
    _refuse_hidden(*people)
    take = {
        name: request.POST[f"take_{name}"] == "absorbed" for name in FIELDS if f"take_{name}" in request.POST
    }
    try:
        done = merging.merge(*people, take=take, by=signed_in(request))
    except merging.CannotMerge as error:
        messages.error(request, str(error))
        return redirect(people[0])
    undo = reverse("candidates:undo_merge", kwargs={"pk": done.pk})
    told = _("The two records are one. The code %(code)s still finds the person.") % {"code": people[1].code}
    messages.success(request, told, extra_tags=undo)
    return redirect(people[0])


def _of_code(code: str) -> Candidate:
    return get_object_or_404(Candidate.objects.coded(code).defer("cv_text", "cv_text_en", *UNREAD))


@require_POST
@may_change
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(Merge.objects.only("kept", "absorbed"), pk=pk)
    kept = Candidate.objects.coded(_code(done.kept_id)).only("code", "name", "is_stub").first()
    if kept is None:
        raise Http404
    _refuse_hidden(kept)
    try:
        unmerging.undo(done, by=signed_in(request))
    except merging.CannotUndo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The merge is undone: there are two records again."))
    return _back(request, kept.get_absolute_url())


def _code(pk: int) -> str:
    return Candidate.everyone.only("code").get(pk=pk).code


@require_POST
@may_change
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(_pairs(DuplicatePair.State.OPEN), pk=pk)
    _decide(pair, DuplicatePair.State.DISMISSED, request.user)
    undo = reverse("candidates:reopen_duplicate", kwargs={"pk": pk})
    messages.success(
        request, _("Kept as two different people; the pair is not shown again."), extra_tags=undo
    )
    return redirect("candidates:duplicates")


@require_POST
@may_change
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(_pairs(DuplicatePair.State.DISMISSED), pk=pk)
    _decide(pair, DuplicatePair.State.OPEN, None)
    messages.success(request, _("The pair is open again."))
    return _back(request, reverse("candidates:duplicates"))


def _decide(pair: DuplicatePair, state: str, user: Any) -> None:
    pair.state, pair.decided_by = state, user
    pair.save(update_fields=["state", "decided_by"])


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page where the button was; htmx loads it anew."""
    url = own_address(request.POST.get("next", ""), otherwise)
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
