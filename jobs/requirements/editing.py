"""A job's list of requirements as people keep it: proposed from its text, then theirs.

What is removed stays, dismissed, so that it is not proposed again. From the first edit on no import touches
the list, and a ranking made before is out of date. Every change can be undone while nobody made another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.folding import fold_phrase
from candidates.skills import Skill, all_skills, find_skills
from jobs.models import SCALES, Job, Requirement
from jobs.requirements.proposing import JobFacts, propose_requirements
from jobs.requirements.refusing import refused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = Requirement.Kind
FACTS = ("title", "activities", "competences", "remarks", "seniority", "education", "english", "spanish")
SUGGESTED = 12
MOST = 60  # of a job, removed ones included: more is no list that anybody reads

# Rows as [kind, value, must, dismissed], fit for a session
State = list[list[Any]]


class CannotEdit(Exception):
    """Why the list stays as it is; a sentence for a person."""


@dataclass(frozen=True)
class Edited:
    """``message`` says what was done. ``before`` and ``after`` are what ``undo`` asks for."""

    message: str
    before: dict[str, Any]
    after: State


# What can be asked for


def named(text: str) -> Skill | None:
    """The skill of the taxonomy that these words, all of them, name."""
    wanted = fold_phrase(text)
    for skill in all_skills():
        if wanted in (fold_phrase(skill.label), skill.id):
            return skill
    found = find_skills(text)
    whole = len(found) == 1 and fold_phrase(text[found[0].start : found[0].end]) == wanted
    return next((skill for skill in all_skills() if whole and skill.id == found[0].skill), None)


def suggested(text: str) -> list[Skill]:
    """Skills whose name begins with the words, then those in which a word does."""
    wanted = fold_phrase(text)
    if not wanted:
        return []
    found = [(fold_phrase(skill.label), skill) for skill in all_skills()]
    hits = [
        (not label.startswith(wanted), len(label), label, skill)
        for label, skill in found
        if f" {wanted}" in f" {label}"
    ]
    known = [skill for *_rank, skill in sorted(hits, key=lambda hit: hit[:3])]
    alias = named(text)
    return list(dict.fromkeys([*([alias] if alias else []), *known]))[:SUGGESTED]


# Changes


def add(job: Job, *, kind: str, value: str, must: bool, by: "User") -> Edited:
    """Asks for one more thing. A level takes the place of another of its kind. Raises ``CannotEdit``."""
    value = " ".join(value.split())
    if kind == Kind.WORDS:
        _refuse(value)

    def change(own: "_List") -> str:
        found = own.find(kind, value)
        if found is not None and not found.dismissed and found.must == must:
            raise CannotEdit(_("%(asked)s is in the list already.") % {"asked": found.label})
        if found is None and len(own.rows) >= MOST:
            raise CannotEdit(_("The list is full. Remove something for good reasons, or ask for less."))
        for other in own.rows:
            if kind in SCALES or kind in (Kind.ENGLISH, Kind.SPANISH):
                own.set(other, dismissed=other.dismissed or (other.kind == kind and other.value != value))
        asked = found or own.create(kind=kind, value=value, must=must, added_by=by)
        own.set(asked, must=must, dismissed=False)
        text = _("%(asked)s is required now.") if must else _("%(asked)s is nice to have now.")
        return text % {"asked": asked.label}

    return _edit(job, change)


def _refuse(words: str) -> None:
    if refusal := refused(words):
        raise CannotEdit(refusal.sentence)
    if len(fold_phrase(words)) < 2:
        raise CannotEdit(_("Write at least two letters that can be looked for in a CV."))


def ask(job: Job, asked: Iterable[int], *, must: bool) -> Edited:
    """Makes it required, or nice to have."""

    def change(own: "_List") -> str:
        for one in (found := own.by_pk(asked)):
            own.set(one, must=must, dismissed=False)
        text = _("%(asked)s is required now.") if must else _("%(asked)s is nice to have now.")
        return text % {"asked": _labels(found)}

    return _edit(job, change)


def remove(job: Job, asked: Iterable[int]) -> Edited:
    def change(own: "_List") -> str:
        for one in (found := own.by_pk(asked)):
            own.set(one, dismissed=True)
        return _("%(asked)s is asked for no more.") % {"asked": _labels(found)}

    return _edit(job, change)


def restore(job: Job, asked: Iterable[int]) -> Edited:
    def change(own: "_List") -> str:
        for one in (found := own.by_pk(asked)):
            own.set(one, dismissed=False)
        return _("%(asked)s is asked for again.") % {"asked": _labels(found)}

    return _edit(job, change)


def propose(job: Job) -> Edited:
    """Adds what the job's text asks for and the list never had; what was removed stays removed."""
    facts = JobFacts(**{name: getattr(job, name) for name in FACTS})
    drafts = {(draft.kind, draft.value[:80]): draft for draft in reversed(propose_requirements(facts))}

    def change(own: "_List") -> str:
        kept = {row.kind for row in own.rows if row.kind != Kind.SKILL and not row.dismissed}
        new = [
            draft
            for (kind, value), draft in reversed(drafts.items())
            if own.find(kind, value) is None and kind not in kept
        ]
        if not new:
            raise CannotEdit(_("The job's text asks for nothing that the list has not had."))
        for draft in new:
            value, quote = draft.value[:80], draft.quote[:400]
            own.create(kind=draft.kind, value=value, must=draft.must, quote=quote)
        text = ngettext(
            "%(count)d requirement from the job's text is new.",
            "%(count)d requirements from the job's text are new.",
            len(new),
        )
        return text % {"count": len(new)}

    return _edit(job, change)


