"""What every draw depends on: the seed, the calendar, and the trades the company deals in."""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass

from jobs.generator.catalogue import Profession, professions
from jobs.generator.grammar import stream
from jobs.generator.timeline import Timeline

PEOPLE_PER_TRADE = 25
FEWEST_TRADES = 6
ALWAYS = ("support", "admin", "java")  # the easy client asks for support


@dataclass(frozen=True, slots=True)
class World:
    seed: int
    timeline: Timeline
    trades: tuple[int, ...]  # numbers of professions
    totals: tuple[int, ...]  # running totals of their weights

    @classmethod
    def of(cls, seed: int, *, timeline: Timeline, candidates: int) -> World:
        """A small company knows a few trades well: else none of its jobs would have candidates that fit."""
        everything = professions()
        count = min(len(everything), max(FEWEST_TRADES, candidates // PEOPLE_PER_TRADE))
        rng = stream(seed, "trades")
        required = [p for p in everything if p.id in ALWAYS]
        order = sorted((p for p in everything if p.id not in ALWAYS), key=lambda p: rng.random() / p.weight)
        chosen = sorted({p.number for p in required + order[: count - len(required)]})
        totals, total = [], 0
        for number in chosen:
            total += everything[number].weight
            totals.append(total)
        return cls(seed, timeline, tuple(chosen), tuple(totals))

    def draw_trade(self, rng: random.Random) -> Profession:
        return professions()[self.trades[bisect(self.totals, rng.random() * self.totals[-1])]]

    def stream(self, purpose: str, index: int = 0) -> random.Random:
        return stream(self.seed, purpose, index)
