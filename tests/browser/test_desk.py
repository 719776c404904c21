"""Bilal's counter in a browser: by keyboard alone, by polling, without a connection, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.tickets import TicketState
from booking.models import Person, Ticket
from tests.browser.keyboard import Keyboard
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_ticket, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

BILAL = "bilal@mairie-nord.example"
HOMES = {"fr": "/fr/mairie-nord/agent/", "nl": "/nl/gemeente-noord/agent/"}
SOON = 5_000
"""Longer than the page waits before it asks again, in milliseconds."""


@dataclass(frozen=True)
class Words:
    """What the buttons say in the language of the walk."""

    open: str
    next: str
    begin: str
    help: str


SAID = {
    "fr": Words("Ouvrir le guichet 1", "Appeler la personne suivante", "Commencer", "Demander de l’aide"),
    "nl": Words("Loket 1 openen", "Volgende persoon oproepen", "Beginnen", "Hulp vragen"),
}


@pytest.fixture
def home(database: Database, clock: Clock) -> Working:
    """Nine o'clock on Monday: two wait, Nadia is expected at half past."""
    clock.now = at(MONDAY, "09:00")

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=2)
        a_person(session, home.commune)
        for number, wall, name in ((27, "08:40", "Ana Peeters"), (28, "08:50", "Yusuf Demir")):
            a_ticket(session, home.office, home.service, number=number, issued_at=at(MONDAY, wall), name=name)
        an_appointment(session, home.counter, home.service, start=at(MONDAY, "09:30"), name="Nadia Haddad")
        return home

    return database.write(rows)


def sign_in(page: Page, site: str, language: str = "fr") -> None:
    page.goto(f"{site}{HOMES[language]}sign-in")
    page.fill("[name=email]", BILAL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}{HOMES[language]}*")
    page.goto(f"{site}{HOMES[language]}desk")


def states(database: Database) -> list[TicketState]:
    return database.all(select(Ticket.state).order_by(Ticket.number))


def at_counter(page: Page, number: str) -> None:
    expect(page.locator("#person-title")).to_contain_text(number)


@pytest.mark.parametrize("language", HOMES)
def test_a_morning_at_a_counter_needs_no_more_than_a_keyboard(
    page: Page, site: str, home: Working, database: Database, axe: Callable[[Page], None], language: str
) -> None:
    database.write(lambda session: session.execute(update(Person).values(language=language)) and None)
    said = SAID[language]
    sign_in(page, site, language)
    axe(page)
    keyboard = Keyboard(page)
    keyboard.tab_to(page.get_by_role("button", name=said.open))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=said.next)).to_be_visible()
    axe(page)

    page.keyboard.press("n")
    at_counter(page, "A\u00a0027")
    axe(page)
    page.keyboard.press("r")
    expect(page.locator(".who__state")).to_contain_text("2")
    page.keyboard.press("n")
    expect(page.locator(".state--serving")).to_be_visible()
    axe(page)
    page.keyboard.press("w")
    expect(page.locator("#aside-document")).to_be_focused()
    axe(page)
    page.keyboard.press("2")
    expect(page.locator(".line--aside")).to_contain_text("Ana Peeters")
    axe(page)
    page.keyboard.press("h")
    at_counter(page, "A\u00a0027")
    page.keyboard.press("n")
    at_counter(page, "A\u00a0028")
    assert states(database) == [TicketState.DONE, TicketState.CALLED]

    page.keyboard.press("z")
    expect(page.get_by_role("button", name=said.next)).to_be_visible()
    page.keyboard.press("z")
    at_counter(page, "A\u00a0027")
    page.keyboard.press("c")
    persons = page.locator("#fold-change_service .act-form__number").first
    expect(persons).to_be_focused()
    axe(page)
    page.keyboard.type("n")
    expect(persons).to_have_value(re.compile("n"))
    page.keyboard.press("Escape")
    expect(page.locator("#open-change_service")).to_be_focused()
    assert states(database) == [TicketState.SERVING, TicketState.WAITING]
    page.keyboard.press("t")
    expect(page.locator("#to")).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name=said.help)).to_have_count(0)
    axe(page)


