"""What every page owes, asked of its HTML."""

import re

INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=", re.IGNORECASE)


def text_of(response):
    return response.content.decode()


def assert_no_inline_code(response):
    found = INLINE.search(text_of(response))
    assert not found, f"the content security policy refuses {found.group()!r}"
