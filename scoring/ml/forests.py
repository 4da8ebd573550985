"""Random forests as LightGBM grows them (`boosting="rf"`), made to add up like boosted trees."""

from __future__ import annotations

from collections.abc import Mapping

import lightgbm


def is_forest(params: Mapping[str, object]) -> bool:
    return params.get("boosting") in ("rf", "random_forest")


def averaged(booster: lightgbm.Booster) -> lightgbm.Booster:
    """The forest with every leaf divided by the number of trees.

    LightGBM averages a forest only where it answers probabilities: raw scores and contributions are sums
    over the trees, so that a forest of twice the trees is twice as sure of itself. Divided leaves make the
    raw score the mean of the trees, in log-odds; contributions are linear in the leaves and add up to it.
    Never call `predict` of the result without `raw_score`: it would divide once more.
    """
    trees = booster.num_trees()
    for tree in range(trees):
        for leaf in range(_leaves(booster, tree)):
            booster.set_leaf_output(tree, leaf, booster.get_leaf_output(tree, leaf) / trees)
    return lightgbm.Booster(model_str=booster.model_to_string())


def _leaves(booster: lightgbm.Booster, tree: int) -> int:
    return int(booster.dump_model(start_iteration=tree, num_iteration=1)["tree_info"][0]["num_leaves"])
