"""A job's list of requirements as people keep it: proposed from its text, then theirs.

What is removed stays, dismissed, so that it is not proposed again. From the first edit on no import touches
the list, and a ranking made before is out of date. Every change is a row of the job's history (`history`),
and can be undone from there while no later one depends on it.
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
from jobs.models import Job, Requirement, RequirementChange
from jobs.requirements import history
from jobs.requirements.history import ONE_OF_EACH, Row
from jobs.requirements.proposing import JobFacts, propose_requirements
from jobs.requirements.refusing import refused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Kind = Requirement.Kind
What = RequirementChange.What
FACTS = ("title", "activities", "competences", "remarks", "seniority", "education", "english", "spanish")
SUGGESTED = 12
MOST = 60  # of a job, removed ones included: more is no list that anybody reads


class CannotEdit(Exception):
    """Why the list stays as it is; a sentence for a person."""


@dataclass(frozen=True)
class Edited:
    """``message`` says what was done. ``change`` is its row; None where all was so already."""

    message: str
    change: RequirementChange | None


@dataclass(frozen=True)
class _Done:
    """What a change says, and what it was to whom."""

    message: str
    what: str
    named: list[list[str]]
    undoes: RequirementChange | None = None


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

    def change(own: "_List") -> _Done:
        found = own.find(kind, value)
        if found is not None and not found.dismissed and found.must == must:
            raise CannotEdit(_("%(asked)s is in the list already.") % {"asked": found.label})
        if found is None and len(own.rows) >= MOST:
            raise CannotEdit(_("The list is full. Remove something for good reasons, or ask for less."))
        asked = found or own.create(kind=kind, value=value, must=must, added_by=by)
        own.ask(asked, must=must)
        return _asked([asked], must=must)

    return _edit(job, change, by=by)


def _refuse(words: str) -> None:
    if refusal := refused(words):
        raise CannotEdit(refusal.sentence)
    if len(fold_phrase(words)) < 2:
        raise CannotEdit(_("Write at least two letters that can be looked for in a CV."))


def ask(job: Job, asked: Iterable[int], *, must: bool, by: "User") -> Edited:
    """Makes it required, or nice to have."""

    def change(own: "_List") -> _Done:
        for one in (found := own.by_pk(asked)):
            own.ask(one, must=must)
        return _asked(found, must=must)

    return _edit(job, change, by=by)


def remove(job: Job, asked: Iterable[int], *, by: "User") -> Edited:
    def change(own: "_List") -> _Done:
        for one in (found := own.by_pk(asked)):
            own.set(one, dismissed=True)
        message = _("%(asked)s is asked for no more.") % {"asked": _labels(found)}
        return _Done(message, What.REMOVED, _names(found))

    return _edit(job, change, by=by)


def restore(job: Job, asked: Iterable[int], *, by: "User") -> Edited:
    """Asks for it again. A level takes the place of another of its kind."""

    def change(own: "_List") -> _Done:
        for one in (found := own.by_pk(asked)):
            own.ask(one, must=one.must)
        return _Done(
            _("%(asked)s is asked for again.") % {"asked": _labels(found)}, What.RESTORED, _names(found)
        )

    return _edit(job, change, by=by)


def propose(job: Job, *, by: "User") -> Edited:
    """Adds what the job's text asks for and the list never had; what was removed stays removed."""
    facts = JobFacts(**{name: getattr(job, name) for name in FACTS})
    drafts = {(draft.kind, draft.value[:80]): draft for draft in reversed(propose_requirements(facts))}

    def change(own: "_List") -> _Done:
        kept = {row.kind for row in own.rows if row.kind != Kind.SKILL and not row.dismissed}
        new = [
            draft
            for (kind, value), draft in reversed(drafts.items())
            if own.find(kind, value) is None and kind not in kept
        ]
        if not new:
            raise CannotEdit(_("The job's text asks for nothing that the list has not had."))
        made = [
            own.create(kind=draft.kind, value=draft.value[:80], must=draft.must, quote=draft.quote[:400])
            for draft in new
        ]
        text = ngettext(
            "%(count)d requirement from the job's text is new.",
            "%(count)d requirements from the job's text are new.",
            len(new),
        )
        return _Done(text % {"count": len(new)}, What.PROPOSED, _names(made))

    return _edit(job, change, by=by)


