"""What is possible next for whoever cannot have a ticket now: the next tickets, and the first free appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import TooManyPersons
from booking.core.schedules import Schedule
from booking.core.timespan import Span, local_date
from booking.models import AppointmentLine, Office, Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.out_today import here_today
from booking.usecases.paused import offered_from, paused_in
from booking.usecases.possibilities import Possibility, free_times
from booking.usecases.schedules import schedule_of
from booking.usecases.walk_ins import walk_in_spans

DAYS = 14


@dataclass(frozen=True)
class NextWays:
    """``tickets``: when tickets are handed out next, on the office's clock, from when until when; ``free``: the first
    appointment that can be booked there, and ``service`` for which. Each is ``None`` where there is none.
    """

    office: Office
    tickets: tuple[datetime, datetime] | None
    free: Possibility | None
    service: Service | None


@dataclass(frozen=True)
class AtTheDoor:
    """A service one can have here without an appointment; ``opens``: when its next tickets are handed out, on the
    office's clock, ``None`` while they are, or while it pauses.
    """

    service: Service
    opens: datetime | None
    is_paused: bool = False


def next_ways(session: Session, *, office: Office, services: Sequence[Service], now: datetime) -> NextWays:
    """What somebody can do who wants ``services`` at this office."""
    numbers = frozenset(one.id for one in services)
    since = offered_from(session, offices=[office], service_ids=numbers, now=now)[office.id]
    schedule = schedule_of(session, office)
    today = here_today(session, schedule, office=office, now=now)
    span = next_tickets(schedule, office, numbers, since=since, today=(local_date(now, office.zone), today))
    bookable = [one for one in services if one.is_public and one.mode.is_bookable]
    free = first_free(session, office=office, services=bookable, now=now) if len(bookable) == len(services) else None
    return NextWays(
        office=office,
        tickets=(span.start.astimezone(office.zone), span.end.astimezone(office.zone)) if span else None,
        free=free,
        service=bookable[0] if bookable else None,
    )


def first_free(session: Session, *, office: Office, services: Sequence[Service], now: datetime) -> Possibility | None:
    if not services:
        return None
    basket = Basket(tuple(BasketLine(service) for service in services))
    try:
        return next(iter(free_times(session, offices=[office], basket=basket, now=now).first(1)), None)
    except TooManyPersons:
        return None


def next_tickets(
    schedule: Schedule, office: Office, services: frozenset[int], *, since: datetime, today: tuple[date, Schedule]
) -> Span | None:
    """The next span in which tickets begin to be handed out after a moment, within two weeks: ``today`` has hours of
    its own.
    """
    lead, first = timedelta(minutes=office.walk_in_lead_minutes), local_date(since, office.zone)
    for day in (first + timedelta(days=number) for number in range(DAYS)):
        hours = today[1] if day == today[0] else schedule
        found = [span for _, span in walk_in_spans(hours, services, day, lead) if span.start > since]
        if found:
            return min(found, key=lambda span: span.start)
    return None


def at_the_door(
    session: Session, *, office: Office, beside: frozenset[int] = frozenset(), now: datetime
) -> list[AtTheDoor]:
    """The services that are given here today without an appointment, ``beside`` others that are chosen already, in
    their order: those of which tickets are handed out now, those of which they will be, and those that pause.
    """
    wanted = (
        select(Service)
        .where(
            Service.commune_id == office.commune_id,
            Service.published_at.is_not(None),
            Service.deactivated_at.is_(None),
        )
        .order_by(Service.position, Service.id)
    )
    schedule = here_today(session, schedule_of(session, office), office=office, now=now)
    today = local_date(now, office.zone)
    lead = timedelta(minutes=office.walk_in_lead_minutes)
    paused = paused_in(session, office=office, now=now)
    found = []
    for service in session.scalars(wanted):
        if not service.mode.takes_walk_ins or service.id in beside:
            continue
        both = beside | {service.id}
        spans = [span for _, span in walk_in_spans(schedule, both, today, lead) if now <= span.end]
        if spans:
            begins = min(span.start for span in spans)
            is_paused = service.id in paused
            opens = begins.astimezone(office.zone) if begins > now and not is_paused else None
            found.append(AtTheDoor(service, opens, is_paused))
    return found


def services_here(session: Session, *, office: Office) -> list[Service]:
    """What some counter of the office gives, in order: the reception hands out tickets for any of it."""
    given = frozenset[int]().union(*schedule_of(session, office).serves.values())
    wanted = select(Service).where(Service.commune_id == office.commune_id, Service.deactivated_at.is_(None))
    found = session.scalars(wanted.order_by(Service.position, Service.id))
    return [service for service in found if service.id in given]


def services_of_visit(session: Session, *, commune_id: int, appointment_id: int) -> list[Service]:
    """What an appointment is for, as it is today."""
    wanted = (
        select(Service)
        .join(AppointmentLine, AppointmentLine.service_id == Service.id)
        .where(AppointmentLine.commune_id == commune_id, AppointmentLine.appointment_id == appointment_id)
        .order_by(AppointmentLine.position)
    )
    return list(session.scalars(wanted))
