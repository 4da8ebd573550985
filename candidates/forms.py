from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candidates.models import CandidateQuerySet, Education, Level, Seniority
from candidates.skills import all_skills

ANY = ("", _("any"))
FIRST = ("skill", "place", "sort")
MORE = ("seniority", "education", "english", "record")  # folded away until one is used
# Stubs come last: there is nothing to read in them
SORTS: dict[str, list[Any]] = {
    "recent": ["is_stub", "-updated_at", "-pk"],
    "name": ["is_stub", "name", "pk"],
    "created": [F("source_created_at").desc(nulls_last=True), "-pk"],
}


def _skill_choices() -> list[tuple[str, object]]:
    skills = sorted(all_skills(), key=lambda skill: skill.label.casefold())
    return [ANY, *((skill.id, skill.label) for skill in skills)]


def _named(choices: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    return [ANY, *(choice for choice in choices if choice[0])]


class CandidateFilter(forms.Form):
    """Filters of the candidate list; every field is optional, a wrong one is said and not applied."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, strip=True)
    skill = forms.ChoiceField(label=_("Skill"), required=False, choices=_skill_choices)
    place = forms.CharField(label=_("City or state"), required=False, max_length=80, strip=True)
    seniority = forms.ChoiceField(label=_("Seniority"), required=False, choices=_named(Seniority.choices))
    education = forms.ChoiceField(label=_("Education"), required=False, choices=_named(Education.choices))
    english = forms.ChoiceField(label=_("English"), required=False, choices=_named(Level.choices))
    record = forms.ChoiceField(
        label=_("Record"),
        required=False,
        choices=[ANY, ("cv", _("with CV")), ("no_cv", _("without CV")), ("stub", _("known only from jobs"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[
            ("", _("relevance")),
            ("recent", _("latest change")),
            ("name", _("name")),
            ("created", _("newest at the source")),
        ],
    )

    def apply(self, candidates: CandidateQuerySet) -> CandidateQuerySet:
        self.full_clean()
        wanted = cast("dict[str, str]", self.cleaned_data)  # without the fields that are wrong
        found = candidates.matching(wanted.get("q", ""))
        for field in ("seniority", "education", "english"):
            if wanted.get(field):
                found = found.filter(**{field: wanted[field]})
        if wanted.get("skill"):
            found = found.with_skill(wanted["skill"])
        for part in wanted.get("place", "").split(","):
            found = _in_place(found, part.strip())
        found = _by_record(found, wanted.get("record", ""))
        sort = wanted.get("sort", "")
        if sort or not wanted.get("q"):
            found = found.order_by(*SORTS[sort or "recent"])
        return found

    @property
    def first_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    @property
    def more_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    @property
    def uses_more_filters(self) -> bool:
        return any(self.data.get(name) for name in MORE)

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "sort")


def _in_place(found: CandidateQuerySet, part: str) -> CandidateQuerySet:
    """`part` of a city or state, accents ignored: "sao paulo" finds São Paulo."""
    if not part:
        return found
    return found.filter(Q(city__unaccent__icontains=part) | Q(state__unaccent__icontains=part))


def _by_record(found: CandidateQuerySet, record: str) -> CandidateQuerySet:
    if record == "stub":
        return found.filter(is_stub=True)
    if record == "cv":
        return found.exclude(cv_text="")
    if record == "no_cv":
        return found.filter(cv_text="", is_stub=False)
    return found
