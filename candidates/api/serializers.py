"""Shapes of candidates, as others read and write them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.candidate_forms import LONGEST_TEXT
from candidates.importing_values import AREA_LABELS
from candidates.integration.codes import refuse_addresses
from candidates.integration.sparse import SparseModel
from candidates.integration.strict import StrictSerializer
from candidates.models import Candidate, Education, Level, Profile, Seniority
from candidates.skills import skill
from candidates.veiling import shown_with

CODE = r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,31}$"  # as in the files of sources
ADDRESSES = ("api-candidate", "candidates:candidate_detail")
CONTACT = ("email", "phone", "linkedin_url")


class FoundSkillSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="As in the taxonomy, and in the filter `skill`.")
    label = serializers.CharField()  # type: ignore[assignment]  # the framework has a label of its own
    quote = serializers.CharField(
        allow_blank=True,
        help_text="Where the texts name it; empty when another skill implies it, or contact is hidden.",
    )


class ProfileSerializer(serializers.Serializer[Profile]):
    """What was read from somebody's texts."""

    skills = serializers.SerializerMethodField()
    extractor = serializers.CharField()
    version = serializers.CharField()
    read_at = serializers.DateTimeField(source="created_at")

    @extend_schema_field(FoundSkillSerializer(many=True))
    def get_skills(self, profile: Profile) -> list[dict[str, str]]:
        # A quote is cut out of a text: a street cut in two is not recognised as one, and not redacted
        quotes = {} if profile.hides_contact else profile.evidence
        return [
            {"id": name, "label": str(skill(name).label), "quote": quotes.get(name, "")}
            for name in profile.skills
        ]


class SyncedCandidateSerializer(SparseModel):
    """Somebody, as far as the caller may know. Protected attributes are no part of it."""

    name = serializers.CharField(read_only=True, allow_null=True)
    email = serializers.CharField(read_only=True, allow_null=True)
    phone = serializers.CharField(read_only=True, allow_null=True)
    linkedin_url = serializers.CharField(read_only=True, allow_null=True)
    has_cv = serializers.BooleanField(read_only=True)
    hidden = serializers.SerializerMethodField(
        help_text="identity: code is a pseudonym, name and contact are null, texts are redacted (blind "
        "review). contact: contact is null, texts are redacted. null: nothing is hidden."
    )

    class Meta:
        model = Candidate
        fields: tuple[str, ...] = (
            "code", "is_stub", "name", "email", "phone", "linkedin_url", "city", "state", "headline",
            "seniority", "area_labels", "technical_knowledge", "education", "english", "spanish",
            "other_language", "certifications", "other_certifications", "salary_monthly", "salary_hourly",
            "salary_text", "cv_text", "cv_text_en", "has_cv", "origin", "hidden", "source_created_at",
            "source_updated_at", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "enum": ["identity", "contact", None]})
    def get_hidden(self, person: Candidate) -> str | None:
        if person.hides_identity:
            return "identity"
        return "contact" if person.hides_contact else None

    def to_representation(self, person: Candidate) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(person)
        away = (*CONTACT, *(["name"] if person.hides_identity else [])) if person.hides_contact else ()
        return told | dict.fromkeys(told.keys() & set(away))


class CandidateSerializer(SyncedCandidateSerializer):
    """The same with what is told on request (``expand``)."""

    tags = serializers.SerializerMethodField(help_text="What a team calls somebody.")
    profile = serializers.SerializerMethodField(
        help_text="Skills found in the texts, each with the words that say it; null before they were read."
    )

    class Meta(SyncedCandidateSerializer.Meta):
        fields = (*SyncedCandidateSerializer.Meta.fields, "tags", "profile")
        read_only_fields = fields

    def get_tags(self, person: Any) -> list[str]:
        return sorted(shown_with(person.pk, tag.name) for tag in person.tags.all())

    @extend_schema_field(ProfileSerializer(allow_null=True))
    def get_profile(self, person: Any) -> Any:
        found = person.read_profiles
        return ProfileSerializer(found[0]).data if found else None


def _text(most: int, help_text: str = "") -> serializers.CharField:
    return serializers.CharField(
        max_length=most, required=False, allow_blank=True, allow_null=True, help_text=help_text
    )


def _choice(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, required=False, allow_null=True)


def _salary(digits: int) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=digits, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="BRL."
    )


class CandidateFieldsSerializer(StrictSerializer):
    """What may be written of somebody; null empties a field. What is left out stays as it is."""

    name = _text(200)
    email = _text(254)
    phone = _text(60, "With area code.")
    linkedin_url = _text(300)
    city = _text(120)
    state = _text(60)
    headline = _text(2_000)
    seniority = _choice(Seniority)
    area_labels = serializers.ListField(
        child=serializers.ChoiceField(choices=AREA_LABELS), required=False, allow_null=True, max_length=20
    )
    technical_knowledge = _text(LONGEST_TEXT)
    education = _choice(Education)
    english = _choice(Level)
    spanish = _choice(Level)
    other_language = _text(120)
    certifications = _text(20_000)
    other_certifications = _text(20_000)
    salary_monthly = _salary(12)
    salary_hourly = _salary(10)
    salary_text = _text(200)
    cv_text = _text(LONGEST_TEXT, "The whole text of the CV; skills are read from it.")
    cv_text_en = _text(LONGEST_TEXT)


class CandidateCodeField(serializers.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        message = _("Letters, digits and . _ / - , at most 32, the first a letter or digit.")
        super().__init__(CODE, error_messages={"invalid": message}, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        refuse_addresses(code, *ADDRESSES)
        return code


class NewCandidateSerializer(CandidateFieldsSerializer):
    """Somebody new: at least a name, an e-mail address, a phone number or a CV."""

    code = CandidateCodeField(
        required=False, help_text="The caller's own key; without it, somebody new gets one of Peneira's."
    )
    allow_duplicate = serializers.BooleanField(
        default=False, help_text="Add somebody though there are people who look like the same person."
    )


class CandidateItemSerializer(CandidateFieldsSerializer):
    """One of many: whoever has the code is changed, else somebody new gets it."""

    code = CandidateCodeField(help_text="Of the person, in the caller's system.")