def test_what_others_do_appears_by_itself_and_a_lost_connection_is_said(
    page: Page, context: BrowserContext, site: str, home: Working, database: Database, complaints: list[str]
) -> None:
    page.clock.install()
    sign_in(page, site)
    page.get_by_role("button", name="Ouvrir le guichet 1").click()
    expect(page.locator("#queue-lines")).to_contain_text("Yusuf Demir")

    page.locator("#forward").focus()
    new = {"number": 31, "name": "Lotte Claes", "issued_at": at(MONDAY, "08:55")}
    database.write(lambda session: a_ticket(session, home.office, home.service, **new) and None)
    page.clock.fast_forward(SOON)
    expect(page.locator("#queue-lines")).to_contain_text("Lotte Claes")
    expect(page.locator("#forward")).to_be_focused()

    context.set_offline(True)
    page.clock.fast_forward(SOON)
    expect(
        page.get_by_role("status").get_by_text("Connexion perdue. Vous voyez la situation de 9\u00a0h.")
    ).to_be_visible()
    context.set_offline(False)
    page.clock.fast_forward(SOON)
    expect(page.get_by_text("Connexion perdue").last).to_be_hidden()
    complaints.clear()


def test_an_act_without_a_connection_is_said_and_does_nothing_by_itself(
    page: Page, context: BrowserContext, site: str, home: Working, database: Database, complaints: list[str]
) -> None:
    sign_in(page, site)
    page.get_by_role("button", name="Ouvrir le guichet 1").click()
    expect(page.locator("#forward")).to_be_visible()
    context.set_offline(True)
    page.locator("#forward").click()
    expect(page.get_by_role("status").get_by_text("Connexion perdue")).to_be_visible()
    assert states(database) == [TicketState.WAITING, TicketState.WAITING]
    context.set_offline(False)
    page.locator("#forward").click()
    at_counter(page, "A\u00a0027")
    complaints.clear()


def test_without_keys_a_letter_does_nothing(page: Page, site: str, home: Working, database: Database) -> None:
    database.write(lambda session: session.execute(update(Person).values(keys=None)) and None)
    sign_in(page, site)
    page.get_by_role("button", name="Ouvrir le guichet 1").click()
    expect(page.locator("#forward")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("link", name="Yusuf Demir").click()
    expect(page.locator(".line--open")).to_contain_text("Yusuf Demir")

    assert states(database) == [TicketState.WAITING, TicketState.WAITING]


def test_a_counter_is_worked_without_scripts(page_no_js: Page, site: str, home: Working, database: Database) -> None:
    page = page_no_js
    sign_in(page, site)
    for button in ("Ouvrir le guichet 1", "Appeler la personne suivante", "Commencer"):
        page.get_by_role("button", name=button).click()
    page.get_by_text("Mettre en attente").click()
    page.get_by_role("button", name="cherche un document").click()
    page.get_by_role("button", name="Reprendre").click()
    page.get_by_role("link", name="Actualiser").click()
    page.get_by_role("button", name="Terminé, personne suivante").click()
    at_counter(page, "A\u00a0028")

    assert states(database) == [TicketState.DONE, TicketState.CALLED]


@pytest.mark.parametrize("width", [375, 1024])
def test_the_counter_does_not_scroll_sideways(
    open_browser: Callable[..., Page], site: str, home: Working, database: Database, width: int
) -> None:
    page = open_browser(viewport={"width": width, "height": 768})
    long = {"number": 32, "name": "Van den Broeck-Vandersteenhoven de la Motte", "issued_at": at(MONDAY, "08:30")}
    database.write(lambda session: a_ticket(session, home.office, home.service, **long) and None)
    sign_in(page, site)
    page.get_by_role("button", name="Ouvrir le guichet 1").click()
    page.locator("#forward").click()
    at_counter(page, "A\u00a0032")

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_next_ten_are_in_sight(page: Page, site: str, home: Working, database: Database) -> None:
    def ten(session: Session) -> None:
        for place in range(12):
            waiting = {"number": 40 + place, "issued_at": at(MONDAY, f"08:{20 + place}"), "name": "Ana Peeters"}
            a_ticket(session, home.office, home.service, **waiting)

    database.write(ten)
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, site)
    page.get_by_role("button", name="Ouvrir le guichet 1").click()
    expect(page.locator("#forward")).to_be_visible()

    expect(page.locator(".line").nth(9)).to_be_in_viewport(ratio=1)
