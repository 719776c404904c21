"""Somebody calls: the reception books for them by keyboard alone, in few presses, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import Appointment, AppointmentLine, Commune, Counter, CounterService, Service
from tests.browser.commune import a_commune_at_work
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import PASSWORD, a_person

ROSA = "rosa@mairie-nord.example"
MOST_PRESSES = 30
SLUGS = {"fr": "mairie-nord", "nl": "gemeente-noord"}
BACK_TO_WHAT_ELSE = 5
ANOTHER = {"fr": "pass", "nl": "reis"}
TYPED = {"fr": "identit", "nl": "identit"}
MADE = {"fr": "Le rendez-vous est fixé.", "nl": "De afspraak ligt vast."}


@dataclass
class Keys:
    """A keyboard that counts: nothing else is touched."""

    page: Page
    pressed: int = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        expect(self.page.locator("input:focus")).to_be_visible()  # the page gives its focus when it is first painted
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def choose(self, text: str) -> None:
        """The option of a list that begins so."""
        expect(self.page.locator("select:focus")).to_be_visible()
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def enter(self) -> None:
        # A search while one types changes the address, too: only a page that loads is where Enter leads to.
        expect(self.page.locator(":focus")).to_be_visible()
        with self.page.expect_event("load"):
            self.press("Enter")


def at_the_reception(ana: Walker, database: Database, also: Callable[[Session], None] = lambda session: None) -> str:
    """Rosa has signed in; gives the address of her pages."""

    def rows(session: Session) -> None:
        a_commune_at_work(session, ana.language)
        home = session.scalars(select(Commune)).one()
        a_person(session, home, name="Rosa", email=ROSA, role=Role.RECEPTIONIST, language=ana.language)
        also(session)

    database.write(rows)
    here = f"{ana.site}/{ana.language}/{SLUGS[ana.language]}/agent/"
    ana.page.goto(f"{here}sign-in")
    ana.page.fill("[name=email]", ROSA)
    ana.page.fill("[name=password]", PASSWORD)
    ana.page.press("[name=password]", "Enter")
    ana.page.wait_for_url(f"{here}*")
    return here


@pytest.mark.engines("sqlite")
def test_a_booking_takes_few_presses_beside_the_name(ana: Walker, database: Database) -> None:
    here = at_the_reception(ana, database)
    page, keys = ana.page, Keys(ana.page)
    page.goto(f"{here}book")
    ana.looks()

    keys.type(TYPED[ana.language])
    keys.enter()
    ana.looks()
    keys.press("ArrowDown")
    keys.enter()
    ana.looks()
    page.keyboard.type("Emma Peeters")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("0470123456")
    keys.enter()

    expect(page.get_by_text(MADE[ana.language])).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Emma Peeters")
    assert keys.pressed <= MOST_PRESSES, f"{keys.pressed} presses"
    ana.looks()

    keys.enter()
    assert page.url.endswith("/slip"), "the slip has the focus"


def passports_are_made_where_cards_are(session: Session) -> None:
    passport = session.scalars(select(Service).where(Service.code == "passport")).one()
    own = {"commune_id": passport.commune_id, "service_id": passport.id}
    session.add_all(CounterService(**own, counter_id=number) for number in session.scalars(select(Counter.id)))


@pytest.mark.engines("sqlite")
def test_a_second_service_is_added_by_keyboard_and_both_are_had_in_one_visit(ana: Walker, database: Database) -> None:
    here = at_the_reception(ana, database, passports_are_made_where_cards_are)
    page, keys = ana.page, Keys(ana.page)
    page.goto(f"{here}book")

    keys.type(TYPED[ana.language])
    keys.enter()
    first_time = page.locator("[name=start]").first
    expect(first_time).to_be_focused()
    for _ in range(BACK_TO_WHAT_ELSE):
        keys.press("Shift+Tab")
    keys.choose(ANOTHER[ana.language])
    keys.press("Tab")
    keys.enter()
    expect(page.locator("#wish-title")).to_contain_text(" + ")
    ana.looks()
    expect(first_time).to_be_focused()
    keys.enter()
    expect(page.locator(".holding__place")).to_contain_text(" + ")
    ana.looks()
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type("Emma Peeters")
    keys.enter()

    expect(page.get_by_text(MADE[ana.language])).to_be_visible()
    lines = database.all(select(AppointmentLine.minutes).join(Appointment).where(Appointment.name == "Emma Peeters"))
    assert lines == [15, 15]
    assert keys.pressed <= MOST_PRESSES, f"{keys.pressed} presses"


@pytest.mark.engines("sqlite")
def test_what_is_misheard_is_found_and_moved_by_keyboard(ana: Walker, database: Database) -> None:
    here = at_the_reception(ana, database)
    page, keys = ana.page, Keys(ana.page)
    page.goto(f"{here}find")

    keys.type("nadja hadad")
    keys.enter()
    ana.looks()
    keys.enter()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nadia Haddad")
    with page.expect_event("load"):
        ana.control("link", "Cancel the visit").press("Enter")
    ana.looks()
    keys.enter()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nadia Haddad")
    ana.looks()


@pytest.mark.engines("sqlite")
def test_no_time_is_taken_for_less_than_is_chosen_now(ana: Walker, database: Database) -> None:
    here = at_the_reception(ana, database, passports_are_made_where_cards_are)
    page = ana.page
    page.goto(f"{here}book?service=identity-card")
    times, said = page.locator(".of-this-wish"), page.locator(".of-another-wish")
    expect(times).to_be_visible()
    expect(said).to_be_hidden()
    page.locator("#line-0").select_option("identity-card:2")
    expect(said).to_be_visible()
    expect(times).to_be_hidden()
    page.locator("#line-0").select_option("identity-card:1")
    expect(times).to_be_visible()
    page.locator("#add").select_option("passport:1")
    expect(times).to_be_hidden()

    page.locator("#wish [type=submit]").first.click()
    expect(page.locator("#line-1")).to_have_value("passport:1")
    expect(times).to_be_visible()
    expect(said).to_be_hidden()
    ana.looks()
