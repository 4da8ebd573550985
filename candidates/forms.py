"""What the candidate list can be asked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from candidates.models import Education, Level, SavedSearch, Seniority
from candidates.search import standing
from candidates.search.facets import RECORD_LABELS
from candidates.search.finding import Asked
from candidates.skills import all_skills

if TYPE_CHECKING:
    OfSavedSearch = forms.ModelForm[SavedSearch]
else:
    OfSavedSearch = forms.ModelForm

LONGEST_TEXT = 300  # characters of the search box
MOST_VALUES = 20  # of one filter
SORTS = [
    ("", _("best first")),
    ("relevance", _("relevance")),
    ("recent", _("latest change")),
    ("name", _("name")),
    ("created", _("newest at the source")),
]


def _skills() -> list[tuple[str, object]]:
    return [(skill.id, skill.label) for skill in all_skills()]


def _named(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [choice for choice in choices if choice[0]]


class AnyValues(forms.MultipleChoiceField):
    """Values that the data decides, as cities."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 120 and "\0" not in str(value)


class CandidateFilter(forms.Form):
    """Every field is optional; a wrong one is said and not applied, the others are."""

    q = forms.CharField(label=_("Search"), required=False, max_length=LONGEST_TEXT, strip=True)
    place = forms.CharField(label=_("City or state"), required=False, max_length=80, strip=True)
    skill = forms.MultipleChoiceField(label=_("Skill"), required=False, choices=_skills)
    state = AnyValues(label=_("State"), required=False)
    city = AnyValues(label=_("City"), required=False)
    seniority = forms.MultipleChoiceField(
        label=_("Seniority"), required=False, choices=_named(Seniority.choices)
    )
    english = forms.MultipleChoiceField(label=_("English"), required=False, choices=_named(Level.choices))
    education = forms.MultipleChoiceField(
        label=_("Education"), required=False, choices=_named(Education.choices)
    )
    tag = AnyValues(label=_("Tag"), required=False)
    record = forms.MultipleChoiceField(label=_("Record"), required=False, choices=list(RECORD_LABELS.items()))
    stage = forms.MultipleChoiceField(
        label=_("Stage in an open job"), required=False, choices=standing.stages
    )
    job = forms.CharField(label=_("Order by fit to job"), required=False, max_length=32, strip=True)
    sort = forms.ChoiceField(label=_("Sort"), required=False, choices=SORTS)

    LISTS = ("skill", "state", "city", "seniority", "english", "education", "tag", "stage", "record")
    NOT_FILTERS = ("sort", "job")

    @property
    def asked(self) -> Asked:
        self.full_clean()
        known: dict[str, Any] = dict(self.cleaned_data)  # without the fields that are wrong
        for name in self.LISTS:
            known[name] = tuple(dict.fromkeys(known.get(name) or ()))[:MOST_VALUES]
        return Asked(text=known.pop("q", "") or "", **known)

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name not in self.NOT_FILTERS)


def asked_in(query: str) -> Asked:
    """What a kept address of the list asks."""
    return CandidateFilter(QueryDict(query)).asked


def query_of(asked: Asked) -> str:
    """The address of the list that asks it, as short as it can be."""
    pairs = [("q", asked.text), ("place", asked.place)]
    pairs += [(name, value) for name in CandidateFilter.LISTS for value in getattr(asked, name)]
    pairs += [("job", asked.job), ("sort", asked.sort)]
    return urlencode([(name, value) for name, value in pairs if value])


class SavedSearchForm(OfSavedSearch):
    class Meta:
        model = SavedSearch
        fields = ("name", "shared", "watched")

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())
