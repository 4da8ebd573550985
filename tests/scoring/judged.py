"""Versions of a real small company, each with a real model and its files, to be judged beside each other."""

import datetime
from dataclasses import replace

from django.utils import timezone

from candidates.models import Demographics
from scoring import assembling, storage
from scoring.ml import artifact
from scoring.ml.recipes import PartRecipe, Recipe
from scoring.ml.recipes.base import every_column
from scoring.ml.train import TrainConfig, train
from scoring.models import ModelVersion
from tests.factories import make_version
from tests.scoring.company import make_company

State = ModelVersion.State
SMALL = {"learning_rate": 0.1, "num_leaves": 6, "min_data_in_leaf": 10}


def recipe(columns=every_column, name="peneira", rounds=40):
    part = PartRecipe(name="all", columns=columns, params=SMALL, max_rounds=rounds)
    return Recipe(name=name, parts=(part,), policy="all", calibration="sigmoid")


GOOD = recipe()
BLIND = recipe(lambda available: ("cv_words",))  # every CV of the company has as many words


class Silent:
    def __call__(self, share, step):
        pass

    def between(self, start, end, step):
        return lambda share, stage="": None

    def log(self, line):
        pass


class Learner:
    """A company's outcomes, read once, for several models."""

    def __init__(self, **company):
        self.jobs = make_company(**({"jobs": 80, "candidates": 200} | company))
        self.read = {}

    def assembled(self, config, made, policy="all"):
        key = config.test_start, made.topics, policy
        if key not in self.read:
            self.read[key] = assembling.assemble(made, policy, config=config, report=Silent())
        return self.read[key]

    def version(self, made=GOOD, *, state=State.CHALLENGER, change=None, policy="all", **values):
        """``change``: takes the result of the training and gives another; ``arrays``: more for the files."""
        test_start, arrays = values.pop("test_start", None), values.pop("arrays", {})
        config = TrainConfig(bootstrap_resamples=50, test_start=test_start)
        assembled = self.assembled(config, made, policy)
        result = train(assembled.dataset, recipe=made, config=config)
        result = change(result) if change else result
        files = artifact.pack(
            result,
            assembled.dataset,
            created_at=timezone.now(),
            policy=policy,
            arrays=assembled.arrays() | arrays,
        )
        defaults = {
            "recipe": made.name,
            "label_policy": policy,
            "state": state,
            "threshold": result.threshold.threshold,
            "threshold_attainable": result.threshold.attainable,
            "metrics": result.metrics(),
            "feature_names": list(result.feature_names),
            "sha256": artifact.digest(files),
        }
        version = make_version(**(defaults | values))
        storage.write_model(version.artifact_path, files)
        return version


def with_cut(threshold):
    """The same model with another cut."""
    return lambda result: replace(result, threshold=replace(result.threshold, threshold=threshold))


def damage(version):
    """Other bytes in place of a file of the version."""
    from django.core.files.storage import storages

    path = storages["models"].path(f"{version.artifact_path}/arrays.npz")
    with open(path, "wb") as file:
        file.write(b"no arrays")


def tell_groups(candidates, sex, *, born=datetime.date(1990, 5, 1), disability="Não"):
    """``sex``: what the source writes, by candidate."""
    Demographics.objects.bulk_create(
        Demographics(candidate=person, sex=sex(person), birth_date=born, disability=disability)
        for person in candidates
    )
