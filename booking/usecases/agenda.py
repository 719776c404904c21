"""The day of an office as its agents see it: visits, free and closed time, by the clock and by counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from booking.core.availability import Schedule
from booking.core.opening import merged
from booking.core.references import digest
from booking.core.timespan import TICK, Span, day_span, floor_to_tick, local_date, wall_time
from booking.core.translated import Translated
from booking.models import Appointment, Block, Closure, Counter, Message, Office
from booking.models.appointments import live
from booking.models.messages import MessageState
from booking.usecases.counter_days import Column, CounterDay, Frame, Kind, Stretch, counter_day, stretch_of
from booking.usecases.schedules import schedule_of
from booking.usecases.visits import Choice, Visit, visits_of


@dataclass(frozen=True)
class Entry:
    """A line of the list: a visit, an hour with its free times, or a time when every counter is closed."""

    start: datetime
    wall: time
    visit: Visit | None = None
    free: tuple[Stretch, ...] = ()
    closed: Stretch | None = None


@dataclass(frozen=True)
class Shut:
    """A closure that falls on the day: its reason, and its counters when it is not for all of them."""

    reason: Translated
    counters: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """A day, prepared for a page. ``now_row`` is where the present is in the grid, ``None`` on other days.

    ``next_start`` is the start of the first entry that is still to come today. ``hours`` are row and wall time of
    each full hour; ``closed_counters`` are shut all day and have no column.
    """

    day: date
    is_today: bool
    visits: tuple[Visit, ...]
    entries: tuple[Entry, ...]
    columns: tuple[Column, ...]
    hours: tuple[tuple[int, time], ...]
    rows: int
    now_row: int | None
    next_start: datetime | None
    closures: tuple[Shut, ...]
    closed_counters: tuple[str, ...]
    counters: tuple[tuple[int, str], ...]
    services: tuple[tuple[int, Translated], ...]


def agenda_of(session: Session, *, office: Office, day: date, choice: Choice, now: datetime) -> Agenda:
    """The agenda of ``day``; the number of statements does not depend on how full it is."""
    zone, schedule = office.zone, schedule_of(session, office)
    wanted = live(now).where(*of_day(office, day)).order_by(Appointment.start, Appointment.counter_id)
    visits = visits_of(session, wanted, now=now)
    counters = session.scalars(
        select(Counter).where(Counter.office_id == office.id).order_by(Counter.position, Counter.id)
    ).all()
    blocks = blocks_of(session, counters, day, zone)
    days = [counter_day(one, schedule, day, visits, blocks) for one in counters]
    busy = [one for one in days if not one.is_shut and choice.counter_id in {None, one.counter.id}]
    frame = Frame.around([span for one in busy for span in one.visible], zone)
    shown = tuple(visit for visit in visits if choice.takes(visit))
    today = local_date(now, zone) == day
    entries = tuple(listed(shown, busy, zone, now if today else None))
    return Agenda(
        day=day,
        is_today=today,
        visits=shown,
        entries=entries,
        columns=tuple(one.column(frame, choice) for one in busy),
        hours=frame.hours,
        rows=frame.rows,
        now_row=frame.row_of(floor_to_tick(now)) if today else None,
        next_start=next((entry.start for entry in entries if entry.start > now), None) if today else None,
        closures=closures_on(session, schedule, day, counters),
        closed_counters=tuple(one.counter.label for one in days if one.is_shut and one.counter.retired_at is None),
        counters=tuple((one.counter.id, one.counter.label) for one in days if not one.is_shut),
        services=services_among(visits),
    )


def of_day(office: Office, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Appointment.commune_id == office.commune_id,
        Appointment.office_id == office.id,
        Appointment.local_date == day,
    )


def listed(visits: Iterable[Visit], days: Sequence[CounterDay], zone: ZoneInfo, now: datetime | None) -> list[Entry]:
    """The day as a list: each hour with the free times still to come, the visits, and when nobody is open."""
    free = [one for day in days for one in day.free if now is None or one.end > now]
    by_hour: dict[datetime, list[Stretch]] = {}
    for one in sorted(free, key=lambda stretch: (stretch.start, stretch.counter)):
        by_hour.setdefault(one.start.replace(minute=0), []).append(one)
    entries = [Entry(hour, wall_time(hour, zone), free=tuple(found)) for hour, found in by_hour.items()]
    opened = merged(span for day in days for span in day.open)
    gaps = (Span(before.end, after.start) for before, after in pairwise(opened))
    entries += [
        Entry(gap.start, wall_time(gap.start, zone), closed=stretch_of(Kind.CLOSED, "", gap, zone)) for gap in gaps
    ]
    entries += [Entry(visit.start, visit.wall, visit=visit) for visit in visits]
    return sorted(entries, key=lambda entry: (entry.start, entry.visit is not None))


def blocks_of(session: Session, counters: Iterable[Counter], day: date, zone: ZoneInfo) -> Sequence[Block]:
    """The breaks and absences of a day, wherever they begin and end."""
    whole = day_span(day, zone)
    during = (Block.start <= whole.end - TICK, Block.end > whole.start)
    return session.scalars(select(Block).where(Block.counter_id.in_([one.id for one in counters]), *during)).all()


def closures_on(session: Session, schedule: Schedule, day: date, counters: Sequence[Counter]) -> tuple[Shut, ...]:
    """Why the office, or some of its counters, are shut on a day or a part of it."""
    rules = {rule.id: rule for rule in schedule.closures if rule.first <= day <= rule.last}
    reasons = session.execute(select(Closure.id, Closure.reason).where(Closure.id.in_(rules)).order_by(Closure.id))
    labels = {one.id: one.label for one in counters}
    return tuple(
        Shut(row.reason, tuple(labels[one] for one in sorted(rules[row.id].counters or ()) if one in labels))
        for row in reasons
        if rules[row.id].counters is None or not labels.keys().isdisjoint(rules[row.id].counters or ())
    )


def services_among(visits: Iterable[Visit]) -> tuple[tuple[int, Translated], ...]:
    """The services of a day's visits, each once, under the name it was booked by last."""
    found = {line.service_id: line.service for visit in visits for line in visit.lines}
    return tuple(found.items())


def freshness(session: Session, *, office: Office, day: date, now: datetime) -> str:
    """A short name for everything a day's page shows: equal as long as the page would be."""
    seen = live(now).where(*of_day(office, day)).order_by(Appointment.id)
    told = select(func.max(Message.id), func.count().filter(Message.state == MessageState.REFUSED))
    told = told.join(Appointment, Appointment.id == Message.appointment_id).where(*of_day(office, day))
    blocked = select(func.count(), func.max(Block.id)).join(Counter, Counter.id == Block.counter_id)
    facts = [
        office.id,
        office.schedule_version,
        day,
        floor_to_tick(now),
        *session.execute(seen.with_only_columns(Appointment.id, Appointment.version, Appointment.state)),
        *session.execute(told),
        *session.execute(blocked.where(Counter.office_id == office.id)),
    ]
    return digest(*(str(fact) for fact in facts))
