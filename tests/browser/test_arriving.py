"""A morning at the door: the kiosk in the hall, touched and typed at, and the reception with its scanner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import CounterService, Office
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_service, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

AICHA = "aicha@mairie-nord.example"
SLUGS = {"fr": "mairie-nord", "nl": "gemeente-noord"}


@dataclass(frozen=True)
class Door:
    home: Working
    reference: str
    cancelled: str
    other: str


@pytest.fixture
def door(database: Database, clock: Clock) -> Door:
    clock.now = at(MONDAY, "08:50")

    def rows(session: Session) -> Door:
        home = a_working_commune(session, counters=2)
        home.opening.mode, home.service.mode = Mode.BOTH, ServiceMode.BOTH
        a_person(session, home.commune, name="Aïcha", email=AICHA, role=Role.RECEPTIONIST)
        ana = an_appointment(session, home.counter, home.service)
        gone = {"start": at(MONDAY, "10:00"), "state": AppointmentState.CANCELLED}
        cancelled = an_appointment(session, home.counter, home.service, **gone)
        yusuf = an_appointment(session, home.counters[1], home.service, name="Yusuf Demir")
        return Door(home, ana.reference or "", cancelled.reference or "", yusuf.reference or "")

    return database.write(rows)


def test_the_kiosk_gives_a_number_with_and_without_an_appointment(ana: Walker, door: Door) -> None:
    page = ana.page
    ana.open("kiosk/town-hall")
    ana.looks()
    page.locator(".kiosk-choice").first.click()
    ana.looks()
    page.fill("[name=reference]", door.cancelled)
    page.press("[name=reference]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    ana.looks()
    page.locator(".kiosk-restart a").click()
    page.locator(".kiosk-choice").first.click()
    page.fill("[name=reference]", door.reference)
    page.press("[name=reference]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")
    ana.looks()
    page.locator(".kiosk-restart a").click()
    page.locator(".kiosk-choice").last.click()
    ana.looks()
    page.locator(".kiosk-choice").click()
    page.locator(".govuk-radios__label").nth(1).click()
    ana.looks()
    page.locator("[value=needs]").click()
    ana.looks()
    page.locator(".kiosk-needs .govuk-checkboxes__label").first.click()
    page.locator("#take .kiosk-button").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0002")
    expect(page.locator("body")).not_to_contain_text("Ana")


def test_keys_on_the_screen_type_the_reference(page: Page, site: str, door: Door) -> None:
    page.goto(f"{site}/fr/mairie-nord/kiosk/town-hall/appointment")
    for letter in f"{door.reference}2":
        page.locator(f".kiosk-key[value='{letter}']").click()
    page.get_by_role("button", name="Effacer").click()
    expect(page.locator("[name=reference]")).to_have_value(door.reference)
    page.get_by_role("button", name="Je suis là").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")


def test_nobody_finds_the_page_of_whoever_was_there_before(
    page: Page, site: str, door: Door, axe: Callable[[Page], None]
) -> None:
    page.clock.install()
    page.goto(f"{site}/fr/mairie-nord/kiosk/town-hall/services")
    page.clock.fast_forward(61_000)
    asked = page.get_by_role("button", name="Oui, il me faut plus de temps")
    expect(asked).to_be_focused()
    axe(page)
    asked.click()
    expect(asked).to_be_hidden()
    page.clock.fast_forward(61_000)
    page.clock.fast_forward(21_000)

    page.wait_for_url(f"{site}/fr/mairie-nord/kiosk/town-hall")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_reception_works_by_scanner_and_keyboard(
    language: str, open_browser: Callable[..., Page], site: str, door: Door, axe: Callable[[Page], None]
) -> None:
    page = open_browser(locale=f"{language}-BE")
    here = f"{site}/{language}/{SLUGS[language]}/agent/"
    page.goto(f"{here}sign-in")
    page.fill("[name=email]", AICHA)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.endswith("sign-in"))
    page.goto(f"{here}reception")
    axe(page)
    scan(page, door.cancelled)
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    scan(page, door.reference)
    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")
    axe(page)
    scan(page, "yusuf demri")
    expect(page.get_by_role("link", name="Yusuf Demir").first).to_be_visible()
    axe(page)
    page.goto(f"{here}reception/walk-in")
    page.select_option("[name=service_1]", index=1)
    axe(page)
    page.press("[name=persons_1]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0002")
    axe(page)
    page.goto(f"{here}reception/paper")
    axe(page)


def scan(page: Page, typed: str) -> None:
    """A scanner types where the cursor is, and presses Enter."""
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_family_takes_one_ticket_for_everything(
    language: str, page: Page, site: str, door: Door, database: Database, axe: Callable[[Page], None]
) -> None:
    def passports(session: Session) -> None:
        name = Translated.of(fr="Passeport", nl="Paspoort")
        passport = a_service(session, door.home.commune, code="passport", name=name, mode=ServiceMode.BOTH)
        counter = session.merge(door.home.counter)
        session.add(CounterService(commune_id=counter.commune_id, counter_id=counter.id, service_id=passport.id))
        session.get_one(Office, counter.office_id).schedule_version += 1

    database.write(passports)
    page.goto(f"{site}/{language}/{SLUGS[language]}/kiosk/town-hall/services/identity-card")
    page.locator(".govuk-radios__label").nth(1).click()
    page.locator("[value=more]").click()
    axe(page)
    page.locator(".kiosk-choice").click()
    expect(page.locator("input:checked").first).to_have_value("2")
    axe(page)
    page.locator("#take .kiosk-button").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("A\u00a0001")
    expect(page.locator(".slip, .ticket-page").first).to_contain_text("Passeport")
