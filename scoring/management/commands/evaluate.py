"""Measure every recipe on the stored outcomes, beside rules that know little, without storing a model."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from scoring import evaluating, reporting, side_by_side
from scoring.divisions import Model, Show
from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy
from scoring.tables import Section


class Command(BaseCommand):
    help = "Measure recipes and baselines on the stored outcomes and print one table. Nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipe", action="append", choices=list(RECIPES), help="may be repeated (all otherwise)"
        )
        parser.add_argument("--policy", choices=LabelPolicy.values, default="", help="one for all recipes")
        parser.add_argument("--seed", type=int, default=evaluating.Asked.seed)
        parser.add_argument(
            "--test-start",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="first day of the test window (otherwise its share of the applications)",
        )
        parser.add_argument("--backtests", action="store_true", help="also stand at several days of the past")
        parser.add_argument(
            "--grouped",
            action="store_true",
            help="also fold whole jobs, time ignored (optimistic; of several recipes for peneira alone)",
        )
        parser.add_argument("--ablation", action="store_true", help="also leave out parts of peneira")
        parser.add_argument(
            "--truth",
            type=Path,
            metavar="FILE",
            help="of generate_company --truth: measure its hidden rule too",
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["json"]
        if target is not None and not target.parent.is_dir():
            raise CommandError(f"{target.parent}, the place for the JSON file, is no directory.")
        with _Bars(quiet=options["verbosity"] == 0) as bars:
            try:
                measured = evaluating.measure(_asked(options), bars.open)
            except (evaluating.NotItsTruth, OSError) as error:
                raise CommandError(str(error)) from error
        if target is not None:
            target.write_text(json.dumps(measured, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
        for section in _sections(measured["models"]):
            self.stdout.write(section.plain())
        if all(model["problem"] for model in measured["models"]):
            raise CommandError("No recipe could be trained.")


def _asked(options: dict[str, Any]) -> evaluating.Asked:
    truth = options["truth"]
    return evaluating.Asked(
        recipes=tuple(dict.fromkeys(options["recipe"] or RECIPES)),
        policy=options["policy"],
        seed=options["seed"],
        test_start=options["test_start"],
        back_tests=options["backtests"],
        grouped=options["grouped"],
        ablation=options["ablation"],
        truth=evaluating.read_truth(truth) if truth else None,
    )


def _sections(models: list[Model]) -> Iterator[Section]:
    yield from side_by_side.comparison(models)
    trained = [model for model in models if not model["problem"]]
    if not trained:
        return
    yield side_by_side.cuts(trained)
    for model in trained:
        yield reporting.inside(model)
        yield from reporting.accept(model)
        yield from side_by_side.back_tests(model)
        yield from side_by_side.ablation(model)
        yield from reporting.slices(model)


class _Bars:
    """One progress bar after the other, on standard error."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def open(self, what: str) -> Show:
        self.__exit__()
        bar = self._bar = tqdm(
            total=100,
            desc=what,
            bar_format="{desc}: {percentage:3.0f}% {postfix}",
            disable=True if self._quiet else None,
        )

        def show(share: float, step: str) -> None:
            bar.set_postfix_str(step, refresh=False)
            bar.update(max(0, round(100 * share) - bar.n))

        return show
