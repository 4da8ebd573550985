"""Candidates and jobs as a request describes them: read, never stored."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.importing_values import AREA_LABELS
from candidates.integration.strict import StrictSerializer
from candidates.models import Candidate, Education, Level, Seniority
from jobs.forms import JobForm
from jobs.models import SCALES, Job, Requirement
from jobs.requirements import JobFacts, propose_requirements
from jobs.requirements.editing import FACTS, named
from jobs.requirements.refusing import refused
from scoring.trying import MOST_CHARACTERS, NotUnderstood, is_of_source, of_source, storable

LINE = 300
PARAGRAPHS = 50_000
MOST_REQUIREMENTS = 60


def line(limit: int = LINE, **values: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=limit, **values)


def text(limit: int = PARAGRAPHS, **values: Any) -> serializers.CharField:
    return line(limit, trim_whitespace=False, **values)


def code_of(choices: Any, **values: Any) -> serializers.ChoiceField:
    stated = [choice for choice in choices.choices if choice[0]]
    return serializers.ChoiceField(choices=stated, required=False, allow_blank=True, **values)


def amount(**values: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        required=False, allow_null=True, min_value=0, max_digits=9, decimal_places=2, **values
    )


def areas() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=[(label, label) for label in AREA_LABELS]),
        required=False,
        max_length=len(AREA_LABELS),
    )


# Candidates


class DescribedCandidateSerializer(StrictSerializer):
    """A candidate by our own field names; what is left out is unknown. Nothing of it is stored."""

    headline = text(2_000)
    cv_text = text(MOST_CHARACTERS, help_text="The CV, as plain text.")
    cv_text_en = text(MOST_CHARACTERS)
    technical_knowledge = text()
    certifications = text()
    other_certifications = text()
    area_labels = areas()
    seniority = code_of(Seniority)
    education = code_of(Education)
    english = code_of(Level)
    spanish = code_of(Level)
    other_language = line()
    city = line()
    state = line()
    salary_monthly = amount(help_text="Salary wish in BRL a month.")
    salary_hourly = amount(help_text="Salary wish in BRL an hour.")
    name = line(help_text="Only so that it can be taken out of the texts.")
    email = line()
    phone = line()
    linkedin_url = line()


CODE_SCHEMA: dict[str, Any] = {
    "type": ["string", "integer"],
    "minLength": 1,
    "maxLength": 32,
    "minimum": 0,
    "description": "A code; a number is taken for what it says.",
    "example": "31001",
}
_SOURCE_RECORD: dict[str, Any] = {
    "type": "object",
    "description": "A record of the source's applicants file, with its sections; other names are ignored.",
    "properties": {
        **{
            name: {"type": "object", "additionalProperties": True}
            for name in (
                *("infos_basicas", "informacoes_pessoais"),
                *("informacoes_profissionais", "formacao_e_idiomas"),
            )
        },
        "cv_pt": {"type": "string"},
        "cv_en": {"type": "string"},
    },
    "additionalProperties": True,
}


class CandidateField(serializers.Field[Candidate, Any, Any, Any]):
    """An unsaved candidate from our own field names or from the source's sections."""

    def to_internal_value(self, data: Any) -> Candidate:
        if not isinstance(data, Mapping) or not data:
            raise serializers.ValidationError(
                _("Must be an object with the fields of a candidate."), code="not_an_object"
            )
        record = _storable(data)
        return _of_source(record) if is_of_source(record) else _of_fields(record)


def _storable(data: Any) -> Any:
    try:
        return storable(data)
    except (ValueError, RecursionError):
        raise serializers.ValidationError(_("This is nested too deeply, or no JSON.")) from None


def _of_source(record: Mapping[str, Any]) -> Candidate:
    try:
        return of_source(record)
    except NotUnderstood as error:
        raise serializers.ValidationError(str(error)) from None


def _of_fields(record: Mapping[str, Any]) -> Candidate:
    described = DescribedCandidateSerializer(data=record)
    described.is_valid(raise_exception=True)
    return Candidate(**described.validated_data)


class CandidateOrCodeField(CandidateField):
    """The code of a stored candidate, as text, or a candidate who is described."""

    def to_internal_value(self, data: Any) -> Any:
        return read_code(data) if isinstance(data, str | int) else super().to_internal_value(data)


