"""The board by mouse, touch, keyboard and without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def board_path(site, browser, signed_in):
    """A job of its own with people in it: three of its ranking's pool, moved by the page without script."""
    context = browser.new_context(storage_state=signed_in, base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/jobs/new/")
    page.fill("#id_title", "Quadro de teste")
    page.fill("#id_competences", "java obrigatório")
    page.get_by_role("button", name="Make the job").click()
    path = page.url.removeprefix(site.url).split("?")[0]
    page.goto("/candidates/")
    people = page.locator("main tbody th a[href^='/candidates/']")
    codes = [people.nth(n).get_attribute("href").strip("/").split("/")[-1] for n in range(4)]
    query = "&".join(f"candidate={code}" for code in codes)
    page.goto(f"{path}move/?to=sourced&{query}")
    page.get_by_role("button", name="Move", exact=True).click()
    context.close()
    return f"{path}board/"


def column(page, stage):
    return page.locator(f"[data-stage={stage}]")


def count(page, stage):
    return int(column(page, stage).locator("[data-count]").inner_text())


def test_the_mouse_drags_a_card_and_undo_brings_it_back(board_path, open_page):
    page = open_page(board_path)
    card = column(page, "sourced").locator("[data-card]").first
    name = card.get_attribute("data-name")
    before = count(page, "screening")
    card.locator(".who").hover()
    page.mouse.down()
    target = column(page, "screening").bounding_box()
    page.mouse.move(target["x"] + 30, target["y"] + 60, steps=8)
    assert page.locator(".ghost").count() == 1
    page.mouse.up()
    assert page.locator(".ghost").count() == 0
    page.locator("#toasts >> text=1 person moved to: screening.").wait_for()
    assert column(page, "screening").locator("[data-card]", has_text=name).count() == 1
    assert count(page, "screening") == before + 1
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()
    expect(column(page, "screening").locator("[data-count]")).to_have_text(str(before))
    assert column(page, "sourced").locator("[data-card]", has_text=name).count() == 1


def test_a_click_on_a_name_is_no_drag(board_path, open_page):
    page = open_page(board_path)
    page.locator("[data-card] .title").first.click()
    page.wait_for_url("**/candidates/**")


def test_the_keyboard_carries_a_card_and_says_where_it_is(board_path, open_page):
    page = open_page(board_path)
    handle = column(page, "sourced").locator("[data-grab]").first
    name = column(page, "sourced").locator("[data-card]").first.get_attribute("data-name")
    live = page.locator("[data-live]")
    handle.focus()
    page.keyboard.press("Space")
    assert "grabbed at Sourced" in live.inner_text()
    page.keyboard.press("ArrowRight")
    assert live.inner_text() == "Applied, column 2 of 10."
    page.keyboard.press("Escape")
    assert live.inner_text() == f"{name} stays at Sourced."
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.locator("#toasts >> text=1 person moved to: screening.").wait_for()
    expect(live).to_contain_text("dropped at Screening")
    card = column(page, "screening").locator("[data-card]", has_text=name)
    expect(card.locator("[data-grab]")).to_be_focused()


def some_cards(page, many=2):
    """Cards of one column, wherever most stand by now, and that column's stage."""
    stage = page.evaluate(
        """() => {
            const many = (column) => column.querySelectorAll('[data-card]').length;
            const all = [...document.querySelectorAll('[data-stage]')];
            return all.sort((a, b) => many(b) - many(a))[0].dataset.stage;
        }"""
    )
    cards = column(page, stage).locator("[data-card]")
    assert cards.count() >= many
    return stage, cards, [cards.nth(n).get_attribute("data-name") for n in range(many)]


def other_than(stage):
    return "client_interview" if stage != "client_interview" else "technical_interview"


def test_selected_cards_are_dragged_together_with_one_undo(board_path, open_page):
    page = open_page(board_path)
    stage, cards, names = some_cards(page)
    to = other_than(stage)
    before = count(page, to)
    cards.nth(0).locator("[data-grab]").focus()
    page.keyboard.press("x")
    cards.nth(1).locator("input").click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_contain_text("2 selected")
    cards.nth(1).locator(".who").hover()
    page.mouse.down()
    target = column(page, to).bounding_box()
    page.mouse.move(target["x"] + 30, target["y"] + 60, steps=8)
    assert page.locator(".ghost").get_attribute("data-count") == "2"
    page.mouse.up()
    page.locator("#toasts >> text=2 people moved to").wait_for()
    for name in names:
        assert column(page, to).locator("[data-card]", has_text=name).count() == 1
    assert count(page, to) == before + 2
    expect(page.locator("[data-picked]")).to_be_hidden()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=2 moves taken back.").wait_for()
    expect(column(page, to).locator("[data-count]")).to_have_text(str(before))
    for name in names:
        expect(column(page, stage).locator("[data-card]", has_text=name)).to_have_count(1)


def test_selected_cards_are_carried_by_keyboard_and_put_back_by_escape(board_path, open_page):
    page = open_page(board_path)
    stage, cards, names = some_cards(page)
    order = cards.evaluate_all("cards => cards.map((card) => card.id)")
    for n in (0, 1):
        cards.nth(n).locator("[data-grab]").focus()
        page.keyboard.press("x")
    page.keyboard.press("Space")
    expect(page.locator("[data-live]")).to_contain_text("2 people grabbed")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator("[data-live]")).to_have_text("2 people stay where they were.")
    assert cards.evaluate_all("cards => cards.map((card) => card.id)") == order
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.locator("#toasts >> text=2 people moved to").wait_for()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=2 moves taken back.").wait_for()
    for name in names:
        expect(column(page, stage).locator("[data-card]", has_text=name)).to_have_count(1)


