import io
import json

import pytest
from django.core.management import CommandError, call_command

from candidates.models import Candidate, ImportRun, RunState
from tests.candidates.test_importing_records import applicant
from tests.jobs.test_importing import entry, job_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    contents = {
        "applicants": {"31000": applicant(), "31001": []},
        "jobs": {"5185": job_record()},
        "prospects": {
            "5185": {"titulo": "Java", "modalidade": "", "prospects": [entry(), entry(codigo="7")]}
        },
    }
    for kind, content in contents.items():
        (tmp_path / f"{kind}.json").write_text(json.dumps(content))
    return {kind: str(tmp_path / f"{kind}.json") for kind in contents}


def run_command(**files):
    output = io.StringIO()
    call_command("import_data", stdout=output, **files)
    return output.getvalue()


def test_it_prints_counts_and_rejected_records_with_their_reasons(files):
    lines = run_command(**files).splitlines()
    assert lines[0].split() == ["read", "created", "updated", "unchanged", "rejected", "duplicates", "stubs"]
    assert lines[1].split() == ["applicants", "2", "1", "0", "0", "1", "0", "0"]
    assert lines[2].split() == ["jobs", "1", "1", "0", "0", "0", "0", "0"]
    assert lines[3].split() == ["prospects", "2", "2", "0", "0", "0", "0", "1"]
    assert lines[4] == "applicants 31001: An object was expected here."
    assert lines[5].startswith("Seconds: load ")


def test_one_file_is_enough(files):
    run_command(applicants=files["applicants"])
    assert list(ImportRun.objects.values_list("state", flat=True)) == [RunState.DONE]
    assert Candidate.objects.count() == 1


def test_no_file_is_an_error():
    with pytest.raises(CommandError, match="Name at least one file: --applicants, --jobs or --prospects"):
        run_command()


def test_a_bad_file_ends_it_with_one_sentence(files):
    with pytest.raises(
        CommandError, match=r"^“jobs.json” holds jobs \(vagas\), but was given as applicants\.$"
    ):
        run_command(applicants=files["jobs"])
    assert not Candidate.objects.exists()


def test_a_missing_file_ends_it_with_one_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"^“none.json” cannot be read: No such file or directory\.$"):
        run_command(jobs=str(tmp_path / "none.json"))


def test_many_rejected_records_are_summed_up(tmp_path):
    content = {"31000": applicant()} | {str(number): [] for number in range(30)}
    (tmp_path / "a.json").write_text(json.dumps(content))
    lines = run_command(applicants=str(tmp_path / "a.json")).splitlines()
    assert "… and 10 more, listed with import" in lines[-2]
