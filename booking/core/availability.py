"""The starts that can be offered: what the hours of an office leave open, less what is taken.

Both are bits of one counter's local day (``schedules.py``). "So many free ticks in a row" is then a few shifts and
ands, and all counters together are an or.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from booking.core.schedules import Plans, Schedule, Wanted

Taken = Mapping[date, Mapping[int, int]]
"""What is taken: per local day and counter, as bits of that day."""

TakenRow = tuple[int, int, int]
"""A counter, the first tick it is taken, and the tick from which it is free again."""

BEST_FEW = 3
"""Among how many of the best counters a visit is drawn, so that rivals do not all try the same one."""

NONE_TAKEN: Mapping[int, int] = {}


@dataclass(frozen=True)
class Asked:
    """Beside a wish, what whoever asks may have that the public is not offered.

    ``for_staff``: the minutes kept for appointments that staff make; those kept for people without one are given to
    nobody. ``extra``: the extra lanes instead of the counters.
    """

    for_staff: bool = False
    extra: bool = False

    def plans(self, schedule: Schedule, day: date, service: Wanted) -> Plans:
        return schedule.lanes_for(day, service) if self.extra else schedule.plans_for(day, service)


PUBLIC = Asked()
STAFF = Asked(for_staff=True)


@dataclass(frozen=True)
class Limits:
    """Between which ticks since the epoch a visit may start, both included, rule by rule.

    ``notice`` and ``paused`` are the first, ``horizon`` and ``released`` the last; ``full`` are the days whose quota is
    used up.
    """

    notice: int
    paused: int
    horizon: int
    released: int
    full: Collection[date] = ()

    @property
    def bounds(self) -> dict[str, Any]:
        """The same as ``free_starts`` asks for it: whatever the rule."""
        return {
            "earliest": max(self.notice, self.paused),
            "latest": min(self.horizon, self.released),
            "full": self.full,
        }


def starts_of_runs(open_: int, taken: int, ticks: int) -> int:
    """The ticks at which ``ticks`` free ticks follow one another."""
    free, length = open_ & ~taken, 1
    while length < ticks:
        step = min(length, ticks - length)
        free &= free >> step
        length += step
    return free


def taken_masks(rows: Iterable[TakenRow], schedule: Schedule, days: Sequence[date]) -> dict[date, dict[int, int]]:
    """What is taken on ``days`` (consecutive, earliest first): per day and counter, as bits of that day.

    Rows may begin before the first day, end after the last, and cross midnight.
    """
    masks: dict[date, dict[int, int]] = {day: {} for day in days}
    where: list[tuple[dict[int, int], int, int]] = []
    for day, mask in masks.items():
        first, after = schedule.ticks_of(day)
        where += [(mask, first, after)] * (after - first)
    start = schedule.ticks_of(days[0])[0] if days else 0
    end = start + len(where)
    for counter, low, high in rows:
        if low < start:
            low = start
        if high > end:
            high = end
        while low < high:
            mask, first, after = where[low - start]
            stop = high if high < after else after
            mask[counter] = mask.get(counter, 0) | ((1 << (stop - low)) - 1) << (low - first)
            low = stop
    return masks


def free_starts(
    schedule: Schedule,
    *,
    day: date,
    service: Wanted,
    ticks: int,
    taken: Taken,
    earliest: int,
    latest: int,
    full: Collection[date] = (),
    asked: Asked = PUBLIC,
) -> int:
    """The offered starts of a day as bits: some counter is free for ``ticks`` ticks from there.

    ``earliest`` and ``latest`` bound the start, both included, as ticks since the epoch. On ``full`` days there is
    none. Why there is none otherwise is told of the same steps (``why.py``).
    """
    first, after = schedule.ticks_of(day)
    if latest < first or earliest >= after or day in full:
        return 0
    busy, found = taken.get(day, NONE_TAKEN), 0
    for _, starts in starts_of_each(asked.plans(schedule, day, service), busy, ticks, asked):
        found |= starts
    return within(found, first, after, earliest=earliest, latest=latest)


def starts_of_each(
    plans: Plans, busy: Mapping[int, int], ticks: int, asked: Asked = PUBLIC
) -> Iterator[tuple[int, int]]:
    """The offered starts of each counter's day, as far as its hours and what is taken there decide."""
    for_staff = asked.for_staff
    for counter, plan in plans:
        given = plan.staff if for_staff else plan.public
        yield counter, starts_of_runs(given, busy.get(counter, 0), ticks) & plan.grid


