import pytest
from django.conf import settings as project
from django.test import Client


def test_pages_without_an_icon_get_the_products(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response.url.endswith("img/favicon.svg")


def test_the_admin_carries_the_products_name(admin_page):
    assert "Peneira" in admin_page.get("/admin/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/candidates/?q=%00", "/candidates/duplicates/?sign=%00", "/?a%00=1"])
def test_a_text_that_cannot_be_stored_finds_nothing(page, address):
    assert page.get(address).status_code == 404


@pytest.mark.django_db
def test_a_form_with_such_a_text_changes_nothing(page):
    answer = page.post("/candidates/searches/save/", {"name": "a\x00", "query": "q=java"})
    assert answer.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["²", "home", "https://example.org/", "//example.org/"])
def test_going_on_leads_to_addresses_of_this_site_only(page, wanted):
    answer = page.post("/candidates/add-to-job/", {"next": wanted})
    assert answer.url == "/candidates/"


@pytest.mark.django_db
def test_a_form_of_a_page_that_is_too_old_is_answered_by_a_page_of_ours():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "too old to send" in answer.text
    assert "peneira.css" in answer.text


@pytest.mark.django_db
def test_the_chosen_language_is_remembered_for_a_year(client):
    answer = client.post("/language/setlang/", {"language": "pt-br", "next": "/sign-in/"})
    assert answer.url == "/sign-in/"
    assert "Entrar" in client.get("/sign-in/").text
    assert answer.cookies[project.LANGUAGE_COOKIE_NAME]["max-age"] == 365 * 24 * 60 * 60
