"""What must be true of messages and of the list for an earlier appointment: the statements that find its breaches."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from booking.core.appointments import OCCUPYING, AppointmentState, HoldKind
from booking.core.timespan import floor_to_tick
from booking.core.waiting import OfferState, WaitingState
from booking.models import Appointment, Commune, Message, Offer, WaitingEntry
from booking.models.messages import ENDINGS, REMINDERS, MessageKind, MessageState
from booking.usecases.check_times import Wanted

STUCK = timedelta(minutes=30)
"""Longer than a message can wait for a worker that died with an earlier one about the same visit."""

RESERVED = "%.example"


def unannounced(*, booked: bool) -> Wanted:
    """Appointments with an address and no message. A demonstration's own visitors, under ``.example``, get none.

    Whose visit was agreed elsewhere is not told that it was, but is told of its end like everybody. Who books for a
    party is told of it all in one message.
    """
    kinds = (MessageKind.CONFIRMATION,) if booked else ENDINGS
    one = aliased(Appointment)
    of_party = (Message.appointment_id == one.id, one.party_key == Appointment.party_key)
    told = or_(
        exists().where(Message.appointment_id == Appointment.id, Message.kind.in_(kinds)),
        exists().where(*of_party, Message.kind.in_(kinds)),
    )
    states = OCCUPYING if booked else (AppointmentState.CANCELLED,)
    return (
        select(Appointment.id.label("appointment"))
        .join(Commune, Commune.id == Appointment.commune_id)
        .where(
            Appointment.state.in_(states),
            or_(Appointment.email.is_not(None), Appointment.helper_email.is_not(None)),
            *([Appointment.taken_over_at.is_(None)] if booked else []),
            ~and_(Commune.is_demonstration, func.coalesce(Appointment.email, Appointment.helper_email).like(RESERVED)),
            ~told,
        )
    )


def reminders_of_another_time(now: datetime) -> Wanted:
    """Whoever moves a visit takes its reminders along. Those of a cancelled one wait: it may be undone."""
    return (
        select(Message.id.label("message"), Appointment.id.label("appointment"))
        .join(Appointment, Appointment.id == Message.appointment_id)
        .where(
            Message.kind.in_(REMINDERS),
            Message.state.in_((MessageState.QUEUED, MessageState.TO_RING)),
            Appointment.state == AppointmentState.BOOKED,
            Appointment.start > floor_to_tick(now),
            Message.of_start != Appointment.start,
        )
    )


def stuck_messages(now: datetime) -> Wanted:
    late = now - STUCK
    waiting = case(
        (Message.state == MessageState.QUEUED, Message.due_at),
        (Message.state == MessageState.LEASED, Message.leased_until),
    )
    return select(Message.id.label("message"), Message.kind, Message.attempts).where(waiting <= late)


def holds_without_offer() -> Wanted:
    theirs = exists().where(
        Offer.hold_key == Appointment.hold_key,
        Offer.state == OfferState.OPEN,
        WaitingEntry.id == Offer.entry_id,
        WaitingEntry.appointment_id.is_not_distinct_from(Appointment.replaces_id),
    )
    is_offered = (Appointment.state == AppointmentState.HELD, Appointment.hold_kind == HoldKind.OFFER)
    return select(Appointment.id.label("appointment")).where(*is_offered, ~theirs)


def untold_offers() -> Wanted:
    told = exists().where(
        Message.waiting_entry_id == Offer.entry_id,
        Message.kind == MessageKind.LIST_OFFER,
        Message.version == Offer.id,
    )
    return select(Offer.id.label("offer")).where(~told)


def unreachable_entries() -> Wanted:
    reached = or_(*(one.is_not(None) for one in (WaitingEntry.email, WaitingEntry.phone, WaitingEntry.appointment_id)))
    return select(WaitingEntry.id.label("entry")).where(WaitingEntry.state == WaitingState.LIVE, ~reached)
