"""What a ranked list shows of each person: as a table or as cards, with the columns that somebody chose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candidates.preferences import forget, remember, remembered

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

KEY = "ranked_list"
TABLE, CARDS = "table", "cards"
VIEWS = (TABLE, CARDS)
# In the order of the table; place and name are always there
COLUMNS: Mapping[str, Promise] = {
    "score": _("Score"),
    "requirements": _("Requirements"),
    "reasons": _("Speaks for"),
    "gaps": _("Gaps"),
    "stage": _("Stage"),
    "contact": _("Last contact"),
    "others": _("Other jobs"),
    "feedback": _("Feedback"),
    "applied": _("Applied on"),
    "accept": _("Likely to accept"),
    "seniority": _("Seniority"),
    "english": _("English"),
    "spanish": _("Spanish"),
    "salary": _("Salary wish"),
}
# What every row says, and what needs a context, which Jinja2 cannot give; translated once a page
WORDS: Mapping[str, Promise] = {
    "rank": _("Rank"),
    "adds_up": _("how it adds up"),
    "prediction": _("prediction"),
    "each": _("each of them"),
    "nice": _("nice to have"),
    "for": _("For:"),
    "against": _("Against:"),
    "fit": pgettext_lazy("opinion", "Fit"),
    "not_fit": pgettext_lazy("opinion", "Not fit"),
    "said_fit": _("fit"),
    "said_not_fit": _("not fit"),
    "divided": _("divided"),
    "more_like": _("more like this"),
    "all_jobs": _("all jobs of this person"),
    "rejected": pgettext_lazy("stage", "Rejected"),
}
AT_FIRST = (
    *("score", "requirements", "reasons", "gaps", "stage", "contact", "others", "feedback", "accept"),
)
# Columns whose heading sorts by them, and the name of that order
SORTED_BY = {
    "score": "score",
    "requirements": "met",
    "stage": "stage",
    "contact": "contact",
    "applied": "applied",
    "accept": "accept",
}


def in_words(lazy: Mapping[str, Promise]) -> dict[str, SafeString]:
    """Translated and escaped once for all rows of a page."""
    return {name: escape(str(words)) for name, words in lazy.items()}


@dataclass(frozen=True)
class Layout:
    view: str
    columns: tuple[str, ...]

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    @property
    def is_cards(self) -> bool:
        return self.view == CARDS


def layout_of(user: "User | AnonymousUser") -> Layout:
    """As the person chose; a choice of an older release counts as far as it is still known."""
    chosen: Any = remembered(user, KEY, {})
    stored = chosen if isinstance(chosen, dict) else {}
    view = stored.get("view")
    columns = stored.get("columns")
    wanted = columns if isinstance(columns, list) else AT_FIRST
    return Layout(view if view in VIEWS else TABLE, tuple(name for name in COLUMNS if name in wanted))


def choose(user: "User | AnonymousUser", *, view: str = "", columns: Collection[str] | None = None) -> None:
    """Keep another view, or other columns; what is not named stays."""
    now = layout_of(user)
    kept = now.columns if columns is None else [name for name in COLUMNS if name in columns]
    remember(user, KEY, {"view": view if view in VIEWS else now.view, "columns": list(kept)})


def reset(user: "User | AnonymousUser") -> None:
    forget(user, KEY)
