"""What must be true of the places in quotas: each visit to come has the one of its own day or week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.timespan import floor_to_tick
from booking.models import Appointment, AppointmentLine, Seat, Service
from booking.usecases.limits import QUOTA


def uncounted(session: Session, *, now: datetime) -> Iterator[str]:
    """Booked visits to come whose places are not exactly that of their day or week."""
    for service in session.scalars(select(Service).where(Service.quota.is_not(None)).order_by(Service.id)):
        quota = service.counted
        if quota is None:
            continue
        places: dict[int, list[str]] = defaultdict(list)
        of_service = (Seat.kind == QUOTA, Seat.key == str(service.id))
        for seat in session.execute(select(Seat.appointment_id, Seat.period).where(*of_service)):
            places[seat.appointment_id].append(seat.period)
        visits = (
            select(Appointment.id, Appointment.local_date)
            .join(AppointmentLine, AppointmentLine.appointment_id == Appointment.id)
            .where(
                AppointmentLine.service_id == service.id,
                Appointment.state == AppointmentState.BOOKED,
                Appointment.start > floor_to_tick(now),
            )
        )
        for row in session.execute(visits.order_by(Appointment.id)):
            if places[row.id] != [quota.period_of(row.local_date)]:
                yield f"a visit has one place in the quota of its service: appointment {row.id}, service {service.id}"
