"""What is free for a basket in several offices at once, worked out day by day as it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.availability import Taken, taken_masks, ticks_in
from booking.core.opening import SessionRule
from booking.core.preferences import ANY_TIME, PartOfDay, Preference
from booking.core.schedules import Schedule
from booking.core.timespan import local_date, moment_of, wall_time
from booking.core.translated import Translated
from booking.models import Closure, Office
from booking.usecases.baskets import Basket
from booking.usecases.offers import days_to_book, limits_of, starts_on, ways_of
from booking.usecases.paused import offered_from
from booking.usecases.quotas import full_days
from booking.usecases.schedules import schedules_of
from booking.usecases.taken import taken, without


@dataclass(frozen=True)
class Possibility:
    """A free start (UTC) and where it is."""

    start: datetime
    office: Office

    @property
    def wall(self) -> datetime:
        """The start as the office's own clock shows it."""
        return self.start.astimezone(self.office.zone)


@dataclass(frozen=True, eq=False)
class Place:
    """One office: the local days on which a basket may be booked there, in which ways, and what is taken on them.

    ``limits`` are the first and the last tick at which it may start, and the days on which its quota is used up.
    """

    office: Office
    schedule: Schedule
    days: Sequence[date]
    taken: Taken
    ways: Sequence[tuple[Basket, ...]]
    limits: dict[str, Any]

    def is_open(self, day: date) -> bool:
        """Whether the hours have appointments for all of it on a day."""
        return day in self.days and any(
            all(self.schedule.plans_for(day, visit.wanted) for visit in way) for way in self.ways
        )


@dataclass(frozen=True, eq=False)
class FreeTimes:
    """The offered starts of a basket in each of some offices. Every day is that of the office's own clock."""

    basket: Basket
    places: tuple[Place, ...]
    known: dict[tuple[int, date], list[datetime]] = field(default_factory=dict, repr=False)

    def days(self, offices: Sequence[Office] | None = None) -> list[date]:
        """The days on which it may be booked in one of these offices, or in any."""
        return sorted({day for place in self.among(offices) for day in place.days})

    def on(
        self, day: date, *, offices: Sequence[Office] | None = None, preference: Preference = ANY_TIME
    ) -> dict[Office, list[datetime]]:
        """The starts of a day in each office that has any."""
        found = {place.office: self.starts(place, day, preference) for place in self.among(offices)}
        return {office: starts for office, starts in found.items() if starts}

    def first(
        self, number: int, *, offices: Sequence[Office] | None = None, preference: Preference = ANY_TIME
    ) -> list[Possibility]:
        """The earliest possibilities over these offices. It looks no further than it must."""
        each = (self.possibilities(place, preference) for place in self.among(offices))
        return list(islice(merge(*each, key=lambda one: one.start), number))

    def is_open(self, day: date, offices: Sequence[Office] | None = None) -> bool:
        """Whether the hours of one of these offices have appointments for all of the basket on a day."""
        return any(place.is_open(day) for place in self.among(offices))

    def closures(self, day: date, offices: Sequence[Office] | None = None) -> set[int]:
        """The closures, by their ids, that shut all of one of these offices for some of a day."""
        return {
            closure.id
            for place in self.among(offices)
            for closure in place.schedule.closures
            if closure.counters is None and closure.span_on(day, place.office.zone)
        }

    def parts(self, offices: Sequence[Office] | None = None) -> list[PartOfDay]:
        """The parts of the day in which the hours of these offices have appointments."""
        rules = self.rules(offices)
        return [part for part in PartOfDay if any(part.touches(rule.start, rule.end) for rule in rules)]

    def weekdays(self, offices: Sequence[Office] | None = None) -> list[int]:
        """The days of the week, Monday is 0, on which the hours of these offices have appointments."""
        return sorted({weekday for rule in self.rules(offices) for weekday in rule.weekdays})

    def among(self, offices: Sequence[Office] | None) -> Iterator[Place]:
        return (place for place in self.places if offices is None or place.office in offices)

    def rules(self, offices: Sequence[Office] | None) -> list[SessionRule]:
        """The sessions with appointments for something of the basket while it may be booked."""
        services = [service.id for service in self.basket.services]
        return [
            rule
            for place in self.among(offices)
            for rule in place.schedule.rules
            if place.days and rule.mode.takes_appointments and any(map(rule.takes, services))
            if rule.valid_from <= place.days[-1] and (rule.valid_until is None or rule.valid_until >= place.days[0])
        ]

    def possibilities(self, place: Place, preference: Preference) -> Iterator[Possibility]:
        for day in place.days:
            yield from (Possibility(start, place.office) for start in self.starts(place, day, preference))

    def starts(self, place: Place, day: date, preference: Preference) -> list[datetime]:
        if not preference.takes_day(day):
            return []
        starts = self.every_start(place, day)
        if preference.part is None:
            return starts
        return [start for start in starts if preference.takes_time(wall_time(start, place.office.zone))]

    def every_start(self, place: Place, day: date) -> list[datetime]:
        found = self.known.get((place.office.id, day))
        if found is None:
            mask, first = 0, 0
            if place.days and place.days[0] <= day <= place.days[-1]:
                mask = starts_on(place.schedule, place.ways, day=day, taken=place.taken, **place.limits)
                first = place.schedule.ticks_of(day)[0]
            found = self.known[place.office.id, day] = [moment_of(tick) for tick in ticks_in(mask, first)]
        return found


