"""Parts of a page that Jinja2 draws (``templates/jinja2``), because a page repeats them many times."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def drawn(context: Context, template_name: str, **more: Any) -> SafeString:
    """That template with all that the page knows, and with ``more``."""
    part = get_template(template_name, using="jinja2")
    known: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    return mark_safe(part.render({**known, **more}))  # noqa: S308  the engine has escaped it
