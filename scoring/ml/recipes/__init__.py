"""The model recipes a training run can name: one small file each, listed here.

Listing them must be cheap (a form does it), so nothing heavy is imported.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.ml.recipes.base import PartRecipe, Recipe, UnknownFeature, UnknownRecipe
from scoring.ml.recipes.forest import FOREST
from scoring.ml.recipes.matching import MATCHING
from scoring.ml.recipes.peneira import ABLATIONS, PENEIRA
from scoring.ml.recipes.prec80 import PREC80

__all__ = [
    "ABLATIONS",
    "RECIPES",
    "PartRecipe",
    "Recipe",
    "UnknownFeature",
    "UnknownRecipe",
    "recipe_named",
]

RECIPES: Mapping[str, Recipe] = {recipe.name: recipe for recipe in (PENEIRA, PREC80, MATCHING, FOREST)}


def recipe_named(name: str) -> Recipe:
    """The recipe of that name; raises `UnknownRecipe` with the names that exist."""
    try:
        return RECIPES[name]
    except KeyError:
        known = ", ".join(RECIPES)
        raise UnknownRecipe(f"There is no recipe “{name}”. Choose one of: {known}.") from None
