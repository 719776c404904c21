"""Calling the next visitor: one statement, so that two agents never get one, and a counter never two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from booking.core.errors import CounterBusy, NobodyWaits
from booking.core.tickets import AT_COUNTER, Step, TicketState
from booking.core.turns import seconds
from booking.models import Appointment, Ticket, TicketLine
from booking.models.base import Instant
from booking.usecases.journal import Actor
from booking.usecases.rows import ending
from booking.usecases.statements import table_of
from booking.usecases.tickets import write_step

TICKETS, LINES, APPOINTMENTS = table_of(Ticket), table_of(TicketLine), table_of(Appointment)


@dataclass(frozen=True)
class Able:
    """What a counter can do now: these services, for so many persons at once, in these languages beside the two.

    ``language_minutes``: by so much a help language spoken here brings somebody forward.
    """

    office_id: int
    counter_id: int
    day: date
    services: frozenset[int]
    max_persons: int | None = None
    spoken: tuple[str, ...] = ()
    language_minutes: int = 0


@dataclass(frozen=True)
class Called:
    id: int
    version: int
    letter: str
    number: int


def order_columns(now: Any, spoken: Any, language_seconds: Any) -> tuple[Any, ...]:
    """The order of ``core.turns.order`` as columns: the smallest is next."""
    leads = case((TICKETS.c.leads_from <= now, 0), else_=1)
    forward = case((TICKETS.c.help_language.in_(spoken), language_seconds), else_=0)
    return leads, TICKETS.c.turn - forward, TICKETS.c.id


def can_serve(services: Any, max_persons: Any, counter_id: Any) -> tuple[Any, ...]:
    """That a ticket can be taken at a counter: all its services, all its persons, and nobody else was asked to."""
    missing = select(LINES.c.id).where(LINES.c.ticket_id == TICKETS.c.id, LINES.c.service_id.not_in(services))
    return (
        or_(TICKETS.c.for_counter_id.is_(None), TICKETS.c.for_counter_id == counter_id),
        or_(
            TICKETS.c.for_counter_id == counter_id,
            (TICKETS.c.persons <= max_persons) & ~missing.correlate(TICKETS).exists(),
        ),
    )


@cache
def next_call(with_lock: bool) -> Any:
    """The statement, made once per kind of engine."""
    counter = bindparam("counter", type_=Integer)
    waiting = (
        select(TICKETS.c.id)
        .where(
            TICKETS.c.office_id == bindparam("office", type_=Integer),
            TICKETS.c.local_date == bindparam("day"),
            # Written out, or SQLite would not see that the index of those who wait answers it.
            TICKETS.c.state == literal(TicketState.WAITING, TICKETS.c.state.type, literal_execute=True),
            *can_serve(bindparam("services", expanding=True), bindparam("room", type_=Integer), counter),
        )
        .order_by(
            *order_columns(
                bindparam("clock", type_=Integer),
                bindparam("spoken", expanding=True),
                bindparam("forward", type_=Integer),
            )
        )
        .limit(1)
    )
    if with_lock:
        waiting = waiting.with_for_update(skip_locked=True)
    there = TICKETS.alias()
    today = there.c.local_date == bindparam("day")
    busy = select(there.c.id).where(there.c.counter_id == counter, today, there.c.state.in_(AT_COUNTER)).exists()
    now = bindparam("now", type_=Instant)
    return (
        update(TICKETS)
        .where(TICKETS.c.id == waiting.scalar_subquery(), TICKETS.c.state == TicketState.WAITING, ~busy)
        .values(
            state=TicketState.CALLED,
            counter_id=counter,
            version=TICKETS.c.version + 1,
            calls=1,
            called_at=now,
            last_step=Step.CALL,
            last_step_at=now,
            undo_state=TicketState.WAITING,
            undo_counter_id=TICKETS.c.counter_id,
        )
        .returning(TICKETS.c.id, TICKETS.c.version, TICKETS.c.letter, TICKETS.c.number, TICKETS.c.commune_id)
    )


def call_next(session: Session, *, able: Able, actor: Actor, now: datetime) -> Called:
    """Call whoever's turn it is at this counter. Raises ``NobodyWaits``, or ``CounterBusy`` while it has a visitor.

    ``CounterBusy`` ends the unit: two units may meet at one counter, and nothing of the second stays.
    """
    facts = {
        "office": able.office_id,
        "day": able.day,
        "counter": able.counter_id,
        "services": sorted(able.services),
        "room": able.max_persons if able.max_persons is not None else 99,
        "clock": seconds(now),
        "spoken": sorted(able.spoken),
        "forward": 60 * able.language_minutes,
        "now": now,
    }
    statement = next_call(session.get_bind().dialect.name != "sqlite")
    with ending(CounterBusy, on="ix_ticket_at_counter"):
        row = session.execute(statement, facts).one_or_none()
    if row is None:
        raise CounterBusy if is_busy(session, able) else NobodyWaits
    write_step(
        session,
        commune_id=row.commune_id,
        ticket_id=row.id,
        step=Step.CALL,
        state=TicketState.CALLED,
        counter_id=able.counter_id,
        actor=actor,
        now=now,
    )
    return Called(row.id, row.version, row.letter, row.number)


def is_busy(session: Session, able: Able) -> bool:
    here = (TICKETS.c.counter_id == able.counter_id, TICKETS.c.local_date == able.day)
    wanted = select(func.count()).where(*here, TICKETS.c.state.in_(AT_COUNTER))
    return bool(session.scalar(wanted))


def waiting_for(session: Session, *, able: Able, now: datetime) -> list[int]:
    """The tickets that wait and can be taken here, in the order in which this counter would call them."""
    wanted = (
        select(TICKETS.c.id)
        .where(
            TICKETS.c.office_id == able.office_id,
            TICKETS.c.local_date == able.day,
            TICKETS.c.state == TicketState.WAITING,
            *can_serve(sorted(able.services), 99 if able.max_persons is None else able.max_persons, able.counter_id),
        )
        .order_by(*order_columns(seconds(now), sorted(able.spoken), 60 * able.language_minutes))
    )
    return list(session.scalars(wanted))
