from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from candidates.importing_source import KINDS

MOST_BYTES = 2 * 1024**3  # one file as sent; the biggest known source file has 0.2 GB unpacked
ENDINGS = ".json,.jsonl,.gz,.zip"


def _file_field(label: Any, help_text: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": ENDINGS})
    return forms.FileField(label=label, help_text=help_text, required=False, widget=widget)


class ImportForm(forms.Form):
    """The three source files; any one is enough."""

    applicants = _file_field(_("Applicants"), _("The people, with their CVs: applicants.json."))
    jobs = _file_field(_("Jobs"), _("The vacancies: vagas.json."))
    prospects = _file_field(_("Prospects"), _("Who stood in which job, and how it ended: prospects.json."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for kind in KINDS:
            self._check_size(kind, cleaned.get(kind))
        if not self.errors and not self.files_given:
            raise ValidationError(_("Choose at least one file."), code="required")
        return cleaned

    def _check_size(self, kind: str, file: "UploadedFile[bytes] | None") -> None:
        if file and (file.size or 0) > MOST_BYTES:
            limit = filesizeformat(MOST_BYTES)
            self.add_error(
                kind,
                ValidationError(
                    _("This file is larger than %(limit)s. Import it with manage.py import_data instead."),
                    params={"limit": limit},
                ),
            )

    @property
    def files_given(self) -> "dict[str, UploadedFile[bytes]]":
        return {kind: self.cleaned_data[kind] for kind in KINDS if self.cleaned_data.get(kind)}


class RejectedFilter(forms.Form):
    kind = forms.ChoiceField(required=False, choices=[("", ""), *((kind, kind) for kind in KINDS)])

    @property
    def wanted(self) -> str:
        return str(self.cleaned_data["kind"]) if self.is_valid() else ""
