"""Every page, found by following links: nothing for axe in both themes, nothing wider than a phone."""

import gzip
import html
import re
import time
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve, reverse

from tests.hiring_site.marked import patterns

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
# What axe leaves out unless asked: WCAG 2.2 wants targets of 24 pixels or room around them
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
# What is fetched without a click, once the page is there
ASKS_FOR_MORE = "[hx-trigger*=load], [hx-trigger*=revealed], .htmx-request"
# A value of each kind, to ask what a page without link answers: 405 is no page, but something that is done
ANY = {"int": 1, "uuid": "6665a99e-81e5-4633-91da-89bd7aceea48"}
NO_PAGE = 405
LOOKS = """() => [...document.querySelectorAll("body *")].map((element) => {
    const {color, backgroundColor, fontFamily, fontSize} = getComputedStyle(element);
    return [color, backgroundColor, fontFamily, fontSize, element.offsetWidth, element.offsetHeight].join();
})"""
SENT_FOR_SHEETS = """() => performance.getEntriesByType("resource")
    .filter((one) => one.name.endsWith(".css")).reduce((bytes, one) => bytes + one.transferSize, 0)"""
HEAVIEST = 40_000  # bytes of a page that is not the first, compressed
# Asked by script or by other pages only, and answered with a part of a page, a file, or a redirect
PARTS = {
    "favicon.ico",
    "notification",
    "candidates:document_download",
    "candidates:export",
    "candidates:reveal",  # of somebody hidden: with blind review in test_workbench
    "candidates:search_open",
    "jobs:requirement_suggest",
    "login",
    "scoring:export_ranking",
    "scoring:further",
    "scoring:neighbours",
    "scoring:ranking_progress",
    "scoring:selected",
}


@pytest.fixture(scope="module")
def pages(site, browser, signed_in):
    """The address of each page by the name of its view."""
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    job, person = stock(context)
    found = follow(context.request, ["/", f"{job}access/", "/candidates/searches/"])
    context.close()
    code = person.strip("/").split("/")[-1]
    return found | {
        "candidates:notes": f"{person}notes/",
        "candidates:tags": f"{person}tags/",
        "jobs:move": f"{job}move/?candidate={code}&to=rejected",
        "scoring:model_compare": "/scoring/models/compare/?a=1&b=2",
        "scoring:promote": "/scoring/models/1/promote/",
        "scoring:rank_changes": "/scoring/models/2/rank-changes/",
    }


def stock(context):
    """Something on every page: a job in blind review with people, a CV to confirm, a note, a saved search."""
    page = context.new_page()
    page.goto("/candidates/?sort=-updated&record=full")
    person = page.locator("main tbody th a[href^='/candidates/']").first.get_attribute("href").split("?")[0]
    code = person.strip("/").split("/")[-1]
    page.goto("/jobs/new/")
    page.fill("#id_title", "Todas as páginas")
    page.fill("#id_competences", "java e docker obrigatórios")
    page.get_by_role("button", name="Make the job").click()
    job = page.url.partition("?")[0].split("/", 3)[-1]
    send(context, f"/{job}move/", candidate=code, to="screening")
    send(context, f"{person}notes/", text="Pergunta pelo prazo.", kind="note")
    send(context, "/candidates/searches/save/", name="Todas as páginas", query="q=java", watched="on")
    send(context, "/candidates/api-keys/new/", name="Todas as páginas", scopes="jobs:read", lifetime="90")
    send(context, f"{new_webhook(context)}test/")
    page.goto("/candidates/upload/")
    text = f"Maria Tôdas\nJava e Docker {time.time()}"
    cv = {"name": "todas.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(cv)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Confirm 1 file").wait_for()
    page.close()
    return f"/{job}", person


def send(context, path, **form):
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
    answer = context.request.post(path, form=form | {"csrfmiddlewaretoken": token})
    assert answer.ok, (path, answer.status)


def new_webhook(context):
    """The address of its page; nobody listens where it tells of drift."""
    page = context.new_page()
    page.goto("/candidates/webhooks/new/")
    page.fill("#id_name", "Todas as páginas")
    page.fill("#id_url", "http://127.0.0.1:1025/")
    page.locator("input[value='drift.alert']").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/candidates/webhooks/[0-9a-f-]{36}/$"))
    path = urlsplit(page.url).path
    page.close()
    return path


def follow(request, queue):
    found = {}
    while queue:
        answer = request.get(queue.pop(0))
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in map(html.unescape, LINK.findall(answer.text())):
            name = name_of(link.partition("?")[0])
            if name and name not in found:
                found[name] = link
                queue.append(link)
    return {name: path for name, path in found.items() if name not in PARTS}


