"""What must be true of visits that are carried on: the statements that find its breaches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, or_, select

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.rebookings import OPEN, Settled
from booking.models import Appointment, Message, RebookedVisit, Rebooking
from booking.models.messages import MessageKind
from booking.usecases.check_messages import STUCK
from booking.usecases.check_times import Wanted

ITS_VISIT = (RebookedVisit.commune_id == Appointment.commune_id) & (RebookedVisit.appointment_id == Appointment.id)


def carried_on_in_vain() -> Wanted:
    """Whoever cancels a visit or gives it another time settles it in the same unit."""
    has_moved = Appointment.start != RebookedVisit.of_start
    return (
        select(RebookedVisit.id.label("visit"), RebookedVisit.state)
        .join(Appointment, ITS_VISIT)
        .where(RebookedVisit.state.in_(OPEN), or_(Appointment.state == AppointmentState.CANCELLED, has_moved))
    )


def held_for_nobody() -> Wanted:
    theirs = exists().where(
        RebookedVisit.hold_key == Appointment.hold_key,
        RebookedVisit.state == Settled.PROPOSED,
        RebookedVisit.appointment_id == Appointment.replaces_id,
    )
    is_proposed = (Appointment.state == AppointmentState.HELD, Appointment.hold_kind == HoldKind.REBOOKING)
    return select(Appointment.id.label("appointment")).where(*is_proposed, ~theirs)


def untold() -> Wanted:
    told = exists().where(
        Message.appointment_id == RebookedVisit.appointment_id,
        Message.kind == MessageKind.REBOOKING,
        Message.version == RebookedVisit.id,
        Message.copy == RebookedVisit.attempts,
    )
    return select(RebookedVisit.id.label("visit"), RebookedVisit.state).where(
        RebookedVisit.state.in_((Settled.PROPOSED, Settled.TO_CALL)), ~told
    )


def waiting_too_long(now: datetime) -> Wanted:
    of = (Rebooking.commune_id == RebookedVisit.commune_id) & (Rebooking.id == RebookedVisit.rebooking_id)
    return (
        select(RebookedVisit.id.label("visit"))
        .join(Rebooking, of)
        .where(RebookedVisit.state == Settled.WAITING, Rebooking.made_at <= now - STUCK)
    )
