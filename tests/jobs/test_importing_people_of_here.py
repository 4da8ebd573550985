"""Imports and what people did here: fields they edited, records they merged."""

import json

import pytest

from candidates import merging, unmerging
from candidates.creating import change_candidate
from candidates.models import Candidate, RunState
from jobs import moving, services
from jobs.models import Prospect, Stage
from tests.candidates.test_importing_records import applicant
from tests.jobs.test_importing import entry, job_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path):
    def bring(**contents):
        files = {}
        for kind, content in contents.items():
            files[kind] = tmp_path / f"{kind}.json"
            files[kind].write_text(json.dumps(content))
        run = services.make_import(files)
        services.run_import(run)
        run.refresh_from_db()
        assert run.state == RunState.DONE, run.error
        return run

    return bring


def person(code, **values):
    basics = {"nome": "Ana Lima", "email": "ana@example.com", "telefone": "", "local": "Recife, Pernambuco"}
    return {str(code): applicant(code, basics=basics | values.pop("basics", {}), **values)}


def stands(*entries, job="5185"):
    return {job: {"titulo": "Desenvolvedor Java", "modalidade": "", "prospects": list(entries)}}


def test_a_field_edited_here_keeps_its_value_and_the_others_follow_the_source(bring_in, recruiter):
    bring_in(applicants=person(31000, cv_pt="java"))
    change_candidate(Candidate.objects.get(), {"city": "Olinda", "cv_text": "python"}, by=recruiter)
    run = bring_in(applicants=person(31000, basics={"telefone": "81 3333-4444"}, cv_pt="java e sql"))
    candidate = Candidate.objects.get()
    assert (candidate.city, candidate.cv_text) == ("Olinda", "python")
    assert candidate.phone == "81 3333-4444"
    assert run.counts["applicants"]["edited_here"] == 1
    assert candidate.raw["infos_basicas"]["telefone"] == "81 3333-4444"


def test_the_same_file_again_changes_nothing_of_a_person_edited_here(bring_in, recruiter):
    bring_in(applicants=person(31000))
    change_candidate(Candidate.objects.get(), {"city": "Olinda"}, by=recruiter)
    before = Candidate.objects.get()
    run = bring_in(applicants=person(31000))
    after = Candidate.objects.get()
    assert (run.counts["applicants"]["updated"], run.counts["applicants"]["unchanged"]) == (0, 1)
    assert (after.updated_at, after.search_vector) == (before.updated_at, before.search_vector)


def test_an_old_code_brings_nobody_back_and_fills_what_is_empty(bring_in, recruiter):
    bring_in(applicants=person(31000) | person(31001))
    kept, absorbed = Candidate.objects.get(code="31000"), Candidate.objects.get(code="31001")
    merging.merge(kept, absorbed, by=recruiter)
    news = {"telefone": "81 3333-4444", "nome": "Ana Outra"}
    bring_in(applicants=person(31000) | person(31001, basics=news))
    kept = Candidate.objects.get()
    assert (kept.code, kept.name, kept.phone) == ("31000", "Ana Lima", "81 3333-4444")
    absorbed.refresh_from_db()
    assert (absorbed.merged_into, absorbed.name) == (kept, "Ana Outra")


def test_a_field_that_somebody_emptied_is_not_filled_under_an_old_code(bring_in, recruiter):
    phone = {"telefone": "81 3333-4444"}
    bring_in(applicants=person(31000, basics=phone) | person(31001, basics=phone))
    kept, absorbed = Candidate.objects.get(code="31000"), Candidate.objects.get(code="31001")
    merging.merge(kept, absorbed, by=recruiter)
    kept.refresh_from_db()
    change_candidate(kept, {"phone": ""}, by=recruiter)
    bring_in(applicants=person(31000, basics=phone) | person(31001, basics=phone))
    assert Candidate.objects.get().phone == ""


def test_entries_under_an_old_code_are_those_of_the_person_who_was_kept(bring_in, recruiter):
    bring_in(applicants=person(31000) | person(31001), jobs={"5185": job_record()})
    kept, absorbed = Candidate.objects.get(code="31000"), Candidate.objects.get(code="31001")
    merging.merge(kept, absorbed, by=recruiter)
    run = bring_in(prospects=stands(entry(codigo="31001", situacao_candidado="Entrevista Técnica")))
    prospect = Prospect.objects.get()
    assert (prospect.candidate, prospect.stage) == (kept, Stage.TECHNICAL_INTERVIEW)
    assert run.counts["prospects"]["resolved"] == 1
    assert run.counts["prospects"]["stubs"] == 0


def test_the_further_of_two_entries_counts_and_importing_them_again_changes_nothing(bring_in, recruiter):
    both = stands(
        entry(codigo="31001", situacao_candidado="Entrevista Técnica"),
        entry(codigo="31000", situacao_candidado="Inscrito"),
    )
    company = {"applicants": person(31000) | person(31001), "jobs": {"5185": job_record()}, "prospects": both}
    bring_in(**company)
    kept, absorbed = Candidate.objects.get(code="31000"), Candidate.objects.get(code="31001")
    merge = merging.merge(kept, absorbed, by=recruiter)
    before = Prospect.objects.get()
    run = bring_in(**company)
    after = Prospect.objects.get()
    assert (after.stage, after.source_status) == (Stage.TECHNICAL_INTERVIEW, "Entrevista Técnica")
    assert after.updated_at == before.updated_at
    assert (run.counts["prospects"]["updated"], run.counts["prospects"]["stage_changes"]) == (0, 0)
    unmerging.undo(merge, by=recruiter)
    stages = dict(Prospect.objects.values_list("candidate__pk", "stage"))
    assert stages == {kept.pk: Stage.APPLIED, absorbed.pk: Stage.TECHNICAL_INTERVIEW}


def two_in_one_job():
    return stands(
        entry(codigo="31000", situacao_candidado="Prospect", recrutador="Rui", comentario="liga à tarde"),
        entry(
            codigo="31001", situacao_candidado="Encaminhado ao Requisitante", recrutador="Eva", comentario=""
        ),
    )


def merged(recruiter):
    kept, absorbed = (Candidate.objects.get(code=code) for code in ("31000", "31001"))
    return merging.merge(kept, absorbed, by=recruiter)


def test_the_same_file_again_leaves_joined_prospects_and_their_undo_alone(bring_in, recruiter):
    bring_in(prospects=two_in_one_job())
    done = merged(recruiter)
    run = bring_in(prospects=two_in_one_job())
    joined = Prospect.objects.get()
    assert (joined.stage, joined.recruiter, joined.comment) == (Stage.SUBMITTED, "Rui", "liga à tarde")
    assert run.counts["prospects"]["updated"] == 0
    unmerging.undo(done, by=recruiter)
    assert {one.stage for one in Prospect.objects.all()} == {Stage.SOURCED, Stage.SUBMITTED}


def test_an_old_word_of_the_absorbed_record_moves_nobody_who_was_moved_by_hand(bring_in, recruiter):
    bring_in(prospects=two_in_one_job())
    kept = Prospect.objects.get(candidate__code="31000")
    moving.move([kept], to=Stage.CLIENT_INTERVIEW, by=recruiter)
    merged(recruiter)
    bring_in(prospects=two_in_one_job())
    assert Prospect.objects.get().stage == Stage.CLIENT_INTERVIEW
