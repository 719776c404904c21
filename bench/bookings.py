"""One appointment (hold and confirm, two commits) against the same statements by the raw driver."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bench.place import Place
from bench.timing import Row, seconds
from bench.told import COMMIT, Told, told_to
from booking.core.appointments import AppointmentState
from booking.database import in_unit
from booking.models import Appointment, AppointmentLine, Claim, Message, Office, Seat, Service
from booking.usecases.appointments import Booked, Wish, confirm
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.holds import hold
from booking.usecases.offers import free_days
from tests.moments import EARLY, MONDAY

WRITTEN = (Appointment, AppointmentLine, Claim, Message, Seat)


def book(engine: Engine, place: Place, start: datetime, number: int) -> Booked:
    """What a resident does, each step in a unit of its own; client and contact are another with every number."""
    of = {"commune_id": place.commune_id, "now": EARLY}
    key = in_unit(
        engine,
        hold,
        **of,
        office_id=place.office_id,
        lines=[WishedLine(place.services[0])],
        start=start,
        length=timedelta(minutes=10),
        client=f"client-{number}",
        per_client=5,
    )
    who = Wish(f"Ana {number}", f"ana{number}@example.org", None, "fr")
    return in_unit(engine, confirm, **of, hold_key=key, wish=who, per_contact=4)


def free_starts(engine: Engine, place: Place, number: int) -> list[datetime]:
    """So many free starts, spread over the days that can be booked, none twice."""
    with Session(engine) as session:
        office, service = session.get_one(Office, place.office_id), session.get_one(Service, place.services[0])
        last = MONDAY + timedelta(days=service.horizon_days)
        days = free_days(session, office=office, basket=Basket.of(service), first=MONDAY, last=last, now=EARLY)
    found = [start for starts in days.values() for start in starts]
    return found[:: len(found) // number][:number]


def measure(ours: Engine, copy: Engine, place: Place, *, runs: int) -> Row:
    """``copy`` is another database with the same rows: what one engine is told, the other's driver is told again."""
    driver = copy.raw_connection()
    pairs = []
    with told_to(ours) as told:
        for number, start in enumerate(free_starts(ours, place, runs + 1)):
            told.clear()
            mine = seconds(lambda start=start, number=number: book(ours, place, start, number))  # type: ignore[misc]
            pairs.append((mine, seconds(lambda: replay(driver, told))))
            assert [said for said, _ in told].count(COMMIT) == 2
    driver.close()
    assert written(ours) == written(copy), "the floor must have written what the use-cases wrote"
    mine, bare = (statistics.median(pair[side] for pair in pairs[1:]) * 1000 for side in (0, 1))
    ratio = statistics.median(one / other for one, other in pairs[1:])
    what = f"one appointment: hold, confirm; {len(told)} statements"
    return Row(what, f"{mine:.2f} ms", f"{bare:.2f} ms", ratio, most=4)


def replay(driver: Any, told: list[Told]) -> None:
    cursor = driver.cursor()
    for said, parameters in told:
        if said == COMMIT:
            driver.commit()
        elif cursor.execute(said, parameters).description:
            cursor.fetchall()


def written(engine: Engine) -> list[Any]:
    """How many rows each table has that a booking writes, and how many visits are booked."""
    with Session(engine) as session:
        counts = [session.scalar(select(func.count()).select_from(table)) for table in WRITTEN]
        state = Appointment.state == AppointmentState.BOOKED
        return [*counts, session.scalar(select(func.count()).select_from(Appointment).where(state))]
