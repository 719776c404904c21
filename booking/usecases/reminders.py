"""Reminders: left in the outbox when a visit is agreed, and again when it is moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy.orm import Session

from booking.core.reminders import reminder_moments
from booking.core.timespan import local_date
from booking.models import Appointment, AppointmentLine, Message, Office, Service
from booking.models.messages import REMINDERS, MessageKind, MessageState
from booking.usecases.messages import leave_for_helpers, queued
from booking.usecases.statements import QUIETLY, table_of

APPOINTMENTS, LINES, SERVICES = table_of(Appointment), table_of(AppointmentLine), table_of(Service)
MESSAGES, OFFICES = table_of(Message), table_of(Office)

# Made once: building a statement costs more than running it, and every booking leaves reminders.
THESE: BindParameter[Any] = bindparam("ids", expanding=True)
VISITS = (
    select(
        APPOINTMENTS.c.id,
        APPOINTMENTS.c.version,
        APPOINTMENTS.c.start,
        OFFICES.c.zone_key,
        SERVICES.c.reminder_hours,
    )
    .join(OFFICES, OFFICES.c.id == APPOINTMENTS.c.office_id)
    .join(LINES, LINES.c.appointment_id == APPOINTMENTS.c.id)
    .join(SERVICES, SERVICES.c.id == LINES.c.service_id)
    .where(APPOINTMENTS.c.commune_id == bindparam("commune"), APPOINTMENTS.c.id.in_(THESE))
    .order_by(APPOINTMENTS.c.id)
)
TAKE_BACK = (
    update(MESSAGES)
    .where(
        MESSAGES.c.appointment_id.in_(THESE),
        MESSAGES.c.kind.in_(REMINDERS),
        MESSAGES.c.state.in_((MessageState.QUEUED, MessageState.TO_RING)),
    )
    .values(state=MessageState.DROPPED, settled_at=bindparam("at"))
)
# What is given back makes one statement of all its rows.
LEAVE = insert(MESSAGES).returning(MESSAGES.c.id)


def schedule_reminders(session: Session, *, commune_id: int, appointment_ids: Collection[int], now: datetime) -> None:
    """Leave the reminders of these booked visits in the outbox, in the transaction that gives them their time.

    Those of an earlier time are taken back. None is left for a moment already past. Each visit is to be told at its
    present version: whoever moves one has raised it.
    """
    these = {"ids": list(appointment_ids)}
    session.execute(TAKE_BACK, these | {"at": now}, execution_options=QUIETLY)
    visits = visits_to_remind_of(session, commune_id=commune_id, appointment_ids=appointment_ids, now=now)
    leave_reminders(
        session,
        [
            reminder(visit, REMINDERS[place - 1], due, commune_id=commune_id, now=now)
            for visit in visits
            for place, due in visit.moments.items()
        ],
    )


@dataclass(frozen=True)
class Reminded:
    """A visit at its present version, and the moments still to come at which its services remind of it."""

    id: int
    version: int
    start: datetime
    moments: Mapping[int, datetime]


def visits_to_remind_of(
    session: Session, *, commune_id: int, appointment_ids: Collection[int], now: datetime
) -> list[Reminded]:
    visits: dict[tuple[int, int, datetime, str], set[int]] = {}
    mine = {"ids": list(appointment_ids), "commune": commune_id}
    for number, version, start, zone_key, hours in session.execute(VISITS, mine):
        visits.setdefault((number, version, start, zone_key), set()).update(hours)
    return [
        Reminded(number, version, start, reminder_moments(start, hours, ZoneInfo(zone_key), now))
        for (number, version, start, zone_key), hours in visits.items()
    ]


def reminder(visit: Reminded, kind: MessageKind, due: datetime, *, commune_id: int, now: datetime) -> dict[str, object]:
    """The row of one reminder in the outbox."""
    about = {"appointment_id": visit.id, "person_id": None, "version": visit.version, "copy": 0}
    return queued(kind, commune_id=commune_id, now=now) | about | {"of_start": visit.start, "due_at": due}


def leave_reminders(session: Session, left: Sequence[Mapping[str, Any]]) -> None:
    """Leave reminders in the outbox, and copies of them for whoever booked for somebody else."""
    if left:
        session.execute(LEAVE, left).all()
        leave_for_helpers(session, left)


def days_of_reminders(session: Session, *, appointment: Appointment) -> tuple[date, ...]:
    """The days, by the office's clock, on which reminders of a visit are still to leave."""
    zone = session.get_one(Office, appointment.office_id).zone
    waiting = (Message.kind.in_(REMINDERS), Message.state == MessageState.QUEUED, Message.of_start == appointment.start)
    moments = session.scalars(select(Message.due_at).where(Message.appointment_id == appointment.id, *waiting))
    return tuple(sorted({local_date(moment, zone) for moment in moments}))
