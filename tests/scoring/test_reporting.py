import pytest
from django.core.management import CommandError, call_command

from scoring import training
from scoring.models import ModelVersion
from scoring.reporting import markdown
from tests.scoring.company import make_company

pytestmark = pytest.mark.django_db


def test_a_report_without_a_version_says_what_to_do():
    with pytest.raises(CommandError, match=r"manage\.py train"):
        call_command("model_report")


def test_a_report_tells_the_figures_that_were_stored(capsys):
    make_company()
    run, _made = training.new_run()
    version = training.run(run)

    call_command("model_report")

    said = capsys.readouterr().out
    assert f"{version.metrics['roc_auc']:.3f}" in said
    assert f"{version.metrics['base_rate']:.3f}" in said
    inside = version.metrics["inside_jobs"]["figures"]["roc_auc"]
    assert f"| AUC | {inside['value']:.3f} |" in said
    assert f"{inside['by_application']:.3f} |" in said
    low, high = version.metrics["intervals"]["roc_auc"]
    assert f"{low:.3f}–{high:.3f}" in said
    assert version.get_evidence_display() in said
    for window in version.card["windows"]:
        assert f"| {window['name']} | {window['start']} |" in said


def test_a_cut_that_was_not_reached_is_said(capsys):
    make_company()
    version = training.run(training.new_run()[0])
    version.card["threshold"]["attainable"] = False
    assert "not reached by any cut" in markdown(version)
    version.card["threshold"]["attainable"] = True
    assert "not reached" not in markdown(version)
    for later, missed in ((0.0, True), (0.79, True), (0.8, False), (None, False)):
        version.metrics["at_threshold"]["precision"] = later
        assert ("(**under that minimum**), recall" in markdown(version)) is missed
    assert ModelVersion.objects.count() == 1


def test_slices_without_support_are_counted_and_not_told():
    make_company()
    version = training.run(training.new_run()[0])
    enough = [s for s in version.metrics["slices"] if s["enough"]]
    thin = len(version.metrics["slices"]) - len(enough)

    assert thin
    assert f"{thin} more have too few" in markdown(version)


def test_warnings_are_told_in_words():
    make_company()
    version = training.run(training.new_run()[0])
    version.card["warnings"] = [{"id": "Only %(hires)s hires.", "params": {"hires": 3}}, "As before."]

    assert "- Only 3 hires.\n- As before." in markdown(version)


def test_the_second_head_is_told_when_there_is_one():
    make_company()
    version = training.run(training.new_run()[0])
    metrics = version.metrics
    version.metrics = metrics | {
        "accept": {**metrics, "roc_auc": 0.61234, "intervals": {"roc_auc": [0.5, 0.7]}}
    }
    assert "Likely to accept (peneira): ROC-AUC 0.612 (95 % interval 0.500–0.700)" in markdown(version)
    version.metrics = metrics | {"accept": None}
    assert "Likely to accept" not in markdown(version)
