"""The call list: whoever cannot be sent anything stands on it until somebody has rung, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, JournalEntry, Message
from booking.models.messages import MessageKind, MessageState
from booking.usecases.calls import calls, number_to_call
from booking.usecases.calls_made import rung
from booking.usecases.cancellations import cancel
from booking.usecases.journal import Actor
from booking.usecases.messages import announce, lease_next
from booking.usecases.reminders import schedule_reminders
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at

VISIT = at(MONDAY + timedelta(days=14), "09:00")
WEEK_BEFORE = at(MONDAY + timedelta(days=7), "09:00")
DAY_BEFORE = at(MONDAY + timedelta(days=13), "09:00")
SILENT = {"email": None, "phone": "+32470123456"}
BILAL = Actor(Role.AGENT)
STRIKE = Translated.of(fr="Grève", nl="Staking")


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session)


def a_visit(session: Session, place: Working, **columns: Any) -> Appointment:
    visit = an_appointment(session, place.counter, place.service, **{"start": VISIT, **SILENT, **columns})
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=EARLY)
    return visit


def set_aside(session: Session, state: MessageState, **facts: Any) -> None:
    session.execute(update(Message).filter_by(**facts).values(state=state))


def listed(session: Session, place: Working, now: Any = WEEK_BEFORE) -> list[tuple[int, MessageKind]]:
    session.expire_all()
    found = calls(session, offices=[place.office], now=now)
    assert number_to_call(session, offices=[place.office], now=now) == len(found)
    return [(one.visit.id, one.kind) for one in found]


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.TO_RING])
def test_whoever_has_no_mail_address_is_rung_when_the_reminder_is_due(
    session: Session, place: Working, state: MessageState
) -> None:
    """Whether the worker has looked at it yet or not."""
    ana = a_visit(session, place)
    assert listed(session, place, WEEK_BEFORE - timedelta(seconds=1)) == []

    set_aside(session, state, kind=MessageKind.REMINDER_1)

    assert listed(session, place) == [(ana.id, MessageKind.REMINDER_1)]


def test_the_second_reminder_takes_the_place_of_the_first(session: Session, place: Working) -> None:
    ana = a_visit(session, place)
    set_aside(session, MessageState.TO_RING)

    assert listed(session, place, DAY_BEFORE) == [(ana.id, MessageKind.REMINDER_2)]


def test_nobody_without_a_number_is_to_be_reminded_but_an_end_is_told(session: Session, place: Working) -> None:
    visit = a_visit(session, place, phone=None)
    assert listed(session, place) == []

    told = {"commune_id": place.commune.id, "appointment_id": visit.id, "actor": BILAL, "now": EARLY}
    cancel(session, **told, reason=STRIKE)

    (call,) = calls(session, offices=[place.office], now=WEEK_BEFORE)
    assert (call.kind, call.phone, call.reason) == (MessageKind.CANCELLED_BY_COMMUNE, None, STRIKE)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": AppointmentState.CANCELLED},
        {"state": AppointmentState.MISSED},
        {"start": VISIT + timedelta(hours=1), "end": VISIT + timedelta(hours=2)},
    ],
    ids=["cancelled", "marked", "moved"],
)
def test_nobody_is_rung_about_what_is_no_longer_so(session: Session, place: Working, columns: dict[str, Any]) -> None:
    a_visit(session, place)
    set_aside(session, MessageState.TO_RING, kind=MessageKind.REMINDER_1)
    session.execute(update(Appointment).values(**columns))

    assert listed(session, place) == []


def test_nobody_is_rung_once_the_visit_has_begun(session: Session, place: Working) -> None:
    a_visit(session, place)
    set_aside(session, MessageState.TO_RING)

    assert len(listed(session, place, VISIT - timedelta(minutes=5))) == 1
    assert listed(session, place, VISIT) == []


def test_a_confirmation_that_was_refused_stays_although_reminders_wait(session: Session, place: Working) -> None:
    visit = an_appointment(session, place.counter, place.service, start=VISIT, phone="+32470123456")
    about = {"commune_id": place.commune.id, "appointment_id": visit.id, "now": EARLY}
    announce(session, MessageKind.CONFIRMATION, **about)
    set_aside(session, MessageState.REFUSED)
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=EARLY)

    (call,) = calls(session, offices=[place.office], now=EARLY)
    assert (call.kind, call.is_refused) == (MessageKind.CONFIRMATION, True)

    set_aside(session, MessageState.SENT, kind=MessageKind.REMINDER_1)
    assert listed(session, place) == [], "the mailbox takes messages again"


def test_whoever_was_rung_is_off_the_list_and_is_sent_nothing(session: Session, place: Working) -> None:
    visit = a_visit(session, place)
    (call,) = calls(session, offices=[place.office], now=WEEK_BEFORE)

    for _ in range(2):
        ring(session, place, call.message_id)

    assert listed(session, place) == []
    assert lease_next(session, now=WEEK_BEFORE) is None
    journal = select(JournalEntry.act, JournalEntry.subject_id, JournalEntry.fields)
    assert [tuple(row) for row in session.execute(journal)] == [("rang", visit.id, "phone")]


def test_what_a_worker_has_in_hand_is_not_taken_from_it(session: Session, place: Working) -> None:
    a_visit(session, place)
    (call,) = calls(session, offices=[place.office], now=WEEK_BEFORE)
    assert lease_next(session, now=WEEK_BEFORE) is not None

    ring(session, place, call.message_id)

    assert session.scalars(select(Message.state).where(Message.id == call.message_id)).one() == MessageState.LEASED


def test_nobody_is_rung_for_in_another_office(session: Session, place: Working) -> None:
    a_visit(session, place)
    station = an_office(session, place.commune, code="station")
    (call,) = calls(session, offices=[place.office], now=WEEK_BEFORE)

    assert calls(session, offices=[station], now=WEEK_BEFORE) == ()
    assert calls(session, offices=[], now=WEEK_BEFORE) == ()
    with pytest.raises(Unknown):
        ring(session, place, call.message_id, office_ids=[station.id])


@pytest.mark.engines("sqlite")
def test_whom_to_ring_is_found_without_reading_the_years_that_are_over(database: Database, place: Working) -> None:
    """Every page of staff counts them: it begins with the few messages that wait, not with the visits."""
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        planner = connection.connection.dbapi_connection.cursor()
        plans.extend(step[3] for step in planner.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with Session(database.engine) as session, listening(database.engine, "before_cursor_execute", explain):
        number_to_call(session, offices=[place.office], now=EARLY)

    text = "\n".join(plans)
    assert "ix_message_refused" in text
    assert "ix_message_due" in text
    read = [plan for plan in plans if " appointment " in f"{plan} "]
    assert read
    assert [plan for plan in read if "INTEGER PRIMARY KEY" not in plan] == []


@contextmanager
def listening(engine: Engine, what: str, heard: Callable[..., None]) -> Iterator[None]:
    event.listen(engine, what, heard)
    try:
        yield
    finally:
        event.remove(engine, what, heard)


def ring(session: Session, place: Working, message_id: int, office_ids: list[int] | None = None) -> None:
    where = {"commune_id": place.commune.id, "office_ids": office_ids or [place.office.id]}
    rung(session, **where, message_id=message_id, actor=BILAL, now=WEEK_BEFORE)  # type: ignore[arg-type]
