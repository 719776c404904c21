"""What has become of visits that a change touched: each is settled once, by whoever comes first.

Whoever settles one has taken its appointment before: two never wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, literal_column, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.rebookings import OPEN, Settled, WhyCall
from booking.core.roles import Role
from booking.models import Appointment, Message, RebookedVisit
from booking.models.messages import MessageKind, MessageState, Recipient
from booking.usecases.holds import end_holds
from booking.usecases.journal import Actor
from booking.usecases.messages import queued
from booking.usecases.statements import QUIETLY, table_of

VISITS = table_of(RebookedVisit)
UNSAID = (MessageState.QUEUED, MessageState.TO_RING, MessageState.REFUSED)
"""What has not reached anybody yet."""

IS_OPEN = VISITS.c.state.in_([literal_column(f"'{state}'") for state in OPEN])
"""That somebody has something to do about it, written out: else SQLite would not see which index answers it."""

HAS_OPEN: ColumnElement[bool] = (
    select(VISITS.c.id)
    .where(
        VISITS.c.appointment_id == table_of(Message).c.appointment_id,
        IS_OPEN,
        VISITS.c.state != Settled.WAITING,
    )
    .correlate(table_of(Message))
    .exists()
)
"""That what a message says of another time is still to be settled."""


def settle(
    session: Session, *where: ColumnElement[bool], state: Settled, now: datetime, **values: Any
) -> list[Row[Any]]:
    """Let open ones be in another state, each once whoever tries; gives those it did that for, as they are then."""
    done = (
        update(VISITS)
        .where(*where, IS_OPEN)
        .values({"state": state, "settled_at": None if state.is_open else now} | values)
    )
    return list(session.execute(done.returning(*VISITS.c)).all())


def of(appointment_ids: Collection[int]) -> ColumnElement[bool]:
    return VISITS.c.appointment_id.in_(appointment_ids)


def settle_moved(session: Session, *, appointment_id: int, kind: HoldKind, actor: Actor, now: datetime) -> None:
    """A visit has another time: the one that was proposed, another one of its person's, or one agreed with staff."""
    by_person = Settled.ACCEPTED if kind == HoldKind.REBOOKING else Settled.CHOSEN
    state = by_person if actor.role in {Role.RESIDENT, None} else Settled.BY_PHONE
    settle(session, of([appointment_id]), state=state, now=now)
    say_no_more(session, [appointment_id], now=now)


def settle_cancelled(session: Session, appointment_ids: Sequence[int], *, now: datetime) -> None:
    """Visits are cancelled; what was held for them ends with them."""
    if appointment_ids:
        settle(session, of(appointment_ids), state=Settled.CANCELLED, now=now)
        say_no_more(session, appointment_ids, now=now)


def settle_restored(
    session: Session, appointment_ids: Sequence[int], *, cancelled_at: datetime | None, now: datetime
) -> None:
    """A cancellation was taken back, which is only done inside the hours: the visit stands as it was agreed."""
    again = update(VISITS).where(
        of(appointment_ids), VISITS.c.state == Settled.CANCELLED, VISITS.c.settled_at == cancelled_at
    )
    session.execute(again.values(state=Settled.KEPT, settled_at=now))


def say_no_more(session: Session, appointment_ids: Collection[int], *, now: datetime) -> None:
    """What was to be said of another time, and has reached nobody, is not said."""
    unsaid = update(Message).where(
        Message.appointment_id.in_(appointment_ids),
        Message.kind == MessageKind.REBOOKING,
        Message.state.in_(UNSAID),
    )
    session.execute(unsaid.values(state=MessageState.DROPPED, settled_at=now), execution_options=QUIETLY)


def to_be_called(session: Session, one: RebookedVisit, why: WhyCall, *, now: datetime) -> None:
    """Somebody has to ring: what was held is free, and the call list says it, however the person is reached else."""
    done = settle(session, VISITS.c.id == one.id, state=Settled.TO_CALL, now=now, why=why, attempts=one.attempts + 1)
    if not done:
        return
    end_proposals(session, done)
    say_no_more(session, [one.appointment_id], now=now)
    session.execute(insert(table_of(Message)), call_about(session, one, copy=one.attempts + 1, now=now))


def call_about(session: Session, one: RebookedVisit, *, copy: int, now: datetime) -> dict[str, Any]:
    """The line of the call list: whoever booked for somebody who has no number of their own is rung instead."""
    who = session.execute(
        select(Appointment.email, Appointment.phone, Appointment.helper_name).where(
            Appointment.id == one.appointment_id
        )
    ).one()
    to_helper = who.helper_name is not None and not (who.email or who.phone)
    return queued(MessageKind.REBOOKING, commune_id=one.commune_id, now=now) | {
        "appointment_id": one.appointment_id,
        "version": one.id,
        "copy": copy,
        "recipient": Recipient.HELPER if to_helper else Recipient.PERSON,
        "state": MessageState.TO_RING,
        "settled_at": now,
    }


def settle_rung(session: Session, *, message_id: int, now: datetime) -> None:
    """Somebody has rung about another time: whom there was nothing else to do about is settled.

    Who was told of a time that is held can still take it.
    """
    row = select(Message.version).where(Message.id == message_id, Message.kind == MessageKind.REBOOKING)
    settle(
        session,
        VISITS.c.id == row.scalar_subquery(),
        VISITS.c.state == Settled.TO_CALL,
        state=Settled.BY_PHONE,
        now=now,
    )


def ring_again(session: Session, *, message_id: int) -> None:
    """Nobody has rung after all: as long as the visit stands as it did, somebody still has to."""
    row = select(Message.version).where(Message.id == message_id, Message.kind == MessageKind.REBOOKING)
    stands = (
        select(Appointment.id)
        .where(
            Appointment.id == VISITS.c.appointment_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start == VISITS.c.of_start,
            Appointment.disturbed_at.is_not(None),
        )
        .exists()
    )
    later = VISITS.alias()
    # A later change may ask about the same visit by now: that is where it is carried on.
    is_asked = select(later.c.id).where(later.c.appointment_id == VISITS.c.appointment_id, later.c.settled_at.is_(None))
    again = update(VISITS).where(
        VISITS.c.id == row.scalar_subquery(),
        VISITS.c.state == Settled.BY_PHONE,
        VISITS.c.why.is_not(None),
        stands,
        ~is_asked.correlate(VISITS).exists(),
    )
    session.execute(again.values(state=Settled.TO_CALL, settled_at=None))


def end_proposals(session: Session, rows: Sequence[Row[Any]]) -> None:
    """What was held for these is free."""
    keys = [row.hold_key for row in rows if row.hold_key]
    if keys:
        end_holds(session, Appointment.hold_key.in_(keys), Appointment.hold_kind == HoldKind.REBOOKING)


def has_open(session: Session, *, appointment: Appointment) -> bool:
    """Whether another time for a visit is looked for, proposed, or to be talked about."""
    mine = select(VISITS.c.id).where(of([appointment.id]), IS_OPEN)
    return appointment.disturbed_at is not None and session.scalar(mine) is not None