def reasons_of(session: Session, closures: Collection[int]) -> list[Translated]:
    """Why these closures are, each reason once."""
    if not closures:
        return []
    wanted = select(Closure.reason).where(Closure.id.in_(closures)).order_by(Closure.first_day, Closure.id)
    return list(dict.fromkeys(session.scalars(wanted)))


def free_times(
    session: Session, *, offices: Sequence[Office], basket: Basket, now: datetime, last: date | None = None
) -> FreeTimes:
    """What is free from ``now`` on in these offices, until ``last`` or as long as may be booked.

    Each office counts days on its own clock. One query for what is taken in all of them.
    """
    schedules = schedules_of(session, offices)
    numbers = [service.id for service in basket.services]
    since = offered_from(session, offices=offices, service_ids=numbers, now=now)
    days = {
        office: [
            day
            for day in days_to_book(basket, office, now)
            if (last is None or day <= last) and day >= local_date(since[office.id], office.zone)
        ]
        for office in offices
    }
    some = [office for office in offices if days[office]]
    rows = (
        taken(
            session,
            office_ids=[office.id for office in some],
            start=moment_of(min(schedules[office.id].ticks_of(days[office][0])[0] for office in some)),
            end=moment_of(max(schedules[office.id].ticks_of(days[office][-1])[1] for office in some)),
            now=now,
        )
        if some
        else []
    )
    every_day = sorted({day for office in offices for day in days[office]})
    full = full_days(session, services=basket.services, days=every_day, own=basket.own, now=now)
    places = (
        Place(
            office,
            schedules[office.id],
            days[office],
            taken_masks(without(rows, basket.own), schedules[office.id], days[office]),
            ways_of(schedules[office.id], basket),
            limits_of(basket.window, office, since=since[office.id], full=full, now=now).bounds,
        )
        for office in offices
    )
    return FreeTimes(basket, tuple(places))


def minutes_in(session: Session, *, offices: Iterable[Office], basket: Basket) -> int | None:
    """How long a basket takes in each of these offices, two visits together; ``None`` where they differ."""
    if not basket.apart:
        return basket.minutes
    ways = (ways_of(schedule, basket) for schedule in schedules_of(session, list(offices)).values())
    lengths = {sum(visit.minutes for visit in either[0]) for either in ways if either}
    return lengths.pop() if len(lengths) == 1 else None
