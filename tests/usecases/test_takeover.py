"""Visits agreed elsewhere and time kept free: many at once, all of them or none, and the key of the claims decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.errors import SlotTaken, Unknown
from booking.core.timespan import Span
from booking.models import Appointment, Block, Claim, Message, Seat
from booking.models.opening import BlockReason
from booking.usecases.appointments import Wish, find
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.check import problems
from booking.usecases.takeover import Agreed, take_over
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

NINE = at(MONDAY, "09:00")
ANA = Wish("Ana Peeters", "ana@example.org", None, "fr", "en")


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def agreed(work: Working, start: datetime = NINE, counter: int = 0, **columns: Any) -> Agreed:
    facts: dict[str, Any] = {
        "service_id": work.service.id,
        "counter_id": work.counters[counter].id,
        "start": start,
        "minutes": 25,
        "persons": 2,
        "wish": ANA,
        "channel": Channel.PHONE,
        "agreed_at": EARLY,
    }
    return Agreed(**(facts | columns))


def take(session: Session, work: Working, *visits: Agreed) -> list[int]:
    return take_over(session, commune_id=work.commune.id, office_id=work.office.id, visits=visits, now=EARLY)


def test_visits_of_a_paper_diary_are_appointments_like_any_other(session: Session, work: Working) -> None:
    first, second = take(session, work, agreed(work), agreed(work, counter=1, wish=Wish("Bo", None, None, "nl")))

    visit = session.get_one(Appointment, first)
    assert (visit.state, visit.end - visit.start) == (AppointmentState.BOOKED, timedelta(minutes=25))
    assert (visit.local_date, f"{visit.wall_time:%H:%M}", visit.help_language) == (MONDAY, "09:00", "en")
    found = find(session, commune_id=work.commune.id, reference=visit.reference or "", email="ana@example.org")
    assert found.id == first
    assert session.get_one(Appointment, second).contact_key is None
    assert len(session.scalars(select(Claim)).all()) == 10


def test_nobody_is_written_to_and_no_limit_is_used_up(session: Session, work: Working) -> None:
    take(session, work, *(agreed(work, NINE + timedelta(minutes=30 * number)) for number in range(6)))

    assert session.scalars(select(Message)).all() == []
    assert session.scalars(select(Seat)).all() == []
    assert problems(session, now=EARLY) == []


def test_one_visit_that_does_not_fit_keeps_all_of_them_out(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service, start=NINE + timedelta(minutes=15))

    with pytest.raises(SlotTaken), session.begin_nested():
        take(session, work, agreed(work, counter=1), agreed(work))

    assert len(session.scalars(select(Appointment)).all()) == 1


def test_counters_and_services_of_others_are_unknown(session: Session, work: Working) -> None:
    theirs = a_working_commune(session, slug="sud")

    for foreign in (agreed(work, counter_id=theirs.counter.id), agreed(work, service_id=theirs.service.id)):
        with pytest.raises(Unknown):
            take(session, work, foreign)
    with pytest.raises(Unknown):
        take_over(session, commune_id=work.commune.id, office_id=theirs.office.id, visits=[agreed(work)], now=EARLY)


def test_a_hold_that_lapsed_makes_room_for_a_visit_and_a_living_one_does_not(session: Session, work: Working) -> None:
    lapsed, living = (
        an_appointment(session, counter, work.service, state=AppointmentState.HELD, held_until=until).id
        for counter, until in zip(work.counters, (EARLY, EARLY + timedelta(seconds=1)), strict=True)
    )

    assert take(session, work, agreed(work))
    with pytest.raises(SlotTaken), session.begin_nested():
        take(session, work, agreed(work, counter=1))
    left = session.scalars(select(Appointment.id).where(Appointment.state == AppointmentState.HELD)).all()
    assert (left, lapsed in left) == ([living], False)


def test_a_hold_that_lapsed_makes_room_for_a_break(session: Session, work: Working) -> None:
    for counter in work.counters:
        an_appointment(session, counter, work.service, state=AppointmentState.HELD, held_until=EARLY)
    breaks = [kept(work, "09:00", "09:15"), kept(work, "09:10", "09:30", counter=1)]

    assert len(add_blocks(session, commune_id=work.commune.id, blocks=breaks, now=EARLY)) == 2
    assert problems(session, now=EARLY) == []


def kept(work: Working, start: str, end: str, counter: int = 0) -> Kept:
    return Kept(work.counters[counter].id, Span(at(MONDAY, start), at(MONDAY, end)), BlockReason.BREAK)


def test_a_break_is_claimed_like_a_visit(session: Session, work: Working) -> None:
    breaks = [kept(work, "10:15", "10:30"), kept(work, "10:30", "10:45", counter=1)]
    ids = add_blocks(session, commune_id=work.commune.id, blocks=breaks, now=EARLY)

    assert [session.get_one(Block, number).start for number in ids] == [at(MONDAY, "10:15"), at(MONDAY, "10:30")]
    assert problems(session, now=EARLY) == []
    with pytest.raises(SlotTaken):
        take(session, work, agreed(work, at(MONDAY, "10:00")))


def test_a_break_gives_way_to_what_was_there_first(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service)

    with pytest.raises(SlotTaken):
        add_blocks(session, commune_id=work.commune.id, blocks=[kept(work, "09:10", "09:25")], now=EARLY)
    theirs = a_working_commune(session, slug="sud")
    with pytest.raises(Unknown):
        add_blocks(session, commune_id=work.commune.id, blocks=[kept(theirs, "10:15", "10:30")], now=EARLY)
    assert session.scalars(select(Block)).all() == []
