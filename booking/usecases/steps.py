"""The two visits of a service in steps, once they are booked: which is the other, and that they keep their order."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from booking.core.appointments import AppointmentState
from booking.core.errors import StepsOutOfOrder
from booking.core.steps import OtherStep
from booking.core.timespan import Span
from booking.models import Appointment, AppointmentLine, Office, Service

MINE, OTHER = aliased(Appointment), aliased(Appointment)


def other_steps(session: Session, *of: ColumnElement[bool]) -> dict[int, OtherStep]:
    """By the id of each visit that ``of`` picks out of ``MINE``: the other of its two steps, while it is to be had."""
    rows = session.execute(
        select(MINE.id, AppointmentLine.step, OTHER.start, OTHER.end, Service.information_days, Office.zone_key)
        .join(
            OTHER,
            (OTHER.commune_id == MINE.commune_id) & (OTHER.group_key == MINE.group_key) & (OTHER.id != MINE.id),
        )
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == OTHER.commune_id) & (AppointmentLine.appointment_id == OTHER.id),
        )
        .join(Service, (Service.commune_id == AppointmentLine.commune_id) & (Service.id == AppointmentLine.service_id))
        .join(Office, (Office.commune_id == OTHER.commune_id) & (Office.id == OTHER.office_id))
        .where(
            *of,
            # Whoever missed the information or was cancelled has nothing that the file could come after.
            OTHER.state.in_((AppointmentState.BOOKED, AppointmentState.FULFILLED)),
            AppointmentLine.step.is_not(None),
        )
    )
    return {
        row.id: OtherStep(row.step, Span(row.start, row.end), row.information_days or 0, ZoneInfo(row.zone_key))
        for row in rows
    }


def other_step(session: Session, *, commune_id: int, appointment_id: int) -> OtherStep | None:
    """The other of two steps, as long as it is still to be had."""
    found = other_steps(session, MINE.commune_id == commune_id, MINE.id == appointment_id)
    return found.get(appointment_id)


def check_order(session: Session, *, commune_id: int, appointment_id: int, span: Span) -> None:
    """Raises ``StepsOutOfOrder`` when the two steps of a service would no longer follow one another like this.

    Whoever has taken both visits before knows that it stays so until this unit ends.
    """
    other = other_step(session, commune_id=commune_id, appointment_id=appointment_id)
    if other is not None and not other.allows(span):
        raise StepsOutOfOrder(days=other.days)
