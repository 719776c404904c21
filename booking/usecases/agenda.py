"""The day of an office as its agents see it: visits, free and closed time, by the clock and by counter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from booking.core.opening import merged
from booking.core.references import digest
from booking.core.schedules import Schedule
from booking.core.timespan import TICK, Span, day_span, floor_to_tick, local_date, wall_time
from booking.core.translated import Translated
from booking.models import Appointment, Block, Caution, Closure, Counter, Message, Office, Service
from booking.models.appointments import is_live
from booking.models.base import OnTick
from booking.models.messages import MessageState
from booking.models.offices import CounterKind
from booking.usecases.cautions import with_cautions
from booking.usecases.counter_days import (
    Column,
    CounterDay,
    Frame,
    Kind,
    StaffedCounter,
    Stretch,
    counter_days,
    stretch_of,
)
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of
from booking.usecases.visits import EVERYTHING, Choice, Visit, visits_of_day


class Entry(NamedTuple):
    """A line of the list: a visit, what counters do in an hour without one, or a time when all of them are closed.

    ``times`` are by kind, in the order of ``SAID_FIRST``, and in each by their start.
    """

    start: datetime
    wall: time
    visit: Visit | None = None
    times: tuple[tuple[Kind, tuple[Stretch, ...]], ...] = ()
    closed: Stretch | None = None


SAID_FIRST = (Kind.FREE, Kind.WALK_IN, Kind.BREAK, Kind.ABSENCE, Kind.KEPT)


@dataclass(frozen=True)
class Shut:
    """A closure that falls on the day: its reason, and its counters when it is not for all of them."""

    reason: Translated
    counters: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """A day, prepared for a page: as a list, and as a grid by counter when it is asked for.

    ``next_start`` is the start of the first entry that is still to come today. ``closed_counters`` are shut all
    day and have no column. ``counters`` and ``services`` are what the day can be narrowed to, and hold what it is
    narrowed to already.
    """

    day: date
    is_today: bool
    visits: tuple[Visit, ...]
    entries: tuple[Entry, ...]
    next_start: datetime | None
    closures: tuple[Shut, ...]
    closed_counters: tuple[str, ...]
    counters: tuple[tuple[int, str], ...]
    services: tuple[tuple[int, Translated], ...]
    busy: tuple[CounterDay, ...]
    choice: Choice
    zone: ZoneInfo
    now: datetime

    @property
    def takes_marks(self) -> bool:
        """Whether anything can be said of any visit: of a day to come, nothing yet."""
        return any(visit.marks for visit in self.visits)

    @property
    def narrowed_to(self) -> tuple[str | None, Translated | None]:
        """The counter and the service everything else is left out for."""
        counter = next((label for number, label in self.counters if number == self.choice.counter_id), None)
        service = next((name for number, name in self.services if number == self.choice.service_id), None)
        return counter, service

    @cached_property
    def grid(self) -> Grid:
        frame = Frame.around([span for one in self.busy for span in one.visible], self.zone)
        return Grid(
            columns=tuple(one.column(frame, self.choice) for one in self.busy),
            hours=frame.hours,
            rows=frame.rows,
            now_row=frame.row_of(floor_to_tick(self.now)) if self.is_today else None,
        )


@dataclass(frozen=True)
class Grid:
    """The same by counter, in rows of five minutes. ``hours`` are row and wall time of each full hour.

    ``now_row`` is where the present is, ``None`` on other days.
    """

    columns: tuple[Column, ...]
    hours: tuple[tuple[int, time], ...]
    rows: int
    now_row: int | None


BLOCKS, COUNTERS = table_of(Block), table_of(Counter)
# The counters of an office, each with its breaks and absences of a day, wherever those begin and end.
STAFFED = (
    select(COUNTERS.c.id, COUNTERS.c.label, COUNTERS.c.note, COUNTERS.c.retired_at, COUNTERS.c.kind)
    .add_columns(BLOCKS.c.start, BLOCKS.c.end, BLOCKS.c.reason)
    .outerjoin(
        BLOCKS,
        (BLOCKS.c.counter_id == COUNTERS.c.id)
        & (BLOCKS.c.start <= bindparam("last", type_=OnTick))
        & (BLOCKS.c.end > bindparam("first", type_=OnTick)),
    )
    .where(COUNTERS.c.office_id == bindparam("office_id"))
    .order_by(COUNTERS.c.position, COUNTERS.c.id, BLOCKS.c.start)
)


def agenda_of(session: Session, *, office: Office, day: date, choice: Choice, now: datetime) -> Agenda:
    """The agenda of ``day``; the number of statements does not depend on how full it is."""
    zone, schedule = office.zone, schedule_of(session, office)
    found = visits_of_day(session, office=office, day=day, now=now)
    visits = with_cautions(session, found, commune_id=office.commune_id, now=now)
    days = counter_days(schedule, day, visits, staffed_on(session, office, day))
    busy = tuple(one for one in days if not one.is_shut and choice.counter_id in {None, one.counter.id})
    shown = visits if choice == EVERYTHING else tuple(visit for visit in visits if choice.takes(visit))
    today = local_date(now, zone) == day
    entries = tuple(listed(shown, busy, zone, now))
    return Agenda(
        day=day,
        is_today=today,
        visits=shown,
        entries=entries,
        next_start=next((entry.start for entry in entries if entry.start > now), None) if today else None,
        closures=closures_on(session, schedule, day, {one.counter.id: one.counter.label for one in days}),
        closed_counters=tuple(one.counter.label for one in days if one.is_shut and one.counter.is_used),
        counters=tuple(
            (one.counter.id, one.counter.label)
            for one in days
            if not one.is_shut or one.counter.id == choice.counter_id
        ),
        services=services_among(session, office, visits, choice),
        busy=busy,
        choice=choice,
        zone=zone,
        now=now,
    )


def staffed_on(session: Session, office: Office, day: date) -> list[StaffedCounter]:
    whole = day_span(day, office.zone)
    window = {"office_id": office.id, "first": whole.start, "last": whole.end - TICK}
    rows = groupby(session.execute(STAFFED, window), key=attrgetter("id", "label", "note", "retired_at", "kind"))
    return [
        StaffedCounter(
            id=number,
            label=label,
            note=note,
            is_retired=retired_at is not None,
            is_extra=kind == CounterKind.EXTRA,
            breaks=tuple((Span(row.start, row.end), row.reason) for row in found if row.reason is not None),
        )
        for (number, label, note, retired_at, kind), found in rows
    ]


def listed(visits: Iterable[Visit], days: Sequence[CounterDay], zone: ZoneInfo, now: datetime) -> list[Entry]:
    """The day as a list: the visits, when nobody is open, and of what is still to come what else counters do.

    That stands at its hour, or at the present one when it has begun.
    """
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    to_come = [one for day in days for one in day.times if one.end > now]
    by_hour: dict[datetime, list[Stretch]] = {}
    for one in sorted(to_come, key=lambda stretch: (SAID_FIRST.index(stretch.kind), stretch.start, stretch.counter)):
        by_hour.setdefault(max(one.start.replace(minute=0), this_hour), []).append(one)
    entries = [Entry(hour, wall_time(hour, zone), times=by_kind(found)) for hour, found in by_hour.items()]
    opened = merged(span for day in days for span in day.open)
    gaps = (Span(before.end, after.start) for before, after in pairwise(opened))
    entries += [
        Entry(gap.start, wall_time(gap.start, zone), closed=stretch_of(Kind.CLOSED, "", gap, zone)) for gap in gaps
    ]
    entries += [Entry(visit.start, visit.wall, visit=visit) for visit in visits]
    return sorted(entries, key=lambda entry: (entry.start, entry.visit is not None))


def by_kind(stretches: Iterable[Stretch]) -> tuple[tuple[Kind, tuple[Stretch, ...]], ...]:
    return tuple((kind, tuple(found)) for kind, found in groupby(stretches, key=attrgetter("kind")))


def closures_on(session: Session, schedule: Schedule, day: date, labels: Mapping[int, str]) -> tuple[Shut, ...]:
    """Why the office, or some of its counters, are shut on a day or a part of it."""
    rules = {rule.id: rule for rule in schedule.closures if rule.first <= day <= rule.last}
    if not rules:
        return ()
    reasons = session.execute(select(Closure.id, Closure.reason).where(Closure.id.in_(rules)).order_by(Closure.id))
    return tuple(
        Shut(row.reason, tuple(labels[one] for one in sorted(rules[row.id].counters or ()) if one in labels))
        for row in reasons
        if rules[row.id].counters is None or not labels.keys().isdisjoint(rules[row.id].counters or ())
    )


def services_among(
    session: Session, office: Office, visits: Iterable[Visit], choice: Choice
) -> tuple[tuple[int, Translated], ...]:
    """The services of a day's visits, each once, under the name it was booked by last; and the one chosen."""
    found = {line.service_id: line.service for visit in visits for line in visit.lines}
    if choice.service_id is not None and choice.service_id not in found:
        wanted = select(Service.id, Service.name)
        wanted = wanted.where(Service.commune_id == office.commune_id, Service.id == choice.service_id)
        found |= {row.id: row.name for row in session.execute(wanted)}
    return tuple(found.items())


