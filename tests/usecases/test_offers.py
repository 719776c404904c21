"""Ana looks where she can be helped first: each office on its own clock, all of them asked at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from booking.models import Counter, Office
from booking.usecases.offers import first_free, first_free_in_each
from tests.databases import Database
from tests.factories import WORKING_DAYS, Working, a_counter, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at

AZORES = ZoneInfo("Atlantic/Azores")
TUESDAY = MONDAY + timedelta(days=1)


def another_office(
    session: Session, place: Working, *, code: str, start: str, end: str, weekdays: int = WORKING_DAYS, **columns: Any
) -> Office:
    office = an_office(session, place.commune, code=code, position=2, **columns)
    counter = a_counter(session, office, label="1", serves=[place.service])
    a_session(session, office, [counter], start=start, end=end, weekdays=weekdays)
    return office


def test_the_first_free_time_is_told_for_each_office_and_over_all_of_them(session: Session) -> None:
    place = a_working_commune(session)
    station = another_office(session, place, code="station", start="10:15", end="12:00")
    an_appointment(session, place.counter, place.service, start=at(MONDAY, "10:00"), minutes=120)
    wanted = {"services": [place.service], "now": EARLY}

    found = first_free_in_each(session, offices=[place.office, station], **wanted)  # type: ignore[arg-type]

    assert found == {place.service.id: {place.office: at(TUESDAY, "08:00"), station: at(MONDAY, "10:15")}}
    over_all = first_free(session, commune_id=place.commune.id, **wanted)  # type: ignore[arg-type]
    assert over_all == {place.service.id: (at(MONDAY, "10:15"), station)}


def test_what_is_taken_on_another_clock_after_midnight_here_is_taken(session: Session) -> None:
    place = a_working_commune(session)
    place.service.notice_minutes, place.service.horizon_days, place.service.minutes_first = 0, 1, 45
    place.opening.valid_until = MONDAY
    on_tuesday = {"start": "21:30", "end": "23:30", "weekdays": 0b10, "zone_key": AZORES.key}
    island = another_office(session, place, code="island", **on_tuesday)  # type: ignore[arg-type]
    wanted = {"offices": [place.office, island], "services": [place.service], "now": at(MONDAY, "23:40")}
    assert first_free_in_each(session, **wanted) == {place.service.id: {island: at(TUESDAY, "21:30", AZORES)}}  # type: ignore[arg-type]

    there = session.scalars(select(Counter).where(Counter.office_id == island.id)).one()
    an_appointment(session, there, place.service, start=at(TUESDAY, "22:05", AZORES), minutes=30)

    assert first_free_in_each(session, **wanted) == {}  # type: ignore[arg-type]


def test_many_offices_cost_no_more_statements_than_one(session: Session, database: Database) -> None:
    place = a_working_commune(session)
    offices = [another_office(session, place, code=f"office-{n}", start="08:00", end="12:00") for n in range(5)]
    sent: list[str] = []

    def costs(some: list[Office]) -> int:
        wanted = {"offices": some, "services": [place.service], "now": EARLY}
        first_free_in_each(session, **wanted)  # type: ignore[arg-type]
        sent.clear()
        first_free_in_each(session, **wanted)  # type: ignore[arg-type]
        return len(sent)

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert costs([place.office]) == costs(offices) == 2
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
