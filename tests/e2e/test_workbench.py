"""A recruiter's day on a job of its own: to a stage and back, blind, side by side, saved, in Portuguese."""

import random
import re
import string

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

TITLE = "Pessoa desenvolvedora da bancada"
BOX = ".pick input"
RANKED = "#ranking [data-row]:has(.score)"


@pytest.fixture(scope="module")
def job(site, browser, signed_in):
    """Its address, once the people of the pool stand in order."""
    return make_job(site, browser, signed_in, title=TITLE)


@pytest.fixture
def blind_job(site, browser, signed_in):
    """Another that is reviewed blind, switched off afterwards: its people stand in other journeys too."""
    address = make_job(site, browser, signed_in, title="Vaga às cegas", blind=True)
    yield address
    set_blind(site, browser, signed_in, address, False)


def make_job(site, browser, signed_in, *, title, blind=False):
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    page = context.new_page()
    page.goto("/jobs/new/")
    page.fill("#id_title", title)
    page.fill("#id_competences", "java, spring e docker obrigatórios")
    page.get_by_role("button", name="Make the job").click()
    address = page.url.removeprefix(site.url).partition("?")[0]
    context.close()
    if blind:
        set_blind(site, browser, signed_in, address, True)
    return address


def set_blind(site, browser, signed_in, address, wanted):
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    page = context.new_page()
    page.goto(f"{address}access/")
    page.get_by_label("Review the candidates of this job blind").set_checked(wanted)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    context.close()


def ranked(page, address, query=""):
    """The job's list; a ranking that is being made appears by itself."""
    page.goto(f"/scoring{address}{query}")
    page.wait_for_selector(RANKED, timeout=90_000)
    page.wait_for_selector("#ranking-progress", state="detached", timeout=90_000)
    return page.locator(RANKED)


def people_in(page):
    return int(page.locator(".ranking-tabs .count").first.inner_text())


def test_from_signing_in_to_a_stage_and_back(site, job, open_page):
    page = open_page("/", signed=False)
    sign_in(page, site)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs").click()
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_selector(RANKED, timeout=90_000)
    everybody = people_in(page)

    page.fill("#id_skill", "kubernetes")
    expect(page.locator("#status")).to_contain_text("the filters")
    assert 0 < people_in(page) < everybody

    first = page.locator(RANKED).first
    name = first.locator("[data-row-link]").inner_text()
    assert first.locator(".reasons li").count() >= 1
    first.locator("[data-row-link]").click()
    expect(page.locator("h1")).to_contain_text(name)
    page.get_by_role("link", name=re.compile("in the list of")).click()
    assert "skill=kubernetes" in page.url

    row = page.locator(RANKED).first
    row.get_by_role("link", name="how it adds up").click()
    expect(page.get_by_role("heading", name="How the score adds up")).to_be_visible()
    page.go_back()

    page.locator(RANKED).first.locator(BOX).check()
    page.select_option("#bulk-to", "technical_interview")
    page.locator("#bulk").get_by_role("button", name="Move", exact=True).click()
    page.locator("#toasts >> text=1 person moved to: technical interview.").wait_for()
    mine = page.locator("[data-row]", has=page.get_by_role("link", name=name, exact=True))
    expect(mine).to_contain_text("Technical interview")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=taken back").wait_for()
    expect(mine).not_to_contain_text("Technical interview")


def test_the_keyboard_selects_three_and_moves_them_on(job, open_page):
    page = open_page("/jobs/")
    ranked(page, job)
    page.keyboard.press("j")
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".bulk-count")).to_have_text("3 selected")
    page.keyboard.press("e")
    page.locator("#toasts >> text=3 people moved to").wait_for()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=taken back").wait_for()


def test_an_uploaded_cv_becomes_a_ranked_prospect(job, open_page):
    page = open_page(f"/candidates/upload/?job={job.strip('/').split('/')[-1]}")
    name = "Jurema " + "".join(random.choices(string.ascii_lowercase, k=12)).capitalize()
    text = f"{name}\nDesenvolvedora Java\nRecife - PE\nSei Java, Spring Boot, Docker e SQL."
    cv = {"name": "bancada.txt", "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(cv)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Confirm 1 file").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{job}")
    mine = page.locator("section[aria-labelledby=group-applied] [data-row]", has_text=name)
    mine.wait_for(timeout=90_000)  # nobody asked for the new order: it comes by itself
    expect(mine.locator(".score b")).to_contain_text("%")
    expect(mine).to_contain_text("3 of 3 required")


