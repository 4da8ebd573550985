"""Forms of one person: their fields, and what people write about them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from candidates.form_fields import field_of
from candidates.importing_values import AREA_LABELS
from candidates.models import Candidate, Note

if TYPE_CHECKING:
    OfCandidate = forms.ModelForm[Candidate]
else:
    OfCandidate = forms.ModelForm

LONGEST_TEXT = 100_000
# As the page groups them
SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Who"), ("name", "email", "phone", "linkedin_url", "city", "state")),
    (_("Work"), ("headline", "seniority", "area_labels", "technical_knowledge")),
    (_("Education and languages"), ("education", "english", "spanish", "other_language")),
    (_("Certifications"), ("certifications", "other_certifications")),
    (_("Salary wish"), ("salary_monthly", "salary_hourly", "salary_text")),
    (_("CV"), ("cv_text", "cv_text_en")),
)
FIELDS = tuple(name for _section, names in SECTIONS for name in names)
WIDE = (  # the length of a line, or more
    *("headline", "area_labels", "technical_knowledge"),
    *("certifications", "other_certifications", "cv_text", "cv_text_en"),
)


class CandidateForm(OfCandidate):
    """Every field of a person that people may write. ``seen`` is what the writer had before them."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    area_labels = forms.MultipleChoiceField(
        label=_("Areas"),
        required=False,
        choices=[(label, label) for label in AREA_LABELS],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Candidate
        fields = FIELDS
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "linkedin_url": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
            "headline": forms.Textarea(attrs={"rows": 2}),
            "technical_knowledge": forms.Textarea(attrs={"rows": 4}),
            "certifications": forms.Textarea(attrs={"rows": 2}),
            "other_certifications": forms.Textarea(attrs={"rows": 2}),
            "cv_text": forms.Textarea(attrs={"rows": 16, "lang": "pt-BR", "maxlength": LONGEST_TEXT}),
            "cv_text_en": forms.Textarea(attrs={"rows": 6, "lang": "en", "maxlength": LONGEST_TEXT}),
        }
        help_texts = {
            "name": _("First and last name, as the person writes it."),
            "phone": _("With area code: (81) 98765-1234."),
            "headline": _("What the person does, in one line: Java developer."),
            "technical_knowledge": _("Skills are found in this text and in the CV."),
            "cv_text": _("The whole text of the CV. Skills are read from it again after saving."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [area for area in self.instance.area_labels if area not in AREA_LABELS]
        areas = field_of(self, "area_labels", forms.MultipleChoiceField)
        areas.choices = [(area, area) for area in (*AREA_LABELS, *others)]
        for name in ("salary_monthly", "salary_hourly"):
            field_of(self, name, forms.DecimalField).min_value = 0

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    @property
    def values(self) -> dict[str, Any]:
        """What to write, by field of the candidate."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    # The source holds addresses and numbers of any shape: only what somebody changes must be in order

    def _is_new(self, name: str) -> bool:
        return name in self.changed_data or self.instance.pk is None

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip()
        if email and self._is_new("email"):
            try:
                validate_email(email)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("This is no e-mail address. One looks like ana@example.com.")
                ) from None
        return email

    def clean_phone(self) -> str:
        phone = " ".join(str(self.cleaned_data["phone"]).split())
        digits = sum(sign.isdigit() for sign in phone)
        if phone and self._is_new("phone") and digits < 8:
            raise forms.ValidationError(
                _("A phone number has at least eight digits; write it with the area code.")
            )
        return phone

    def clean_linkedin_url(self) -> str:
        address = str(self.cleaned_data["linkedin_url"]).strip()
        if address and self._is_new("linkedin_url") and not _is_address(address):
            raise forms.ValidationError(
                _("This is no web address. One looks like https://www.linkedin.com/in/ana-lima.")
            )
        return address

    def clean_salary_monthly(self) -> Any:
        return self._not_negative("salary_monthly")

    def clean_salary_hourly(self) -> Any:
        return self._not_negative("salary_hourly")

    def _not_negative(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value is not None and value < 0:
            raise forms.ValidationError(
                _("A salary is not less than zero. Leave it empty if it is not known.")
            )
        return value

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        for name, value in wanted.items():
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, _("The text holds a character that cannot be stored. Write it anew."))
        if not any(wanted.get(name) for name in ("name", "email", "phone", "cv_text")) and not self.errors:
            self.add_error("name", _("Write at least a name, an e-mail address, a phone number or a CV."))
        return wanted


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return False
    whole = " " not in text and "." in (parts.hostname or "")
    return whole and parts.scheme in ("http", "https")


class NoteForm(forms.Form):
    """``jobs`` are those the person stands in, as (code, title)."""

    text = forms.CharField(
        label=_("Note"),
        max_length=10_000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": ""}),
        error_messages={
            "required": _("Write something first."),
            "max_length": _("A note has at most 10,000 characters."),
        },
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Note.Kind.choices, initial=Note.Kind.NOTE, required=False
    )
    job_code = forms.ChoiceField(label=_("About the job"), required=False)

    def __init__(self, *args: Any, jobs: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job_titles = dict(jobs)
        about = field_of(self, "job_code", forms.ChoiceField)
        about.choices = [("", _("none in particular")), *self.job_titles.items()]

    @property
    def values(self) -> dict[str, Any]:
        wanted = self.cleaned_data
        return {
            "text": wanted["text"],
            "kind": wanted["kind"] or Note.Kind.NOTE,
            "job_code": wanted["job_code"],
        }
