"""What must always be true of tickets: what ends with them, and what numbers they have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from booking.core.appointments import AppointmentState
from booking.core.tickets import TO_COME, Origin, TicketState
from booking.models import Appointment, Counter, Ticket, TicketLine, TicketNumber
from booking.usecases.ticket_steps import SETTLES

Wanted = Select[Any]


def ended_apart() -> Wanted:
    """A ticket that has ended has settled its appointment; one that was only taken back as an arrival has not."""
    ends = (AppointmentState.BOOKED, *SETTLES.values())
    return (
        select(Ticket.id.label("ticket"))
        .join(Appointment, Appointment.id == Ticket.appointment_id)
        .where(
            (Ticket.state.in_((TicketState.DONE, TicketState.INCOMPLETE, TicketState.ABSENT)))
            & (Appointment.state.in_((AppointmentState.BOOKED, AppointmentState.HELD)))
            | Ticket.state.in_(TO_COME) & Appointment.state.in_(set(SETTLES.values()))
            | Appointment.state.not_in(ends) & Ticket.state.in_(TO_COME)
        )
    )


def waiting_without_arrival() -> Wanted:
    return (
        select(Ticket.id.label("ticket"))
        .join(Appointment, Appointment.id == Ticket.appointment_id)
        .where(Ticket.state.in_(TO_COME), Appointment.arrived_at.is_(None))
    )


def beyond_the_count() -> Wanted:
    """A number that was handed out is counted, or it would be again; those written by hand are passed over."""
    of_day = (
        (TicketNumber.office_id == Ticket.office_id)
        & (TicketNumber.local_date == Ticket.local_date)
        & (TicketNumber.letter == Ticket.letter)
    )
    return (
        select(Ticket.id.label("ticket"))
        .outerjoin(TicketNumber, of_day)
        .where(Ticket.origin != Origin.PAPER, (TicketNumber.n.is_(None)) | (TicketNumber.n < Ticket.number))
    )


def for_nothing() -> Wanted:
    line = select(TicketLine.id).where(TicketLine.ticket_id == Ticket.id).exists()
    return select(Ticket.id.label("ticket")).where(~line)


def at_counters_elsewhere() -> Wanted:
    return (
        select(Ticket.id.label("ticket"))
        .join(Counter, Counter.id == Ticket.counter_id)
        .where(Counter.office_id != Ticket.office_id)
    )
