"""Being late: what the office does about it, and saying beforehand by how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import LateNotice
from booking.core.timespan import local_date, wall_time
from booking.core.translated import Translated
from booking.models import Appointment, Office
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY

STEPS = (5, 10, 15, 20, 30, 45, 60)
"""The minutes one can say; who will be later than an hour moves the appointment or calls."""

LATEST = timedelta(minutes=max(STEPS))


@dataclass(frozen=True)
class Lateness:
    """What is true of being late for a visit: the wall time until which the office waits, and its own rule after that.

    ``minutes`` is what the person has said; ``can_say`` whether they can say it now.
    """

    until: time
    rule: Translated
    minutes: int | None
    can_say: bool


def lateness_of(session: Session, *, appointment: Appointment, now: datetime) -> Lateness:
    office = session.get_one(Office, appointment.office_id)
    until = appointment.start + timedelta(minutes=office.grace_minutes)
    awaited = appointment.state == AppointmentState.BOOKED and appointment.arrived_at is None
    in_time = local_date(now, office.zone) == appointment.local_date and now < appointment.start + LATEST
    return Lateness(wall_time(until, office.zone), office.late_rule, appointment.late_minutes, awaited and in_time)


def say_late(
    session: Session, *, commune_id: int, appointment_id: int, minutes: int | None, actor: Actor, now: datetime
) -> None:
    """Tell the office by how many minutes one will be late; ``None`` takes it back.

    The last word counts. The version stays: who marks the arrival meanwhile is not told to look again.
    Raises ``LateNotice`` on another day, once they arrived or the visit is settled or cancelled.
    """
    appointment = session.get(Appointment, appointment_id)
    if appointment is None or not lateness_of(session, appointment=appointment, now=now).can_say:
        raise LateNotice
    said = session.execute(
        update(Appointment)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.arrived_at.is_(None),
            # A visit that is moved at this moment is one of another day, perhaps.
            Appointment.start == appointment.start,
        )
        .values(late_minutes=minutes, late_said_at=now if minutes else None)
        .returning(Appointment.id),
        execution_options=QUIETLY,
    ).one_or_none()
    if said is None:
        raise LateNotice
    note(
        session,
        actor,
        commune_id=commune_id,
        act="late",
        subject="appointment",
        subject_id=appointment_id,
        fields=("late_minutes",),
        now=now,
    )
