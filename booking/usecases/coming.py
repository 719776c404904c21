"""Saying beforehand that one is coming, when a reminder has asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import OutOfDate, VisitBegun
from booking.models import Appointment, AppointmentLine, Message, Service
from booking.models.messages import REMINDERS, MessageState
from booking.usecases.appointments import still_as_seen
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY, table_of

APPOINTMENTS, LINES, SERVICES = table_of(Appointment), table_of(AppointmentLine), table_of(Service)
MESSAGES = table_of(Message)

IS_ASKED: ColumnElement[bool] = and_(
    APPOINTMENTS.c.state == AppointmentState.BOOKED,
    APPOINTMENTS.c.coming_at.is_(None),
    APPOINTMENTS.c.arrived_at.is_(None),
    select(MESSAGES.c.id)
    .where(
        MESSAGES.c.appointment_id == APPOINTMENTS.c.id,
        MESSAGES.c.kind.in_(REMINDERS),
        MESSAGES.c.state == MessageState.SENT,
        MESSAGES.c.of_start == APPOINTMENTS.c.start,
    )
    .correlate(APPOINTMENTS)
    .exists(),
    select(SERVICES.c.id)
    .join(LINES, LINES.c.service_id == SERVICES.c.id)
    .where(LINES.c.appointment_id == APPOINTMENTS.c.id, SERVICES.c.asks_coming)
    .correlate(APPOINTMENTS)
    .exists(),
)
"""That somebody was asked, in a message, whether they come to a booked visit, and has not answered, nor come."""


def is_asked(session: Session, *, appointment: Appointment, now: datetime) -> bool:
    """Whether the person is still to say that they are coming to a visit that has not begun."""
    if has_begun(appointment.start, now):
        return False
    wanted = select(APPOINTMENTS.c.id).where(APPOINTMENTS.c.id == appointment.id, IS_ASKED)
    return session.scalar(wanted) is not None


def say_coming(
    session: Session, *, commune_id: int, appointment_id: int, version: int, actor: Actor, now: datetime
) -> None:
    """Tell the office that one is coming to the visit as it was seen; said twice it counts from the first time.

    The version stays: who marks the arrival meanwhile is not told to look again. Raises ``OutOfDate`` or
    ``VisitBegun``.
    """
    this = still_as_seen(commune_id, appointment_id, version)
    said = session.execute(
        update(Appointment)
        .where(*this, Appointment.coming_at.is_(None))
        .values(coming_at=now)
        .returning(Appointment.start),
        execution_options=QUIETLY,
    ).one_or_none()
    if said is None:
        if session.scalar(select(Appointment.id).where(*this)) is None:
            raise OutOfDate
        return
    if has_begun(said.start, now):
        raise VisitBegun
    note(
        session,
        actor,
        commune_id=commune_id,
        act="coming",
        subject="appointment",
        subject_id=appointment_id,
        fields=("coming_at",),
        now=now,
    )
