"""Writes docs/model.md: ``python -m benchmarks.model_doc [--real FOLDER] [--only NAME …]``.

Each company (generated ones, and with ``--real`` the source files in FOLDER: applicants, vagas and prospects
as .json.gz) is imported into a database of its own under ``var/bench`` and measured by ``manage.py
evaluate``. Its figures stay there as JSON; with ``--only`` the others are told from those, and a section that
was never measured here is kept from the present page. ``--candidates 3000 --jobs 1000 --prospects 4000
--page FILE`` tries it out small.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiring_site import env
from scoring import reporting, side_by_side
from scoring.tables import Section, Table, figure, span

PAGE = env.BASE_DIR / "docs" / "model.md"
FULL_SIZE = {"candidates": 42_000, "jobs": 14_000, "prospects": 54_000}
SEEDS = (7, 8, 9)
REAL = "real"
HEAD = """# The model and its measured quality

Made by `python -m benchmarks.model_doc`; not written by hand. Every figure but those of back-tests and folds
is of the test window: the latest jobs, none of which was seen in training, with nothing chosen on them.
Intervals are 95 % bootstrap intervals over jobs. "Inside jobs" compares people of one job, each job
counting once; a random order has an AUC of 0.5 there. That, not the overall figure, is what a ranking can be
judged by. Evidence is *strong* when the whole interval lies above 0.5, the AUC is at least 0.60 and 30 jobs
stand behind it, *some* when only the interval (of at least 10 jobs) does, *none* otherwise.

