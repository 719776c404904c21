"""An office's hours worked out for counters and days: what is open, and where a visit may begin.

One counter's local day is one ``int``, a bit per five-minute tick from midnight on, earliest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

from booking.core.hours import OpenHours, hours_on, rules_for
from booking.core.opening import ClosureRule, Mode, SessionRule, open_spans
from booking.core.timespan import TICK_MINUTES, Span, ceil_to_tick, day_span, floor_to_tick, tick_of

Wanted = int | frozenset[int]
"""A service, or several that one counter has to take in one visit."""


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
    staffed: dict[tuple[date, int, bool], tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def every_tick(self) -> Schedule:
        """The same hours for staff, who may let a visit begin at any of their five minutes."""
        return replace(self, start_step=TICK_MINUTES)

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

    def staffed_on(self, day: date, counter: int, *, with_appointment: bool) -> tuple[Span, ...]:
        """When a counter is open on a day in sessions with appointments, or in the others, in whole ticks."""
        known = self.staffed.get((day, counter, with_appointment))
        if known is None:
            rules = (rule for rule in self.rules if rule.mode.takes_appointments == with_appointment)
            spans = open_spans((rule for rule in rules if rule.happens_on(day)), self.closures, day, self.zone, counter)
            inside = ((ceil_to_tick(span.start), floor_to_tick(span.end)) for span in spans)
            known = tuple(Span(start, end) for start, end in inside if start < end)
            self.staffed[day, counter, with_appointment] = known
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
