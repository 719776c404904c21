"""Listing free starts, and the first free date of thirty services, against the same SELECT by the raw driver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench import floor
from bench.place import CLOSES, OPENS, Place, working_days
from bench.timing import Row, paired
from bench.told import told_to
from booking.models import Office, Service
from booking.usecases import offers
from booking.usecases.baskets import Basket
from tests.moments import EARLY, MONDAY, at

LAST = MONDAY + timedelta(days=59)

Answer = Sequence[Any]


@dataclass(frozen=True)
class Pair:
    """The same question answered by the use-case and by the floor, in the same terms."""

    what: str
    ours: Callable[[], Answer]
    floor: Callable[[], Answer]
    shown: Callable[[Answer], Answer]

    def agree(self) -> Answer:
        """What both find, in ticks. Raises ``AssertionError`` when they differ."""
        found = self.shown(self.ours())
        assert found == self.floor(), f"{self.what}: the floor finds something else"
        return found


def measure(engine: Engine, place: Place, *, runs: int) -> list[Row]:
    with Session(engine) as session:
        return [paired(pair.what, pair.ours, pair.floor, runs=runs, most=2) for pair in pairs(session, place)]


def pairs(session: Session, place: Place) -> list[Pair]:
    """The three questions on one session, everything but what is taken in hand."""
    office = session.get_one(Office, place.office_id)
    services = [session.get_one(Service, number) for number in place.services]
    offers.first_free_in_each(session, offices=[office], services=services, now=EARLY)
    return [*(listing(session, place, office, one) for one in services[:2]), firsts(session, place, office, services)]


def listing(session: Session, place: Place, office: Office, service: Service) -> Pair:
    ticks = service.minutes_first // 5

    def ours() -> list[datetime]:
        free = offers.free_days(session, office=office, basket=Basket.of(service), first=MONDAY, last=LAST, now=EARLY)
        return [start for starts in free.values() for start in starts]

    queries, days = the_queries(session, ours), days_of(place, service, LAST)

    def bare() -> list[int]:
        return floor.every_start(days, rows(session, queries), ticks)

    found = [floor.tick(start) for start in ours()]
    what = f"every free start, {service.minutes_first} minutes, 60 days ({len(found)})"
    return Pair(what, ours, bare, lambda starts: [floor.tick(start) for start in starts])


def firsts(session: Session, place: Place, office: Office, services: list[Service]) -> Pair:
    def ours() -> list[datetime]:
        found = offers.first_free_in_each(session, offices=[office], services=services, now=EARLY)
        return [found[service.id][office] for service in services]

    queries = the_queries(session, ours)
    days = days_of(place, services[0], MONDAY + timedelta(days=services[0].horizon_days))
    lengths = [service.minutes_first // 5 for service in services]

    def bare() -> list[int | None]:
        return floor.first_starts(days, rows(session, queries), lengths)

    what = f"first free date of {len(services)} services"
    return Pair(what, ours, bare, lambda starts: [floor.tick(start) for start in starts])


def the_queries(session: Session, act: Callable[[], object]) -> tuple[Any, Any]:
    """The only statements that ``act`` sends: what pauses now, and what is taken. Raises ``ValueError`` for others."""
    with told_to(session.get_bind()) as statements:  # type: ignore[arg-type]
        act()
    paused, taken = sorted(statements, key=lambda query: "appointment" in query[0])
    return paused, taken


def rows(session: Session, queries: tuple[Any, Any]) -> list[tuple[int, int, int]]:
    """What is taken, from the driver's own cursor, once it has said what pauses."""
    cursor = session.connection().connection.cursor()
    paused, taken = queries
    cursor.execute(*paused).fetchall()  # type: ignore[attr-defined]
    return cursor.execute(*taken).fetchall()  # type: ignore[attr-defined, no-any-return]


def days_of(place: Place, service: Service, last: date) -> floor.Days:
    days = [day for day in working_days() if day <= last]
    return floor.Days(
        opens=[floor.tick(at(day, OPENS)) for day in days],
        length=floor.tick(at(MONDAY, CLOSES)) - floor.tick(at(MONDAY, OPENS)),
        counters=place.counters,
        earliest=floor.tick(EARLY + timedelta(minutes=service.notice_minutes)),
        latest=floor.tick(EARLY + timedelta(days=service.horizon_days)),
    )