Known limits: the CV text is the latest one a person sent, possibly later than the application; outcomes hold
the habits of those who decided; a company's own figures differ from these and stand on its model page.
"""
RULE = (
    "Its hires follow a known rule, and the rule's own probabilities, measured on the same test rows, are "
    "the best that any model could reach there; some of what the rule uses (how many will apply) is not yet "
    "known on the day of application, so the rule is measured without that too."
)


@dataclass(frozen=True)
class Company:
    """`more`: what is asked of `manage.py evaluate` beside the table."""

    name: str
    title: str
    text: str
    var: Path
    more: tuple[str, ...] = ()
    generate: tuple[str, ...] = ()

    @property
    def figures(self) -> Path:
        return self.var / "evaluation.json"


def main() -> None:
    options = _parse()
    companies = _companies(options)
    for company in companies:
        wanted = company.name in options.only if options.only else company.name != REAL or options.real
        if wanted:
            _measure(company, options.real)
    measured = {company.name: _figures(company) for company in companies}
    present = options.page.read_text() if options.page.exists() else ""
    parts = [HEAD, _summary(companies, measured)]
    for company in companies:
        found = measured[company.name]
        parts.append(_section(company, found) if found else _kept(company.title, present))
    options.page.write_text("\n".join(part.strip() + "\n" for part in parts if part.strip()))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, metavar="FOLDER")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="real, seed7 … or jobs-only")
    parser.add_argument("--page", type=Path, default=PAGE)
    for name, size in FULL_SIZE.items():
        parser.add_argument(f"--{name}", type=int, default=size)
    options = parser.parse_args()
    if REAL in options.only and not options.real:
        parser.error("--only real needs --real FOLDER")
    return options


def _companies(options: argparse.Namespace) -> list[Company]:
    sizes = {name: getattr(options, name) for name in FULL_SIZE}
    size = ", ".join(f"{count:,} {name}" for name, count in sizes.items())
    arguments = tuple(f"--{name}={count}" for name, count in sizes.items())
    bench = env.BASE_DIR / "var" / "bench"
    full = "" if sizes == FULL_SIZE else f"-{'-'.join(map(str, sizes.values()))}"
    divided = ("--backtests", "--grouped", "--ablation")
    real = Company(
        REAL,
        "Real source files",
        "A real company's files up to the end of 2023: 9,444 jobs and 45,383 prospects, but the CVs of only "
        "300 of some 25,600 candidates; of the others, a code. The person's part can hardly be learned from "
        "these.",
        bench / "doc-real",
        divided,
    )
    seeds = [
        Company(
            f"seed{seed}",
            f"Generated company, seed {seed}",
            f"{size}. {RULE}",
            bench / f"doc-seed{seed}{full}",
            divided if seed == SEEDS[0] else (),
            (*arguments, f"--seed={seed}"),
        )
        for seed in SEEDS
    ]
    nothing = Company(
        "jobs-only",
        "Generated company whose hires ignore the candidates",
        f"{size}, seed {SEEDS[0]}; who is hired depends on the job alone. A model that claims to order its "
        "people is wrong.",
        bench / f"doc-jobs-only{full}",
        ("--recipe=peneira",),
        (*arguments, f"--seed={SEEDS[0]}", "--rule=jobs-only"),
    )
    return [real, *seeds, nothing]


# Measuring


def _measure(company: Company, source: Path | None) -> None:
    shutil.rmtree(company.var, ignore_errors=True)  # its servers ended with the last command
    company.var.mkdir(parents=True)
    if company.generate:
        files, truth = _generated(company)
    else:
        assert source is not None
        files, truth = {kind: source / f"{name}.json.gz" for kind, name in _FILES.items()}, ()
    _manage(company, "migrate", "--verbosity=0")
    _manage(company, "import_data", *(f"--{kind}={path}" for kind, path in files.items()))
    _manage(company, "evaluate", *company.more, *truth, f"--json={company.figures}")


_FILES = {"applicants": "applicants", "jobs": "vagas", "prospects": "prospects"}


def _generated(company: Company) -> tuple[dict[str, Path], tuple[str, ...]]:
    folder, truth = company.var / "company", company.var / "truth.csv.gz"
    _manage(company, "generate_company", *company.generate, f"--truth={truth}", str(folder))
    return {kind: folder / f"{name}.json" for kind, name in _FILES.items()}, (f"--truth={truth}",)


def _manage(company: Company, *command: str) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    print(f"{company.name}: {command[0]}", file=sys.stderr, flush=True)
    subprocess.run(
        [sys.executable, str(env.BASE_DIR / "manage.py"), *command],
        env=clean | {"PENEIRA_VAR": str(company.var)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _figures(company: Company) -> dict[str, Any] | None:
    return json.loads(company.figures.read_text()) if company.figures.exists() else None


# Telling


def _summary(companies: Sequence[Company], measured: dict[str, dict[str, Any] | None]) -> str:
    rows = tuple(
        row
        for company in companies
        for row in _summary_rows(company, measured[company.name] or {"models": []})
    )
    head = (
        "company",
        "recipe",
        "ROC-AUC",
        "of the rule's",
        "of what the day knows",
        "average precision",
        "base rate",
        "AUC inside jobs",
        "95 % interval",
        "of the rule's",
        "by application",
        "evidence",
    )
    return f"## In one table\n\n{Table(head, rows).markdown()}" if rows else ""


def _summary_rows(company: Company, found: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for model in found["models"]:
        if model["problem"]:
            continue
        metrics, share = model["metrics"], _share(model, "rule")
        auc = metrics["inside_jobs"]["figures"]["roc_auc"]
        yield (
            company.title,
            f"{model['recipe']} ({model['policy']})",
            figure(metrics["roc_auc"]),
            side_by_side.percent(share.get("roc_auc")),
            side_by_side.percent(_share(model, "rule_on_the_day").get("roc_auc")),
            figure(metrics["average_precision"]),
            figure(metrics["base_rate"]),
            figure(auc["value"]),
            span(auc["low"], auc["high"]),
            side_by_side.percent(share.get("inside_auc")),
            figure(auc.get("by_application")),
            side_by_side.EVIDENCE[model["evidence"]["verdict"]],
        )


def _share(model: dict[str, Any], rule: str) -> dict[str, float | None]:
    return (model.get(rule) or {}).get("share") or {}


def _section(company: Company, found: dict[str, Any]) -> str:
    commit = f", commit {found['commit'][:12]}" if found["commit"] else ""
    head = f"## {company.title}\n\n{company.text} Measured on {found['date']}{commit}.\n"
    return "\n".join([head, *(section.markdown() for section in _sections(found["models"]))])


def _sections(models: Sequence[dict[str, Any]]) -> Iterator[Section]:
    """The first recipe at length, the others beside it."""
    yield from side_by_side.comparison(models)
    trained = [model for model in models if not model["problem"]]
    yield side_by_side.cuts(trained)
    for number, model in enumerate(trained):
        yield reporting.inside(model)
        yield from side_by_side.ablation(model)
        yield from side_by_side.back_tests(model)
        if number == 0:
            yield Section(f"Windows of {model['recipe']}:", reporting.windows(model))
            yield from reporting.accept(model)
            yield from reporting.slices(model)
            yield Section(reporting.features(model))
        yield from reporting.warnings(model)


def _kept(title: str, page: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    return found.group() if found else ""


if __name__ == "__main__":
    main()
