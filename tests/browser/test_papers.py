"""The call list, letters and stored sheets are for everybody: by keyboard, without scripts, on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import in_unit
from booking.models import Message, Service
from booking.models.messages import MessageKind, MessageState
from booking.usecases.calls_made import rung
from booking.usecases.cancellations import cancel
from booking.usecases.journal import Actor
from booking.usecases.reminders import schedule_reminders
from booking.usecases.sheets import Due, keep_sheet
from tests.browser.test_agent import HERE, sign_in
from tests.databases import Database
from tests.factories import Working, a_person, a_ticket, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

BY_BILAL = {"actor": Actor(Role.AGENT), "now": EARLY}
PHONE = {"email": None, "phone": "+32470123456"}


@pytest.fixture
def home(database: Database) -> Working:
    """Ana is to be reminded, Jean only reads letters, Nadia has not said that she comes, Yusuf was rung already."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=1)
        a_person(session, home.commune)
        home.service.asks_coming = True
        own = {"commune_id": home.commune.id}
        start = at(MONDAY + timedelta(days=1), "09:00")
        visits = {}
        for place, (name, reach) in enumerate(
            {
                "Ana Peeters": PHONE,
                "Jean Dupont": {"email": None, "phone": None},
                "Nadia Haddad": {"phone": "+32470123456"},
                "Yusuf Demir": PHONE,
            }.items()
        ):
            moment = start + timedelta(minutes=15 * place)
            visits[name] = an_appointment(session, home.counter, home.service, start=moment, name=name, **reach)
        schedule_reminders(session, **own, appointment_ids=[one.id for one in visits.values()], now=EARLY)
        last = {"kind": MessageKind.REMINDER_2}
        session.execute(update(Message).filter_by(**last).values(state=MessageState.TO_RING))
        nadia = {"appointment_id": visits["Nadia Haddad"].id, **last}
        session.execute(update(Message).filter_by(**nadia).values(state=MessageState.SENT))
        strike = Translated.of(fr="Grève", nl="Staking")
        cancel(session, **own, appointment_id=visits["Jean Dupont"].id, reason=strike, **BY_BILAL)
        theirs = session.query(Message.id).filter_by(appointment_id=visits["Yusuf Demir"].id, **last).scalar()
        rung(session, **own, office_ids=[home.office.id], message_id=theirs, **BY_BILAL)
        return home

    place = database.write(rows)
    due = Due(place.office.id, MONDAY, "x")
    in_unit(database.engine, keep_sheet, due=due, html="<!doctype html>", pdf=b"%PDF", is_working=True, now=EARLY)
    return place


def test_paper_is_for_everybody(page: Page, site: str, home: Working, axe: Callable[[Page], None]) -> None:
    sign_in(page, site)
    axe(page)
    expect(page.get_by_role("heading", name="En cas de panne du réseau")).to_be_visible()
    for address in ("calls", "calls?day=nonsense", "calls/letters"):
        page.goto(f"{site}{HERE}{address}")
        axe(page)
    expect(page.get_by_role("heading", name="Nous devons annuler votre rendez-vous")).to_be_visible()


def test_the_list_is_worked_by_keyboard_without_scripts(page_no_js: Page, site: str, home: Working) -> None:
    page = page_no_js
    sign_in(page, site)
    page.goto(f"{site}{HERE}calls")
    row = page.get_by_role("row", name="Jean Dupont")
    expect(row.get_by_text("à prévenir par lettre")).to_be_visible()
    row.get_by_role("button", name="Lettre écrite").press("Enter")
    expect(page.get_by_text("C’est noté comme fait.")).to_be_visible()

    done = page.get_by_role("row", name="Jean Dupont")
    expect(done.get_by_text("un agent")).to_be_visible()
    done.get_by_role("button", name="Revenir en arrière").press("Enter")
    expect(page.get_by_role("button", name="Lettre écrite")).to_be_visible()

    page.get_by_role("row", name="Nadia Haddad").get_by_role("button", name="Appelé").press("Enter")
    expect(page.get_by_role("heading", name="Pas encore confirmé")).to_have_count(0)


@pytest.mark.parametrize("address", ["", "calls", "calls/letters"])
def test_no_paper_scrolls_sideways_on_a_phone(phone: Page, site: str, home: Working, address: str) -> None:
    sign_in(phone, site)
    phone.goto(f"{site}{HERE}{address}")

    assert phone.evaluate("document.documentElement.scrollWidth") == 375


def test_on_paper_the_list_has_boxes_and_no_buttons_and_the_letters_nothing_else(
    page: Page, site: str, home: Working
) -> None:
    sign_in(page, site)
    page.goto(f"{site}{HERE}calls")
    expect(page.locator(".tick-box").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".tick-box").first).to_be_visible()
    expect(page.get_by_role("button", name="Lettre écrite")).to_be_hidden()
    expect(page.get_by_text("Yusuf Demir")).to_be_hidden()

    page.goto(f"{site}{HERE}calls/letters")
    expect(page.get_by_role("link", name="Fichier PDF")).to_be_hidden()
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".paper-letter").first).to_be_visible()


@pytest.mark.engines("sqlite")
def test_the_slip_of_a_ticket_is_one_short_piece_of_a_receipt(
    page: Page, site: str, home: Working, database: Database
) -> None:
    def waits(session: Session) -> int:
        service = session.get_one(Service, home.service.id)
        service.name = Translated.of(
            fr="Légalisation de signature, copie certifiée conforme",
            nl="Wettiging van een handtekening, eensluidend afschrift",
        )
        return a_ticket(session, home.office, service, persons=2, issued_at=EARLY).id

    number = database.write(waits)
    sign_in(page, site)
    page.goto(f"{site}{HERE}reception/tickets/{number}")
    printed = page.pdf(prefer_css_page_size=True)

    (box,) = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    wide, long = (float(points) / 72 * 25.4 for points in box)
    assert wide == pytest.approx(80, abs=1)
    assert long <= 180
