from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring import gate
from scoring.gate import Standing
from scoring.models import ModelVersion

NONE = "none"


class PromotionForm(forms.Form):
    """What a person says who puts a version in use; which answers are needed follows from its standing."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _(gate.NEEDS_WORDS)},
    )
    overrule = forms.BooleanField(
        label=_("I decide against the gate"),
        error_messages={"required": _("Tick this to promote it all the same.")},
    )
    # Which version served when the page was made: another one meanwhile makes what was read untrue
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, version: ModelVersion, champion: ModelVersion | None, data: Any = None) -> None:
        number = str(champion.number) if champion else NONE
        super().__init__(data, label_suffix="", initial={"seen": number})
        self.champion = number
        self.standing = gate.standing(version, champion)
        self.fields["reason"].required = self.standing != Standing.PASSED
        if not self.needs_overruling:
            del self.fields["overrule"]

    @property
    def needs_overruling(self) -> bool:
        return self.standing in (Standing.FAILED, Standing.OUTDATED, Standing.NOT_JUDGED)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.fields["reason"].required and not gate.has_words(reason):
            raise forms.ValidationError(_(gate.NEEDS_WORDS))
        return reason

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.champion:
            raise forms.ValidationError(
                _("Another version began to serve meanwhile. Look at this page again, then decide.")
            )
        return self.champion

    @property
    def hidden_errors(self) -> list[str]:
        return [*self.non_field_errors(), *self.errors.get("seen", [])]
