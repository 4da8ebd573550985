import datetime
import gzip
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from candidates.models import Candidate, Demographics, ImportRun, Profile, RejectedRecord, RunState
from candidates.services import current_profile
from jobs import services, tasks
from jobs.models import Job, JobStatus, Outcome, Prospect, Requirement, Stage, StageChange
from tests.candidates.test_importing_records import applicant
from tests.factories import make_candidate, make_job, make_prospect
from tests.jobs.test_importing import entry, job_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path):
    """Imports the given contents, by kind, and gives the run."""

    def bring(on_progress=None, **contents):
        files = {}
        for kind, content in contents.items():
            files[kind] = tmp_path / f"{kind}.json"
            files[kind].write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        run = services.make_import(files)
        services.run_import(run, on_progress=on_progress)
        run.refresh_from_db()
        return run

    return bring


def company():
    return {
        "applicants": {
            "31000": applicant(31000, person={"sexo": "Feminino"}, cv_pt="java e sql"),
            "31001": applicant(31001, basics={"nome": "Bia Souza"}),
        },
        "jobs": {"5185": job_record(profile={"principais_atividades": "desenvolver em java"})},
        "prospects": {
            "5185": {
                "titulo": "Desenvolvedor Java",
                "modalidade": "CLT",
                "prospects": [
                    entry(),
                    entry(codigo="31002", nome="Caio Lima", situacao_candidado="Inscrito"),
                ],
            },
            "5186": {"titulo": "Analista SAP", "modalidade": "", "prospects": []},
        },
    }


def numbers(run, kind):
    names = ("read", "created", "updated", "unchanged", "rejected", "duplicates")
    return tuple(run.counts[kind][name] for name in names)


def everything():
    """All rows that an import may touch, to compare before and after."""
    models = (Candidate, Demographics, Job, Prospect, StageChange, Profile, Requirement)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_company_comes_in_whole(bring_in):
    run = bring_in(**company())
    assert (run.state, run.error, run.progress) == (RunState.DONE, "", 1.0)
    assert numbers(run, "applicants") == (2, 2, 0, 0, 0, 0)
    assert numbers(run, "jobs") == (1, 1, 0, 0, 0, 0)
    assert numbers(run, "prospects") == (2, 2, 0, 0, 0, 0)
    assert run.counts["prospects"]["stub_candidates"] == 1
    assert run.counts["prospects"]["stub_jobs"] == 1
    ana = Candidate.objects.get(code="31000")
    assert (ana.name, ana.is_stub, ana.cv_text) == ("Ana Pereira", False, "java e sql")
    assert ana.demographics.sex == "Feminino"
    assert not hasattr(Candidate.objects.get(code="31001"), "demographics")
    assert ana.prospects.get().stage == Stage.SUBMITTED


def test_what_only_prospects_know_becomes_a_stub(bring_in):
    bring_in(**company())
    caio = Candidate.objects.get(code="31002")
    assert (caio.is_stub, caio.name, caio.has_profile) == (True, "Caio Lima", False)
    sap = Job.objects.get(code="5186")
    assert (sap.is_stub, sap.title) == (True, "Analista SAP")


def test_a_second_import_changes_nothing_and_says_so(bring_in):
    bring_in(**company())
    before = everything()
    run = bring_in(**company())
    assert numbers(run, "applicants") == (2, 0, 0, 2, 0, 0)
    assert numbers(run, "jobs") == (1, 0, 0, 1, 0, 0)
    assert numbers(run, "prospects") == (2, 0, 0, 2, 0, 0)
    assert [run.counts[name] for name in ("profiles", "search", "requirements", "statuses")] == [0, 0, 0, 0]
    assert run.counts["prospects"]["stubs"] == run.counts["prospects"]["jobs_updated"] == 0
    assert everything() == before


def test_the_order_of_keys_and_contract_types_is_no_change(bring_in):
    content = company()["jobs"]
    content["5185"]["informacoes_basicas"]["tipo_contratacao"] = "CLT Full, PJ/Autônomo"
    bring_in(jobs=content)
    basics = content["5185"]["informacoes_basicas"]
    content["5185"]["informacoes_basicas"] = dict(reversed(basics.items()))
    assert numbers(bring_in(jobs=content), "jobs") == (1, 0, 0, 1, 0, 0)


