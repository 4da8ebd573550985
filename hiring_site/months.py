"""The months, for the language files only.

Django's Brazilian Portuguese writes them with capital letters; Portuguese does not. A message that stands in
our own files comes before Django's, and stays in them only when the extraction finds it in the code.
"""

from django.utils.translation import gettext_noop

MONTHS = (
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
)
