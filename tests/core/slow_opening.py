"""Opening hours the slow way: stand in the hall for a whole day and look at the clock every minute.

Nothing of the fast way is used but the rules as they are written. A session is open from the first minute
at which the clock has shown its start (or has jumped past it) to the first at which it has shown its end.
So where the clock is put back, what it has already shown today counts: the doors that opened at the first
half past two do not open again at the second, and the doors that closed stay closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.core.opening import ClosureRule, Season, SessionRule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Readings = list[tuple[datetime, int]]
"""The minutes of a local day (UTC), each with the latest time its clock has shown so far, in minutes."""


def look_at_the_clock(day: date, zone: ZoneInfo) -> Readings:
    seen: Readings = []
    latest = 0
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - 15 * timedelta(hours=1)
    while True:
        shown = moment.astimezone(zone)
        if shown.date() > day:
            return seen
        if shown.date() == day:
            latest = max(latest, shown.hour * 60 + shown.minute)
            seen.append((moment, latest))
        moment += MINUTE


def minutes_between(readings: Readings, start: time | None, end: time | None) -> set[datetime]:
    opens = start.hour * 60 + start.minute if start else 0
    closes = end.hour * 60 + end.minute if end else 24 * 60
    return {moment for moment, latest in readings if latest >= opens and not latest >= closes}


def open_minutes(
    rules: Iterable[SessionRule],
    closures: Iterable[ClosureRule],
    day: date,
    readings: Readings,
    counter: int,
) -> set[datetime]:
    """Every minute (UTC) at which a counter is open under these rules."""
    is_open: set[datetime] = set()
    for rule in rules:
        if counter in rule.counters and is_named(rule, day):
            is_open |= minutes_between(readings, rule.start, rule.end)
    for closure in closures:
        if (closure.counters is None or counter in closure.counters) and closure.first <= day <= closure.last:
            is_open -= minutes_between(readings, closure.start, closure.end)
    return is_open


def by_appointment(rules: Iterable[SessionRule], service: int) -> list[SessionRule]:
    """The rules under which a service is given by appointment."""
    return [
        rule
        for rule in rules
        if str(rule.mode) in ("appointment", "both") and (rule.services == frozenset() or service in rule.services)
    ]


def is_named(rule: SessionRule, day: date) -> bool:
    if rule.valid_until is not None and rule.valid_until < day:
        return False
    return (
        rule.valid_from <= day
        and day.weekday() in rule.weekdays
        and (rule.every_weeks == 1 or day in days_of_counted_weeks(rule, day))
        and (rule.nth_of_month is None or day == nth_of_its_month(rule.nth_of_month, day))
        and (rule.season is None or (day.month, day.day) in set(days_of(rule.season)))
    )


def days_of_counted_weeks(rule: SessionRule, until: date) -> Iterator[date]:
    """The days of the anchor's week and of every n-th week from there, towards ``until`` and a little past it."""
    assert rule.anchor is not None
    monday = rule.anchor
    while monday.weekday() != 0:
        monday -= DAY
    step = 7 * DAY * rule.every_weeks
    while monday > until:
        monday -= step
    while monday <= until:
        yield from (monday + number * DAY for number in range(7))
        monday += step


def nth_of_its_month(nth: int, day: date) -> date | None:
    first = date(day.year, day.month, 1)
    month = [first + number * DAY for number in range(31)]
    alike = [other for other in month if other.month == day.month and other.weekday() == day.weekday()]
    if nth == -1:
        return alike[-1]
    return alike[nth - 1] if nth <= len(alike) else None


def days_of(season: Season) -> Iterator[tuple[int, int]]:
    """Turn the leaves of a leap year's calendar from the first day to the last, and on into the next year."""
    leaf = date(2028, *season.first)
    yield leaf.month, leaf.day
    while (leaf.month, leaf.day) != season.last:
        leaf = leaf + DAY if (leaf.month, leaf.day) != (12, 31) else date(2028, 1, 1)
        yield leaf.month, leaf.day