def test_a_changed_record_updates_only_what_changed(bring_in):
    content = company()
    bring_in(**content)
    before = {row.code: row for row in Candidate.objects.all()}
    content["applicants"]["31001"]["infos_basicas"]["telefone"] = "(81) 90000-0000"
    run = bring_in(**content)
    assert numbers(run, "applicants") == (2, 0, 1, 1, 0, 0)
    after = {row.code: row for row in Candidate.objects.all()}
    assert after["31001"].phone == "(81) 90000-0000"
    assert after["31001"].updated_at > before["31001"].updated_at
    assert after["31001"].created_at == before["31001"].created_at
    for code in ("31000", "31002"):
        assert after[code].updated_at == before[code].updated_at
    # The phone is neither searched for nor read for skills
    assert (run.counts["profiles"], run.counts["search"]) == (0, 0)


def test_a_change_of_demographics_alone_is_a_change(bring_in):
    content = company()
    bring_in(**content)
    content["applicants"]["31000"]["informacoes_pessoais"]["sexo"] = ""
    content["applicants"]["31001"]["informacoes_pessoais"]["sexo"] = "Masculino"
    assert numbers(bring_in(**content), "applicants") == (2, 0, 2, 0, 0, 0)
    assert [(row.candidate.code, row.sex) for row in Demographics.objects.all()] == [("31001", "Masculino")]


def test_no_protected_value_is_in_a_candidate_row(bring_in):
    person = {"sexo": "Feminino", "data_nascimento": "03-04-1990", "estado_civil": "Viúvo", "pcd": "Sim"}
    bring_in(applicants={"31000": applicant(31000, person=person)})
    row = json.dumps(Candidate.objects.filter(code="31000").values("raw").get(), ensure_ascii=False)
    for value in ("Feminino", "1990", "Viúvo", "sexo", "pcd"):
        assert value not in row


def test_a_stub_becomes_whole_and_never_a_stub_again(bring_in):
    content = company()
    bring_in(prospects=content["prospects"])
    assert set(Candidate.objects.values_list("is_stub", flat=True)) == {True}
    ana = Candidate.objects.get(code="31000")
    run = bring_in(applicants=content["applicants"], jobs=content["jobs"])
    assert numbers(run, "applicants") == (2, 1, 1, 0, 0, 0)
    assert (run.counts["applicants"]["completed"], run.counts["jobs"]["completed"]) == (1, 1)
    whole = Candidate.objects.get(code="31000")
    assert (whole.pk, whole.is_stub, whole.cv_text) == (ana.pk, False, "java e sql")
    job = Job.objects.get(code="5185")
    assert (job.is_stub, job.modality) == (False, "CLT")
    before = everything()
    bring_in(prospects=content["prospects"])
    assert everything() == before


def test_prospects_change_the_title_of_a_stub_only(bring_in):
    content = company()
    bring_in(**content)
    for code in ("5185", "5186"):
        content["prospects"][code]["titulo"] = "Outro Título"
    run = bring_in(**content)
    assert Job.objects.get(code="5186").title == "Outro Título"
    assert Job.objects.get(code="5185").title == "Desenvolvedor Java"
    assert run.counts["prospects"]["jobs_updated"] == 1


def test_a_moved_prospect_leaves_a_stage_change(bring_in):
    content = company()
    bring_in(**content)
    assert not StageChange.objects.exists()
    moved = content["prospects"]["5185"]["prospects"][0]
    moved |= {"situacao_candidado": "Contratado pela Decision", "ultima_atualizacao": "02-04-2021"}
    run = bring_in(**content)
    assert numbers(run, "prospects") == (2, 0, 1, 1, 0, 0)
    assert run.counts["prospects"]["stage_changes"] == 1
    change = StageChange.objects.get()
    assert (change.from_stage, change.to_stage) == (Stage.SUBMITTED, Stage.HIRED)
    assert (change.from_status, change.to_status) == (
        "Encaminhado ao Requisitante",
        "Contratado pela Decision",
    )
    assert (change.source, change.reason) == ("import", f"import {run.pk}")
    prospect = Prospect.objects.get(candidate__code="31000")
    assert (prospect.outcome, prospect.decided_on) == (Outcome.HIRED, datetime.date(2021, 4, 2))
    assert Job.objects.get(code="5185").status == JobStatus.FILLED


