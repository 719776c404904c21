"""An office's hours worked out for counters and days: what is open, and where a visit may begin.

One counter's local day is one ``int``, a bit per five-minute tick from midnight on, earliest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

from booking.core.hours import OpenHours, hours_on, rules_for
from booking.core.opening import ClosureRule, Mode, SessionRule, merged, open_spans, shut_on, without
from booking.core.timespan import TICK_MINUTES, TICKS_AN_HOUR, Span, ceil_to_tick, day_span, floor_to_tick, tick_of

Wanted = int | frozenset[int]
"""A service, or several that one counter has to take in one visit."""


@dataclass(frozen=True)
class DayPlan:
    """One counter's day for one service: the ticks it is open and those at which a visit may be offered to start.

    Of those it is open, ``staff`` are the ticks that are not kept for people without an appointment, and ``public``
    those of them that are not kept for appointments that staff make.
    """

    open: int
    grid: int
    staff: int
    public: int


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
    lanes: dict[Wanted, Plans] = field(default_factory=dict, compare=False, repr=False)


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
    ``serves`` says which services each counter serves, ``lanes`` the same of extra lanes, which are in no plan but
    their own. A tick that a session covers only in part is not open,
    one that a closure touches is shut. What a day looks like is worked out once and kept.
    """

    zone: ZoneInfo
    start_step: int
    rules: tuple[SessionRule, ...]
    closures: tuple[ClosureRule, ...]
    serves: Mapping[int, frozenset[int]]
    lanes: Mapping[int, frozenset[int]] = field(default_factory=dict)
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
            found = (
                self.worked_out(pattern, service)
                if isinstance(service, int)
                else common([self.plans_for(day, one) for one in sorted(service)])
            )
            known = pattern.plans[service] = tuple(found)
        return known

    def lanes_for(self, day: date, service: Wanted) -> Plans:
        """Every extra lane that is there for a service, or for all of several, on a day, with its plan."""
        pattern = self.on(day).pattern
        known = pattern.lanes.get(service)
        if known is None:
            found = (
                self.worked_out(pattern, service, extra=True)
                if isinstance(service, int)
                else common([self.lanes_for(day, one) for one in sorted(service)])
            )
            known = pattern.lanes[service] = tuple(found)
        return known

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
        """When a counter is open on a day for appointments, or for people without one alone, in whole ticks.

        The minutes that a session keeps for people without an appointment are theirs.
        """
        known = self.staffed.get((day, counter, with_appointment))
        if known is None:
            rules = [rule for rule in self.rules if counter in rule.counters and rule.happens_on(day)]
            kept = [span for rule in rules for span in rule.kept_on(day, self.zone)]
            theirs = [rule for rule in rules if rule.mode.takes_appointments == with_appointment]
            spans = open_spans(theirs, self.closures, day, self.zone, counter)
            spans = without(spans, kept) if with_appointment else merged([*spans, *self.open_among(kept, day, counter)])
            inside = ((ceil_to_tick(span.start), floor_to_tick(span.end)) for span in spans)
            known = tuple(Span(start, end) for start, end in inside if start < end)
            self.staffed[day, counter, with_appointment] = known
        return known

    def open_among(self, spans: Iterable[Span], day: date, counter: int) -> list[Span]:
        """What of some time of a day no closure of a counter takes."""
        shut = shut_on(self.closures, day, self.zone)
        return without(spans, [span for closure, span in shut if closure.shuts(counter)])

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

    def worked_out(self, pattern: Pattern, service: int, *, extra: bool = False) -> Iterator[tuple[int, DayPlan]]:
        """Of one service, the counters or the ``extra`` lanes with their plans."""
        step, serves = self.start_step // TICK_MINUTES, self.lanes if extra else self.serves
        sessions = [
            (rule.lanes if extra else rule.counters, bits, every(step, bits), *kept_of(rule, bits))
            for place, bits in pattern.sessions
            if (rule := self.rules[place]).takes(service)
        ]
        staffed = frozenset[int]().union(*(session[0] for session in sessions))
        for counter in sorted(one for one in staffed if service in serves.get(one, ())):
            open_ = grid = walk_ins = staff = 0
            for counters, bits, starts, for_walk_ins, for_staff in sessions:
                if counter in counters:
                    open_, grid = open_ | bits, grid | starts
                    walk_ins, staff = walk_ins | for_walk_ins, staff | for_staff
            for place, bits in pattern.closures:
                if self.closures[place].shuts(counter):
                    open_ &= ~bits
            if open_:
                given = open_ & ~walk_ins
                yield counter, DayPlan(open_, grid, given, given & ~staff)


def common(plans: Sequence[Plans]) -> Iterator[tuple[int, DayPlan]]:
    """The counters with a plan for every one of several services, while they are open for all of them."""
    first, *others = (dict(one) for one in plans)
    for counter, plan in first.items():
        theirs = [plan, *(other[counter] for other in others if counter in other)]
        open_ = reduce(and_, (one.open for one in theirs))
        if len(theirs) == len(plans) and open_:
            yield (
                counter,
                DayPlan(
                    open_,
                    reduce(or_, (one.grid for one in theirs)),
                    reduce(and_, (one.staff for one in theirs)),
                    reduce(and_, (one.public for one in theirs)),
                ),
            )


def kept_of(rule: SessionRule, bits: int) -> tuple[int, int]:
    """Of the ticks of a session, those it keeps for people without an appointment, and those it keeps for staff."""
    walk_ins, staff = rule.walk_in_minutes // TICK_MINUTES, rule.staff_minutes // TICK_MINUTES
    if not (walk_ins or staff):
        return 0, 0
    hours = every(TICKS_AN_HOUR, bits)
    last = hours << TICKS_AN_HOUR - staff
    return bits & spread(hours, walk_ins), bits & spread(last, staff)


def spread(starts: int, ticks: int) -> int:
    """So many ticks from each of these starts on."""
    return reduce(or_, (starts << place for place in range(ticks)), 0)


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
