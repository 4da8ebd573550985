from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from candidates.models import Seniority
from jobs.models import Job, JobQuerySet, JobStatus

ANY = ("", _("any"))
# What is known of a job by its code alone comes last, as does a job without a date
NEWEST, OLDEST = F("requested_on").desc(nulls_last=True), F("requested_on").asc(nulls_last=True)
SORTS: dict[str, list[Any]] = {
    "recent": ["is_stub", NEWEST, "-pk"],
    "oldest": ["is_stub", OLDEST, "pk"],
    "title": ["is_stub", "title", "pk"],
    "client": ["is_stub", "client", NEWEST, "pk"],
    "prospects": ["-prospect_count", NEWEST, "pk"],
}


class JobFilter(forms.Form):
    """Filters of the job list; every field is optional, a wrong one is said and not applied."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *JobStatus.choices])
    area = forms.ChoiceField(label=_("Area"), required=False)
    seniority = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[ANY, *(choice for choice in Seniority.choices if choice[0])],
    )
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    client = forms.CharField(label=_("Client"), required=False, max_length=200)
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("newest")),
            ("oldest", _("oldest")),
            ("title", _("title")),
            ("client", _("client")),
            ("prospects", _("most prospects")),
        ],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101
        area.choices = [ANY, *((label, label) for label in Job.objects.areas())]

    def apply(self, jobs: JobQuerySet) -> JobQuerySet:
        self.full_clean()
        wanted: dict[str, str] = self.cleaned_data  # without the fields that are wrong
        found = jobs.matching(wanted.get("q", ""))
        for field, lookup in LOOKUPS.items():
            if wanted.get(field):
                found = found.filter(**{lookup: _value(field, wanted[field])})
        return found.with_prospect_counts().order_by(*SORTS[wanted.get("sort") or "recent"])

    @property
    def active(self) -> list[str]:
        """Names of the filters that are set; the sort order is none."""
        return [name for name in self.fields if name != "sort" and self.data.get(name, "").strip()]

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that are folded away is set."""
        return bool(set(self.active) - {"q", "status"})


LOOKUPS = {
    "status": "status",
    "area": "area_labels__contains",
    "seniority": "seniority",
    "city": "city__unaccent__icontains",
    "client": "client__unaccent__icontains",
}


def _value(field: str, value: str) -> str | list[str]:
    return [value] if field == "area" else value
