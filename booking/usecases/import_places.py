"""Where the visits of a table find their place: the office, the service and the counter that each line means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.availability import STAFF, Taken, counters_free, taken_masks
from booking.core.errors import TooManyPersons
from booking.core.schedules import Schedule
from booking.core.text import folded
from booking.core.timespan import days_between, instant, tick_of, ticks_for
from booking.core.visit_imports import Line, Refused, WhyNot
from booking.models import Appointment, AppointmentLine, Counter, Office, Service
from booking.usecases.appointments import SEARCHED, Wish
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of
from booking.usecases.takeover import Agreed

Same = tuple[int, datetime, str, int]
"""An office, a start, a name as it is searched for, a service: the same visit is not booked twice."""


@dataclass(frozen=True)
class Placed:
    """A line with its place: the visit as it can be taken over, in its office."""

    number: int
    office_id: int
    visit: Agreed


@dataclass
class Here:
    """An office as lines are placed in it, one after the other: its hours, and what is taken so far."""

    office: Office
    schedule: Schedule
    counters: Mapping[str, Counter]
    room: Mapping[int, int | None]
    taken: dict[date, dict[int, int]] = field(default_factory=dict)

    def claim(self, counter: int, day: date, start: int, ticks: int) -> None:
        mine = self.taken.setdefault(day, {})
        mine[counter] = mine.get(counter, 0) | ((1 << ticks) - 1) << (start - self.schedule.ticks_of(day)[0])


@dataclass
class Places:
    """All that lines may mean in a commune. Placing a line takes its time from the next one."""

    offices: Mapping[int, Here]
    office_words: Mapping[str, int]
    services: Mapping[int, Service]
    service_words: Mapping[str, int]
    known: set[Same]
    default_office: int | None
    language: str
    now: datetime

    def place(self, line: Line) -> Placed | Refused:
        try:
            return self.placed(line)
        except NoPlace as refusal:
            return Refused(line.number, refusal.why)

    def placed(self, line: Line) -> Placed:
        here, service = self.office_of(line), self.service_of(line)
        start = instant(line.day, line.at, here.office.zone)
        if start <= self.now:
            raise NoPlace(WhyNot.PAST)
        minutes = line.minutes or minutes_of(service, line.persons)
        same = (here.office.id, start, folded(line.name)[:SEARCHED], service.id)
        if same in self.known:
            raise NoPlace(WhyNot.TWICE)
        counter = counter_for(here, service, line, start, ticks_for(minutes))
        here.claim(counter, line.day, tick_of(start), ticks_for(minutes))
        self.known.add(same)
        wish = Wish(line.name, line.email, line.phone, line.language or self.language, line.help_language)
        visit = Agreed(service.id, counter, start, minutes, line.persons, wish, Channel.DESK, agreed_at=self.now)
        return Placed(line.number, here.office.id, visit)

    def office_of(self, line: Line) -> Here:
        meant = self.office_words.get(folded(line.office)) if line.office else self.default_office
        here = self.offices.get(meant) if meant is not None else None
        if here is None:
            raise NoPlace(WhyNot.NO_OFFICE)
        return here

    def service_of(self, line: Line) -> Service:
        meant = self.service_words.get(folded(line.service))
        if meant is None:
            raise NoPlace(WhyNot.NO_SERVICE)
        service = self.services[meant]
        if not service.mode.is_bookable or service.deactivated_at is not None:
            raise NoPlace(WhyNot.NOT_BOOKABLE)
        return service


class NoPlace(Exception):
    """A line that has none, and why."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


def minutes_of(service: Service, persons: int) -> int:
    try:
        return service.terms.minutes(persons)
    except TooManyPersons as refusal:
        raise NoPlace(WhyNot.TOO_MANY_PERSONS) from refusal


def counter_for(here: Here, service: Service, line: Line, start: datetime, ticks: int) -> int:
    """The counter that takes a visit: the one its line names, else the best of those that are free."""
    wanted = here.counters.get(folded(line.counter)) if line.counter else None
    if line.counter and wanted is None:
        raise NoPlace(WhyNot.NO_COUNTER)

    def able(taken: Taken) -> list[int]:
        found = counters_free(
            here.schedule,
            day=line.day,
            service=service.id,
            ticks=ticks,
            start=tick_of(start),
            taken=taken,
            on_grid=False,
            asked=STAFF,
        )
        fitting = (one for one in found if line.persons <= (here.room.get(one) or line.persons))
        return [one for one in fitting if wanted is None or one == wanted.id]

    if not able({}):
        raise NoPlace(WhyNot.CLOSED)
    free = able(here.taken)
    if not free:
        raise NoPlace(WhyNot.TAKEN)
    return free[0]


