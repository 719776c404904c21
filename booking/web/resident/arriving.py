"""Saying on one's own phone that one is there: the ticket, and the page that follows the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from flask import Blueprint, g, redirect, url_for
from flask.typing import ResponseReturnValue

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError
from booking.core.roles import Role
from booking.core.tickets import TO_COME, Origin, number_told
from booking.core.timespan import local_date, wall_time
from booking.database import read, write
from booking.models import Appointment, Office
from booking.usecases.arrivals import arrive
from booking.usecases.checking_in import ticket_of
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.appointment import actor, facts, mine
from booking.web.resident.forms import StepForm
from booking.web.tickets import status_address


@dataclass(frozen=True)
class Arriving:
    """What the page of an appointment says on its day: the ticket there is, or from when on one can say one is there.

    ``opens`` is on the office's clock; ``is_open`` whether it can be said now.
    """

    number: str | None
    status: str | None
    opens: time
    is_open: bool


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/appointment/here", "here", here, methods=["POST"])
    blueprint.app_context_processor(lambda: {"arriving_for": arriving_for})


def arriving_for(appointment: Appointment) -> Arriving | None:
    """``None`` on another day, once it is over, and where an office takes nobody's word for it."""
    office = read().get_one(Office, appointment.office_id)
    if appointment.local_date != local_date(g.now, office.zone) or appointment.state != AppointmentState.BOOKED:
        return None
    ticket = ticket_of(read(), commune_id=appointment.commune_id, appointment_id=appointment.id)
    if ticket is not None and ticket.state not in TO_COME:
        return None
    if ticket is None and (office.check_in_minutes is None or appointment.arrived_at is not None):
        return None
    opens = appointment.start - timedelta(minutes=office.check_in_minutes or 0)
    return Arriving(
        number=number_told(ticket.letter, ticket.number) if ticket else None,
        status=status_address(ticket.status_key, g.language) if ticket else None,
        opens=wall_time(opens, office.zone),
        is_open=opens <= g.now,
    )


@open_to(Role.RESIDENT)
def here() -> ResponseReturnValue:
    """One press; pressed again, it is the same ticket, so there is nothing to be tried out."""
    known = mine()
    if not StepForm().validate_on_submit():
        return redirect(url_for(".appointment"), 303)
    own = {"commune_id": g.commune.id, "office_id": known.office_id, "appointment_id": known.id}
    try:
        issued = write(arrive, **own, origin=Origin.PHONE, actor=actor(), now=g.now)
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    return redirect(status_address(issued.status_key, g.language), 303)
