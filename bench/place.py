"""The commune that is measured: 20 counters, 90 days, quarter-hour steps, 60 % booked."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel, HoldKind
from booking.core.references import new_key
from booking.core.timespan import tick_of
from booking.models import Appointment, AppointmentLine, Claim, Commune, Office, Service
from tests.factories import a_commune, a_counter, a_group, a_reference, a_service, a_session, an_office
from tests.moments import BRUSSELS, EARLY, MONDAY, at

COUNTERS, DAYS, SERVICES = 20, 90, 30
FILLED = 0.6
OPENS, CLOSES = "08:00", "14:30"
BATCH = 500


@dataclass(frozen=True)
class Place:
    """The ids of what is measured; ``services`` begins with one of 15 minutes and one of 30."""

    commune_id: int
    office_id: int
    services: tuple[int, ...]
    counters: tuple[int, ...]


def a_place(session: Session) -> Place:
    """The commune without a single visit."""
    home = a_commune(session)
    office = an_office(session, home)
    group = a_group(session, home)
    services = [
        a_service(session, home, code=f"service-{n}", group=group, minutes_first=15 if n % 2 == 0 else 30)
        for n in range(SERVICES)
    ]
    counters = [a_counter(session, office, label=str(n + 1), serves=services) for n in range(COUNTERS)]
    a_session(session, office, counters, start=OPENS, end=CLOSES)
    return Place(home.id, office.id, tuple(s.id for s in services), tuple(c.id for c in counters))


def two_offices(session: Session) -> tuple[Place, Place]:
    """Another commune without a single visit, whose counters are shared between two offices."""
    home = a_commune(session, slug="mairie-sud", slug_nl="gemeente-zuid", postcodes=("1998",))
    group = a_group(session, home)
    services = [a_service(session, home, code=f"service-{n}", group=group, minutes_first=15) for n in range(3)]
    return tuple(  # type: ignore[return-value]
        half_of_the_counters(session, home, services, code=code, position=position)
        for position, code in enumerate(("town-hall", "annex"), start=1)
    )


def half_of_the_counters(
    session: Session, home: Commune, services: list[Service], *, code: str, position: int
) -> Place:
    office = an_office(session, home, code=code, position=position)
    counters = [a_counter(session, office, label=str(n + 1), serves=services) for n in range(COUNTERS // 2)]
    a_session(session, office, counters, start=OPENS, end=CLOSES)
    return Place(home.id, office.id, tuple(s.id for s in services), tuple(c.id for c in counters))


def fill(session: Session, *, place: Place, days: int = DAYS) -> int:
    """Book 60 % of the time with visits of 15 and 30 minutes; the same ones each time. Gives their number."""
    dice = random.Random(20270104 + place.office_id)
    office, service = session.get_one(Office, place.office_id), session.get_one(Service, place.services[0])
    visits: list[dict[str, Any]] = []
    for day in working_days(days):
        for counter in place.counters:
            visits += visits_of(day, counter, place, dice)
    for begin in range(0, len(visits), BATCH):
        some = visits[begin : begin + BATCH]
        ids = session.scalars(insert(Appointment).returning(Appointment.id, sort_by_parameter_order=True), some).all()
        own = {"commune_id": office.commune_id, "service_id": service.id, "service_name": service.name}
        pairs = list(zip(ids, some, strict=True))
        session.execute(
            insert(AppointmentLine),
            [own | {"appointment_id": n, "position": 1, "persons": 1, "minutes": length(v)} for n, v in pairs],
        )
        session.execute(
            insert(Claim),
            [
                {"counter_id": v["counter_id"], "tick": t, "commune_id": office.commune_id, "appointment_id": n}
                for n, v in pairs
                for t in range(tick_of(v["start"]), tick_of(v["end"]))
            ],
        )
    return len(visits)


def working_days(number: int = DAYS) -> list[date]:
    """Those among so many days from Monday on."""
    days = (MONDAY + timedelta(days=n) for n in range(number))
    return [day for day in days if day.weekday() < 5]


def length(visit: dict[str, Any]) -> int:
    return int((visit["end"] - visit["start"]).total_seconds()) // 60


def visits_of(day: date, counter: int, place: Place, dice: random.Random) -> list[dict[str, Any]]:
    start, closes, found = at(day, OPENS), at(day, CLOSES), []
    while start < closes:
        end = start + timedelta(minutes=dice.choice((15, 30)))
        if dice.random() < FILLED and end <= closes:
            found.append(visit(start, end, counter, place, dice))
        start = end
    return found


def visit(start: datetime, end: datetime, counter: int, place: Place, dice: random.Random) -> dict[str, Any]:
    wall = start.astimezone(BRUSSELS)
    return {
        "commune_id": place.commune_id,
        "office_id": place.office_id,
        "counter_id": counter,
        "state": AppointmentState.BOOKED,
        "start": start,
        "end": end,
        "local_date": wall.date(),
        "wall_time": wall.time(),
        "channel": Channel.ONLINE,
        "created_at": EARLY,
        "hold_kind": HoldKind.PUBLIC,
        "hold_key": new_key(),
        "extensions": 0,
        "reference": a_reference(dice.randrange(10**11)),
        "uid": new_key(),
        "nonce": new_key(),
        "sequence": 0,
        "version": 1,
        "booked_at": EARLY,
        "name": "Ana Peeters",
        "name_search": "ana peeters",
        "language": "fr",
    }
