from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import CandidateQuerySet, Education, Level, Seniority
from candidates.skills import all_skills

ANY = ("", _("any"))
SORTS = {
    "recent": ["-updated_at", "-pk"],
    "name": ["name", "pk"],
    "created": ["-source_created_at", "-pk"],
}


def _skill_choices() -> list[tuple[str, object]]:
    skills = sorted(all_skills(), key=lambda skill: skill.label.casefold())
    return [ANY, *((skill.id, skill.label) for skill in skills)]


class CandidateFilter(forms.Form):
    """Filters of the candidate list; every field is optional, unknown values are ignored with a word."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200, strip=True)
    skill = forms.ChoiceField(label=_("Skill"), required=False, choices=_skill_choices)
    place = forms.CharField(label=_("City or state"), required=False, max_length=80, strip=True)
    seniority = forms.ChoiceField(
        label=_("Seniority"), required=False, choices=[ANY, *(c for c in Seniority.choices if c[0])]
    )
    education = forms.ChoiceField(
        label=_("Education"), required=False, choices=[ANY, *(c for c in Education.choices if c[0])]
    )
    english = forms.ChoiceField(
        label=_("English"), required=False, choices=[ANY, *(c for c in Level.choices if c[0])]
    )
    data = forms.ChoiceField(
        label=_("Record"),
        required=False,
        choices=[ANY, ("cv", _("with CV")), ("no_cv", _("without CV")), ("stub", _("only a code"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort"),
        required=False,
        choices=[
            ("", _("best match, else latest change")),
            ("recent", _("latest change")),
            ("name", _("name")),
            ("created", _("newest at the source")),
        ],
    )

    def apply(self, candidates: CandidateQuerySet) -> CandidateQuerySet:
        wanted = self.cleaned_data if self.is_valid() else self._valid_part()
        found = candidates.matching(wanted.get("q", ""))
        for field in ("seniority", "education", "english"):
            if wanted.get(field):
                found = found.filter(**{field: wanted[field]})
        if wanted.get("skill"):
            found = found.with_skill(wanted["skill"])
        if wanted.get("place"):
            found = found.filter(Q(city__icontains=wanted["place"]) | Q(state__icontains=wanted["place"]))
        found = self._by_data(found, wanted.get("data", ""))
        sort = wanted.get("sort", "")
        if sort or not wanted.get("q"):
            found = found.order_by(*SORTS[sort or "recent"])
        return found

    def _valid_part(self) -> dict[str, str]:
        return getattr(self, "cleaned_data", {})

    @staticmethod
    def _by_data(found: CandidateQuerySet, data: str) -> CandidateQuerySet:
        if data == "stub":
            return found.filter(is_stub=True)
        if data == "cv":
            return found.exclude(cv_text="")
        if data == "no_cv":
            return found.filter(cv_text="", is_stub=False)
        return found

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "sort")
