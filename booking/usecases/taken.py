"""What is taken at the counters of offices: by visits, by times that are held, by blocks. Read in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, and_, bindparam, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from booking.core.appointments import OCCUPYING, AppointmentState, OwnTime
from booking.core.availability import TakenRow
from booking.core.schedules import Schedule
from booking.core.timespan import ceil_to_tick, floor_to_tick, moment_of
from booking.models import Appointment, Block, Counter, Office
from booking.models.base import Instant, OnTick
from booking.usecases.statements import table_of

LONGEST = timedelta(hours=25)
"""No visit leaves the local day it begins on; saying so keeps the database from reading every later one."""

VISITS, BLOCKS, COUNTERS = table_of(Appointment), table_of(Block), table_of(Counter)
IS_BOOKED = VISITS.c.state.in_(OCCUPYING)
IS_HELD = and_(VISITS.c.state == AppointmentState.HELD, VISITS.c.held_until > bindparam("now", type_=Instant))


def spans(table: Table) -> Select[int, int, int]:
    """Counter, first tick and tick after the last, of what a table has between two moments."""
    start, end = table.c.start, table.c.end
    columns = select(table.c.counter_id, type_coerce(start, Integer), type_coerce(end, Integer))
    return columns.where(end > bindparam("after", type_=OnTick), start <= bindparam("until", type_=OnTick))


def visits(which: ColumnElement[bool]) -> Select[int, int, int]:
    here = VISITS.c.office_id.in_(bindparam("offices", expanding=True))
    return spans(VISITS).where(here, VISITS.c.end <= bindparam("latest", type_=OnTick), which)


# Made once: building these statements costs more than running them.
BLOCKED = (
    spans(BLOCKS)
    .join(COUNTERS, (COUNTERS.c.commune_id == BLOCKS.c.commune_id) & (COUNTERS.c.id == BLOCKS.c.counter_id))
    .where(COUNTERS.c.office_id.in_(bindparam("offices", expanding=True)))
)
TAKEN = union_all(visits(or_(IS_BOOKED, IS_HELD)), BLOCKED)
APART = BLOCKED, visits(IS_BOOKED), visits(IS_HELD)


def taken(
    session: Session, *, office_ids: Sequence[int], start: datetime, end: datetime, now: datetime
) -> list[TakenRow]:
    """What is taken in offices between two moments, in one statement: counter, first tick, tick after the last.

    A hold counts while it lasts; a lapsed one is as good as free. The rows are the driver's own: a month has thousands.
    """
    return read_rows(session, TAKEN, office_ids, start, end, now)


def taken_apart(
    session: Session, *, office_ids: Sequence[int], start: datetime, end: datetime, now: datetime
) -> tuple[list[TakenRow], list[TakenRow], list[TakenRow]]:
    """The same by what it is taken by: blocks, visits, times that are held."""
    blocked, booked, held = (read_rows(session, statement, office_ids, start, end, now) for statement in APART)
    return blocked, booked, held


def read_rows(
    session: Session, statement: Any, office_ids: Sequence[int], start: datetime, end: datetime, now: datetime
) -> list[TakenRow]:
    until = ceil_to_tick(end)
    window = {"after": floor_to_tick(start), "until": until, "latest": until + LONGEST}
    result = session.connection().execute(statement, {"offices": list(office_ids), "now": now, **window})
    rows = list(result.cursor.fetchall())
    result.close()
    return rows


def rows_of(
    session: Session, offices: Sequence[Office], schedule: Schedule, days: Sequence[date], now: datetime
) -> list[TakenRow]:
    start, end = schedule.ticks_of(days[0])[0], schedule.ticks_of(days[-1])[1]
    return taken(
        session, office_ids=[office.id for office in offices], start=moment_of(start), end=moment_of(end), now=now
    )


def without(rows: list[TakenRow], own: OwnTime | None) -> list[TakenRow]:
    """What is taken, but for the time of the appointment that is to be moved."""
    if own is None or own.taken not in rows:
        return rows
    place = rows.index(own.taken)
    return [*rows[:place], *rows[place + 1 :]]
