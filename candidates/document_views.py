"""Uploaded CVs: choosing files, following them, confirming what was read, opening and discarding them."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from candidates.document_forms import ConfirmForm, UploadForm, files_kept
from candidates.documents import confirming, downloading, joining, listing, storing
from candidates.documents.confirming import AlreadyConfirmed, Update
from candidates.documents.highlighting import pieces
from candidates.models import Candidate, Document
from candidates.permissions import may_change
from candidates.requests import is_fragment, own_address, signed_in

STOP_POLLING = 286  # htmx: shows the answer and asks no more


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def upload(request: HttpRequest) -> HttpResponse:
    purpose = _purpose(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        files = form.cleaned_data["cv_files"]
        batch = storing.keep(files, by=signed_in(request), purpose=purpose)
        messages.success(request, files_kept(len(files)))
        return redirect("candidates:upload_batch", batch=batch)
    context = {
        "form": form,
        "purpose": purpose,
        "job_title": joining.title(purpose.job_code),
        "waiting": confirming.to_confirm(uploaded_by=request.user).count(),
        "limits": settings,
    }
    return render(request, "candidates/upload.html", context, status=422 if form.is_bound else 200)


def _purpose(request: HttpRequest) -> storing.Purpose:
    """Whose files these are, or for which job, as the address says; what is not there is not found."""
    code, job_code = request.GET.get("candidate", ""), request.GET.get("job", "")
    if job_code and joining.title(job_code) is None:
        raise Http404
    if not code:
        return storing.Purpose(job_code=job_code)
    candidate = get_object_or_404(Candidate.objects.coded(code).for_mention())
    if candidate.hides_identity:
        raise PermissionDenied(_("Who this is stays hidden: a CV would tell it. Reveal the person first."))
    return storing.Purpose(candidate=candidate, job_code=job_code)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def upload_batch(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    progress = listing.progress(batch)
    if progress is None:
        raise Http404
    context = {"batch": batch, "progress": progress, "job_title": joining.title(progress.job_code)}
    if request.headers.get("HX-Request") != "true":
        return render(request, "candidates/upload_batch.html", context)
    status = STOP_POLLING if progress.is_over else 200
    return render(request, "candidates/upload_batch.html#progress", context, status=status)


@require_safe
@never_cache
def documents_waiting(request: HttpRequest) -> HttpResponse:
    """Files that were read and are nobody's yet: one's own, or everybody's."""
    everybody = request.GET.get("whose") == "all"
    page = listing.waiting(None if everybody else signed_in(request), page=request.GET.get("page"))
    return render(request, "candidates/documents_waiting.html", {"page": page, "everybody": everybody})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@may_change
def document_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    document = _open_document(pk)
    if not confirming.is_to_confirm(document):
        return _nothing_to_confirm(request, document)
    owner = _owner(document)
    form = ConfirmForm(request.POST or None, proposed=document.proposed, owner=owner)
    likes = [] if owner else confirming.people_like(document, _compared(form, document))
    if form.is_valid() and not _surprises(request, form, likes):
        return _save(request, document, form)
    context = {
        "document": document,
        "form": form,
        "owner": owner,
        "likes": likes,
        "surprised": form.is_bound and form.is_valid(),
        "pieces": pieces(document.text, document.proposed),
        "skills": listing.skills_found(document.proposed),
        "job_title": joining.title(document.job_code),
        "left": confirming.to_confirm(batch=document.batch).exclude(pk=document.pk).count(),
    }
    return render(request, "candidates/document_confirm.html", context, status=422 if form.is_bound else 200)


def _open_document(pk: int) -> Document:
    """A document the reader may see and know the person of."""
    document = get_object_or_404(Document.objects.select_related("uploaded_by"), pk=pk, discarded_at=None)
    if document.hides_identity:
        raise PermissionDenied(
            _("Who this is stays hidden, and the file would tell it. Reveal the person first.")
        )
    return document


def _owner(document: Document) -> Candidate | None:
    if document.candidate_id is None:
        return None
    return get_object_or_404(Candidate.objects.defer("raw", "search_vector"), pk=document.candidate_id)


