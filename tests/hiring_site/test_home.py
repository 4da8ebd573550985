import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.models import Document, SavedSearch, WatchedMatch
from candidates.notices import notify
from jobs.models import JobMember, Stage, StageChange
from monitoring.models import DriftAlert, DriftReport
from tests.factories import make_candidate, make_job, make_prospect, make_user, make_version

pytestmark = pytest.mark.django_db


def home(page):
    response = page.get(reverse("home"))
    assert response.status_code == 200
    return response


def text(page):
    return " ".join(home(page).content.decode().split())


def test_an_empty_company_is_told_what_to_do_first(admin_page):
    assert "Import files" in text(admin_page)


def test_own_open_jobs_come_first_and_alone(page, recruiter):
    own, other = make_job(title="Minha vaga"), make_job(title="Outra vaga")
    JobMember.objects.create(job=own, user=recruiter)
    shown = home(page).context["home"]
    assert shown.mine
    assert [entry.job for entry in shown.jobs] == [own]
    JobMember.objects.all().delete()
    shown = home(page).context["home"]
    assert not shown.mine
    assert {entry.job for entry in shown.jobs} == {own, other}


def test_closed_jobs_are_not_shown(page):
    make_job(status="filled")
    assert home(page).context["home"].jobs == []


def test_a_job_tells_who_stands_where_and_who_is_new(page):
    job = make_job()
    make_prospect(job=job, stage=Stage.APPLIED, applied_on=timezone.localdate())
    make_prospect(job=job, stage=Stage.SCREENING, applied_on=datetime.date(2026, 1, 1))
    (entry,) = home(page).context["home"].jobs
    assert entry.stages == [(Stage.APPLIED, 1), (Stage.SCREENING, 1)]
    assert (entry.recent, entry.people) == (1, 2)


def test_moves_of_others_are_told_together(page, recruiter, administrator):
    job = make_job()
    for who in (administrator, administrator, recruiter):
        prospect = make_prospect(job=job)
        StageChange.objects.create(
            prospect=prospect, from_stage="applied", to_stage="screening", changed_by=who, source="person"
        )
    (moves,) = home(page).context["home"].moves
    assert (moves.by, moves.count, moves.stage) == (administrator, 2, Stage.SCREENING)
    assert "2 people in" in text(page)


def test_old_moves_and_those_of_imports_are_no_news(page, administrator):
    prospect = make_prospect()
    week = timezone.now() - datetime.timedelta(days=8)
    for values in ({"source": "import"}, {"source": "person", "changed_at": week}):
        StageChange.objects.create(
            prospect=prospect, to_stage="screening", changed_by=administrator, **values
        )
    assert home(page).context["home"].moves == []


def test_watched_searches_count_what_is_new(page, recruiter):
    make_job()
    search = SavedSearch.objects.create(owner=recruiter, name="Java", query="q=java", watched=True)
    SavedSearch.objects.create(owner=recruiter, name="Quieta", query="q=cobol")
    WatchedMatch.objects.create(search=search, candidate=make_candidate())
    WatchedMatch.objects.create(search=search, candidate=make_candidate(), seen_at=timezone.now())
    (shown,) = home(page).context["home"].searches
    assert (shown, shown.found) == (search, 1)
    assert "?q=java" in text(page)


def test_uploads_to_confirm_are_counted(page, recruiter, administrator):
    make_job()
    for who, state in ((recruiter, "parsed"), (recruiter, "failed"), (administrator, "parsed")):
        Document.objects.create(
            uploaded_by=who, state=state, name="cv.pdf", size=1, sha256=uuid.uuid4().hex, file="x"
        )
    assert home(page).context["home"].waiting == 1


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("strong", "Strong evidence"),
        ("some", "Some evidence"),
        ("none", "No evidence that this model"),
    ],
)
def test_the_model_in_use_is_shown_with_its_verdict(page, verdict, sentence):
    make_job()
    right = {"value": 0.7, "low": 0.6, "high": 0.8}
    metrics = {"inside_jobs": {"jobs": 40, "figures": {"roc_auc": right}}}
    make_version(evidence=verdict, metrics=metrics)
    assert sentence in text(page)


def test_drift_is_told_where_it_was_found(page):
    make_job()
    version = make_version()
    report = DriftReport.objects.create(
        day=datetime.date(2026, 11, 20), model_version=version, predictions=50, enough=True
    )
    assert "No drift on" in text(page)
    DriftAlert.objects.create(report=report, feature="tem_email", kind="rate")
    assert "looked unlike the data" in text(page)


def test_news_open_what_they_are_about_and_are_read_then(page, recruiter):
    make_job()
    told = notify(recruiter, kind="x", message="Candidates", url=reverse("jobs:job_list"))
    assert "Candidates" in text(page)
    response = page.get(reverse("notification", args=[told.pk]))
    assert response.headers["Location"] == reverse("jobs:job_list")
    told.refresh_from_db()
    assert told.read_at is not None


def test_a_notice_leads_nowhere_outside(page, recruiter):
    told = notify(recruiter, kind="x", message="Candidates", url="https://example.org/")
    assert page.get(reverse("notification", args=[told.pk])).headers["Location"] == reverse("notifications")


def test_the_news_of_others_are_not_found(page, administrator):
    told = notify(administrator, kind="x", message="Candidates")
    assert page.get(reverse("notification", args=[told.pk])).status_code == 404


def test_all_news_can_be_marked_as_read(page, recruiter):
    notify(recruiter, kind="x", message="Candidates")
    assert "1</span>" in page.get(reverse("notifications")).content.decode()
    page.post(reverse("read_notifications"))
    assert recruiter.notifications.filter(read_at=None).count() == 0


def test_without_news_the_page_says_what_would_appear(page):
    assert "mentions you in a note" in page.get(reverse("notifications")).content.decode()


@pytest.mark.parametrize(("group", "sentence"), [(None, "no role yet"), ("Integrations", "for programs")])
def test_who_has_no_pages_is_told_why(client, group, sentence):
    user = make_user("novato", group)
    client.force_login(user)
    make_job(title="Segredo")
    answer = client.get(reverse("home")).content.decode()
    assert sentence in answer
    assert "Segredo" not in answer


def test_a_hiring_manager_sees_own_jobs_only(client):
    manager = make_user("gestora", "Hiring managers")
    client.force_login(manager)
    make_job(title="Alheia")
    assert home(client).context["home"].jobs == []
    own = make_job(title="Própria")
    JobMember.objects.create(job=own, user=manager, part="hiring_manager")
    assert [entry.job for entry in home(client).context["home"].jobs] == [own]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(page, recruiter, administrator, rows, django_assert_num_queries):
    make_version()
    for number in range(rows):
        job = make_job()
        JobMember.objects.create(job=job, user=recruiter)
        StageChange.objects.create(
            prospect=make_prospect(job=job), to_stage="offer", changed_by=administrator, source="person"
        )
        notify(recruiter, kind="x", message="Candidates", candidate=make_candidate(), url=f"/{number}/")
        SavedSearch.objects.create(owner=recruiter, name=f"busca {number}", query="q=x", watched=True)
    with django_assert_num_queries(16):
        home(page)