def places_for(
    session: Session,
    *,
    commune_id: int,
    language: str,
    lines: Sequence[Line],
    office_ids: Collection[int] | None,
    default_office: int | None,
    meanings: Mapping[str, int],
    now: datetime,
) -> Places:
    """What these lines may mean: the offices in use among ``office_ids`` (``None``: all), by any of their names.

    ``meanings`` are services that an administrator has said are meant by words of the table.
    """
    offices = offices_in(session, commune_id=commune_id, office_ids=office_ids)
    services = session.scalars(select(Service).where(Service.commune_id == commune_id).order_by(Service.id)).all()
    known_ids = {one.id for one in services}
    own = {word: number for word, number in meanings.items() if number in known_ids}
    days = sorted({line.day for line in lines})
    return Places(
        offices={one.id: here_in(session, one, days, now) for one in offices},
        office_words=words_of((one.id, (one.code, *one.name.texts.values())) for one in offices),
        services={one.id: one for one in services},
        service_words=words_of((one.id, (one.code, *one.name.texts.values())) for one in in_use_last(services)) | own,
        known=booked_on(session, commune_id=commune_id, days=days),
        default_office=default_office if default_office is not None else sole(offices),
        language=language,
        now=now,
    )


def offices_in(session: Session, *, commune_id: int, office_ids: Collection[int] | None) -> Sequence[Office]:
    wanted = select(Office).where(Office.commune_id == commune_id, Office.retired_at.is_(None))
    if office_ids is not None:
        wanted = wanted.where(Office.id.in_(list(office_ids)))
    return session.scalars(wanted.order_by(Office.position, Office.id)).all()


def sole(offices: Sequence[Office]) -> int | None:
    return offices[0].id if len(offices) == 1 else None


def in_use_last(services: Iterable[Service]) -> list[Service]:
    """Of two services of one name that one is meant which is in use: the last word counts."""
    return sorted(services, key=lambda one: one.deactivated_at is None)


def words_of(named: Iterable[tuple[int, Iterable[str]]]) -> dict[str, int]:
    return {folded(word): number for number, words in named for word in words if folded(word)}


def here_in(session: Session, office: Office, days: Sequence[date], now: datetime) -> Here:
    schedule = schedule_of(session, office)
    counters = session.scalars(select(Counter).where(Counter.office_id == office.id, Counter.retired_at.is_(None)))
    mine = list(counters)
    taken: dict[date, dict[int, int]] = {}
    for run in runs_of(days):
        taken |= taken_masks(rows_of(session, [office], schedule, run, now), schedule, run)
    return Here(
        office,
        schedule,
        {folded(one.label): one for one in mine},
        {one.id: one.max_persons for one in mine},
        taken,
    )


def runs_of(days: Sequence[date]) -> list[list[date]]:
    """All days from the first to the last, in stretches that lie near one another: each is one query."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] <= timedelta(days=31):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [list(days_between(*run)) for run in runs]


def booked_on(session: Session, *, commune_id: int, days: Sequence[date]) -> set[Same]:
    """The visits that are booked already on the days of a table."""
    if not days:
        return set()
    rows = session.execute(
        select(Appointment.office_id, Appointment.start, Appointment.name_search, AppointmentLine.service_id)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .where(
            Appointment.commune_id == commune_id,
            Appointment.local_date.in_(days),
            Appointment.state == AppointmentState.BOOKED,
            Appointment.name_search.is_not(None),
        )
    )
    return {(row.office_id, row.start.astimezone(UTC), row.name_search, row.service_id) for row in rows}


def placed_lines(places: Places, lines: Iterable[Line | Refused]) -> list[Placed | Refused]:
    """Each line with its place, in their order: who comes first in the table has the time."""
    return [one if isinstance(one, Refused) else places.place(one) for one in lines]
