"""Places of limits: who sits on one, and when it is free again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import HoldKind
from booking.core.errors import AlreadyBooked, TooManyHolds
from booking.models import Appointment, Seat
from booking.usecases.limits import HOLDS
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed, held

LAPSE = EARLY + timedelta(minutes=10)
ELEVEN, TUESDAY = at(MONDAY, "11:00"), at(MONDAY + timedelta(days=1), "10:30")


def test_whoever_has_booked_holds_nothing_any_more(session: Session) -> None:
    place = a_working_commune(session)
    confirmed(session, place, held(session, place, client="somebody", per_client=1))

    assert session.scalars(select(Seat.kind).where(Seat.kind == HOLDS)).all() == []
    assert held(session, place, start=ELEVEN, client="somebody", per_client=1)


def test_a_hold_that_lapsed_elsewhere_in_the_day_keeps_no_place_of_its_client(session: Session) -> None:
    place = a_working_commune(session)
    held(session, place, client="somebody", per_client=1)

    held(session, place, start=ELEVEN, client="somebody", per_client=1, now=LAPSE)

    assert session.scalars(select(Appointment.start)).all() == [ELEVEN]


def test_a_time_offered_to_somebody_is_not_cleared_away_with_their_own_lapsed_holds(session: Session) -> None:
    """Passing on an offer that lapsed is another's business."""
    place = a_working_commune(session)
    held(session, place, client="somebody", per_client=1)
    session.scalars(select(Appointment)).one().hold_kind = HoldKind.OFFER
    session.flush()

    with pytest.raises(TooManyHolds), session.begin_nested():
        held(session, place, start=ELEVEN, client="somebody", per_client=1, now=LAPSE)

    assert session.scalars(select(Appointment.start)).all() == [HALF_PAST_TEN]


def test_somebody_at_the_counter_right_now_still_has_that_appointment(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place)
    during = HALF_PAST_TEN + timedelta(minutes=5)

    with pytest.raises(AlreadyBooked), session.begin_nested():
        confirmed(session, place, held(session, place, start=TUESDAY, now=during), now=during)
    assert confirmed(
        session, place, held(session, place, start=TUESDAY, now=during), wish=replace(ANA, name="Bilal"), now=during
    ).reference
