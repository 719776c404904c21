"""Proposed changes of hours and counters: plain values that can be tried on a schedule before anything is saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import ClassVar
from zoneinfo import ZoneInfo

from booking.core.errors import NeverOpen, SessionsClash
from booking.core.opening import ClosureRule, SessionRule, first_clash, first_day_of
from booking.core.rebookings import Cause
from booking.core.schedules import Schedule
from booking.core.timespan import Span
from booking.core.translated import Translated

NEW = 0
"""The id of a rule that has no row yet."""


@dataclass(frozen=True)
class SaveSession:
    """Hours of an office as they shall be from ``since`` on: a new session, or another form of ``session_id``.

    What was before ``since`` stays as it was.
    """

    cause: ClassVar[Cause] = Cause.HOURS
    leaves_outside: ClassVar[bool] = True

    office_id: int
    rule: SessionRule
    since: date
    session_id: int | None = None

    @property
    def offices(self) -> tuple[int, ...] | None:
        return (self.office_id,)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference; ``None`` for one without end."""
        return self.since, None if self.session_id is not None else self.rule.valid_until

    def check(self, schedule: Schedule) -> None:
        """Raises what the rule itself refuses, ``NeverOpen``, or ``SessionsClash`` with another of the office."""
        self.rule.check()
        if first_day_of(self.new_rule) is None:
            raise NeverOpen
        for other in schedule.rules:
            if other.id != self.session_id and (day := first_clash(self.new_rule, other, self.since)):
                raise SessionsClash(day=day, other=other.id)

    @property
    def new_rule(self) -> SessionRule:
        return replace(self.rule, id=NEW, valid_from=max(self.rule.valid_from, self.since))

    def applied(self, schedule: Schedule) -> Schedule:
        rules = without_since(schedule.rules, self.session_id, self.since)
        return replace(schedule, rules=(*rules, self.new_rule))

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """Hours shut nothing by themselves: what they leave out is merely no longer open."""
        return False


@dataclass(frozen=True)
class EndSession:
    """A session of an office is over: ``since`` is the first day without it."""

    cause: ClassVar[Cause] = Cause.HOURS
    leaves_outside: ClassVar[bool] = True

    office_id: int
    session_id: int
    since: date

    @property
    def offices(self) -> tuple[int, ...] | None:
        return (self.office_id,)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference; ``None`` for one without end."""
        return self.since, None

    def check(self, schedule: Schedule) -> None:
        """Nothing in the hours stands against an end."""

    def applied(self, schedule: Schedule) -> Schedule:
        return replace(schedule, rules=without_since(schedule.rules, self.session_id, self.since))

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """An end shuts nothing by itself: what was open is merely no longer open."""
        return False


@dataclass(frozen=True)
class AddClosure:
    """Days or hours on which the whole commune (no office), an office or some of its counters are shut."""

    cause: ClassVar[Cause] = Cause.CLOSURE
    leaves_outside: ClassVar[bool] = True

    office_id: int | None
    rule: ClosureRule
    reason: Translated

    @property
    def offices(self) -> tuple[int, ...] | None:
        return None if self.office_id is None else (self.office_id,)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference."""
        return self.rule.first, self.rule.last

    def check(self, schedule: Schedule) -> None:
        """Raises ``EndsBeforeStart``."""
        self.rule.check()

    def applied(self, schedule: Schedule) -> Schedule:
        return replace(schedule, closures=(*schedule.closures, self.rule))

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """Whether it shuts a counter during some of ``span``, open or not before."""
        shut = self.rule.span_on(day, zone) if self.rule.shuts(counter) else None
        return shut is not None and shut.overlaps(span)


