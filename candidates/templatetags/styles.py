"""Style sheets of a page: within it on a first visit, where asking for them would hold up what is seen."""

import re
from functools import cache
from typing import Any
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

COOKIE = "styles"  # which release's sheets the browser keeps; set by static/js/peneira.js once it has them
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_ADDRESS = re.compile(r'url\("(?!data:)([^"]+)"\)')


@register.simple_tag(takes_context=True)
def style(context: dict[str, Any], name: str) -> SafeString:
    """The style sheet ``name`` of the static files: a link, or its text where the browser does not say by a
    cookie that it keeps the sheets of this release. A fragment always links: the nonce of its own answer
    would not be that of the page it is put into."""
    url = staticfiles_storage.url(name)
    request = context.get("request")
    release = _release()
    # A request may be refused before it is given either
    nonce, is_part = getattr(request, "csp_nonce", None), getattr(request, "htmx", False)
    if not release or request is None or nonce is None or is_part or request.COOKIES.get(COOKIE) == release:
        return format_html('<link rel="stylesheet" href="{}">', url)
    return format_html(
        '<style nonce="{}" data-sheet="{}" data-release="{}">{}</style>',
        nonce,
        url,
        release,
        _text(url),
    )


def _release() -> str:
    """What names the static files that were collected together; none while they are served as they are."""
    storage = staticfiles_storage  # lazy: what it is now
    return storage.manifest_hash if isinstance(storage, ManifestStaticFilesStorage) else ""


@cache
def _text(url: str) -> SafeString:
    """Of a collected sheet, which has another ``url`` when it has another text; its addresses made whole."""
    with staticfiles_storage.open(url.removeprefix(settings.STATIC_URL)) as sheet:
        text = _COMMENT.sub("", sheet.read().decode())
    return mark_safe(_ADDRESS.sub(lambda found: f'url("{urljoin(url, found[1])}")', text))  # noqa: S308
