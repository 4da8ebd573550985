"""Makes the whole company: people, jobs, who was put forward for what, and what came of it.

First the bare facts of all people and pairs, some bytes each; from them the intercept of the hidden rule.
Then the outcomes. Last the texts, made and written one at a time, so memory stays flat however long the CVs
are. All chance comes from the seed and the number of the thing made: equal arguments, equal bytes.
"""

from __future__ import annotations

import math
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jobs.generator.applicant_record import applicant_record
from jobs.generator.auc import auc, auc_inside
from jobs.generator.foresight import Foresight
from jobs.generator.outcomes import Outcome, comment, modality, outcome, recruiter
from jobs.generator.pairing import CAP, Matchmaker, job_sizes
from jobs.generator.people import People
from jobs.generator.person import person
from jobs.generator.rule import (
    ACCEPTS,
    JOBS_ONLY,
    NOISE,
    PERSON_AND_JOB,
    RULES,
    accept_logit,
    intercept_for,
    job_part,
    person_part,
    sigmoid,
    true_acceptance,
    true_probability,
    withdraws_when_wanted,
)
from jobs.generator.timeline import SETTLED_DAYS, Timeline
from jobs.generator.vacancy import RUBBER_STAMP_CLIENT, Vacancy, client_of, vacancy
from jobs.generator.vacancy_record import job_title, prospect_row, prospects_record, vacancy_record
from jobs.generator.world import World
from jobs.generator.writer import JsonObjectSink, Sink

