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
    assert f"{version.metrics['inside_jobs']['figures']['roc_auc']['value']:.3f}" in said
    for window in version.card["windows"]:
        assert f"| {window['name']} | {window['start']} |" in said


def test_a_cut_that_was_not_reached_is_said(capsys):
    make_company()
    version = training.run(training.new_run()[0])
    version.card["threshold"]["attainable"] = False
    assert "not reached by any cut" in markdown(version)
    version.card["threshold"]["attainable"] = True
    assert "not reached" not in markdown(version)
    assert ModelVersion.objects.count() == 1
