"""Open and taken ticks of counters, and the starts that can be offered.

One counter's local day is one ``int``, a bit per five-minute tick from midnight on, earliest first. "So many
free ticks in a row" is then a few shifts and ands, and all counters together are an or.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

from booking.core.hours import OpenHours, hours_on, rules_for
from booking.core.opening import ClosureRule, Mode, SessionRule
from booking.core.timespan import TICK_MINUTES, Span, ceil_to_tick, day_span, floor_to_tick, tick_of

Taken = Mapping[date, Mapping[int, int]]
"""What is taken: per local day and counter, as bits of that day."""

TakenRow = tuple[int, int, int]
"""A counter, the first tick it is taken, and the tick from which it is free again."""

Wanted = int | frozenset[int]
"""A service, or several that one counter has to take in one visit."""

BEST_FEW = 3
"""Among how many of the best counters a visit is drawn, so that rivals do not all try the same one."""

NONE_TAKEN: Mapping[int, int] = {}


def starts_of_runs(open_: int, taken: int, ticks: int) -> int:
    """The ticks at which ``ticks`` free ticks follow one another."""
    free, length = open_ & ~taken, 1
    while length < ticks:
        step = min(length, ticks - length)
        free &= free >> step
        length += step
    return free


@dataclass(frozen=True)
class DayPlan:
    """One counter's day for one service: the ticks it is open and those at which a visit may be offered to start."""

    open: int
    grid: int


Plans = tuple[tuple[int, DayPlan], ...]
"""The counters that take appointments for a service on a day, each with its plan."""


@dataclass(frozen=True)
class Pattern:
    """What days have in common on which the same sessions and closures fall on the same ticks.

    Sessions and closures are named by their place among the schedule's, with their ticks as bits. A year of
    days has a dozen patterns, so plans are worked out and kept per pattern.
    """

    sessions: tuple[tuple[int, int], ...]
    closures: tuple[tuple[int, int], ...]
    plans: dict[Wanted, Plans] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class LocalDay:
    """Where a day lies among the ticks: its first, the first of the next day, and what it looks like."""

    first: int
    after: int
    pattern: Pattern


@dataclass(frozen=True, eq=False)
class Schedule:
    """The hours of an office as they are at one version of them.

    ``start_step`` is minutes between offered starts, counted from a session's start as they really pass.
    ``serves`` says which services each counter serves. A tick that a session covers only in part is not open,
    one that a closure touches is shut. What a day looks like is worked out once and kept.
    """

    zone: ZoneInfo
    start_step: int
    rules: tuple[SessionRule, ...]
    closures: tuple[ClosureRule, ...]
    serves: Mapping[int, frozenset[int]]
    days: dict[date, LocalDay] = field(default_factory=dict, init=False, repr=False)
    patterns: dict[Pattern, Pattern] = field(default_factory=dict, init=False, repr=False)
    doors: dict[tuple[date, int | None, Mode], tuple[OpenHours, ...]] = field(
        default_factory=dict, init=False, repr=False
    )

    def ticks_of(self, day: date) -> tuple[int, int]:
        """The first tick of a local day, and the first of the next."""
        here = self.on(day)
        return here.first, here.after

    def counters_serving(self, service: int) -> frozenset[int]:
        return frozenset(counter for counter, services in self.serves.items() if service in services)

    def plans_for(self, day: date, service: Wanted) -> Plans:
        """Every counter that takes appointments for a service, or for all of several, on a day, with its plan."""
        pattern = self.on(day).pattern
        known = pattern.plans.get(service)
        if known is None:
            found = self.worked_out(pattern, service) if isinstance(service, int) else self.common(day, service)
            known = pattern.plans[service] = tuple(found)
        return known

    def common(self, day: date, services: frozenset[int]) -> Iterator[tuple[int, DayPlan]]:
        """The counters that can take every one of these services, while they are open for all of them."""
        first, *others = (dict(self.plans_for(day, service)) for service in sorted(services))
        for counter, plan in first.items():
            plans = [plan, *(other[counter] for other in others if counter in other)]
            open_ = reduce(and_, (one.open for one in plans))
            if len(plans) == len(services) and open_:
                yield counter, DayPlan(open_, reduce(or_, (one.grid for one in plans)))

    def rules_for(self, service: int, mode: Mode) -> Iterator[SessionRule]:
        """The rules as they are for a service that is had in ``mode``."""
        return rules_for(self.rules, service=service, counters=self.counters_serving(service), mode=mode)

    def hours_on(self, day: date, service: int | None = None, mode: Mode = Mode.BOTH) -> tuple[OpenHours, ...]:
        """When one can come on a day, for everything or for a service that is had in ``mode``."""
        known = self.doors.get((day, service, mode))
        if known is None:
            rules = self.rules if service is None else self.rules_for(service, mode)
            known = self.doors[day, service, mode] = tuple(hours_on(rules, self.closures, day, self.zone))
        return known

    def on(self, day: date) -> LocalDay:
        known = self.days.get(day)
        if known is None:
            whole = day_span(day, self.zone)
            first = tick_of(whole.start)
            pattern = Pattern(
                sessions=tuple(
                    (place, bits)
                    for place, rule in enumerate(self.rules)
                    if rule.mode.takes_appointments
                    and (span := rule.span_on(day, self.zone))
                    and (bits := bits_inside(span, first))
                ),
                closures=tuple(
                    (place, bits_touched(span, first))
                    for place, closure in enumerate(self.closures)
                    if (span := closure.span_on(day, self.zone))
                ),
            )
            known = self.days[day] = LocalDay(first, tick_of(whole.end), self.patterns.setdefault(pattern, pattern))
        return known

    def worked_out(self, pattern: Pattern, service: int) -> Iterator[tuple[int, DayPlan]]:
        step = self.start_step // TICK_MINUTES
        sessions = [
            (self.rules[place].counters, bits, every(step, bits))
            for place, bits in pattern.sessions
            if self.rules[place].takes(service)
        ]
        staffed = frozenset[int]().union(*(counters for counters, _, _ in sessions))
        for counter in sorted(staffed & self.counters_serving(service)):
            open_ = grid = 0
            for counters, bits, starts in sessions:
                if counter in counters:
                    open_, grid = open_ | bits, grid | starts
            for place, bits in pattern.closures:
                if self.closures[place].shuts(counter):
                    open_ &= ~bits
            if open_:
                yield counter, DayPlan(open_, grid)


