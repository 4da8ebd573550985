"""First paint and bytes on a slow phone: ``python -m benchmarks.paint http://127.0.0.1:8000 PASSWORD_FILE``.

Chromium's own slowing: processor four times, 1.6 Mbit/s down, 0.75 up, 150 ms. Each page is opened as the
very first (nothing stored but the session's cookie) and after the home page, as somebody comes to it. Bytes
are those on the wire, headers included, of every request the page makes until it is quiet.
"""

import argparse
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

PHONE = {"width": 390, "height": 844}
SLOW = {
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
    "offline": False,
}
SLOWER_PROCESSOR = 4
TIMES = 5
LIMIT_MS, LIMIT_FIRST_KB, LIMIT_NEXT_KB = 1000, 250, 40
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


class Visit(NamedTuple):
    milliseconds: float
    kilobytes: float
    hosts: set[str]


def main() -> None:
    from playwright.sync_api import sync_playwright

    options = _parse()
    password = Path(options.password_file).read_text().strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.browser, args=["--no-sandbox", "--disable-background-networking"]
        )
        state = _sign_in(browser, options.url, password)
        own = urlsplit(options.url).netloc
        print(f"| {'page':<16} | first: paint ms | KB | next: paint ms | KB | |")
        print("|---|---:|---:|---:|---:|---|")
        for name, path in _pages(browser, options.url, state):
            first = _median([_visit(browser, options.url, state, path) for _ in range(TIMES)])
            later = _median([_visit(browser, options.url, state, path, before="/") for _ in range(TIMES)])
            print(_line(name, first, later, own), flush=True)
        browser.close()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("password_file")
    parser.add_argument("--browser", default=shutil.which("chromium") or "/usr/bin/chromium")
    return parser.parse_args()


def _sign_in(browser: Any, url: str, password: str) -> Any:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)
    state = context.storage_state()
    context.close()
    return state | {"cookies": [one for one in state["cookies"] if one["name"] == "sessionid"]}


def _pages(browser: Any, url: str, state: Any) -> list[tuple[str, str]]:
    """The job is the one open with the most prospects, the person the first of its list."""
    context = browser.new_context(base_url=url, storage_state=state)
    page = context.new_page()
    page.goto("/jobs/?status=open&sort=prospects")
    job = page.locator("tbody [data-row-link]").first.get_attribute("href")
    page.goto(f"/scoring{job}")
    page.wait_for_selector("#ranking [data-row]", timeout=60_000)
    person = page.locator("#ranking [data-row-link]").first.get_attribute("href")
    context.close()
    ranking = f"/scoring{job}"
    return [
        ("home", "/"),
        ("a job's ranking", ranking),
        ("candidates", "/candidates/"),
        ("a candidate", person),
    ]


def _visit(browser: Any, url: str, state: Any, path: str, *, before: str = "") -> Visit:
    context = browser.new_context(base_url=url, storage_state=state, viewport=PHONE, is_mobile=True)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[float] = []
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    if before:
        page.goto(before)
        page.wait_for_load_state("networkidle")
    hosts: set[str] = set()
    wire.on("Network.loadingFinished", lambda ended: sizes.append(ended["encodedDataLength"]))
    wire.on("Network.requestWillBeSent", lambda sent: hosts.add(urlsplit(sent["request"]["url"]).netloc))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    while (painted := page.evaluate(PAINTED)) is None:
        page.wait_for_timeout(
            50
        )  # wait_for_function evaluates text, which the content security policy refuses
    context.close()
    return Visit(painted, sum(sizes) / 1000, hosts)


def _median(visits: list[Visit]) -> Visit:
    return Visit(
        statistics.median(one.milliseconds for one in visits),
        statistics.median(one.kilobytes for one in visits),
        {host for one in visits for host in one.hosts if host},
    )


def _line(name: str, first: Visit, later: Visit, own: str) -> str:
    figures = (
        f"{first.milliseconds:.0f} | {first.kilobytes:.0f} | {later.milliseconds:.0f} | {later.kilobytes:.0f}"
    )
    return f"| {name:<16} | {figures} | {', '.join(_faults(first, later, own))} |"


def _faults(first: Visit, later: Visit, own: str) -> Iterator[str]:
    if max(first.milliseconds, later.milliseconds) > LIMIT_MS:
        yield "slow"
    if first.kilobytes > LIMIT_FIRST_KB or later.kilobytes > LIMIT_NEXT_KB:
        yield "heavy"
    if foreign := (first.hosts | later.hosts) - {own}:
        yield f"asks {', '.join(sorted(foreign))}"


if __name__ == "__main__":
    main()
