"""So many appointments in a day or a week: who has a place, what frees it, and what everybody sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import QuotaReached
from booking.core.quotas import QuotaPer
from booking.core.roles import Role
from booking.models import Appointment, CounterService, Seat, Service
from booking.usecases.appointments import Wish
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.erasure import erase
from booking.usecases.journal import Actor
from booking.usecases.limits import QUOTA
from booking.usecases.moves import accept, basket_of, hold_instead
from booking.usecases.moves_by_staff import free_times
from booking.usecases.names import correct_slip
from booking.usecases.offers import first_free, free_days
from booking.usecases.services import change_service, content_of
from booking.usecases.undoing import undo_cancellation
from tests.factories import Working, a_service, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed, held

ELEVEN = at(MONDAY, "11:00")
TUESDAY, NEXT_MONDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
DORA = Actor(role=Role.ADMINISTRATOR)
SOMEBODY = Actor(role=Role.RESIDENT)


def limited(session: Session, most: int, per: QuotaPer = QuotaPer.DAY, *, counters: int = 2) -> Working:
    """A commune that gives so many identity cards in a day or a week."""
    place = a_working_commune(session, counters=counters)
    place.service.quota, place.service.quota_per = most, per
    session.flush()
    return place


def bilal(number: int = 0) -> Wish:
    return replace(ANA, name=f"Bilal {number}", email=f"bilal{number}@example.org")


def free_on(session: Session, place: Working, day: date, **wish: Any) -> int:
    basket = wish.pop("basket", None) or Basket.of(place.service)
    found = free_days(session, office=place.office, basket=basket, first=day, last=day, now=EARLY)
    return len(found.get(day, ()))


def places(session: Session) -> list[tuple[str, int]]:
    seats = session.execute(select(Seat.period, Seat.n).where(Seat.kind == QUOTA).order_by(Seat.period, Seat.n))
    return [(row.period, row.n) for row in seats]


def sound(session: Session) -> bool:
    return [line for line in problems(session, now=EARLY) if "quota" in line] == []


def to_another_quota(session: Session, service: Service, most: int | None, per: QuotaPer | None) -> None:
    content = replace(content_of(session, service=service), quota=most, quota_per=per)
    own = {"commune_id": service.commune_id, "service_id": service.id}
    change_service(session, **own, content=content, actor=DORA, now=EARLY)  # type: ignore[arg-type]


def test_after_the_last_place_of_a_day_nothing_is_free_on_it(session: Session) -> None:
    place = limited(session, 1)
    booked(session, place)

    with pytest.raises(QuotaReached), session.begin_nested():
        held(session, place, start=ELEVEN)
    assert free_on(session, place, MONDAY) == 0
    assert free_on(session, place, TUESDAY) > 0
    start, _ = first_free(session, commune_id=place.commune.id, services=[place.service], now=EARLY)[place.service.id]
    assert start == at(TUESDAY, "08:00")


def test_a_week_is_full_from_monday_to_sunday(session: Session) -> None:
    place = limited(session, 1, QuotaPer.WEEK)
    booked(session, place)

    assert free_on(session, place, TUESDAY) == free_on(session, place, MONDAY + timedelta(days=4)) == 0
    assert free_on(session, place, NEXT_MONDAY) > 0
    assert held(session, place, start=at(NEXT_MONDAY, "10:30"))


def test_staff_are_bound_by_it_as_well(session: Session) -> None:
    place = limited(session, 1)
    booked(session, place)

    assert free_times(session, office=place.office, basket=Basket.of(place.service), day=MONDAY, now=EARLY) == []
    with pytest.raises(QuotaReached), session.begin_nested():
        held(session, place, start=ELEVEN, in_window=False)


def test_a_time_that_is_given_back_or_cancelled_gives_its_place_back(session: Session) -> None:
    place = limited(session, 1)
    made = booked(session, place)
    cancel(session, commune_id=place.commune.id, appointment_id=made.id, actor=DORA, now=EARLY)

    assert places(session) == []
    assert free_on(session, place, MONDAY) > 0


def test_a_hold_that_lapsed_keeps_no_place(session: Session) -> None:
    place = limited(session, 1)
    held(session, place)
    later = EARLY + timedelta(minutes=11)

    assert free_on(session, place, MONDAY) == 0
    assert held(session, place, start=ELEVEN, now=later)
    assert session.scalars(select(Appointment.start)).all() == [ELEVEN]


def moved(session: Session, place: Working, number: int, start: Any, **lines: Any) -> None:
    terms = {"length": timedelta(minutes=10), "client": "ana", "per_client": 5, "key": "k" * 32, "instead_of": None}
    where = {"commune_id": place.commune.id, "office_id": place.office.id, "appointment_id": number}
    wished = lines.get("lines", [WishedLine(place.service.id)])
    key = hold_instead(session, **where, **terms, lines=wished, start=start, now=EARLY)  # type: ignore[arg-type]
    version = session.get_one(Appointment, number).version
    accept(session, commune_id=place.commune.id, hold_key=key, version=version, actor=SOMEBODY, now=EARLY)


def test_whoever_moves_within_their_day_needs_no_second_place(session: Session) -> None:
    place = limited(session, 1)
    made = booked(session, place)
    own = basket_of(session, appointment=session.get_one(Appointment, made.id))

    assert free_on(session, place, MONDAY, basket=own) > 0
    moved(session, place, made.id, ELEVEN)
    assert places(session) == [("2027-01-04", 1)]


def test_whoever_moves_to_another_day_takes_a_place_there_and_leaves_their_own(session: Session) -> None:
    place = limited(session, 1)
    made = booked(session, place)
    moved(session, place, made.id, at(TUESDAY, "10:30"))

    assert places(session) == [("2027-01-05", 1)]
    assert sound(session)
    assert held(session, place, start=ELEVEN)


def test_nobody_moves_to_a_day_that_is_full(session: Session) -> None:
    place = limited(session, 1)
    made = booked(session, place)
    booked(session, place, start=at(TUESDAY, "10:30"), wish=bilal())

    with pytest.raises(QuotaReached), session.begin_nested():
        moved(session, place, made.id, at(TUESDAY, "11:00"))
    assert places(session) == [("2027-01-04", 1), ("2027-01-05", 1)]


def test_a_service_that_is_left_by_a_move_has_its_place_again(session: Session) -> None:
    place = limited(session, 1)
    passport = a_service(session, place.commune, code="passport")
    own = {"commune_id": place.commune.id, "service_id": passport.id}
    add(session, *(CounterService(**own, counter_id=counter.id) for counter in place.counters))
    made = booked(session, place, lines=[WishedLine(place.service.id), WishedLine(passport.id)])
    moved(session, place, made.id, ELEVEN, lines=[WishedLine(passport.id)])

    assert places(session) == []


def test_a_lowered_quota_takes_nobody_away_and_gives_no_place_until_enough_are_gone(session: Session) -> None:
    place = limited(session, 3)
    walls = ("10:15", "10:30", "10:45")
    made = [booked(session, place, start=at(MONDAY, wall), wish=bilal(n)) for n, wall in enumerate(walls)]
    to_another_quota(session, place.service, 2, QuotaPer.DAY)

    assert len(places(session)) == 3
    # Of three the first goes: two are left, which is all there may be.
    cancel(session, commune_id=place.commune.id, appointment_id=made[0].id, actor=DORA, now=EARLY)
    assert free_on(session, place, MONDAY) == 0
    with pytest.raises(QuotaReached), session.begin_nested():
        held(session, place, start=ELEVEN)
    cancel(session, commune_id=place.commune.id, appointment_id=made[1].id, actor=DORA, now=EARLY)
    assert held(session, place, start=ELEVEN)


def test_visits_that_were_there_before_the_quota_count(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    an_appointment(session, place.counter, place.service)
    booked(session, place)
    held(session, place, start=at(TUESDAY, "10:30"))
    to_another_quota(session, place.service, 1, QuotaPer.DAY)

    assert places(session) == [("2027-01-04", 1), ("2027-01-04", 2), ("2027-01-05", 1)]
    assert free_on(session, place, MONDAY) == 0
    to_another_quota(session, place.service, 5, QuotaPer.WEEK)
    assert places(session) == [("2027-W01", 1), ("2027-W01", 2), ("2027-W01", 3)]
    assert sound(session)
    to_another_quota(session, place.service, None, None)
    assert places(session) == []
    assert free_on(session, place, MONDAY) > 0


def test_a_cancellation_is_not_taken_back_when_somebody_else_has_the_place(session: Session) -> None:
    place = limited(session, 1)
    made = booked(session, place)
    version = session.get_one(Appointment, made.id).version
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": SOMEBODY}
    cancel(session, **own, version=version, now=EARLY)  # type: ignore[arg-type]
    other = held(session, place, start=ELEVEN)
    again = own | {"version": version + 1, "per_contact": 4, "now": EARLY}

    with pytest.raises(QuotaReached), session.begin_nested():
        undo_cancellation(session, **again)  # type: ignore[arg-type]
    session.execute(delete(Appointment).where(Appointment.hold_key == other))
    assert undo_cancellation(session, **again)  # type: ignore[arg-type]
    assert places(session) == [("2027-01-04", 1)]


def test_a_place_survives_another_name_and_another_contact(session: Session) -> None:
    """What belongs to the person is counted anew; the place of the day is the visit's."""
    place = limited(session, 1)
    key = held(session, place)
    confirmed(session, place, key)
    made = session.scalars(select(Appointment)).one()
    session.refresh(made)
    correct_slip(
        session,
        commune_id=place.commune.id,
        appointment_id=made.id,
        version=made.version,
        name="Ana Peters",
        per_contact=4,
        actor=SOMEBODY,
        now=EARLY,
    )
    assert places(session) == [("2027-01-04", 1)]


def test_the_time_and_the_place_are_one_hold(session: Session) -> None:
    place = limited(session, 5)
    held(session, place, start=HALF_PAST_TEN)

    assert places(session) == [("2027-01-04", 1)]


def test_a_visit_that_took_place_counts_though_its_person_has_every_trace_erased(session: Session) -> None:
    place = limited(session, 1, QuotaPer.WEEK)
    made = booked(session, place)
    visit = session.get_one(Appointment, made.id, populate_existing=True)
    visit.state = AppointmentState.FULFILLED
    session.flush()
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": visit.version}
    erase(session, **own, actor=SOMEBODY, now=ELEVEN)  # type: ignore[arg-type]

    assert places(session) == [("2027-W01", 1)]
    assert free_on(session, place, TUESDAY) == 0


def test_a_visit_without_its_place_is_found(session: Session) -> None:
    place = limited(session, 5)
    booked(session, place)
    session.execute(update(Seat).where(Seat.kind == QUOTA).values(period="2027-01-05"))

    assert not sound(session)
