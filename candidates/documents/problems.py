"""Why the text of a file cannot be had, in a sentence, and what to do."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Problem:
    what: Promise
    then: Promise
    retry: bool = False  # whether reading the same file again may end otherwise

    @property
    def sentence(self) -> str:
        return str(self.what) % _limits()


def _limits() -> dict[str, Any]:
    return {
        "megabytes": settings.DOCUMENT_MEGABYTES,
        "pages": settings.DOCUMENT_PAGES,
        "seconds": settings.DOCUMENT_SECONDS,
    }


_SAVE_AS_PDF = _("Save it as a PDF or as .docx and upload that.")
_SHORTER = _("Upload the CV alone, without attachments.")

PROBLEMS: dict[str, Problem] = {
    "encrypted": Problem(
        _("The file is protected by a password."),
        _("Open it, save a copy without the password, and upload the copy."),
    ),
    "image_only": Problem(
        _("The file holds a picture of a text, a scan or a photo, and no text that can be read."),
        _(
            "Peneira does not recognise text in pictures (OCR). Ask for a PDF made by a word processor, or"
            " make a candidate by hand."
        ),
    ),
    "empty": Problem(_("There is no text in the file."), _("Look whether this is the right file.")),
    "too_large": Problem(
        _("The file is larger than %(megabytes)s MB and was not kept."),
        _("Make the pictures in it smaller, or save it as a PDF for the screen, and upload that."),
    ),
    "too_many_pages": Problem(_("The file has more than %(pages)s pages."), _SHORTER),
    "too_long": Problem(_("The file holds more text than a CV has: over 200,000 characters."), _SHORTER),
    "bomb": Problem(
        _("The file is made to swell enormously when opened, so it was not opened."),
        _(
            "Do not open it yourself either. Ask the person for a new file, and your IT what to do with this"
            " one."
        ),
    ),
    "wrong_type": Problem(
        _(
            "By its content this is no PDF, Word (.docx), OpenDocument, RTF or plain text file, whatever its"
            " name."
        ),
        _SAVE_AS_PDF,
    ),
    "old_word": Problem(
        _("This is a Word file of the old format (.doc), which Peneira does not open."), _SAVE_AS_PDF
    ),
    "damaged": Problem(
        _("The file is damaged or cut off."),
        _("Open it to see whether it is whole, save it again and upload that."),
        retry=True,
    ),
    "timed_out": Problem(
        _("Reading the file took longer than %(seconds)s seconds and was stopped."), _SAVE_AS_PDF, retry=True
    ),
    "too_demanding": Problem(
        _("Reading the file took more memory than a CV may need and was stopped."), _SAVE_AS_PDF, retry=True
    ),
    "worker_lost": Problem(
        _("The program that reads files stopped in the middle of this one."), _("Try again."), retry=True
    ),
    "missing": Problem(
        _("The stored file is gone."),
        _("Upload it again."),
    ),
    "duplicate": Problem(
        _("The same file was uploaded before."), _("Discard it, or read it all the same."), retry=True
    ),
}
_UNKNOWN = PROBLEMS["damaged"]


def problem(code: str) -> Problem:
    """A code that an older release stored and this one lacks is shown as the most general."""
    return PROBLEMS.get(code, _UNKNOWN)
