"""The effect of a change of hours, before it is made: whom it touches, and who could stay at their time elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.changes import AddClosure, Change
from booking.core.effects import Hours, Visit, is_touched
from booking.core.errors import AlreadyClosed, Unknown
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Office
from booking.usecases.elsewhere import elsewhere
from booking.usecases.schedules import closures_of, load
from booking.usecases.touched import still_to_come

NOTHING = Translated({})


class Decision(StrEnum):
    """What becomes of an appointment that no longer fits: it stands all the same, another time is proposed, or it is
    cancelled.
    """

    KEEP = "keep"
    PROPOSE = "propose"
    CANCEL = "cancel"


class Agreed(NamedTuple):
    """An appointment to come, as far as a change of hours asks about it. ``persons`` is the most for one service."""

    id: int
    office_id: int
    visit: Visit
    booked_at: datetime | None
    has_mail: bool
    persons: int = 1


@dataclass(frozen=True)
class Effect:
    """Whom a change touches, in the order of their visits.

    ``elsewhere`` are the counters that could have a visit at its own time, the best first, where there are any.
    """

    touched: tuple[Agreed, ...]
    elsewhere: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.touched)

    @property
    def to_call(self) -> tuple[int, ...]:
        """Those no mail reaches."""
        return tuple(one.id for one in self.touched if not one.has_mail)


class Around(NamedTuple):
    """The hours of an office before a change and after it."""

    before: Hours
    after: Hours


def effect_of(session: Session, *, commune_id: int, change: Change, now: datetime) -> Effect:
    """Whom a change would touch if it were made now, and who of them could stay at their time at another counter.

    Raises what ``change.check`` raises, ``AlreadyClosed`` or ``Unknown``.
    """
    refuse_twice(session, commune_id=commune_id, change=change)
    offices = offices_touched(session, commune_id=commune_id, change=change)
    hours = hours_around(session, offices=offices, change=change)
    effect = effect_on(booked_in(session, offices=offices, change=change, now=now), change=change, hours=hours)
    after = {office.id: hours[office.id].after.schedule for office in offices}
    return replace(effect, elsewhere=elsewhere(session, effect.touched, offices=offices, after=after, now=now))


def refuse_twice(session: Session, *, commune_id: int, change: Change) -> None:
    """Raises ``AlreadyClosed`` for a closure that is there. The same hours twice clash with themselves."""
    if isinstance(change, AddClosure):
        for office_id, _, rule in closures_of(session, change.offices or (), [commune_id]):
            if office_id == change.office_id and replace(rule, id=change.rule.id) == change.rule:
                raise AlreadyClosed


def offices_touched(session: Session, *, commune_id: int, change: Change) -> Sequence[Office]:
    wanted = select(Office).where(Office.commune_id == commune_id, Office.retired_at.is_(None)).order_by(Office.id)
    if change.offices is not None:
        wanted = wanted.where(Office.id.in_(change.offices))
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    if change.offices is not None and len(found) != len(change.offices):
        raise Unknown
    return found


def hours_around(session: Session, *, offices: Sequence[Office], change: Change) -> dict[int, Around]:
    """The hours of each office before and after. Raises what ``change.check`` raises."""
    schedules = load(session, offices)
    for schedule in schedules.values():
        change.check(schedule)
    return {number: Around(Hours(one), Hours(change.applied(one))) for number, one in schedules.items()}


def effect_on(booked: Iterable[Agreed], *, change: Change, hours: Mapping[int, Around]) -> Effect:
    """The booked appointments to come that lose their hours. Who was kept outside once is asked about again."""
    return Effect(tuple(one for one in booked if is_touched(change, *hours[one.office_id], one.visit)))


def booked_in(session: Session, *, offices: Sequence[Office], change: Change, now: datetime) -> list[Agreed]:
    """The booked appointments to come on the days of a change, in the order of their visits."""
    return agreed(session, *days_of(change, offices, now=now), Appointment.state == AppointmentState.BOOKED)


def days_of(change: Change, offices: Sequence[Office], *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That an appointment is to come, on a day on which the change can make a difference."""
    first, last = change.days
    until = [Appointment.local_date <= last] if last is not None else []
    return *still_to_come(offices, now=now), Appointment.local_date >= first, *until


def agreed(session: Session, *where: ColumnElement[bool]) -> list[Agreed]:
    """Visits with what they are for. There may be thousands: they are read as plain rows, past the unit of work."""
    session.flush()
    rows = session.connection().execute(
        select(
            Appointment.id,
            Appointment.office_id,
            Appointment.counter_id,
            Appointment.local_date,
            Appointment.start,
            Appointment.end,
            Appointment.kept_outside_at,
            Appointment.booked_at,
            Appointment.email.is_not(None).label("has_mail"),
            AppointmentLine.service_id,
            AppointmentLine.persons,
        )
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .where(*where)
        .order_by(Appointment.start, Appointment.id)
    )
    found: list[Agreed] = []
    for number, office, counter, day, start, end, outside, booked, mail, service, persons in rows:
        services: tuple[int, ...] = (service,)
        if found and found[-1].id == number:
            # The next line of the same visit.
            last = found.pop()
            services, persons = (*last.visit.services, service), max(last.persons, persons)
        visit = Visit(counter, day, Span(start, end), services, outside is not None)
        found.append(Agreed(number, office, visit, booked, mail, persons))
    return found
