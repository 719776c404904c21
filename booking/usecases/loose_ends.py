"""What waits for somebody: past visits and tickets that nobody has settled, people to ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.tickets import TO_COME
from booking.core.timespan import local_date
from booking.models import LateMark, Office, Ticket
from booking.usecases.calls import HOW_MANY, whereabouts_of
from booking.usecases.statements import table_of
from booking.usecases.visits import APPOINTMENTS, Visit, visits_in

MOST_UNMARKED = 100
LOOKED_BACK = timedelta(days=31)
"""So far back a ticket that nobody ended is looked for."""


HERE = (
    APPOINTMENTS.c.commune_id == bindparam("commune_id"),
    APPOINTMENTS.c.office_id.in_(bindparam("office_ids", expanding=True)),
)
UNMARKED_HERE = (
    *HERE,
    APPOINTMENTS.c.state == AppointmentState.BOOKED,
    APPOINTMENTS.c.local_date < bindparam("today"),
)


def facts_of(offices: Sequence[Office], now: datetime) -> dict[str, Any]:
    """What the statements about what is to settle in offices of one commune are bound to."""
    today = min((local_date(now, office.zone) for office in offices), default=now.date())
    return {
        "commune_id": next((office.commune_id for office in offices), None),
        "office_ids": [office.id for office in offices],
        "today": today,
        "since": today - LOOKED_BACK,
    }


def unmarked(session: Session, *, offices: Sequence[Office], now: datetime) -> tuple[Visit, ...]:
    """Visits of past days of which nobody has said how they went, the latest day first, 100 at most."""
    by_day = (APPOINTMENTS.c.local_date.desc(), APPOINTMENTS.c.start)
    wanted = select(APPOINTMENTS.c.id).where(*UNMARKED_HERE).order_by(*by_day, APPOINTMENTS.c.id)
    return visits_in(session, wanted.limit(MOST_UNMARKED), *by_day, now=now, **facts_of(offices, now))


@dataclass(frozen=True)
class LooseEnds:
    """What waits for somebody in some offices: visits to settle, people to ring, late marks to decide about.

    ``tickets`` of past days are still open; one that was for an appointment is counted as the visit.
    """

    unmarked: int
    tickets: int
    to_call: int
    late_marks: int

    @property
    def to_settle(self) -> int:
        return self.unmarked + self.tickets


LATE_MARKS, TICKETS = table_of(LateMark), table_of(Ticket)
OPEN = TICKETS.alias("open_ticket")
# Of weeks of tickets few are left open: an index alone tells which, and only those are looked at.
LEFT_OPEN = select(OPEN.c.id).where(
    OPEN.c.office_id.in_(bindparam("office_ids", expanding=True)),
    OPEN.c.local_date >= bindparam("since"),
    OPEN.c.local_date < bindparam("today"),
    OPEN.c.state.in_(TO_COME),
)
# Made once: every page of staff counts them.
LOOSE_ENDS = select(
    select(func.count(APPOINTMENTS.c.id)).where(*UNMARKED_HERE).scalar_subquery(),
    select(func.count(TICKETS.c.id))
    .where(
        TICKETS.c.commune_id == bindparam("commune_id"), TICKETS.c.id.in_(LEFT_OPEN), TICKETS.c.appointment_id.is_(None)
    )
    .scalar_subquery(),
    HOW_MANY.scalar_subquery(),
    select(func.count(LATE_MARKS.c.id))
    .join(APPOINTMENTS, APPOINTMENTS.c.id == LATE_MARKS.c.appointment_id)
    .where(LATE_MARKS.c.commune_id == bindparam("commune_id"), *HERE)
    .scalar_subquery(),
)


def loose_ends(session: Session, *, offices: Sequence[Office], now: datetime) -> LooseEnds:
    return LooseEnds(*session.execute(LOOSE_ENDS, facts_of(offices, now) | whereabouts_of(offices, now)).one())
