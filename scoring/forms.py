from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy


class TrainForm(forms.Form):
    """What to train; without a label policy the recipe's own is taken."""

    recipe = forms.ChoiceField(label=_("Recipe"), choices=[(name, name) for name in RECIPES])
    label_policy = forms.ChoiceField(
        label=_("What counts as a hire"),
        required=False,
        choices=[("", _("as the recipe says")), *LabelPolicy.choices],
    )
