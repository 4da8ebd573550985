"""On a first visit style sheets come within the page; once the browser keeps them they are linked."""

import re
import shutil
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings as project
from django.contrib.staticfiles.storage import staticfiles_storage

from candidates.templatetags.styles import COOKIE, _text

SHEET = re.compile(r'<style nonce="(.+?)" data-sheet="(.+?)" data-release="(.+?)">(.*?)</style>', re.DOTALL)
ASKS_FOR_FONT = '<link rel="preload" href="/static/vendor/fonts/'
LINKED = '<link rel="stylesheet" href="/static/css/peneira.'


@pytest.fixture
def collected(settings, tmp_path):
    """The static files of this project with a hash in their names, as a release serves them."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    for folder in (Path(project.BASE_DIR), Path(django_htmx.__file__).parent):
        shutil.copytree(folder / "static", settings.STATIC_ROOT, dirs_exist_ok=True)
    paths = [path for path in settings.STATIC_ROOT.rglob("*") if path.is_file()]
    names = [str(path.relative_to(settings.STATIC_ROOT)) for path in paths]
    done = staticfiles_storage.post_process({name: (staticfiles_storage, name) for name in names})
    assert not [problem for *_, problem in done if isinstance(problem, Exception)]
    return staticfiles_storage


def sheets(answer):
    return SHEET.findall(answer.text)


@pytest.mark.django_db
def test_a_first_visit_gets_the_sheets_within_the_page(client, collected):
    answer = client.get("/sign-in/")
    assert LINKED not in answer.text
    assert ASKS_FOR_FONT not in answer.text
    nonce, url, release, text = sheets(answer)[0]
    assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
    assert url == collected.url("css/peneira.css")
    assert release == collected.manifest_hash
    assert "--paper:" in text
    assert "/*" not in text
    for address in re.findall(r'url\("([^"]+)"\)', text):
        assert address.startswith("/static/vendor/fonts/")
        assert (Path(collected.location) / address.removeprefix("/static/")).is_file()


@pytest.mark.django_db
def test_each_answer_has_a_nonce_of_its_own(client, collected):
    assert sheets(client.get("/sign-in/"))[0][0] != sheets(client.get("/sign-in/"))[0][0]


@pytest.mark.django_db
def test_a_browser_that_keeps_the_sheets_is_given_links(client, collected):
    client.cookies[COOKIE] = collected.manifest_hash
    answer = client.get("/sign-in/")
    assert LINKED in answer.text
    assert ASKS_FOR_FONT in answer.text
    assert not sheets(answer)
    assert "nonce" not in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_sheets_of_an_older_release_are_not_what_it_needs(client, collected):
    client.cookies[COOKIE] = "0123456789ab"
    assert sheets(client.get("/sign-in/"))


@pytest.mark.django_db
def test_a_part_of_a_page_links_because_its_nonce_would_not_be_that_of_the_page(client, collected):
    answer = client.get("/sign-in/", headers={"HX-Request": "true"})
    assert LINKED in answer.text
    assert not sheets(answer)


@pytest.mark.django_db
def test_files_served_as_they_are_are_linked(client):
    assert '<link rel="stylesheet" href="/static/css/peneira.css">' in client.get("/sign-in/").text


@pytest.mark.django_db
def test_a_sheet_that_a_later_release_took_away_is_linked(client, collected):
    _text.cache_clear()
    for path in Path(collected.location).rglob("peneira.*.css"):
        path.unlink()
    answer = client.get("/sign-in/")
    assert LINKED in answer.text
    assert sheets(answer)
