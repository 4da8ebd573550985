import importlib

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from jobs import importing_derived, services
from jobs.models import Job, Requirement, RequirementChange
from scoring import ranking
from tests.factories import make_candidate, make_job, make_user, make_version

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}

migration = importlib.import_module("jobs.migrations.0010_propose_requirements_anew")


@pytest.fixture
def job():
    job = make_job()
    Requirement.objects.create(job=job, kind="skill", value="java", quote="java obrigatório")
    Requirement.objects.create(job=job, kind="english", value="advanced", must=False)
    return job


def url(name, job):
    return reverse(f"jobs:{name}", args=[job.code])


def send(page, job, name, **values):
    return page.post(url(name, job), values, headers=HTMX)


def kept(job):
    rows = job.requirements.in_force().order_by("pk")
    return [(row.kind, row.value, row.must) for row in rows]


def pk_of(job, value):
    return Requirement.objects.get(job=job, value=value).pk


def test_the_page_shows_both_lists_and_what_an_edit_changes(page, job):
    answer = page.get(url("requirements", job))
    text = answer.content.decode()
    assert [row.value for row in answer.context["must"]] == ["java"]
    assert [row.value for row in answer.context["nice"]] == ["advanced"]
    assert "java obrigatório" in text
    assert "A gate adds no points" in text
    assert "hx-" not in page.get(url("requirements", job), headers=HTMX).content.decode()[:40]


def test_a_skill_is_added_under_any_of_its_names(page, job, recruiter):
    send(page, job, "requirement_add", what="J2EE", side="must")
    send(page, job, "requirement_add", what="react js", side="nice")
    assert ("skill", "java", True) in kept(job)
    assert ("skill", "react", False) in kept(job)
    assert Requirement.objects.get(job=job, value="react").added_by == recruiter


def test_what_is_no_skill_is_looked_for_in_the_cv_as_is_a_skill_when_asked_to(page, job):
    send(page, job, "requirement_add", what="CNH  B", side="must")
    send(page, job, "requirement_add", what="Java", exact="on", side="nice")
    assert ("words", "CNH B", True) in kept(job)
    assert ("words", "Java", False) in kept(job)
    assert "already" in send(page, job, "requirement_add", what="cnh b", side="must").content.decode()


def test_a_new_level_takes_the_place_of_the_old_one(page, job):
    send(page, job, "requirement_add", level="english:fluent", side="must")
    assert ("english", "fluent", True) in kept(job)
    assert ("english", "advanced", False) not in kept(job)


@pytest.mark.parametrize("level", ["", "english:none", "sex:male", "seniority:", "english"])
def test_an_impossible_level_is_refused(page, job, level):
    before = kept(job)
    answer = send(page, job, "requirement_add", level=level, side="must")
    assert "Choose a level." in answer.content.decode()
    assert kept(job) == before


@pytest.mark.parametrize(
    "what", ["mulher", "boa aparência", "recém-formado", "morar perto", "native speaker"]
)
def test_a_protected_criterion_is_refused_with_the_reason_and_nothing_changes(page, job, what):
    before = kept(job)
    answer = send(page, job, "requirement_add", what=what, side="must")
    assert "cannot be asked for" in answer.content.decode()
    assert kept(job) == before
    assert Job.objects.get(pk=job.pk).requirements_edited_at is None

    plain = page.post(url("requirement_add", job), {"what": what, "side": "must"})
    assert plain.status_code == 422
    assert "cannot be asked for" in plain.content.decode()


def test_required_becomes_nice_removed_comes_back(page, job):
    java = pk_of(job, "java")
    send(page, job, "requirement_change", requirement=java, do="nice")
    assert ("skill", "java", False) in kept(job)

    answer = send(page, job, "requirement_change", requirement=java, do="remove")
    assert ("skill", "java", False) not in kept(job)
    assert [row.pk for row in answer.context["removed"]] == [java]

    send(page, job, "requirement_change", requirement=java, do="restore")
    assert ("skill", "java", False) in kept(job)


def test_an_edit_makes_the_ranking_out_of_date(page, job):
    version = make_version()
    before = ranking.inputs_hash(job, version), Job.objects.get(pk=job.pk).updated_at
    send(page, job, "requirement_change", requirement=pk_of(job, "java"), do="remove")
    edited = Job.objects.get(pk=job.pk)
    assert ranking.inputs_hash(edited, version) != before[0]
    assert edited.updated_at > before[1]
    assert edited.requirements_edited_at is not None


def test_an_import_renews_a_proposed_list_and_leaves_an_edited_one(page, job):
    other = make_job()
    send(page, job, "requirement_change", requirement=pk_of(job, "java"), do="remove")
    before = kept(job)
    importing_derived.refresh_jobs()
    assert kept(job) == before
    assert ("skill", "docker", False) in kept(other)
    assert Job.objects.get(pk=job.pk).search_vector


