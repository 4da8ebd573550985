"""All people at once, but only what pairing and the hidden rule need: some bytes each. Texts come later."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from jobs.generator.catalogue import professions
from jobs.generator.person import EDUCATION_RANK, person
from jobs.generator.rule import Reading
from jobs.generator.world import World

MISSING_SHARE = 0.16  # of the applications, how many name somebody who is not in the applicants file


class People:
    """`known` of them are in the applicants file; the others appear in prospects only."""

    def __init__(
        self, world: World, *, candidates: int, progress: Callable[[int], object] | None = None
    ) -> None:
        self.world = world
        strangers = round(candidates * MISSING_SHARE / (1 - MISSING_SHARE))
        self.count = candidates + strangers
        self.stranger = bytearray(self.count)
        for index in world.stream("strangers").sample(range(self.count), strangers):
            self.stranger[index] = 1
        self.registered = world.timeline.registrations(self.count)
        self.code = self._codes()
        self.activity = array("f")
        self.of_profession: list[array[int]] = [array("l") for _ in professions()]
        self.regulars: list[array[int]] = [array("l") for _ in professions()]  # put forward again and again
        self._skills: list[int] = []
        self._facts = bytearray()
        self._wish = array("l")
        for index in range(self.count):
            self._add(index)
            if progress:
                progress(1)

    def _codes(self) -> array[int]:
        rng, code = self.world.stream("codes"), 30
        codes = array("l")
        for _ in range(self.count):
            code += 1 + int(rng.expovariate(1 / 7.5))
            codes.append(code)
        return codes

    def _add(self, index: int) -> None:
        someone = person(self.world, index)
        rng = self.world.stream("activity", index)
        self.activity.append(0.06 + 0.94 * rng.random() ** 4)
        self.of_profession[someone.profession].append(index)
        if rng.random() < 0.006:
            self.regulars[someone.profession].append(index)
        self._skills.append(someone.skill_mask)
        rank = EDUCATION_RANK[someone.education]
        self._facts += bytes(
            (
                someone.readable,
                someone.has_levels,
                someone.rung,
                someone.english,
                someone.spanish,
                rank,
                someone.place,
            )
        )
        self._wish.append(someone.wish if someone.states_wish else 0)

    def known(self, index: int) -> bool:
        return not self.stranger[index]

    def reading(self, index: int) -> Reading:
        readable, levels, rung, english, spanish, rank, place = self._facts[index * 7 : index * 7 + 7]
        known = self.known(index)
        return Reading(
            known=known,
            readable=known and bool(readable),
            has_levels=known and bool(levels),
            skill_mask=self._skills[index],
            rung=rung,
            english=english,
            spanish=spanish,
            education_rank=rank,
            place=place,
            wish=self._wish[index],
        )
