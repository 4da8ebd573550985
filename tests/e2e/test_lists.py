"""Lists keep what a recruiter did: Undo while a list is drawn anew, filters when the browser goes back."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.test_workbench import BOX, RANKED, make_job, ranked

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def job(site, browser, signed_in):
    return make_job(site, browser, signed_in, title="Vaga das listas")


def hold(page, pattern):
    """Requests to such addresses wait until the answer's ``go`` is called."""
    held = []
    page.route(pattern, lambda route: held.append(route))
    return held


def wait_for(page, held):
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing was asked")


def go(page, step):
    """A page that is left before it is ready does not hear of its next step back."""
    page.wait_for_load_state("networkidle")
    step()


def test_undo_is_offered_when_the_list_was_drawn_anew_while_somebody_was_moved(job, open_page):
    page = open_page("/jobs/")
    rows = ranked(page, job)
    held = hold(page, "**/move/")
    rows.first.locator(BOX).check()
    page.select_option("#bulk-to", "screening")
    page.locator("#bulk [data-move]").click()
    wait_for(page, held)
    page.evaluate("document.getElementById('bulk').dataset.before = ''")
    page.select_option("[name=sort]", "name")
    expect(page.locator("#bulk[data-before]")).to_have_count(0)
    held[0].continue_()
    page.locator("#toasts >> text=1 person moved to: screening.").wait_for()
    expect(page.locator("[data-row] .stage-screening").first).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()


def test_clicking_twice_moves_once_and_keeps_undo(job, open_page):
    page = open_page("/jobs/")
    rows = ranked(page, job)
    held = hold(page, "**/move/")
    rows.first.locator(BOX).check()
    page.select_option("#bulk-to", "screening")
    for _ in range(2):
        page.evaluate("document.querySelector('#bulk [data-move]').click()")
    wait_for(page, held)
    page.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()


def test_a_move_that_does_not_arrive_is_said_and_the_list_stays(job, open_page):
    page = open_page("/jobs/")
    rows = ranked(page, job)
    page.route("**/move/", lambda route: route.fulfill(status=200, body="a proxy's page"))
    rows.first.locator(BOX).check()
    page.select_option("#bulk-to", "screening")
    page.locator("#bulk [data-move]").click()
    expect(page.locator("#toasts .alert-bad")).to_contain_text("could not be saved")
    expect(page.locator(".bulk-count")).to_have_text("1 selected")


@pytest.mark.parametrize("prefix", ["", "/scoring"])
def test_back_brings_the_list_back_as_it_was_filtered(job, open_page, prefix):
    page = open_page("/jobs/")
    page.goto(f"{prefix}{job}")
    page.wait_for_selector(RANKED, timeout=90_000)
    page.wait_for_selector("#ranking-progress", state="detached", timeout=90_000)
    everybody = page.locator(".ranking-tabs .count").first
    total = everybody.inner_text()
    page.fill("#id_skill", "docker")
    page.wait_for_url("**skill=docker**")
    some = everybody.inner_text()
    assert some != total
    page.select_option("[name=sort]", "name")
    page.wait_for_url("**sort=name**")

    page.locator(RANKED).first.locator("[data-row-link]").click()
    page.wait_for_url("**/candidates/**")
    go(page, page.go_back)
    page.wait_for_url(f"**{prefix}{job}?**skill=docker**sort=name**")
    expect(page.locator("#id_skill")).to_have_value("docker")
    expect(everybody).to_have_text(some)

    go(page, page.go_back)
    page.wait_for_url(re.compile(r"skill=docker(?!.*sort=name)"))
    expect(page.locator("[name=sort]").first).to_have_value("")
    expect(everybody).to_have_text(some)
    expect(page.get_by_role("button", name="Dark theme")).to_be_visible()
    go(page, page.go_back)
    page.wait_for_url(re.compile(f"{prefix}{job}$"))
    expect(page.locator("#id_skill")).to_have_value("")
    expect(everybody).to_have_text(total)
    go(page, page.go_forward)
    expect(page.locator("#id_skill")).to_have_value("docker")
    expect(everybody).to_have_text(some)


def test_a_wrong_filter_names_its_sentence_until_it_is_right(job, open_page):
    page = open_page(f"/scoring{job}")
    page.wait_for_selector(RANKED, timeout=90_000)
    skill = page.locator("#id_skill")
    skill.fill("klingon")
    expect(page.locator("#skill-error")).to_contain_text("klingon")
    expect(skill).to_have_attribute("aria-invalid", "true")
    expect(skill).to_have_attribute("aria-describedby", "skill-error")
    skill.fill("docker")
    expect(page.locator("#skill-error")).to_have_count(0)
    expect(skill).not_to_have_attribute("aria-invalid", "true")


def test_escape_leads_from_the_choice_of_a_stage_back_to_the_row(job, open_page):
    page = open_page("/jobs/")
    links = [row.locator("[data-row-link]") for row in ranked(page, job).all()[1:3]]
    links[0].focus()
    page.keyboard.press("s")
    expect(page.locator("#bulk [data-to]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(links[0]).to_be_focused()
    page.keyboard.press("j")
    expect(links[1]).to_be_focused()


def test_clearing_the_filters_is_a_step_one_can_go_back_from(job, open_page):
    page = open_page("/jobs/")
    page.goto(f"{job}?skill=docker")
    page.wait_for_selector(RANKED, timeout=90_000)
    some = page.locator(".ranking-tabs .count").first.inner_text()
    page.get_by_role("link", name="Clear").click()
    page.wait_for_url(re.compile(f"{job}$"))
    expect(page.locator(".ranking-tabs .count").first).not_to_have_text(some)
    go(page, page.go_back)
    expect(page.locator("#id_skill")).to_have_value("docker")
    expect(page.locator(".ranking-tabs .count").first).to_have_text(some)


def test_what_is_fetched_on_unfolding_comes_and_axe_finds_nothing_in_it(job, open_page):
    page = open_page("/jobs/")
    rows = ranked(page, job)
    rows.locator(".cell-others details").first.locator("summary").click()
    expect(rows.locator(".other-jobs a[href*='/jobs/'] + .muted").first).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.goto("/scoring/models/")
    page.locator("[data-row-link]").first.click()
    for says in ("All fields of the source", "All features it may learn from", "Single features"):
        found = page.locator("details", has=page.locator(f"summary:text-is('{says}')"))
        found.locator("summary").click()
        expect(found.locator("tbody tr").nth(5)).to_be_visible()
    assert Axe().run(page).violations_count == 0
