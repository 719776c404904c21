"""Minutes for which a counter stays free after a visit: it is not offered for so long, and nobody is told of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import SlotTaken
from booking.core.references import new_key
from booking.core.roles import Role
from booking.models import Appointment, Claim, Service
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.moves import accept, hold_instead
from booking.usecases.offers import first_free, free_days
from booking.usecases.undoing import undo_cancellation
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import HALF_PAST_TEN, booked, held

ELEVEN = at(MONDAY, "11:00")
ANA = Actor(role=Role.RESIDENT)


def with_buffer(session: Session, minutes: int = 10) -> Working:
    place = a_working_commune(session)
    place.service.buffer_minutes = minutes
    session.flush()
    return place


def walls(session: Session, place: Working) -> list[str]:
    wish: dict[str, Any] = {"office": place.office, "basket": Basket.of(place.service), "now": EARLY}
    found = free_days(session, first=MONDAY, last=MONDAY, **wish)[MONDAY]
    return [f"{start.astimezone(place.office.zone):%H:%M}" for start in found]


def the_visit(session: Session) -> Appointment:
    return session.scalars(select(Appointment), execution_options={"populate_existing": True}).one()


def sound(session: Session) -> bool:
    return [line for line in problems(session, now=EARLY) if "claims" in line or "overlap" in line] == []


def test_the_next_visit_begins_once_the_counter_is_free_again(session: Session) -> None:
    place = with_buffer(session)
    booked(session, place)

    assert walls(session, place) == ["10:00", "11:00", "11:15", "11:30"]
    with pytest.raises(SlotTaken), session.begin_nested():
        held(session, place, start=at(MONDAY, "10:45"))
    first, _ = first_free(session, commune_id=place.commune.id, services=[place.service], now=EARLY)[place.service.id]
    assert first == at(MONDAY, "10:00")


def test_nobody_is_told_of_it(session: Session) -> None:
    place = with_buffer(session)
    booked(session, place)
    visit = the_visit(session)
    ends = HALF_PAST_TEN + timedelta(minutes=15)

    assert (visit.over_at, visit.end) == (ends, ends + timedelta(minutes=10))
    assert Basket.of(place.service).minutes == 15
    assert len(session.scalars(select(Claim.tick)).all()) == 5
    assert sound(session)


def moved(session: Session, place: Working, start: datetime) -> None:
    visit = the_visit(session)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "office_id": place.office.id}
    terms = {"length": timedelta(minutes=10), "client": "ana", "per_client": 5, "key": new_key(), "instead_of": None}
    lines = [WishedLine(place.service.id)]
    key = hold_instead(session, **own, **terms, lines=lines, start=start, now=EARLY)  # type: ignore[arg-type]
    accept(session, commune_id=place.commune.id, hold_key=key, version=visit.version, actor=ANA, now=EARLY)


def test_it_goes_along_when_the_visit_is_moved_and_does_not_grow(session: Session) -> None:
    place = with_buffer(session)
    booked(session, place)
    for start in (ELEVEN, at(MONDAY, "11:15")):
        moved(session, place, start)
        visit = the_visit(session)
        assert (visit.start, visit.over_at - visit.start) == (start, timedelta(minutes=15))
        assert sound(session)


def test_a_visit_keeps_what_it_was_made_with_until_it_is_moved(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place)
    session.execute(update(Service).values(buffer_minutes=20))
    session.refresh(place.service)
    assert the_visit(session).buffer_minutes == 0

    moved(session, place, ELEVEN)
    assert the_visit(session).buffer_minutes == 20
    assert sound(session)


def test_a_cancellation_that_is_taken_back_claims_it_again(session: Session) -> None:
    place = with_buffer(session)
    made = booked(session, place)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": ANA, "now": EARLY}
    cancel(session, **own, version=the_visit(session).version)  # type: ignore[arg-type]
    assert session.scalars(select(Claim.tick)).all() == []

    assert undo_cancellation(session, **own, version=the_visit(session).version, per_contact=4)  # type: ignore[arg-type]
    assert len(session.scalars(select(Claim.tick)).all()) == 5
    assert sound(session)


def test_of_several_services_the_longest_counts_once(session: Session) -> None:
    place = with_buffer(session, 7)
    assert Basket.of(place.service).buffer == 10
    assert Basket.of(place.service).ticks == 5
