"""The earliest three possibilities over two offices, and every start for a basket, against the same SELECT by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench import floor
from bench.offers import LAST, Pair, days_of, rows, the_queries
from bench.place import Place
from bench.timing import Row, paired
from booking.models import Office, Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.offers import free_days
from booking.usecases.possibilities import free_times
from tests.moments import EARLY, MONDAY

FIRST = 3
PERSONS = (2, 2, 1)
"""Of each service of the basket: five in all."""


def measure(engine: Engine, places: Sequence[Place], *, runs: int) -> list[Row]:
    with Session(engine) as session:
        return [paired(pair.what, pair.ours, pair.floor, runs=runs, most=2.5) for pair in pairs(session, places)]


def pairs(session: Session, places: Sequence[Place]) -> list[Pair]:
    """Both questions on one session, everything but what is taken in hand."""
    offices = [session.get_one(Office, place.office_id) for place in places]
    services = [session.get_one(Service, number) for number in places[0].services[: len(PERSONS)]]
    free_times(session, offices=offices, basket=Basket.of(services[0]), now=EARLY)
    lines = map(BasketLine, services, PERSONS)
    return [earliest(session, places, offices, services[0]), family(session, places[0], offices[0], Basket((*lines,)))]


def earliest(session: Session, places: Sequence[Place], offices: list[Office], service: Service) -> Pair:
    basket = Basket.of(service)

    def ours() -> list[datetime]:
        return [one.start for one in free_times(session, offices=offices, basket=basket, now=EARLY).first(FIRST)]

    queries = the_queries(session, ours)
    days = [days_of(place, service, LAST) for place in places]

    def bare() -> list[int]:
        return list(islice(floor.starts_over(days, rows(session, queries), basket.ticks), FIRST))

    what = f"the earliest {FIRST} possibilities over {len(places)} offices"
    return Pair(what, ours, bare, lambda starts: [floor.tick(start) for start in starts])


def family(session: Session, place: Place, office: Office, basket: Basket) -> Pair:
    def ours() -> list[datetime]:
        free = free_days(session, office=office, basket=basket, first=MONDAY, last=LAST, now=EARLY)
        return [start for starts in free.values() for start in starts]

    queries, days = the_queries(session, ours), days_of(place, basket.main, LAST)

    def bare() -> list[int]:
        return floor.every_start(days, rows(session, queries), basket.ticks)

    what = f"a basket of {len(PERSONS)} services and {sum(PERSONS)} persons, {basket.minutes} minutes ({len(ours())})"
    return Pair(what, ours, bare, lambda starts: [floor.tick(start) for start in starts])
