"""Choosing another time for an appointment: what this browser has in mind, from the first press to the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import g, session

from booking.core.appointments import AppointmentState
from booking.database import read
from booking.models import Appointment
from booking.usecases.appointments import with_nonce
from booking.usecases.baskets import Basket
from booking.usecases.moves import basket_of

MIND = "moving"


def begin(appointment: Appointment, services: Iterable[str]) -> None:
    """From now on, times chosen for these services are for this appointment."""
    session[MIND] = [appointment.nonce, sorted(services)]


def end() -> None:
    session.pop(MIND, None)


def moved_by(basket: Basket) -> Appointment | None:
    """The appointment that a time for this basket is chosen for, if it is one.

    Whoever goes on to something else books that. What has changed meanwhile is shown before anything is fixed.
    """
    nonce, services = session.get(MIND) or (None, None)
    if nonce is None or nonce != session.get("appointment"):
        return None
    if services != sorted(service.code for service in basket.services):
        return None
    appointment = with_nonce(read(), commune_id=g.commune.id, nonce=nonce)
    return appointment if appointment and appointment.state == AppointmentState.BOOKED else None


def as_moved(basket: Basket) -> Basket:
    """A basket for which another time is chosen: what was answered stands, and the time it has counts as free."""
    appointment = moved_by(basket)
    if appointment is None:
        return basket
    agreed = basket_of(read(), appointment=appointment)
    known = {line.service.id: line for line in agreed.lines}
    lines = tuple(replace(known.get(line.service.id, line), persons=line.persons) for line in basket.lines)
    return replace(basket, lines=lines, lengthened=agreed.lengthened, own=agreed.own)
