"""Breaks and absences of single counters, as the agents who sit there plan them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import CounterTaken, EndsBeforeStart, SlotTaken, Unknown
from booking.core.timespan import TICK, Span, day_span, floor_to_tick
from booking.models import Appointment, Block, Counter, Office
from booking.models.appointments import is_live
from booking.models.opening import BlockReason
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.counters_out import own_counter
from booking.usecases.journal import Actor, note
from booking.usecases.rows import refusing
from booking.usecases.schedules import take_whole
from booking.usecases.statements import QUIETLY


class Planned(NamedTuple):
    """A break or an absence of a counter."""

    id: int
    counter_id: int
    span: Span
    reason: BlockReason


def breaks_on(session: Session, *, office: Office, day: date) -> tuple[Planned, ...]:
    """The breaks and absences of the office's counters on a local day, in their order."""
    whole = day_span(day, office.zone)
    wanted = (
        select(Block.id, Block.counter_id, Block.start, Block.end, Block.reason)
        .join(Counter, (Counter.commune_id == Block.commune_id) & (Counter.id == Block.counter_id))
        .where(Counter.commune_id == office.commune_id, Counter.office_id == office.id)
        .where(Block.start <= whole.end - TICK, Block.end > whole.start)
        .order_by(Block.start, Counter.position, Block.id)
    )
    return tuple(
        Planned(row.id, row.counter_id, Span(row.start, row.end), row.reason) for row in session.execute(wanted)
    )


def touched_by(session: Session, *, counter_id: int, span: Span, now: datetime) -> tuple[int, ...]:
    """The booked visits that a counter has in a span, in their order."""
    wanted = select(Appointment.id).where(
        Appointment.counter_id == counter_id,
        Appointment.start <= span.end - TICK,
        Appointment.end > span.start,
        Appointment.state != AppointmentState.HELD,
        *is_live(now),
    )
    return tuple(session.scalars(wanted.order_by(Appointment.start, Appointment.id)))


def add_break(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    counter_id: int,
    span: Span,
    reason: BlockReason,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep a counter free of visits. Raises ``Unknown``, ``EndsBeforeStart`` for what is over, or ``CounterTaken``
    when it has a visit then, a time somebody is choosing, or another break.
    """
    counter = own_counter(session, commune_id=commune_id, office_ids=office_ids, counter_id=counter_id)
    if span.end <= floor_to_tick(now):
        raise EndsBeforeStart
    take_whole(session, commune_id=commune_id, office_ids=[counter.office_id])
    with refusing(session, CounterTaken, on="uq_block_commune_id_counter_id_start"):
        try:
            (number,) = add_blocks(session, commune_id=commune_id, blocks=[Kept(counter_id, span, reason)], now=now)
        except SlotTaken as refusal:
            raise CounterTaken from refusal
    note(session, actor, commune_id=commune_id, act="added", subject="block", subject_id=number, now=now)


def remove_break(
    session: Session, *, commune_id: int, office_ids: Collection[int], block_id: int, actor: Actor, now: datetime
) -> None:
    """The counter takes visits again then. Raises ``Unknown`` in other offices; one that is gone needs nothing."""
    office_id = session.scalars(
        select(Counter.office_id)
        .join(Block, (Block.commune_id == Counter.commune_id) & (Block.counter_id == Counter.id))
        .where(Block.commune_id == commune_id, Block.id == block_id)
    ).one_or_none()
    if office_id is None:
        return
    if office_id not in office_ids:
        raise Unknown
    take_whole(session, commune_id=commune_id, office_ids=[office_id])
    gone = delete(Block).where(Block.commune_id == commune_id, Block.id == block_id).returning(Block.id)
    if session.scalars(gone, execution_options=QUIETLY).first() is not None:
        note(session, actor, commune_id=commune_id, act="removed", subject="block", subject_id=block_id, now=now)
