from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from candidates.models import Candidate, Notification
from candidates.notices import mark_read, notices
from candidates.requests import own_address, signed_in, viewer_of
from candidates.viewing import Role
from hiring_site.home import home as home_of


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name no icon of their own: the admin's."""
    return redirect(static("img/favicon.svg"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page that was opened before somebody signed in or out."""
    return render(request, "403_csrf.html", status=403)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer.role in (Role.NONE, Role.INTEGRATION):
        return render(request, "no_role.html", {"role": viewer.role})
    return render(request, "home.html", {"home": home_of(signed_in(request), viewer)})


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications.html", {"notices": notices(signed_in(request))})


@require_safe
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens what the notice is about; following it is reading it."""
    notice = get_object_or_404(Notification, pk=pk, user=signed_in(request))
    mark_read(signed_in(request), [notice.pk])
    about = Candidate.objects.for_mention().filter(pk=notice.candidate_id or 0).first()
    if about is not None and about.hides_identity:  # the stored address may hold the code
        return redirect(about)
    if about is None and notice.candidate_id:
        return redirect("notifications")
    return redirect(own_address(notice.url, reverse("notifications")))


@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    if not mark_read(signed_in(request)):
        messages.info(request, _("There was nothing new."))
    return redirect("notifications")
