"""What somebody prefers of the times that are free: a part of the day, a day of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

MIDNIGHT = 24


class PartOfDay(StrEnum):
    """A part of the day on the office's wall; they follow one another and leave nothing out."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def hours(self) -> tuple[int, int]:
        """The full hour at which it begins, and the one before which it ends."""
        return HOURS[self]

    def touches(self, start: time, end: time) -> bool:
        """Whether any of the time from ``start`` up to ``end`` lies in it."""
        first, after = self.hours
        return start.hour < after and end > time(first)


HOURS = {
    PartOfDay.MORNING: (0, 12),
    PartOfDay.MIDDAY: (12, 14),
    PartOfDay.AFTERNOON: (14, 17),
    PartOfDay.EVENING: (17, MIDNIGHT),
}


def part_of(wall: time) -> PartOfDay:
    """The part of the day in which a wall time lies."""
    return next(part for part, (_, after) in HOURS.items() if wall.hour < after)


@dataclass(frozen=True)
class Preference:
    """Which of the free times are wanted: those of a part of the day, of a day of the week (Monday is 0); else all."""

    part: PartOfDay | None = None
    weekday: int | None = None

    def __bool__(self) -> bool:
        return self.part is not None or self.weekday is not None

    def takes_day(self, day: date) -> bool:
        return self.weekday is None or day.weekday() == self.weekday

    def takes_time(self, wall: time) -> bool:
        return self.part is None or part_of(wall) == self.part


ANY_TIME = Preference()
