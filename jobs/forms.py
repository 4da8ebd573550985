from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, F, When
from django.utils.translation import gettext_lazy as _

from candidates.form_fields import field_of
from candidates.importing_values import AREA_LABELS
from candidates.models import Seniority
from jobs import moving
from jobs.models import Job, JobQuerySet, JobStatus, RejectionReason, Stage, WithdrawalReason

if TYPE_CHECKING:
    OfJob = forms.ModelForm[Job]
else:
    OfJob = forms.ModelForm

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
    mine = forms.BooleanField(label=_("Only my jobs"), required=False)
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

    def __init__(self, data: Any = None, *, mine: Collection[int] = ()) -> None:
        super().__init__(data, label_suffix="")
        self.own_jobs = mine
        areas = [(label, label) for label in Job.objects.areas()]
        field_of(self, "area", forms.ChoiceField).choices = [ANY, *areas]

    def apply(self, jobs: JobQuerySet) -> JobQuerySet:
        self.full_clean()
        wanted: dict[str, str] = self.cleaned_data  # without the fields that are wrong
        found = jobs.matching(wanted.get("q", ""))
        for field, lookup in LOOKUPS.items():
            if wanted.get(field):
                found = found.filter(**{lookup: _value(field, wanted[field])})
        if wanted.get("mine"):
            found = found.filter(pk__in=self.own_jobs)
        return found.with_prospect_counts().order_by(*self._order(wanted.get("sort", "")))

    def _order(self, sort: str) -> list[Any]:
        """Own jobs come first, unless another order was asked for."""
        order = SORTS[sort or "recent"]
        if sort or not self.own_jobs:
            return order
        return [Case(When(pk__in=self.own_jobs, then=0), default=1), *order]

    @property
    def active(self) -> list[str]:
        """Names of the filters that are set; the sort order is none."""
        return [name for name in self.fields if name != "sort" and self.data.get(name, "").strip()]

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that are folded away is set."""
        return bool(set(self.active) - {"q", "status", "mine"})


LOOKUPS = {
    "status": "status",
    "area": "area_labels__contains",
    "seniority": "seniority",
    "city": "city__unaccent__icontains",
    "client": "client__unaccent__icontains",
}


def _value(field: str, value: str) -> str | list[str]:
    return [value] if field == "area" else value


class MoveForm(forms.Form):
    """Where somebody is moved, and why where the stage asks for it."""

    to = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    reason_code = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[*RejectionReason.choices, *WithdrawalReason.choices]
    )
    reason = forms.CharField(
        label=_("In your words"), required=False, max_length=moving.REASON_LENGTH, widget=forms.Textarea
    )

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or {}
        if "to" in wanted and "reason_code" not in self.errors:
            try:
                moving.known_reason(Stage(wanted["to"]), wanted.get("reason_code", ""))
            except moving.ReasonMissing as error:
                self.add_error("reason_code", str(error))
        return wanted

    @property
    def stage(self) -> Stage | None:
        wanted = self.data.get("to", "")
        return Stage(wanted) if wanted in Stage.values else None

    @property
    def reasons(self) -> list[tuple[str, Any]]:
        """The reasons that the stage asks for."""
        asked = moving.REASONS.get(self.stage) if self.stage else None
        return list(asked.choices) if asked else []


class JobForm(OfJob):
    """What a person writes of a job; requirements are proposed from its texts.

    ``seen``: which version of the job the writer had before them (``jobs.editing.stamp``).
    """

    PRIORITIES = (("", _("not stated")), ("high", _("high")), ("medium", _("medium")), ("low", _("low")))
    CONTRACTS = (
        ("clt", "CLT"),
        ("pj", "PJ"),
        ("cooperative", _("cooperative")),
        ("hunting", "Hunting"),
        ("intern", _("internship")),
        ("open", _("the candidate may choose")),
    )

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=300)
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=PRIORITIES)
    contract_types = forms.MultipleChoiceField(
        label=_("Contract"), required=False, choices=CONTRACTS, widget=forms.CheckboxSelectMultiple
    )
    area_labels = forms.MultipleChoiceField(
        label=_("Areas"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Job
        fields = [
            *("title", "client", "city", "state", "country"),
            *("activities", "competences", "remarks"),
            *("seniority", "education", "english", "spanish", "other_language"),
            *("area_labels", "contract_types", "salary_monthly", "priority"),
            *("requested_on", "deadline_on", "sap", "reserved_for_disabled"),
        ]
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("requested_on", "deadline_on")
        } | {name: forms.Textarea(attrs={"rows": 6}) for name in ("activities", "competences", "remarks")}
        help_texts = {
            "activities": _("What the person will do."),
            "competences": _("What they must know, and what is nice to have: requirements are read here."),
            "remarks": _("Pay, place, way of working, the client."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._offer("contract_types", self.CONTRACTS)
        self._offer("area_labels", [(label, label) for label in AREA_LABELS])
        for name, field in self.fields.items():
            described = [f"id_{name}-help"] if field.help_text else []
            described += [f"id_{name}-errors"] if self.is_bound and name in self.errors else []
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """What only a source knows stays possible where the job has it."""
        offered = list(choices)
        known = {value for value, _label in offered}
        own = [value for value in getattr(self.instance, name) if value not in known]
        choices = [*offered, *((value, value) for value in own)]
        field_of(self, name, forms.MultipleChoiceField).choices = choices

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("requested_on"), data.get("deadline_on")
        if start and end and end < start:
            self.add_error("deadline_on", _("This day is before the day of the request."))
        for name in ("activities", "competences", "remarks"):
            data[name] = data.get(name, "").replace("\x00", "").replace("\r\n", "\n")
        return data

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as a person fills them in, under headings."""
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS]


GROUPS: list[tuple[Any, tuple[str, ...]]] = [
    (_("The position"), ("title", "client", "city", "state", "country")),
    (_("What is asked"), ("activities", "competences", "remarks")),
    (
        _("Level and languages"),
        ("seniority", "education", "english", "spanish", "other_language", "sap"),
    ),
    (
        _("Terms"),
        ("contract_types", "salary_monthly", "reserved_for_disabled", "area_labels", "priority"),
    ),
    (_("Days"), ("requested_on", "deadline_on")),
]
