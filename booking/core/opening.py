"""Sessions and closures as a clerk writes them on the wall, and what they make open on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.errors import AnchorMissing, EndsBeforeStart, NoCounter, NothingLeft, NoWeekday
from booking.core.timespan import Span, instant, wall_time

LAST = -1
CLASH_WINDOW = timedelta(days=731)
EVERY_DAY_OF_A_YEAR = timedelta(days=8 * 366)
"""Within so many days each day of a year comes back, a leap day across the turn of a century too."""
MOST_KEPT = 45
"""So many minutes of an hour can be kept at most: a quarter of an hour is left for everybody."""

WallSpan = tuple[time, time]
"""Two wall times of one day, the second later; midnight at its end is written ``time.max``."""


class Mode(StrEnum):
    """How visitors come during a session."""

    APPOINTMENT = "appointment"
    WALK_IN = "walk_in"
    BOTH = "both"

    @property
    def takes_appointments(self) -> bool:
        return self != Mode.WALK_IN

    @property
    def takes_walk_ins(self) -> bool:
        return self != Mode.APPOINTMENT

    def meets(self, other: Mode) -> bool:
        """Whether two sessions in these modes would ask the same counter for the same thing."""
        return self == other or Mode.BOTH in {self, other}

    def shared(self, other: Mode) -> Mode | None:
        """What is left of this mode where only ``other`` is possible too."""
        if self == Mode.BOTH:
            return other
        return self if self.meets(other) else None


@dataclass(frozen=True)
class Season:
    """Every year from ``first`` to ``last``, both ``(month, day)`` and included; may pass the end of the year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def includes(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, kw_only=True)
