"""When the counters of an office are open, as visitors ask it: by appointment or without, and the last ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from booking.core.opening import (
    ClosureRule,
    Mode,
    SessionRule,
    WallSpan,
    merged,
    on_the_wall,
    open_parts,
    shut_on,
    without,
)
from booking.core.timespan import Span, instant, wall_time

Tickets = tuple[Span, datetime]
"""A span in which tickets are given, and the moment of the last one."""


@dataclass(frozen=True)
class OpenHours:
    """A stretch of a day in which one may come in one ``mode``.

    Who comes without an appointment is taken until the moment of ``last``, which is the end when nothing else is said.
    """

    span: Span
    mode: Mode
    last: datetime
    zone: ZoneInfo

    @property
    def wall(self) -> WallSpan:
        return on_the_wall(self.span, self.zone)

    @property
    def last_ticket(self) -> time | None:
        """The wall time of the last ticket, ``None`` when it is given until the end."""
        return wall_time(self.last, self.zone) if self.last < self.span.end else None

    def is_over(self, now: datetime) -> bool:
        """Whether nobody is taken any more who comes without an appointment."""
        return now > self.last or now >= self.span.end


Days = Sequence[tuple[date, Sequence[OpenHours]]]
"""Days that follow one another from today on, each with its hours."""


class Standing(StrEnum):
    """How an office stands for whoever would come now without an appointment."""

    OPEN = "open"
    LATER_TODAY = "later_today"
    OVER_FOR_TODAY = "over_for_today"
    NOT_TODAY = "not_today"


@dataclass(frozen=True)
class Coming:
    """When one can come without an appointment: the hours that are left of today or, failing these, of ``day``."""

    standing: Standing
    day: date
    hours: tuple[OpenHours, ...]


def rules_for(
    rules: Iterable[SessionRule], *, service: int, counters: frozenset[int], mode: Mode
) -> Iterator[SessionRule]:
    """The rules of an office as they are for a service that is had in ``mode`` at ``counters``."""
    for rule in rules:
        shared, serving = rule.mode.shared(mode), rule.counters & counters
        if shared and serving and rule.takes(service):
            yield replace(rule, mode=shared, counters=serving)


def hours_on(
    rules: Iterable[SessionRule], closures: Iterable[ClosureRule], day: date, zone: ZoneInfo
) -> list[OpenHours]:
    """When one can come on a day, in order: a stretch ends where the way of coming changes.

    Counters whose tickets follow one another without a pause are told as one. After the last ticket a counter is
    there for those who wait, so nobody is told that it is open.
    """
    shut = shut_on(closures, day, zone)
    visits: set[Span] = set()
    tickets: set[Tickets] = set()
    for rule in rules:
        if span := rule.span_on(day, zone):
            parts = open_parts(span, rule.counters, shut)
            if rule.mode.takes_appointments:
                visits |= parts
            if rule.mode.takes_walk_ins:
                last = instant(day, rule.last_entry, zone) if rule.last_entry else span.end
                tickets |= {(part, min(last, part.end)) for part in parts if part.start <= last}
    found = [OpenHours(span, mode, last, zone) for span, mode, last in by_mode(merged(visits), [*joined(tickets)])]
    return sorted(found, key=lambda one: one.span)


def by_mode(visits: list[Span], tickets: list[Tickets]) -> Iterator[tuple[Span, Mode, datetime]]:
    """Cut spans by appointment and spans with tickets where they begin or cease to overlap."""
    booked = without(visits, [span for span, _ in tickets])
    for span, last in tickets:
        alone = without([span], visits)
        yield from ((part, Mode.WALK_IN, min(last, part.end)) for part in alone if part.start <= last)
        for part in without([span], alone):
            if part.start <= last:
                yield part, Mode.BOTH, min(last, part.end)
            else:
                booked.append(part)
    yield from ((span, Mode.APPOINTMENT, span.end) for span in merged(booked))


def joined(entries: Iterable[Tickets]) -> Iterator[Tickets]:
    """Spans in order, each with its last ticket; one that begins before the last ticket of another joins it."""
    current: Tickets | None = None
    for span, last in sorted(entries):
        if current is None:
            current = span, last
        elif span.start <= current[1]:
            current = Span(current[0].start, max(current[0].end, span.end)), max(current[1], last)
        else:
            yield current
            current = span, last
    if current is not None:
        yield current


def coming(days: Days, now: datetime) -> Coming | None:
    """When one can next come without an appointment, or ``None`` when none of these days has such hours."""
    came_too_late = False
    for number, (day, hours) in enumerate(days):
        tickets = [*with_tickets(hours)]
        left = tuple(one for one in tickets if not one.is_over(now))
        if left and number:
            return Coming(Standing.OVER_FOR_TODAY if came_too_late else Standing.NOT_TODAY, day, left)
        if left:
            is_open = any(one.span.start <= now for one in left)
            return Coming(Standing.OPEN if is_open else Standing.LATER_TODAY, day, left)
        came_too_late = came_too_late or (not number and bool(tickets))
    return None


def with_tickets(hours: Iterable[OpenHours]) -> Iterator[OpenHours]:
    """The hours of a day as they are for whoever comes without an appointment, others' appointments aside."""
    tickets = [one for one in hours if one.mode.takes_walk_ins]
    for span, last in joined((one.span, one.last) for one in tickets):
        yield OpenHours(span, Mode.WALK_IN, last, tickets[0].zone)