def bits_inside(span: Span, first: int) -> int:
    """The ticks that lie wholly inside a span, as bits of the day that begins at tick ``first``."""
    return bits_between(tick_of(ceil_to_tick(span.start)) - first, tick_of(floor_to_tick(span.end)) - first)


def bits_touched(span: Span, first: int) -> int:
    """The ticks that have any part of a span, as bits of the day that begins at tick ``first``."""
    return bits_between(tick_of(floor_to_tick(span.start)) - first, tick_of(ceil_to_tick(span.end)) - first)


def bits_between(start: int, end: int) -> int:
    return ((1 << max(end - start, 0)) - 1) << start


def every(step: int, bits: int) -> int:
    """Of one run of bits, the first and every ``step``-th after it."""
    low = (bits & -bits).bit_length() - 1
    return sum(1 << place for place in range(low, bits.bit_length(), step))


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
    schedule: Schedule, *, day: date, service: Wanted, ticks: int, taken: Taken, earliest: int, latest: int
) -> int:
    """The offered starts of a day as bits: some counter is free for ``ticks`` ticks from there.

    ``earliest`` and ``latest`` bound the start, both included, as ticks since the epoch.
    """
    first, after = schedule.ticks_of(day)
    if latest < first or earliest >= after:
        return 0
    busy, found = taken.get(day, NONE_TAKEN), 0
    for counter, plan in schedule.plans_for(day, service):
        found |= starts_of_runs(plan.open, busy.get(counter, 0), ticks) & plan.grid
    if earliest > first:
        found = (found >> (earliest - first)) << (earliest - first)
    if latest < after:
        found &= (1 << (latest - first + 1)) - 1
    return found


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


def days_between(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def first_free(
    schedule: Schedule, *, days: Iterable[date], service: Wanted, ticks: int, taken: Taken, earliest: int, latest: int
) -> int | None:
    """The first offered start in ``days``, as a tick, or ``None``. It looks no further than it must."""
    for day in days:
        mask = free_starts(
            schedule, day=day, service=service, ticks=ticks, taken=taken, earliest=earliest, latest=latest
        )
        if mask:
            return schedule.ticks_of(day)[0] + (mask & -mask).bit_length() - 1
    return None


def is_offered(schedule: Schedule, *, day: date, service: Wanted, ticks: int, start: int) -> bool:
    """Whether hours and grid allow a visit from tick ``start``, whoever may have taken it."""
    return bool(counters_free(schedule, day=day, service=service, ticks=ticks, start=start, taken={}))


def counters_free(schedule: Schedule, *, day: date, service: Wanted, ticks: int, start: int, taken: Taken) -> list[int]:
    """The counters that can take a visit of ``ticks`` from tick ``start``: the best first.

    Best is what leaves the least useless gap around the visit, then who serves the fewest services, so
    that the counters that can do much stay free for those who need them.
    """
    offset = start - schedule.ticks_of(day)[0]
    if offset < 0:
        return []
    begin, visit = 1 << offset, ((1 << ticks) - 1) << offset
    busy = taken.get(day, NONE_TAKEN)
    found: list[tuple[int, int, int]] = []
    for counter, plan in schedule.plans_for(day, service):
        free = plan.open & ~busy.get(counter, 0)
        if plan.grid & begin and not visit & ~free:
            found.append((useless_gap(free, offset, ticks), len(schedule.serves[counter]), counter))
    return [counter for _, _, counter in sorted(found)]


def useless_gap(free: int, offset: int, ticks: int) -> int:
    """How many free ticks beside a visit would be too few in a row for another one as long."""
    after = free >> (offset + ticks)
    right = (~after & (after + 1)).bit_length() - 1
    taken_before = ~free & ((1 << offset) - 1)
    left = offset - taken_before.bit_length()
    return sum(gap for gap in (left, right) if gap < ticks)


def fits(schedule: Schedule, *, day: date, service: Wanted, counter: int, start: int, ticks: int) -> bool:
    """Whether hours alone leave room for a visit at its own counter, on the grid of starts or off it."""
    offset = start - schedule.ticks_of(day)[0]
    plan = dict(schedule.plans_for(day, service)).get(counter)
    return plan is not None and offset >= 0 and not (((1 << ticks) - 1) << offset) & ~plan.open
