"""Taking back a cancellation, for a quarter of an hour, while the time is still free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.appointments import CANCELLED_FOR_UNDOING, AppointmentState, Channel, has_begun
from booking.core.contacts import contact_keys
from booking.core.errors import OutOfDate, TooLateToUndo
from booking.core.timespan import Span
from booking.models import Appointment, Office
from booking.models.messages import MessageKind
from booking.usecases.claims import claim_first, counters_to_try, office_shared, remove_lapsed
from booking.usecases.groups import booked_after, check_order, give_places_back, take_together
from booking.usecases.held import minutes_of
from booking.usecases.journal import Actor, note
from booking.usecases.limits import MOST_HELPED, take_seats_of_contact
from booking.usecases.messages import announce
from booking.usecases.moves import basket_of, in_commune
from booking.usecases.reminders import schedule_reminders
from booking.usecases.statements import QUIETLY


def may_be_undone(appointment: Appointment, now: datetime) -> bool:
    """Whether the person has cancelled a moment ago, and the visit is still to come."""
    return (
        appointment.state == AppointmentState.CANCELLED
        and appointment.cancel_reason is None
        and appointment.cancelled_at is not None
        and now < appointment.cancelled_at + CANCELLED_FOR_UNDOING
        and not has_begun(appointment.start, now)
    )


def until_undone(appointment: Appointment) -> datetime:
    """When the cancellation is for good. Only for what was cancelled."""
    return (appointment.cancelled_at or appointment.start) + CANCELLED_FOR_UNDOING


def undo_cancellation(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    per_contact: int,
    per_helper: int = MOST_HELPED,
    actor: Actor,
    now: datetime,
) -> bool:
    """Book a cancelled appointment again at its time, and say so by mail; ``False`` when that was done before.

    It may come to stand at another counter. Raises ``TooLateToUndo``, ``OutOfDate``, ``SlotTaken`` or ``OutsideHours``
    (the time is gone), ``StepsOutOfOrder``, ``NotBookable``, ``AlreadyBooked`` or ``TooManyAppointments``.
    """
    before = in_commune(session, commune_id=commune_id, appointment_id=appointment_id)
    if before.state == AppointmentState.BOOKED and before.version == version + 1:
        return False
    office = office_shared(session, commune_id=commune_id, office_id=before.office_id)
    take_together(session, commune_id=commune_id, appointment_id=appointment_id)
    back = session.scalars(
        update(Appointment)
        .where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state == AppointmentState.CANCELLED,
            Appointment.version == version,
            Appointment.cancel_reason.is_(None),
            Appointment.cancelled_at > now - CANCELLED_FOR_UNDOING,
        )
        .values(
            state=AppointmentState.BOOKED,
            cancelled_at=None,
            why_cancelled=None,
            changed_at=now,
            sequence=Appointment.sequence + 1,
            version=Appointment.version + 1,
        )
        .returning(Appointment.version),
        execution_options=QUIETLY,
    ).one_or_none()
    if back is None:
        raise TooLateToUndo if before.version == version and before.state == AppointmentState.CANCELLED else OutOfDate
    if has_begun(before.start, now):
        raise TooLateToUndo
    check_order(session, commune_id=commune_id, appointment_id=appointment_id, span=Span(before.start, before.end))
    take_again(session, office=office, appointment=before, now=now)
    if before.channel == Channel.ONLINE:
        give_places_back(session, commune_id=commune_id, appointment_id=appointment_id)
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=appointment_id,
            name=before.name or "",
            contacts=contact_keys(before.email, before.phone),
            per_contact=per_contact,
            helpers=contact_keys(before.helper_email, before.helper_phone),
            per_helper=per_helper,
            beside=booked_after(session, commune_id=commune_id, appointment_id=appointment_id),
            now=now,
        )
    note(
        session,
        actor,
        commune_id=commune_id,
        act="restored",
        subject="appointment",
        subject_id=appointment_id,
        fields=("state",),
        now=now,
    )
    if before.email or before.helper_email:
        announce(
            session,
            MessageKind.RESTORED,
            commune_id=commune_id,
            appointment_id=appointment_id,
            version=back,
            now=now,
        )
    schedule_reminders(session, commune_id=commune_id, appointment_ids=[appointment_id], now=now)
    return True


def take_again(session: Session, *, office: Office, appointment: Appointment, now: datetime) -> None:
    """Claim the time of an appointment anew: at its own counter, else at another that has it free."""
    # The visit counts as booked again already: without its own row the time is free if nobody else has it.
    basket, minutes, start = basket_of(session, appointment=appointment), minutes_of(appointment), appointment.start
    basket = replace(basket, lengthened=basket.lengthened + minutes - basket.minutes)
    counters = counters_to_try(session, office=office, basket=basket, start=start, now=now, in_window=False)
    counters.sort(key=lambda counter_id: counter_id != appointment.counter_id)
    remove_lapsed(session, office_id=office.id, counters=counters, start=start, end=appointment.end, now=now)
    at_first = update(Appointment).where(Appointment.id == appointment.id).values(counter_id=counters[0])
    session.execute(at_first, execution_options=QUIETLY)
    claim_first(
        session,
        commune_id=office.commune_id,
        appointment_id=appointment.id,
        counters=counters,
        start=start,
        minutes=minutes,
    )
