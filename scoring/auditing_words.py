"""Every sentence of the leakage audit, for the translations: `scoring.ml` knows none of them."""

from django.utils.translation import gettext_noop

WORDS = (
    gettext_noop("orders hired and not hired too well"),
    gettext_noop("orders the people of one job too well"),
    gettext_noop("nearly only where somebody was hired"),
    gettext_noop("tells who was never hired"),
    gettext_noop("filled once the outcome is there"),
    gettext_noop("a date after the application that goes with the outcome"),
    gettext_noop(
        "“%(field)s” by itself tells hired from not hired with an AUC of %(auc).3f over %(n)d units: too"
        " good to be true for one field. Find out when it is filled in; nothing was trained."
    ),
    gettext_noop(
        "“%(field)s” by itself orders the people of one job with an AUC of %(inside_auc).3f in "
        "%(inside_jobs)d jobs: too good to be true for one field. Find out when it is filled in; nothing"
        " was trained."
    ),
    gettext_noop(
        "“%(field)s” is filled, or has one of its values, nearly only where somebody was hired: in "
        "%(rate).1f %% of %(support)d units, against %(base).1f %% of all. Find out when it is filled "
        "in; nothing was trained."
    ),
    gettext_noop(
        "“%(field)s” tells who was not hired: %(rate_filled).1f %% hired where it is filled, "
        "%(rate_empty).1f %% where it is empty, %(base).1f %% of all. Find out when it is filled in; "
        "nothing was trained."
    ),
    gettext_noop(
        "“%(field)s” is filled in after the outcome: in %(filled_settled).1f %% of the units with one, "
        "in %(filled_open).1f %% of those of the same age without. Nothing was trained."
    ),
    gettext_noop(
        "“%(field)s” is a date after the application in %(late).1f %% of the units and tells hired from "
        "not hired with an AUC of %(auc).3f. Nothing was trained."
    ),
    gettext_noop(
        "“%(field)s” is on the list of what is never learned from, and a feature draws on it. Nothing "
        "was trained."
    ),
    gettext_noop("filled in or changed after the outcome"),
    gettext_noop("names a person who worked on the job; a habit of one person is no fact about a candidate"),
    gettext_noop("says who somebody is, not what they can do"),
    gettext_noop(
        "computed from what the job asks and what the CV says, both written before; where skills decide,"
        " it should be strong"
    ),
    gettext_noop("a hire rate counted only over outcomes known strictly before the day of the application"),
    gettext_noop("a plan, written when the job is requested; later than the application by its nature"),
    gettext_noop("known when the job is requested; some clients take nearly everybody they are sent"),
    gettext_noop(
        "a pay stated when a job was requested: its own, else that of jobs requested strictly before it;"
        " where wishes decide, it should be strong"
    ),
)
