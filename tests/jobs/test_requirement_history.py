import pytest
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import translation

from jobs import importing_derived
from jobs.models import Job, Requirement, RequirementChange
from jobs.requirements import editing, history
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def job():
    job = make_job()
    Requirement.objects.create(job=job, kind="skill", value="java", quote="java obrigatório")
    Requirement.objects.create(job=job, kind="english", value="advanced", must=False)
    return job


@pytest.fixture
def other(db):
    return make_user("ana", "Recruiters")


def kept(job):
    return sorted((row.kind, row.value, row.must) for row in job.requirements.in_force())


def pk_of(job, value):
    return job.requirements.get(value=value).pk


def shown(job):
    return [
        (one.text, one.may_be_undone, one.is_undone) for one in history.entries(job, job.requirements.all())
    ]


def add(job, by, value, *, kind="words", must=True):
    return editing.add(job, kind=kind, value=value, must=must, by=by).change


def address(job, pk):
    return reverse("jobs:requirement_undo", args=[job.code, pk])


def page_of(page, job):
    return page.get(reverse("jobs:requirements", args=[job.code]))


def is_edited(job):
    return Job.objects.get(pk=job.pk).requirements_edited_at is not None


def test_each_change_is_told_with_who_made_it_the_newest_first(page, job, recruiter, other):
    add(job, other, "CNH B")
    editing.ask(job, [pk_of(job, "java")], must=False, by=recruiter)
    editing.remove(job, [pk_of(job, "advanced")], by=recruiter)
    editing.restore(job, [pk_of(job, "advanced")], by=recruiter)
    answer = page_of(page, job)
    assert [(entry.text, entry.change.by.username) for entry in answer.context["history"]] == [
        ("English: advanced asked for again", "recruiter"),
        ("English: advanced removed", "recruiter"),
        ("Java made nice to have", "recruiter"),
        ("“CNH B” made required", "ana"),
    ]
    assert "Last changes" in answer.content.decode()
    assert "Last changes" not in page_of(page, make_job()).content.decode()


def test_what_somebody_else_added_is_taken_back_by_any_recruiter(page, job, other):
    before = kept(job)
    made = add(job, other, "CNH B")
    assert address(job, made.pk) in page_of(page, job).content.decode()
    answer = page.post(address(job, made.pk), headers=HTMX)
    assert "Undone: “CNH B” made required" in answer.content.decode()
    assert kept(job) == before
    assert shown(job) == [
        ("Undone: “CNH B” made required", True, False),
        ("“CNH B” made required", False, True),
    ]


def test_an_earlier_change_is_undone_while_later_ones_about_something_else_stay(job, recruiter):
    first = add(job, recruiter, "CNH B")
    add(job, recruiter, "NR-10")
    editing.undo(job, first.pk, by=recruiter)
    assert ("words", "NR-10", True) in kept(job)
    assert ("words", "CNH B", True) not in kept(job)
    assert is_edited(job)


def test_a_change_on_which_a_later_one_depends_stays_and_the_later_one_is_named(page, job, recruiter, other):
    first = add(job, recruiter, "CNH B")
    later = editing.ask(job, [pk_of(job, "CNH B")], must=False, by=other).change
    text = page_of(page, job).content.decode()
    assert address(job, later.pk) in text
    assert address(job, first.pk) not in text

    before = kept(job)
    answer = page.post(address(job, first.pk))
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["A later change depends on it: “CNH B” made nice to have. Undo that first."]
    assert kept(job) == before

    editing.undo(job, later.pk, by=recruiter)
    editing.undo(job, first.pk, by=recruiter)
    assert ("words", "CNH B", True) not in kept(job)
    assert not job.requirements.filter(value="CNH B").exists()


def test_an_undo_is_undone_and_that_again(job, recruiter, other):
    made = add(job, other, "CNH B")
    back = editing.undo(job, made.pk, by=recruiter).change
    again = editing.undo(job, back.pk, by=recruiter).change
    assert ("words", "CNH B", True) in kept(job)
    assert job.requirements.get(value="CNH B").added_by == other
    assert [text for text, *_rest in shown(job)][:2] == [
        "Done again: “CNH B” made required",
        "Undone: “CNH B” made required",
    ]
    assert [(one.undoes_id, one.is_back) for one in (made, back, again)] == [
        (None, False),
        (made.pk, True),
        (back.pk, False),
    ]
    editing.undo(job, made.pk, by=recruiter)
    assert ("words", "CNH B", True) not in kept(job)
    assert shown(job)[-1][2]


def test_what_was_undone_once_is_not_undone_twice(job, recruiter):
    made = add(job, recruiter, "CNH B")
    editing.undo(job, made.pk, by=recruiter)
    with pytest.raises(editing.CannotEdit, match="undone already"):
        editing.undo(job, made.pk, by=recruiter)


def test_a_level_that_took_another_s_place_gives_it_back(job, recruiter):
    before = kept(job)
    made = add(job, recruiter, "fluent", kind="english")
    assert ("english", "advanced", False) not in kept(job)
    editing.undo(job, made.pk, by=recruiter)
    assert kept(job) == before


