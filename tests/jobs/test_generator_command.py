import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def run(*arguments, **options):
    out = StringIO()
    sizes = {"candidates": 60, "jobs": 20, "prospects": 60}
    call_command("generate_company", *map(str, arguments), **sizes | options, stdout=out, verbosity=0)
    return out.getvalue()


def test_it_writes_three_files_and_says_what_can_be_reached(tmp_path):
    said = run(tmp_path / "new" / "place", hire_rate=0.2)
    assert sorted(path.name for path in (tmp_path / "new" / "place").iterdir()) == [
        "applicants.json",
        "prospects.json",
        "vagas.json",
    ]
    assert len(json.loads((tmp_path / "new/place/applicants.json").read_text())) == 60
    assert "60 candidates, 20 jobs and 60 prospects" in said
    assert "MB in" in said
    assert "Best possible AUC: 0." in said
    assert "inside jobs" in said
    assert "known on the day of application: 0." in said


def test_a_company_of_jobs_alone_has_no_order_inside_jobs(tmp_path):
    said = run(tmp_path, rule="jobs-only", hire_rate=0.4)
    assert "0.500 inside jobs" in said


def test_the_columns_of_the_truth_are_told_in_the_help(capsys):
    with pytest.raises(SystemExit):
        call_command("generate_company", "--help")
    told = " ".join(capsys.readouterr().out.split())
    for column in ("probability of a hire", "settled (1:", "on_the_day:", "accepts:"):
        assert column in told


def test_it_writes_gzip_and_the_truth(tmp_path):
    run(tmp_path, gzip=True, truth=tmp_path / "truth.csv")
    assert (tmp_path / "vagas.json.gz").exists()
    assert (
        (tmp_path / "truth.csv")
        .read_text()
        .startswith("job,candidate,probability,hired,settled,on_the_day,accepts\n")
    )


def test_it_overwrites_only_when_told_to(tmp_path):
    (tmp_path / "vagas.json").write_text("mine")
    with pytest.raises(CommandError, match=r"already holds vagas\.json.*--force"):
        run(tmp_path)
    assert (tmp_path / "vagas.json").read_text() == "mine"
    run(tmp_path, force=True)
    assert (tmp_path / "vagas.json").read_text().startswith("{")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"candidates": -5}, "cannot be negative"),
        ({"prospects": 501}, "too many"),
        ({"candidates": 10**14}, "too many"),
        ({"jobs": 10**14}, "too many"),
        ({"hire_rate": 7.0}, "between 0 and 1"),
    ],
)
def test_it_refuses_impossible_numbers_before_writing(tmp_path, wrong, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path, **wrong)
    assert list(tmp_path.iterdir()) == []


def test_it_refuses_a_file_as_directory(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot be used as a directory"):
        run(tmp_path / "file")


def test_it_refuses_a_truth_file_in_no_directory(tmp_path):
    with pytest.raises(CommandError, match="is no directory"):
        run(tmp_path, truth=tmp_path / "nowhere" / "truth.csv")


def test_it_refuses_a_directory_without_write_permission(tmp_path, monkeypatch):
    monkeypatch.setattr(
        os, "access", lambda *_: False
    )  # root may write anywhere, so the answer is given here
    with pytest.raises(CommandError, match="not writable"):
        run(tmp_path)


def test_a_day_that_is_no_day_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"--until.*is no day"):
        call_command("generate_company", str(tmp_path), "--until", "31/10/2026")
