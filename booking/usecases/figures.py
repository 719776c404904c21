"""The figures of a period: what the kept days of some offices come to, in all and by service, office, day and hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Any, NamedTuple

from sqlalchemy import String, Text, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from booking.core.figures import COUNTED, MEASURED, PLAIN, Sums, together
from booking.models import DailyFigure, FirstFree, HourlyFigure
from booking.models.figures import counts, histogram
from booking.usecases.daily_figures import NUMBERS, OF_A_DAY
from booking.usecases.statements import table_of

FIGURES, HOURS, FREE = table_of(DailyFigure), table_of(HourlyFigure), table_of(FirstFree)


@dataclass(frozen=True)
class Chosen:
    """Of what figures are wanted: days, both included, of these offices; of one service, or of all of them."""

    commune_id: int
    office_ids: frozenset[int]
    first: date
    last: date
    service_id: int | None = None

    def of(self, table: Any, *, by_service: bool = True) -> Iterator[Any]:
        """What rows of a table are asked for."""
        yield table.c.commune_id == self.commune_id
        yield table.c.day.between(self.first, self.last)
        yield table.c.office_id.in_(self.office_ids)
        if by_service and self.service_id is not None:
            yield table.c.service_id == self.service_id


class FigureRow(NamedTuple):
    """One service at one office on one day."""

    day: date
    office_id: int
    service_id: int
    sums: Sums


class Counted(NamedTuple):
    """How many came on a day, as a line of a chart shows it."""

    booked: int
    walk_ins: int
    served: int


class Minutes(NamedTuple):
    """Minutes of counters: planned for appointments, for people without one, given to appointments, really used."""

    open: int
    walk_in: int
    taken: int
    used: int


class Waiting(NamedTuple):
    """In how many days a service was free at an office: when last looked at, in the middle of the days, at most.

    ``None`` where nothing was free: on ``full`` of the ``looks``.
    """

    last: int | None
    middle: int | None
    most: int | None
    looks: int
    full: int


@dataclass(frozen=True)
class Report:
    """All that is shown of a period. ``free`` is how long one waited on each day, of all services the middle one."""

    total: Sums
    services: Mapping[int, Sums]
    offices: Mapping[int, Sums]
    days: Mapping[date, Counted]
    hours: Mapping[tuple[int, int], Minutes]
    waiting: Mapping[tuple[int, int], Waiting]
    free: Mapping[date, int | None]

    @property
    def is_empty(self) -> bool:
        return self.total.is_empty and not self.waiting

    @property
    def minutes(self) -> Minutes:
        """Of the whole period."""
        return Minutes(*map(sum, zip(*self.hours.values(), strict=True))) if self.hours else Minutes(0, 0, 0, 0)


def report_of(session: Session, chosen: Chosen) -> Report:
    pairs = sums_of(session, chosen)
    return Report(
        total=together(pairs.values()),
        services=grouped((service, sums) for (_, service), sums in pairs.items()),
        offices=grouped((office, sums) for (office, _), sums in pairs.items()),
        days=days_of(session, chosen),
        hours=hours_of(session, chosen),
        waiting=waiting_of(session, chosen),
        free=free_of(session, chosen),
    )


def sums_of(session: Session, chosen: Chosen) -> dict[tuple[int, int], Sums]:
    """The sums of each office and service, put together by the database: years of them are one look at a few texts."""
    texts = [func.aggregate_strings(type_coerce(FIGURES.c[name], Text), ",") for name in (*COUNTED, *MEASURED)]
    plain = [func.sum(FIGURES.c[name]) for name in PLAIN]
    pair = (FIGURES.c.office_id, FIGURES.c.service_id)
    found = {}
    for row in session.execute(
        select(*pair, *texts, *plain).where(*chosen.of(FIGURES)).group_by(*pair).order_by(*pair)
    ):
        office, service, *facts = row
        counted = {name: counts(text) for name, text in zip(COUNTED, facts, strict=False)}
        measured = {name: histogram(text) for name, text in zip(MEASURED, facts[len(COUNTED) :], strict=False)}
        numbers = dict(zip(PLAIN, map(int, facts[len(texts) :]), strict=True))
        whole: dict[str, Any] = {**counted, **measured, **numbers}
        found[office, service] = Sums(**whole)
    return found


def days_of(session: Session, chosen: Chosen) -> dict[date, Counted]:
    sums = (func.sum(FIGURES.c[name]) for name in OF_A_DAY)
    rows = session.execute(
        select(FIGURES.c.day, *sums).where(*chosen.of(FIGURES)).group_by(FIGURES.c.day).order_by(FIGURES.c.day)
    )
    return {day: Counted(*map(int, numbers)) for day, *numbers in rows}


def figure_rows(session: Session, chosen: Chosen) -> Iterator[FigureRow]:
    """What was kept of each day, office and service, in this order."""
    columns = (FIGURES.c.day, FIGURES.c.office_id, FIGURES.c.service_id, *(FIGURES.c[name] for name in NUMBERS))
    rows = session.execute(select(*columns).where(*chosen.of(FIGURES)).order_by(*columns[:3]))
    for day, office, service, *numbers in rows:
        yield FigureRow(day, office, service, Sums(**dict(zip(NUMBERS, numbers, strict=True))))


def grouped(pairs: Iterable[tuple[int, Sums]]) -> dict[int, Sums]:
    found: defaultdict[int, list[Sums]] = defaultdict(list)
    for key, sums in pairs:
        found[key].append(sums)
    return {key: together(several) for key, several in found.items()}


def hours_of(session: Session, chosen: Chosen) -> dict[tuple[int, int], Minutes]:
    """The minutes of each hour of the week, Monday first: of counters, whatever service they were for."""
    names = ("open_minutes", "walk_in_minutes", "taken_minutes", "used_minutes")
    sums = (func.sum(HOURS.c[name]) for name in names)
    rows = session.execute(
        select(HOURS.c.day, HOURS.c.hour, *sums)
        .where(*chosen.of(HOURS, by_service=False))
        .group_by(HOURS.c.day, HOURS.c.hour)
    )
    found: defaultdict[tuple[int, int], list[Minutes]] = defaultdict(list)
    for day, hour, *minutes in rows:
        found[day.weekday(), hour].append(Minutes(*map(int, minutes)))
    return {place: Minutes(*map(sum, zip(*several, strict=True))) for place, several in sorted(found.items())}


def first_free_rows(session: Session, chosen: Chosen) -> list[Any]:
    columns = (FREE.c.day, FREE.c.office_id, FREE.c.service_id, FREE.c.days)
    return list(session.execute(select(*columns).where(*chosen.of(FREE)).order_by(*columns[:3])))


def waiting_of(session: Session, chosen: Chosen) -> dict[tuple[int, int], Waiting]:
    """What was seen of each office and service on the days of a period: a day without a free time is the longest."""
    pair = (FREE.c.office_id, FREE.c.service_id)
    whole = select(*pair, func.max(FREE.c.day).label("day"), func.count().label("looks"), days_text(FREE.c.days))
    each = whole.where(*chosen.of(FREE)).group_by(*pair).subquery()
    here = (
        (each.c.office_id == FREE.c.office_id) & (each.c.service_id == FREE.c.service_id) & (each.c.day == FREE.c.day)
    )
    found = {}
    for row in session.execute(select(each, FREE.c.days.label("last")).join(FREE, here)):
        known = sorted(map(int, filter(None, row.texts.split(","))))
        middle, full = (row.looks - 1) // 2, row.looks - len(known)
        found[row.office_id, row.service_id] = Waiting(
            last=row.last,
            middle=known[middle] if middle < len(known) else None,
            most=None if full else known[-1],
            looks=row.looks,
            full=full,
        )
    return found


def free_of(session: Session, chosen: Chosen) -> dict[date, int | None]:
    """How long one waited on each day: for each service where it was soonest, and of these the middle one."""
    soonest = select(FREE.c.day, func.min(FREE.c.days).label("days")).where(*chosen.of(FREE))
    each = soonest.group_by(FREE.c.day, FREE.c.service_id).subquery()
    rows = session.execute(select(each.c.day, days_text(each.c.days)).group_by(each.c.day).order_by(each.c.day))
    return {
        row.day: median_low(sorted(map(int, known))) if (known := [*filter(None, row.texts.split(","))]) else None
        for row in rows
    }


def days_text(days: Any) -> Any:
    """Numbers of days put together by the database, in any order; what is not known stands empty among them."""
    return func.aggregate_strings(func.coalesce(cast(days, String), ""), ",").label("texts")
