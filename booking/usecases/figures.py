"""The figures of a period: what the kept days of some offices come to, in all and by service, office, day and hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.figures import Sums, together
from booking.models import DailyFigure, FirstFree, HourlyFigure
from booking.usecases.daily_figures import NUMBERS
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
    each: defaultdict[tuple[int, int], list[Sums]] = defaultdict(list)
    days: defaultdict[date, list[Counted]] = defaultdict(list)
    for day, office, service, sums in figure_rows(session, chosen):
        each[office, service].append(sums)
        days[day].append(Counted(sums.booked, sums.walk_ins, sums.served))
    pairs = {pair: together(several) for pair, several in each.items()}
    free = first_free_rows(session, chosen)
    return Report(
        total=together(pairs.values()),
        services=grouped((service, sums) for (_, service), sums in pairs.items()),
        offices=grouped((office, sums) for (office, _), sums in pairs.items()),
        days={day: Counted(*map(sum, zip(*several, strict=True))) for day, several in sorted(days.items())},
        hours=hours_of(session, chosen),
        waiting={pair: waiting_of(found) for pair, found in by_pair(free).items()},
        free=by_day(free),
    )


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


def by_pair(rows: Iterable[Any]) -> dict[tuple[int, int], list[int | None]]:
    found: defaultdict[tuple[int, int], list[int | None]] = defaultdict(list)
    for row in rows:
        found[row.office_id, row.service_id].append(row.days)
    return dict(found)


def waiting_of(days: list[int | None]) -> Waiting:
    """Of what was seen on the days of a period, in their order. A day on which nothing was free is longer than any."""
    known = sorted(one for one in days if one is not None)
    full = len(days) - len(known)
    place = (len(days) - 1) // 2
    return Waiting(
        last=days[-1],
        middle=known[place] if place < len(known) else None,
        most=None if full else known[-1],
        looks=len(days),
        full=full,
    )


def by_day(rows: Iterable[Any]) -> dict[date, int | None]:
    """How long one waited on each day: for each service where it was soonest, and of these the middle one."""
    soonest: defaultdict[date, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        soonest[row.day][row.service_id] += [] if row.days is None else [row.days]
    return {day: median_of(services.values()) for day, services in soonest.items()}


def median_of(services: Collection[list[int]]) -> int | None:
    known = [min(days) for days in services if days]
    return median_low(known) if known else None