def test_an_update_marks_lists_that_nobody_edited_and_refresh_proposes_them_anew(page, job, capsys):
    other = make_job()
    send(page, job, "requirement_change", requirement=pk_of(job, "java"), do="remove")
    importing_derived.refresh_jobs()
    edited, proposed = kept(job), kept(other)
    Requirement.objects.filter(job=other, value="docker").update(value="a skill that was split")
    changed = Job.objects.get(pk=other.pk).updated_at

    with connection.schema_editor() as editor:
        migration.mark(apps, editor)
    call_command("refresh")

    assert kept(job) == edited
    assert kept(other) == proposed != []
    assert not Job.objects.filter(search_vector=None).exists()
    assert Job.objects.get(pk=other.pk).updated_at > changed
    assert capsys.readouterr().out.split()[4:6] == ["requirements", "1"]


def test_a_second_refresh_finds_nothing_to_do(job):
    call_command("refresh")
    assert set(services.refresh().values()) == {0}


def test_proposing_again_adds_what_is_new_and_never_what_was_removed(page, job):
    send(page, job, "requirement_change", requirement=pk_of(job, "java"), do="remove")
    send(page, job, "requirement_propose")
    assert ("skill", "docker", False) in kept(job)
    assert ("skill", "java", True) not in kept(job)

    answer = send(page, job, "requirement_propose")
    assert "nothing that the list has not had" in answer.content.decode()


def test_without_script_a_change_leads_back_to_the_page_which_offers_undo(page, job):
    answer = page.post(
        url("requirement_change", job), {"requirement": pk_of(job, "java"), "do": "remove"}, follow=True
    )
    assert answer.redirect_chain == [(url("requirements", job), 302)]
    text = answer.content.decode()
    assert "Java is asked for no more." in text
    made = RequirementChange.objects.get(job=job)
    assert text.count(reverse("jobs:requirement_undo", args=[job.code, made.pk])) == 4  # message, history


def test_suggestions_begin_with_the_name_typed_and_know_other_names(page, job):
    def names(text):
        return page.get(url("requirement_suggest", job), {"what": text}).content.decode()

    assert names("jav").index('"Java"') < names("jav").index('"JavaScript"')
    assert "Kubernetes" in names("k8s")
    assert names("").strip() == ""


@pytest.mark.parametrize("group", ["Hiring managers", "Auditors", "Integrations"])
def test_only_recruiters_and_administrators_edit(client, job, group):
    user = make_user("reader", group)
    job.team.create(user=user)
    client.force_login(user)
    assert client.post(url("requirement_propose", job)).status_code == 403
    answer = client.get(url("requirements", job))
    assert answer.status_code in (200, 404)  # an integration sees the rows, a manager own jobs
    if answer.status_code == 200:
        assert url("requirement_change", job) not in answer.content.decode()


def test_a_manager_does_not_find_the_list_of_another_job(client, job):
    user = make_user("manager", "Hiring managers")
    client.force_login(user)
    assert client.get(url("requirements", job)).status_code == 404


def test_another_job_s_requirement_is_out_of_reach(page, job):
    other = Requirement.objects.create(job=make_job(), kind="skill", value="docker")
    send(page, job, "requirement_change", requirement=other.pk, do="remove")
    other.refresh_from_db()
    assert not other.dismissed


def test_queries_do_not_grow_with_the_list(page, job, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as few:
        page.get(url("requirements", job))
    for number in range(8):
        Requirement.objects.create(job=job, kind="words", value=f"palavra {number}")
    with django_assert_max_num_queries(len(few)):
        page.get(url("requirements", job))


def test_words_change_no_score_and_no_feature(page, job):
    from scoring import datasets

    make_candidate()
    before = datasets.jobs([job.pk]).to_dict()
    send(page, job, "requirement_add", what="CNH B", side="must")
    send(page, job, "requirement_add", level="seniority:junior", side="must")
    assert str(datasets.jobs([job.pk]).to_dict()) == str(before)


def test_what_the_text_names_and_nobody_may_be_asked_for_is_told_with_the_reason(page):
    job = make_job(competences="Java obrigatório. Sexo masculino, até 35 anos; solteiro, casado ou solteiro")
    answer = page.get(url("requirements", job))
    assert [one.code for one in answer.context["left_out"]] == ["sex", "age", "marital"]
    html = answer.content.decode()
    assert "“ate 35 anos” cannot be asked for" in html
    assert "“Java” cannot" not in html
    assert "data-left-out" not in page.get(url("requirements", make_job())).content.decode()
