"""What an office of the demonstration gives without an appointment on its day, when, and at which counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.opening import Mode
from booking.core.schedules import Schedule
from booking.core.timespan import Span
from booking.models import Office, Service, Ticket
from booking.usecases.walk_ins import walk_in_spans

MANY = 5
"""A counter with fewer services than these has as many fewer visitors."""

BEFORE_OPENING = timedelta(minutes=18)


@dataclass(frozen=True)
class Door:
    """When tickets for a service are handed out on a day, and at which counters it is given."""

    service_id: int
    span: Span
    counters: frozenset[int]


@dataclass(frozen=True)
class Hall:
    """An office on its day at this moment, and who is said to have done what is done there."""

    office: Office
    schedule: Schedule
    day: date
    agent: int
    now: datetime

    @property
    def today(self) -> tuple[ColumnElement[bool], ...]:
        return Ticket.office_id == self.office.id, Ticket.local_date == self.day


def doors_of(session: Session, hall: Hall) -> Iterator[Door]:
    lead = timedelta(minutes=hall.office.walk_in_lead_minutes)
    public = (Service.commune_id == hall.office.commune_id, Service.published_at.is_not(None))
    for service in session.scalars(select(Service).where(*public).order_by(Service.position, Service.id)):
        spans = walk_in_spans(hall.schedule, frozenset({service.id}), hall.day, lead)
        for rule, span in spans if service.mode.takes_walk_ins else ():
            if rule.mode != Mode.WALK_IN:
                continue
            counters = rule.counters & hall.schedule.counters_serving(service.id)
            begins = max(span.start, span.start + lead - BEFORE_OPENING)
            if begins < span.end:
                yield Door(service.id, Span(begins, span.end), counters)


def demand(doors: Sequence[Door]) -> dict[int, float]:
    """How busy each counter is, as a share of the busiest."""
    services = Counter(counter for door in doors for counter in door.counters)
    return {counter: min(number, MANY) / MANY for counter, number in sorted(services.items())}


def counters_of(doors: Iterable[Door]) -> frozenset[int]:
    return frozenset[int]().union(*(door.counters for door in doors))