def test_the_menu_moves_several_but_whom_somebody_else_moved_meanwhile(board_path, open_page):
    page, other = open_page(board_path), open_page(board_path)
    stage, cards, _names = some_cards(page)
    to, elsewhere = other_than(stage), "submitted" if stage != "submitted" else "applied"
    code = cards.nth(0).get_attribute("data-candidate")
    other.locator(f"[data-candidate='{code}'] input").check()
    other.select_option("#move-to", elsewhere)
    other.locator(".move-bar").get_by_role("button", name="Move").click()
    other.locator("#toasts >> text=1 person moved to").wait_for()
    for n in (0, 1):
        cards.nth(n).locator("input").check()
    page.select_option("#move-to", to)
    page.locator(".move-bar").get_by_role("button", name="Move").click()
    toast = page.locator("#toasts")
    expect(toast).to_contain_text("1 person moved to")
    expect(toast).to_contain_text("Somebody else moved this person")
    expect(page.locator(f"[data-stage={elsewhere}] [data-candidate='{code}']")).to_have_count(1)
    toast.get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()
    other.locator("#toasts").get_by_role("button", name="Undo").click()
    other.locator("#toasts >> text=1 move taken back.").wait_for()


def test_cards_say_how_many_requirements_are_met_also_when_they_come_anew(board_path, open_page):
    page = open_page(board_path.removesuffix("board/"))
    page.wait_for_selector("#ranking [data-row]", timeout=90_000)
    page.wait_for_selector("#ranking-progress", state="detached", timeout=90_000)
    page.goto(board_path)
    card = page.locator("[data-card]", has_text="of 1 required").first
    card.wait_for()
    code = card.get_attribute("data-candidate")
    said = card.locator(".met").inner_text()
    card.locator("input").check()
    page.select_option("#move-to", "offer")
    page.locator(".move-bar").get_by_role("button", name="Move").click()
    page.locator("#toasts >> text=1 person moved to: offer.").wait_for()
    expect(page.locator(f"[data-stage=offer] [data-candidate='{code}'] .met")).to_have_text(said)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()
    expect(page.locator(f"[data-candidate='{code}'] .met")).to_have_text(said)


