"""Choosing another time for an appointment: what this browser has in mind, from the first press to the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import g, session

from booking.core.appointments import AppointmentState
from booking.core.needs import Need, known_needs
from booking.database import read
from booking.models import Appointment, Service
from booking.usecases.appointments import with_nonce
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.moves import basket_of

MIND = "moving"


def begin(appointment: Appointment, services: Iterable[str], needs: frozenset[Need] = frozenset()) -> None:
    """From now on, times chosen for these services are for this appointment, and for ``needs`` that it has not yet."""
    session[MIND] = [appointment.nonce, sorted(services), sorted(needs)]


def end() -> None:
    session.pop(MIND, None)


def moved_by(basket: Basket) -> Appointment | None:
    """The appointment that a time for this basket is chosen for, if it is one.

    Whoever goes on to something else books that. What has changed meanwhile is shown before anything is fixed.
    """
    nonce, services, *_needs = session.get(MIND) or (None, None)
    if nonce is None or nonce != session.get("appointment"):
        return None
    if services != sorted(service.code for service in basket.services):
        return None
    appointment = with_nonce(read(), commune_id=g.commune.id, nonce=nonce)
    return appointment if appointment and appointment.state == AppointmentState.BOOKED else None


def new_needs() -> frozenset[Need] | None:
    """What will be needed at the new time, when another one is chosen because of it."""
    needs = [code for codes in (session.get(MIND) or ())[2:] for code in codes]
    return known_needs(needs) or None


def kept_lines(basket: Basket) -> dict[Service, BasketLine]:
    """What was answered about the services that the appointment has already: nobody is asked that again."""
    appointment = moved_by(basket)
    return {line.service: line for line in basket_of(read(), appointment=appointment).lines} if appointment else {}


def as_moved(basket: Basket) -> Basket:
    """A basket for which another time is chosen: as long as was agreed, and the time it has counts as free.

    Of two steps it stays what was agreed for both. A time that the commune could not keep may be chosen again.
    """
    appointment = moved_by(basket)
    if appointment is None:
        return basket
    agreed = basket_of(read(), appointment=appointment, needs=new_needs())
    own = {"lengthened": agreed.lengthened, "own": agreed.own, "at_once": agreed.at_once}
    moved = agreed if agreed.step else replace(basket, **own)
    is_as_agreed = persons(moved) == persons(agreed) and moved.minutes == agreed.minutes and new_needs() is None
    return replace(moved, only_time=is_as_agreed and not agreed.at_once)


def persons(basket: Basket) -> dict[Service, int]:
    return {line.service: line.persons for line in basket.lines}
