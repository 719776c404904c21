"""When a party can be seen: the ways of a day, and the next day that has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from booking.core.availability import Taken, taken_masks
from booking.core.parties import Block, blocks_for
from booking.core.schedules import Schedule
from booking.core.timespan import TICK_MINUTES, floor_to_tick, instant, moment_of, tick_of
from booking.models import Office
from booking.usecases.baskets import Basket
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of

LOOKED_AT = 42
"""So many days are looked at for the next one with room."""


@dataclass(frozen=True)
class PartyPlace:
    """The visit of one person: its counter and its start (UTC)."""

    counter_id: int
    start: datetime


@dataclass(frozen=True)
class PartyTime:
    """A way to see a party; ``start`` and ``end`` (UTC) are those of the whole."""

    places: tuple[PartyPlace, ...]
    start: datetime
    end: datetime

    @property
    def counters(self) -> frozenset[int]:
        return frozenset(place.counter_id for place in self.places)


@dataclass(frozen=True)
class PartyTimes:
    """The ways of the day that was asked for; when it has none, the next day that has one."""

    ways: tuple[PartyTime, ...]
    next_day: date | None = None


def party_times(
    session: Session,
    *,
    office: Office,
    basket: Basket,
    number: int,
    day: date,
    since: time = time(0),
    until: time | None = None,
    now: datetime,
) -> PartyTimes:
    """How ``number`` persons can have a visit each on a day, the first of them from ``since`` to before ``until``.

    The wall is the office's. Staff ask: the minutes kept for them count, the notice does not.
    """
    days = [day + timedelta(days=more) for more in range(LOOKED_AT + 1)]
    schedule = schedule_of(session, office)
    taken = taken_masks(rows_of(session, [office], schedule, days, now), schedule, days)
    full = full_days(session, services=basket.services, days=days, number=number, now=now)
    for one in (day for day in days if day not in full):
        found = ways_on(schedule, basket, number, one, between(schedule, one, since, until, now), taken)
        if found:
            return PartyTimes(found) if one == day else PartyTimes((), one)
    return PartyTimes(())


def between(schedule: Schedule, day: date, since: time, until: time | None, now: datetime) -> int:
    """The ticks of a day to come, between two wall times, as bits."""
    first, after = schedule.ticks_of(day)
    low = max(tick_of(instant(day, since, schedule.zone)), tick_of(floor_to_tick(now)) + 1, first)
    high = after if until is None else tick_of(instant(day, until, schedule.zone))
    return ((1 << max(high - low, 0)) - 1) << low - first if low < after else 0


def ways_on(
    schedule: Schedule, basket: Basket, number: int, day: date, starts: int, taken: Taken
) -> tuple[PartyTime, ...]:
    plans = dict(schedule.plans_for(day, basket.wanted))
    busy = {one: taken[day].get(one, 0) for one in plans}
    free = {one: plan.staff & ~busy[one] for one, plan in plans.items()}
    grid = 0
    for plan in plans.values():
        grid |= plan.grid
    blocks = blocks_for(free, busy, ticks=basket.ticks, number=number, starts=starts & grid)
    return tuple(told(block, schedule.ticks_of(day)[0]) for block in blocks)


def told(block: Block, first: int) -> PartyTime:
    places = tuple(PartyPlace(one.counter, moment_of(first + one.start)) for one in block.places)
    start = moment_of(first + block.start)
    return PartyTime(places, start, start + timedelta(minutes=block.ticks * TICK_MINUTES))


def spread_of(places: Sequence[PartyPlace]) -> list[PartyPlace]:
    """Places in the order in which they are held, so that two who want the same wait for each other in one order."""
    return sorted(places, key=lambda place: (place.counter_id, place.start))
