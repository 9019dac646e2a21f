"""The built site in a real browser: `make docs-browser`. It needs Chromium, so CI does not run it.

Screenshots of some pages are stored in `.site/screenshots`, for review.
"""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

SITE = Path(__file__).resolve().parents[2] / ".site"
HTML = SITE / "html"
ADDRESSES = sorted(
    page.parent.relative_to(HTML).as_posix().removeprefix(".").rstrip("/")
    for page in HTML.rglob("index.html")
)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1400, "height": 1000}
LOOKED_AT = {
    "start": "",
    "method": "generated/docs/resources/threads/runs",
    "x-sdk": "docs/x-sdk",
    "types": "generated/docs/types/threads",
    "guide": "generated/docs/guides/errors",
    "errors": "api/errors",
    "process": "docs/process",
    "comparison": "docs/comparison",
}
SCHEMES = {"light": "default", "dark": "slate"}
_BROKEN_WORDS = """() => [...document.querySelectorAll("td code")]
  .filter(code => /^[A-Za-z]{1,24}$/.test(code.innerText) && code.getClientRects().length > 1)
  .map(code => code.innerText)"""
_WIDE_TABLES = """() => [...document.querySelectorAll(".md-typeset__scrollwrap")]
  .filter(wrap => wrap.scrollWidth > wrap.clientWidth)
  .map(wrap => wrap.querySelector("tr").innerText)"""
_FLAGS = "--no-sandbox --disable-quic --disable-background-networking --disable-component-update"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest's output is enough."""


@dataclass
class Watched:
    """A page, and its faults since the last check."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _failed(self, request: Request) -> None:
        # Going to the next page ends the loading of what the last one still fetched.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure} {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.url}")

    def open(self, address: str) -> Page:
        self.faults.clear()
        self.page.goto(self.url(address), wait_until="load")
        return self.page

    def url(self, address: str) -> str:
        return f"{self.base}/{address}/" if address else f"{self.base}/"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    if not HTML.exists():
        pytest.fail("the site is not built: run 'make docs'")
    shutil.rmtree(SITE / "screenshots", ignore_errors=True)
    handler = functools.partial(_Quiet, directory=str(HTML))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium here: install Debian's package chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=_FLAGS.split())
        yield running
        running.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def watched(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    context = browser.new_context(viewport=request.param)
    yield Watched(context.new_page(), base)
    context.close()


def test_the_site_has_all_its_parts() -> None:
    parts = {address.split("/")[0] for address in ADDRESSES}
    assert {"", "docs", "generated", "api"} <= parts
    assert len(ADDRESSES) > 50


def test_every_page_loads_without_a_fault_and_fits_the_screen(watched: Watched) -> None:
    wrong: list[str] = []
    for address in ADDRESSES:
        page = watched.open(address)
        if page.locator("h1").count() != 1:
            wrong.append(f"{address}: {page.locator('h1').count()} headings of the first level")
        if page.locator("p", has_text="├──").count():
            wrong.append(f"{address}: a drawn tree runs on as a paragraph")
        broken = page.evaluate(_BROKEN_WORDS)
        wrong += [f"{address}: the word {word} is broken over lines" for word in broken]
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if width > 0:
            wrong.append(f"{address}: {width} pixels wider than the screen")
        if page.viewport_size == DESK:
            hidden = page.evaluate(_WIDE_TABLES)
            wrong += [f"{address}: the table of {head} is cut off" for head in hidden]
        wrong += [f"{address}: {fault}" for fault in watched.faults]
    assert wrong == []


def test_every_link_leads_somewhere(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    linked: dict[str, set[str]] = {}
    anchors: dict[str, set[str]] = {}
    for address in ADDRESSES:
        url = Watched(page, base).url(address)
        page.goto(url)
        hrefs = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        linked[url] = {urljoin(url, href) for href in hrefs}
        anchors[url] = set(page.locator("[id]").evaluate_all("all => all.map(one => one.id)"))
    context.close()
    broken = [
        f"{url}: {link}"
        for url, links in linked.items()
        for link in sorted(links)
        if link.startswith(base) and not _leads_somewhere(link, base, anchors)
    ]
    assert broken == []


def _leads_somewhere(link: str, base: str, anchors: dict[str, set[str]]) -> bool:
    url, _, anchor = link.partition("#")
    if url in anchors:
        return not anchor or anchor in anchors[url]
    path = urlsplit(url.removeprefix(base)).path.lstrip("/")
    return (HTML / path).is_file()


@pytest.mark.parametrize("sought", ["submitToolOuputsToRun", "create_and_poll", "names.lock"])
def test_search_finds(watched: Watched, sought: str) -> None:
    page = watched.open("")
    page.locator("button.md-search__button:visible, label[for=__search]:visible").first.click()
    page.keyboard.type(sought)
    found = page.locator("a[href]:visible", has_text=sought).first
    found.wait_for(timeout=10_000)
    found.click()
    page.wait_for_url(lambda url: url.rstrip("/") != watched.base)
    assert sought in page.locator("article").inner_text()
    assert watched.faults == []


def test_dark_mode_is_a_click_away(watched: Watched) -> None:
    page = watched.open("")
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = {page.evaluate(ground)}
    for _ in range(3):
        page.locator("form[data-md-component=palette] label:visible").first.click()
        seen.add(page.evaluate(ground))
    assert len(seen) == 2


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_picture_is_taken(watched: Watched, name: str, colours: Literal["light", "dark"]) -> None:
    watched.page.emulate_media(color_scheme=colours)
    page = watched.open(LOOKED_AT[name])
    assert page.locator(f"body[data-md-color-scheme={SCHEMES[colours]}]").count() == 1
    assert page.viewport_size is not None
    file = SITE / "screenshots" / f"{name}-{page.viewport_size['width']}-{colours}.png"
    page.screenshot(path=file)
    assert file.stat().st_size > 10_000
