"""The arithmetic of the floor: as little as will do for this one place, and nothing of the application's own.

Its counters all serve everything and keep the same hours, so a day is one run of bits. No visit crosses a midnight
of UTC. What it finds must be what the use-cases find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

TICK_SECONDS, DAY, STEP = 300, 288, 3
COUNTER = 1 << 20

Rows = Iterable[tuple[int, int, int]]


@dataclass(frozen=True)
class Days:
    """The working days of a window: when each opens (a tick), for how many ticks, and which starts may be offered."""

    opens: Sequence[int]
    length: int
    counters: Sequence[int]
    earliest: int
    latest: int


def tick(moment: datetime) -> int:
    return int(moment.timestamp()) // TICK_SECONDS


def masks(rows: Rows) -> dict[int, int]:
    """What is taken, as bits from midnight on, by counter and day in one number."""
    taken: dict[int, int] = {}
    for counter, low, high in rows:
        day, place = divmod(low, DAY)
        key = counter * COUNTER + day
        taken[key] = taken.get(key, 0) | ((1 << (high - low)) - 1) << place
    return taken


def free(days: Days, taken: dict[int, int], ticks: int) -> Iterator[tuple[int, int]]:
    """Each day's opening and its free starts, as bits from the opening on."""
    grid = sum(1 << place for place in range(0, days.length, STEP))
    whole = (1 << days.length) - 1
    keys = [counter * COUNTER for counter in days.counters]
    for opens in days.opens:
        day, place = divmod(opens, DAY)
        found = 0
        for key in keys:
            starts = run = whole & ~(taken.get(key + day, 0) >> place)
            for _ in range(ticks - 1):
                run >>= 1
                starts &= run
            found |= starts
        found &= grid
        if days.earliest > opens:
            found = found >> (days.earliest - opens) << (days.earliest - opens)
        if days.latest < opens + days.length:
            found &= (1 << max(days.latest - opens + 1, 0)) - 1
        yield opens, found


def every_start(days: Days, rows: Rows, ticks: int) -> list[int]:
    """The ticks of every free start."""
    return [
        opens + place
        for opens, found in free(days, masks(rows), ticks)
        for place in range(0, days.length, STEP)
        if found >> place & 1
    ]


def starts_over(days: Sequence[Days], rows: Rows, ticks: int) -> Iterator[int]:
    """The ticks of the free starts of several offices that keep the same days, in their order, one after another."""
    taken = masks(rows)
    for each in zip(*(free(one, taken, ticks) for one in days), strict=True):
        yield from sorted(
            opens + place for opens, found in each for place in range(0, days[0].length, STEP) if found >> place & 1
        )


def first_starts(days: Days, rows: Rows, lengths: Sequence[int]) -> list[int | None]:
    """The first free start for visits of each length."""
    taken = masks(rows)
    return [
        next((opens + (found & -found).bit_length() - 1 for opens, found in free(days, taken, ticks) if found), None)
        for ticks in lengths
    ]
