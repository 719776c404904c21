"""Why there is no time: what takes the minutes of a day away, rule by rule, until those are left that can be had.

The last steps are those of the calendar itself (``availability.py``), and each takes from what the one before it left:
nothing is left here exactly where the calendar offers nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, reduce
from operator import or_

from booking.core.availability import PUBLIC, Asked, Limits, starts_of_each, within
from booking.core.opening import ClosureRule, SessionRule, shut_on
from booking.core.schedules import DayPlan, Schedule, bits_inside, bits_touched, spread
from booking.core.timespan import TICK_MINUTES

Masks = Mapping[int, int]
"""Of each counter, some of its day as bits."""

Stage = tuple["Reason", Masks]
"""A reason, and what it leaves of each counter's day."""

NEVER, ALWAYS = 10**9, 0
"""Ticks after and before all others."""


class Reason(StrEnum):
    """What takes minutes away, in the order in which it is asked."""

    NO_SESSION = "no_session"
    CLOSED = "closed"
    COUNTER_CLOSED = "counter_closed"
    WALK_IN = "walk_in"
    OTHER_SERVICES = "other_services"
    NOT_SERVED = "not_served"
    SHARE_KEPT = "share_kept"
    LAST_ENTRY = "last_entry"
    ABSENT = "absent"
    TAKEN = "taken"
    HELD = "held"
    TOO_SHORT = "too_short"
    NOTICE = "notice"
    PAUSED = "paused"
    HORIZON = "horizon"
    NOT_RELEASED = "not_released"
    QUOTA = "quota"


@dataclass(frozen=True)
class Cost:
    """How many minutes a reason takes at all counters together, of those the ones before it left.

    ``rules`` are the sessions or the closures that do it, by their ids. It ``decides`` when nothing is left after it.
    """

    reason: Reason
    minutes: int
    rules: tuple[int, ...] = ()
    decides: bool = False


@dataclass(frozen=True)
class Why:
    """The ``minutes`` that the sessions of a day have at all counters, what takes them away, and what is left of them.

    ``starts`` are those that can be had in the end, as bits of the day. ``beside`` would leave none of them either,
    if whatever decides were changed.
    """

    minutes: int
    left: int
    costs: tuple[Cost, ...]
    starts: int
    beside: tuple[Reason, ...] = ()

    @property
    def reason(self) -> Reason | None:
        """After which reason nothing is left; ``None`` exactly where a time can be had."""
        return next((one.reason for one in self.costs if one.decides), None)


@dataclass(frozen=True)
class TakenBy:
    """What is taken on the day: by blocks, by visits, by times that are held."""

    blocked: Masks
    booked: Masks
    held: Masks

    def busy(self, counter: int) -> int:
        return self.blocked.get(counter, 0) | self.booked.get(counter, 0) | self.held.get(counter, 0)


@dataclass(frozen=True)
class Asking:
    """A visit of so many ticks for a service on a day of an office."""

    schedule: Schedule
    day: date
    service: int
    ticks: int
    asked: Asked = PUBLIC

    @cached_property
    def sessions(self) -> tuple[tuple[SessionRule, int], ...]:
        """The sessions of the day, each with its ticks."""
        first, zone = self.schedule.ticks_of(self.day)[0], self.schedule.zone
        spans = ((rule, rule.span_on(self.day, zone)) for rule in self.schedule.rules)
        return tuple((rule, bits) for rule, span in spans if span and (bits := bits_inside(span, first)))

    @cached_property
    def closures(self) -> tuple[tuple[ClosureRule, int], ...]:
        """The closures that touch the day, each with the ticks it shuts."""
        first = self.schedule.ticks_of(self.day)[0]
        shut = shut_on(self.schedule.closures, self.day, self.schedule.zone)
        return tuple((closure, bits_touched(span, first)) for closure, span in shut)

    @cached_property
    def with_appointments(self) -> tuple[tuple[SessionRule, int], ...]:
        return tuple((rule, bits) for rule, bits in self.sessions if rule.mode.takes_appointments)

    @cached_property
    def for_service(self) -> tuple[tuple[SessionRule, int], ...]:
        return tuple((rule, bits) for rule, bits in self.with_appointments if rule.takes(self.service))

    @cached_property
    def plans(self) -> dict[int, DayPlan]:
        """The counters that can take the visit, as the calendar sees them."""
        return dict(self.asked.plans(self.schedule, self.day, self.service))

    def open_in(self, sessions: Iterable[tuple[SessionRule, int]], *, shut: Iterable[ClosureRule] = ()) -> Masks:
        """When each counter is open in some of the sessions, but for what closures shut."""
        holes = dict(self.closures)
        found: dict[int, int] = {}
        for rule, bits in sessions:
            for counter in rule.counters & self.schedule.serves.keys():
                found[counter] = found.get(counter, 0) | bits
        for closure in shut:
            for counter in found:
                if closure.shuts(counter):
                    found[counter] &= ~holes[closure]
        return found

    def free(self, taken: TakenBy) -> Masks:
        """The starts that are free at each counter, as the calendar finds them."""
        busy = {counter: taken.busy(counter) for counter in self.plans}
        return dict(starts_of_each(tuple(self.plans.items()), busy, self.ticks, self.asked))

    def covered(self, starts: Masks) -> Masks:
        """The minutes of the visits that could begin then."""
        return {counter: spread(bits, self.ticks) for counter, bits in starts.items()}

    def rules_of(self, reason: Reason) -> tuple[int, ...]:
        """The sessions or closures that are the reason, by their ids."""
        without = [rule for rule, _ in self.sessions if not rule.mode.takes_appointments]
        others = [rule for rule, _ in self.with_appointments if not rule.takes(self.service)]
        ours = [rule for rule, _ in self.for_service]
        found: dict[Reason, Collection[SessionRule | ClosureRule]] = {
            Reason.CLOSED: [one for one, _ in self.closures if one.counters is None],
            Reason.COUNTER_CLOSED: [one for one, _ in self.closures if one.counters is not None],
            Reason.WALK_IN: without,
            Reason.OTHER_SERVICES: others,
            Reason.SHARE_KEPT: [rule for rule in ours if rule.walk_in_minutes or rule.staff_minutes],
            Reason.LAST_ENTRY: ours,
        }
        return tuple(sorted({one.id for one in found.get(reason, ())}))


