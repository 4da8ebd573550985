from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.figures import words
from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy, ModelVersion, ModelVersionQuerySet, ReviewMark

ANY = ("", _("any"))
RECIPE_NAMES = [(name, name) for name in RECIPES]


class TrainForm(forms.Form):
    """What to train; without a label policy the recipe's own is taken."""

    recipe = forms.ChoiceField(label=_("Recipe"), choices=RECIPE_NAMES)
    label_policy = forms.ChoiceField(
        label=_("What counts as a hire"),
        required=False,
        choices=[("", _("as the recipe says")), *LabelPolicy.choices],
    )

    def recipes(self) -> list[tuple[str, Any]]:
        """Each recipe with the line that says what it is for."""
        return [(name, words.RECIPES.get(name, "")) for name in RECIPES]


class VersionFilter(forms.Form):
    """Filters of the registry; every field is optional, a wrong one is said and not applied."""

    recipe = forms.ChoiceField(label=_("Recipe"), required=False, choices=[ANY, *RECIPE_NAMES])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *ModelVersion.State.choices])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")

    def apply(self, versions: ModelVersionQuerySet) -> ModelVersionQuerySet:
        self.full_clean()
        return versions.filter(**{name: value for name, value in self.cleaned_data.items() if value})

    @property
    def active(self) -> bool:
        """Whether somebody asked for less than everything."""
        return any(self.data.get(name) for name in self.fields)


class MarkForm(forms.Form):
    """One person's judgement of one prediction; without a mark it is taken back.

    ``KEEP`` leaves the mark as it is and writes the note.
    """

    KEEP = "keep"

    candidate = forms.IntegerField(min_value=1)
    job = forms.IntegerField(min_value=1)
    mark = forms.ChoiceField(required=False, choices=[("", ""), (KEEP, KEEP), *ReviewMark.Mark.choices])
    note = forms.CharField(required=False, max_length=300)
