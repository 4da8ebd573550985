from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates import revealing, viewing
from candidates.models import Candidate, ReviewPolicy
from candidates.permissions import audits_only, may_change
from candidates.requests import is_fragment, own_address, signed_in, viewer_of

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for a reason; with one, this reader sees from now on who the person is."""
    candidate = get_object_or_404(Candidate.objects.coded(code).only("code", "name", "is_stub"))
    form = revealing.RevealForm(request.POST or None, initial={"job": request.GET.get("job", "")})
    if request.method == "POST" and form.is_valid():
        reason, job_code = form.cleaned_data["reason"], form.cleaned_data["job"]
        if revealing.reveal(candidate, by=signed_in(request), reason=reason, job_code=job_code):
            messages.success(request, _("You now see who this is. Your reason is in the access log."))
        else:
            messages.info(request, _("You could see already who this is."))
        return redirect(_next(request) or _address_now(request, candidate))
    if not candidate.hides_identity:
        return redirect(candidate)
    context = {"candidate": candidate, "form": form, "next": _next(request)}
    return render(request, "candidates/reveal.html", context, status=400 if form.is_bound else 200)


def _next(request: HttpRequest) -> str:
    return own_address(request.POST.get("next") or request.GET.get("next", ""))


def _address_now(request: HttpRequest, candidate: Candidate) -> str:
    """Where the person is found from now on: by code."""
    with viewing.seen_by(viewing.as_user(signed_in(request))):
        return Candidate.objects.only("code").get(pk=candidate.pk).get_absolute_url()


@require_safe
@vary_on_headers("HX-Request")
@audits_only
def access_log(request: HttpRequest) -> HttpResponse:
    form = revealing.LogFilter(request.GET)
    page = Paginator(form.apply(revealing.events()), PAGE_SIZE).get_page(request.GET.get("page"))
    template = "candidates/access_log.html"
    if is_fragment(request):
        template += "#results"
    return render(request, template, {"form": form, "page": page, "filtered": bool(form.changed_data)})


@require_http_methods(["GET", "HEAD", "POST"])
@audits_only
def policy(request: HttpRequest) -> HttpResponse:
    """Blind review for everybody, and the stages that show more."""
    stored = ReviewPolicy.current()
    before = {field: getattr(stored, field) for field in revealing.POLICY_FIELDS}
    form = revealing.PolicyForm(request.POST or None, instance=stored)
    for field in form.fields.values():
        field.disabled = not viewer_of(request).may_change  # an auditor reads it
    if request.method == "POST" and form.is_valid():
        if revealing.save_policy(form.save(commit=False), before, by=signed_in(request)):
            messages.success(request, _("The policy is saved and holds from now on, for everybody."))
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect("candidates:policy")
    return render(request, "candidates/policy.html", {"form": form}, status=400 if form.is_bound else 200)
