"""Requirements kept, opinions given, reasons weighed: by hand, by keyboard and without script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def code(site, browser, signed_in):
    """A job that was ranked when the site started."""
    context = browser.new_context(storage_state=signed_in, base_url=site.url)
    page = context.new_page()
    page.goto("/jobs/?status=open")
    for found in re.findall(r'href="/jobs/(\d+)/"', page.content()):
        page.goto(f"/scoring/jobs/{found}/weights/")
        if page.locator("#weigh").count():
            break
    context.close()
    return found


def test_words_are_asked_for_a_criterion_is_refused_and_a_change_undone(open_page, code):
    page = open_page(f"/jobs/{code}/requirements/")
    what, add = page.locator("[name=what]"), page.locator("form:has([name=what]) .button-primary")
    before = page.locator(".asked-list > li").count()

    what.fill("boa aparência")
    add.click()
    expect(page.locator("#what-errors")).to_contain_text("cannot be asked for")
    expect(what).to_be_focused()
    expect(what).to_have_value("boa aparência")

    what.fill("CNH B")
    what.press("Enter")
    expect(page.locator("#last-change")).to_contain_text("“CNH B” is required now.")
    expect(page.locator("#status")).to_contain_text("“CNH B” is required now.")
    assert page.locator(".asked-list > li").count() == before + 1

    page.locator("#last-change").get_by_role("button", name="Undo").click()
    expect(page.locator("#last-change")).to_contain_text("Undone: “CNH B” made required")
    assert page.locator(".asked-list > li").count() == before


def test_the_keyboard_goes_on_where_the_list_changed(open_page, code):
    page = open_page(f"/jobs/{code}/requirements/")
    remove = page.locator("button[value=remove]").first
    remove.focus()
    page.keyboard.press("Enter")
    undo = page.locator("#last-change").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#last-change")).to_contain_text("Undone:")


def test_an_earlier_change_is_taken_back_from_the_history_after_a_reload(open_page, code):
    page = open_page(f"/jobs/{code}/requirements/")
    for words in ("NR-10", "NR-35"):
        page.locator("[name=what]").fill(words)
        page.locator("[name=what]").press("Enter")
        expect(page.locator("#last-change")).to_contain_text(f"“{words}” is required now.")
    page.reload()
    row = page.locator(".change-list > li").filter(has_text="“NR-10” made required").first
    expect(row).to_contain_text("·")
    row.get_by_role("button", name="Undo").click()
    expect(page.locator("#last-change")).to_contain_text("Undone: “NR-10” made required")
    expect(page.locator(".asked-list").first).to_contain_text("NR-35")
    expect(page.locator(".asked-list").first).not_to_contain_text("NR-10")
    rows = page.locator(".change-list > li").filter(has_text="“NR-35” made required")
    rows.get_by_role("button", name="Undo").first.click()
    expect(page.locator("#last-change")).to_contain_text("Undone: “NR-35” made required")


def test_skills_are_suggested_while_one_types(open_page, code):
    page = open_page(f"/jobs/{code}/requirements/")
    page.locator("[name=what]").press_sequentially("jav", delay=30)
    page.locator("#known-skills option[value=JavaScript]").wait_for(state="attached")


def test_a_slider_shows_who_moves_before_anything_is_saved(open_page, code):
    page = open_page(f"/scoring/jobs/{code}/weights/")
    slider = page.locator("#weigh input[type=range]").first
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".weight output").first).to_have_text("0")
    expect(page.locator("#status")).to_contain_text("would move")
    assert page.locator("#preview tbody tr").count()
    page.reload()
    assert not page.locator("#preview tbody tr").count()


def test_an_opinion_reorders_the_list_at_once_and_is_taken_back(open_page, code):
    page = open_page(f"/scoring/jobs/{code}/")
    forms = page.locator("form[data-opinion]")
    name = page.locator("tr[data-row]:has(form[data-opinion]) [data-row-link]").nth(4).inner_text()
    forms.nth(4).locator("[data-verdict=fit]").click()
    mine = page.locator("tr[data-row]", has=page.get_by_role("link", name=name, exact=True))
    expect(mine.locator("[data-verdict=fit]")).to_have_attribute("aria-pressed", "true")
    expect(mine).to_contain_text("marked as fit")
    mine.locator("[data-verdict=fit]").click()
    expect(mine).not_to_contain_text("marked as fit")


def test_all_of_it_works_without_script(open_page, code):
    page = open_page(f"/jobs/{code}/requirements/", java_script_enabled=False)
    page.fill("[name=what]", "CNH B")
    page.locator("form:has([name=what]) .button-primary").click()
    expect(page.locator("#toasts")).to_contain_text("“CNH B” is required now.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone: “CNH B” made required")
    page.locator(".change-list > li").first.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Done again: “CNH B” made required")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone: “CNH B” made required")

    page.goto(f"/scoring/jobs/{code}/weights/")
    page.get_by_role("button", name="Preview").click()
    assert "w_" in page.url


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(open_page, code, scheme, width):
    page = open_page(f"/scoring/jobs/{code}/", width=width, scheme=scheme)
    like = page.locator("a.more-like").first.get_attribute("href")
    for path in (f"/jobs/{code}/requirements/", f"/scoring/jobs/{code}/weights/?w_required_skills=0", like):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
