"""Searches kept under a name."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from candidates.forms import SavedSearchForm, asked_in, query_of
from candidates.models import SavedSearch
from candidates.requests import is_fragment, signed_in
from candidates.search import listing, saving, watching
from candidates.search.finding import Asked

LONGEST_QUERY = 2000  # characters, as the column has


@dataclass(frozen=True)
class Kept:
    """A row of the page: the search, and what it asks in words."""

    search: SavedSearch
    asked: Asked
    filters: list[tuple[Any, list[Any]]]


@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    kept = [_kept(search) for search in saving.listed(signed_in(request))]
    return render(request, "candidates/searches.html", {"searches": kept})


def _kept(search: SavedSearch) -> Kept:
    asked = asked_in(search.query)
    return Kept(search, asked, listing.described(asked))


@require_safe
def search_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it answers today; the new matches of one's own search are then no longer new."""
    search = get_object_or_404(saving.visible_searches(signed_in(request)), pk=pk)
    if search.owner_id == request.user.pk:
        saving.mark_seen(search)
    query = search.query + "&" * bool(search.query)
    return redirect(f"{reverse('candidates:candidate_list')}?{query}saved={search.pk}")


@require_POST
def search_save(request: HttpRequest) -> HttpResponse:
    """The search of the list, under a name; the same name again: the search of that name is changed."""
    asked = asked_in(request.POST.get("query", ""))
    form = SavedSearchForm(request.POST)
    name = " ".join(request.POST.get("name", "").split())
    old = SavedSearch.objects.filter(owner=signed_in(request), name=name).first()
    form.instance = old or SavedSearch(owner=signed_in(request))
    query = query_of(asked)
    if not form.is_valid() or not query or len(query) > LONGEST_QUERY:
        messages.warning(request, _("The search was not saved: give it a name, and search for something."))
        return redirect(f"{reverse('candidates:candidate_list')}?{query}")
    search = form.save(commit=False)
    search.query = query
    search.save()
    text = _("“%(name)s” now holds this search.") if old else _("Saved as “%(name)s”.")
    messages.success(request, text % {"name": search.name})
    _watch(request, search)
    return redirect(f"{reverse('candidates:candidate_list')}?{query}&saved={search.pk}")


@require_POST
def search_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name; shared or private; watched or not."""
    search = _own(request, pk)
    was_watched = search.watched
    form = SavedSearchForm(request.POST, instance=search)
    try:
        with transaction.atomic():
            saved = form.is_valid() and bool(form.save())
    except IntegrityError:
        messages.warning(request, _("Another of your searches has that name already."))
        return redirect("candidates:searches")
    if not saved:
        messages.warning(request, _("The search was not changed: it needs a name."))
    elif search.watched and not was_watched:
        _watch(request, search)
    else:
        messages.success(request, _("“%(name)s” was changed.") % {"name": search.name})
    return redirect("candidates:searches")


@require_POST
def search_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for new matches now."""
    search = _own(request, pk)
    checked = watching.check(search)
    if checked.is_first:
        _say_watched(request, search, checked)
    else:
        text = ngettext("%(count)d new match.", "%(count)d new matches.", checked.new)
        messages.info(request, text % {"count": checked.new} if checked.new else _("No new matches."))
    return redirect("candidates:searches")


@require_POST
def search_delete(request: HttpRequest, pk: int) -> HttpResponse:
    search = _own(request, pk)
    undo = reverse("candidates:search_restore", args=[saving.packed(search)])
    search.delete()
    messages.success(request, _("“%(name)s” was deleted.") % {"name": search.name}, extra_tags=undo)
    return redirect("candidates:searches")


@require_POST
def search_restore(request: HttpRequest, kept: str) -> HttpResponse:
    search = saving.restore(kept, signed_in(request))
    if search is None:
        messages.warning(request, _("That search cannot be brought back any more."))
    else:
        messages.success(request, _("“%(name)s” is back.") % {"name": search.name})
        if search.watched:
            watching.start(search)
    if is_fragment(request):  # the toast's button: the page must show it again
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("candidates:searches")})
    return redirect("candidates:searches")


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.filter(owner=signed_in(request)), pk=pk)


def _watch(request: HttpRequest, search: SavedSearch) -> None:
    if search.watched:
        _say_watched(request, search, watching.start(search))


def _say_watched(request: HttpRequest, search: SavedSearch, checked: watching.Checked) -> None:
    if checked.is_too_wide:
        text = _(
            "“%(name)s” finds more than %(count)s people: it is watched, but only among the latest of them."
        )
        messages.warning(request, text % {"name": search.name, "count": f"{watching.AT_MOST:,}"})
    else:
        messages.success(request, _("You will be told of new matches of “%(name)s”.") % {"name": search.name})