def test_undoing_never_leaves_two_levels_of_a_kind(job, recruiter):
    removed = editing.remove(job, [pk_of(job, "advanced")], by=recruiter).change
    add(job, recruiter, "fluent", kind="english")
    with pytest.raises(editing.CannotEdit, match="English: fluent made required"):
        editing.undo(job, removed.pk, by=recruiter)
    editing.restore(job, [pk_of(job, "advanced")], by=recruiter)
    assert [row for row in kept(job) if row[0] == "english"] == [("english", "advanced", False)]


def test_what_was_proposed_is_taken_back_with_its_quotes_and_brought_again(job, recruiter):
    before = kept(job)
    made = editing.propose(job, by=recruiter).change
    proposed = {row.value: row.quote for row in job.requirements.all()}
    back = editing.undo(job, made.pk, by=recruiter).change
    assert kept(job) == before
    editing.undo(job, back.pk, by=recruiter)
    assert {row.value: row.quote for row in job.requirements.all()} == proposed
    assert len(proposed) > len(before)


def test_many_proposed_are_not_all_named():
    named = [["words", f"palavra {number}"] for number in range(6)]
    text = history.text_of(RequirementChange(what="proposed", named=named))
    assert text.endswith("“palavra 3” and 2 more taken from the job's text")


def test_when_all_is_undone_the_list_is_the_import_s_again(job, recruiter):
    first, second = add(job, recruiter, "CNH B"), add(job, recruiter, "NR-10")
    editing.undo(job, first.pk, by=recruiter)
    assert is_edited(job)
    back = editing.undo(job, second.pk, by=recruiter).change
    assert not is_edited(job)
    editing.undo(job, back.pk, by=recruiter)
    assert is_edited(job)


def test_a_list_that_was_edited_before_there_was_a_history_stays_the_people_s(job, recruiter):
    Job.objects.filter(pk=job.pk).update(requirements_edited_at="2026-01-01T00:00Z")
    made = add(job, recruiter, "CNH B")
    editing.undo(job, made.pk, by=recruiter)
    assert is_edited(job)


def test_what_an_import_proposed_anew_since_is_not_overwritten(job, recruiter):
    removed = editing.remove(job, [pk_of(job, "java")], by=recruiter).change
    back = editing.undo(job, removed.pk, by=recruiter).change
    importing_derived.derive([job.pk])
    job.requirements.filter(value="java").update(must=False)
    before = kept(job)
    with pytest.raises(editing.CannotEdit, match="not as this change left it"):
        editing.undo(job, back.pk, by=recruiter)
    assert kept(job) == before
    assert [entry[1] for entry in shown(job)] == [False, False]


def test_what_changes_nothing_leaves_no_row_and_no_ranking_out_of_date(job, recruiter):
    before = Job.objects.get(pk=job.pk).updated_at
    assert editing.ask(job, [pk_of(job, "java")], must=True, by=recruiter).change is None
    assert not RequirementChange.objects.exists()
    assert Job.objects.get(pk=job.pk).updated_at == before
    assert not is_edited(job)


def test_the_change_of_another_job_is_out_of_reach(page, job, recruiter):
    made = add(job, recruiter, "CNH B")
    answer = page.post(address(make_job(), made.pk), headers=HTMX)
    assert "There is nothing to undo." in answer.content.decode()
    assert ("words", "CNH B", True) in kept(job)


@pytest.mark.parametrize("group", ["Hiring managers", "Auditors"])
def test_who_may_not_edit_reads_the_history_without_undo(client, job, recruiter, group):
    made, user = add(job, recruiter, "CNH B"), make_user("reader", group)
    job.team.create(user=user)
    client.force_login(user)
    text = page_of(client, job).content.decode()
    assert "“CNH B” made required" in text
    assert address(job, made.pk) not in text
    assert client.post(address(job, made.pk)).status_code == 403


def test_the_undo_of_a_message_draws_the_whole_page_anew(page, job, recruiter):
    made = add(job, recruiter, "CNH B")
    answer = page.post(address(job, made.pk), {"next": "/jobs/"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert "Undone: “CNH B” made required" in page_of(page, job).content.decode()


def test_the_database_keeps_the_history_as_it_was_written(job, recruiter):
    made = add(job, recruiter, "CNH B")
    for statement in (
        "UPDATE jobs_requirementchange SET what = 'nice'",
        "DELETE FROM jobs_requirementchange",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    made.refresh_from_db()
    assert made.what == "must"


def test_queries_do_not_grow_with_the_history(page, job, recruiter, other, django_assert_max_num_queries):
    add(job, recruiter, "CNH B")
    with django_assert_max_num_queries(13) as few:
        page_of(page, job)
    for number in range(12):
        add(job, (recruiter, other)[number % 2], f"palavra {number}")
    with django_assert_max_num_queries(len(few)):
        text = page_of(page, job).content.decode()
    assert "Earlier changes" in text


def test_the_history_follows_the_reader_s_language(job, recruiter):
    made = add(job, recruiter, "advanced", kind="spanish")
    with translation.override("pt-br"):
        text = history.text_of(made)
    assert text.startswith("Espanhol: avançado ")
    assert "obrigatório" in text