def explain(wish: Asking, *, taken: TakenBy, limits: Limits) -> Why:
    """What takes the minutes of a day away from a visit, one reason after the other."""
    every = minutes_of(wish.open_in(wish.sessions))
    costs: list[Cost] = [] if every else [Cost(Reason.NO_SESSION, 0, decides=True)]
    starts, left = wish.free(taken), every
    stages = [*hours_left(wish), *times_left(wish, taken)]
    for reason, some in starts_left(wish, starts, limits):
        starts = some
        stages.append((reason, wish.covered(some)))
    for reason, masks in stages:
        still = minutes_of(masks)
        if still < left:
            costs.append(Cost(reason, left - still, wish.rules_of(reason), decides=not still))
        left = still
    told = {one.reason for one in costs}
    beside = tuple(reason for reason in shutting(wish, limits) if reason not in told) if not left else ()
    return Why(every, left, tuple(costs), reduce(or_, starts.values(), 0), beside)


def hours_left(wish: Asking) -> Iterator[Stage]:
    """What closures leave of the hours, and of that the way visitors come, what is done in them, and who does it."""
    whole = [closure for closure, _ in wish.closures if closure.counters is None]
    shut = [closure for closure, _ in wish.closures]
    yield Reason.CLOSED, wish.open_in(wish.sessions, shut=whole)
    yield Reason.COUNTER_CLOSED, wish.open_in(wish.sessions, shut=shut)
    yield Reason.WALK_IN, wish.open_in(wish.with_appointments, shut=shut)
    yield Reason.OTHER_SERVICES, wish.open_in(wish.for_service, shut=shut)
    yield Reason.NOT_SERVED, {counter: plan.open for counter, plan in wish.plans.items()}
    given = {counter: plan.staff if wish.asked.for_staff else plan.public for counter, plan in wish.plans.items()}
    yield Reason.SHARE_KEPT, given
    nobody = TakenBy({}, {}, {})
    yield Reason.LAST_ENTRY, wish.covered(wish.free(nobody))


def times_left(wish: Asking, taken: TakenBy) -> Iterator[Stage]:
    """What is left of the times that an empty day would have."""
    left = wish.covered(wish.free(TakenBy({}, {}, {})))
    for reason, by in ((Reason.ABSENT, taken.blocked), (Reason.TAKEN, taken.booked), (Reason.HELD, taken.held)):
        left = {counter: bits & ~by.get(counter, 0) for counter, bits in left.items()}
        yield reason, left
    yield Reason.TOO_SHORT, wish.covered(wish.free(taken))


def starts_left(wish: Asking, starts: Masks, limits: Limits) -> Iterator[Stage]:
    """The starts that each rule about when one may book leaves of those that are free."""
    first, after = wish.schedule.ticks_of(wish.day)
    for reason, earliest, latest in bounds_of(limits):
        starts = {
            counter: within(bits, first, after, earliest=earliest, latest=latest) for counter, bits in starts.items()
        }
        yield reason, starts
    yield Reason.QUOTA, {} if wish.day in limits.full else starts


def bounds_of(limits: Limits) -> tuple[tuple[Reason, int, int], ...]:
    """Between which ticks each rule lets a visit begin."""
    return (
        (Reason.NOTICE, limits.notice, NEVER),
        (Reason.PAUSED, limits.paused, NEVER),
        (Reason.HORIZON, ALWAYS, limits.horizon),
        (Reason.NOT_RELEASED, ALWAYS, limits.released),
    )


def shutting(wish: Asking, limits: Limits) -> Iterator[Reason]:
    """The rules that leave no start at all on the day, whatever is free."""
    first, after = wish.schedule.ticks_of(wish.day)
    whole = (1 << after - first) - 1
    for reason, earliest, latest in bounds_of(limits):
        if not within(whole, first, after, earliest=earliest, latest=latest):
            yield reason
    if wish.day in limits.full:
        yield Reason.QUOTA


def minutes_of(masks: Masks) -> int:
    return sum(bits.bit_count() for bits in masks.values()) * TICK_MINUTES
