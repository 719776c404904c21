"""What kind of day each day of a year is for an office: open as usual, otherwise than usual, shut, or without hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from booking.core.opening import Season, SessionRule, merged, shut_on, without
from booking.core.schedules import Schedule
from booking.core.timespan import Span

LEAP_YEAR = 2024


class DayKind(StrEnum):
    """How a day stands: without hours at all, open, with hours of its own, shut for a part or altogether."""

    NONE = "none"
    OPEN = "open"
    EXCEPTIONAL = "exceptional"
    PARTLY = "partly"
    CLOSED = "closed"


def kind_of(schedule: Schedule, day: date) -> DayKind:
    """A day with hours of its own is told as one, whatever else is shut on it; a closure counts without hours too."""
    rules = [rule for rule in schedule.rules if rule.counters and rule.happens_on(day)]
    shut = shut_on(schedule.closures, day, schedule.zone)
    if not rules:
        return DayKind.CLOSED if any(closure.counters is None for closure, _ in shut) else DayKind.NONE
    had, left = 0, 0
    for counter in frozenset[int]().union(*(rule.counters for rule in rules)) if shut else ():
        spans = spans_of(schedule, counter, rules, day)
        had += minutes(spans)
        left += minutes(without(spans, [hole for closure, hole in shut if closure.shuts(counter)]))
    if had and not left:
        return DayKind.CLOSED
    if any(rule.valid_from == rule.valid_until for rule in rules):
        return DayKind.EXCEPTIONAL
    return DayKind.PARTLY if left < had else DayKind.OPEN


def spans_of(schedule: Schedule, counter: int, rules: list[SessionRule], day: date) -> list[Span]:
    staffed = (rule.span_on(day, schedule.zone) for rule in rules if counter in rule.counters)
    return merged(span for span in staffed if span)


def minutes(spans: list[Span]) -> int:
    return sum(span.minutes for span in spans)


def year_of(schedule: Schedule, year: int) -> Iterator[tuple[date, DayKind]]:
    """Every day of a year with its kind."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day, kind_of(schedule, day)
        day += timedelta(days=1)


def seasons_in(schedule: Schedule) -> list[Season]:
    """The times of the year that have hours of their own, the longest first: that one is what people call usual."""
    seasons = {rule.season for rule in schedule.rules if rule.season}
    return sorted(seasons, key=lambda season: (-length_of(season), season.first))


def length_of(season: Season) -> int:
    """How many days of a year are in it."""
    return sum(season.includes(date(LEAP_YEAR, 1, 1) + timedelta(days=number)) for number in range(366))