def undo(job: Job, pk: int, *, by: "User") -> Edited:
    """Takes back one change, whoever made it. Raises ``CannotEdit``, naming a later one that depends."""

    def change(own: "_List") -> _Done:
        later = list(job.requirement_changes.filter(pk__gte=pk).order_by("-pk"))
        if not later or later[-1].pk != pk:
            raise CannotEdit(_("There is nothing to undo."))
        undone = later[-1]
        if obstacle := history.obstacle_to(undone, later, own.state()):
            raise CannotEdit(obstacle)
        own.go_back(undone)
        back = RequirementChange(
            what=undone.what, named=undone.named, undoes=undone, is_back=not undone.is_back
        )
        return _Done(history.text_of(back), undone.what, undone.named, undone)

    return _edit(job, change, by=by)


def _asked(found: list[Requirement], *, must: bool) -> _Done:
    text = _("%(asked)s is required now.") if must else _("%(asked)s is nice to have now.")
    return _Done(text % {"asked": _labels(found)}, What.MUST if must else What.NICE, _names(found))


def _labels(found: Iterable[Requirement]) -> str:
    return ", ".join(one.label for one in found)


def _names(found: Iterable[Requirement]) -> list[list[str]]:
    return [[str(one.kind), one.value] for one in found]


# How a change is made


class _List:
    """All rows of one job, removed ones too, held for one change."""

    def __init__(self, job: Job) -> None:
        self.job, self.rows = job, list(job.requirements.order_by("pk"))

    def state(self) -> list[Row]:
        return history.rows_of(self.rows)

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

    def ask(self, row: Requirement, *, must: bool) -> None:
        """Of each kind of level there is one at a time."""
        for other in self.rows:
            if other.kind == row.kind and other is not row and row.kind in ONE_OF_EACH:
                self.set(other, dismissed=True)
        self.set(row, must=must, dismissed=False)

    def go_back(self, change: RequirementChange) -> None:
        was = {(row[0], row[1]): row for row in change.before}
        for row in list(self.rows):
            named = row.kind, row.value
            if named in was:
                _kind, _value, must, dismissed, *_rest = was.pop(named)
                self.set(row, must=must, dismissed=dismissed)
            elif any(named == (left[0], left[1]) for left in change.after):
                self.delete(row)
        for kind, value, must, dismissed, quote, added_by in was.values():
            self.create(
                kind=kind, value=value, must=must, dismissed=dismissed, quote=quote, added_by_id=added_by
            )

    def delete(self, row: Requirement) -> None:
        row.delete()
        self.rows = [other for other in self.rows if other is not row]


@transaction.atomic
def _edit(job: Job, change: Callable[[_List], _Done], *, by: "User") -> Edited:
    """One change at a time, and a row of the history for it."""
    held = Job.objects.select_for_update().values_list("requirements_edited_at", flat=True)
    was_edited = held.get(pk=job.pk) is not None
    own = _List(job)
    state = own.state()
    done = change(own)
    before, after = history.changed(state, own.state())
    if not before and not after:
        return Edited(done.message, None)
    made = RequirementChange.objects.create(
        job=job,
        by=by,
        what=done.what,
        named=done.named,
        before=before,
        after=after,
        was_edited=was_edited,
        undoes=done.undoes,
        is_back=done.undoes is not None and not done.undoes.is_back,
    )
    now = timezone.now()
    # When nothing of what people did is left the list is as it was proposed, and imports may renew it
    edited = now if done.undoes is None or history.is_edited(job) else None
    # The time of change is what makes a ranking out of date
    Job.objects.filter(pk=job.pk).update(updated_at=now, requirements_edited_at=edited)
    return Edited(done.message, made)
