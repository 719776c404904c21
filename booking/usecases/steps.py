"""The two visits of a service in steps, once they are booked: which is the other, and that they keep their order."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import StepsOutOfOrder
from booking.core.steps import OtherStep
from booking.core.timespan import Span
from booking.models import Appointment, AppointmentLine, Office, Service


def other_step(session: Session, *, commune_id: int, appointment_id: int) -> OtherStep | None:
    """The other of two steps, as long as it is still to be had."""
    mine = select(Appointment.group_key).where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    row = session.execute(
        select(AppointmentLine.step, Appointment.start, Appointment.end, Service.information_days, Office.zone_key)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .join(Office, (Office.commune_id == Appointment.commune_id) & (Office.id == Appointment.office_id))
        .where(
            Appointment.commune_id == commune_id,
            Appointment.group_key == mine.scalar_subquery(),
            Appointment.id != appointment_id,
            # Whoever missed the information or was cancelled has nothing that the file could come after.
            Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.FULFILLED)),
            AppointmentLine.step.is_not(None),
        )
    ).first()
    if row is None:
        return None
    return OtherStep(row.step, Span(row.start, row.end), row.information_days or 0, ZoneInfo(row.zone_key))


def check_order(session: Session, *, commune_id: int, appointment_id: int, span: Span) -> None:
    """Raises ``StepsOutOfOrder`` when the two steps of a service would no longer follow one another like this.

    Whoever has taken both visits before knows that it stays so until this unit ends.
    """
    other = other_step(session, commune_id=commune_id, appointment_id=appointment_id)
    if other is not None and not other.allows(span):
        raise StepsOutOfOrder(days=other.days)
