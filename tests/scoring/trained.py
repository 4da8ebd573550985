"""A real model of two features, trained in a moment, for tests that need one on disk."""

from functools import cache

import numpy as np
import pandas as pd
from django.utils import timezone

from scoring.ml import artifact
from scoring.ml.recipes import Recipe
from scoring.ml.train import TrainConfig, train
from scoring.models import ModelVersion
from scoring.registry import directory
from tests.factories import make_version

NAMES = ("cv_sap", "salario_valor")


@cache
def result(seed=1, names=NAMES):
    """Whoever has cv_sap = 1 is mostly hired."""
    chance = np.random.default_rng(seed)
    rows = 600
    X = pd.DataFrame({name: chance.random(rows) for name in names}).astype("float32")
    X["cv_sap"] = chance.integers(0, 2, rows).astype("float32")
    recipe = Recipe(
        name="peneira",
        columns=tuple,
        params={"learning_rate": 0.1, "num_leaves": 4, "min_data_in_leaf": 10},
        policy="all",
        max_rounds=20,
    )
    return train(
        X,
        (chance.random(rows) < 0.1 + 0.7 * X["cv_sap"]).astype(float),
        job_ids=np.arange(rows) // 5,
        dates=np.datetime64("2024-01-01") + np.arange(rows) // 5,
        recipe=recipe,
        config=TrainConfig(bootstrap_resamples=10),
    )


def make_trained_version(*, seed=1, **values):
    learned = result(seed)
    version = make_version(
        **(
            {
                "threshold": learned.threshold.threshold,
                "metrics": learned.evaluation.to_json(),
                "feature_names": list(learned.feature_names),
            }
            | values
        )
    )
    sha256 = artifact.save(learned, directory(version), created_at=timezone.now(), policy="all")
    ModelVersion.objects.filter(pk=version.pk).update(sha256=sha256)
    version.refresh_from_db()
    return version
