"""Reminders in the outbox: as many as the services of a visit ask for, and none for a moment already past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.models import Appointment, AppointmentLine, Message, Service
from booking.models.messages import REMINDERS, MessageKind, MessageState
from booking.usecases.reminders import schedule_reminders
from tests.factories import Working, a_service, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, booked

IN_TWO_WEEKS = at(MONDAY + timedelta(days=14), "10:30")
ON_THURSDAY = at(MONDAY + timedelta(days=3), "10:30")


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session)


def reminders(session: Session, *states: MessageState) -> list[tuple[MessageKind, datetime]]:
    """The reminders that wait, or those in other states, by the moment they are due."""
    wanted = select(Message.kind, Message.due_at).where(
        Message.kind.in_(REMINDERS), Message.state.in_(states or (MessageState.QUEUED,))
    )
    return [tuple(row) for row in session.execute(wanted.order_by(Message.due_at, Message.id))]


def test_whoever_books_is_reminded_a_week_and_a_day_before(session: Session, place: Working) -> None:
    booked(session, place, start=IN_TWO_WEEKS)

    assert reminders(session) == [
        (MessageKind.REMINDER_1, at(MONDAY + timedelta(days=7), "10:30")),
        (MessageKind.REMINDER_2, at(MONDAY + timedelta(days=13), "10:30")),
    ]


def test_a_reminder_whose_moment_is_past_is_not_left(session: Session, place: Working) -> None:
    booked(session, place, start=ON_THURSDAY)
    booked(session, place, wish=ANA.__class__(name="Chloé", email="chloe@example.org", phone=None, language="fr"))

    assert reminders(session) == [(MessageKind.REMINDER_2, at(MONDAY + timedelta(days=2), "10:30"))]


@pytest.mark.parametrize("day", [date(2026, 10, 26), date(2027, 3, 29)])
def test_over_the_change_of_the_clock_it_is_due_at_the_time_on_the_wall(
    session: Session, place: Working, day: date
) -> None:
    visit = an_appointment(session, place.counter, place.service, start=at(day, "09:00"))

    again(session, place, visit, now=at(day - timedelta(days=30), "09:00"))

    assert [due for _, due in reminders(session)] == [
        at(day - timedelta(days=7), "09:00"),
        at(day - timedelta(days=1), "09:00"),
    ]


def test_the_reminders_of_all_services_of_a_visit_are_left_once(session: Session, place: Working) -> None:
    passport = a_service(session, place.commune, code="passport", reminder_hours=(48, 24, 2))
    visit = an_appointment(session, place.counter, place.service, start=IN_TWO_WEEKS)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "service_id": passport.id}
    add(session, AppointmentLine(**own, service_name=passport.name, persons=1, minutes=15, position=2))

    again(session, place, visit)

    assert [(kind, (visit.start - due).total_seconds() / 3600) for kind, due in reminders(session)] == [
        (MessageKind.REMINDER_1, 48),
        (MessageKind.REMINDER_2, 24),
        (MessageKind.REMINDER_3, 2),
    ]


def test_a_service_may_send_none(session: Session, place: Working) -> None:
    session.execute(update(Service).values(reminder_hours=()))
    booked(session, place, start=IN_TWO_WEEKS)

    assert reminders(session) == []


def test_a_moved_visit_is_reminded_of_at_its_new_time_alone(session: Session, place: Working) -> None:
    booked(session, place, start=IN_TWO_WEEKS)
    visit = session.scalars(select(Appointment)).one()
    visit.start, visit.end, visit.version = ON_THURSDAY, ON_THURSDAY + timedelta(minutes=15), visit.version + 1
    session.flush()

    again(session, place, visit)

    assert reminders(session) == [(MessageKind.REMINDER_2, at(MONDAY + timedelta(days=2), "10:30"))]
    assert len(reminders(session, MessageState.DROPPED)) == 2


def test_nobody_is_reminded_in_another_commune(session: Session, place: Working) -> None:
    visit = an_appointment(session, place.counter, place.service, start=IN_TWO_WEEKS)
    elsewhere = a_working_commune(session, slug="woluwe", postcodes=("1200",))

    again(session, elsewhere, visit)

    assert reminders(session) == []


def again(session: Session, place: Working, visit: Appointment, *, now: datetime = EARLY) -> None:
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=now)