def test_a_stage_set_here_stays_until_the_source_moves_on(bring_in):
    content = company()
    bring_in(**content)
    Prospect.objects.filter(candidate__code="31000").update(stage=Stage.OFFER)
    content["prospects"]["5185"]["prospects"][0]["comentario"] = "ligar amanhã"
    bring_in(**content)
    prospect = Prospect.objects.get(candidate__code="31000")
    assert (prospect.stage, prospect.comment) == (Stage.OFFER, "ligar amanhã")


def test_broken_records_are_rejected_with_their_reasons_and_the_rest_goes_in(bring_in):
    content = company()
    content["applicants"]["31003"] = applicant(31003, basics={"nome": ["Davi Secreto"]})
    content["applicants"]["31004"] = applicant(99)
    content["jobs"]["5187"] = []
    content["prospects"]["5185"]["prospects"].append(entry(codigo="31009", situacao_candidado="Talvez"))
    content["prospects"]["5188"] = {"titulo": "x", "prospects": "none"}
    run = bring_in(**content)
    assert run.state == RunState.DONE
    assert numbers(run, "applicants") == (4, 2, 0, 0, 2, 0)
    assert numbers(run, "jobs") == (2, 1, 0, 0, 1, 0)
    assert numbers(run, "prospects") == (4, 2, 0, 0, 2, 0)
    assert [(one.kind, one.key, one.field) for one in run.rejected.order_by("kind", "key")] == [
        ("applicants", "31003", "infos_basicas.nome"),
        ("applicants", "31004", ""),
        ("jobs", "5187", ""),
        ("prospects", "5185/31009", "situacao_candidado"),
        ("prospects", "5188", "prospects"),
    ]
    kept = json.dumps(list(run.rejected.values()))
    assert "Secreto" not in kept
    assert "Talvez" not in kept
    assert not Candidate.objects.filter(code__in=["31003", "31004", "31009"]).exists()


def test_of_a_key_that_stands_twice_the_last_one_wins_and_it_is_said(bring_in):
    first, last = applicant(basics={"nome": "Ana Antes"}), applicant(basics={"nome": "Ana Depois"})
    twice = f'{{"31000": {json.dumps(first)}, "31000": {json.dumps(last)}}}'.encode()
    double = {"5185": {"titulo": "x", "prospects": [entry(situacao_candidado="Inscrito"), entry()]}}
    run = bring_in(applicants=twice, prospects=double)
    assert Candidate.objects.get(code="31000").name == "Ana Depois"
    assert Prospect.objects.get().stage == Stage.SUBMITTED
    assert numbers(run, "applicants") == (2, 1, 0, 0, 0, 1)
    assert numbers(run, "prospects") == (2, 1, 0, 0, 0, 1)
    assert [(one.kind, one.key) for one in run.rejected.order_by("kind")] == [
        ("applicants", "31000"),
        ("prospects", "5185/31000"),
    ]


def test_values_not_understood_are_counted_by_field(bring_in):
    content = {"31000": applicant(work={"remuneracao": "a combinar"}), "31001": applicant(31001)}
    run = bring_in(applicants=content)
    assert run.counts["applicants"]["not_understood"] == {"informacoes_profissionais.remuneracao": 1}


def test_texts_that_trouble_a_loader_arrive_as_they_are(bring_in):
    cv = 'c:\\temp\\new\t"tab"\r\nlinha\\N {a,b} \\. \u2028 emoji 🙂 \ud800 fim\\'
    name = 'Ana "Quote" \\N {x}'
    bring_in(applicants={"31000": applicant(basics={"nome": name}, cv_pt=cv, cv_en="\\N")})
    row = Candidate.objects.get(code="31000")
    assert row.cv_text.startswith('c:\\temp\\new\t"tab"\r\nlinha\\N {a,b} \\. \u2028 emoji 🙂')
    assert row.cv_text.endswith("fim\\")
    assert (row.name, row.raw["infos_basicas"]["nome"], row.cv_text_en) == (name, name, "\\N")


# Files that are bad as a whole

