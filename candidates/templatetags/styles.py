"""What a page is drawn with: on a first visit nothing is asked for that would hold up what is seen."""

import re
from contextlib import suppress
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
    """The style sheet ``name`` of the static files: a link, or its text on a first visit."""
    request: Any = context.get("request")
    url = staticfiles_storage.url(name)
    if _is_first_visit(request):
        with suppress(OSError):  # a later release has taken the file away already
            return format_html(
                '<style nonce="{}" data-sheet="{}" data-release="{}">{}</style>',
                request.csp_nonce,
                url,
                _release(),
                _text(url),
            )
    return format_html('<link rel="stylesheet" href="{}">', url)


@register.simple_tag(takes_context=True)
def font(context: dict[str, Any], name: str) -> SafeString:
    """Asks for the font ``name`` before anything is drawn, so that letters do not change their shape; not on
    a first visit, where the browser would wait for it with what it could show."""
    if _is_first_visit(context.get("request")):
        return SafeString()
    url = staticfiles_storage.url(name)
    return format_html('<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', url)


def _is_first_visit(request: Any) -> bool:
    """Whether the browser does not say by its cookie that it keeps what this release collected. A fragment is
    none: the nonce of its answer would not be that of the page it is put into. A request may be refused
    before it is given nonce or ``htmx``."""
    if request is None or getattr(request, "htmx", False) or getattr(request, "csp_nonce", None) is None:
        return False
    release = _release()
    return bool(release) and request.COOKIES.get(COOKIE) != release


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
