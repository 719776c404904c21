"""A strike on Thursday: Dora closes the day, everybody is settled to the last person, and residents go on booking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.rebookings import Settled
from booking.core.references import link_token
from booking.core.roles import Role
from booking.models import Appointment, RebookedVisit
from booking.usecases.appointments import Wish
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.proposal_answers import accept
from tests.browser.commune import DORA
from tests.browser.readers import Reader
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import Working, a_person, a_working_commune, an_appointment, code_for
from tests.moments import MONDAY, Clock, at
from tests.usecases.booking import booked

THURSDAY, FRIDAY, WEDNESDAY = (MONDAY + timedelta(days=number) for number in (3, 4, 9))
WALLS = [f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]
PEOPLE = 2 * len(WALLS)
RINGS = "+32470123456"


@pytest.fixture
def place(database: Database) -> Working:
    """Every time of Thursday is somebody's; every eighth of them has a telephone only."""

    def rows(session: Session) -> Working:
        place = a_working_commune(session, counters=2)
        dora = {"name": "Dora Willems", "email": DORA, "role": Role.ADMINISTRATOR, "language": "fr"}
        a_person(session, place.commune, **dora)
        for number in range(PEOPLE):
            reached = {"email": None, "phone": RINGS} if number % 8 == 7 else {"email": f"p{number}@example.org"}
            start = at(THURSDAY, WALLS[number // 2])
            an_appointment(session, place.counters[number % 2], place.service, start=start, **reached)
        return place

    made: Working = database.write(rows)
    return made


def somebody_books(database: Database, place: Working, day: date, wall: str) -> None:
    """A resident takes a time meanwhile."""
    who = Wish(name="Bilal Amrani", email=f"b{wall[:2]}@example.org", phone=None, language="fr")
    database.write(lambda session: booked(session, place, start=at(day, wall), wish=who) and None)


def in_state(database: Database, state: Settled) -> list[int]:
    wanted = select(RebookedVisit.appointment_id).where(RebookedVisit.state == state)
    found: list[int] = database.all(wanted.order_by(RebookedVisit.of_start, RebookedVisit.id))
    return found


@pytest.mark.engines("sqlite")
def test_a_strike_day_is_settled_to_the_last_person_while_residents_book(
    page: Page,
    open_browser: Callable[..., Page],
    site: str,
    place: Working,
    database: Database,
    worker: Callable[[], int],
    clock: Clock,
    look: Callable[[Page], None],
) -> None:
    dora = Reader(page, site, "fr")
    dora.sign_in(DORA, code=code_for(clock.now))
    dora.open("admin/closures/new/town-hall")
    dora.type(first="7/1/2027", reason_fr="Grève", reason_nl="Staking")
    page.locator("main form .govuk-button").first.click()
    dora.reads(f"Ce changement touche {PEOPLE} rendez-vous.")
    page.locator("[name=for_all][value=propose]").check()
    look(page)
    somebody_books(database, place, FRIDAY, "08:00")
    dora.press("Save the change")
    dora.reads(f"Une autre heure est recherchée pour {PEOPLE}\u00a0personnes.")
    look(page)

    worker()
    somebody_books(database, place, WEDNESDAY, "11:45")
    page.reload()
    dora.reads("autre heure proposée")
    look(page)
    assert len(in_state(database, Settled.PROPOSED)) == PEOPLE

    # Three answer in their own browsers, in each of the three ways.
    first, second, third, *others = (one for one in in_state(database, Settled.PROPOSED))
    answers(open_browser(), site, database, first, "proposal", "Accept this time", look)
    answers(open_browser(), site, database, third, "end", "Yes, cancel", look)
    chooses(open_browser(), site, database, second)
    by_mail = [one for one in others if database.one(select(Appointment.email).where(Appointment.id == one))]
    for one in by_mail[:-1]:
        told = {"attempt": 1, "version": 1, "actor": Actor(role=Role.RESIDENT), "now": clock.now}
        database.write(accept, commune_id=place.commune.id, appointment_id=one, **told)

    # Whom no mail reaches is rung, and so is whoever has not answered when the time is over.
    by_phone = [one for one in others if one not in by_mail]
    for number in by_phone:
        dora.open(f"agent/visits/{number}")
        if number == by_phone[0]:
            look(page)
        dora.press("They take this time")
        dora.reads("La visite a sa nouvelle heure.")
    clock.forward(days=3)
    worker()
    dora.sign_in(DORA, code=code_for(clock.now))
    (last,) = in_state(database, Settled.TO_CALL)
    dora.open("admin/rebookings")
    look(page)
    page.locator("main table a").first.click()
    dora.reads(f"1 rendez-vous sur {PEOPLE} est encore à régler.")
    dora.open(f"agent/visits/{last}")
    dora.press("Settled: the visit stands as it is")
    dora.reads("Réglé par téléphone")
    dora.open("admin/rebookings")
    dora.reads("tout est réglé")

    assert database.count(RebookedVisit, RebookedVisit.settled_at.is_(None)) == 0
    here = (Appointment.local_date == THURSDAY, Appointment.state == AppointmentState.BOOKED)
    assert database.all(select(Appointment.id).where(*here)) == [last]
    assert database.count(Appointment, Appointment.name == "Bilal Amrani") == 2
    with Session(database.engine) as session:
        found = problems(session, now=clock.now)
    assert [one for one in found if "has a confirmation in the outbox" not in one] == []


def opened(page: Page, site: str, database: Database, number: int, step: str) -> Reader:
    """Somebody opens a link of the message."""
    reader = Reader(page, site, "fr")
    nonce = database.one(select(Appointment.nonce).where(Appointment.id == number))
    reader.open(f"appointment/open/{link_token(SECRET, 'appointment', nonce)}/{step}")
    return reader


def answers(
    page: Page, site: str, database: Database, number: int, step: str, button: str, look: Callable[[Page], None]
) -> None:
    reader = opened(page, site, database, number, step)
    look(page)
    reader.press(button)
    reader.reads("déplacé" if step == "proposal" else "annulé")


def chooses(page: Page, site: str, database: Database, number: int) -> None:
    """Somebody takes another day than the one that was proposed."""
    reader = opened(page, site, database, number, "choose")
    reader.reads("Vous choisissez une nouvelle heure")
    reader.open(f"services/identity-card/times?day={WEDNESDAY}")
    page.click(f"button.time[value='{int(at(WEDNESDAY, '09:00').timestamp()) // 60}']")
    reader.press("Yes, change my appointment")
    reader.reads("déplacé")