BAD = {
    "no JSON": b"codigo;nome",
    "cut off": json.dumps({"31000": applicant(), "31001": applicant(31001)}).encode()[:-40],
    "another kind": json.dumps({"5185": job_record()}).encode(),
    "empty": b"",
    "Latin-1": json.dumps({"31000": applicant(cv_pt="ação")}, ensure_ascii=False).encode("latin-1"),
    "damaged": gzip.compress(json.dumps({"31000": applicant()}).encode())[:-3],
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_file_leaves_everything_as_it_was_even_beside_good_ones(bring_in, content):
    bring_in(**company())
    before = everything()
    good = company()
    good["jobs"]["5190"] = job_record()
    run = bring_in(jobs=good["jobs"], applicants=content, prospects=good["prospects"])
    assert run.state == RunState.FAILED
    assert run.error.startswith("“applicants.json” ")
    assert run.error.endswith(".")
    assert "\n" not in run.error
    assert everything() == before
    assert not RejectedRecord.objects.filter(run=run).exists()
    assert run.counts == {}


def test_after_a_bad_file_the_next_import_works(bring_in):
    bring_in(applicants=BAD["cut off"])
    assert bring_in(**company()).state == RunState.DONE


def test_a_fault_of_the_program_is_told_without_a_persons_data(bring_in, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ValueError("secret".upper())

    monkeypatch.setattr(services, "load", fail)
    run = bring_in(**company())
    assert run.error == "The import failed because of a fault in the program; nothing was changed."
    assert "ValueError" in caplog.text
    assert "SECRET" not in caplog.text


def test_a_fault_after_storing_says_that_the_records_are_in_and_the_next_run_finishes(bring_in, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(services.candidate_services, "refresh_search", lambda report: 1 / 0)
        run = bring_in(**company())
    assert run.state == RunState.FAILED
    assert run.error.startswith("The records are stored, but")
    assert Candidate.objects.filter(search_vector__isnull=True).count() == 3
    run = bring_in(**company())
    assert (run.counts["search"], run.counts["applicants"]["unchanged"]) == (3, 2)
    assert not Candidate.objects.filter(search_vector__isnull=True).exists()


# What is derived


def test_skills_are_read_into_a_profile_with_evidence(bring_in):
    bring_in(**company())
    profile = current_profile(Candidate.objects.get(code="31000"))
    assert profile.skills == ["java", "sql"]
    assert profile.evidence["java"] == "java e sql"
    assert current_profile(Candidate.objects.get(code="31002")) is None


def test_a_skill_that_no_text_names_is_in_the_profile_without_words(bring_in):
    content = company()
    content["applicants"]["31000"]["cv_pt"] = "Spring Boot, depois Kotlin. Spring Framework"
    bring_in(**content)
    evidence = current_profile(Candidate.objects.get(code="31000")).evidence
    assert [skill for skill, words in evidence.items() if not words] == ["java"]
    assert "Spring Framework" in evidence["spring"]


def test_only_changed_texts_are_read_anew_and_one_profile_stays(bring_in):
    content = company()
    assert bring_in(**content).counts["profiles"] == 2
    old = current_profile(Candidate.objects.get(code="31001"))
    content["applicants"]["31000"]["cv_pt"] = "agora python"
    run = bring_in(**content)
    assert (run.counts["profiles"], run.counts["search"]) == (1, 1)
    ana = Candidate.objects.get(code="31000")
    assert current_profile(ana).skills == ["python"]
    assert ana.profiles.count() == 1
    assert current_profile(Candidate.objects.get(code="31001")) == old
    assert list(Candidate.objects.with_skill("java")) == [Candidate.objects.get(code="31001")]


def test_a_new_taxonomy_reads_everybody_anew(bring_in, monkeypatch):
    bring_in(**company())
    monkeypatch.setattr("candidates.skills.TAXONOMY_VERSION", "another")
    assert bring_in(**company()).counts["profiles"] == 2
    assert set(Profile.objects.values_list("version", flat=True)) == {"another"}


def test_a_candidate_is_found_by_words_with_and_without_accents(bring_in):
    bring_in(
        applicants={
            "31000": applicant(
                basics={"nome": "Ana Conceição", "local": "Goiânia, Goiás"}, cv_pt="gestão de projetos"
            ),
            "31001": applicant(31001, basics={"nome": "Bia", "objetivo_profissional": "gestao"}),
        }
    )
    found = [row.code for row in Candidate.objects.matching("gestao")]
    assert found == ["31001", "31000"]  # a headline weighs more than a CV
    assert [row.code for row in Candidate.objects.matching("conceicao goiania")] == ["31000"]
    assert [row.code for row in Candidate.objects.matching("Gestão projeto")] == ["31000"]


def test_a_cv_longer_than_the_index_holds_is_no_obstacle(bring_in):
    words = " ".join(f"palavra{number}" for number in range(120_000))
    assert bring_in(applicants={"31000": applicant(cv_pt=words)}).state == RunState.DONE
    assert Candidate.objects.matching("palavra5").exists()


def test_jobs_are_found_and_have_requirements_that_follow_their_texts(bring_in):
    content = company()["jobs"]
    bring_in(jobs=content)
    job = Job.objects.get()
    assert list(Job.objects.matching("desenvolver java")) == [job]
    assert job.requirements.filter(kind="skill", value="java").exists()
    assert job.requirements.filter(kind="seniority", value="senior").exists()
    content["5185"]["perfil_vaga"] |= {"nivel profissional": "Júnior"}
    run = bring_in(jobs=content)
    assert run.counts["requirements"] == 1
    assert [one.value for one in job.requirements.filter(kind="seniority")] == ["junior"]


def test_a_job_is_filled_open_or_inactive_by_its_applications():
    day = datetime.date(2026, 3, 1)
    filled, recent, old, new, stale, bare = (make_job(requested_on=day) for _ in range(6))
    make_prospect(job=filled, applied_on=day, outcome=Outcome.HIRED, stage=Stage.HIRED)
    make_prospect(job=recent, applied_on=day - datetime.timedelta(days=90))
    make_prospect(job=recent, applied_on=day - datetime.timedelta(days=400))
    make_prospect(job=old, applied_on=day - datetime.timedelta(days=91))
    Job.objects.filter(pk=stale.pk).update(requested_on=day - datetime.timedelta(days=91))
    Job.objects.filter(pk=bare.pk).update(requested_on=None)
    make_prospect(job=old, applied_on=timezone.localdate() + datetime.timedelta(days=900))  # a typing slip
    Prospect.objects.filter(job=old, applied_on__gt=day).delete()
    assert services.importing_derived.refresh_statuses() == 4
    status = dict(Job.objects.values_list("pk", "status"))
    assert [status[job.pk] for job in (filled, recent, old, new, stale, bare)] == [
        "filled",
        "open",
        "inactive",
        "open",
        "inactive",
        "inactive",
    ]
    assert services.importing_derived.refresh_statuses() == 0


def test_an_application_dated_in_the_future_makes_no_other_job_inactive():
    day = datetime.date(2026, 3, 1)
    job = make_job(requested_on=day)
    make_prospect(job=job, applied_on=day)
    make_prospect(applied_on=timezone.localdate() + datetime.timedelta(days=900))
    services.importing_derived.refresh_statuses()
    job.refresh_from_db()
    assert job.status == JobStatus.OPEN


def test_the_planner_is_told_how_many_rows_came_in():
    # Without it the statement for statuses took minutes after an import into tables that were seen empty
    for _ in range(3):
        make_prospect()
    services.importing_derived.refresh_statuses()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname IN ('jobs_job', 'jobs_prospect')")
        assert cursor.fetchall() == [(3.0,), (3.0,)]


# Rows of work


def upload(content, name="applicants.json"):
    return SimpleUploadedFile(name, json.dumps(content).encode())


def test_an_upload_is_kept_queued_run_and_removed(
    administrator, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr(tasks.run_import, "delay", lambda pk: sent.append(pk))
    with django_capture_on_commit_callbacks(execute=True):
        run = services.queue_import({"applicants": upload({"31000": applicant()})}, by=administrator)
        assert not sent
    assert sent == [run.pk]
    assert (run.state, run.requested_by) == (RunState.QUEUED, administrator)
    (file,) = run.files
    kept = Path(file["path"])
    assert kept.stat().st_size == file["bytes"]
    assert (file["kind"], file["name"], len(file["sha256"])) == ("applicants", "applicants.json", 64)
    tasks.run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Candidate.objects.count()) == (RunState.DONE, 1)
    assert not kept.parent.exists()


def test_the_name_of_an_upload_is_no_path(administrator):
    run = services.make_import({"jobs": upload({}, "../../etc/passwd")}, by=administrator)
    assert run.files[0]["name"] == "passwd"
    assert "etc" not in run.files[0]["path"]


def test_a_failed_upload_is_removed_too(administrator):
    run = services.make_import({"jobs": upload({"31000": applicant()})}, by=administrator)
    services.run_import(run)
    assert run.state == RunState.FAILED
    assert not Path(run.files[0]["path"]).exists()


def test_a_file_named_by_its_path_stays(bring_in, tmp_path):
    bring_in(applicants={"31000": applicant()})
    assert (tmp_path / "applicants.json").exists()


def test_a_task_delivered_twice_runs_once(bring_in, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"31000": applicant()}))
    run = services.make_import({"applicants": tmp_path / "a.json"})
    tasks.run_import(run.pk)
    run.refresh_from_db()
    finished = run.finished_at
    (tmp_path / "a.json").write_text("changed")
    tasks.run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.finished_at) == (RunState.DONE, finished)


