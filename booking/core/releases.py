"""Times that come out at a moment everybody knows, week after week: until then nobody can have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.core.timespan import instant, local_date

WEEK = timedelta(days=7)
MOST_WEEKS = 26


@dataclass(frozen=True)
class Release:
    """Every week at one moment of the office's clock, ``weekday`` (Monday is 0) at ``at``, times come out.

    From then on those of the following ``weeks`` weeks are out, up to and including the same day of the week.
    """

    weekday: int
    at: time
    weeks: int

    def newest(self, now: datetime, zone: ZoneInfo) -> date:
        """The day of the last release, which may be ``now``."""
        today = local_date(now, zone)
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        return day if instant(day, self.at, zone) <= now else day - WEEK

    def closed_from(self, now: datetime, zone: ZoneInfo) -> date:
        """The first local day whose times are not out at ``now``."""
        return self.newest(now, zone) + self.weeks * WEEK + timedelta(days=1)

    def next_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When (UTC) times come out after ``now``."""
        return instant(self.newest(now, zone) + WEEK, self.at, zone)

    def comes_out(self, day: date, zone: ZoneInfo) -> datetime:
        """When (UTC) the times of a day come out."""
        earliest = day - self.weeks * WEEK
        return instant(earliest + timedelta(days=(self.weekday - earliest.weekday()) % 7), self.at, zone)
