"""What a person did here survives the next import of the same files."""

import datetime
import threading

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from candidates.models import RunState
from jobs import editing, moving
from jobs.models import Job, JobStatus, Prospect, Stage, StageChange
from tests.factories import make_candidate
from tests.jobs.test_importing import entry
from tests.jobs.test_services import bring_in, company  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(bring_in, recruiter):  # noqa: F811
    bring_in(**company())
    return Prospect.objects.get(candidate__code="31000")


def source_says(content, status, day="02-04-2026"):
    moved = content["prospects"]["5185"]["prospects"][0]
    moved |= {"situacao_candidado": status, "ultima_atualizacao": day}
    return content


def at_midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class TestStages:
    def test_the_same_files_move_nobody_back(self, ana, bring_in, recruiter):  # noqa: F811
        moving.move([ana], to=Stage.REJECTED, by=recruiter, reason_code="salary")
        moved = Prospect.objects.get(pk=ana.pk)
        run = bring_in(**company())
        stored = Prospect.objects.get(pk=ana.pk)
        assert (stored.stage, stored.outcome) == ("rejected", "rejected")
        assert (stored.stage_since, stored.updated_on) == (moved.stage_since, moved.updated_on)
        assert run.counts["prospects"]["updated"] == 0
        assert StageChange.objects.count() == 1

    def test_other_news_of_the_source_move_nobody_back_either(self, ana, bring_in, recruiter):  # noqa: F811
        moving.move([ana], to=Stage.OFFER, by=recruiter)
        content = company()
        content["prospects"]["5185"]["prospects"][0]["comentario"] = "ligou hoje"
        bring_in(**content)
        stored = Prospect.objects.get(pk=ana.pk)
        assert (stored.stage, stored.comment) == ("offer", "ligou hoje")
        assert stored.updated_on == timezone.localdate()

    def test_what_the_source_itself_moved_follows_it(self, ana, bring_in, recruiter):  # noqa: F811
        moving.move([ana], to=Stage.OFFER, by=recruiter)
        bring_in(**source_says(company(), "Desistiu"))
        stored = Prospect.objects.get(pk=ana.pk)
        assert (stored.stage, stored.outcome) == ("withdrawn", "withdrew")
        assert stored.updated_on == datetime.date(2026, 4, 2)
        newest = StageChange.objects.first()
        assert (newest.from_stage, newest.to_stage, newest.source) == ("offer", "withdrawn", "import")

    def test_an_undone_move_is_no_obstacle(self, ana, bring_in, recruiter):  # noqa: F811
        before = ana.stage
        moving.undo(moving.move([ana], to=Stage.OFFER, by=recruiter).batch, by=recruiter)
        bring_in(**company())
        assert Prospect.objects.get(pk=ana.pk).stage == before

    def test_who_was_added_here_stays_when_the_source_first_hears_of_them(self, bring_in, recruiter):  # noqa: F811
        content = company()
        bring_in(applicants=content["applicants"], jobs=content["jobs"])
        job, candidate = Job.objects.get(code="5185"), make_candidate(code="31002")
        moving.add(job, [candidate], by=recruiter, to=Stage.TECHNICAL_INTERVIEW)
        bring_in(**content)
        stored = Prospect.objects.get(job=job, candidate=candidate)
        assert (stored.stage, stored.source_status) == ("technical_interview", "Inscrito")
        assert stored.applied_on == datetime.date(2021, 3, 25)
        assert StageChange.objects.count() == 1

    def test_imports_say_since_when_somebody_stands_at_a_stage(self, ana, bring_in):  # noqa: F811
        assert ana.stage_since == at_midnight(ana.applied_on)
        bring_in(**source_says(company(), "Encaminhado ao Requisitante", "05-04-2026"))
        same = Prospect.objects.get(pk=ana.pk)
        assert (same.updated_on, same.stage_since) == (datetime.date(2026, 4, 5), ana.stage_since)
        bring_in(**source_says(company(), "Entrevista Técnica", "09-04-2026"))
        assert Prospect.objects.get(pk=ana.pk).stage_since == at_midnight(datetime.date(2026, 4, 9))
        assert StageChange.objects.get().from_since == ana.stage_since


class TestJobs:
    def test_what_a_person_wrote_stays(self, ana, bring_in):  # noqa: F811
        job = Job.objects.get(code="5185")
        job.title, job.competences = "Arquiteto Java", "kubernetes obrigatório"
        editing.save(job, ["title", "competences"], seen=editing.stamp(job))
        before = list(job.requirements.values_list("value", flat=True))
        assert "kubernetes" in before
        bring_in(**company())
        stored = Job.objects.get(code="5185")
        assert stored.title == "Arquiteto Java"
        assert list(stored.requirements.values_list("value", flat=True)) == before

    def test_a_status_that_a_person_set_stays(self, ana, bring_in):  # noqa: F811
        job = Job.objects.get(code="5185")
        other = JobStatus.INACTIVE if job.status != JobStatus.INACTIVE else JobStatus.FILLED
        editing.set_status(job, other)
        bring_in(**company())
        assert Job.objects.get(code="5185").status == other
        editing.set_status(job, other, by_hand=False)
        bring_in(**company())
        assert Job.objects.get(code="5185").status != other

    def test_a_job_made_here_stays_open(self, ana, bring_in):  # noqa: F811
        made = Job(title="Nova", requested_on=datetime.date(2001, 1, 1))
        editing.create(made, by=User.objects.get())
        bring_in(**company())
        assert Job.objects.get(pk=made.pk).status == JobStatus.OPEN


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_an_import_and_people_who_move_the_same_make_one_history(self, bring_in, recruiter):  # noqa: F811
        content = company()
        people = [entry(codigo=str(number)) for number in range(32000, 32060)]
        content["prospects"]["5185"]["prospects"] = people
        bring_in(**content)
        prospects, failures, over = list(Prospect.objects.order_by("-pk")), [], threading.Event()

        def move_about():
            try:
                while not over.is_set():
                    for stage in (Stage.SCREENING, Stage.OFFER):
                        moving.move(prospects, to=stage, by=recruiter)
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        mover = threading.Thread(target=move_about)
        mover.start()
        for status in ("Entrevista Técnica", "Desistiu", "Inscrito"):
            for one in people:
                one["situacao_candidado"] = status
            assert bring_in(**content).state == RunState.DONE
        over.set()
        mover.join()
        assert failures == []
        for prospect in prospects:
            changes = StageChange.objects.filter(prospect=prospect).order_by("pk")
            steps = list(changes.values_list("from_stage", "to_stage"))
            assert [step[0] for step in steps[1:]] == [step[1] for step in steps[:-1]]
            assert Prospect.objects.get(pk=prospect.pk).stage == steps[-1][1]
            assert changes.filter(source="import").count() == 3
