"""When reminders of a visit are due, by the clock on the office's wall."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.timespan import instant, wall_clock

USUAL_HOURS = (168, 24)
"""A week and a day before, unless a service says otherwise."""

MOST_REMINDERS = 3
LONGEST_HOURS = 24 * 60

APART = timedelta(hours=12)
"""Whoever has just been reminded is not reminded again so soon because a service has other hours since."""


def reminder_moment(start: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """The UTC moment ``hours`` before a visit: whole days by the calendar, to the same time on the wall.

    So 24 is the same time the day before, also over a night in which the clock changes; what is less than a day
    is time that really passes.
    """
    days, rest = divmod(hours, 24)
    there = wall_clock(start, zone)
    # Without whole days the start is taken as it is: its time on the wall may be shown twice.
    before = instant(there.date() - timedelta(days=days), there.time(), zone) if days else start
    return before - timedelta(hours=rest)


def reminder_moments(start: datetime, hours: Iterable[int], zone: ZoneInfo, now: datetime) -> dict[int, datetime]:
    """When each reminder of a visit is due, by its number from 1 on, the earliest first.

    ``hours`` are those of all its services; of more than ``MOST_REMINDERS`` those nearest to the visit count.
    A moment already past is left out, and its number with it.
    """
    nearest = sorted(set(hours))[:MOST_REMINDERS]
    moments = (reminder_moment(start, one, zone) for one in reversed(nearest))
    return {number: moment for number, moment in enumerate(moments, start=1) if moment > now}


def moments_that_follow(
    wanted: Iterable[datetime], *, planned: Collection[datetime], gone: Collection[datetime]
) -> list[datetime]:
    """When a visit is reminded of once its services have other hours, the earliest first.

    Of the moments ``wanted`` by these, those that were ``planned`` before stay. Another one is added unless a reminder
    has ``gone`` shortly before it.
    """
    return [
        moment for moment in sorted(wanted) if moment in planned or not any(one <= moment < one + APART for one in gone)
    ]
