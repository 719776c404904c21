"""Tickets for people without an appointment: handed out while the hours allow, as many as a session takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Part, minutes_of_parts
from booking.core.errors import NotServedHere, NoWalkIns, OnlyByAppointment, Unknown
from booking.core.opening import SessionRule
from booking.core.schedules import Schedule
from booking.core.tickets import Origin
from booking.core.timespan import Span, instant, local_date
from booking.core.turns import turn_of_walk_in, with_priority
from booking.models import Office, OpeningSession, Service, WalkInCount
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.out_today import here_today
from booking.usecases.paces import pace_of
from booking.usecases.paused import check_offered
from booking.usecases.queue import in_order, queue_of
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import insert_into
from booking.usecases.tickets import Issued, TicketWish, Visitor, issue

USUAL_WAIT = timedelta(minutes=15)
"""What is promised when there is too little to tell."""


@dataclass(frozen=True)
class Wanted:
    """A service somebody comes for without an appointment, for so many persons."""

    service_id: int
    persons: int = 1


def take_ticket(
    session: Session,
    *,
    office: Office,
    wanted: Sequence[Wanted],
    visitor: Visitor,
    origin: Origin,
    key: str | None = None,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Issued:
    """A ticket for now, with the wait that is expected once the counters are open.

    ``PAPER`` is for ``type_in``; ``key`` is as for ``issue``.

    Raises ``Unknown``, ``TooManyPersons``, ``NotServedHere`` where no counter of the office gives all of it,
    ``PausedNow``, or ``NoWalkIns`` outside the hours for it, after the last ticket, while every counter for it is out,
    or when a session has handed out all of its own: ``OnlyByAppointment`` where that is so of no hour.
    """
    services = services_wanted(session, office=office, wanted=wanted)
    schedule = schedule_of(session, office)
    numbers = frozenset(service.id for service in services)
    if not any(numbers <= given for given in schedule.serves.values()):
        raise NotServedHere
    schedule = here_today(session, schedule, office=office, now=now)
    check_offered(session, office=office, service_ids=numbers, start=now, now=now)
    try:
        count_one(session, office=office, schedule=schedule, services=numbers, now=now)
    except NoWalkIns:
        if all(service.mode.takes_walk_ins for service in services):
            raise
        raise OnlyByAppointment from None
    wishes = ticket_wishes(services, wanted)
    wait, is_told = expected_wait(session, office=office, services=numbers, now=now)
    opens_at = opening_for(schedule, office=office, services=numbers, at=now)
    turn = turn_of_walk_in(
        office.queue_policy, arrived_at=now, wait=USUAL_WAIT if wait is None else wait, opens_at=opens_at
    )
    if any(service.has_priority for service in services):
        turn = with_priority(turn)
    told = round(wait.total_seconds() / 60) if wait is not None and is_told and not opens_at else None
    return issue(
        session,
        office=office,
        wishes=wishes,
        visitor=visitor,
        origin=origin,
        turn=turn,
        wait_minutes=told,
        key=key,
        actor=actor,
        now=now,
    )


def type_in(
    session: Session,
    *,
    office: Office,
    letter: str,
    number: int,
    wanted: Sequence[Wanted],
    visitor: Visitor,
    taken_at: datetime,
    actor: Actor,
    now: datetime,
) -> Issued:
    """A number that was handed out on paper during an outage, at ``taken_at`` of today: hours no longer matter.

    Raises ``Unknown``, ``TooManyPersons``, ``NumberTaken`` or ``NumbersUsedUp``.
    """
    services = services_wanted(session, office=office, wanted=wanted)
    arrived_at, schedule = min(taken_at, now), schedule_of(session, office)
    opens_at = opening_for(
        schedule, office=office, services=frozenset(service.id for service in services), at=arrived_at
    )
    turn = turn_of_walk_in(office.queue_policy, arrived_at=arrived_at, wait=USUAL_WAIT, opens_at=opens_at)
    if any(service.has_priority for service in services):
        turn = with_priority(turn)
    return issue(
        session,
        office=office,
        wishes=ticket_wishes(services, wanted),
        visitor=visitor,
        origin=Origin.PAPER,
        turn=turn,
        paper=(letter, number),
        actor=actor,
        now=now,
    )


def services_wanted(session: Session, *, office: Office, wanted: Sequence[Wanted]) -> list[Service]:
    """The services, in the order they were named. Raises ``Unknown``."""
    numbers = [wish.service_id for wish in wanted]
    found = select(Service).where(
        Service.commune_id == office.commune_id, Service.id.in_(numbers), Service.deactivated_at.is_(None)
    )
    known = {service.id: service for service in session.scalars(found)}
    if not numbers or len(known) != len(numbers):
        raise Unknown
    return [known[number] for number in numbers]


def ticket_wishes(services: Sequence[Service], wanted: Sequence[Wanted]) -> list[TicketWish]:
    """Each service with the minutes it adds to the visit. Raises ``TooManyPersons``."""
    parts = [Part(service.terms, wish.persons) for service, wish in zip(services, wanted, strict=True)]
    return [
        TicketWish(service.id, service.name, wish.persons, minutes)
        for service, wish, minutes in zip(services, wanted, minutes_of_parts(parts), strict=True)
    ]


def walk_in_spans(
    schedule: Schedule, services: frozenset[int], day: date, lead: timedelta
) -> Iterator[tuple[SessionRule, Span]]:
    """The sessions of a day in which ``services`` are given without an appointment, each with the span in which its
    tickets are handed out: from ``lead`` before it begins to its last entry.
    """
    for rule in schedule.rules:
        able = any(counter in rule.counters and services <= given for counter, given in schedule.serves.items())
        span = rule.span_on(day, schedule.zone)
        if not span or not able or not rule.mode.takes_walk_ins or not all(map(rule.takes, services)):
            continue
        closed = any(
            (hole := closure.span_on(day, schedule.zone)) and closure.counters is None and hole.overlaps(span)
            for closure in schedule.closures
        )
        if closed:
            continue
        last = last_ticket(rule, span, day, schedule)
        yield rule, Span(span.start - lead, last)


def last_ticket(rule: SessionRule, span: Span, day: date, schedule: Schedule) -> datetime:
    return span.end if rule.last_entry is None else instant(day, rule.last_entry, schedule.zone)


def count_one(session: Session, *, office: Office, schedule: Schedule, services: frozenset[int], now: datetime) -> None:
    """Take a place in a session that hands out tickets now, in one statement. Raises ``NoWalkIns``."""
    day = local_date(now, office.zone)
    lead = timedelta(minutes=office.walk_in_lead_minutes)
    open_ = [rule.id for rule, span in walk_in_spans(schedule, services, day, lead) if span.start <= now <= span.end]
    limits = session.execute(
        select(OpeningSession.id, OpeningSession.most_walk_ins).where(OpeningSession.id.in_(open_))
    ).all()
    for session_id, limit in limits:
        if limit is None or (limit and has_room(session, office=office, session_id=session_id, limit=limit, day=day)):
            return
    raise NoWalkIns


def has_room(session: Session, *, office: Office, session_id: int, limit: int, day: date) -> bool:
    first = {"commune_id": office.commune_id, "session_id": session_id, "local_date": day, "n": 1}
    counted = insert_into(session, WalkInCount).values(**first)
    counted = counted.on_conflict_do_update(
        index_elements=["session_id", "local_date"], set_={"n": WalkInCount.n + 1}, where=WalkInCount.n < limit
    )
    return session.scalars(counted.returning(WalkInCount.n)).one_or_none() is not None


def expected_wait(
    session: Session, *, office: Office, services: frozenset[int], now: datetime
) -> tuple[timedelta | None, bool]:
    """How long somebody would wait who came now for ``services``, ``None`` while nobody can tell; and whether that
    counts from now, not from the opening.
    """
    tickets = queue_of(session, office=office, day=local_date(now, office.zone))
    pace = pace_of(session, office=office, tickets=tickets, now=now)
    minutes = pace.wait(in_order(tickets, now=now), services)
    return None if minutes is None else timedelta(minutes=minutes), pace.opens_at is None


def opening_for(schedule: Schedule, *, office: Office, services: frozenset[int], at: datetime) -> datetime | None:
    """When the session begins that serves somebody who comes at ``at`` before it does; ``None`` when one is running."""
    lead = timedelta(minutes=office.walk_in_lead_minutes)
    spans = walk_in_spans(schedule, services, local_date(at, office.zone), lead)
    begins = min((span.start + lead for _, span in spans if span.start <= at <= span.end), default=at)
    return begins if begins > at else None
