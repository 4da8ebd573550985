import pytest


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
