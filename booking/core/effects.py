"""Whom a change of hours touches, asked of visits as hours see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from booking.core.changes import Change
from booking.core.opening import open_spans, shut_on, without
from booking.core.schedules import Schedule
from booking.core.timespan import Span, tick_of


@dataclass(frozen=True)
class Visit:
    """A visit as hours see it: when it is at which counter, on which local day, and for which services.

    ``is_kept_outside`` when it stands although its hours are gone.
    """

    counter: int
    day: date
    span: Span
    services: tuple[int, ...]
    is_kept_outside: bool = False


@dataclass(frozen=True)
class Hours:
    """A schedule, asked about visits that are made already: about thousands, so what it says of a day is kept."""

    schedule: Schedule
    known: dict[tuple[int, date, int | None], list[Span]] = field(default_factory=dict)
    opened: dict[tuple[date, int], tuple[int, dict[int, int]]] = field(default_factory=dict)

    def serve(self, visit: Visit) -> bool:
        """Whether its own counter is open for all of its services during the whole visit, on the grid of starts or off.

        A visit in minutes that are kept was made by staff, or before they were: it is inside the hours. So is one at an
        extra lane while that is there.
        """
        start, after = tick_of(visit.span.start), tick_of(visit.span.end)
        for service in visit.services:
            first, opens = self.opens(visit.day, service)
            if start < first or (((1 << (after - start)) - 1) << (start - first)) & ~opens.get(visit.counter, 0):
                return False
        return True

    def opens(self, day: date, service: int) -> tuple[int, dict[int, int]]:
        """The first tick of a day, and for each counter and extra lane what it is open for a service, as bits of it."""
        found = self.opened.get((day, service))
        if found is None:
            schedule = self.schedule
            plans = (*schedule.plans_for(day, service), *schedule.lanes_for(day, service))
            found = schedule.ticks_of(day)[0], {counter: plan.open for counter, plan in plans}
            self.opened[day, service] = found
        return found

    def staff(self, visit: Visit, service: int | None = None) -> bool:
        """Whether its own counter takes appointments during the whole visit: for a service, or for whatever one."""
        return any(span.contains(visit.span) for span in self.staffed(visit, service))

    def staffed(self, visit: Visit, service: int | None = None) -> list[Span]:
        """When its own counter takes appointments on the day of a visit."""
        found = self.known.get((visit.counter, visit.day, service))
        if found is None:
            schedule = self.schedule
            rules = [
                rule
                for rule in schedule.rules
                if rule.mode.takes_appointments and (service is None or rule.takes(service))
            ]
            found = open_spans(rules, schedule.closures, visit.day, schedule.zone, visit.counter)
            self.known[visit.counter, visit.day, service] = found
        return found

    def hold(self, visit: Visit) -> bool:
        """Whether a visit stands inside them, also when its counter has stopped serving what it is for.

        A counter that is in no session has no hours: there, it is enough that nothing shuts it.
        """
        has_hours = any(visit.counter in rule.lanes for rule in self.schedule.rules)
        if visit.counter in self.schedule.serves or has_hours:
            return all(self.staff(visit, service) for service in visit.services)
        shut = shut_on(self.schedule.closures, visit.day, self.schedule.zone)
        return not any(closure.shuts(visit.counter) and hole.overlaps(visit.span) for closure, hole in shut)


def is_touched(change: Change, before: Hours, after: Hours, visit: Visit) -> bool:
    """Whether a visit loses hours that it had, or falls into a closure whatever it had.

    What a counter serves may have changed since it was booked: then the hours of the counter still count.
    Who was kept outside counted on somebody being at the counter that day: it is asked about again when
    that day grows shorter.
    """
    return (
        (before.serve(visit) and not after.serve(visit))
        or (before.staff(visit) and not after.staff(visit))
        or change.shuts(counter=visit.counter, day=visit.day, span=visit.span, zone=before.schedule.zone)
        or (visit.is_kept_outside and shortens(before.staffed(visit), after.staffed(visit)))
    )


def shortens(before: Iterable[Span], after: Iterable[Span]) -> bool:
    return bool(without(before, after))
