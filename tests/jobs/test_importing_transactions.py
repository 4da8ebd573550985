"""Imports whose steps are really committed, as in production."""

import json
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from candidates.models import Candidate, ImportRun, RunState
from candidates.services import hold_import_lock
from jobs import services
from jobs.models import Prospect
from tests.at_once import at_once
from tests.candidates.test_importing_records import applicant
from tests.jobs.test_importing import entry

pytestmark = pytest.mark.django_db(transaction=True)

PROSPECTS = {"5185": {"titulo": "Java", "modalidade": "", "prospects": [entry(), entry(codigo="31001")]}}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({str(code): applicant(code) for code in range(31000, 32500)}))
    (tmp_path / "p.json").write_text(json.dumps(PROSPECTS))
    return {"applicants": tmp_path / "a.json", "prospects": tmp_path / "p.json"}


def staging_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'staged_%'")
        return cursor.fetchall()


def test_others_see_progress_before_anything_is_stored_and_all_rows_at_once(files, monkeypatch):
    monkeypatch.setattr(services, "REPORT_EVERY", 0)
    seen = []

    def look():
        run = ImportRun.objects.get()
        seen.append((run.state, run.progress, Candidate.objects.count()))

    def look_from_outside(progress, step):
        assert at_once(look) == []

    run = services.make_import(files)
    services.run_import(run, on_progress=look_from_outside)
    assert run.state == RunState.DONE
    assert {state for state, _, _ in seen} == {RunState.RUNNING}
    reading = [progress for _, progress, count in seen if count == 0]
    assert len(set(reading)) > 3
    assert {count for _, _, count in seen} == {0, 1500}


def test_nothing_is_left_of_the_staging_tables(files):
    services.run_import(services.make_import(files))
    assert staging_tables() == []
    (files["prospects"]).write_text(json.dumps(PROSPECTS)[:-9])
    run = services.make_import(files)
    services.run_import(run)
    assert run.state == RunState.FAILED
    assert staging_tables() == []


def test_a_fault_while_storing_stores_nothing(files, monkeypatch):
    monkeypatch.setattr("jobs.importing_prospects._upsert", lambda: 1 / 0)
    run = services.make_import(files)
    services.run_import(run)
    assert run.state == RunState.FAILED
    assert not Candidate.objects.exists()
    assert staging_tables() == []


def test_two_imports_of_the_same_files_at_once_store_everything_once(files):
    runs = [services.make_import(files) for _ in range(2)]
    assert at_once(*(partial(services.run_import, run) for run in runs)) == []
    for run in runs:
        run.refresh_from_db()
    assert [run.state for run in runs] == [RunState.DONE] * 2
    assert sorted(run.counts["applicants"]["created"] for run in runs) == [0, 1500]
    assert sorted(run.counts["prospects"]["created"] for run in runs) == [0, 2]
    assert (Candidate.objects.count(), Prospect.objects.count()) == (1500, 2)


def test_one_import_at_a_time_holds_the_lock(files):
    from django.db import transaction

    held = []

    def try_it():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            try:
                hold_import_lock()
            except Exception as error:
                held.append(type(error).__name__)

    with transaction.atomic():
        hold_import_lock()
        assert at_once(try_it) == []
    assert held == ["OperationalError"]


def test_a_command_exits_with_an_error_code_and_leaves_a_run_to_open(files, capsys):
    with pytest.raises(BaseException, match="was given as jobs"):
        call_command("import_data", jobs=str(files["applicants"]))
    assert ImportRun.objects.get().state == RunState.FAILED