def within(starts: int, first: int, after: int, *, earliest: int, latest: int) -> int:
    """Those of the starts of a day, from tick ``first`` up to ``after``, that lie between two ticks, both included."""
    if latest < first or earliest >= after:
        return 0
    if earliest > first:
        starts = (starts >> (earliest - first)) << (earliest - first)
    if latest < after:
        starts &= (1 << (latest - first + 1)) - 1
    return starts


def starts_followed(first: int, second: int, *, ticks: int, wait: int) -> int:
    """Of the starts ``first``, those after whose ``ticks`` one of ``second`` follows, ``wait`` ticks later at most."""
    followed = 0
    for after in range(ticks, ticks + wait + 1):
        followed |= second >> after
    return first & followed


def ticks_in(mask: int, first: int) -> list[int]:
    """The ticks of the set bits of a day that begins at tick ``first``, in order."""
    digits = bin(mask)[:1:-1]
    found = []
    at = digits.find("1")
    while at >= 0:
        found.append(first + at)
        at = digits.find("1", at + 1)
    return found


def first_free(
    schedule: Schedule,
    *,
    days: Iterable[date],
    service: Wanted,
    ticks: int,
    taken: Taken,
    earliest: int,
    latest: int,
    full: Collection[date] = (),
) -> int | None:
    """The first offered start in ``days``, as a tick, or ``None``. It looks no further than it must."""
    bounds: dict[str, Any] = {"earliest": earliest, "latest": latest, "full": full}
    for day in days:
        mask = free_starts(schedule, day=day, service=service, ticks=ticks, taken=taken, **bounds)
        if mask:
            return schedule.ticks_of(day)[0] + (mask & -mask).bit_length() - 1
    return None


def is_offered(
    schedule: Schedule, *, day: date, service: Wanted, ticks: int, start: int, asked: Asked = PUBLIC
) -> bool:
    """Whether hours and grid allow a visit from tick ``start``, whoever may have taken it."""
    return bool(counters_free(schedule, day=day, service=service, ticks=ticks, start=start, taken={}, asked=asked))


def counters_free(
    schedule: Schedule,
    *,
    day: date,
    service: Wanted,
    ticks: int,
    start: int,
    taken: Taken,
    on_grid: bool = True,
    asked: Asked = PUBLIC,
) -> list[int]:
    """The counters that can take a visit of ``ticks`` from tick ``start``: the best first.

    A visit whose start was promised before keeps it where others are not offered to begin (``on_grid`` off).

    Best is what leaves the least useless gap around the visit, then who serves the fewest services, so
    that the counters that can do much stay free for those who need them.
    """
    serves = schedule.lanes if asked.extra else schedule.serves
    offset = start - schedule.ticks_of(day)[0]
    if offset < 0:
        return []
    begin, visit = 1 << offset, ((1 << ticks) - 1) << offset
    busy = taken.get(day, NONE_TAKEN)
    found: list[tuple[int, int, int]] = []
    for counter, plan in asked.plans(schedule, day, service):
        free = (plan.staff if asked.for_staff else plan.public) & ~busy.get(counter, 0)
        if (plan.grid & begin or not on_grid) and not visit & ~free:
            found.append((useless_gap(free, offset, ticks), len(serves[counter]), counter))
    return [counter for _, _, counter in sorted(found)]


def useless_gap(free: int, offset: int, ticks: int) -> int:
    """How many free ticks beside a visit would be too few in a row for another one as long."""
    after = free >> (offset + ticks)
    right = (~after & (after + 1)).bit_length() - 1
    taken_before = ~free & ((1 << offset) - 1)
    left = offset - taken_before.bit_length()
    return sum(gap for gap in (left, right) if gap < ticks)


def as_made(schedule: Schedule, *, day: date, service: Wanted, counter: int, start: int, ticks: int) -> Asked:
    """What a visit that was made already has been given beyond what the public is offered, and may have again."""
    if counter in schedule.lanes:
        return Asked(for_staff=True, extra=True)
    plan = dict(schedule.plans_for(day, service)).get(counter)
    offset = start - schedule.ticks_of(day)[0]
    is_kept = plan is not None and offset >= 0 and ((1 << ticks) - 1) << offset & plan.open & ~plan.public
    return Asked(for_staff=bool(is_kept))
