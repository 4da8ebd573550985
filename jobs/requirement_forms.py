"""What a recruiter adds to a job's requirements: a skill or words, or a level."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candidates.form_fields import field_of
from candidates.models import Education, Level, Seniority
from jobs.models import Requirement
from jobs.requirements import editing

Kind = Requirement.Kind
MUST = "must"
SIDES = [(MUST, _("required")), ("nice", _("nice to have"))]
# What an order of levels has no place for cannot be met
LEVELS = {
    Kind.SENIORITY: [choice for choice in Seniority.choices if choice[0] not in ("", Seniority.OTHER)],
    Kind.EDUCATION: [choice for choice in Education.choices if choice[0]],
    Kind.ENGLISH: [choice for choice in Level.choices if choice[0] not in ("", Level.NONE)],
    Kind.SPANISH: [choice for choice in Level.choices if choice[0] not in ("", Level.NONE)],
}


class _Asked(forms.Form):
    side = forms.ChoiceField(
        label=_("How much it matters"), choices=SIDES, initial=MUST, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"label_suffix": "", "auto_id": f"{type(self).__name__.lower()}_%s"}
        super().__init__(*args, **kwargs)

    def asked(self) -> dict[str, Any]:
        """As ``editing.add`` wants it."""
        return {**self._what(), "must": self.cleaned_data["side"] == MUST}

    def _what(self) -> dict[str, str]:
        raise NotImplementedError


class WordsForm(_Asked):
    """A skill by its name; what is none is looked for in CVs as it is written."""

    what = forms.CharField(
        label=_("Skill, or words to be found in the CV"),
        max_length=80,
        error_messages={"required": _("Write what you ask for, for example Java or CNH B.")},
    )
    exact = forms.BooleanField(label=_("Look for exactly these words"), required=False)

    field_order = ("what", "exact", "side")

    def _what(self) -> dict[str, str]:
        text, exact = self.cleaned_data["what"], self.cleaned_data["exact"]
        skill = None if exact else editing.named(text)
        if skill is None:
            return {"kind": Kind.WORDS, "value": text}
        return {"kind": Kind.SKILL, "value": skill.id}


class LevelForm(_Asked):
    level = forms.ChoiceField(
        label=_("Level"),
        error_messages={"required": _("Choose a level."), "invalid_choice": _("Choose a level.")},
    )

    field_order = ("level", "side")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (str(kind.label).capitalize(), [(f"{kind.value}:{code}", label) for code, label in choices])
            for kind, choices in LEVELS.items()
        ]
        field_of(self, "level", forms.ChoiceField).choices = [("", gettext("choose")), *groups]

    def _what(self) -> dict[str, str]:
        kind, _colon, value = self.cleaned_data["level"].partition(":")
        return {"kind": kind, "value": value}
