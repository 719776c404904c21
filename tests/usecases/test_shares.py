from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import Channel
from booking.core.errors import OutsideHours, RoleMissing, SlotTaken
from booking.core.roles import Role
from booking.core.timespan import Span
from booking.models import Appointment, Counter, Message, OpeningCounter, OpeningSession
from booking.models.journal import JournalEntry
from booking.models.messages import MessageKind
from booking.models.offices import CounterKind
from booking.usecases.agenda import agenda_of
from booking.usecases.baskets import Basket
from booking.usecases.cancellations import cancel
from booking.usecases.extra_times import counters_instead, extra_times
from booking.usecases.journal import Actor
from booking.usecases.moves_by_staff import free_times, move_for
from booking.usecases.offers import free_days
from booking.usecases.overbooking import OVERBOOKED
from booking.usecases.schedules import schedule_of
from booking.usecases.undoing import undo_cancellation
from booking.usecases.visits import EVERYTHING
from tests.factories import Working, a_counter, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import booked, held

BILAL, DORA, RITA = (Actor(role) for role in (Role.AGENT, Role.ADMINISTRATOR, Role.RECEPTIONIST))


def keeping(session: Session, **minutes: int) -> Working:
    """An office whose morning keeps minutes of each hour for somebody."""
    place = a_working_commune(session)
    session.execute(update(OpeningSession).values(**minutes))
    return place


def with_lane(session: Session, *, counters: int = 1) -> tuple[Working, Counter]:
    """An office whose morning has one extra lane."""
    place = a_working_commune(session, counters=counters)
    lane = a_counter(session, place.office, label="X", kind=CounterKind.EXTRA, serves=[place.service])
    session.add(OpeningCounter(commune_id=place.commune.id, session_id=place.opening.id, counter_id=lane.id))
    session.flush()
    return place, lane


def moved(session: Session, place: Working, visit: Appointment, wall: str, **other: Any) -> None:
    own = {"commune_id": place.commune.id, "office_ids": [place.office.id], "office_id": place.office.id}
    wish = {"counter_id": None, "actor": BILAL, "asked": OVERBOOKED, "now": EARLY, **other}
    move_for(session, **own, appointment_id=visit.id, version=visit.version, start=at(MONDAY, wall), **wish)
    session.expire_all()


def walls(place: Working, times: Any) -> list[str]:
    return [f"{one.start.astimezone(place.office.zone):%H:%M}" for one in times]


