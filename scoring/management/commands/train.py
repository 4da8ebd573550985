"""Train models on the outcomes stored here and print how good they are."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from candidates.models import RunState
from scoring import services, training, verdicts
from scoring.figures import sections
from scoring.figures.sections import CutState
from scoring.management.running import run_here
from scoring.ml.recipes import RECIPES
from scoring.models import LabelPolicy, ModelVersion, TrainingRun

MAIN = "peneira"
CUTS = {
    CutState.REACHED: "reached on the validation window and on the test window",
    CutState.MISSED_LATER: "reached on the validation window, NOT on the test window",
    CutState.NOBODY_LATER: "reached on the validation window; on the test window nobody is above it",
    CutState.NOT_REACHED: "NOT reached by any cut",
}


class Command(BaseCommand):
    help = (
        "Train the model recipes on the stored outcomes and print their figures; what passes the gate serves."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipe", choices=list(RECIPES), help="one recipe only (all of them otherwise)")
        parser.add_argument("--label-policy", choices=LabelPolicy.values, default="")
        parser.add_argument("--seed", type=int, default=training.SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        # The main recipe first: what fails without it should fail at once
        recipes = [options["recipe"]] if options["recipe"] else sorted(RECIPES, key=lambda name: name != MAIN)
        for recipe in recipes:
            run = self.train(recipe, options["label_policy"], options["seed"])
            if run.state == RunState.FAILED and recipe == recipes[0]:
                raise CommandError(run.error)
            if run.state == RunState.FAILED:
                self.stdout.write(f"{recipe}: not trained. {run.error}")
            else:
                self.stdout.write(figures(ModelVersion.objects.get(training_run=run)))

    def train(self, recipe: str, policy: str, seed: int) -> TrainingRun:
        services.reap_runs()
        run, _made = training.new_run(recipe=recipe, label_policy=policy, seed=seed)
        run_here(run, lambda watch: training.run(run, watch=watch), title=recipe, quiet=False)
        return run


def figures(version: ModelVersion) -> str:
    """The figures of the test window as a small table."""
    metrics, cut = version.metrics, version.card["threshold"]
    test = next(window for window in version.card["windows"] if window["name"] == "test")
    inside = metrics["inside_jobs"]["figures"]["roc_auc"]
    lines = [
        f"Model {version} ({version.recipe}, {version.label_policy}), {version.get_state_display()}",
        f"  tested on            {test['rows']} applications of {test['jobs']} jobs, "
        f"{test['start']} to {test['end']}, {test['hires']} hires",
        f"  base rate            {_number(metrics['base_rate'])}",
        f"  ROC-AUC              {_number(metrics['roc_auc'])}   (0.5: chance)",
        f"  average precision    {_number(metrics['average_precision'])}   (base rate: chance)",
        f"  Brier score          {_number(metrics['brier'])}",
        f"  AUC inside jobs      {_number(inside['value'])}   95 % interval {_number(inside['low'])} to "
        f"{_number(inside['high'])}, chance 0.5, {metrics['inside_jobs']['jobs']} jobs",
        f"  order inside a job   {version.get_evidence_display()} that it beats chance",
        f"  cut for precision {cut['min_precision']:.2f}  {version.threshold:.3f}, "
        f"{CUTS[sections.cut(version).state]}; on the test window precision "
        f"{_number(metrics['at_threshold']['precision'])}, recall "
        f"{_number(metrics['at_threshold']['recall'])}",
    ]
    return "\n".join([*lines, *_standing(version), *_notes(version)])


def _standing(version: ModelVersion) -> list[str]:
    """Whether it serves; else what spoke against it."""
    if version.state == ModelVersion.State.CHAMPION:
        return ["  gate                 passed; it is in use now"]
    reasons = verdicts.reasons_against(version.verdict)
    if not reasons:
        return ["  gate                 passed, but another version began to serve meanwhile"]
    return ["  gate                 not passed, the version waits for a person (docs/gate.md)"] + [
        f"    {reason}" for reason in reasons
    ]


def _notes(version: ModelVersion) -> list[str]:
    return [f"  note: {verdicts.sentence(warning)}" for warning in version.card["warnings"]]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
