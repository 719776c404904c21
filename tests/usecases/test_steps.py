"""A service in two steps once it is booked: the file stays after the information, and both stay one wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import StepsOutOfOrder, TooManyAppointments
from booking.core.roles import Role
from booking.models import Appointment, Seat
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.journal import Actor
from booking.usecases.limits import CONTACT, PERSON
from booking.usecases.moves import basket_of
from booking.usecases.moves_by_staff import free_times, move_for
from booking.usecases.undoing import undo_cancellation
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed

A_WEEK_LATER = at(MONDAY + timedelta(days=7), "09:00")
SOMEBODY, AGENT = Actor(role=Role.RESIDENT), Actor(role=Role.AGENT)


def both_booked(session: Session, **other: Any) -> tuple[Working, Appointment, Appointment]:
    """A wedding: twenty minutes of information, and the file a week later, as early as it may be."""
    place = a_working_commune(session)
    place.service.minutes_first, place.service.max_persons = 45, 1
    place.service.information_minutes, place.service.information_days = 20, 7
    session.flush()
    wish: dict[str, Any] = {"lines": [WishedLine(place.service.id)], "start": HALF_PAST_TEN, "then": A_WEEK_LATER}
    where: dict[str, Any] = {"commune_id": place.commune.id, "office_id": place.office.id, "now": EARLY}
    terms: dict[str, Any] = {"length": timedelta(minutes=10), "client": None, "per_client": 5}
    confirmed(session, place, hold_steps(session, **wish, **where, **terms), **other)
    information, file = session.scalars(select(Appointment).order_by(Appointment.start)).all()
    return place, information, file


def moved(session: Session, place: Working, visit: Appointment, start: datetime) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    where: dict[str, Any] = {"office_ids": [place.office.id], "office_id": place.office.id, "counter_id": None}
    move_for(session, **own, **where, start=start, actor=AGENT, now=EARLY)
    session.expire_all()


def cancelled(session: Session, place: Working, visit: Appointment, **other: bool) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    assert cancel(session, **own, actor=SOMEBODY, now=EARLY, **other)
    session.expire_all()


def undone(session: Session, place: Working, visit: Appointment) -> None:
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    undo_cancellation(session, **own, per_contact=1, actor=SOMEBODY, now=EARLY)
    session.expire_all()


def seats(session: Session) -> list[tuple[int, str]]:
    """Who has which places."""
    return [(seat.appointment_id, seat.kind) for seat in session.scalars(select(Seat).order_by(Seat.kind))]


def test_staff_too_keep_the_file_after_the_information(session: Session) -> None:
    place, information, file = both_booked(session)
    for visit, start in ((file, at(MONDAY, "11:00")), (information, at(MONDAY + timedelta(days=1), "10:00"))):
        with pytest.raises(StepsOutOfOrder), session.begin_nested():
            moved(session, place, visit, start)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=1))
    moved(session, place, information, at(MONDAY + timedelta(days=1), "10:00"))

    assert problems(session, now=EARLY) == []


def test_staff_are_shown_only_times_that_keep_the_order(session: Session) -> None:
    place, _, file = both_booked(session)
    wish: dict[str, Any] = {"office": place.office, "basket": basket_of(session, appointment=file)}

    assert free_times(session, **wish, day=MONDAY + timedelta(days=1), now=EARLY) == []
    assert free_times(session, **wish, day=A_WEEK_LATER.date(), now=EARLY)


def test_a_cancelled_step_does_not_come_back_before_the_other(session: Session) -> None:
    place, information, file = both_booked(session, per_contact=1)
    cancelled(session, place, information)
    moved(session, place, file, at(MONDAY, "11:00"))

    with pytest.raises(StepsOutOfOrder):
        undone(session, place, information)


def test_the_step_that_is_left_counts_for_the_limits(session: Session) -> None:
    place, information, file = both_booked(session, per_contact=1)
    assert seats(session) == [(file.id, CONTACT), (file.id, PERSON)]
    cancelled(session, place, file)
    assert seats(session) == [(information.id, CONTACT), (information.id, PERSON)]
    with pytest.raises(TooManyAppointments), session.begin_nested():
        confirmed(
            session, place, held_once_more(session, place), wish=replace(ANA, name="Another Person"), per_contact=1
        )

    undone(session, place, file)
    assert seats(session) == [(file.id, CONTACT), (file.id, PERSON)]
    assert problems(session, now=EARLY) == []


def held_once_more(session: Session, place: Working) -> str:
    wish: dict[str, Any] = {"lines": [WishedLine(place.service.id)], "start": at(MONDAY, "11:00")}
    then = {"then": A_WEEK_LATER + timedelta(days=1), "commune_id": place.commune.id, "office_id": place.office.id}
    return hold_steps(session, **wish, **then, length=timedelta(minutes=10), client=None, per_client=5, now=EARLY)


def test_who_cancels_both_leaves_no_place_behind(session: Session) -> None:
    place, information, _ = both_booked(session)
    cancelled(session, place, information, both=True)

    assert seats(session) == []
    assert booked(session, place)
