import pytest
from django.core.management import call_command
from django.urls import reverse

from candidates import notices, services, tasks
from candidates.models import Candidate, Notification, ReviewPolicy, SavedSearch, WatchedMatch
from candidates.search import watching
from tests.factories import make_candidate, make_job, make_prospect, make_user
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
LIST, SEARCHES, SAVE = (
    reverse(f"candidates:{name}") for name in ("candidate_list", "searches", "search_save")
)


def index():
    services.refresh_profiles()
    services.refresh_search()


def address(name, search):
    return reverse(f"candidates:{name}", args=[search.pk])


@pytest.fixture
def watched(recruiter):
    make_candidate(name="Ana")
    index()
    search = SavedSearch.objects.create(owner=recruiter, name="Java", query="q=java", watched=True)
    watching.start(search)
    return search


@pytest.fixture
def colleague(db):
    return make_user("colleague", "Recruiters", first_name="Rui")


def test_a_search_is_saved_under_a_name_and_opened_again(page, recruiter):
    response = page.post(
        SAVE, {"name": " Java  in Recife ", "query": "q=java&place=recife&skill=java&page=3"}, follow=True
    )
    search = SavedSearch.objects.get()
    assert (search.name, search.owner, search.query) == (
        "Java in Recife",
        recruiter,
        "q=java&place=recife&skill=java",
    )
    assert "Saved as “Java in Recife”" in text_of(response)
    opened = page.get(address("search_open", search), follow=True)
    assert opened.request["QUERY_STRING"] == f"{search.query}&saved={search.pk}"


def test_the_same_name_changes_that_search(page):
    for query in ("q=java", "q=cobol"):
        page.post(SAVE, {"name": "Mine", "query": query})
    assert list(SavedSearch.objects.values_list("query", flat=True)) == ["q=cobol"]


@pytest.mark.parametrize(
    "sent", [{"name": "", "query": "q=java"}, {"name": "x", "query": ""}, {"name": "x", "query": "evil=1"}]
)
def test_nothing_is_saved_without_a_name_or_a_question(page, sent):
    assert "was not saved" in text_of(page.post(SAVE, sent, follow=True))
    assert not SavedSearch.objects.exists()


def test_own_and_shared_searches_are_listed_and_private_ones_of_others_are_not(page, recruiter, colleague):
    SavedSearch.objects.create(owner=recruiter, name="Mine", query="q=java&seniority=senior")
    SavedSearch.objects.create(owner=colleague, name="Theirs", query="q=x", shared=True)
    hidden = SavedSearch.objects.create(owner=colleague, name="Secret", query="q=y")
    html = text_of(page.get(SEARCHES))
    assert "Mine" in html
    assert "Seniority: senior" in html
    assert "Theirs" in html
    assert "Rui" in html
    assert "Secret" not in html
    assert page.get(address("search_open", hidden)).status_code == 404
    assert_no_inline_code(page.get(SEARCHES))


def test_nobody_changes_what_others_saved(page, colleague):
    search = SavedSearch.objects.create(owner=colleague, name="Theirs", query="q=x", shared=True)
    for name in ("search_edit", "search_check", "search_delete"):
        assert page.post(address(name, search), {"name": "x"}).status_code == 404


def test_a_search_is_renamed_and_shared_and_not_named_like_another(page, recruiter):
    one = SavedSearch.objects.create(owner=recruiter, name="One", query="q=x")
    SavedSearch.objects.create(owner=recruiter, name="Two", query="q=y")
    page.post(address("search_edit", one), {"name": "Uno", "shared": "on"})
    one.refresh_from_db()
    assert (one.name, one.shared, one.watched) == ("Uno", True, False)
    assert "has that name already" in text_of(
        page.post(address("search_edit", one), {"name": "Two"}, follow=True)
    )
    one.refresh_from_db()
    assert one.name == "Uno"


def test_what_was_deleted_comes_back_by_undo_for_its_owner_alone(page, client, recruiter, colleague):
    search = SavedSearch.objects.create(owner=recruiter, name="Mine", query="q=java", shared=True)
    html = text_of(page.post(address("search_delete", search), follow=True))
    assert not SavedSearch.objects.exists()
    undo = html.split('action="/candidates/searches/restore/')[1].split('"')[0]
    undo = f"/candidates/searches/restore/{undo}"
    client.force_login(colleague)
    client.post(undo)
    assert not SavedSearch.objects.exists()
    client.force_login(recruiter)
    again = client.post(undo, headers={"HX-Request": "true"})
    assert again.headers["HX-Redirect"] == SEARCHES
    client.post(undo)
    assert list(SavedSearch.objects.values_list("name", "query", "shared")) == [("Mine", "q=java", True)]


