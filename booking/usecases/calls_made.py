"""Calls that were made: ticking somebody off the call list, taking that back, and whom nobody has heard from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.core.errors import OutOfDate, Unknown
from booking.core.roles import Role
from booking.core.timespan import day_span, local_date
from booking.models import Appointment, CallMade, Message, Office
from booking.models.messages import MessageState
from booking.usecases.calls import whereabouts_of
from booking.usecases.coming import IS_ASKED
from booking.usecases.journal import Actor, note
from booking.usecases.rebooked import ring_again, settle_rung
from booking.usecases.statements import QUIETLY, insert_unless_taken, table_of
from booking.usecases.visits import APPOINTMENTS, Visit, in_offices, visits_in
from booking.usecases.visits_found import MOST_FOUND

OPEN = (MessageState.QUEUED, MessageState.REFUSED, MessageState.TO_RING)
MADE = table_of(CallMade)

IS_RUNG: ColumnElement[bool] = (
    select(MADE.c.id)
    .where(
        MADE.c.appointment_id == APPOINTMENTS.c.id, MADE.c.message_id.is_(None), MADE.c.of_start == APPOINTMENTS.c.start
    )
    .correlate(APPOINTMENTS)
    .exists()
)
"""That somebody has already rung to hear whether a person comes to a visit."""


@dataclass(frozen=True)
class Unheard:
    """Somebody who was asked whether they come, and has not said so; and the number they gave, or their helper."""

    visit: Visit
    phone: str


class Made(NamedTuple):
    """A call that was made today, or a letter written: about which visit, by whom of the staff, at what time.

    ``was_asked``: it was about whether they come. ``at`` is the office's clock.
    """

    id: int
    visit: Visit
    was_asked: bool
    role: Role | None
    at: datetime


REACHED = APPOINTMENTS.c.phone.is_not(None) | APPOINTMENTS.c.helper_phone.is_not(None)
UNHEARD = (
    select(APPOINTMENTS.c.id, APPOINTMENTS.c.phone, APPOINTMENTS.c.helper_phone)
    .where(
        APPOINTMENTS.c.commune_id == bindparam("commune_id"),
        APPOINTMENTS.c.office_id.in_(bindparam("office_ids", expanding=True)),
        APPOINTMENTS.c.start > bindparam("tick"),
        APPOINTMENTS.c.local_date >= bindparam("today"),
        REACHED,
        IS_ASKED,
        ~IS_RUNG,
    )
    .order_by(APPOINTMENTS.c.start, APPOINTMENTS.c.id)
)


def unheard(
    session: Session, *, offices: Sequence[Office], day: date | None = None, now: datetime
) -> tuple[Unheard, ...]:
    """Who was asked whether they come to these offices, on a day or any, and has not answered; 50 at most."""
    wanted = UNHEARD if day is None else UNHEARD.where(APPOINTMENTS.c.local_date == day)
    today = min((local_date(now, office.zone) for office in offices), default=now.date())
    facts = {**whereabouts_of(offices, now), "today": today}
    facts.pop("now")
    rows = session.execute(wanted.limit(MOST_FOUND), facts).all()
    known = known_by_id(session, [row.id for row in rows], now)
    return tuple(Unheard(known[row.id], row.phone or row.helper_phone) for row in rows)


def known_by_id(session: Session, ids: Collection[int], now: datetime) -> dict[int, Visit]:
    found = visits_in(session, select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id.in_(ids)), now=now)
    return {one.id: one for one in found}


def made_today(session: Session, *, offices: Sequence[Office], now: datetime) -> tuple[Made, ...]:
    """The calls made today about visits in these offices, the last one first, 50 at most."""
    zones = {office.id: office.zone for office in offices}
    if not zones:
        return ()
    since = min(day_span(local_date(now, zone), zone).start for zone in zones.values())
    rows = session.execute(
        select(CallMade, APPOINTMENTS.c.office_id)
        .join(APPOINTMENTS, APPOINTMENTS.c.id == CallMade.appointment_id)
        .where(*in_offices(offices[0].commune_id, zones), CallMade.at >= since)
        .order_by(CallMade.at.desc(), CallMade.id.desc())
        .limit(MOST_FOUND)
    ).all()
    known = known_by_id(session, {row.CallMade.appointment_id for row in rows}, now)
    return tuple(
        Made(one.id, known[one.appointment_id], one.message_id is None, one.role, one.at.astimezone(zones[office_id]))
        for one, office_id in rows
    )


def office_of_call(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    message_id: int | None = None,
    appointment_id: int | None = None,
    call_id: int | None = None,
) -> int | None:
    """Which office the visit is at that a call is about, by its message, its visit or the call that was made; ``None``
    when there is none such in these offices.
    """
    by_message = select(Message.appointment_id).where(Message.id == message_id)
    by_call = select(CallMade.appointment_id).where(CallMade.commune_id == commune_id, CallMade.id == call_id)
    visit = or_(
        APPOINTMENTS.c.id == appointment_id,
        APPOINTMENTS.c.id == by_message.scalar_subquery(),
        APPOINTMENTS.c.id == by_call.scalar_subquery(),
    )
    return session.scalar(select(APPOINTMENTS.c.office_id).where(*in_offices(commune_id, office_ids), visit))


def rung(
    session: Session, *, commune_id: int, office_ids: Collection[int], message_id: int, actor: Actor, now: datetime
) -> None:
    """Take a call off the list because somebody has rung, or written; it is not sent any more either.

    What is not on the list any more, because another agent rang or it was sent after all, stays as it is. Raises
    ``Unknown`` for a message about no visit in these offices.
    """
    visit = select(APPOINTMENTS.c.id).where(*in_offices(commune_id, office_ids))
    mine = (Message.id == message_id, Message.appointment_id.in_(visit))
    state = session.scalars(select(Message.state).where(*mine).with_for_update(of=Message)).one_or_none()
    if state is None:
        raise Unknown
    if state not in OPEN:
        return
    done = session.execute(
        update(Message)
        .where(*mine, Message.state == state)
        .values(state=MessageState.RUNG, settled_at=now)
        .returning(Message.appointment_id),
        execution_options=QUIETLY,
    ).one_or_none()
    if done is not None:
        settle_rung(session, message_id=message_id, now=now)
        own = {"commune_id": commune_id, "appointment_id": done.appointment_id}
        write_call(session, **own, message_id=message_id, state_before=state, actor=actor, now=now)


def asked_by_phone(
    session: Session, *, commune_id: int, office_ids: Collection[int], appointment_id: int, actor: Actor, now: datetime
) -> None:
    """Note that somebody has rung to hear whether a person comes. Done twice it counts once. Raises ``Unknown``."""
    visit = select(APPOINTMENTS.c.id).where(*in_offices(commune_id, office_ids), APPOINTMENTS.c.id == appointment_id)
    if session.scalar(visit) is None:
        raise Unknown
    write_call(session, commune_id=commune_id, appointment_id=appointment_id, actor=actor, now=now)


def write_call(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    actor: Actor,
    now: datetime,
    message_id: int | None = None,
    state_before: MessageState | None = None,
) -> None:
    start = session.scalars(select(Appointment.start).where(Appointment.id == appointment_id)).one()
    one: dict[str, Any] = {"commune_id": commune_id, "appointment_id": appointment_id, "message_id": message_id}
    one |= {"of_start": start, "state_before": state_before, "at": now, "role": actor.role}
    if session.scalar(insert_unless_taken(session, CallMade, "id"), one) is not None:
        own: dict[str, Any] = {"commune_id": commune_id, "subject": "appointment", "subject_id": appointment_id}
        note(session, actor, **own, act="rang", fields=("phone",), now=now)


def not_rung(
    session: Session, *, commune_id: int, office_ids: Collection[int], call_id: int, actor: Actor, now: datetime
) -> None:
    """Take back that somebody has rung: the message waits as it did before. Raises ``OutOfDate``
    when that was done already.
    """
    visit = select(APPOINTMENTS.c.id).where(*in_offices(commune_id, office_ids))
    gone = session.execute(
        delete(CallMade)
        .where(CallMade.id == call_id, CallMade.appointment_id.in_(visit))
        .returning(CallMade.appointment_id, CallMade.message_id, CallMade.state_before),
        execution_options=QUIETLY,
    ).one_or_none()
    if gone is None:
        raise OutOfDate
    if gone.message_id is not None:
        waits = gone.state_before == MessageState.QUEUED
        ring_again(session, message_id=gone.message_id)
        session.execute(
            update(Message)
            .where(Message.id == gone.message_id, Message.state == MessageState.RUNG)
            .values(state=gone.state_before, settled_at=None if waits else now),
            execution_options=QUIETLY,
        )
    own = {"commune_id": commune_id, "subject": "appointment", "subject_id": gone.appointment_id}
    note(session, actor, **own, act="not-rung", fields=("phone",), now=now)