DEFAULT_UNTIL = date(2026, 10, 31)
DEFAULT_HIRE_RATE = 0.06
MOST = 10_000_000  # of each; more would fill memory before the first line is written
FILES = ("applicants", "vagas", "prospects")
Progress = Callable[[str, int, int], object]  # what is being made, how many more are done, of how many


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked for; ValueError with a sentence when it cannot be."""

    candidates: int
    jobs: int
    prospects: int
    seed: int = 1
    hire_rate: float = DEFAULT_HIRE_RATE
    until: date = DEFAULT_UNTIL
    gzip: bool = False
    rule: str = PERSON_AND_JOB

    def __post_init__(self) -> None:
        if min(self.candidates, self.jobs, self.prospects) < 0:
            raise ValueError("Candidates, jobs and prospects cannot be negative.")
        if max(self.candidates, self.jobs, self.prospects) > MOST:
            raise ValueError(f"More than {MOST:,} candidates, jobs or prospects are too many.")
        if self.prospects > self.jobs * self.cap:
            raise ValueError(
                f"{self.prospects} prospects are too many: {self.jobs} jobs hold at most {self.cap} each, "
                f"which makes {self.jobs * self.cap}."
            )
        if not 0 < self.hire_rate < 1:
            raise ValueError("The hire rate must lie between 0 and 1, for example 0.06.")
        if self.rule not in RULES:
            raise ValueError(f"There is no rule {self.rule!r}: choose one of {', '.join(RULES)}.")
        if not 1990 <= self.until.year <= 2100:
            raise ValueError("The last day must lie between 1990 and 2100.")

    @property
    def cap(self) -> int:
        return min(CAP, self.candidates)

    def paths(self, directory: Path) -> list[Path]:
        return [directory / f"{name}.json{'.gz' if self.gzip else ''}" for name in FILES]


@dataclass(frozen=True)
class Made:
    """What was made. The AUCs are those of the true probability: no ranking can be expected to beat them.

    `best_auc_on_the_day` is that of the true probability averaged over what nobody can know on the day of an
    application (see `foresight`): no ranking made in time can be expected to beat it. Inside a job, on any
    one day, its order is that of the true probability.
    """

    candidates: int
    jobs: int
    prospects: int
    hires: int
    undecided_at_the_end: int
    best_auc: float
    best_auc_on_the_day: float
    best_auc_inside_jobs: float
    jobs_with_both: int
    megabytes: float
    seconds: float

    @property
    def hire_rate(self) -> float:
        return self.hires / self.prospects if self.prospects else math.nan


def generate(
    plan: Plan, directory: Path, *, truth: Path | None = None, progress: Progress = lambda *_: None
) -> Made:
    """Writes the three files into `directory` (and the true probabilities to `truth`, a .csv or .csv.gz)."""
    began = time.perf_counter()
    company = Company(plan, progress)
    paths = plan.paths(directory)
    company.write_prospects(paths[2])
    company.write_jobs(paths[1])
    company.write_applicants(paths[0])
    if truth:
        company.write_truth(truth)
    inside, groups = auc_inside(company.settled_by_job())
    return Made(
        candidates=plan.candidates,
        jobs=plan.jobs,
        prospects=plan.prospects,
        hires=sum(company.hired),
        undecided_at_the_end=sum(company.pending),
        best_auc=company.best_auc(company.probability),
        best_auc_on_the_day=company.best_auc(company.on_the_day),
        best_auc_inside_jobs=inside,
        jobs_with_both=groups,
        megabytes=sum(path.stat().st_size for path in paths) / 1e6,
        seconds=time.perf_counter() - began,
    )


class Company:
    """The compact facts of everything, and the ways to write it out."""

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self.plan, self._progress = plan, progress
        timeline = Timeline.ending(plan.until)
        self.world = World.of(plan.seed, timeline=timeline, candidates=plan.candidates)
        self.people = People(
            self.world, candidates=plan.candidates, progress=self._counter("people", plan.candidates)
        )
        self.sizes = job_sizes(plan.seed, jobs=plan.jobs, prospects=plan.prospects, cap=plan.cap)
        self.requested = timeline.requisitions(plan.jobs, self.world.stream("requisitions"))
        self.job_code = self._job_codes()
        self.first_pair = array("l", [0])
        for size in self.sizes:
            self.first_pair.append(self.first_pair[-1] + size)
        self.person, self.applied = array("l"), array("l")
        self.fit, self.accept, self.probability = array("f"), array("f"), array("d")
        self.hired, self.pending, self.settled_flag = bytearray(), bytearray(), bytearray()
        self._pair_up()
        self.ever_hired = bytearray(self.people.count)

    def _counter(self, what: str, total: int) -> Callable[[int], object]:
        return lambda more: self._progress(what, more, total)

    def _job_codes(self) -> array[int]:
        rng, code, codes = self.world.stream("job codes"), 11, array("l")
        for _ in range(self.plan.jobs):
            code += 1 + (rng.random() < 0.04)
            codes.append(code)
        return codes

    def job(self, index: int) -> Vacancy:
        return vacancy(self.world, index, requested=date.fromordinal(self.requested[index]))

    def pairs_of(self, job: int) -> range:
        return range(self.first_pair[job], self.first_pair[job + 1])

    def _pair_up(self) -> None:
        matchmaker, logits = Matchmaker(self.people, self.world.timeline), array("d")
        for index, size in enumerate(self.sizes):
            self._progress("pairs", 1, self.plan.jobs)
            if not size:
                continue
            job = self.job(index)
            of_job = job_part(self.plan.seed, job, prospects=size, era=self.world.timeline.era(job.requested))
            for who, day in matchmaker.prospects(job, count=size, rng=self.world.stream("pairs", index)):
                self.person.append(who)
                self.applied.append(day)
                self._append_chances(who, job)
                logits.append(of_job + self.fit[-1])
        intercept = intercept_for(logits, hire_rate=self.plan.hire_rate)
        self._logits = array("d", (intercept + logit for logit in logits))
        self.probability.extend(map(true_probability, self._logits))

    def _append_chances(self, who: int, job: Vacancy) -> None:
        """A company of jobs alone knows neither fit nor taste: they would show in who is turned away when."""
        reading, blind = self.people.reading(who), self.plan.rule == JOBS_ONLY
        self.fit.append(0.0 if blind else person_part(reading, job))
        self.accept.append(sigmoid(ACCEPTS if blind else accept_logit(reading, job)))

    @cached_property
    def on_the_day(self) -> array[float]:
        """Of each pair the probability that could be known on the day of the application."""
        easy = [client_of(self.plan.seed, job) == RUBBER_STAMP_CLIENT for job in range(self.plan.jobs)]
        foresight = Foresight(zip(self.sizes, easy, strict=True), cap=self.plan.cap)
        known = array("d")
        for job in range(self.plan.jobs):
            days = sorted(self.applied[pair] for pair in self.pairs_of(job))
            for pair in self.pairs_of(job):
                known.append(
                    foresight.probability(
                        self._logits[pair],
                        size=self.sizes[job],
                        easy=easy[job],
                        earlier=bisect_left(days, self.applied[pair]),
                        days=self.applied[pair] - self.requested[job],
                    )
                )
        return known

    def outcomes(self, job: Vacancy) -> list[Outcome]:
        """Drawn from the logit with its noise; the same however often it is asked."""
        rng, last = self.world.stream("outcomes", job.index), self.plan.until.toordinal()
        made = []
        for pair in self.pairs_of(job.index):
            chance = sigmoid(self._logits[pair] + rng.gauss(0.0, NOISE))
            roll = rng.random()
            made.append(
                outcome(
                    hired=roll < chance,
                    withdrew=chance <= roll < chance + withdraws_when_wanted(chance, self.accept[pair]),
                    fit=self.fit[pair],
                    job=job,
                    applied=self.applied[pair],
                    last_day=last,
                    rng=rng,
                )
            )
        return made

    # Writing

    def write_prospects(self, path: Path) -> None:
        """Writes, and notes who was hired: the other files and the AUCs need it."""
        with JsonObjectSink(path) as sink:
            for index in range(self.plan.jobs):
                job = self.job(index)
                made = self.outcomes(job)
                self._note(index, made)
                sink.add(str(self.job_code[index]), self._prospects_record(job, made))
                self._progress("prospects", 1, self.plan.jobs)

    def _note(self, index: int, made: list[Outcome]) -> None:
        settled_before = self.plan.until.toordinal() - SETTLED_DAYS
        for pair, each in zip(self.pairs_of(index), made, strict=True):
            self.hired.append(each.hired)
            self.pending.append(each.pending)
            self.settled_flag.append(not each.pending and each.applied <= settled_before)
            if each.status == "Contratado pela Decision" or each.status == "Contratado como Hunting":
                self.ever_hired[self.person[pair]] = 1

    def _prospects_record(self, job: Vacancy, made: list[Outcome]) -> dict[str, object]:
        rng = self.world.stream("prospects", job.index)
        usual = recruiter(rng)
        rows = []
        for pair, each in zip(self.pairs_of(job.index), made, strict=True):
            someone = person(self.world, self.person[pair])
            rows.append(
                prospect_row(
                    each,
                    name=someone.name,
                    code=self.people.code[someone.index],
                    comment=comment(each, job, sex=someone.sex, wish=someone.wish, rng=rng),
                    recruiter=usual if rng.random() < 0.8 else recruiter(rng),
                )
            )
        rng.shuffle(rows)
        return prospects_record(
            job_title(self.world, job), modality(rng, any_hired=any(m.hired for m in made)), rows
        )

    def unlisted(self, index: int) -> bool:
        """A few jobs are in the prospects file only, as in the source."""
        return self.plan.jobs >= 20 and index % 600 == 17

    def write_jobs(self, path: Path) -> None:
        """In blocks, newest of a block first: the source's order is not sorted either."""
        with JsonObjectSink(path) as sink:
            for start in range(0, self.plan.jobs, 650):
                for index in range(min(start + 650, self.plan.jobs) - 1, start - 1, -1):
                    self._progress("jobs", 1, self.plan.jobs)
                    if not self.unlisted(index):
                        sink.add(str(self.job_code[index]), vacancy_record(self.world, self.job(index)))

    def write_applicants(self, path: Path) -> None:
        with JsonObjectSink(path) as sink:
            for index in range(self.people.count):
                if self.people.known(index):
                    self._write_applicant(sink, index)
                    self._progress("applicants", 1, self.plan.candidates)

    def _write_applicant(self, sink: JsonObjectSink, index: int) -> None:
        code = self.people.code[index]
        record = applicant_record(
            self.world,
            person(self.world, index),
            code=code,
            registered=self.people.registered[index],
            hired=bool(self.ever_hired[index]),
        )
        sink.add(str(code), record)

    def write_truth(self, path: Path) -> None:
        """One line a pair; what the columns hold says the command's help."""
        with Sink(path) as sink:
            sink.write("job,candidate,probability,hired,settled,on_the_day,accepts\n")
            for job in range(self.plan.jobs):
                for pair in self.pairs_of(job):
                    sink.write(f"{self.job_code[job]},{self.people.code[self.person[pair]]},")
                    sink.write(f"{self.probability[pair]!r},{self.hired[pair]},{self.settled_flag[pair]},")
                    accepts = true_acceptance(self._logits[pair], self.accept[pair])
                    sink.write(f"{self.on_the_day[pair]!r},{accepts!r}\n")

    # What the best possible ranking reaches

    def best_auc(self, probability: array[float]) -> float:
        pairs = [pair for pair, settled in enumerate(self.settled_flag) if settled]
        return auc([probability[pair] for pair in pairs], [self.hired[pair] for pair in pairs])

    def settled_by_job(self) -> Iterator[tuple[list[float], list[int]]]:
        for job in range(self.plan.jobs):
            pairs = [pair for pair in self.pairs_of(job) if self.settled_flag[pair]]
            yield [self.probability[pair] for pair in pairs], [self.hired[pair] for pair in pairs]
