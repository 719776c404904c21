"""A hall lives through a call: the screen on the wall and the phone in a pocket say the same, without being asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.tickets import Step
from booking.models import Ticket
from booking.usecases.calling import call_next
from booking.usecases.desks import able_at, open_desk
from booking.usecases.journal import Actor
from booking.usecases.screens import renew_screen
from booking.usecases.ticket_steps import StepWish, take_step
from tests.databases import Database
from tests.factories import Working, a_person, a_ticket, a_working_commune
from tests.moments import EARLY

KEY = "a" * 32
STATUS = {"fr": f"/fr/mairie-nord/status/{KEY}", "nl": f"/nl/gemeente-noord/status/{KEY}"}
SOON = 11_000
"""Milliseconds after which the screen and the phone have asked again."""


@dataclass(frozen=True)
class Hall:
    """Yusuf holds A 027, somebody is before him, Bilal sits at counter 3."""

    database: Database
    work: Working
    bilal: Actor
    screen: str

    def calls_next(self) -> None:
        def call(session: Session) -> None:
            able = able_at(session, office=self.work.office, counter_id=self.work.counters[2].id, now=EARLY)
            call_next(session, able=able, actor=self.bilal, now=EARLY)

        self.database.write(call)

    def takes(self, number: int, *steps: Step) -> None:
        for step in steps:
            version, ticket_id = self.database.one(select(Ticket.version, Ticket.id).where(Ticket.number == number))
            wish = StepWish(step, version, counter_id=self.work.counters[2].id)
            own = {"commune_id": self.work.commune.id, "office_ids": [self.work.office.id], "ticket_id": ticket_id}
            self.database.write(take_step, **own, wish=wish, actor=self.bilal, now=EARLY)


@pytest.fixture
def hall(database: Database) -> Hall:
    def rows(session: Session) -> Hall:
        work = a_working_commune(session, counters=4)
        bilal = Actor(Role.AGENT, a_person(session, work.commune, name="Bilal Amrani").id)
        own = {"commune_id": work.commune.id, "office_ids": [work.office.id], "counter_id": work.counters[2].id}
        open_desk(session, **own, actor=bilal, now=EARLY)
        a_ticket(session, work.office, work.service, number=26, issued_at=EARLY)
        a_ticket(session, work.office, work.service, number=27, issued_at=EARLY, status_key=KEY)
        here = {"commune_id": work.commune.id, "office_id": work.office.id}
        return Hall(database, work, bilal, renew_screen(session, **here, actor=bilal, now=EARLY))

    return replace(database.write(rows), database=database)


@pytest.mark.parametrize("language", STATUS)
def test_the_screen_and_the_phone_live_through_a_call(
    hall: Hall,
    page: Page,
    phone: Page,
    site: str,
    served: Flask,
    axe: Callable[[Page], None],
    look: Callable[[Page], None],
    language: str,
) -> None:
    page.clock.install()
    phone.clock.install()
    page.goto(f"{site}/screen/{hall.screen}")
    phone.goto(f"{site}{STATUS[language]}")
    told = {
        "fr": ("1\u00a0personne avant vous", "C’est à vous, guichet 3"),
        "nl": ("1\u00a0persoon vóór u", "Het is uw beurt, loket 3"),
    }
    before, turn = told[language]
    expect(page.get_by_text("Aucun appel en ce moment.")).to_be_visible()
    expect(page.get_by_text("Op dit ogenblik zijn er geen oproepen.")).to_be_visible()
    expect(phone.locator("#standing").get_by_text(before)).to_be_visible()
    axe(page)
    look(phone)

    hall.calls_next()
    page.clock.run_for(4_000)
    large = page.locator(".call--large")
    expect(large).to_have_text("A\u00a0026→3")
    expect(page.get_by_role("log")).to_have_text("A\u00a0026, guichet 3. A\u00a0026, loket 3")
    page.clock.run_for(SOON)
    expect(large).to_have_count(0)
    expect(page.locator(".calls--now .call")).to_have_count(1)

    hall.takes(26, Step.BEGIN, Step.DONE)
    hall.calls_next()
    page.clock.run_for(4_000)
    phone.clock.run_for(SOON)
    expect(large).to_have_text("A\u00a0027→3")
    expect(page.locator(".calls--last .call")).to_have_text("A\u00a0026→3")
    expect(phone.get_by_role("heading", level=1)).to_have_text(turn)
    expect(phone).to_have_title(f"{turn} · {'Mairie Nord' if language == 'fr' else 'Gemeente Noord'}")
    expect(phone.get_by_role("alert")).to_have_text(turn)
    axe(page)
    look(phone)


def test_a_screen_without_network_keeps_what_it_shows_and_says_of_when(
    hall: Hall, page: Page, site: str, axe: Callable[[Page], None], complaints: list[str]
) -> None:
    page.clock.install()
    hall.calls_next()
    page.goto(f"{site}/screen/{hall.screen}")
    page.clock.run_for(4_000)

    page.context.set_offline(True)
    page.clock.run_for(SOON)
    expect(page.get_by_text("Connexion perdue. Vous voyez la situation de 08:00.")).to_be_visible()
    expect(page.get_by_text("Geen verbinding. U ziet de toestand van 08:00.")).to_be_visible()
    expect(page.locator(".calls--now .call")).to_have_text("A\u00a0026→3")
    axe(page)

    page.context.set_offline(False)
    page.clock.run_for(SOON)
    expect(page.get_by_text("Connexion perdue")).to_be_hidden()
    complaints.clear()


def test_the_screen_and_the_phone_say_the_same_without_scripts(hall: Hall, page_no_js: Page, site: str) -> None:
    hall.calls_next()
    page_no_js.goto(f"{site}/screen/{hall.screen}")
    expect(page_no_js.locator(".call")).to_have_text("A\u00a0026→3")
    page_no_js.goto(f"{site}{STATUS['fr']}")
    expect(page_no_js.locator("#standing").get_by_text("Vous êtes la prochaine personne.")).to_be_visible()

    hall.takes(26, Step.BEGIN, Step.DONE)
    hall.calls_next()
    page_no_js.get_by_role("link", name="Actualiser").click()
    expect(page_no_js.get_by_role("heading", level=1)).to_have_text("C’est à vous, guichet 3")


def test_a_hall_that_rings_asks_for_the_one_touch_that_browsers_want(hall: Hall, page: Page, site: str) -> None:
    page.goto(f"{site}/screen/{hall.screen}")
    button = page.get_by_role("button", name="Activer le son")
    button.click()
    expect(button).to_be_hidden()


@pytest.mark.parametrize("address", ["/fr/mairie-nord/board", "/nl/gemeente-noord/board"])
def test_the_board_is_for_everybody(
    hall: Hall, page: Page, site: str, look: Callable[[Page], None], address: str
) -> None:
    page.goto(f"{site}{address}")
    look(page)
