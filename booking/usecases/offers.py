"""What can be offered: free days and times, and the first of them. Computed for each reader, never stored."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.core.appointments import LONGEST_WAIT, BookingWindow, Step
from booking.core.availability import (
    PUBLIC,
    Asked,
    Limits,
    Taken,
    free_starts,
    starts_followed,
    taken_masks,
    ticks_in,
)
from booking.core.availability import first_free as first_free_tick
from booking.core.schedules import Schedule
from booking.core.timespan import ceil_to_tick, day_span, days_between, floor_to_tick, moment_of, tick_of, ticks_for
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.catalogue import offices_of
from booking.usecases.paused import offered_from, paused_at, tomorrow
from booking.usecases.quotas import full_days, full_days_of_each
from booking.usecases.schedules import schedule_of, schedules_of
from booking.usecases.taken import rows_of, taken, without

FreeDays = dict[date, list[datetime]]

NEAR_DAYS = timedelta(days=14)
NEAREST_DRAWN_FROM = 8


def offices_for(session: Session, *, commune_id: int, basket: Basket) -> list[Office]:
    """The offices in which some counter takes appointments for everything in a basket, in their order."""
    offices = offices_of(session, commune_id=commune_id)
    schedules = schedules_of(session, offices)
    return [office for office in offices if takes(schedules[office.id], [one.id for one in basket.services])]


def offices_apart(session: Session, *, commune_id: int, basket: Basket) -> list[Office]:
    """The offices in which two counters, one after the other, take everything in a basket."""
    offices = offices_of(session, commune_id=commune_id)
    schedules = schedules_of(session, offices)
    return [office for office in offices if ways_of(schedules[office.id], replace(basket, apart=True))]


def ways_of(schedule: Schedule, basket: Basket) -> list[tuple[Basket, ...]]:
    """How a basket is had in an office, as its visits in their order: in one, or in two that adjoin, either first.

    Of all ways to share it between two counters, the one that takes the fewest minutes.
    """
    if not basket.apart:
        return [(basket,)]
    ways = [way for way in basket.in_two() if all(takes(schedule, [one.id for one in half.services]) for half in way)]
    best = min(ways, key=lambda way: way[0].minutes + way[1].minutes, default=None)
    return [best, best[::-1]] if best else []


def takes(schedule: Schedule, services: Iterable[int]) -> bool:
    """Whether some counter has sessions with appointments for each of these services."""
    return bool(frozenset[int].intersection(*(counters_taking(schedule, service) for service in services)))


def counters_taking(schedule: Schedule, service: int) -> frozenset[int]:
    rules = (rule for rule in schedule.rules if rule.mode.takes_appointments and rule.takes(service))
    return frozenset[int]().union(*(rule.counters for rule in rules)) & schedule.counters_serving(service)


def days_to_book(basket: Basket, office: Office, now: datetime) -> list[date]:
    """The local days on which a basket may be booked at ``now``."""
    window = basket.window
    return days_between(local(window.earliest(now), office), window.last_day(now, office.zone))


def limits_of(
    window: BookingWindow, office: Office, *, since: datetime, full: Collection[date] = (), now: datetime
) -> Limits:
    """The first and the last tick at which a visit may start that is offered from ``since`` on, rule by rule."""
    latest = tick_of(floor_to_tick(window.latest(now)))
    closed_from = window.closed_from(now, office.zone)
    return Limits(
        notice=tick_of(ceil_to_tick(window.earliest(now))),
        paused=tick_of(ceil_to_tick(since)),
        horizon=latest,
        released=tick_of(ceil_to_tick(day_span(closed_from, office.zone).start)) - 1 if closed_from else latest,
        full=full,
    )


def free_days(
    session: Session,
    *,
    office: Office,
    basket: Basket,
    first: date,
    last: date,
    now: datetime,
) -> FreeDays:
    """The offered starts (UTC) of every day from ``first`` to ``last`` that a basket may be booked on."""
    days = [day for day in days_to_book(basket, office, now) if first <= day <= last]
    if not days:
        return {}
    schedule = schedule_of(session, office)
    masks = taken_masks(without(rows_of(session, [office], schedule, days, now), basket.own), schedule, days)
    numbers = [service.id for service in basket.services]
    since = offered_from(session, offices=[office], service_ids=numbers, now=now)[office.id]
    full = full_days(session, services=basket.services, days=days, own=basket.own, now=now)
    limits = limits_of(basket.window, office, since=since, full=full, now=now).bounds
    ways = ways_of(schedule, basket)
    return {
        day: [
            moment_of(tick)
            for tick in ticks_in(
                starts_on(schedule, ways, day=day, taken=masks, **limits),
                schedule.ticks_of(day)[0],
            )
        ]
        for day in days
    }


def starts_on(
    schedule: Schedule,
    ways: Sequence[tuple[Basket, ...]],
    *,
    day: date,
    taken: Taken,
    asked: Asked = PUBLIC,
    **bounds: Any,
) -> int:
    """The offered starts of a day as bits, in whichever of these ways; ``bounds`` are those of ``free_starts``."""
    found, wait = 0, ticks_for(LONGEST_WAIT // timedelta(minutes=1))
    wish: dict[str, Any] = {"day": day, "taken": taken, "asked": asked, **bounds}
    for way in ways:
        wishes = [(visit.wanted, visit.ticks) for visit in way]
        # Whoever has come to the end of the first visit goes on: its counter may stay free for a while, they do not.
        over = ticks_for(way[0].minutes)
        starts = [free_starts(schedule, service=one, ticks=ticks, **wish) for one, ticks in wishes]
        found |= starts[0] if len(way) == 1 else starts_followed(*starts, ticks=over, wait=wait)
        found &= ~present_start(schedule, way[0], day)
    return found


def present_start(schedule: Schedule, basket: Basket, day: date) -> int:
    """The start of the visit that is moved, as a bit of its day and office, where only its time is to change."""
    own, (first, after) = basket.own, schedule.ticks_of(day)
    is_here = own is not None and own.counter_id in schedule.serves and first <= own.first < after
    return 1 << (own.first - first) if own and is_here and basket.only_time else 0


def first_free(
    session: Session, *, commune_id: int, services: Iterable[Service], now: datetime
) -> dict[int, tuple[datetime, Office]]:
    """The first offered start (UTC) of each service over the offices, with its office; one query for what is taken."""
    offices = offices_of(session, commune_id=commune_id)
    found: dict[int, tuple[datetime, Office]] = {}
    for service_id, starts in first_free_in_each(session, offices=offices, services=services, now=now).items():
        office = min(starts, key=lambda one: starts[one])
        found[service_id] = starts[office], office
    return found


def first_free_in_each(
    session: Session,
    *,
    offices: Sequence[Office],
    services: Iterable[Service],
    now: datetime,
    within: timedelta | None = None,
) -> dict[int, dict[Office, datetime]]:
    """The first offered start (UTC) of each service in each office, for one person; what has none is left out.

    It is looked for as long as may be booked, or on the days that begin ``within`` a time from now. Each office
    counts days on its own clock. One query for what is taken in all of them.
    """
    services = list(services)
    if not services or not offices:
        return {}
    schedules = schedules_of(session, offices)
    longest = timedelta(days=max(service.horizon_days for service in services)) if within is None else within
    days = {office: days_between(local(now, office), local(now + longest, office)) for office in offices}
    rows = taken(
        session,
        office_ids=[office.id for office in offices],
        start=min(moment_of(schedules[office.id].ticks_of(days[office][0])[0]) for office in offices),
        end=max(moment_of(schedules[office.id].ticks_of(days[office][-1])[1]) for office in offices),
        now=now,
    )
    masks = {office: taken_masks(rows, schedules[office.id], days[office]) for office in offices}
    paused = paused_at(session, offices=offices, now=now)
    every_day = sorted({day for some in days.values() for day in some})
    full = full_days_of_each(session, services=services, days=every_day, now=now)
    found: dict[int, dict[Office, datetime]] = {}
    for service in services:
        first = service.terms_of(Step.INFORMATION)
        ticks = ticks_for(first.minutes(1)) + ticks_for(service.buffer_minutes)
        for office in offices:
            since = tomorrow(office, now) if service.id in paused[office.id] else now
            tick = first_free_tick(
                schedules[office.id],
                days=days[office],
                service=service.id,
                ticks=ticks,
                taken=masks[office],
                **limits_of(first.window, office, since=since, full=full.get(service.id, ()), now=now).bounds,
            )
            if tick is not None:
                found.setdefault(service.id, {})[office] = moment_of(tick)
    return found


def local(moment: datetime, office: Office) -> date:
    return moment.astimezone(office.zone).date()


def nearest(
    session: Session,
    *,
    office: Office,
    basket: Basket,
    wished: datetime,
    number: int,
    now: datetime,
) -> list[datetime]:
    """The wished start if it is free after all; then, in their order, free starts near it.

    The nearest is always among them. The others are drawn from the nearest few, and so is the nearest of two that are
    equally near: all who lost the same start do not run to the same times.
    """
    day = local(wished, office)
    first, last = day - NEAR_DAYS, day + NEAR_DAYS
    for _ in range(2):
        free = free_days(session, office=office, basket=basket, first=first, last=last, now=now)
        starts = [start for starts in free.values() for start in starts]
        if len(starts) >= number:
            break
        first, last = now.date(), basket.window.last_day(now, office.zone)
    random.shuffle(starts)
    close = sorted(starts, key=lambda start: abs(start - wished))[:NEAREST_DRAWN_FROM]
    found = close[:1] + random.sample(close[1:], min(number, len(close)) - 1) if close else []
    return sorted(found, key=lambda start: (start != wished, start))
