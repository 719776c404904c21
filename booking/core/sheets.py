"""The facts of a day sheet: what an office needs to go on working on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from booking.core.marks import Standing
from booking.core.needs import Need
from booking.core.translated import Translated

MAILED_AT: Final = time(7)
"""When the sheet of the day leaves by mail, by the office's clock; later than noon it is of no use any more."""

NOON: Final = time(12)


@dataclass(frozen=True)
class SheetLine:
    """A visit of the day, by the clock on the wall. ``services`` are each with how many persons come for it.

    ``needs`` are to be prepared; ``late_minutes`` how late they said they will be; ``helper`` who booked for them.
    """

    wall: time
    wall_end: time
    counter: str
    name: str | None
    reference: str
    services: tuple[tuple[Translated, int], ...]
    language: str | None
    help_language: str | None
    needs: frozenset[Need]
    standing: Standing
    late_minutes: int | None = None
    helper: str | None = None


@dataclass(frozen=True)
class FreeTimes:
    """The times of one counter that nobody has, each with its end."""

    counter: str
    walls: tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class DaySheet:
    """A day of an office. ``made_at`` is its own clock's; ``languages`` the official ones, the commune's first.

    ``shut`` are the reasons for which it, or a part of it, is closed. ``is_working``: counters are open or somebody
    is expected.
    """

    commune: Translated
    office: Translated
    day: date
    made_at: datetime
    languages: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    free: tuple[FreeTimes, ...]
    shut: tuple[Translated, ...]
    is_working: bool
    is_demonstration: bool = False