def undo(job: Job, *, before: dict[str, Any], after: State) -> Edited:
    """Back to ``before``, if the list is still as that change left it. Raises ``CannotEdit``."""

    def change(own: "_List") -> str:
        if own.state() != after:
            raise CannotEdit(_("Somebody changed the list since; the last change cannot be undone any more."))
        rows = {(kind, value): (must, dismissed) for kind, value, must, dismissed in before["rows"]}
        for row in list(own.rows):
            if (row.kind, row.value) in rows:
                must, dismissed = rows[row.kind, row.value]
                own.set(row, must=must, dismissed=dismissed)
            else:
                own.delete(row)
        return _("The last change is undone.")

    return _edit(job, change, edited=before["edited"])


def _labels(found: Iterable[Requirement]) -> str:
    return ", ".join(one.label for one in found)


# How a change is made


def state_of(rows: Iterable[Requirement]) -> State:
    return sorted([str(row.kind), row.value, row.must, row.dismissed] for row in rows)


class _List:
    """All rows of one job, removed ones too, held for one change."""

    def __init__(self, job: Job) -> None:
        self.job, self.rows = job, list(job.requirements.order_by("pk"))

    def state(self) -> State:
        return state_of(self.rows)

    def find(self, kind: str, value: str) -> Requirement | None:
        """The same words in other letters are the same."""
        own = (row for row in self.rows if row.kind == kind)
        return next((row for row in own if fold_phrase(row.value) == fold_phrase(value)), None)

    def by_pk(self, wanted: Iterable[int]) -> list[Requirement]:
        found = [row for row in self.rows if row.pk in set(wanted)]
        if not found:
            raise CannotEdit(_("That requirement is not in the list any more."))
        return found

    def create(self, **values: Any) -> Requirement:
        made = Requirement.objects.create(job=self.job, **values)
        self.rows.append(made)
        return made

    def set(self, row: Requirement, **values: Any) -> None:
        if changed := {name: value for name, value in values.items() if getattr(row, name) != value}:
            for name, value in changed.items():
                setattr(row, name, value)
            row.save(update_fields=[*changed])

    def delete(self, row: Requirement) -> None:
        row.delete()
        self.rows = [other for other in self.rows if other is not row]


@transaction.atomic
def _edit(job: Job, change: Callable[[_List], str], *, edited: bool = True) -> Edited:
    """One change at a time; ``edited`` False: the list is as it was proposed, and imports may renew it."""
    since = Job.objects.select_for_update().values_list("requirements_edited_at", flat=True).get(pk=job.pk)
    own = _List(job)
    before = {"rows": own.state(), "edited": since is not None}
    message, now = change(own), timezone.now()
    # The time of change is what makes a ranking out of date
    Job.objects.filter(pk=job.pk).update(updated_at=now, requirements_edited_at=now if edited else None)
    return Edited(message, before, own.state())
