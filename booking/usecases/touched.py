"""People as an administrator sees them who decides about their visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.timespan import floor_to_tick, local_date
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Counter, Office


@dataclass(frozen=True)
class Touched:
    """An appointment that falls outside, or fell, with what is needed to decide and to call."""

    appointment: Appointment
    counter: str
    services: tuple[Translated, ...]


def still_to_come(offices: Sequence[Office], *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That an appointment in these offices has not begun. The day says nothing more, but an index knows it."""
    return (
        Appointment.office_id.in_([office.id for office in offices]),
        Appointment.local_date >= min((local_date(now, office.zone) for office in offices), default=now.date()),
        Appointment.start > floor_to_tick(now),
    )


def people_in(session: Session, ids: Collection[int]) -> tuple[Touched, ...]:
    """The people of these appointments, in the order of their visits."""
    return people(session, Appointment.id.in_(ids))


def people(session: Session, *where: ColumnElement[bool]) -> tuple[Touched, ...]:
    rows = session.execute(
        select(Appointment, Counter.label)
        .join(Counter, (Counter.commune_id == Appointment.commune_id) & (Counter.id == Appointment.counter_id))
        .where(*where)
        .order_by(Appointment.start, Appointment.id)
        .execution_options(populate_existing=True)
    ).all()
    services = services_of(session, *where)
    return tuple(Touched(row.Appointment, row.label, tuple(services[row.Appointment.id])) for row in rows)


def services_of(session: Session, *where: ColumnElement[bool]) -> dict[int, list[Translated]]:
    """What each of these appointments is for, under the names it was booked by."""
    found: dict[int, list[Translated]] = defaultdict(list)
    lines = (
        select(AppointmentLine.appointment_id, AppointmentLine.service_name)
        .join(
            Appointment,
            (Appointment.commune_id == AppointmentLine.commune_id) & (Appointment.id == AppointmentLine.appointment_id),
        )
        .where(*where)
        .order_by(AppointmentLine.appointment_id, AppointmentLine.position)
    )
    for row in session.execute(lines):
        found[row.appointment_id].append(row.service_name)
    return found
