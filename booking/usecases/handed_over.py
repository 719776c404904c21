"""Visitors whom one counter alone was to call, when that counter is no longer there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.tickets import AT_COUNTER, Step, TicketState, number_told
from booking.models import Office, Ticket
from booking.usecases.journal import Actor
from booking.usecases.statements import QUIETLY, table_of
from booking.usecases.tickets import write_step

TICKETS = table_of(Ticket)


def give_back_to_all(session: Session, *, commune_id: int, counter_id: int, actor: Actor, now: datetime) -> int:
    """Whoever was handed over to a counter, or set aside there, is called by any of them again; says how many."""
    waiting = update(TICKETS).where(
        TICKETS.c.commune_id == commune_id,
        TICKETS.c.for_counter_id == counter_id,
        TICKETS.c.state.in_((TicketState.WAITING, TicketState.ASIDE)),
    )
    # Nobody takes this back by a press meant for their own last step.
    changed = {"for_counter_id": None, "version": TICKETS.c.version + 1, "undo_state": None}
    freed = waiting.values(**changed, last_step=Step.BACK, last_step_at=now).returning(TICKETS.c.id, TICKETS.c.state)
    rows = session.execute(freed, execution_options=QUIETLY).all()
    for row in rows:
        own = {"commune_id": commune_id, "ticket_id": row.id, "actor": actor, "now": now}
        write_step(session, **own, step=Step.BACK, state=row.state, counter_id=None)
    return len(rows)


def leave_with(
    session: Session, appointment_ids: Collection[int], *, commune_id: int, actor: Actor, now: datetime
) -> None:
    """Whoever waits for an appointment that is cancelled waits no longer."""
    ends = {"state": TicketState.LEFT, "ended_at": now, "aside": None, "for_counter_id": None, "undo_state": None}
    left = (
        update(TICKETS)
        .where(TICKETS.c.commune_id == commune_id, TICKETS.c.appointment_id.in_(appointment_ids))
        .where(TICKETS.c.state.in_((TicketState.WAITING, TicketState.ASIDE)))
        .values(**ends, version=TICKETS.c.version + 1, last_step=Step.LEAVE, last_step_at=now)
        .returning(TICKETS.c.id)
    )
    for ticket_id in session.scalars(left, execution_options=QUIETLY).all():
        own = {"commune_id": commune_id, "ticket_id": ticket_id, "actor": actor, "now": now}
        write_step(session, **own, step=Step.LEAVE, state=TicketState.LEFT, counter_id=None)


def served_now(session: Session, *, office: Office, day: date) -> frozenset[int]:
    """The appointments whose people stand at a counter."""
    there = select(TICKETS.c.appointment_id).where(
        TICKETS.c.office_id == office.id,
        TICKETS.c.local_date == day,
        TICKETS.c.state.in_(AT_COUNTER),
        TICKETS.c.appointment_id.is_not(None),
    )
    return frozenset(session.scalars(there))


def told_at(session: Session, *, counter_id: int, day: date) -> str | None:
    """The number of the visitor who is called to a counter or stands there, as it is called."""
    there = select(TICKETS.c.letter, TICKETS.c.number).where(
        TICKETS.c.counter_id == counter_id, TICKETS.c.local_date == day, TICKETS.c.state.in_(AT_COUNTER)
    )
    row = session.execute(there).first()
    return number_told(row.letter, row.number) if row else None
