"""A time that Ana gives back rests before others see it, and she can have it again meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.references import new_key
from booking.core.roles import Role
from booking.models import Appointment
from booking.usecases.appointments import Booked
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.moves import accept, hold_instead
from booking.usecases.offers import free_days
from booking.usecases.undoing import undo_cancellation
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import booked as booked_at
from tests.usecases.booking import held

HOUR = timedelta(hours=1)
TUESDAY = MONDAY + timedelta(days=1)
HALF_PAST_TEN = at(TUESDAY, "10:30")
ANA, DORA = Actor(role=Role.RESIDENT), Actor(role=Role.ADMINISTRATOR)


def resting(session: Session, minutes: int = 60) -> Working:
    place = a_working_commune(session)
    place.service.freed_minutes = minutes
    session.flush()
    return place


def booked(session: Session, place: Working, start: datetime = HALF_PAST_TEN) -> Booked:
    return booked_at(session, place, start=start)


def is_free(session: Session, place: Working, now: datetime, start: datetime = HALF_PAST_TEN) -> bool:
    wish: dict[str, Any] = {"office": place.office, "basket": Basket.of(place.service), "now": now}
    return start in free_days(session, first=TUESDAY, last=TUESDAY, **wish).get(TUESDAY, ())


def given_back(session: Session, place: Working, number: int, actor: Actor = ANA) -> int:
    version = session.get_one(Appointment, number, populate_existing=True).version
    where = {"commune_id": place.commune.id, "appointment_id": number, "actor": actor, "version": version}
    cancel(session, **where, now=EARLY)  # type: ignore[arg-type]
    return version + 1


def sound(session: Session) -> bool:
    return [line for line in problems(session, now=EARLY) if "told of" not in line and "confirmation" not in line] == []


def test_a_time_that_is_given_back_is_free_within_the_hour_and_not_at_once(session: Session) -> None:
    place = resting(session)
    given_back(session, place, booked(session, place).id)

    assert not is_free(session, place, EARLY)
    assert is_free(session, place, EARLY + HOUR)
    assert sound(session)
    assert held(session, place, start=HALF_PAST_TEN, now=EARLY + HOUR)


def test_how_long_it_rests_is_nothing_one_could_know(session: Session) -> None:
    place = resting(session)
    until = []
    for wall in ("10:15", "10:30", "10:45", "11:00", "11:15"):
        given_back(session, place, booked(session, place, start=at(TUESDAY, wall)).id)
        until += session.scalars(select(Appointment.held_until).where(Appointment.start == at(TUESDAY, wall))).all()
    ends = {moment for moment in until if moment}

    assert len(ends) == 5
    assert all(EARLY < moment <= EARLY + HOUR for moment in ends)


def test_what_staff_cancel_is_free_at_once(session: Session) -> None:
    place = resting(session)
    given_back(session, place, booked(session, place).id, actor=DORA)

    assert is_free(session, place, EARLY)


def test_whoever_takes_the_cancellation_back_has_the_time_again(session: Session) -> None:
    place = resting(session)
    made = booked(session, place)
    version = given_back(session, place, made.id)
    where = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": ANA, "version": version}

    assert undo_cancellation(session, **where, per_contact=4, now=EARLY + timedelta(minutes=1))  # type: ignore[arg-type]
    states = session.scalars(select(Appointment.state), execution_options={"populate_existing": True}).all()
    assert states == [AppointmentState.BOOKED]
    assert sound(session)


def test_the_time_that_is_left_by_a_move_rests_as_well(session: Session) -> None:
    place = resting(session)
    made = booked(session, place)
    where = {"commune_id": place.commune.id, "office_id": place.office.id, "appointment_id": made.id}
    terms = {"length": HOUR, "client": "ana", "per_client": 5, "key": new_key(), "instead_of": None, "now": EARLY}
    start = at(TUESDAY, "11:00")
    key = hold_instead(session, **where, **terms, lines=[WishedLine(place.service.id)], start=start)  # type: ignore[arg-type]
    version = session.get_one(Appointment, made.id, populate_existing=True).version
    accept(session, commune_id=place.commune.id, hold_key=key, version=version, actor=ANA, now=EARLY)

    assert not is_free(session, place, EARLY)
    assert is_free(session, place, EARLY + HOUR)
    assert sound(session)


def test_with_the_list_it_goes_to_the_list(session: Session) -> None:
    place = resting(session)
    place.service.earlier_list = True
    session.flush()
    given_back(session, place, booked(session, place).id)

    assert is_free(session, place, EARLY)