@dataclass(frozen=True)
class ServeOtherwise:
    """From ``since`` on a counter serves these services and no other. Who is kept there is inside its hours."""

    cause: ClassVar[Cause] = Cause.COUNTER
    leaves_outside: ClassVar[bool] = False

    office_id: int
    counter_id: int
    services: frozenset[int]
    since: date

    @property
    def offices(self) -> tuple[int, ...] | None:
        return (self.office_id,)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference; ``None`` for one without end."""
        return self.since, None

    def check(self, schedule: Schedule) -> None:
        """Nothing in the hours stands against what a counter serves."""

    def applied(self, schedule: Schedule) -> Schedule:
        serves = {one: self.services if one == self.counter_id else theirs for one, theirs in schedule.serves.items()}
        lanes = {one: self.services if one == self.counter_id else theirs for one, theirs in schedule.lanes.items()}
        return replace(schedule, serves=serves, lanes=lanes)

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """The counter is there all the same."""
        return False


@dataclass(frozen=True)
class Retire:
    """From ``since`` on a counter of an office is not used any more, or without ``counter_id`` the whole office."""

    leaves_outside: ClassVar[bool] = True

    office_id: int
    counter_id: int | None
    since: date

    @property
    def cause(self) -> Cause:
        return Cause.OFFICE if self.counter_id is None else Cause.COUNTER

    @property
    def offices(self) -> tuple[int, ...] | None:
        return (self.office_id,)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference; ``None`` for one without end."""
        return self.since, None

    def check(self, schedule: Schedule) -> None:
        """Nothing in the hours stands against an end."""

    def applied(self, schedule: Schedule) -> Schedule:
        def stays(counter: int) -> bool:
            return self.counter_id is not None and counter != self.counter_id

        rules = tuple(
            replace(rule, counters=frozenset(filter(stays, rule.counters)), lanes=frozenset(filter(stays, rule.lanes)))
            for rule in schedule.rules
        )
        serves = {one: theirs for one, theirs in schedule.serves.items() if stays(one)}
        return replace(
            schedule, rules=rules, serves=serves, lanes={one: of for one, of in schedule.lanes.items() if stays(one)}
        )

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """Nobody is received there any more, in hours or outside."""
        return self.counter_id in {None, counter}


Single = SaveSession | EndSession | AddClosure


@dataclass(frozen=True)
class Several:
    """Changes of one place, shown and made as one: each finds the hours as those before it leave them.

    They are all of the same office, or closures of the whole commune alone.
    """

    leaves_outside: ClassVar[bool] = True

    changes: tuple[Single, ...]

    @property
    def cause(self) -> Cause:
        return self.changes[0].cause

    @property
    def offices(self) -> tuple[int, ...] | None:
        return self.changes[0].offices

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference; ``None`` for one without end."""
        ends = [change.days[1] for change in self.changes]
        known = [end for end in ends if end is not None]
        return min(change.days[0] for change in self.changes), max(known) if len(known) == len(ends) else None

    def check(self, schedule: Schedule) -> None:
        """Raises what any of them raises."""
        for change in self.changes:
            change.check(schedule)
            schedule = change.applied(schedule)

    def applied(self, schedule: Schedule) -> Schedule:
        return reduce(lambda hours, change: change.applied(hours), self.changes, schedule)

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        """Whether any of them shuts a counter during some of ``span``."""
        return any(change.shuts(counter=counter, day=day, span=span, zone=zone) for change in self.changes)


@dataclass(frozen=True)
class OpenTemporary:
    """A service for some time: a copy of ``template_id`` under a name of its own, with hours that end by themselves.

    The hours are limited to it; as long as it has no row, they name no service.
    """

    cause: ClassVar[Cause] = Cause.HOURS
    leaves_outside: ClassVar[bool] = True

    hours: SaveSession
    template_id: int
    code: str
    name: Translated

    @property
    def last_day(self) -> date:
        """The last day of its hours. Only of hours that have one."""
        until = self.hours.rule.valid_until
        if until is None:
            raise ValueError("a temporary service has a last day")
        return until

    @property
    def offices(self) -> tuple[int, ...] | None:
        return self.hours.offices

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last local day on which it can make a difference."""
        return self.hours.days

    def check(self, schedule: Schedule) -> None:
        """Raises what its hours raise."""
        self.hours.check(schedule)

    def applied(self, schedule: Schedule) -> Schedule:
        # As long as it has no row, its hours are for nothing that is there.
        rule = replace(self.hours.rule, services=frozenset({NEW}))
        return replace(self.hours, rule=rule).applied(schedule)

    def shuts(self, *, counter: int, day: date, span: Span, zone: ZoneInfo) -> bool:
        return False


HoursChange = Single | Several | OpenTemporary
Change = HoursChange | ServeOtherwise | Retire


def without_since(rules: tuple[SessionRule, ...], session_id: int | None, since: date) -> tuple[SessionRule, ...]:
    """The rules with one of them ended the day before ``since``; gone altogether when it had not begun."""
    kept = []
    for rule in rules:
        if rule.id != session_id or session_id is None:
            kept.append(rule)
        elif rule.valid_from < since:
            last = since - timedelta(days=1)
            kept.append(replace(rule, valid_until=min(rule.valid_until, last) if rule.valid_until else last))
    return tuple(kept)
