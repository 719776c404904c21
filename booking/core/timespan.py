"""Spans of UTC instants, five-minute ticks, and the only road from wall time to UTC."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TICK_MINUTES = 5
TICK = timedelta(minutes=TICK_MINUTES)
TICKS_AN_HOUR = 60 // TICK_MINUTES
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Span:
    """From ``start`` up to, but never including, ``end``: both UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("a span is made of UTC instants")
        if self.start >= self.end:
            raise ValueError("a span must end after it starts")

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def ticks(self) -> range:
        return range(tick_of(self.start), tick_of(self.end))

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


def tick_of(moment: datetime) -> int:
    """The number of a moment on the five-minute grid. Raises ``ValueError`` off the grid or when naive."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
    ticks, rest = divmod(moment - EPOCH, TICK)
    if rest:
        raise ValueError(f"{moment!r} is off the five-minute grid")
    return ticks


@lru_cache(maxsize=8192)
def moment_of(tick: int) -> datetime:
    """The UTC moment at which a tick begins."""
    return EPOCH + tick * TICK


def floor_to_tick(moment: datetime) -> datetime:
    """The last UTC moment on the grid that is not after ``moment``."""
    return EPOCH + (moment - EPOCH) // TICK * TICK


def ceil_to_tick(moment: datetime) -> datetime:
    """The first UTC moment on the grid that is not before ``moment``."""
    return EPOCH - (EPOCH - moment) // TICK * TICK


def ticks_for(minutes: int) -> int:
    """How many ticks cover so many minutes, the last perhaps in part."""
    return -(-minutes // TICK_MINUTES)


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC moment at which an office clock in ``zone`` first shows ``wall`` on ``day``, or has jumped past it.

    A wall time skipped by the spring change clamps to the gap's instant; one repeated by the autumn
    change means its first occurrence.
    """
    wanted = datetime.combine(day, wall.replace(fold=0))
    moment = wanted.replace(tzinfo=zone).astimezone(UTC)
    if wall_clock(moment, zone) == wanted:
        return moment
    # Skipped: read with the offset that comes after the gap it lies before it, read with the other one behind it.
    before = wanted.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    seconds = range(int((moment - before).total_seconds()))
    return before + SECOND * bisect_left(
        seconds, True, key=lambda second: wall_clock(before + SECOND * second, zone) >= wanted
    )


def wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """Date and time as the wall shows them: naive, and never to be stored or compared with a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date in ``zone`` at a moment."""
    return moment.astimezone(zone).date()


@lru_cache(maxsize=8192)
def wall_time(moment: datetime, zone: ZoneInfo) -> time:
    """What the clock on the wall in ``zone`` shows at a moment."""
    return moment.astimezone(zone).time()


def day_span(day: date, zone: ZoneInfo) -> Span:
    """From midnight to midnight on the wall: 23, 24 or 25 hours."""
    return Span(instant(day, time(0), zone), instant(day + timedelta(days=1), time(0), zone))


def days_between(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
