"""Counting the days of offices: which have changed since they were counted, and counting one of them whole.

A day is named by what it is counted from. Whoever finds another name than was kept counts it anew, whatever was
stopped or done twice in between; nothing is ever added to what was counted before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, delete, func, insert, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.figures import Sums, by_hour, sums_by_service
from booking.core.references import digest
from booking.core.timespan import day_span, days_between, local_date
from booking.models import Appointment, DailyFigure, FiguredDay, HourlyFigure, Office, Ticket
from booking.usecases.day_facts import freed_between, freed_on, plan_of, tickets_on, times_taken, visits_on
from booking.usecases.statements import QUIETLY, insert_into, table_of

AT_LEAST = timedelta(hours=1)
"""Today is counted again after so long although nobody came: breaks and hours may be others."""

LATELY = 8
"""So many days back most of what changes is found; the others are looked at once a day."""

EVERYTHING = 400
"""So many days back anything can change: names are gone by then, and nothing is said of a visit any more."""

EVER = 36_500

NUMBERS = tuple(field.name for field in fields(Sums))
OF_A_DAY = ("booked", "walk_ins", "served")


@dataclass(frozen=True)
class Due:
    """A day of an office that is to be counted."""

    office_id: int
    day: date


def days_due(session: Session, *, now: datetime, back: int = LATELY) -> Iterator[Due]:
    """The days of all offices, today first, that are not counted as they are now; at most ``back`` days ago."""
    for office in session.scalars(select(Office).order_by(Office.id)).all():
        yield from due_at(session, office=office, now=now, back=back)


def due_at(session: Session, *, office: Office, now: datetime, back: int) -> Iterator[Due]:
    today = local_date(now, office.zone)
    known = {row.day: row for row in session.scalars(select(FiguredDay).where(FiguredDay.office_id == office.id))}
    first = first_day_of(session, office=office)
    if first is None and office.retired_at is not None:
        return
    days = days_between(max(today - timedelta(days=back), min(first or today, today)), today)
    names = names_of(session, office=office, days=days)
    for day in reversed(days):
        kept = known.get(day)
        if kept is None or kept.digest != names[day] or is_old(kept, office, now):
            yield Due(office.id, day)


def is_old(kept: FiguredDay, office: Office, now: datetime) -> bool:
    """Whether a day was last counted before it was over, and that is an hour ago or it is over now."""
    ends = day_span(kept.day, office.zone).end
    return kept.counted_at < ends and (now >= ends or now - kept.counted_at >= AT_LEAST)


def first_day_of(session: Session, *, office: Office) -> date | None:
    """The first day on which anybody came to an office, or was to come."""
    visits = select(func.min(Appointment.local_date)).where(
        Appointment.commune_id == office.commune_id, Appointment.office_id == office.id
    )
    tickets = select(func.min(Ticket.local_date)).where(Ticket.office_id == office.id)
    return min(filter(None, (session.scalar(visits), session.scalar(tickets))), default=None)


def names_of(session: Session, *, office: Office, days: Sequence[date]) -> dict[date, str]:
    """A short name for all that each of these days is counted from: another one as soon as any of it changes."""
    first, last = days[0], days[-1]
    of_office = Appointment.commune_id == office.commune_id, Appointment.office_id == office.id
    found: dict[date, list[str]] = {day: [] for day in days}
    for table, *where in (
        (table_of(Appointment), *of_office, Appointment.state != AppointmentState.HELD),
        (table_of(Ticket), Ticket.office_id == office.id),
    ):
        number = cast(table.c.id, BigInteger)
        rows = session.execute(
            select(table.c.local_date, func.count(), func.sum(number), func.sum(number * table.c.version))
            .where(*where, table.c.local_date.between(first, last))
            .group_by(table.c.local_date)
        )
        for day, *sums in rows:
            found[day].append(" ".join([table.name, *(str(int(one)) for one in sums)]))
    begin, end = day_span(first, office.zone).start, day_span(last, office.zone).end
    for row in freed_between(session, office=office, first=begin, end=end):
        day = local_date(row.freed_at, office.zone)
        found[day].append(f"freed {row.id} {row.offers} {row.is_taken}")
    return {day: digest(*parts) for day, parts in found.items()}


def count_day(session: Session, *, office_id: int, day: date, now: datetime) -> None:
    """Count a day of an office anew, whole, in the place of what was counted of it before.

    Its planned hours are those it had while it lasted: hours that are changed later do not change what was planned.
    """
    office = session.get_one(Office, office_id)
    this = {"commune_id": office.commune_id, "office_id": office.id, "day": day}
    # The name comes first: what changes while the rows are read gives another one, and is found at the next look.
    name = names_of(session, office=office, days=[day])[day]
    mark = {"digest": name, "counted_at": now}
    # Its row is taken before anything is read of the day: two who count it follow one another.
    counted = insert_into(session, FiguredDay).values(this | mark)
    session.execute(counted.on_conflict_do_update(index_elements=["office_id", "day"], set_=mark))
    visits = list(visits_on(session, office=office, day=day))
    tickets = list(tickets_on(session, office=office, day=day))
    freed = freed_on(session, office=office, day=day)
    sums = sums_by_service((one for one, *_ in visits), (one for one, *_ in tickets), freed)
    replace_rows(
        session,
        DailyFigure,
        office_id,
        day,
        [this | figure_row(service_id, of_it) for service_id, of_it in sums.items()],
    )
    used = [(start, end) for ticket, start, end in tickets if ticket.is_measured]
    hours = {
        "taken_minutes": by_hour(times_taken(visits), office.zone),
        "used_minutes": by_hour(used, office.zone),
        **planned_hours(session, office=office, day=day, now=now),
    }
    wanted = sorted(set[int]().union(*hours.values()))
    rows = [this | {"hour": hour} | {name: of_it.get(hour, 0) for name, of_it in hours.items()} for hour in wanted]
    replace_rows(session, HourlyFigure, office_id, day, rows)


def figure_row(service_id: int, sums: Sums) -> dict[str, Any]:
    """The columns that hold the sums of a service."""
    return {"service_id": service_id} | {name: getattr(sums, name) for name in (*OF_A_DAY, *NUMBERS)}


def planned_hours(session: Session, *, office: Office, day: date, now: datetime) -> dict[str, dict[int, int]]:
    """The minutes that counters were to be open, by hour: of a past day as they were noted while it lasted."""
    kept = session.scalars(
        select(HourlyFigure).where(HourlyFigure.office_id == office.id, HourlyFigure.day == day)
    ).all()
    if kept and day < local_date(now, office.zone):
        names = ("open_minutes", "walk_in_minutes")
        return {name: {row.hour: getattr(row, name) for row in kept if getattr(row, name)} for name in names}
    plan = plan_of(session, office=office, day=day)
    return {
        "open_minutes": by_hour(plan.booked, office.zone),
        "walk_in_minutes": by_hour(plan.walk_in, office.zone),
    }


def replace_rows(session: Session, model: Any, office_id: int, day: date, rows: Sequence[dict[str, Any]]) -> None:
    before = delete(model).where(model.office_id == office_id, model.day == day)
    session.execute(before, execution_options=QUIETLY)
    if rows:
        session.execute(insert(table_of(model)), rows)
