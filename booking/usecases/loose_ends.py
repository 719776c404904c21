"""What waits for somebody: past visits that nobody has settled, people whom no message reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.timespan import floor_to_tick, local_date
from booking.models import Office
from booking.models.messages import MessageKind, Recipient
from booking.usecases.visits import APPOINTMENTS, MESSAGES, MOST_FOUND, REFUSED_FOR_GOOD, Visit, visits_in

MOST_UNMARKED = 100


@dataclass(frozen=True)
class Unreached:
    """A message that was refused for good, with the visit it was about and the number to ring instead."""

    visit: Visit
    kind: MessageKind
    phone: str | None


HERE = (
    APPOINTMENTS.c.commune_id == bindparam("commune_id"),
    APPOINTMENTS.c.office_id.in_(bindparam("office_ids", expanding=True)),
)
UNMARKED_HERE = (
    *HERE,
    APPOINTMENTS.c.state == AppointmentState.BOOKED,
    APPOINTMENTS.c.local_date < bindparam("today"),
)
# Told from the few refused messages on, not from the many visits to come.
UNREACHED_HERE = (
    *REFUSED_FOR_GOOD,
    select(APPOINTMENTS.c.id)
    .where(*HERE, APPOINTMENTS.c.id == MESSAGES.c.appointment_id, APPOINTMENTS.c.end > bindparam("tick"))
    .correlate(MESSAGES)
    .exists(),
)


def facts_of(offices: Sequence[Office], now: datetime) -> dict[str, Any]:
    """What the statements about what waits in offices of one commune are bound to."""
    return {
        "commune_id": next((office.commune_id for office in offices), None),
        "office_ids": [office.id for office in offices],
        "today": min((local_date(now, office.zone) for office in offices), default=now.date()),
        "tick": floor_to_tick(now),
    }


def unmarked(session: Session, *, offices: Sequence[Office], now: datetime) -> tuple[Visit, ...]:
    """Visits of past days of which nobody has said how they went, the latest day first, 100 at most."""
    by_day = (APPOINTMENTS.c.local_date.desc(), APPOINTMENTS.c.start)
    wanted = select(APPOINTMENTS.c.id).where(*UNMARKED_HERE).order_by(*by_day, APPOINTMENTS.c.id)
    return visits_in(session, wanted.limit(MOST_UNMARKED), *by_day, now=now, **facts_of(offices, now))


def unreached(session: Session, *, offices: Sequence[Office], now: datetime) -> tuple[Unreached, ...]:
    """Refused messages about visits still to come, the nearest visit first, with the phone number to ring."""
    phone = case((MESSAGES.c.recipient == Recipient.HELPER, APPOINTMENTS.c.helper_phone), else_=APPOINTMENTS.c.phone)
    wanted = select(MESSAGES.c.appointment_id, MESSAGES.c.kind, phone.label("phone")).where(*UNREACHED_HERE)
    nearest = wanted.join(APPOINTMENTS, APPOINTMENTS.c.id == MESSAGES.c.appointment_id)
    by_start = nearest.order_by(APPOINTMENTS.c.start, APPOINTMENTS.c.id).limit(MOST_FOUND)
    rows = session.execute(by_start, facts_of(offices, now)).all()
    ids = [row.appointment_id for row in rows]
    of_these = select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(ids))
    known = {one.id: one for one in visits_in(session, of_these, now=now)}
    return tuple(Unreached(known[row.appointment_id], row.kind, row.phone) for row in rows)


@dataclass(frozen=True)
class LooseEnds:
    """What waits for somebody in some offices: visits to settle, people whom no message reached."""

    unmarked: int
    unreached: int


# Made once: every page of staff counts them.
LOOSE_ENDS = select(
    select(func.count(APPOINTMENTS.c.id)).where(*UNMARKED_HERE).scalar_subquery(),
    select(func.count(MESSAGES.c.id)).where(*UNREACHED_HERE).scalar_subquery(),
)


def loose_ends(session: Session, *, offices: Sequence[Office], now: datetime) -> LooseEnds:
    return LooseEnds(*session.execute(LOOSE_ENDS, facts_of(offices, now)).one())
