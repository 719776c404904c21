"""A server that goes and comes back in the middle of a morning, and what an agent does before and after."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from booking.settings import Settings
from tests.conftest import application, let_go
from tests.factories import PASSWORD
from tests.moments import Clock
from tests.serving import live_server

BILAL = "bilal@mairie-nord.example"
AGENDAS = {"fr": "/fr/mairie-nord/agent/", "nl": "/nl/gemeente-noord/agent/"}
IN_THE_BROWSER = """async (kept) => {
  for (let tries = 0; tries < 400; tries += 1) {
    const copies = (await caches.keys()).filter((name) => name.startsWith("guichet-agenda"));
    const page = await caches.match(location.href.split("#")[0]);
    if (kept ? page : !copies.length) return true;
    await new Promise((next) => { setTimeout(next, 25); });
  }
  return false;
}"""


@dataclass
class Office:
    """The application behind a server that can be stopped and started again at the same address.

    A start makes the application anew: it remembers nothing but what stands in the database.
    """

    settings: Settings
    clock: Clock
    port: int
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        app = application(self.settings, self.clock)
        self.running.callback(let_go, app)
        self.running.enter_context(live_server(app, port=self.port))

    def stop(self) -> None:
        self.running.close()


def sign_in(page: Page, office: Office, email: str = BILAL, language: str = "fr") -> None:
    page.goto(f"{office.address}{AGENDAS[language]}sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def row(page: Page, number: int) -> Locator:
    return page.locator(f"#visit-{number}")