def freshness(session: Session, *, office: Office, day: date, now: datetime) -> str:
    """A short name for everything a day's page shows: equal as long as the page would be."""
    living = is_live(now)
    return digest(str(now.replace(second=0, microsecond=0)), *facts_of_day(session, office, day, *living))


def facts_of_day(session: Session, office: Office, day: date, *counted: ColumnElement[bool]) -> list[str]:
    """What tells apart two states of a day whose appointments are ``counted``, whatever the hour."""
    of_day = (
        Appointment.commune_id == office.commune_id,
        Appointment.office_id == office.id,
        Appointment.local_date == day,
    )
    seen = select(Appointment.id, Appointment.version, Appointment.state).where(*of_day, *counted)
    told = select(func.max(Message.id), func.count().filter(Message.state == MessageState.REFUSED))
    told = told.join(Appointment, Appointment.id == Message.appointment_id).where(*of_day)
    blocked = select(func.count(), func.max(Block.id)).join(Counter, Counter.id == Block.counter_id)
    cautions = select(func.count(), func.max(Caution.id), func.max(Caution.expires_at))
    facts = [
        office.id,
        office.schedule_version,
        day,
        *session.execute(seen.order_by(Appointment.id)),
        *session.execute(told),
        *session.execute(blocked.where(Counter.office_id == office.id)),
        *session.execute(cautions.where(Caution.commune_id == office.commune_id)),
    ]
    return [str(fact) for fact in facts]