class SessionRule:
    """Recurring wall-clock hours with their counters, mode and services.

    ``weekdays`` count from Monday, 0. Every ``every_weeks`` weeks counts from the week of ``anchor``, Monday
    to Sunday. ``nth_of_month`` keeps the nth such weekday of a month, or the last (-1). No services means
    whatever a counter serves. ``last_entry`` is the wall time of the last walk-in ticket, ``most_walk_ins`` how many
    of them there are at most. ``lanes`` are its extra lanes, which only staff give, knowingly.

    Of each hour, counted from ``start``, the first ``walk_in_minutes`` are kept for people without an appointment,
    and the last ``staff_minutes`` for appointments that staff make.
    """

    id: int
    weekdays: frozenset[int]
    start: time
    end: time
    valid_from: date
    mode: Mode
    counters: frozenset[int]
    valid_until: date | None = None
    every_weeks: int = 1
    anchor: date | None = None
    nth_of_month: int | None = None
    season: Season | None = None
    services: frozenset[int] = frozenset()
    last_entry: time | None = None
    lanes: frozenset[int] = frozenset()
    walk_in_minutes: int = 0
    staff_minutes: int = 0
    most_walk_ins: int | None = None

    def check(self) -> None:
        """Raises ``NoWeekday``, ``NoCounter``, ``EndsBeforeStart``, ``AnchorMissing`` or ``NothingLeft``."""
        if not self.weekdays:
            raise NoWeekday
        if not self.counters:
            raise NoCounter
        if self.start >= self.end or (self.valid_until is not None and self.valid_until < self.valid_from):
            raise EndsBeforeStart
        if self.last_entry is not None and not self.start <= self.last_entry <= self.end:
            raise EndsBeforeStart
        if self.every_weeks > 1 and self.anchor is None:
            raise AnchorMissing
        if self.walk_in_minutes + self.staff_minutes > MOST_KEPT:
            raise NothingLeft

    def happens_on(self, day: date) -> bool:
        """Whether the rule names this day. Closures are another matter."""
        if day.weekday() not in self.weekdays or day < self.valid_from:
            return False
        if self.valid_until is not None and day > self.valid_until:
            return False
        return (
            (self.season is None or self.season.includes(day))
            and self.is_in_counted_week(day)
            and self.is_nth_of_month(day)
        )

    def takes(self, service: int) -> bool:
        """Whether the session is for a service; which counters serve it is another matter."""
        return not self.services or service in self.services

    def staffs(self, counter: int) -> bool:
        """Whether a counter is there during the session, as one of its counters or as an extra lane."""
        return counter in self.counters or counter in self.lanes

    def is_in_counted_week(self, day: date) -> bool:
        if self.every_weeks == 1 or self.anchor is None:
            return True
        weeks = (monday_of(day) - monday_of(self.anchor)).days // 7
        return weeks % self.every_weeks == 0

    def is_nth_of_month(self, day: date) -> bool:
        if self.nth_of_month is None:
            return True
        if self.nth_of_month == LAST:
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 == self.nth_of_month

    def span_on(self, day: date, zone: ZoneInfo) -> Span | None:
        """The session's span on a day, in UTC; ``None`` on another day, or when a gap of the clock swallows it."""
        return crossing(day, self.start, self.end, zone) if self.happens_on(day) else None

    def kept_on(self, day: date, zone: ZoneInfo) -> list[Span]:
        """What of a day's session with appointments is kept for people without one, in UTC."""
        span = self.span_on(day, zone) if self.walk_in_minutes and self.mode.takes_appointments else None
        if span is None:
            return []
        hours = (span.start + timedelta(hours=number) for number in range(-(-span.minutes // 60)))
        kept = timedelta(minutes=self.walk_in_minutes)
        return [Span(start, min(start + kept, span.end)) for start in hours]


@dataclass(frozen=True, kw_only=True)
class ClosureRule:
    """Days from ``first`` to ``last`` on which everything, or some counters, are shut.

    With ``start`` or ``end`` only that part of each day. ``counters`` is ``None`` for all of them.
    """

    id: int
    first: date
    last: date
    start: time | None = None
    end: time | None = None
    counters: frozenset[int] | None = None

    def check(self) -> None:
        """Raises ``EndsBeforeStart``."""
        if self.first > self.last or (self.start is not None and self.end is not None and self.start >= self.end):
            raise EndsBeforeStart

    def shuts(self, counter: int) -> bool:
        return self.counters is None or counter in self.counters

    def span_on(self, day: date, zone: ZoneInfo) -> Span | None:
        """What of a day is shut, in UTC."""
        if not self.first <= day <= self.last:
            return None
        return crossing(day, self.start or time(0), self.end, zone)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def crossing(day: date, start: time, end: time | None, zone: ZoneInfo) -> Span | None:
    """Two wall times of a day as a span of UTC; no ``end`` means midnight. ``None`` when nothing is left."""
    begins = instant(day, start, zone)
    ends = instant(day, end, zone) if end is not None else instant(day + timedelta(days=1), time(0), zone)
    return Span(begins, ends) if begins < ends else None


def without(spans: Iterable[Span], shut: Iterable[Span]) -> list[Span]:
    """What of ``spans`` is left when ``shut`` is cut out of them."""
    holes, left = sorted(shut), []
    for span in sorted(spans):
        begin = span.start
        for hole in holes:
            if hole.end <= begin:
                continue
            if hole.start >= span.end:
                break
            if begin < hole.start:
                left.append(Span(begin, hole.start))
            begin = hole.end
        if begin < span.end:
            left.append(Span(begin, span.end))
    return left


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap become one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def open_spans(
    rules: Iterable[SessionRule], closures: Iterable[ClosureRule], day: date, zone: ZoneInfo, counter: int
) -> list[Span]:
    """When one counter is open on a day under ``rules``, with what is shut cut out, in UTC."""
    spans = [span for rule in rules if rule.staffs(counter) and (span := rule.span_on(day, zone))]
    return without(merged(spans), [span for closure, span in shut_on(closures, day, zone) if closure.shuts(counter)])


def shut_on(closures: Iterable[ClosureRule], day: date, zone: ZoneInfo) -> list[tuple[ClosureRule, Span]]:
    """The closures that touch a day, each with what it shuts of it."""
    return [(closure, span) for closure in closures if (span := closure.span_on(day, zone))]


def open_parts(span: Span, counters: Iterable[int], shut: Iterable[tuple[ClosureRule, Span]]) -> set[Span]:
    """What of a session's span is open at any of ``counters``: one set for counters that are shut alike."""
    holes = {frozenset(hole for closure, hole in shut if closure.shuts(counter)) for counter in counters}
    return {part for alike in holes for part in without([span], alike)}


def on_the_wall(span: Span, zone: ZoneInfo) -> WallSpan:
    end = wall_time(span.end, zone)
    return wall_time(span.start, zone), end if end != time(0) else time.max


def first_day_of(rule: SessionRule) -> date | None:
    """The first day on which a session takes place, ``None`` for one that never does."""
    last = rule.valid_from + EVERY_DAY_OF_A_YEAR
    until = min(rule.valid_until, last) if rule.valid_until else last
    days = (rule.valid_from + timedelta(days=number) for number in range((until - rule.valid_from).days + 1))
    return next((day for day in days if rule.happens_on(day)), None)


def first_clash(one: SessionRule, other: SessionRule, since: date) -> date | None:
    """The first day within two years from ``since`` on which two sessions ask one counter for the same hours."""
    if not (one.counters & other.counters and one.mode.meets(other.mode)):
        return None
    if one.end <= other.start or other.end <= one.start:
        return None
    first = max(since, one.valid_from, other.valid_from)
    days = (first + timedelta(days=number) for number in range(CLASH_WINDOW.days))
    return next((day for day in days if one.happens_on(day) and other.happens_on(day)), None)
