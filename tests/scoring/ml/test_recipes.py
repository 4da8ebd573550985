import lightgbm
import numpy as np
import pandas as pd
import pytest

from scoring.ml.dataset import make_dataset
from scoring.ml.features import FEATURES, JOB_ONLY_FEATURES, TOPIC_FEATURES
from scoring.ml.forests import averaged, is_forest
from scoring.ml.labels import POLICIES
from scoring.ml.recipes import RECIPES, UnknownFeature, UnknownRecipe, recipe_named
from scoring.ml.recipes.base import PartRecipe, columns_of
from scoring.ml.recipes.peneira import MONOTONE
from scoring.ml.train import TrainConfig, train

EVERYTHING = (*FEATURES, *TOPIC_FEATURES)
FORBIDDEN = {"sexo", "sex", "gender", "civil", "marital", "pcd", "disability", "age", "idade", "name", "nome"}
FORBIDDEN |= {"city", "cidade", "bairro", "cep", "recruiter", "recrutador"}


def dataset(names, jobs=260, seed=0):
    """Hires follow the first two features; one in seven applications ends in one."""
    chance = np.random.default_rng(seed)
    rows = jobs * 8
    X = pd.DataFrame(chance.normal(size=(rows, len(names))).astype(np.float32), columns=list(names))
    margin = 1.2 * X.iloc[:, 0] + X.iloc[:, 1] - 2.2
    y = (chance.random(rows) < 1 / (1 + np.exp(-margin))).astype(float)
    job = np.repeat(np.arange(jobs), 8)
    days = np.datetime64("2021-01-01") + np.repeat(np.arange(jobs), 8) * 3
    return make_dataset(X, y=y, job_id=job, as_of=days.astype("datetime64[s]"))


def trained(name, data, **config):
    return train(data, recipe=recipe_named(name), config=TrainConfig(bootstrap_resamples=10, **config))


def test_there_is_a_recipe_for_each_system_that_is_replaced_and_our_own():
    assert list(RECIPES) == ["peneira", "prec80", "matching", "forest"]
    assert all(recipe.name == name for name, recipe in RECIPES.items())


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_it_learns_from_allowed_features_alone(recipe):
    columns = recipe.columns(EVERYTHING)
    assert set(columns) <= set(EVERYTHING)
    assert len(set(columns)) == len(columns)
    words = {word for name in columns for word in name.split("_")} - {"same"}
    assert not (words - ({"city"} if "same_city" in columns else set())) & FORBIDDEN
    assert recipe.policy in POLICIES


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))
def test_only_who_asks_for_topics_reads_them(recipe):
    assert recipe.topics == bool(set(recipe.columns(EVERYTHING)) & set(TOPIC_FEATURES))
    if not recipe.topics:
        assert recipe.columns(FEATURES) == recipe.columns(EVERYTHING)


def test_a_recipe_that_asks_for_anything_else_is_refused():
    part = PartRecipe("sly", columns=lambda available: ("comentario",), params={})
    with pytest.raises(UnknownFeature, match="comentario"):
        columns_of(part, EVERYTHING)


def test_matching_without_topics_is_refused():
    with pytest.raises(UnknownFeature, match="topic_cv_00"):
        recipe_named("matching").columns(FEATURES)


def test_matching_knows_texts_and_plain_facts_and_compares_nothing():
    columns = set(recipe_named("matching").columns(EVERYTHING))
    assert set(TOPIC_FEATURES) < columns
    assert {"candidate_education", "ingl_avancado", "job_contract_clt", "job_area_it_sap"} < columns
    assert not any(word in name for name in columns for word in ("similarity", "_gap", "_match", "_rate"))
    assert not any(name.startswith(("must_", "same_", "client_", "cv_")) for name in columns)


def test_matching_weighs_classes_once():
    (part,) = recipe_named("matching").parts
    assert part.balanced
    assert not {"scale_pos_weight", "is_unbalance", "pos_bagging_fraction"} & set(part.params)


