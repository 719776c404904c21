"""Chromium as a resident of Brussels uses it.

A message in the browser's console fails the test: that is the test of the content security policy, of missing files and
of broken scripts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, request
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from booking import mailbox
from booking.delivery import carrier, text_sender
from booking.settings import Settings
from booking.worker import Work, carry_visits_on, pass_on_offers, send_due
from tests.browser.outages import Office
from tests.browser.walker import WALKS, Walker, stands_still
from tests.conftest import application, let_go
from tests.databases import Database, without
from tests.moments import Clock
from tests.pages import read
from tests.serving import free_port, live_server

Look = Callable[[Page], None]

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A refused form answers 409 or 422 and an unknown address 404: the browser notes each, and each is as it should be.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
PATIENCE = 15_000
"""Milliseconds that something may take to appear, on a machine that has much else to do."""
TOO_SLOW = ["Timeout .*exceeded", "Locator expected", "Execution context was destroyed"]
"""What a browser says when something did not appear in time. Such a test is tried once more, and named at the end when
it passes then; whatever else is wrong has failed at once.
"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=TOO_SLOW))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        without("Chromium (Debian: chromium)")
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "fr-BE", "timezone_id": "Europe/Brussels", "viewport": {"width": 1280, "height": 900}}


@dataclass
class Site:
    """An application behind a server, and the pages it has served, each with where."""

    app: Flask
    address: str
    pages: dict[str, str] = field(default_factory=dict)

    def keep(self, answer: Response) -> Response:
        if answer.mimetype == "text/html" and "X-Fresh" not in request.headers:
            self.pages[answer.get_data(as_text=True)] = f"{request.method} {request.full_path} {answer.status_code}"
        return answer


@pytest.fixture(scope="session")
def kept_sites(kept_clock: Clock) -> Iterator[Callable[[Settings], Site]]:
    """One server for each database and gateway: what it needs to know of a test stands in the database."""
    sites: dict[tuple[str, str], Site] = {}
    with ExitStack() as servers:

        def site(settings: Settings) -> Site:
            key = settings.database_url, settings.sms_url
            if key not in sites:
                port = free_port()
                app = application(replace(settings, base_url=f"http://127.0.0.1:{port}"), kept_clock)
                servers.callback(let_go, app)
                sites[key] = Site(app, "")
                app.after_request(sites[key].keep)
                sites[key].address = servers.enter_context(live_server(app, port=port))
            return sites[key]

        yield site


@pytest.fixture
def sms_url() -> str:
    """No gateway for text messages, unless a file of tests has one."""
    return ""


@pytest.fixture
def served(settings: Settings, sms_url: str, clock: Clock, kept_sites: Callable[[Settings], Site]) -> Iterator[Flask]:
    """The application on ``database`` and ``clock`` behind ``site``; every page it served was valid HTML."""
    kept = kept_sites(replace(settings, sms_url=sms_url))
    kept.pages.clear()
    yield kept.app
    faults = {where: read(html)[1] for html, where in list(kept.pages.items())}
    assert not any(faults.values()), {where: found for where, found in faults.items() if found}


@pytest.fixture
def site(served: Flask) -> str:
    """The address of the application, without a slash at the end."""
    return str(served.extensions["settings"].base_url)


@pytest.fixture
def office(settings: Settings, clock: Clock) -> Iterator[Office]:
    """A server of the test's own, which it may stop and start again."""
    port = free_port()
    office = Office(replace(settings, base_url=f"http://127.0.0.1:{port}"), clock, port)
    with office.running:
        office.start()
        yield office


def all_sent(settings: Settings, clock: Clock, database: Database) -> int:
    """Offers are passed on, visits carried on and what is due is sent, as the worker does; how much that was."""
    with carrier("", settings.mailbox) as keeper:
        work = Work(database.engine, keeper, settings, clock, text_sender(settings.text_gateway))
        return pass_on_offers(work) + carry_visits_on(work) + send_due(work)


@pytest.fixture
def worker(served: Flask, database: Database) -> Callable[[], int]:
    """``worker()``: offers are passed on and what is due is sent, as often as there is any; how much that was."""

    def work() -> int:
        return all_sent(served.extensions["settings"], served.extensions["clock"], database)

    return work


@pytest.fixture
def post(served: Flask, worker: Callable[[], int]) -> Callable[[], EmailMessage]:
    """``post()``: the worker sends what is due, and the newest message is given; development keeps them all."""

    def send() -> EmailMessage:
        folder = served.extensions["settings"].mailbox
        assert worker(), "no message was due"
        newest = mailbox.opened(folder, mailbox.listing(folder)[0].name)
        assert newest is not None
        return newest

    return send


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the console and the scripts complained about; anything left at the end fails the test.

    A test that provokes one on purpose looks at it and removes it.
    """
    said: list[str] = []
    yield said
    assert not said, "the browser complained:\n" + "\n".join(said)


@pytest.fixture
def listening(complaints: list[str]) -> Callable[[BrowserContext], BrowserContext]:
    """Have a context's complaints collected: for tests that open contexts of their own."""

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            complaints.append(f"{message.text} ({message.location.get('url')})")

    def listen(context: BrowserContext) -> BrowserContext:
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.set_default_timeout(PATIENCE)
        return context

    return listen


@pytest.fixture
def context(context: BrowserContext, listening: Callable[[BrowserContext], BrowserContext]) -> BrowserContext:
    """pytest-playwright's context, listened to; its ``page`` has scripts."""
    return listening(context)


@pytest.fixture
def open_browser(
    browser: Browser,
    browser_context_args: dict[str, Any],
    listening: Callable[[BrowserContext], BrowserContext],
) -> Iterator[Callable[..., Page]]:
    """``open_browser(java_script_enabled=False)``: a page in a browser of somebody's own, listened to."""
    contexts: list[BrowserContext] = []

    def start(**choices: Any) -> Page:
        contexts.append(listening(browser.new_context(**{**browser_context_args, **choices})))
        return contexts[-1].new_page()

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def page_no_js(open_browser: Callable[..., Page]) -> Page:
    """A page in a browser whose scripts are off. ``axe`` cannot look at it: it is a script."""
    return open_browser(java_script_enabled=False)


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A page 375 pixels wide, with touch."""
    return open_browser(viewport={"width": 375, "height": 740}, has_touch=True)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """``axe(page)``: no violation of WCAG 2.2 AA, nor of good practice, on the page as it stands.

    It takes from a quarter of a second to three on a long table: once per page and state.
    """
    checker = Axe()

    def check(page: Page) -> None:
        found = checker.run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def look(axe: Look) -> Look:
    """``look(page)``: ``axe`` finds nothing, and at 320 pixels (a wide window enlarged) nothing scrolls sideways."""

    def at(page: Page) -> None:
        axe(page)
        wide = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 640})
        page.eval_on_selector_all("main details", "all => all.forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{page.url} scrolls sideways"
        assert wide is not None
        page.set_viewport_size(wide)

    return at


@pytest.fixture(params=WALKS)
def ana(request: pytest.FixtureRequest, open_browser: Callable[..., Page], site: str, look: Look) -> Walker:
    """Ana, who walks in French and in Dutch, with scripts and without; with scripts ``look`` sees every state."""
    language, scripts = request.param
    page = open_browser(java_script_enabled=scripts, locale=f"{language}-BE")
    return Walker(page, site, language, scripts, look if scripts else stands_still)