def name_of(path):
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None  # a file of /static/
    return None if name.startswith(("admin:", "api")) else name


def test_no_page_is_left_without_a_link(pages, site, browser, signed_in):
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    lost = []
    for name, pattern in patterns():
        if name in pages or name in PARTS or re.match(r"admin:|\^?api|health|version", name):
            continue
        kinds = {one: type(kind).__name__[:-9].lower() for one, kind in pattern.pattern.converters.items()}
        values = {one: ANY.get(kind, "nothing") for one, kind in kinds.items()}
        answer = context.request.get(reverse(name, kwargs=values), max_redirects=0)
        if answer.status != NO_PAGE and answer.status != 302:
            lost.append(f"{name} answers {answer.status}, and no page leads to it")
    context.close()
    assert not lost, "\n".join(lost)


def test_every_page_is_light(pages, site, browser, signed_in):
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    heavy = []
    for name, path in pages.items():
        answer = context.request.get(path)
        if answer.headers.get("content-encoding") != "gzip":
            heavy.append(f"{name} is sent as it is")
        if (size := len(gzip.compress(answer.body()))) > HEAVIEST:
            heavy.append(f"{name} has {size} bytes")
    context.close()
    assert not heavy, "\n".join(heavy)


def test_a_first_visit_waits_for_no_style_sheet_and_the_next_one_keeps_them(site, browser, signed_in):
    session = [cookie for cookie in signed_in["cookies"] if cookie["name"] == "sessionid"]
    context = browser.new_context(storage_state={"cookies": session, "origins": []}, base_url=site.url)
    page = context.new_page()
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.resource_type == "stylesheet" else None)
    page.goto("/")
    looks = page.evaluate(LOOKS)
    assert not asked
    while not any(cookie["name"] == "styles" for cookie in context.cookies()):
        page.wait_for_timeout(50)
    page.goto("/")
    assert any("css/peneira." in url for url in asked)
    assert page.evaluate(SENT_FOR_SHEETS) == 0  # bytes: all were kept
    assert page.evaluate(LOOKS) == looks
    context.close()


@pytest.mark.parametrize("language", ["en", "pt-br"])
def test_every_page_is_clean_in_both_themes_and_fits_a_phone(pages, open_page, language):
    page = open_page("/", reduced_motion="reduce", extra_http_headers={"Accept-Language": language})
    page.context.add_cookies([{"name": "language", "value": language, "url": page.url}])
    complaints = []
    for name, path in pages.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(path)
        if page.locator(ASKS_FOR_MORE).count():
            page.wait_for_load_state("networkidle")  # half a second at least
        if language == "en":
            complaints += said(name, "light", Axe().run(page, options=RULES))
            page.emulate_media(color_scheme="dark")
            complaints += said(name, "dark", Axe().run(page, options=COLOURS))
        complaints += [f"{name}: {words}" for words in faults_of(page, language)]
    assert not complaints, "\n".join(complaints)


def faults_of(page, language):
    """What every page owes besides: its language, a title, one heading, a phone's width."""
    if page.locator("html").get_attribute("lang") != language:
        yield f"is not in {language}"
    if not page.title().removesuffix(" · Peneira").strip():
        yield "has no title"
    if page.locator("h1").count() != 1:
        yield f"has {page.locator('h1').count()} h1"
    page.set_viewport_size({"width": 390, "height": 844})
    if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
        yield f"is {width} wide on a phone: {page.evaluate(WIDEST)}"


WIDEST = """() => [...document.querySelectorAll('main *')]
    .filter((one) => one.getBoundingClientRect().right > 391 && !one.closest('.table-wrap'))
    .map((one) => one.outerHTML.slice(0, 90)).slice(0, 3)"""


@pytest.mark.parametrize(
    "name", ["home", "jobs:job_list", "scoring:job_ranking", "candidates:candidate_detail"]
)
def test_on_a_phone_axe_finds_nothing_either(pages, open_page, name):
    page = open_page(pages[name], width=390, reduced_motion="reduce")
    # Rows out of sight are not laid out, and a target without a size is too small
    page.set_viewport_size({"width": 390, "height": 15_000})
    page.wait_for_load_state("networkidle")
    assert not said(name, "phone", Axe().run(page, options=RULES))


def test_the_sign_in_page_is_clean(open_page):
    for scheme in ("light", "dark"):
        page = open_page("/sign-in/", signed=False, scheme=scheme)
        assert not said("sign-in", scheme, Axe().run(page, options=RULES))


def said(where, how, results):
    return [
        f"{where} ({how}): {found['id']} ({found['impact']}): {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"][:3]
    ]
