"""The first free times of a wish as staff give them out, whatever the notice: in some offices at once, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from booking.core.availability import STAFF, Taken, taken_masks, ticks_in
from booking.core.schedules import Schedule
from booking.core.timespan import ceil_to_tick, days_between, moment_of, tick_of
from booking.models import Office
from booking.usecases.baskets import Basket
from booking.usecases.moves_by_staff import to_come
from booking.usecases.offers import local, starts_on, ways_of
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedules_of
from booking.usecases.taken import taken

AT_ONCE = timedelta(days=13)
"""So many days after the first one are read in one go: mostly they are enough."""


@dataclass(frozen=True)
class FreeStart:
    """A start (UTC) that staff can give, and where."""

    start: datetime
    office: Office

    @property
    def wall(self) -> datetime:
        """The start as the office's own clock shows it."""
        return self.start.astimezone(self.office.zone)


@dataclass(frozen=True)
class FreeDay:
    """A day of the offices' own clocks, and its free starts in their order."""

    day: date
    starts: tuple[FreeStart, ...]


def first_free_days(
    session: Session,
    *,
    offices: Sequence[Office],
    basket: Basket,
    first: date,
    number: int,
    every_tick: bool = False,
    now: datetime,
) -> list[FreeDay]:
    """The first ``number`` days from ``first`` on with a free start to come, as far ahead as residents may book.

    A later ``first`` is looked at for two weeks all the same. ``every_tick`` gives the starts between those offered to
    residents, too. What no counter takes alone is had at two, and the file of two steps comes after the information.
    Raises ``TooManyPersons``.
    """
    if basket.window.not_before:
        first = max(first, *(local(basket.window.not_before, office) for office in offices))
    horizon = max(basket.window.latest(now).date(), first + AT_ONCE)
    hours = schedules_of(session, offices)
    schedules = {one: hours[one.id].every_tick if every_tick else hours[one.id] for one in offices}
    return list(islice(free_days(session, schedules, basket, first, horizon, now), number))


def free_days(
    session: Session,
    schedules: Mapping[Office, Schedule],
    basket: Basket,
    first: date,
    last: date,
    now: datetime,
) -> Iterator[FreeDay]:
    """Two weeks are one query; it asks no further than somebody looks."""
    while first <= last and schedules:
        days = days_between(first, min(first + AT_ONCE, last))
        bounds = [schedule.ticks_of(day) for schedule in schedules.values() for day in (days[0], days[-1])]
        rows = taken(
            session,
            office_ids=[office.id for office in schedules],
            start=moment_of(min(low for low, _ in bounds)),
            end=moment_of(max(after for _, after in bounds)),
            now=now,
        )
        full = full_days(session, services=basket.services, days=days, own=basket.own, now=now)
        masks = {office: taken_masks(rows, schedule, days) for office, schedule in schedules.items()}
        for day in (one for one in days if one not in full):
            found = [
                FreeStart(start, office)
                for office, schedule in schedules.items()
                for start in given_on(schedule, basket, day, masks[office], now)
            ]
            if found:
                yield FreeDay(day, tuple(sorted(found, key=lambda one: one.start)))
        first = days[-1] + timedelta(days=1)


def given_on(schedule: Schedule, basket: Basket, day: date, masks: Taken, now: datetime) -> list[datetime]:
    """The starts of a day to come that staff can give, in whichever way the basket is had."""
    first, after = schedule.ticks_of(day)
    earliest, not_before = to_come(now), basket.window.not_before
    if not_before:
        earliest = max(earliest, tick_of(ceil_to_tick(not_before)))
    ways = ways_of(schedule, basket)
    starts = starts_on(schedule, ways, day=day, taken=masks, earliest=earliest, latest=after, asked=STAFF)
    return [moment_of(tick) for tick in ticks_in(starts, first)]
