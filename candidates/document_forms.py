"""Uploading CVs, and confirming what was read from one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from candidates.documents.confirming import Update
from candidates.models import Candidate

if TYPE_CHECKING:
    _CandidateForm = forms.ModelForm[Candidate]
else:
    _CandidateForm = forms.ModelForm

ENDINGS = ".pdf,.docx,.odt,.rtf,.txt"
NEW, OTHER = "", "other"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files of any size, also empty ones: each gets its own answer on the page that follows."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files = [file for file in data or [] if file]
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return files


class UploadForm(forms.Form):
    cv_files = FilesField(
        label=_("Files"),
        widget=SeveralFiles(attrs={"accept": ENDINGS, "data-files": "", "aria-describedby": "files-help"}),
        error_messages={"required": _("Choose at least one file.")},
    )

    def clean_cv_files(self) -> "list[UploadedFile[bytes]]":
        files: list[UploadedFile[bytes]] = self.cleaned_data["cv_files"]
        most = settings.DOCUMENT_FILES
        if len(files) > most:
            raise ValidationError(
                _("These are %(number)s files. Choose at most %(most)s at a time."),
                params={"number": len(files), "most": most},
            )
        return files


class ConfirmForm(_CandidateForm):
    """What was read from a file, to be corrected; whose file it is, and what becomes of their record."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    headline = forms.CharField(label=_("Headline"), required=False, max_length=300)
    person = forms.CharField(required=False, max_length=60)
    other_code = forms.CharField(
        label=_("Code of that person"),
        required=False,
        max_length=60,
        strip=True,
        help_text=_("For example 31093."),
    )
    update = forms.ChoiceField(
        label=_("The record of that person"),
        choices=Update.choices,
        initial=Update.MISSING,
        required=False,
        widget=forms.RadioSelect,
    )
    replace_text = forms.BooleanField(label=_("Make this text the CV of that person"), required=False)

    class Meta:
        model = Candidate
        fields = (
            "name", "email", "phone", "linkedin_url", "city", "state", "headline",
            "seniority", "education", "english", "spanish",
        )  # fmt: skip

    def __init__(
        self, *args: Any, proposed: Mapping[str, Any], owner: Candidate | None, **kwargs: Any
    ) -> None:
        self.proposed, self.owner = proposed, owner
        values = {name: found["value"] for name, found in proposed.get("fields", {}).items()}
        kwargs["initial"] = {name: _cut(name, value) for name, value in values.items()}
        super().__init__(*args, **kwargs)
        for name in ("name", "email", "phone", "linkedin_url"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # it is not the reader's own

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["owner"] = self.owner or self._chosen(cleaned)
        if cleaned["owner"] is None and not self.errors and not (cleaned.get("name") or cleaned.get("email")):
            self.add_error("name", _("A new person needs a name, or at least an e-mail address."))
        return cleaned

    def _chosen(self, cleaned: Mapping[str, Any]) -> Candidate | None:
        """The person whom the reader picked, as far as they may know who it is."""
        wanted = str(cleaned.get("person") or NEW)
        if wanted == NEW:
            return None
        code = str(cleaned.get("other_code", "")) if wanted == OTHER else wanted
        found = Candidate.objects.coded(code).defer("raw", "search_vector").first() if code else None
        if found is None or found.hides_identity:
            self.add_error(
                "other_code", _("There is nobody with this code. Look it up in the list of candidates.")
            )
            return None
        return found

    @property
    def person_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the words of the file that say it."""
        found = self.proposed.get("fields", {})
        return [(self[name], found.get(name, {}).get("quote", "")) for name in self.Meta.fields]


def _cut(name: str, value: str) -> str:
    """Proposals come from the file, and may be longer than a field is."""
    most = 300 if name == "headline" else getattr(Candidate._meta.get_field(name), "max_length", None)
    return value[:most] if most else value


def files_kept(number: int) -> Any:
    return ngettext_lazy(
        "%(number)s file is kept. This page follows it until it is read.",
        "%(number)s files are kept. This page follows them until they are read.",
        "number",
    ) % {"number": number}
