"""Filters, order and columns of a ranked list, as forms."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.models import Level, Seniority
from candidates.skills import skill_ids
from jobs.models import Stage
from scoring import reasons
from scoring.evidence import accept_is_shown
from scoring.models import Feedback, Ranking
from scoring.ranked_list_entries import Group
from scoring.ranked_list_filters import ACTIVE, ALL_MET, LEVELS, NO_OPINION
from scoring.ranked_list_rows import BANDS
from scoring.ranked_list_wanted import Wanted
from scoring.ranking import Asked

ANY = ("", _("any"))
FIRST = ("q", "stage", "skill", "place", "sort")  # all others are folded away until one is used
AT_LEAST = [(f"{least:g}", words) for least, _style, words in BANDS if least]
SORTS = (
    ("", _("place in the list")),
    ("score", _("score")),
    ("met", _("requirements met")),
    ("stage", _("furthest stage")),
    ("days", _("longest in the stage")),
    ("contact", _("longest without contact")),
    ("applied", _("newest application")),
    ("accept", _("likely to accept")),
    ("name", _("name")),
)


class RankedListFilter(forms.Form):
    """Every field is optional; a wrong one is said and not applied."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[ANY, (ACTIVE, _("still in the race")), *Stage.choices]
    )
    skill = forms.CharField(
        label=_("Skills"), required=False, max_length=200, help_text=_("One or more, as “Java, SQL”.")
    )
    place = forms.CharField(label=_("City or state"), required=False, max_length=80)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTS)
    met = forms.ChoiceField(label=_("Requirement met"), required=False)
    band = forms.ChoiceField(label=_("Score at least"), required=False, choices=[ANY, *AT_LEAST])
    english = forms.ChoiceField(label=_("English at least"), required=False)
    spanish = forms.ChoiceField(label=_("Spanish at least"), required=False)
    seniority = forms.ChoiceField(
        label=_("Seniority"), required=False, choices=[ANY, *(one for one in Seniority.choices if one[0])]
    )
    opinion = forms.ChoiceField(
        label=_("Feedback"),
        required=False,
        choices=[
            ANY,
            (Feedback.Verdict.FIT.value, _("fit")),
            (Feedback.Verdict.NOT_FIT.value, _("not fit")),
            (NO_OPINION, _("none yet")),
        ],
    )
    group = forms.ChoiceField(required=False, choices=[ANY, *Group.choices])
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)

    def __init__(self, data: Any = None, *, asked: list[Asked], ranking: Ranking | None) -> None:
        super().__init__(data, label_suffix="")
        self.ranking = ranking
        levels = [ANY, *((level, Level(level).label) for level in LEVELS if level != Level.NONE)]
        self._choices("english", levels)
        self._choices("spanish", levels)
        self._choices("met", [ANY, *_requirements(asked)])
        self.skills_asked = [reasons.skill_label(one["value"]) for one in asked if one["kind"] == "skill"]
        self._leave_out(asked)

    def _choices(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _leave_out(self, asked: list[Asked]) -> None:
        """Filters and orders that this list cannot answer."""
        if not asked:
            del self.fields["met"]
        left_out = set()
        if self.ranking is None or self.ranking.order == Ranking.Order.REQUIREMENTS:
            del self.fields["band"]
            left_out.add("score")
        if self.ranking is None or not accept_is_shown(self.ranking.model_version):
            left_out.add("accept")
        if self.ranking is None or not asked:
            left_out.add("met")
        self._choices("sort", [sort for sort in SORTS if sort[0] not in left_out])

    def clean_skill(self) -> tuple[str, ...]:
        """Ids of all skills that are named; a name that is none is said, and finds nobody by accident."""
        found: dict[str, None] = {}
        for name in filter(None, map(str.strip, self.cleaned_data["skill"].split(","))):
            named = skill_ids(name)
            if not named:
                text = _("“%(name)s” is no skill that is known here. Try the search box: it reads whole CVs.")
                raise forms.ValidationError(text, params={"name": name})
            found[named[0]] = None
        return tuple(found)

    def wanted(self) -> Wanted:
        self.full_clean()
        clean = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        return Wanted(**clean)

    @property
    def first_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST[1:]]

    @property
    def more_filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in (*FIRST, "group", "page")]

    @property
    def uses_more_filters(self) -> bool:
        return any(self.data.get(field.name) for field in self.more_filters)


def _requirements(asked: list[Asked]) -> list[tuple[str, Any]]:
    """Each thing that was asked when the list was made, required ones first."""
    in_order = sorted(asked, key=lambda one: not one["must"])
    each = [(f"{one['kind']}:{one['value']}", reasons.requirement_text(one)) for one in in_order]
    return [(ALL_MET, _("all required ones")), *each] if any(one["must"] for one in asked) else each
