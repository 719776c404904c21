"""Why there is no time, asked of a commune at work: the reasons that its rows are, and what the calendar offers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.opening import Mode
from booking.core.quotas import QuotaPer
from booking.core.timespan import Span
from booking.core.why import Reason
from booking.models import Block, OpeningSession, Pause
from booking.models.opening import BlockReason
from booking.usecases.baskets import Basket
from booking.usecases.moves_by_staff import free_times
from booking.usecases.offers import free_days
from booking.usecases.taken import taken, taken_apart
from booking.usecases.why import Explained, why_no_time
from tests.factories import Working, a_closure, a_service, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import booked, held

TUESDAY = MONDAY + timedelta(days=1)


def asked(session: Session, place: Working, *, day: date = TUESDAY, now: datetime = EARLY, **wish: Any) -> Explained:
    """Why; never anything else than what the calendar of residents, or that of staff, says itself."""
    wish = {"service": place.service, "persons": 1, "for_staff": False} | wish
    found = why_no_time(session, office=place.office, day=day, now=now, **wish)
    basket = Basket.of(wish["service"], wish["persons"])
    where: dict[str, Any] = {"office": place.office, "basket": basket, "now": now}
    if wish["for_staff"]:
        offered = [one.start for one in free_times(session, day=day, **where)]
    else:
        offered = free_days(session, first=day, last=day, **where).get(day, [])
    assert list(found.starts) == offered
    return found


def told(found: Explained) -> list[tuple[Reason, int]]:
    return [(one.reason, one.minutes) for one in found.why.costs]


def a_block(session: Session, place: Working, hours: tuple[str, str], day: date = TUESDAY) -> None:
    span = Span(*(at(day, wall) for wall in hours))
    own = {"commune_id": place.commune.id, "counter_id": place.counter.id}
    add(session, Block(**own, start=span.start, end=span.end, reason=BlockReason.ABSENCE))


def test_a_day_that_is_free_has_no_reason(session: Session) -> None:
    found = asked(session, a_working_commune(session))

    assert (found.why.reason, told(found), found.why.minutes) == (None, [], 240)
    assert len(found.starts) == 16


def test_blocks_visits_and_holds_are_told_apart(session: Session) -> None:
    place = a_working_commune(session)
    a_block(session, place, ("08:00", "09:00"))
    an_appointment(session, place.counter, place.service, start=at(TUESDAY, "09:00"), minutes=120)
    late = an_appointment(
        session, place.counter, place.service, start=at(TUESDAY, "11:00"), minutes=60, state=AppointmentState.HELD
    )
    found = asked(session, place)

    assert told(found) == [(Reason.ABSENT, 60), (Reason.TAKEN, 120), (Reason.HELD, 60)]
    assert found.why.reason == Reason.HELD
    later = asked(session, place, now=late.held_until or EARLY)
    assert later.why.reason is None


def test_what_is_taken_apart_is_what_is_taken(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    a_block(session, place, ("08:00", "09:00"))
    an_appointment(session, place.counter, place.service, start=at(TUESDAY, "09:00"))
    held(session, place, start=at(TUESDAY, "10:00"))
    window = {"office_ids": [place.office.id], "start": at(TUESDAY, "00:00"), "end": at(TUESDAY, "23:00")}
    for now in (EARLY, EARLY + timedelta(minutes=11)):
        apart = taken_apart(session, **window, now=now)
        assert sorted(row for rows in apart for row in rows) == sorted(taken(session, **window, now=now))


def test_a_holiday_comes_before_everything(session: Session) -> None:
    place = a_working_commune(session)
    closure = a_closure(session, place.commune, first_day=TUESDAY, last_day=TUESDAY)
    booked(session, place)
    found = asked(session, place)

    assert told(found) == [(Reason.CLOSED, 240)]
    assert found.why.costs[0].rules == (closure.id,)


def test_notice_horizon_release_and_quota(session: Session) -> None:
    place = a_working_commune(session)
    service = place.service
    assert asked(session, place, day=MONDAY - timedelta(days=3)).why.reason == Reason.NOTICE
    assert asked(session, place, day=MONDAY + timedelta(days=63)).why.reason == Reason.HORIZON
    service.release_weekday, service.release_time, service.release_weeks = 0, time(9), 1
    session.flush()
    assert asked(session, place, day=TUESDAY).why.reason == Reason.NOT_RELEASED
    assert asked(session, place, day=TUESDAY, now=at(MONDAY, "09:00")).why.reason is None
    service.quota, service.quota_per = 1, QuotaPer.WEEK
    session.flush()
    booked(session, place)
    found = asked(session, place, day=TUESDAY, now=at(MONDAY, "09:00"))
    assert found.why.reason == Reason.QUOTA
    assert found.why.costs[-1].minutes == 240


def test_staff_keep_no_notice_and_wait_for_no_release_but_are_bound_by_the_quota(session: Session) -> None:
    place = a_working_commune(session)
    service = place.service
    service.release_weekday, service.release_time, service.release_weeks = 0, time(9), 1
    service.quota, service.quota_per = 1, QuotaPer.DAY
    session.flush()
    assert asked(session, place, for_staff=True).why.reason is None
    assert told(asked(session, place, day=MONDAY, for_staff=True)) == [(Reason.NOTICE, 15)]
    booked(session, place)
    assert asked(session, place, day=MONDAY, for_staff=True).why.reason == Reason.QUOTA


def test_a_service_that_pauses_has_nothing_today(session: Session) -> None:
    place = a_working_commune(session)
    own = {"commune_id": place.commune.id, "office_id": place.office.id, "service_id": place.service.id}
    add(session, Pause(**own, since=EARLY - timedelta(minutes=5)))
    found = asked(session, place, day=MONDAY)

    assert found.why.reason == Reason.PAUSED


@pytest.mark.parametrize(
    ("columns", "reason"), [({"mode": Mode.WALK_IN}, Reason.WALK_IN), ({"weekdays": 1}, Reason.NO_SESSION)]
)
def test_hours_that_are_for_something_else(session: Session, columns: dict[str, Any], reason: Reason) -> None:
    place = a_working_commune(session)
    session.execute(update(OpeningSession).values(**columns))

    assert asked(session, place).why.reason == reason


def test_a_service_that_no_counter_does(session: Session) -> None:
    place = a_working_commune(session)
    passport = a_service(session, place.commune, code="passport")

    assert asked(session, place, service=passport).why.reason == Reason.NOT_SERVED


def test_the_first_of_two_steps_is_what_is_asked_about(session: Session) -> None:
    place = a_working_commune(session)
    place.service.information_minutes, place.service.information_days = 40, 7
    session.flush()
    found = why_no_time(
        session, office=place.office, service=place.service, persons=3, day=TUESDAY, for_staff=False, now=EARLY
    )

    assert found.minutes == 40
