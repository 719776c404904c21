"""How many appointments a service takes in a day or in a week, at whichever counters they would fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_QUOTA = 999


class QuotaPer(StrEnum):
    """In what a quota counts: a local day, or a week from Monday to Sunday."""

    DAY = "day"
    WEEK = "week"

    def period_of(self, day: date) -> str:
        """The name of the day or week that a day is in: 2027-01-04, 2027-W01."""
        if self == QuotaPer.DAY:
            return day.isoformat()
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True)
class Quota:
    """``most`` appointments in each day or week."""

    most: int
    per: QuotaPer

    def period_of(self, day: date) -> str:
        return self.per.period_of(day)
