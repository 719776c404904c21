"""The times of extra lanes: those that can be given beside what is free, and the counters that come free after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.availability import STAFF, taken_masks, ticks_in
from booking.core.timespan import moment_of
from booking.models import Appointment, Counter, Office
from booking.models.offices import CounterKind
from booking.usecases.baskets import Basket
from booking.usecases.moves import basket_of
from booking.usecases.moves_by_staff import FreeTime, free_among, free_times, to_come
from booking.usecases.offers import starts_on, ways_of
from booking.usecases.overbooking import OVERBOOKED
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedules_of
from booking.usecases.taken import taken, without


def extra_times(
    session: Session, *, offices: Sequence[Office], basket: Basket, day: date, now: datetime
) -> dict[Office, list[FreeTime]]:
    """The starts of a day at which nothing is free any more in an office, but an extra lane is; by such an office.

    What no counter takes alone is free where two take it. Two statements for all offices, none where there is no lane.
    Raises ``TooManyPersons``.
    """
    known = schedules_of(session, offices)
    schedules = {office: known[office.id] for office in offices if known[office.id].lanes}
    if not schedules:
        return {}
    if full_days(session, services=basket.services, days=[day], own=basket.own, now=now):
        return {}
    bounds = [hours.ticks_of(day) for hours in schedules.values()]
    rows = taken(
        session,
        office_ids=[office.id for office in schedules],
        start=moment_of(min(first for first, _ in bounds)),
        end=moment_of(max(after for _, after in bounds)),
        now=now,
    )
    theirs = (
        Counter.commune_id.in_({office.commune_id for office in schedules}),
        Counter.office_id.in_([office.id for office in schedules]),
        Counter.kind == CounterKind.EXTRA,
        Counter.retired_at.is_(None),
    )
    lanes = session.scalars(select(Counter).where(*theirs).order_by(Counter.position, Counter.id)).all()
    found = {}
    for office, hours in schedules.items():
        first, after = hours.ticks_of(day)
        wish: dict[str, Any] = {"day": day, "taken": taken_masks(without(rows, basket.own), hours, [day])}
        window: dict[str, Any] = {"earliest": to_come(now), "latest": after}
        free = starts_on(hours, ways_of(hours, basket), **wish, **window, asked=STAFF)
        starts = {moment_of(tick) for tick in ticks_in(free, first)}
        here = [one for one in lanes if one.office_id == office.id]
        extra = free_among(here, schedule=hours, basket=basket, **wish, now=now, asked=OVERBOOKED)
        if times := [one for one in extra if one.start not in starts]:
            found[office] = times
    return found


def counters_instead(session: Session, *, appointment: Appointment, now: datetime) -> tuple[Counter, ...]:
    """The counters that have come free at the time of a visit to come at an extra lane; none for any other visit."""
    counter = session.get_one(Counter, appointment.counter_id)
    is_to_come = appointment.state == AppointmentState.BOOKED and appointment.start > now
    if counter.kind != CounterKind.EXTRA or not is_to_come:
        return ()
    office, basket = session.get_one(Office, appointment.office_id), basket_of(session, appointment=appointment)
    times = free_times(session, office=office, basket=basket, day=appointment.local_date, now=now)
    return next((one.counters for one in times if one.start == appointment.start), ())
