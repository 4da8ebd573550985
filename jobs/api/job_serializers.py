"""Jobs and what they ask for, as other systems read and write them."""

from collections.abc import Mapping
from typing import Any, Final

from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from candidates.integration.codes import refuse_addresses
from candidates.integration.faults import NOT_A_CHOICE
from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import Education, Level, Seniority
from jobs.forms import JobForm
from jobs.models import Job, JobStatus, Requirement
from jobs.requirement_forms import LEVELS
from jobs.requirements.editing import named

CODE: Final = r"[A-Za-z0-9][A-Za-z0-9._:-]{0,31}"
ADDRESSES: Final = ("api-job", "jobs:job_detail")
OWN_CODES: Final = "P-"  # of jobs made here without a code


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    text = serializers.CharField(
        source="label", read_only=True, help_text="In the caller's language (Accept-Language)."
    )

    class Meta:
        model = Requirement
        fields = ("id", "kind", "value", "must", "quote", "text")
        read_only_fields = fields


class JobSerializer(SparseModel):
    """``requirements`` are told on request (``expand``) or when ``fields`` names them."""

    requirements = serializers.SerializerMethodField(help_text="What it asks of candidates, in force.")

    class Meta:
        model = Job
        fields = (
            *("code", "title", "client", "status", "is_stub", "requested_on", "deadline_on"),
            *("country", "city", "state", "seniority", "education", "english", "spanish", "other_language"),
            *("area_labels", "contract_types", "salary_monthly", "sap", "reserved_for_disabled"),
            *("priority", "origin", "purpose", "activities", "competences", "remarks", "modality"),
            *("blind", "reveal_stage", "requirements", "created_at", "updated_at", "edited_at"),
        )
        read_only_fields = fields

    def get_requirements(self, job: Job) -> list[dict[str, Any]]:
        rows = [row for row in job.requirements.all() if not row.dismissed]
        return list(RequirementSerializer(rows, many=True).data)


def _text(most: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most, **more)


def _choice(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, required=False, allow_blank=True)


class JobWriteSerializer(StrictSerializer):
    """What may be written of a job. The form of the pages has the last word on it."""

    title = _text(300)
    client = _text(200)
    status = serializers.ChoiceField(choices=JobStatus.choices, required=False)
    city = _text(120)
    state = _text(60)
    country = _text(60)
    activities = _text(20_000)
    competences = _text(20_000, help_text="Requirements are read here.")
    remarks = _text(20_000)
    seniority = _choice([value for value in Seniority.values if value])
    education = _choice([value for value in Education.values if value])
    english = _choice([value for value in Level.values if value])
    spanish = _choice([value for value in Level.values if value])
    other_language = _text(120)
    area_labels = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    contract_types = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    salary_monthly = serializers.DecimalField(
        max_digits=10,
        decimal_places=2,
        min_value=0,
        required=False,
        allow_null=True,
        help_text="BRL a month.",
    )
    priority = _choice([value for value, _label in JobForm.PRIORITIES if value])
    requested_on = serializers.DateField(required=False, allow_null=True)
    deadline_on = serializers.DateField(required=False, allow_null=True)
    sap = serializers.BooleanField(required=False)
    reserved_for_disabled = serializers.BooleanField(required=False)


class JobCreateSerializer(JobWriteSerializer):
    code = serializers.RegexField(
        f"^{CODE}$",
        required=False,
        help_text="Your own key for it; without one, one is made, which begins with P-.",
        error_messages={"invalid": _("Letters, digits, dots, hyphens, colons and underscores; at most 32.")},
    )
    title = serializers.CharField(max_length=300)

    def validate_code(self, code: str) -> str:
        if code.upper().startswith(OWN_CODES):
            text = _("Codes that begin with %(prefix)s are made here.") % {"prefix": OWN_CODES}
            raise serializers.ValidationError(text, code="reserved")
        refuse_addresses(code, *ADDRESSES)
        return code


class JobItemSerializer(JobWriteSerializer):
    """One job of many, made or changed by its code; a new one needs a title."""

    code = serializers.CharField(max_length=32)


class RequirementWriteSerializer(StrictSerializer):
    kind = serializers.ChoiceField(choices=Requirement.Kind.choices)
    value = serializers.CharField(
        max_length=80,
        help_text="A skill's id or name; the code of a level; or words to be found in the CV.",
    )
    must = serializers.BooleanField(default=True, help_text="false: nice to have.")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind, value = asked["kind"], asked["value"]
        if kind == Requirement.Kind.SKILL:
            return asked | {"value": _skill(value)}
        levels = [code for code, _label in LEVELS.get(kind, ())]
        if levels and value not in levels:
            text = _("Must be one of: %(choices)s.") % {"choices": ", ".join(levels)}
            told = serializers.ErrorDetail(str(text), code=NOT_A_CHOICE)
            raise serializers.ValidationError({"value": [told]})
        return asked


def _skill(text: str) -> str:
    skill = named(text)
    if skill is not None:
        return skill.id
    told = _("This is no skill of the taxonomy. Ask for it as words.")
    raise serializers.ValidationError({"value": [serializers.ErrorDetail(str(told), code="unknown_skill")]})


class RequirementChangeSerializer(StrictSerializer):
    must = serializers.BooleanField()


def checked(job: Job, values: Mapping[str, Any]) -> "ModelForm[Job]":
    """The form of the pages, filled with the job as it is and with ``values``. Raises ValidationError."""
    fields = JobForm.Meta.fields
    now = {name: getattr(job, name) for name in fields}
    form = JobForm({**now, **{name: value for name, value in values.items() if name in fields}}, instance=job)
    if form.is_valid():
        return form
    raise serializers.ValidationError(
        {
            "" if name == "__all__" else name: [
                serializers.ErrorDetail(text, code=error.code or "invalid")
                for error in errors
                for text in error.messages
            ]
            for name, errors in form.errors.as_data().items()
        }
    )