def test_the_public_is_offered_no_minute_that_is_kept(session: Session) -> None:
    place = keeping(session, walk_in_minutes=15, staff_minutes=15)
    wish = {"office": place.office, "basket": Basket.of(place.service), "now": EARLY}

    free = free_days(session, **wish, first=MONDAY, last=MONDAY)[MONDAY]

    assert [f"{one.astimezone(place.office.zone):%M}" for one in free] == ["15", "30"] * (len(free) // 2)
    with pytest.raises(OutsideHours):
        held(session, place, start=at(MONDAY, "10:45"))
    with pytest.raises(OutsideHours):
        held(session, place, start=at(MONDAY, "10:00"), channel=Channel.DESK)


def test_staff_give_the_minutes_that_are_kept_for_them(session: Session) -> None:
    place = keeping(session, walk_in_minutes=15, staff_minutes=15)
    times = free_times(session, office=place.office, basket=Basket.of(place.service), day=MONDAY, now=EARLY)

    assert [wall[3:] for wall in walls(place, times)][-3:] == ["15", "30", "45"]
    assert held(session, place, start=at(MONDAY, "10:45"), channel=Channel.PHONE, in_window=False)


def test_a_visit_in_kept_minutes_that_was_cancelled_comes_back_to_them(session: Session) -> None:
    place = keeping(session, staff_minutes=15)
    visit = booked(session, place, start=at(MONDAY, "10:45"), channel=Channel.DESK)
    row = session.get_one(Appointment, visit.id)
    cancel(session, commune_id=place.commune.id, appointment_id=visit.id, actor=BILAL, now=EARLY)
    session.expire_all()

    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": row.version, "now": EARLY}
    assert undo_cancellation(session, **own, actor=BILAL, per_contact=4)
    session.expire_all()
    assert row.start == at(MONDAY, "10:45")


def test_the_agenda_shows_the_kept_minutes_as_those_of_people_without_an_appointment(session: Session) -> None:
    place = keeping(session, walk_in_minutes=30)
    agenda = agenda_of(session, office=place.office, day=MONDAY, choice=EVERYTHING, now=EARLY)

    [day] = agenda.busy
    assert [one.wall.minute for one in day.walk_in] == [0, 0, 0, 0]
    assert [one.wall.minute for one in day.free] == [30, 30, 30, 30]
    assert day.open == (Span(at(MONDAY, "08:00"), at(MONDAY, "12:00")),)


def test_an_agent_overbooks_when_nothing_is_free_and_it_is_written_down(session: Session) -> None:
    place, lane = with_lane(session)
    full = an_appointment(session, place.counter, place.service, start=at(MONDAY, "09:00"))
    visit = an_appointment(session, place.counter, place.service, start=at(MONDAY, "11:00"))
    wish: dict[str, Any] = {"offices": [place.office], "basket": Basket.of(place.service), "day": MONDAY, "now": EARLY}
    assert walls(place, extra_times(session, **wish)[place.office]) == ["09:00", "11:00"]

    moved(session, place, visit, "09:00")

    assert (visit.counter_id, visit.start) == (lane.id, full.start)
    assert "overbooked" in session.scalars(select(JournalEntry.act)).all()
    assert extra_times(session, **wish) == {}


def test_whoever_overbooks_a_time_that_is_free_gets_the_counter(session: Session) -> None:
    place, _ = with_lane(session)
    visit = an_appointment(session, place.counter, place.service, start=at(MONDAY, "11:00"))

    moved(session, place, visit, "09:00")

    assert visit.counter_id == place.counter.id
    assert "overbooked" not in session.scalars(select(JournalEntry.act)).all()


def test_the_reception_does_not_overbook(session: Session) -> None:
    place, _ = with_lane(session)
    an_appointment(session, place.counter, place.service, start=at(MONDAY, "09:00"))
    visit = an_appointment(session, place.counter, place.service, start=at(MONDAY, "11:00"))

    with pytest.raises(RoleMissing):
        moved(session, place, visit, "09:00", actor=RITA)


def test_there_are_as_many_overbookings_as_extra_lanes(session: Session) -> None:
    place, _ = with_lane(session)
    an_appointment(session, place.counter, place.service, start=at(MONDAY, "09:00"))
    one, other = (
        an_appointment(session, place.counter, place.service, start=at(MONDAY, w)) for w in ("10:00", "11:00")
    )
    moved(session, place, one, "09:00")

    with pytest.raises(SlotTaken):
        moved(session, place, other, "09:00", actor=DORA)


def test_nobody_books_an_extra_lane_without_asking_for_it(session: Session) -> None:
    place, _ = with_lane(session)
    an_appointment(session, place.counter, place.service, start=at(MONDAY, "10:30"))

    for channel in Channel:
        with pytest.raises(SlotTaken):
            held(session, place, channel=channel)


def test_an_extra_visit_moves_to_the_counter_that_comes_free_without_a_word(session: Session) -> None:
    place, lane = with_lane(session)
    full = an_appointment(session, place.counter, place.service, start=at(MONDAY, "09:00"))
    visit = an_appointment(session, lane, place.service, start=at(MONDAY, "09:00"))
    assert counters_instead(session, appointment=visit, now=EARLY) == ()
    cancel(session, commune_id=place.commune.id, appointment_id=full.id, actor=BILAL, now=EARLY)

    assert [one.id for one in counters_instead(session, appointment=visit, now=EARLY)] == [place.counter.id]
    moved(session, place, visit, "09:00", counter_id=place.counter.id)

    assert visit.counter_id == place.counter.id
    told = select(Message.kind).where(Message.appointment_id == visit.id, Message.kind == MessageKind.MOVED)
    assert session.scalars(told).all() == []


def test_the_agenda_shows_an_extra_lane_only_when_somebody_comes_there(session: Session) -> None:
    place, lane = with_lane(session)
    empty = agenda_of(session, office=place.office, day=MONDAY, choice=EVERYTHING, now=EARLY)
    an_appointment(session, lane, place.service, start=at(MONDAY, "09:00"))
    agenda = agenda_of(session, office=place.office, day=MONDAY, choice=EVERYTHING, now=EARLY)

    assert [one.counter.id for one in empty.busy] == [place.counter.id]
    assert empty.closed_counters == ()
    assert [column.is_extra for column in agenda.grid.columns] == [False, True]
    assert [visit.is_extra for visit in agenda.visits] == [True]


def test_a_lane_that_is_retired_is_given_to_nobody(session: Session) -> None:
    place, lane = with_lane(session)
    lane.retired_at = EARLY
    place.office.schedule_version += 1
    session.flush()

    assert schedule_of(session, place.office).lanes == {}
