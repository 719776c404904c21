"""What may still be changed about a visit by the person it belongs to, read from its services as they are today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError, CallToMove, ForbiddenMove, HasArrived, TooLateToCancel
from booking.core.self_service import SelfService, refusal_to_move_disturbed
from booking.models import Appointment
from booking.usecases.appointments import lines_of


@dataclass(frozen=True)
class Allowed:
    """Why a visit is no longer moved or cancelled by the person; ``None`` where it may be."""

    to_move: BookingError | None
    to_cancel: BookingError | None


def allowed(session: Session, *, appointment: Appointment, now: datetime) -> Allowed:
    """What the person may do now. ``ForbiddenMove`` for a visit that is over or cancelled, ``HasArrived`` for one
    that was signed in; else as in ``core/self_service.py``.
    """
    if appointment.state != AppointmentState.BOOKED:
        forbidden = ForbiddenMove(current=appointment.state, target=AppointmentState.BOOKED)
        return Allowed(forbidden, ForbiddenMove(current=appointment.state, target=AppointmentState.CANCELLED))
    lines = lines_of(session, commune_id=appointment.commune_id, appointment_id=appointment.id)
    terms = SelfService.of_all(service.self_service for _, service in lines)
    if appointment.disturbed_at is None:
        to_move = terms.refusal_to_move(start=appointment.start, moves=appointment.moves, now=now)
    else:
        to_move = refusal_to_move_disturbed(start=appointment.start, now=now)
    if not all(service.is_public and service.mode.is_bookable for _, service in lines):
        to_move = CallToMove()
    if appointment.arrived_at is not None:
        to_move = HasArrived()
    # What cannot take place as agreed is called off whatever the notice, as it is moved.
    is_off = appointment.disturbed_at is not None and appointment.kept_outside_at is not None
    to_cancel = None if is_off else terms.refusal_to_cancel(start=appointment.start, now=now)
    if is_off and has_begun(appointment.start, now):
        to_cancel = TooLateToCancel()
    return Allowed(to_move, to_cancel)
