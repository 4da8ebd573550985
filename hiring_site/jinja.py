"""Jinja2 for the parts of pages that are drawn many times: lists with their filters, and the fields of forms.

Django's own templates draw the rest (``docs/decisions.md``).
In these templates a text to be translated comes first in its braces, where ``makemessages`` looks for it:
``{{ _("was %(rank)s")|format(rank=3) }}``.
"""

from functools import cached_property
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms.renderers import DjangoTemplates, Jinja2
from django.template import TemplateDoesNotExist
from django.template.defaultfilters import capfirst, date, urlencode
from django.template.defaultfilters import truncatechars as cut_to
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from scoring.templatetags.figures import attribute, chance, figure, percent
from scoring.templatetags.ranked_list import requirement_chips, stage_words


def truncatechars(text: str, most: int) -> str:
    """As Django's; most texts are short enough, which theirs finds out letter by letter."""
    return text if len(text) <= most else cut_to(text, most)


FILTERS = (
    *(attribute, capfirst, chance, date, figure, intcomma, percent, stage_words, truncatechars, urlencode),
)


def environment(**options: Any) -> Environment:
    """With filters of our other templates; escapes what is not marked as safe."""
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701  Django sets autoescape
    made.filters |= {one.__name__: one for one in FILTERS}
    made.filters["translated"] = gettext
    made.globals |= {
        "_": gettext,
        "requirement_chips": requirement_chips,
        "of_django": of_django,
        "static": static,
    }
    return made


@pass_context
def of_django(context: Context, template_name: str, **more: Any) -> SafeString:
    """A part that is drawn by one of Django's templates, with all that this one knows."""
    return render_to_string(template_name, {**context.get_all(), **more})


class FormRenderer(Jinja2):
    """Fields of forms by Jinja2; those without such a template, as the administration's, by Django's own."""

    @cached_property
    def others(self) -> DjangoTemplates:
        return DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self.others.get_template(template_name)