def test_blind_review_hides_who_it_is_until_a_reason_is_given(blind_job, open_page):
    page = open_page("/jobs/")
    ranked(page, blind_job)
    hidden = page.locator(RANKED).get_by_role("link", name=re.compile(r"^Candidate [\w-]+$"))
    shown = hidden.first.inner_text()
    assert hidden.count() >= 2
    hidden.first.click()
    expect(page.locator("h1")).to_contain_text(shown)
    expect(page.locator("main")).to_contain_text("Hidden by blind review.")
    assert page.locator("main a[href^='mailto:']").count() == 0

    page.get_by_role("link", name="Reveal who this is").click()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Why do you need to know?").fill("ok")
    page.get_by_role("button", name="Reveal").click()
    assert page.get_by_label("Why do you need to know?").is_visible()  # too short to be a reason
    page.get_by_label("Why do you need to know?").fill("invited to an interview")
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator("#toasts")).to_contain_text("You now see who this is.")
    name = page.locator("h1").inner_text()
    assert shown not in name

    page.goto("/candidates/access-log/")
    expect(page.locator("main tbody tr").first).to_contain_text("invited to an interview")
    ranked(page, blind_job)
    assert page.get_by_role("link", name=name.split("\n")[0], exact=True).count() == 1
    assert hidden.count() >= 1


def test_two_stand_side_by_side_with_their_differences(job, open_page):
    page = open_page("/jobs/")
    rows = ranked(page, job)
    names = [rows.nth(n).locator("[data-row-link]").inner_text() for n in range(2)]
    for n in range(2):
        rows.nth(n).locator(BOX).check()
    page.locator("#bulk").get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/**")
    assert page.locator("thead th").all_inner_texts() == names
    every, differing = page.locator("tbody tr").count(), page.locator("tr.differs").count()
    assert 0 < differing < every
    page.get_by_role("button", name="Only what differs").click()
    page.wait_for_url("**only=differences**")
    assert page.locator("tbody tr:not(.differs):not(.lineup-block)").count() == 0


def test_a_search_is_saved_watched_and_found_again(open_page):
    page = open_page("/candidates/?q=java+-php")
    found = page.locator("main tbody tr").count()
    page.get_by_text("Save this search").click()
    form = page.locator(".save-search-form")
    form.get_by_label("Name").fill("Java sem PHP")
    form.locator("[name=watched]").check()
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Java sem PHP")
    page.goto("/")
    page.get_by_role("link", name="Java sem PHP").click()
    assert page.locator("[name=q]").first.input_value() == "java -php"
    assert page.locator("main tbody tr").count() == found
    page.goto("/candidates/searches/")
    mine = page.locator("main tbody tr", has_text="Java sem PHP")
    mine.locator("summary").click()
    mine.get_by_role("button", name="Delete").click()
    expect(page.locator("#toasts").get_by_role("button", name="Undo")).to_be_visible()


def test_the_list_is_exported_without_names(job, open_page):
    page = open_page("/jobs/")
    name = ranked(page, job).first.locator("[data-row-link]").inner_text()
    page.locator("summary", has_text="Export").click()
    page.get_by_label("Without names").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert name not in text
    assert len(text.splitlines()) >= 40


def test_in_portuguese_the_list_is_filtered_and_people_moved(job, open_page):
    page = open_page("/jobs/")
    page.click("button:has-text('PT')")
    page.wait_for_selector("h1:has-text('Vagas')")
    rows = ranked(page, job)
    assert page.locator("html").get_attribute("lang") == "pt-br"
    page.locator("#id_skill").fill("docker")
    expect(page.locator("#status")).to_contain_text("filtros")
    page.locator("#id_skill").blur()  # asks once more
    page.wait_for_timeout(1000)
    rows.first.locator(BOX).check()
    page.select_option("#bulk-to", "screening")
    page.locator("#bulk [data-move]").click()
    undo = page.locator("#toasts").get_by_role("button", name="Desfazer")
    undo.wait_for()
    assert "moved" not in page.locator("#toasts").inner_text()
    undo.click()
    undo.wait_for(state="detached")


def test_on_a_phone_a_person_is_opened_and_moved(job, open_page):
    page = open_page("/jobs/", width=390, has_touch=True, is_mobile=True)
    rows = ranked(page, job)
    rows.nth(1).locator(BOX).tap()
    page.select_option("#bulk-to", "screening")
    page.locator("#bulk").get_by_role("button", name="Move", exact=True).tap()
    page.locator("#toasts >> text=1 person moved to: screening.").wait_for()
    page.locator("#toasts").get_by_role("button", name="Undo").tap()
    page.locator("#toasts >> text=taken back").wait_for()
    rows.first.locator("[data-row-link]").tap()
    page.wait_for_url("**/candidates/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_a_script_people_are_filtered_moved_and_brought_back(job, open_page):
    page = open_page(f"/scoring{job}", java_script_enabled=False)
    page.fill("#id_skill", "docker")
    page.locator(".filter-form").get_by_role("button", name="Filter").click()
    assert "skill=docker" in page.url
    row = page.locator(RANKED).first
    name = row.locator("[data-row-link]").inner_text()
    row.locator(BOX).check()
    page.select_option("#bulk-to", "screening")
    page.locator("#bulk").get_by_role("button", name="Move", exact=True).click()
    assert "1 person moved to: screening." in page.locator("#toasts").inner_text()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    assert "taken back" in page.locator("#toasts").inner_text()
    page.locator("[data-row]", has=page.get_by_role("link", name=name, exact=True)).first.wait_for()
