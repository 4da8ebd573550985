import numpy as np

from scoring.ml.evaluate import evaluate
from scoring.ml.evidence import verdict
from scoring.side_by_side import ablation, back_tests, comparison, cuts
from tests.scoring.ml.outcomes import many_jobs


def figures(seed=0, jobs=60):
    y, score, job = many_jobs(signal=1.5, jobs=jobs, seed=seed)
    chance = 1 / (1 + np.exp(1.5 - score))
    found = evaluate(
        y,
        chance,
        job_ids=job,
        threshold=0.4,
        application_order=-score,
        job_only=chance * 0 + 0.2,
        resamples=30,
    )
    return {"metrics": found.to_json(), "evidence": verdict(found.inside_jobs).to_json()}


def model(recipe="peneira", *, jobs=60, **values):
    test = {"name": "test", "start": "2023-01-01", "end": "2023-06-30", "rows": 6 * jobs, "jobs": jobs}
    about = {"recipe": recipe, "policy": "all", "problem": "", "windows": [test]}
    return about | {"threshold": {"attainable": True}} | figures(jobs=jobs) | values


def cells(table, name):
    row = next(row for row in table.rows if row[0] == name)
    return dict(zip(table.head, row, strict=True))


def test_recipes_tested_on_the_same_rows_share_a_table_and_its_baselines():
    sections = list(comparison([model("peneira"), model("forest")]))

    (section,) = sections
    names = [row[0] for row in section.table.rows]
    assert [name for name in names if not name.startswith((" ", "baseline"))] == ["peneira", "forest"]
    assert sum("base rate" in name for name in names) == 1
    assert sum("model's mean" in name for name in names) == 2
    assert "360 applications of 60 jobs, 60 hires, base rate 0.167" in section.text


def test_recipes_tested_on_other_rows_have_a_table_of_their_own():
    sections = list(comparison([model("peneira"), model("prec80", policy="systemB"), model("c", jobs=50)]))

    assert [section.table.rows[0][0] for section in sections] == ["peneira", "prec80", "c"]


def test_a_recipe_that_could_not_be_trained_says_why():
    failed = {"recipe": "prec80", "policy": "systemB", "problem": "Too few."}

    sections = list(comparison([model(), failed]))

    assert len(sections) == 2
    assert (sections[1].text, sections[1].table) == ("prec80 (systemB): not trained. Too few.", None)


def test_figures_stand_under_their_names():
    told = model()
    metrics = told["metrics"]

    (section,) = comparison([told])

    row = cells(section.table, "peneira")
    auc = metrics["inside_jobs"]["figures"]["roc_auc"]
    assert row["ROC-AUC"] == f"{metrics['roc_auc']:.3f}"
    assert row["average precision"] == f"{metrics['average_precision']:.3f}"
    assert row["Brier"] == f"{metrics['brier']:.4f}"
    assert row["calibration error"] == f"{metrics['expected_calibration_error']:.4f}"
    assert row["AUC inside jobs"] == f"{auc['value']:.3f}"
    assert row["95 % interval"] == f"{auc['low']:.3f}–{auc['high']:.3f}"
    assert row["evidence"] == "strong evidence"
    low, high = metrics["intervals"]["roc_auc"]
    assert cells(section.table, " · 95 % interval")["ROC-AUC"] == f"{low:.3f}–{high:.3f}"


def test_baselines_tell_of_the_order_inside_jobs():
    told = model()
    inside = told["metrics"]["inside_jobs"]["figures"]

    (section,) = comparison([told])

    applied = cells(section.table, "baseline: earlier applications first")
    assert applied["AUC inside jobs"] == f"{inside['roc_auc']['by_application']:.3f}"
    assert applied["NDCG@5"] == f"{inside['ndcg_5']['by_application']:.3f}"
    assert applied["Brier"] == "–"
    nobody = cells(section.table, "baseline: base rate for everybody")
    assert nobody["AUC inside jobs"] == "0.500"
    assert nobody["hit@10"] == f"{inside['hit_10']['random']:.3f}"
    assert cells(section.table, "baseline: model of the job alone")["AUC inside jobs"] == "0.500"


def test_the_hidden_rule_stands_beside_once_with_the_share_that_each_recipe_reaches():
    rule = figures(seed=1) | {"share": {"roc_auc": 0.981, "inside_auc": None}}
    on_the_day = figures(seed=2) | {"share": {"roc_auc": 0.99, "inside_auc": 0.9}}
    other = model("forest", rule=rule | {"share": {"roc_auc": 0.9, "inside_auc": 0.8}})

    (section,) = comparison([model(rule=rule, rule_on_the_day=on_the_day), other | {"rule_on_the_day": rule}])

    names = [row[0] for row in section.table.rows]
    assert names.count("the hidden rule itself") == 1
    own = cells(section.table, "the hidden rule itself")
    assert own["ROC-AUC"] == f"{rule['metrics']['roc_auc']:.3f}"
    shares = section.table.rows[names.index("the hidden rule itself") + 1 :][:2]
    assert [(row[0], row[1], row[5]) for row in shares] == [
        (" · reached by peneira", "98.1 %", "–"),
        (" · reached by forest", "90.0 %", "80.0 %"),
    ]
    day = section.table.rows[names.index("the hidden rule, as known on the day") + 1]
    assert (day[1], day[5]) == ("99.0 %", "90.0 %")


def test_a_cut_that_was_not_reached_stands_out():
    told = [model("a"), model("b", threshold={"attainable": False}), {"recipe": "c", "problem": "No."}]

    table = cuts(told).table

    assert [(row[0], row[2]) for row in table.rows] == [("a", "yes"), ("b", "NO")]
    at = told[0]["metrics"]["at_threshold"]
    assert table.rows[0][1] == "0.400"
    assert table.rows[0][3] == f"{at['precision']:.3f}"


def test_stretches_and_folds_have_a_line_each():
    stretch = {"start": "2021-01-01", "end": "2021-06-30", "problem": ""} | figures()
    failed = {"start": "2020-01-01", "end": "2020-06-30", "problem": "Too few.", "metrics": None}
    folds = {"folds": [figures(1)["metrics"], figures(2)["metrics"]], "problem": ""} | figures(3)

    tests, grouped = back_tests(model(back_tests=[failed, stretch], grouped=folds))

    assert [row[0] for row in tests.table.rows] == [
        "2020-01-01 to 2020-06-30: Too few.",
        "2021-01-01 to 2021-06-30",
    ]
    assert cells(tests.table, "2021-01-01 to 2021-06-30")["applications"] == "360"
    assert "optimistic" in grouped.text
    assert [row[0] for row in grouped.table.rows] == ["fold 1", "fold 2", "all folds together"]
    assert list(back_tests(model())) == []


def test_parts_left_out_have_a_line_each():
    parts = [
        {"recipe": "without person", "problem": ""} | figures(4),
        {"recipe": "job alone", "problem": "Too few.", "metrics": None, "evidence": None},
    ]

    (section,) = ablation(model(ablation=parts))

    assert [row[0] for row in section.table.rows] == ["without person", "job alone: Too few."]
    assert list(ablation(model())) == []
