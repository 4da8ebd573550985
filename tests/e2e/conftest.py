"""The whole product as `make run` starts it, once for all journeys, and a browser in front of it.

While one writes journeys, a site that runs already spares the minute of starting: PENEIRA_E2E_URL and
PENEIRA_E2E_VAR (its folder).
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LAST = "test_last.py"  # changes the model and ends the site
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
START_SECONDS = 240
WEBHOOKS_STAY_HERE = {"PENEIRA_WEBHOOK_PRIVATE": "127.0.0.0/8", "PENEIRA_WEBHOOK_INSECURE": "1"}


def find_browser():
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    places = [n for n, item in enumerate(items) if item.path.parent == HERE]
    journeys = [items[n] for n in places]
    journeys.sort(key=lambda item: item.path.name == LAST)  # the others keep their order
    for place, item in zip(places, journeys, strict=True):
        items[place] = item
        if not find_browser():
            reason = "no Chromium found: the browser journeys are not tested (apt-get install chromium)"
            item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Site:
    url: str
    password: str
    var: Path
    process: subprocess.Popen | None = None  # none where it ran before
    output: Path | None = None
    children: tuple = ()


@pytest.fixture(scope="package")
def site(server_folders):
    if url := os.environ.get("PENEIRA_E2E_URL"):
        var = Path(os.environ["PENEIRA_E2E_VAR"])
        yield Site(url=url, password=(var / "admin_password").read_text(), var=var)
    else:
        yield from start(server_folders() / "var")


def start(var):
    output = var.parent / "output"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hiring_site.launcher", "--port", str(port)],
            env=environ | WEBHOOKS_STAY_HERE | {"PENEIRA_VAR": str(var)},
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, output)
        yield Site(
            url=f"http://127.0.0.1:{port}",
            password=(var / "admin_password").read_text(),
            var=var,
            process=process,
            output=output,
            children=tuple(children_of(process.pid)),
        )
    finally:
        stop(process)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process, output):
    deadline = time.monotonic() + START_SECONDS
    while "Peneira is ready" not in output.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the launcher did not get ready:\n{output.read_text(errors='replace')[-3000:]}")
        time.sleep(0.2)


def children_of(pid):
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if int(line.split()[1]) == pid]


@pytest.fixture(scope="package")
def browser():
    """Closed before other tests run here: Django refuses its database while Playwright's loop is on."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def signed_in(site, browser):
    """The cookies of somebody who signed in once, for all journeys."""
    context = browser.new_context()
    sign_in(context.new_page(), site)
    state = context.storage_state()
    context.close()
    return state


def sign_in(page, site):
    page.goto(f"{site.url}/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


# htmx calls it an error when a page is left while it asks
LEFT = ("htmx:sendAbort", "htmx:afterRequest")


def is_complaint(said):
    return said.type == "error" and not said.text.startswith(LEFT)


@pytest.fixture
def open_page(site, browser, signed_in):
    """Open an address in a browser of given width, theme, language; fails on errors in its console."""
    contexts, complaints = [], []

    def open_(path="/jobs/", *, width=1280, scheme="light", signed=True, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            storage_state=signed_in if signed else None,
            base_url=site.url,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, complaints