def test_a_task_without_its_row_does_nothing():
    tasks.run_import(123456789)


def test_unknown_kinds_and_no_files_are_refused(tmp_path):
    for files in ({}, {"candidates": tmp_path / "a.json"}):
        with pytest.raises(ValueError, match="files must be among"):
            services.make_import(files)


def test_progress_goes_up_to_the_end_through_all_steps(bring_in):
    told = []
    many = {str(number): applicant(number) for number in range(40_000, 41_000)}
    run = bring_in(on_progress=lambda progress, step: told.append((progress, step)), applicants=many)
    shares = [progress for progress, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] <= 1.0
    assert run.progress == 1.0
    steps = list(dict.fromkeys(step for _, step in told))
    assert steps == [
        "Reading applicants",
        "Storing what differs",
        "Finding skills in CVs",
        "Building the search index",
        "Reading what jobs ask for",
        "Updating the status of jobs",
    ]


def test_the_row_tells_its_progress_while_it_is_being_read(bring_in, monkeypatch):
    monkeypatch.setattr(services, "REPORT_EVERY", 0)
    seen = []
    many = {str(number): applicant(number) for number in range(40_000, 41_000)}
    bring_in(
        on_progress=lambda *_: seen.append(ImportRun.objects.values_list("progress", "step").latest("pk")),
        applicants=many,
    )
    reading = [progress for progress, step in seen if step == "Reading applicants"]
    assert len(set(reading)) > 2