def _nothing_to_confirm(request: HttpRequest, document: Document) -> HttpResponse:
    if document.candidate_id is None:
        return redirect("candidates:upload_batch", batch=document.batch)
    messages.info(request, _("This file was confirmed already."))
    return redirect(get_object_or_404(Candidate.objects.for_mention(), pk=document.candidate_id))


def _compared(form: ConfirmForm, document: Document) -> dict[str, Any]:
    """What people are compared by: what the reader wrote, else what was read."""
    values = {name: str(form[name].value() or "") for name in ("name", "email", "phone")}
    return values | {"cv_text": document.text}


def _surprises(request: HttpRequest, form: ConfirmForm, likes: list[confirming.Like]) -> bool:
    """Whether somebody new is to be made who is like people the reader was not shown, or chose none of."""
    if form.cleaned_data["owner"] is not None:
        return False
    if likes and "person" not in request.POST:
        return True
    shown = set(request.POST.getlist("shown"))
    return any(like.candidate.code not in shown for like in likes)


def _save(request: HttpRequest, document: Document, form: ConfirmForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        confirmed = confirming.confirm(
            document,
            form.person_fields,
            by=signed_in(request),
            person=given["owner"],
            update=Update(given["update"] or Update.MISSING),
            replace_text=given["replace_text"],
        )
    except AlreadyConfirmed:
        messages.warning(request, _("Somebody else confirmed this file a moment ago; nothing was changed."))
        return redirect("candidates:upload_batch", batch=document.batch)
    messages.success(request, _said(document, confirmed))
    return redirect(_next(document, confirmed))


def _said(document: Document, confirmed: confirming.Confirmed) -> str:
    if confirmed.joined:
        job = {"job": joining.title(document.job_code) or document.job_code}
        if confirmed.is_new:
            return _("The person is saved and is now a prospect of %(job)s.") % job
        return _("The file is with the person, who is now a prospect of %(job)s.") % job
    if confirmed.is_new:
        return _("The person is saved: found by searches and ranked from now on.")
    return _("The file is with the person.")


def _next(document: Document, confirmed: confirming.Confirmed) -> str:
    """On to the next file of the batch; after the last, to the job or the person."""
    following = confirming.to_confirm(batch=document.batch, uploaded_by=document.uploaded_by).first()
    if following is not None:
        return reverse("candidates:document_confirm", kwargs={"pk": following.pk})
    if confirmed.joined:
        return joining.url(document.job_code)
    return Candidate.objects.for_mention().get(pk=confirmed.candidate.pk).get_absolute_url()


@require_safe
@never_cache
def document_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    document = get_object_or_404(Document.objects.exclude(file=""), pk=pk)
    return downloading.download(document, by=signed_in(request))


@require_POST
@may_change
def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    document = _open_document(pk)
    if not storing.read_again(document):
        messages.warning(request, _("This file is not there to be read again."))
    return redirect("candidates:upload_batch", batch=document.batch)


@require_POST
@may_change
def document_discard(request: HttpRequest, pk: int) -> HttpResponse:
    document = _open_document(pk)
    storing.discard(document)
    undo = reverse("candidates:document_restore", kwargs={"pk": document.pk})
    messages.success(request, _("The file is discarded."), extra_tags=undo)
    return _back(request, document)


@require_POST
@may_change
def document_restore(request: HttpRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document.objects.exclude(discarded_at=None), pk=pk)
    if document.hides_identity:
        raise PermissionDenied(
            _("Who this is stays hidden, and the file would tell it. Reveal the person first.")
        )
    if storing.restore(document):
        messages.success(request, _("The file is back."))
    return _back(request, document)


def _back(request: HttpRequest, document: Document) -> HttpResponse:
    if is_fragment(request):  # the Undo of a message
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    batch = reverse("candidates:upload_batch", args=[document.batch])
    return redirect(own_address(request.POST.get("next", ""), batch))


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def documents(request: HttpRequest, code: str) -> HttpResponse:
    """The files of one person: a page, or the fragment of the person's page."""
    candidate = get_object_or_404(Candidate.objects.coded(code).for_mention())
    context = {
        "candidate": candidate,
        "documents": listing.of_candidate(candidate),
        "discarded": listing.discarded_of(candidate),
    }
    template = "candidates/documents.html"
    if is_fragment(request):
        template += "#documents"
    return render(request, template, context)
