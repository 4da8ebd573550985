"""From files on somebody's disk to a ranked prospect, in a real browser."""

import pytest

from tests.candidates.documents import files

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CV = """Pessoa de Teste da Jornada
Desenvolvedora Java Sênior
Recife - PE | jornada@example.com | (81) 99999-0000
Inglês avançado. Sei Java, Spring Boot, Docker e PostgreSQL.
"""


def test_files_dropped_for_a_job_become_a_prospect(open_page):
    page = open_page("/jobs/?status=open")
    page.locator("[data-row-link]").first.click()
    page.wait_for_load_state()
    job = page.url
    page.get_by_role("link", name="Upload CVs").click()
    page.wait_for_url("**/candidates/upload/?job=*")
    drop(page, {"jornada.pdf": files.pdf(CV), "protegida.pdf": files.locked_pdf()})
    page.get_by_text("Files chosen: 2").wait_for()
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Confirm 1 file").wait_for()
    assert page.get_by_text("The file is protected by a password.").is_visible()
    page.get_by_role("link", name="Confirm 1 file").click()
    page.wait_for_url("**/upload/files/*/")
    assert page.get_by_label("Name", exact=True).input_value() == "Pessoa de Teste da Jornada"
    page.locator('a[href="#found-email"]').click()
    assert page.locator("#found-email").is_visible()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(job)
    page.goto(f"{job}board/")
    page.get_by_text("Pessoa de Teste da Jornada").first.wait_for()


def test_a_file_is_uploaded_confirmed_and_discarded_without_a_script(open_page, tmp_path):
    page = open_page("/candidates/upload/", java_script_enabled=False)
    (tmp_path / "sem.txt").write_text("Pessoa Sem Programa\nsemscript@example.com\nDocker")
    page.set_input_files("input[type=file]", tmp_path / "sem.txt")
    page.get_by_role("button", name="Upload").click()
    confirm = page.get_by_role("link", name="Confirm 1 file")
    for _ in range(40):
        if confirm.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    confirm.click()
    page.get_by_role("button", name="Save").click()
    assert "Pessoa Sem Programa" in page.locator("h1").inner_text()
    page.goto(page.url + "documents/")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Undo").click()
    page.goto(page.url.rstrip("/") + "/documents/")
    assert page.locator(".document-name", has_text="sem.txt").is_visible()


def drop(page, contents):
    """Drop files onto the zone, as a mouse that brings them from elsewhere does."""
    data = page.evaluate_handle(
        """files => {
            const carried = new DataTransfer();
            for (const [name, bytes] of Object.entries(files))
                carried.items.add(new File([new Uint8Array(bytes)], name));
            return carried;
        }""",
        {name: list(content) for name, content in contents.items()},
    )
    page.dispatch_event("[data-drop-zone]", "drop", {"dataTransfer": data})