def test_the_forest_reads_the_match_and_nothing_of_the_jobs_past():
    columns = set(recipe_named("forest").columns(EVERYTHING))
    assert {"must_skills_share", "seniority_gap", "skills_count", "job_must_skills"} < columns
    assert columns & set(JOB_ONLY_FEATURES) == {"job_must_skills", "job_nice_skills"}


def test_what_a_skill_moves_is_a_feature():
    assert set(MONOTONE) <= set(FEATURES)
    assert set(MONOTONE.values()) == {1, -1}


@pytest.mark.parametrize("name", ["matching", "forest"])
def test_it_learns_the_rule_and_says_probabilities(name):
    data = dataset(recipe_named(name).columns(EVERYTHING))
    found = trained(name, data)
    assert found.evaluation.roc_auc > 0.7
    assert found.test.p.mean() == pytest.approx(found.test.y.mean(), abs=0.06)
    assert max(found.importances, key=found.importances.get) in data.X.columns[:2]


def test_balancing_does_not_inflate_the_probabilities_of_matching():
    data = dataset(recipe_named("matching").columns(EVERYTHING))
    found = trained("matching", data)
    assert found.head.margin(data.X[list(found.feature_names)]).mean() > -1.2  # as if half were hired
    assert found.test.p.mean() < 0.25


# The forest


@pytest.fixture(scope="module")
def forest():
    return trained("forest", dataset(recipe_named("forest").columns(EVERYTHING)))


def grown(trees=40):
    data = dataset(("a", "b", "c", "d"))
    X, y = data.X.to_numpy(), data.y
    params = {
        "boosting": "rf",
        "objective": "binary",
        "bagging_fraction": 0.632,
        "bagging_freq": 1,
        "num_leaves": 15,
        "seed": 1,
        "num_threads": 1,
        "verbosity": -1,
    }
    weight = np.where(y == 1, 6.0, 1.0)
    return lightgbm.train(params, lightgbm.Dataset(X, y, weight=weight), num_boost_round=trees), X


def test_the_raw_score_of_an_averaged_forest_is_the_mean_of_its_trees():
    booster, X = grown()
    each = [booster.predict(X, raw_score=True, start_iteration=at, num_iteration=1) for at in range(40)]
    raw = averaged(booster).predict(X, raw_score=True)
    np.testing.assert_allclose(raw, np.mean(each, axis=0), rtol=0, atol=1e-12)
    np.testing.assert_allclose(1 / (1 + np.exp(-raw)), grown()[0].predict(X), rtol=0, atol=1e-12)


def test_the_contributions_of_an_averaged_forest_add_up_to_its_raw_score():
    booster, X = grown()
    forest = averaged(booster)
    added = forest.predict(X[:100], pred_contrib=True).sum(axis=1)
    np.testing.assert_allclose(added, forest.predict(X[:100], raw_score=True), rtol=0, atol=1e-12)


def test_an_averaged_forest_comes_back_from_its_text():
    booster, X = grown()
    forest = averaged(booster)
    again = lightgbm.Booster(model_str=forest.model_to_string())
    np.testing.assert_array_equal(again.predict(X, raw_score=True), forest.predict(X, raw_score=True))


def test_more_trees_make_a_forest_no_surer():
    few, X = grown(40)
    many, _ = grown(160)
    spread = [averaged(booster).predict(X, raw_score=True).std() for booster in (few, many)]
    assert spread[1] == pytest.approx(spread[0], rel=0.15)


def test_a_forest_is_told_by_its_parameters():
    assert is_forest(recipe_named("forest").parts[0].params)
    assert not is_forest(recipe_named("peneira").parts[0].params)


def test_a_forest_keeps_all_its_trees(forest):
    assert forest.rounds == {"forest": 200}
    assert forest.head.parts[0].booster.num_trees() == 200
    assert np.abs(forest.test.raw).max() < 5  # a mean of log-odds, not a sum of two hundred


def test_an_unknown_recipe_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownRecipe, match=r"“magic”.*peneira, prec80, matching, forest"):
        recipe_named("magic")