def test_an_auditor_reads_and_saves_nothing(client, db):
    auditor = make_user("auditor", "Auditors")
    client.force_login(auditor)
    assert client.get(SEARCHES).status_code == 200
    assert client.post(SAVE, {"name": "x", "query": "q=java"}).status_code == 403


# Watching


def test_whoever_was_there_at_the_start_is_no_news(watched):
    assert watched.matches.count() == 1
    assert watching.check_all() == 0
    assert not Notification.objects.exists()


def test_the_owner_is_told_once_of_new_matches(watched, page, recruiter):
    for name in ("Bia", "Caio"):
        make_candidate(name=name)
    make_candidate(name="Davi", headline="", cv_text="cobol")
    index()
    tasks.check_searches()
    assert watching.check_all() == 0
    (notice,) = Notification.objects.filter(user=recruiter)
    assert notice.params == {"count": 2, "search": "Java"}
    assert "Bia" not in str(notice.params)
    html = text_of(page.get(notice.url, follow=True))
    assert html.count('<span class="badge badge-info">new</span>') == 2
    assert not watched.matches.filter(seen_at=None).exists()
    assert [notice.text for notice in notices.notices(recruiter)] == ["2 new candidates match “Java”"]


def test_news_that_nobody_has_looked_at_are_told_together(watched):
    for name in ("Bia", "Caio"):
        make_candidate(name=name)
        index()
        watching.check_all()
    assert [notice.params["count"] for notice in Notification.objects.all()] == [2]


def test_a_search_looks_as_its_owner_sees(db):
    manager = make_user("manager", "Hiring managers")
    job = make_job()
    job.team.create(user=manager, part="hiring_manager")
    search = SavedSearch.objects.create(owner=manager, name="Java", query="q=java", watched=True)
    watching.start(search)
    make_candidate(name="stranger")
    own = make_prospect(job=job).candidate
    index()
    assert watching.check(search).new == 1
    assert WatchedMatch.objects.get().candidate == own


def test_who_is_hidden_is_not_told_of_by_name(recruiter):
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    search = SavedSearch.objects.create(owner=recruiter, name="Her", query="q=siqueira", watched=True)
    watching.start(search)
    make_candidate(name="Ana Siqueira", cv_text="Ana Siqueira, java")
    index()
    assert watching.check(search).new == 0


def test_one_search_that_fails_stops_no_other(watched, monkeypatch, recruiter, caplog):
    SavedSearch.objects.create(owner=recruiter, name="Broken", query="q=broken", watched=True)
    found = watching._found
    monkeypatch.setattr(
        watching, "_found", lambda search: 1 / 0 if search.name == "Broken" else found(search)
    )
    make_candidate()
    index()
    assert watching.check_all() == 1
    assert "ZeroDivisionError" in caplog.text
    assert "broken" not in caplog.text


def test_a_search_is_watched_by_ticking_a_box_and_looked_up_on_demand(page, recruiter):
    search = SavedSearch.objects.create(owner=recruiter, name="Java", query="q=java")
    html = text_of(page.post(address("search_edit", search), {"name": "Java", "watched": "on"}, follow=True))
    assert "You will be told of new matches" in html
    make_candidate()
    index()
    assert "1 new match." in text_of(page.post(address("search_check", search), follow=True))
    assert "No new matches." in text_of(page.post(address("search_check", search), follow=True))


def test_a_search_that_finds_too_many_says_so(page, recruiter, monkeypatch):
    monkeypatch.setattr(watching, "AT_MOST", 1)
    for _ in range(2):
        make_candidate()
    index()
    search = SavedSearch.objects.create(owner=recruiter, name="Java", query="q=java")
    html = text_of(page.post(address("search_edit", search), {"name": "Java", "watched": "on"}, follow=True))
    assert "only among the latest" in html
    assert search.matches.count() == 1


def test_commands_and_tasks_do_what_they_say(watched, capsys):
    make_candidate()
    Candidate.everyone.update(search_vector=None)
    tasks.refresh_search()
    assert not Candidate.everyone.filter(search_vector=None).exists()
    call_command("check_searches")
    call_command("build_search", "--all")
    assert capsys.readouterr().out == "1 new matches.\n2 people indexed.\n"
