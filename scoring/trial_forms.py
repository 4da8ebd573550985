from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Candidate, Education, Level, Seniority
from jobs.models import Job
from scoring.models import ModelVersion
from scoring.trying import MOST_CHARACTERS, NotUnderstood, Trial, person_of_json, try_out

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    Choice = forms.ModelChoiceField[ModelVersion]
else:
    Choice = forms.ModelChoiceField

FIELDS = ("headline", "technical_knowledge", "city", "state", "seniority", "education", "english", "spanish")

RECORD_HELP = gettext_lazy(
    "One record of the applicants file, or an object with fields such as headline, cv_text, seniority. "
    "It counts instead of the fields above."
)


def _named(choices: Any) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("not stated")), *(choice for choice in choices.choices if choice[0])]


class VersionChoice(Choice):
    def label_from_instance(self, obj: ModelVersion) -> str:
        return f"{obj} · {obj.recipe} · {obj.get_state_display()}"


class TrialForm(forms.Form):
    """A person in fields, or as a pasted record; the record, when there is one, counts alone."""

    cv_text = forms.CharField(
        label=gettext_lazy("CV"), required=False, max_length=MOST_CHARACTERS, widget=forms.Textarea
    )
    headline = forms.CharField(label=gettext_lazy("Headline"), required=False, max_length=300)
    technical_knowledge = forms.CharField(
        label=gettext_lazy("Technical knowledge"), required=False, max_length=20_000, widget=forms.Textarea
    )
    city = forms.CharField(label=gettext_lazy("City"), required=False, max_length=120)
    state = forms.CharField(label=gettext_lazy("State"), required=False, max_length=60)
    seniority = forms.ChoiceField(
        label=gettext_lazy("Professional level"), required=False, choices=_named(Seniority)
    )
    education = forms.ChoiceField(label=gettext_lazy("Education"), required=False, choices=_named(Education))
    english = forms.ChoiceField(label=gettext_lazy("English"), required=False, choices=_named(Level))
    spanish = forms.ChoiceField(label=gettext_lazy("Spanish"), required=False, choices=_named(Level))
    salary_monthly = forms.DecimalField(
        label=gettext_lazy("Salary wish, BRL a month"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
    )
    record = forms.CharField(
        label=gettext_lazy("Record (JSON)"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea,
        help_text=RECORD_HELP,
    )
    job = forms.CharField(
        label=gettext_lazy("Code of a job"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("Empty: the open jobs that fit best."),
    )
    model = VersionChoice(
        label=gettext_lazy("Model"),
        queryset=ModelVersion.objects.defer("card", "metrics", "feature_names").order_by("-number"),
        required=False,
        to_field_name="number",
        empty_label=gettext_lazy("the one in use"),
    )

    def clean_job(self) -> Job | None:
        code = self.cleaned_data["job"].strip()
        if not code:
            return None
        job = Job.objects.filter(code=code).first()
        if job is None:
            raise forms.ValidationError(_("There is no job with this code."))
        if job.is_stub:
            raise forms.ValidationError(
                _("Only the code of this job is known: there is nothing to compare with.")
            )
        return job

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return wanted
        wanted["version"] = wanted.get("model") or ModelVersion.objects.champion()
        if wanted["version"] is None:
            raise forms.ValidationError(_("No model is in use yet. Train one first."))
        wanted["person"] = self._person(wanted)
        if not wanted["person"].has_profile:
            raise forms.ValidationError(
                _("There is nothing to score: a CV, headline, technical knowledge or education is needed.")
            )
        return wanted

    def _person(self, wanted: dict[str, Any]) -> Candidate:
        if wanted["record"].strip():
            try:
                return person_of_json(wanted["record"])
            except NotUnderstood as error:
                raise forms.ValidationError({"record": str(error)}) from None
        values = {name: wanted[name] for name in (*FIELDS, "cv_text", "salary_monthly")}
        return Candidate(**values)

    def try_out(self, *, by: "User") -> Trial:
        """What the model says. Raises ``scoring.ml.artifact.ArtifactError``."""
        wanted = self.cleaned_data
        return try_out(wanted["person"], wanted["version"], job=wanted["job"], by=by)
