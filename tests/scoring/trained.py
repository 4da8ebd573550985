"""A real model of two features, trained in a moment, for tests that need one on disk."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from django.conf import settings
from django.utils import timezone

from scoring import people, storage
from scoring.ml import artifact
from scoring.ml.dataset import Dataset
from scoring.ml.recipes.base import PartRecipe, Recipe
from scoring.ml.text import TextModel
from scoring.ml.train import TrainConfig, train
from scoring.models import ModelVersion
from tests.factories import make_version

NAMES = ("cv_sap", "salario_valor")
TEXTS = ["experiência com java e sql em projetos", "manter sistemas com sap", "analista de sistemas"]
RECIPE = Recipe(
    name="peneira",
    parts=(
        PartRecipe(
            name="person",
            columns=tuple,
            params={"learning_rate": 0.1, "num_leaves": 4, "min_data_in_leaf": 10},
            max_rounds=20,
        ),
    ),
    policy="all",
)


@cache
def data(seed=1, names=NAMES):
    """Whoever has cv_sap = 1 is mostly hired; who wants more than half the salary mostly withdraws."""
    chance = np.random.default_rng(seed)
    rows = 600
    X = pd.DataFrame({name: chance.random(rows) for name in names}).astype("float32")
    X["cv_sap"] = chance.integers(0, 2, rows).astype("float32")
    days = np.datetime64("2024-01-01") + np.arange(rows) // 5
    about = {
        "candidate_id": np.arange(rows),
        "job_id": np.arange(rows) // 5,
        "as_of": days.astype("datetime64[s]"),
        "y": (chance.random(rows) < 0.1 + 0.7 * X["cv_sap"].to_numpy()).astype(float),
        "accept": (chance.random(rows) < 0.9 - 0.8 * (X["salario_valor"].to_numpy() > 0.5)).astype(float),
        "known": True,
        "area": "",
        "seniority": "",
        "client": "",
    }
    return Dataset(X, pd.DataFrame(about))


@cache
def result(seed=1, names=NAMES, accepting=False):
    recipe = replace(RECIPE, accept=accepting)
    return train(data(seed, names), recipe=recipe, config=TrainConfig(bootstrap_resamples=10))


def write(version, *, seed=1, names=NAMES, accepting=False, policy="all"):
    """Store that model's files as those of ``version``."""
    files = artifact.pack(
        result(seed, names, accepting),
        data(seed, names),
        created_at=timezone.now(),
        policy=policy,
        arrays=people.text_arrays(TextModel().fit(TEXTS)),
    )
    storage.write_model(version.artifact_path, files)
    ModelVersion.objects.filter(pk=version.pk).update(sha256=artifact.digest(files))
    version.refresh_from_db()
    return version


def make_trained_version(*, seed=1, accepting=False, **values):
    learned = result(seed, NAMES, accepting)
    version = make_version(
        **(
            {
                "threshold": learned.threshold.threshold,
                "metrics": learned.metrics(),
                "feature_names": list(learned.head.feature_names),
            }
            | values
        )
    )
    return write(version, seed=seed, accepting=accepting)


def damage(version):
    """Alter one of its files on disk."""
    next((Path(settings.MODELS_DIR) / version.artifact_path).glob("hire-*.txt")).write_text("no model")