def test_the_reaper_fails_the_silent_and_sends_the_forgotten_again(monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.run_import, "delay", lambda pk: sent.append(pk))
    now = timezone.now()
    long_ago = now - datetime.timedelta(hours=1)
    silent = ImportRun.objects.create(state=RunState.RUNNING, heartbeat_at=long_ago)
    alive = ImportRun.objects.create(state=RunState.RUNNING, heartbeat_at=now)
    forgotten = ImportRun.objects.create(queued_at=long_ago)
    fresh = ImportRun.objects.create(queued_at=now)
    tasks.reap_imports()
    tasks.reap_imports()
    states = dict(ImportRun.objects.values_list("pk", "state"))
    assert states[silent.pk] == RunState.FAILED
    assert states[alive.pk] == RunState.RUNNING
    assert states[forgotten.pk] == states[fresh.pk] == RunState.QUEUED
    assert sent == [forgotten.pk]
    silent.refresh_from_db()
    assert silent.error.startswith("The worker stopped before it was done.")


def test_a_run_whose_worker_died_can_be_queued_again_while_its_files_are_there(
    administrator, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(tasks.run_import, "delay", lambda pk: None)
    run = services.make_import({"applicants": upload({"31000": applicant()})}, by=administrator)
    assert services.queue_again(run, by=administrator) is None
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, finished_at=timezone.now())
    run.refresh_from_db()
    again = services.queue_again(run, by=administrator)
    services.run_import(again)
    assert again.state == RunState.DONE
    assert services.queue_again(run, by=administrator) is None


def test_the_files_of_a_dead_run_are_removed_after_a_week(administrator):
    run = services.make_import({"applicants": upload({"31000": applicant()})}, by=administrator)
    path = Path(run.files[0]["path"])
    now = timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, finished_at=now)
    services.reap_imports(now=now)
    assert path.exists()
    services.reap_imports(now=now + datetime.timedelta(days=8))
    assert not path.exists()


def test_rows_made_here_are_left_alone_by_an_import_of_others(bring_in):
    candidate, job = make_candidate(), make_job()
    bring_in(**company())
    for row in (candidate, job):
        before = row.updated_at
        row.refresh_from_db()
        assert row.updated_at == before


def test_a_queue_that_is_down_does_not_stop_an_import_from_being_asked_for(
    tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    def down(pk):
        raise ConnectionError

    monkeypatch.setattr(tasks.run_import, "delay", down)
    file = tmp_path / "applicants.json"
    file.write_text("{}")
    with django_capture_on_commit_callbacks(execute=True):
        run = services.queue_import({"applicants": file}, by=None)
    run.refresh_from_db()
    assert run.state == RunState.QUEUED
