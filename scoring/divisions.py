"""One recipe on one dataset, measured on other divisions of the rows and with parts left out.

What comes out is plain JSON, the same for who prints it (scoring.evaluating) and who keeps it with a version
(scoring.further). Nothing is stored here.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scoring.ml.recipes import ABLATIONS, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.ml.backtest import Learn
    from scoring.ml.dataset import Dataset
    from scoring.ml.evaluate import Evaluation
    from scoring.ml.train import TrainConfig

Model = dict[str, Any]
Show = Callable[[float, str], None]  # a share in [0, 1] and what is done at the moment

MAIN = "peneira"  # the recipe whose parts are left out one by one


def figures(evaluation: "Evaluation") -> Model:
    from scoring.ml.evidence import verdict

    return {"metrics": evaluation.to_json(), "evidence": verdict(evaluation.inside_jobs).to_json()}


def parts(recipe: Recipe) -> "Mapping[str, Recipe]":
    """The recipe with parts left out, by name; of most recipes there is none."""
    return ABLATIONS if recipe.name == MAIN else {}


class _Trainings:
    """Several trainings as one progress: every step of each is shown, so that a watcher sees it live."""

    def __init__(self, recipe: Recipe, count: int, show: Show) -> None:
        self.recipe = replace(recipe, accept=False)  # the main head alone: who accepts is not asked here
        self.count = count
        self.show = show
        self.done = 0.0

    @property
    def learn(self) -> "Learn":
        from scoring.ml.train import train

        return lambda data, config: train(data, recipe=self.recipe, config=config, progress=self.inside)

    def inside(self, share: float, step: str) -> None:
        self.show(self.done + share / self.count, step)

    def over(self, share: float) -> None:
        self.done = share
        self.show(share, "")


def back_tests(recipe: Recipe, data: "Dataset", config: "TrainConfig", *, show: Show) -> list[Model]:
    """Stretches of the past, each learned from everything before: [{"start", "end", "metrics", "evidence",
    "problem"}]. Where the rows allow none, one entry over all of them says why."""
    from scoring.ml import backtest
    from scoring.ml.splits import TrainingDataError

    work = _Trainings(recipe, backtest.STRETCHES, show)
    try:
        found = backtest.back_tests(data, learn=work.learn, config=config, progress=work.over)
    except TrainingDataError as error:
        days = {"start": str(data.days.min()), "end": str(data.days.max())}
        return [days | _nothing(error)]
    return [test.to_json() for test in found]


def grouped(recipe: Recipe, data: "Dataset", config: "TrainConfig", *, show: Show) -> Model:
    """Folds of whole jobs, time ignored: {"folds": [metrics], "metrics", "evidence", "problem"}."""
    from scoring.ml import backtest
    from scoring.ml.splits import TrainingDataError

    work = _Trainings(recipe, backtest.FOLDS, show)
    try:
        return backtest.grouped_folds(data, learn=work.learn, config=config, progress=work.over).to_json()
    except TrainingDataError as error:
        return {"folds": []} | _nothing(error)


def ablation(recipe: Recipe, data: "Dataset", config: "TrainConfig", *, show: Show) -> list[Model]:
    """Learned with parts left out on the same rows: [{"recipe", "metrics", "evidence", "problem"}]."""
    left_out = parts(recipe)
    return [
        _without(name, part, data, config, _portion(show, place, len(left_out)))
        for place, (name, part) in enumerate(left_out.items())
    ]


def _portion(show: Show, place: int, count: int) -> Show:
    return lambda share, step: show((place + share) / count, step)


def _without(name: str, part: Recipe, data: "Dataset", config: "TrainConfig", show: Show) -> Model:
    from scoring.ml.splits import TrainingDataError
    from scoring.ml.train import train

    try:
        found = train(data, recipe=part, config=config, progress=show)
    except TrainingDataError as error:
        return {"recipe": name} | _nothing(error)
    return {"recipe": name, "problem": ""} | figures(found.evaluation)


def _nothing(error: Exception) -> Model:
    return {"metrics": None, "evidence": None, "problem": str(error)}
