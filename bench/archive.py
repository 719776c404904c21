"""What must not grow with the years: giving a time back, and a day on which there is nothing to forget.

*Ours* works beside visits that were forgotten long ago; the *floor* is ours again, in a database without any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Engine, String, cast, insert, literal, select, text
from sqlalchemy.orm import Session

from bench.bookings import free_starts
from bench.place import Place
from bench.timing import Row, paired
from booking.core.appointments import AppointmentState, Channel, HoldKind
from booking.database import in_unit
from booking.models import Appointment
from booking.usecases.baskets import WishedLine
from booking.usecases.holds import hold, release
from booking.usecases.retention import KINDS
from tests.moments import EARLY, MONDAY, at

LONG_AGO = MONDAY - timedelta(days=400)
AT_ONCE = 20_000


def visits_long_over(session: Session, *, place: Place, first: int, last: int) -> None:
    """Visits of which nobody is known any more: numbered rows for the figures, written by the database itself."""
    numbers = select(literal(first).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last))
    start = at(LONG_AGO, "08:00")
    facts: dict[str, Any] = {
        "commune_id": place.commune_id,
        "office_id": place.office_id,
        "counter_id": place.counters[0],
        "state": AppointmentState.FULFILLED,
        "start": start,
        "end": start + timedelta(minutes=15),
        "local_date": LONG_AGO,
        "wall_time": at(LONG_AGO, "08:00").time(),
        "channel": Channel.ONLINE,
        "created_at": start,
        "hold_kind": HoldKind.PUBLIC,
        "extensions": 0,
        "sequence": 0,
        "version": 1,
        "booked_at": start,
        "settled_at": start,
        "language": "fr",
    }
    columns = Appointment.__table__.columns
    values = {name: literal(value, columns[name].type) for name, value in facts.items()}
    values |= dict.fromkeys(("hold_key", "reference", "uid", "nonce"), cast(numbers.c.n, String))
    session.execute(insert(Appointment).from_select(list(values), select(*values.values())))


def measure(large: Engine, small: Engine, place: Place, *, visits: int, runs: int) -> list[Row]:
    """Each act in the large database and in the small one, whose time it may not exceed by much."""
    for begin in range(0, visits, AT_ONCE):
        in_unit(large, visits_long_over, place=place, first=begin + 1, last=min(begin + AT_ONCE, visits))
    in_unit(large, lambda session: session.execute(text("ANALYZE")) and None)
    beside = f"beside {visits} visits long over"
    given_back = [times_held(engine, place, runs + 1) for engine in (large, small)]
    return [
        paired(f"one time given back, {beside}", *map(giving_back, given_back), runs=runs, most=2),
        paired(f"nothing to forget, {beside}", *map(nothing_to_forget, (large, small)), runs=runs, most=2),
    ]


def times_held(engine: Engine, place: Place, number: int) -> Iterator[Callable[[], None]]:
    """So many times held beforehand; what each gives is the act that gives it back."""
    own = {"commune_id": place.commune_id}
    wish = own | {"office_id": place.office_id, "lines": [WishedLine(place.services[0])]}
    wish |= {"length": timedelta(minutes=10), "client": None, "per_client": 1, "now": EARLY}
    keys = [in_unit(engine, hold, **wish, start=start) for start in free_starts(engine, place, number)]
    return (partial(in_unit, engine, release, **own, hold_key=key) for key in keys)


def giving_back(held: Iterator[Callable[[], None]]) -> Callable[[], None]:
    return lambda: next(held)()


def nothing_to_forget(engine: Engine) -> Callable[[], None]:
    def act() -> None:
        for forget in KINDS.values():
            assert in_unit(engine, forget, now=EARLY) == 0

    return act
