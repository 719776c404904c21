"""Somebody calls because they come for something else: staff change what a visit is for, by the way of moving it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotTogether, OutOfDate, SlotTaken
from booking.core.roles import Role
from booking.models import Appointment, AppointmentLine, CounterService, Message, Service
from booking.models.messages import MessageKind
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.moves_by_staff import move_for
from tests.factories import Working, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import HALF_PAST_TEN, booked
from tests.usecases.test_steps import both_booked

AGENT = Actor(Role.AGENT)


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session)


@pytest.fixture
def passport(session: Session, home: Working) -> Service:
    """Passports, at the counter where cards are made."""
    service = a_service(session, home.commune, code="passport")
    session.add(CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=service.id))
    session.flush()
    return service


def changed(session: Session, home: Working, number: int, *lines: WishedLine, **other: Any) -> None:
    visit = session.get_one(Appointment, number, populate_existing=True)
    own: dict[str, Any] = {"commune_id": home.commune.id, "appointment_id": number}
    where: dict[str, Any] = {"office_ids": [home.office.id], "office_id": home.office.id, "counter_id": None}
    wish: dict[str, Any] = {"start": visit.start, "lines": lines, "version": visit.version}
    move_for(session, **own, **where, **(wish | other), actor=AGENT, now=EARLY)
    session.expire_all()


def lines_of(session: Session) -> list[tuple[int, int, dict[str, str] | None]]:
    lines = session.scalars(select(AppointmentLine).order_by(AppointmentLine.position))
    return [(one.service_id, one.persons, one.answers) for one in lines]


def told(session: Session) -> int:
    return len(session.scalars(select(Message.id).where(Message.kind == MessageKind.MOVED)).all())


def test_a_service_is_added_where_the_visit_stands_and_what_was_answered_stays(
    session: Session, home: Working, passport: Service
) -> None:
    number = booked(session, home).id
    session.scalars(select(AppointmentLine)).one().answers = {"why": "expired"}
    session.flush()
    changed(session, home, number, WishedLine(home.service.id, 2), WishedLine(passport.id))

    visit = session.get_one(Appointment, number)
    assert (visit.start, visit.end) == (HALF_PAST_TEN, at(MONDAY, "11:10"))
    assert lines_of(session) == [(home.service.id, 2, {"why": "expired"}), (passport.id, 1, None)]
    assert told(session) == 1
    assert problems(session, now=EARLY) == []


def test_something_else_that_takes_as_long_is_told_too(session: Session, home: Working, passport: Service) -> None:
    number = booked(session, home).id
    changed(session, home, number, WishedLine(passport.id))

    assert lines_of(session) == [(passport.id, 1, None)]
    assert told(session) == 1, "another service wants other papers"
    assert problems(session, now=EARLY) == []


def test_the_same_again_at_the_same_time_is_told_nobody(session: Session, home: Working) -> None:
    number = booked(session, home).id
    changed(session, home, number, WishedLine(home.service.id))

    assert told(session) == 0


def test_what_has_no_room_changes_nothing(session: Session, home: Working, passport: Service) -> None:
    number = booked(session, home).id
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "10:45"))
    before = lines_of(session)
    with pytest.raises(SlotTaken), session.begin_nested():
        changed(session, home, number, WishedLine(home.service.id), WishedLine(passport.id))

    assert lines_of(session) == before


def test_whoever_saw_an_older_visit_changes_nothing(session: Session, home: Working, passport: Service) -> None:
    number = booked(session, home).id
    with pytest.raises(OutOfDate), session.begin_nested():
        changed(session, home, number, WishedLine(passport.id), version=0)

    assert [line[0] for line in lines_of(session)] == [home.service.id]


def test_a_step_stays_what_it_is(session: Session) -> None:
    place, information, _ = both_booked(session)
    other = a_service(session, place.commune, code="passport")
    with pytest.raises(NotTogether):
        changed(session, place, information.id, WishedLine(other.id))