class CandidateFieldSchema(OpenApiSerializerFieldExtension):
    """Our field names or the source's sections; where a code is taken, that too."""

    target_class = CandidateField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        ours = auto_schema.resolve_serializer(DescribedCandidateSerializer, direction).ref
        described = [ours, _SOURCE_RECORD]
        if isinstance(self.target, CandidateOrCodeField):
            return {"anyOf": [CODE_SCHEMA, *described]}
        return {"anyOf": described}


def read_code(data: Any) -> str:
    """A code as text; numbers, which many systems write, are taken for what they say."""
    if isinstance(data, bool) or not isinstance(data, str | int):
        raise serializers.ValidationError(_("Must be a code, as text."))
    code = str(data).strip()
    if not 0 < len(code) <= 32 or "\0" in code or not code.isprintable():
        raise serializers.ValidationError(_("Must be a code of 1 to 32 characters."))
    return code


# Jobs


class DescribedRequirementSerializer(StrictSerializer):
    """What the job asks: a skill by its name, a level by its code, or words that a CV must hold."""

    kind = serializers.ChoiceField(choices=Requirement.Kind.choices)
    value = serializers.CharField(max_length=80)
    must = serializers.BooleanField(default=True, help_text="Whether it is required, or nice to have.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind, value = attrs["kind"], attrs["value"]
        if kind == Requirement.Kind.SKILL:
            return attrs | {"value": _skill(value)}
        if kind == Requirement.Kind.WORDS:
            _refuse_protected(value)
        elif value not in (codes := [code for code in SCALES.get(kind, Level).values if code]):
            told = _("Must be one of: %(codes)s.") % {"codes": ", ".join(codes)}
            raise serializers.ValidationError({"value": told}, code="not_a_choice")
        return attrs


def _skill(value: str) -> str:
    found = named(value)
    if found is None:
        _refuse_protected(value)
        told = _("There is no such skill. Ask for the words instead: kind “words”.")
        raise serializers.ValidationError({"value": told}, code="unknown_skill")
    return found.id


def _refuse_protected(words: str) -> None:
    if refusal := refused(words):
        raise serializers.ValidationError({"value": str(refusal.criterion.reason)}, code="protected")


class DescribedJobSerializer(StrictSerializer):
    """A job by our own field names; nothing of it is stored. Without ``requirements`` they are proposed from
    its text, as for a job that is imported; with an empty list nothing is asked."""

    title = line()
    client = line(200)
    activities = text()
    competences = text()
    remarks = text()
    requested_on = serializers.DateField(required=False, allow_null=True)
    city = line(120)
    state = line(60)
    seniority = code_of(Seniority)
    education = code_of(Education)
    english = code_of(Level)
    spanish = code_of(Level)
    area_labels = areas()
    contract_types = serializers.ListField(
        child=serializers.ChoiceField(choices=JobForm.CONTRACTS), required=False, max_length=10
    )
    sap = serializers.BooleanField(required=False)
    salary_monthly = amount(help_text="What it pays, BRL a month.")
    priority = serializers.ChoiceField(choices=JobForm.PRIORITIES[1:], required=False, allow_blank=True)
    origin = serializers.ChoiceField(choices=["new", "replacement"], required=False, allow_blank=True)
    requirements = serializers.ListField(
        child=DescribedRequirementSerializer(), required=False, max_length=MOST_REQUIREMENTS
    )


@extend_schema_field(DescribedJobSerializer)
class JobField(serializers.Field[Any, Any, Any, Any]):
    """An unsaved job with what it asks: (``Job``, unsaved requirements)."""

    def to_internal_value(self, data: Any) -> tuple[Job, list[Requirement]]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(
                _("Must be an object with the fields of a job."), code="not_an_object"
            )
        described = DescribedJobSerializer(data=_storable(data))
        described.is_valid(raise_exception=True)
        values = dict(described.validated_data)
        asked = values.pop("requirements", None)
        job = Job(**values)
        return job, _proposed(job) if asked is None else [Requirement(**one) for one in asked]


def _proposed(job: Job) -> list[Requirement]:
    facts = JobFacts(**{name: getattr(job, name) for name in FACTS})
    return [
        Requirement(kind=draft.kind, value=draft.value[:80], must=draft.must)
        for draft in propose_requirements(facts)
    ]
