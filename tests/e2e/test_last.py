"""After all other journeys: what changes the data, the model, and at last ends the site."""

import json
import os
import re
import time
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.conftest import stop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

STOP_LIMIT = 60


def test_an_administrator_imports_a_file_and_watches(site, open_page, tmp_path):
    record = {
        "infos_basicas": {"nome": "Pessoa Nova", "codigo_profissional": "990001"},
        "informacoes_pessoais": {},
        "cv_pt": "desenvolvedora java com kubernetes e docker",
    }
    file = tmp_path / "applicants.json"
    file.write_text(json.dumps({"990001": record, "990002": "no record"}))
    page = open_page("/jobs/imports/new/")
    page.locator("input[type=file]").first.set_input_files(str(file))
    page.click("main button[type=submit]")
    page.wait_for_selector("text=990002", timeout=60_000)
    page.goto("/candidates/?q=990001")
    assert page.locator("[data-row-link]", has_text="Pessoa Nova").count() == 1


def test_an_administrator_retrains_and_two_clicks_make_one_run(open_page):
    page = open_page("/scoring/models/")
    page.click("form[action*='train'] button")
    page.wait_for_url("**/scoring/training-runs/**")
    first = page.url
    again = open_page("/scoring/models/")
    button = again.locator("form[action*='train'] button").first
    if button.is_enabled():
        button.click()
        again.wait_for_url("**/scoring/training-runs/**")
        assert again.url == first
    page.wait_for_selector(".alert-good a[href*='/scoring/models/']", timeout=120_000)


def test_nothing_personal_is_logged(site):
    logs = "\n".join(path.read_text(errors="replace") for path in (site.var / "logs").glob("*.log"))
    assert not re.findall(r"[\w.-]+@[\w-]+\.[a-z]{2,}", logs)
    assert "Pessoa Nova" not in logs


def test_health_is_open_to_all(site):
    with urllib.request.urlopen(f"{site.url}/health/ready", timeout=10) as response:
        assert response.status == 200


def test_stopping_leaves_nothing_running(site):
    """Last of all: it ends the site."""
    if site.process is None:
        pytest.skip("the site ran before these tests")
    assert len(site.children) >= 4
    started = time.monotonic()
    stop(site.process)
    assert time.monotonic() - started < STOP_LIMIT
    assert site.process.returncode == 0, site.output.read_text()[-1500:]
    deadline = time.monotonic() + 20
    while any(alive(pid) for pid in site.children) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not [pid for pid in site.children if alive(pid)]
    assert not (site.var / "postgres" / "postmaster.pid").exists()
    assert not (site.var / "valkey" / "valkey.pid").exists()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
