"""What somebody says of a webhook on its page."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from candidates.form_fields import field_of
from candidates.integration import webhooks
from candidates.integration.addresses import BadAddress
from candidates.models import Webhook
from candidates.viewing import GROUPS

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    Owners = forms.ModelChoiceField[User]
else:
    Owners = forms.ModelChoiceField

OWNING_GROUPS = [name for name, role in GROUPS.items() if role in webhooks.OWNERS]


class WebhookForm(forms.Form):
    """``webhook``: the one that is changed; its owner stays. ``user``: who fills the form in."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which system it tells, and what for.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where events are sent to, by POST. It begins with https:// and is on the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(kind.value, kind.label) for kind in webhooks.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
    owner = Owners(
        label=_("Owner"),
        queryset=None,
        help_text=_("Events say of people what this account may know: under blind review no codes."),
    )

    def __init__(self, *args: Any, user: "User", webhook: Webhook | None = None, **kwargs: Any) -> None:
        self._webhook = webhook
        super().__init__(*args, **kwargs)
        if webhook is None:
            owner = field_of(self, "owner", forms.ModelChoiceField)
            owner.queryset, owner.empty_label = _owners(), None
            self.initial.setdefault("owner", user.pk)
        else:
            del self.fields["owner"]
            self.initial.update(name=webhook.name, url=webhook.url, events=webhook.events)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if self._webhook is not None and url == self._webhook.url:
            return url
        try:
            return webhooks.checked(url)
        except BadAddress as refused:
            raise forms.ValidationError(str(refused.text), code=refused.code) from refused


def _owners() -> "QuerySet[User]":
    """Who may own a webhook."""
    from django.contrib.auth.models import User

    may = Q(is_superuser=True) | Q(groups__name__in=OWNING_GROUPS)
    return User.objects.filter(may, is_active=True).distinct().order_by("username")
