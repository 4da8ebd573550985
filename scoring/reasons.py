"""Reasons and requirements in words, in the reader's language.

A sentence states the fact, and on which side it counted only where that is not what one expects of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from candidates.models import Education, Level, Seniority
from candidates.numbers import localized

Params = Mapping[str, Any]
MANY_SKILLS = 5
ROUGHLY = 500  # reais a month that a borrowed pay is told in
NEAR = 0.2  # of a borrowed pay: as near as such figures tell anything


@dataclass(frozen=True)
class Fact:
    """``speaks``: 1 for the candidate, -1 against, 0 where neither is to be expected.

    ``known`` is False where nothing is known of the candidate, or nothing is asked.
    """

    text: str
    speaks: int = 0
    known: bool = True


def describe(reason: Mapping[str, Any]) -> str:
    """One plain sentence for a stored reason (``Prediction.reasons``)."""
    return describe_in(get_language(), reason)


def describe_in(language: str | None, reason: Mapping[str, Any]) -> str:
    """As ``describe``, for who asks hundreds of times which language is active: ``language`` is that one."""
    contribution = reason["contribution"]
    params = orjson.dumps(reason.get("params") or {}, default=float)  # numpy's, of one not yet stored
    return _sentence(language, reason["group"], params, (contribution > 0) - (contribution < 0))


@lru_cache(maxsize=4096)
def _sentence(language: str | None, group: str, params: bytes, contribution: int) -> str:
    """Half of the sentences of a ranking are those of somebody else on it, or on the one before.

    ``params``: as JSON; ``contribution``: its sign.
    """
    fact = _fact({"group": group, "params": orjson.loads(params), "contribution": contribution})
    if not fact.known and contribution > 0:
        return _("%(fact)s; past outcomes do not count that against anybody") % {"fact": fact.text}
    if fact.speaks * contribution >= 0:
        return fact.text
    if contribution > 0:
        return _("%(fact)s (counted for people in the past)") % {"fact": fact.text}
    return _("%(fact)s (counted against people in the past)") % {"fact": fact.text}


def says_something(reason: Mapping[str, Any]) -> bool:
    """Whether it tells a recruiter something: that a thing is not known speaks for nobody."""
    return reason["contribution"] < 0 or _fact(reason).known


def _fact(reason: Mapping[str, Any]) -> Fact:
    in_words = _WORDS.get(reason["group"])
    if in_words is None:
        return Fact(_("Other facts"))
    return in_words({**(reason.get("params") or {}), "for": reason["contribution"] > 0})


def requirement_text(requirement: Mapping[str, Any]) -> str:
    """What the job asks, as a few words: “Java”, “English: advanced”."""
    return requirement_text_in(get_language(), requirement["kind"], requirement["value"])


@lru_cache(maxsize=1024)
def requirement_text_in(language: str | None, kind: str, value: str) -> str:
    """The same for everybody in a ranking; ``language`` is the active one."""
    if kind == "skill":
        return skill_label(value)
    if kind == "words":
        return f"“{value}”"
    return str(_ASKED[kind]) % {"level": _level(kind, value)}


_ASKED = {
    "seniority": gettext_lazy("Level: %(level)s"),
    "education": gettext_lazy("Education: %(level)s"),
    "english": gettext_lazy("English: %(level)s"),
    "spanish": gettext_lazy("Spanish: %(level)s"),
}


@lru_cache(maxsize=4096)
def skill_label(skill_id: str) -> str:
    from candidates.skills import skill

    try:
        return skill(skill_id).label
    except KeyError:  # stored with an older taxonomy
        return skill_id


def _listed(skill_ids: Sequence[str], *, most: int = 5) -> str:
    labels = [skill_label(skill_id) for skill_id in skill_ids[:most]]
    return ", ".join(labels) + (" …" if len(skill_ids) > most else "")


def _level(kind: str, code: str) -> str:
    return _level_in(get_language(), kind, code)


@lru_cache(maxsize=256)
def _level_in(language: str | None, kind: str, code: str) -> str:
    choices = {"seniority": Seniority, "education": Education}.get(kind, Level)
    try:
        return str(choices(code).label)
    except ValueError:
        return code


# Each group in words


def _required_skills(params: Params) -> Fact:
    met, missing = params.get("met", []), params.get("missing", [])
    nice, nice_total = params.get("nice_met", []), params.get("nice_total", 0)
    total = len(met) + len(missing)
    if met and missing:
        text = _("Has %(met)d of %(total)d required skills: %(skills)s; not found: %(missing)s") % {
            "met": len(met),
            "total": total,
            "skills": _listed(met),
            "missing": _listed(missing),
        }
        return Fact(text)
    if met:
        return Fact(_("Has all required skills: %(skills)s") % {"skills": _listed(met)}, 1)
    if missing:
        return Fact(_("Required skills not found: %(skills)s") % {"skills": _listed(missing)}, -1)
    if nice:
        return Fact(_("Has skills that would help: %(skills)s") % {"skills": _listed(nice)}, 1)
    if nice_total:
        return Fact(_("None of the skills that would help was found"), -1)
    return Fact(_("The job names no required skills"), known=False)


Texts = tuple[Promise, Promise, Promise, Promise, Promise]


def _gap(kind: str, texts: Texts) -> Callable[[Params], Fact]:
    """``texts``: as asked, above it, below it, known but nothing asked, not stated."""
    as_asked, above, below, unasked, unknown = texts

    def fact(params: Params) -> Fact:
        gap = params.get("gap")
        levels = {"has": _level(kind, params.get("has", "")), "asked": _level(kind, params.get("asked", ""))}
        if not params.get("has"):
            return Fact(str(unknown) % levels, known=False)
        if gap is None:
            return Fact(str(unasked) % levels)
        if gap < 0:
            return Fact(str(below) % levels, -1)
        return Fact(str(above if gap else as_asked) % levels, 1)

    return fact


_ENGLISH: Texts = (
    gettext_lazy("English as the job asks (%(asked)s)"),
    gettext_lazy("English above what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("English below what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("English: %(has)s"),
    gettext_lazy("English not stated"),
)
_SPANISH: Texts = (
    gettext_lazy("Spanish as the job asks (%(asked)s)"),
    gettext_lazy("Spanish above what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("Spanish below what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("Spanish: %(has)s"),
    gettext_lazy("Spanish not stated"),
)
_EDUCATION: Texts = (
    gettext_lazy("Education as the job asks (%(asked)s)"),
    gettext_lazy("Education above what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("Education below what the job asks (%(has)s; asked: %(asked)s)"),
    gettext_lazy("Education: %(has)s"),
    gettext_lazy("Education not stated"),
)


def _seniority(params: Params) -> Fact:
    gap = params.get("gap")
    levels = {
        "has": _level("seniority", params.get("has", "")),
        "asked": _level("seniority", params.get("asked", "")),
    }
    if not params.get("has"):
        return Fact(_("Professional level not stated"), known=False)
    if gap is None:
        return Fact(_("Professional level: %(has)s") % levels)
    if gap == 0:
        return Fact(_("At the level the job asks (%(asked)s)") % levels, 1)
    if gap > 0:
        return Fact(_("Above the level the job asks (%(has)s, asked: %(asked)s)") % levels)
    return Fact(_("Below the level the job asks (%(has)s, asked: %(asked)s)") % levels, -1)


def _text_match(params: Params) -> Fact:
    share = params.get("closer_than")
    if share is None:
        return Fact(_("No CV text to compare with the job"), -1, known=False)
    if share >= 0.995:
        return Fact(_("CV closest of all to the job's activities"), 1)
    if share < 0.005:
        return Fact(_("CV among the least close to the job's activities"), -1)
    if share >= 0.5:
        text = _("CV closer to the job's activities than %(share)s%% of all CVs")
        return Fact(text % {"share": _percent(share)}, 1)
    text = _("CV less close to the job's activities than %(share)s%% of all CVs")
    return Fact(text % {"share": _percent(1 - share)}, -1)


def _title(params: Params) -> Fact:
    share = params.get("in_cv")
    if share is None:
        return Fact(_("No CV text in which to look for the job's title"), known=False)
    if share >= 0.99:
        return Fact(_("All words of the job's title are in the CV"), 1)
    if share < 0.01:
        return Fact(_("No word of the job's title is in the CV"), -1)
    if share >= 0.5:
        return Fact(_("Most of the job's title is in the CV"), 1)
    return Fact(_("Little of the job's title is in the CV"), -1)


def _area(params: Params) -> Fact:
    overlap = params.get("overlap")
    if params.get("labels"):
        return Fact(_("Same area: %(areas)s") % {"areas": ", ".join(params["labels"])}, 1)
    if overlap is None:
        return Fact(_("Area of work not stated"), known=False)
    if overlap > 0:
        return Fact(_("Headline from the job's area"), 1)
    return Fact(_("From another area of work"), -1)


def _location(params: Params) -> Fact:
    if params.get("city") == 1:
        return Fact(_("Lives in the job's city"), 1)
    if params.get("state") == 1:
        return Fact(_("Lives in the job's state, not known to be in its city"))
    if params.get("state") == 0:
        return Fact(_("Lives in another state than the job's"), -1)
    return Fact(_("Place of living not stated"), known=False)


def _experience(params: Params) -> Fact:
    years = params.get("years")
    if years is None:
        return Fact(_("No years of experience stated in the CV"), known=False)
    if years < 1:
        return Fact(_("Less than a year of experience in the CV"))
    whole = int(years + 0.5)
    text = ngettext(
        "About %(years)d year of experience in the CV", "About %(years)d years of experience in the CV", whole
    )
    return Fact(text % {"years": whole})


def _knowledge(params: Params) -> Fact:
    count = params.get("skills")
    if count is None:
        return Fact(_("No text in which skills could be found"), known=False)
    if not count:
        return Fact(_("No known skill found in the CV"), -1)
    text = ngettext("%(count)d skill found in the CV", "%(count)d skills found in the CV", int(count))
    return Fact(text % {"count": int(count)}, 1 if count >= MANY_SKILLS else 0)


def _sap(params: Params) -> Fact:
    asked, has = params.get("match") is not None, 1 in (params.get("match"), params.get("has"))
    if asked and has:
        return Fact(_("Works with SAP, as the job asks"), 1)
    if asked:
        return Fact(_("No SAP found, which the job asks"), -1)
    if has:
        return Fact(_("Works with SAP, which the job does not ask"))
    return Fact(_("No SAP, and none asked"), known=False)


def _history(params: Params) -> Fact:
    if not params.get("applications"):
        return Fact(_("Has not applied here before"))
    counts = {name: params.get(name, 0) for name in ("applications", "rejections", "withdrawals", "hires")}
    if counts["hires"]:
        text = ngettext(
            "Was hired here before (%(hires)d of %(applications)d application)",
            "Was hired here before (%(hires)d of %(applications)d applications)",
            counts["applications"],
        )
        return Fact(text % counts, 1)
    if counts["rejections"] or counts["withdrawals"]:
        text = ngettext(
            "Applied %(applications)d time before (rejected: %(rejections)d, withdrew: %(withdrawals)d)",
            "Applied %(applications)d times before (rejected: %(rejections)d, withdrew: %(withdrawals)d)",
            counts["applications"],
        )
        return Fact(text % counts)
    text = ngettext(
        "Applied %(applications)d time before, never rejected",
        "Applied %(applications)d times before, never rejected",
        counts["applications"],
    )
    return Fact(text % counts)


def _salary(params: Params) -> Fact:
    wish = params.get("wish")
    if wish is None:
        return Fact(_("Salary wish not stated"), known=False)
    if params.get("pay"):
        return _wish_beside_pay(wish, params["pay"], stated=params.get("ratio") is not None)
    better = _("Salary wishes like this one (R$ %(wish)s a month) did better in past outcomes")
    worse = _("Salary wishes like this one (R$ %(wish)s a month) did worse in past outcomes")
    shown = localized(wish, grouped=True)
    return Fact((better if params.get("for") else worse) % {"wish": shown})


def _wish_beside_pay(wish: float, pay: float, *, stated: bool) -> Fact:
    """A pay that the job does not state is that of earlier jobs alike: usual, and known roughly."""
    shown = {"wish": localized(wish, grouped=True), "pay": localized(pay, grouped=True)}
    if stated:
        if wish > pay:
            return Fact(
                _("Salary wish of R$ %(wish)s above what the job pays (R$ %(pay)s a month)") % shown, -1
            )
        return Fact(_("Salary wish of R$ %(wish)s within what the job pays (R$ %(pay)s a month)") % shown, 1)
    shown["pay"] = localized(max(ROUGHLY, round(pay / ROUGHLY) * ROUGHLY), grouped=True)
    if wish > pay * (1 + NEAR):
        text = _("Salary wish of R$ %(wish)s above the usual pay of such jobs (about R$ %(pay)s a month)")
        return Fact(text % shown, -1)
    if wish < pay * (1 - NEAR):
        text = _("Salary wish of R$ %(wish)s below the usual pay of such jobs (about R$ %(pay)s a month)")
        return Fact(text % shown, 1)
    text = _("Salary wish of R$ %(wish)s near the usual pay of such jobs (about R$ %(pay)s a month)")
    return Fact(text % shown)


def _cv_length(params: Params) -> Fact:
    words = params.get("words")
    if not words:
        return Fact(_("No CV text"), known=False)
    better = _("CVs as long as this one (about %(words)s words) did better in past outcomes")
    worse = _("CVs as long as this one (about %(words)s words) did worse in past outcomes")
    shown = localized(max(10, round(words, -1)), grouped=True)
    return Fact((better if params.get("for") else worse) % {"words": shown})


def _yes_or_no(name: str, texts: Callable[[], tuple[str, str]]) -> Callable[[Params], Fact]:
    return lambda params: Fact(texts()[0]) if params.get(name) else Fact(texts()[1], known=False)


def _percent(share: float) -> str:
    return localized(100 * share)


_WORDS: Mapping[str, Callable[[Params], Fact]] = {
    "required_skills": _required_skills,
    "knowledge": _knowledge,
    "sap": _sap,
    "text_match": _text_match,
    "title": _title,
    "area": _area,
    "experience": _experience,
    "seniority": _seniority,
    "education": _gap("education", _EDUCATION),
    "english": _gap("english", _ENGLISH),
    "spanish": _gap("spanish", _SPANISH),
    "other_language": _yes_or_no(
        "has", lambda: (_("Speaks a further language"), _("No further language stated"))
    ),
    "salary": _salary,
    "location": _location,
    "certifications": _yes_or_no("has", lambda: (_("Has certifications"), _("No certification stated"))),
    "contact": lambda params: Fact(_("Which of e-mail, phone and LinkedIn are on file")),
    "cv_length": _cv_length,
    "history": _history,
}
