"""The times of extra lanes: those that can be given beside what is free, and the counters that come free after all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, Counter, Office
from booking.models.offices import CounterKind
from booking.usecases.baskets import Basket
from booking.usecases.moves import basket_of
from booking.usecases.moves_by_staff import FreeTime, free_times
from booking.usecases.overbooking import OVERBOOKED


def extra_times(session: Session, *, office: Office, basket: Basket, day: date, now: datetime) -> list[FreeTime]:
    """The starts of a day at which no counter is free any more, but an extra lane is. Raises ``TooManyPersons``."""
    wish: dict[str, Any] = {"office": office, "basket": basket, "day": day, "now": now}
    extra = free_times(session, **wish, asked=OVERBOOKED)
    free = {one.start for one in free_times(session, **wish)} if extra else set()
    return [one for one in extra if one.start not in free]


def counters_instead(session: Session, *, appointment: Appointment, now: datetime) -> tuple[Counter, ...]:
    """The counters that have come free at the time of a visit to come at an extra lane; none for any other visit."""
    counter = session.get_one(Counter, appointment.counter_id)
    is_to_come = appointment.state == AppointmentState.BOOKED and appointment.start > now
    if counter.kind != CounterKind.EXTRA or not is_to_come:
        return ()
    office, basket = session.get_one(Office, appointment.office_id), basket_of(session, appointment=appointment)
    times = free_times(session, office=office, basket=basket, day=appointment.local_date, now=now)
    return next((one.counters for one in times if one.start == appointment.start), ())
