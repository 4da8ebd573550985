"""What people say of a ranking: an opinion of somebody, factors for the groups of reasons."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.models import Feedback
from scoring.opinions import MOST_CHARACTERS
from scoring.weighing import LEAST, MOST, STEP, Weighable

PREFIX = "w_"


class FeedbackForm(forms.Form):
    candidate = forms.CharField(max_length=80)
    verdict = forms.ChoiceField(
        choices=Feedback.Verdict.choices,
        error_messages={"invalid_choice": _("Say fit or not fit."), "required": _("Say fit or not fit.")},
    )
    reasons = forms.MultipleChoiceField(choices=Feedback.Reason.choices, required=False)
    note = forms.CharField(max_length=MOST_CHARACTERS, required=False, label=_("Note"))


class WeightsForm(forms.Form):
    """One number for each group of reasons; what is missing counts as the model says."""

    def __init__(self, data: Any, groups: Sequence[Weighable]) -> None:
        super().__init__(data, label_suffix="")
        for group in groups:
            self.fields[PREFIX + group.name] = forms.FloatField(
                label=str(group.label), min_value=LEAST, max_value=MOST, step_size=STEP, required=False
            )

    def weights(self) -> dict[str, float]:
        """Of the fields that are right: a wrong one is told, and counts as the model says."""
        given = ((name.removeprefix(PREFIX), value) for name, value in self.cleaned_data.items())
        return {name: float(value) for name, value in given if value is not None and value != 1}
