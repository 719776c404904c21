"""What a closure would touch, shown before it is made, against the same SELECT by the raw driver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.place import Place
from bench.timing import Row, paired
from bench.told import Told, told_to
from booking.core.changes import NEW, AddClosure
from booking.core.opening import ClosureRule
from booking.core.translated import Translated
from booking.models import Appointment
from booking.usecases.effects import Effect, effect_of
from tests.moments import EARLY, MONDAY

STRIKE = Translated.of(fr="Grève", nl="Staking")
TOUCHED = 5_000


def measure(engine: Engine, place: Place, *, runs: int, touched: int = TOUCHED) -> list[Row]:
    """The effect of closing the office, and of closing half of its counters for twice as long."""
    with Session(engine) as session:
        half = frozenset(place.counters[::2])
        closures = [
            (f"effect of a closure over {touched} visits", closing(session, place, touched)),
            (f"effect with half the counters open, {touched} visits", closing(session, place, touched, half)),
        ]
        return [
            paired(what, previewing(session, place, change), selecting(session, place, change), runs=runs, most=10)
            for what, change in closures
        ]


def closing(session: Session, place: Place, touched: int, counters: frozenset[int] | None = None) -> AddClosure:
    """From Monday on as many days as it takes to touch so many visits."""
    shut = [] if counters is None else [Appointment.counter_id.in_(counters)]
    days = select(Appointment.local_date).where(Appointment.start > EARLY, *shut)
    nearest: list[date] = list(session.scalars(days.order_by(Appointment.local_date).limit(touched)))
    return AddClosure(place.office_id, ClosureRule(id=NEW, first=MONDAY, last=nearest[-1], counters=counters), STRIKE)


def previewing(session: Session, place: Place, change: AddClosure) -> Callable[[], Effect]:
    return lambda: effect_of(session, commune_id=place.commune_id, change=change, now=EARLY)


def selecting(session: Session, place: Place, change: AddClosure) -> Callable[[], list[tuple[object, ...]]]:
    """The rows of the visits on these days, from the driver's own cursor."""
    said, parameters = the_select(session, previewing(session, place, change))
    cursor = session.connection().connection.cursor()

    def bare() -> list[tuple[object, ...]]:
        return cursor.execute(said, parameters).fetchall()  # type: ignore[attr-defined, no-any-return]

    return bare


def the_select(session: Session, act: Callable[[], object]) -> Told:
    """The statement of ``act`` that reads the visits with what they are for."""
    with told_to(session.get_bind()) as told:  # type: ignore[arg-type]
        act()
    (found,) = [one for one in told if "appointment_line" in one[0]]
    return found
