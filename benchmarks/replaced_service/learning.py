"""System B's pipeline, learned from the rows that the version in use learned from.

``python -m benchmarks.replaced_service.learning FILE`` writes the artefact, a joblib file as system B had.
"""

import os
import sys
from typing import Any

NUMBER = "salario_valor"
FOLDS = 3


def pipeline(trees: int, features: list[str]) -> Any:
    """Median, logarithm and scale of the salary, the most frequent value for the rest; LightGBM, isotonic."""
    import numpy as np
    from lightgbm import LGBMClassifier
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    salary = Pipeline(
        [
            ("impute", SimpleImputer(strategy="median")),
            ("log", FunctionTransformer(np.log1p)),
            ("scale", StandardScaler()),
        ]
    )
    others = [name for name in features if name != NUMBER]
    prepared = ColumnTransformer(
        [("salary", salary, [NUMBER]), ("rest", SimpleImputer(strategy="most_frequent"), others)]
    )
    boosted = LGBMClassifier(
        n_estimators=trees,
        learning_rate=0.03,
        num_leaves=31,
        min_child_samples=30,
        subsample=0.9,
        subsample_freq=1,
        colsample_bytree=0.9,
        reg_lambda=3.0,
        class_weight="balanced",
        random_state=42,
        n_jobs=1,
        verbose=-1,
    )
    calibrated = CalibratedClassifierCV(boosted, method="isotonic", cv=FOLDS, ensemble=False)
    return Pipeline([("prepare", prepared), ("model", calibrated)])


def learn(file: str) -> int:
    """Number of trees."""
    import joblib

    from scoring import registry, snapshots
    from scoring.models import ModelVersion
    from scoring.prediction import SYSTEM_B_RECIPE

    version = ModelVersion.objects.champion(SYSTEM_B_RECIPE)
    if version is None or version.snapshot is None:
        raise SystemExit("no version of prec80 is in use: `manage.py train --recipe prec80` first")
    (part,) = registry.artifact(version).head.parts
    features, trees = list(part.columns), part.booster.num_trees()
    data = snapshots.read_snapshot(version.snapshot)
    labelled = data.rows["y"].notna() & data.rows["known"]
    X, y = data.X.loc[labelled, features].astype("float64"), data.rows.loc[labelled, "y"].astype(int)
    artefact = {
        "model": pipeline(trees, features).fit(X, y),
        "feature_columns": features,
        "threshold": version.threshold,
        "operating_mode": version.operating_mode,
        "metadata": {"created_at": version.created_at.isoformat()},
    }
    joblib.dump(artefact, file)
    return trees


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiring_site.settings")
    import django

    django.setup()
    print(learn(sys.argv[1]))


if __name__ == "__main__":
    main()
