"""Judge every field of the stored source records by itself: does it tell the outcome?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring import auditing
from scoring.models import LabelPolicy

COLUMNS = ("field", "of a", "kind", "filled", "AUC", "pres. AUC", "in jobs", "hired+", "hired-", "verdict")


class Command(BaseCommand):
    help = "Print of every field of the source how well it tells the outcome by itself, the worst first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--label-policy", choices=LabelPolicy.values, default=LabelPolicy.ALL)
        parser.add_argument("--suspicious", action="store_true", help="only fields that break a rule")
        parser.add_argument("--json", action="store_true", help="all figures, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = auditing.labelled_rows(options["label_policy"])
        if rows.empty:
            raise CommandError("There is no application with an outcome yet: import some first.")
        report = auditing.to_json(auditing.source_fields(rows), ())
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        shown = [found for found in report["fields"] if found["broken"] or not options["suspicious"]]
        for line in table([line_of(found) for found in shown]):
            self.stdout.write(line)
        self.stdout.write(
            f"\n{len(rows)} applications, {len(report['fields'])} fields; {len(report['found'])} give "
            "themselves away."
        )


def line_of(found: dict[str, Any]) -> tuple[str, ...]:
    figures = found["figures"]
    verdict = ": ".join(filter(None, (found["verdict"], "; ".join(found["says"]))))
    return (
        found["field"],
        found["unit"],
        found["kind"],
        f"{figures['filled']:.1%}",
        *(_figure(figures[name]) for name in ("auc", "presence_auc", "inside_auc")),
        *(_figure(figures[name]) for name in ("rate_filled", "rate_empty")),
        verdict,
    )


def table(lines: list[tuple[str, ...]]) -> list[str]:
    """Columns side by side; texts to the left, figures to the right."""
    widths = [max(len(line[at]) for line in [COLUMNS, *lines]) for at in range(len(COLUMNS) - 1)]
    return ["  ".join((*_padded(line, widths), line[-1])) for line in [COLUMNS, *lines]]


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    pairs = zip(line, widths, strict=False)
    return [text.ljust(width) if at < 3 else text.rjust(width) for at, (text, width) in enumerate(pairs)]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
