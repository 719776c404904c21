"""The board of the day: how each office stands at this moment, for whoever thinks of coming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from booking.core.hours import OpenHours, Standing, coming
from booking.core.opening import Mode
from booking.core.schedules import Schedule
from booking.core.timespan import local_date
from booking.core.translated import Translated
from booking.core.waits import Range, told
from booking.models import Commune, Office, OpeningSession, Service, WalkInCount
from booking.usecases.catalogue import Group, groups_of, offices_of
from booking.usecases.offers import first_free_in_each
from booking.usecases.paces import Pace, pace_of
from booking.usecases.queue import in_order, queue_of
from booking.usecases.schedules import schedules_of
from booking.usecases.walk_ins import walk_in_spans

AT_ONCE = timedelta(0)


class Door(StrEnum):
    """How one comes to a topic today without an appointment."""

    OPEN = "open"
    PAUSED = "paused"
    USED_UP = "used_up"
    LATER = "later"
    OVER = "over"
    CLOSED = "closed"


@dataclass(frozen=True)
class TopicToday:
    """A group of services at an office. ``wait`` is ``None`` while nobody can tell; ``since`` is when the door opens.

    ``appointment`` is the next free start of today for one of its services that are had by appointment, if there
    are any (``is_bookable``). ``paused`` are those of its services that a system is down for.
    """

    code: str
    name: Translated
    door: Door
    since: datetime | None
    wait: Range | None
    is_bookable: bool
    appointment: datetime | None
    paused: tuple[Translated, ...]


@dataclass(frozen=True)
class OfficeToday:
    """An office: open until ``closes_at``, or closed until ``opens_at``, as far as that is today."""

    code: str
    name: Translated
    address: Translated
    zone: ZoneInfo
    opens_at: datetime | None
    closes_at: datetime | None
    last_ticket: datetime | None
    appointment: datetime | None
    topics: tuple[TopicToday, ...]


@dataclass(frozen=True)
class Here:
    """What the doors of one office are read from."""

    schedule: Schedule
    day: date
    now: datetime
    used_up: frozenset[int]
    pace: Pace
    waits: Mapping[int, float | None]
    free: Mapping[int, datetime]


def board_of(session: Session, *, commune_id: int, now: datetime) -> tuple[OfficeToday, ...]:
    """How every office of a commune stands at ``now``: plain values, which say nothing about anybody."""
    offices = offices_of(session, commune_id=commune_id)
    schedules = schedules_of(session, offices)
    today = local_date(now, session.get_one(Commune, commune_id).zone)
    groups = groups_of(session, commune_id=commune_id, today=today)
    bookable = [card.service for group in groups for card in group.cards if card.service.mode.is_bookable]
    free = first_free_in_each(session, offices=offices, services=bookable, now=now, within=AT_ONCE)
    return tuple(
        office_today(
            session,
            office=office,
            schedule=schedules[office.id],
            groups=groups,
            free={service: starts[office] for service, starts in free.items() if office in starts},
            now=now,
        )
        for office in offices
    )


def office_today(
    session: Session,
    *,
    office: Office,
    schedule: Schedule,
    groups: Sequence[Group],
    free: Mapping[int, datetime],
    now: datetime,
) -> OfficeToday:
    day = local_date(now, office.zone)
    tickets = queue_of(session, office=office, day=day)
    pace, line = pace_of(session, office=office, tickets=tickets, now=now), in_order(tickets, now=now)
    services = [card.service for group in groups for card in group.cards]
    waits = {service.id: pace.wait(line, {service.id}) for service in services if service.mode.takes_walk_ins}
    here = Here(schedule, day, now, used_up_in(session, office=office, day=day), pace, waits, free)
    hours = schedule.hours_on(day)
    open_now = [one.span.end for one in hours if one.span.start <= now < one.span.end]
    tickets_until = [one.last for one in hours if one.mode.takes_walk_ins and not one.is_over(now)]
    topics = (topic_today(group, here) for group in groups)
    return OfficeToday(
        code=office.code,
        name=office.name,
        address=office.address,
        zone=office.zone,
        opens_at=None if open_now else next((one.span.start for one in hours if one.span.start > now), None),
        closes_at=closing(hours, now) if open_now else None,
        last_ticket=max(tickets_until, default=None),
        appointment=min(free.values(), default=None),
        topics=tuple(topic for topic in topics if topic.door != Door.CLOSED or topic.appointment),
    )


def closing(hours: Sequence[OpenHours], now: datetime) -> datetime:
    """When the stretch that runs at ``now`` ends, whatever ways of coming follow one another in it."""
    end = now
    for one in hours:
        if one.span.start <= end:
            end = max(end, one.span.end)
    return end


def topic_today(group: Group, here: Here) -> TopicToday:
    services = [card.service for card in group.cards]
    doors = {service.id: door_of(service, here) for service in services if service.mode.takes_walk_ins}
    open_ = [service for service, (door, _) in doors.items() if door == Door.OPEN]
    ranges = [told(minutes) for service in open_ if (minutes := here.waits.get(service)) is not None]
    best = min((door for door, _ in doors.values()), key=list(Door).index, default=Door.CLOSED)
    return TopicToday(
        code=group.group.code,
        name=group.group.name,
        door=best,
        since=min((since for door, since in doors.values() if door == best and since), default=None),
        wait=Range(min(one.low for one in ranges), max(one.high for one in ranges)) if ranges else None,
        is_bookable=any(service.mode.is_bookable for service in services),
        appointment=min((here.free[one.id] for one in services if one.id in here.free), default=None),
        paused=tuple(one.name for one in services if one.id in here.pace.paused),
    )


def door_of(service: Service, here: Here) -> tuple[Door, datetime | None]:
    """How one comes for a service now, and from when on when that is later today."""
    hours = here.schedule.hours_on(here.day, service.id, Mode.WALK_IN)
    if not hours:
        return Door.CLOSED, None
    found = coming([(here.day, hours)], here.now)
    if found is None:
        return Door.OVER, None
    if found.standing == Standing.LATER_TODAY:
        return Door.LATER, min(one.span.start for one in found.hours)
    if service.id in here.pace.paused:
        return Door.PAUSED, None
    return (Door.OPEN if has_tickets(service, here) else Door.USED_UP), None


def has_tickets(service: Service, here: Here) -> bool:
    spans = walk_in_spans(here.schedule, frozenset({service.id}), here.day, AT_ONCE)
    return any(rule.id not in here.used_up for rule, span in spans if span.start <= here.now <= span.end)


def used_up_in(session: Session, *, office: Office, day: date) -> frozenset[int]:
    """The sessions of an office that have handed out all their tickets of a day."""
    counted = and_(WalkInCount.session_id == OpeningSession.id, WalkInCount.local_date == day)
    full = (
        select(OpeningSession.id)
        .outerjoin(WalkInCount, counted)
        .where(OpeningSession.commune_id == office.commune_id, OpeningSession.office_id == office.id)
        .where(OpeningSession.most_walk_ins <= func.coalesce(WalkInCount.n, 0))
    )
    return frozenset(session.scalars(full))
