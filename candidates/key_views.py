"""Keys of the API: listed, made, replaced and revoked by administrators."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from candidates.integration import key_list, keys
from candidates.key_forms import KeyForm, RotateForm
from candidates.models import ApiKey
from candidates.permissions import administrators_only
from candidates.requests import signed_in

LISTS = ("jobs", "candidates", "prospects", "predictions", "documents", "models", "webhooks", "feedback")


@require_safe
@administrators_only
def api_keys(request: HttpRequest) -> HttpResponse:
    working, ended = key_list.rows()
    context = {
        "working": working,
        "ended": ended,
        "days": key_list.COUNTED_DAYS,
        "address": _address(request),
    }
    return render(request, "candidates/api_keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("new")
@administrators_only
def api_key_new(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (new := form.save(by=signed_in(request))):
        return _shown_once(request, new)
    status = 400 if form.is_bound else 200
    return render(request, "candidates/api_key_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("new")
@administrators_only
def api_key_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.select_related("user"), pk=pk)
    form = RotateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            new = keys.rotate(key, overlap=form.chosen, by=signed_in(request))
        except keys.NotRotatable as refused:
            messages.error(request, str(refused))
            return redirect("candidates:api_keys")
        return _shown_once(request, new, old=key)
    context = {"form": form, "key": key}
    status = 400 if form.is_bound else 200
    return render(request, "candidates/api_key_rotate.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: whoever uses the key is shut out at once, and for good."""
    key = get_object_or_404(ApiKey.objects.select_related("user"), pk=pk)
    if request.method != "POST":
        return render(request, "candidates/api_key_revoke.html", {"key": key})
    if keys.revoke(key, by=signed_in(request)):
        text = _("“%(name)s” is revoked. Calls with it are refused from now on.")
    else:
        text = _("“%(name)s” was revoked before.")
    messages.success(request, text % {"name": key.name})
    return redirect("candidates:api_keys")


def _shown_once(request: HttpRequest, new: keys.NewKey, old: ApiKey | None = None) -> HttpResponse:
    """In the answer itself and nowhere else: neither a session nor a message may hold the secret."""
    if old is not None:
        old.refresh_from_db()
    context = {"new": new, "old": old, "address": _address(request, new.key.scopes)}
    return render(request, "candidates/api_key_made.html", context)


def _address(request: HttpRequest, scopes: Iterable[str] = ("jobs:read",)) -> str:
    """Of a first call that a key with these scopes may make."""
    readable = next((one for one in LISTS if f"{one}:read" in scopes), None)
    return request.build_absolute_uri(f"/api/v1/{readable}" if readable else "/version")