def test_a_rejection_asks_why_and_can_be_thought_better_of(board_path, open_page):
    page = open_page(board_path)
    before = count(page, "rejected")
    page.locator("[data-card] input[type=checkbox]").first.check()
    page.select_option("#move-to", "rejected")
    page.get_by_role("button", name="Move", exact=True).first.click()
    dialog = page.locator("#reason-dialog")
    assert dialog.is_visible()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert count(page, "rejected") == before
    page.locator(".move-bar").get_by_role("button", name="Move").click()
    dialog.locator("select:visible").select_option("salary")
    dialog.locator("textarea").fill("pediu mais")
    dialog.get_by_role("button", name="Move").click()
    page.locator("#toasts >> text=1 person moved to: rejected.").wait_for()
    assert count(page, "rejected") == before + 1
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts >> text=1 move taken back.").wait_for()


def test_who_was_moved_in_another_window_goes_where_they_are(board_path, open_page):
    page, other = open_page(board_path), open_page(board_path)
    first = page.locator("[data-card]").first
    code, stage = first.get_attribute("data-candidate"), "offer"
    card = f"[data-candidate='{code}']"
    other.locator(f"{card} input[type=checkbox]").check()
    other.select_option("#move-to", stage)
    other.locator(".move-bar").get_by_role("button", name="Move").click()
    other.locator("#toasts >> text=1 person moved to: offer.").wait_for()
    page.locator(f"{card} [data-grab]").focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    page.locator("#toasts >> text=Somebody else moved this person").wait_for()
    assert page.locator(f"[data-stage={stage}] {card}").count() == 1


def test_a_card_goes_back_when_the_answer_is_no_answer(board_path, open_page):
    page = open_page(board_path)
    page.route("**/move/", lambda route: route.fulfill(status=200, body="a proxy's page"))
    card = page.locator("[data-card]").first
    stage = page.evaluate("document.querySelector('[data-card]').closest('[data-stage]').dataset.stage")
    ident = card.get_attribute("id")
    card.locator("[data-grab]").focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    page.locator("#toasts .alert-bad").wait_for()
    assert page.locator(f"[data-stage={stage}] #{ident}").count() == 1


def test_a_finger_holds_and_drags(board_path, open_page):
    page = open_page(board_path, width=390, has_touch=True, is_mobile=True)
    finger = page.context.new_cdp_session(page)
    card = page.locator("[data-card]").first
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    here = page.evaluate("document.querySelector('[data-card]').closest('[data-stage]').dataset.stage")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind, *points):
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]},
        )

    touch("touchStart", (x, y))
    page.wait_for_timeout(500)
    assert page.locator(".ghost").count() == 1
    for step in range(1, 9):
        touch("touchMove", (x + (380 - x) * step / 8, y))
        page.wait_for_timeout(30)
    page.wait_for_timeout(600)
    assert page.evaluate("document.querySelector('[data-scroller]').scrollLeft") > 120
    for _ in range(3):
        touch("touchMove", (250, y))
        page.wait_for_timeout(30)
    over = page.evaluate("document.querySelector('.column.over')?.dataset.stage")
    touch("touchEnd")
    assert over not in (None, here)
    page.locator("#toasts >> text=1 person moved to").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(board_path, open_page, scheme, width):
    job = board_path.removesuffix("board/")
    page = open_page(board_path, width=width, scheme=scheme)
    history = page.locator("[data-card] .days").first.get_attribute("href")
    code = page.locator("[data-card]").first.get_attribute("data-candidate")
    paths = [board_path, f"{board_path}?open=rejected", f"{board_path}?column=sourced", history]
    paths += [f"{job}edit/", f"{job}move/?to=rejected&candidate={code}", "/jobs/", "/jobs/new/"]
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_without_script_the_same_moves_lead_through_pages(site, browser, signed_in, board_path):
    context = browser.new_context(storage_state=signed_in, base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(board_path)
    assert not page.locator("[data-grab]").first.is_visible()
    page.locator("[data-card] input[type=checkbox]").first.check()
    page.select_option("#move-to", "withdrawn")
    page.get_by_role("button", name="Move", exact=True).click()
    page.select_option("#id_reason_code", "other_offer")
    page.get_by_role("button", name="Move", exact=True).click()
    assert page.url.endswith(board_path)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    assert "1 move taken back." in page.locator("#toasts").inner_text()
    context.close()
