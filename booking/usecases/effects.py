"""A change of hours: its effect first, then the change, in one unit with what becomes of everybody it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.changes import AddClosure, Change
from booking.core.effects import Hours, Visit, is_touched
from booking.core.errors import AlreadyClosed, ReasonMissing, Undecided, Unknown
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Office
from booking.usecases.cancellations import cancel_each
from booking.usecases.holds import end_holds
from booking.usecases.journal import Actor, note_each
from booking.usecases.schedules import closures_of, load
from booking.usecases.statements import table_of
from booking.usecases.touched import still_to_come

NOTHING = Translated({})

APPOINTMENTS = table_of(Appointment)
FLAG = (
    update(APPOINTMENTS)
    .where(APPOINTMENTS.c.commune_id == bindparam("of_commune"), APPOINTMENTS.c.id == bindparam("of_appointment"))
    .values(kept_outside_at=bindparam("since"))
)


class Decision(StrEnum):
    """What becomes of an appointment that no longer fits: it stands all the same, or it is cancelled."""

    KEEP = "keep"
    CANCEL = "cancel"


class Agreed(NamedTuple):
    """An appointment to come, as far as a change of hours asks about it."""

    id: int
    office_id: int
    visit: Visit
    booked_at: datetime | None
    has_mail: bool


@dataclass(frozen=True)
class Effect:
    """Whom a change touches, in the order of their visits."""

    touched: tuple[Agreed, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.touched)

    @property
    def to_call(self) -> tuple[int, ...]:
        """Those no mail reaches."""
        return tuple(one.id for one in self.touched if not one.has_mail)


@dataclass(frozen=True)
class Outcome:
    """What was done: the appointments that stand outside the hours now, and those that were cancelled.

    ``to_call`` are the cancelled ones whom no mail reaches.
    """

    kept: tuple[int, ...]
    cancelled: tuple[int, ...]
    to_call: tuple[int, ...]


class Around(NamedTuple):
    """The hours of an office before a change and after it."""

    before: Hours
    after: Hours


def effect_of(session: Session, *, commune_id: int, change: Change, now: datetime) -> Effect:
    """Whom a change would touch if it were made now.

    Raises what ``change.check`` raises, ``AlreadyClosed`` or ``Unknown``.
    """
    refuse_twice(session, commune_id=commune_id, change=change)
    offices = offices_touched(session, commune_id=commune_id, change=change)
    hours = hours_around(session, offices=offices, change=change)
    return effect_on(booked_in(session, offices=offices, change=change, now=now), change=change, hours=hours)


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
    rows = session.execute(
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
        )
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .where(*where)
        .order_by(Appointment.start, Appointment.id)
    )
    found = []
    for number, lines in groupby(rows, key=lambda row: row.id):
        row, *more = lines
        services = (row.service_id, *(line.service_id for line in more))
        span, is_outside = Span(row.start, row.end), row.kept_outside_at is not None
        visit = Visit(row.counter_id, row.local_date, span, services, is_outside)
        found.append(Agreed(number, row.office_id, visit, row.booked_at, row.has_mail))
    return found


def settle(
    session: Session,
    *,
    commune_id: int,
    change: Change,
    decisions: Mapping[int, Decision],
    reason: Translated = NOTHING,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Drop the holds the change leaves outside, and settle everybody it touches.

    Call it in a unit that has taken the hours whole and then writes the change itself. Whoever booked since
    the preview is found here: without a decision for each, it raises ``Undecided`` and nothing is done. Raises
    ``ReasonMissing`` when somebody is cancelled without a reason in both languages, and what ``effect_of`` raises.
    """
    refuse_twice(session, commune_id=commune_id, change=change)
    offices = offices_touched(session, commune_id=commune_id, change=change)
    hours = hours_around(session, offices=offices, change=change)
    drop_holds(session, offices=offices, change=change, hours=hours, now=now)
    booked = booked_in(session, offices=offices, change=change, now=now)
    effect = effect_on(booked, change=change, hours=hours)
    undecided = tuple(one for one in effect.ids if one not in decisions)
    if undecided:
        raise Undecided(appointments=undecided)
    kept = tuple(one for one in effect.ids if decisions[one] == Decision.KEEP)
    gone = tuple(one for one in effect.ids if decisions[one] == Decision.CANCEL)
    if gone and reason.missing():
        raise ReasonMissing
    keep_outside(session, kept, commune_id=commune_id, actor=actor, now=now)
    cancelled = cancel_each(session, gone, commune_id=commune_id, reason=reason, actor=actor, now=now)
    staying = [one for one in booked if one.visit.is_kept_outside and decisions.get(one.id) != Decision.CANCEL]
    after = {number: around.after for number, around in hours.items()}
    take_back_in(session, staying, commune_id=commune_id, hours=after, actor=actor, now=now)
    silent = frozenset(effect.to_call)
    return Outcome(kept, cancelled, tuple(one for one in cancelled if one in silent))


def drop_holds(
    session: Session, *, offices: Sequence[Office], change: Change, hours: Mapping[int, Around], now: datetime
) -> None:
    """Public holds that would fall outside are removed, living ones too; their owners are told at confirm.

    A hold that is being confirmed at this moment is waited for: it is then booked, and found with the others.
    """
    held = agreed(session, *days_of(change, offices, now=now), Appointment.state == AppointmentState.HELD)
    outside = [one.id for one in held if not hours[one.office_id].after.serve(one.visit)]
    if outside:
        end_holds(session, Appointment.id.in_(outside))


def keep_outside(session: Session, ids: Collection[int], *, commune_id: int, actor: Actor, now: datetime) -> None:
    """Flag appointments that stand although their hours are gone."""
    flag(session, ids, commune_id=commune_id, act="kept", since=now, actor=actor, now=now)


def let_back_in(
    session: Session,
    *,
    commune_id: int,
    offices: Sequence[Office],
    days: tuple[date, date],
    actor: Actor,
    now: datetime,
) -> None:
    """After a closure of some ``days`` is gone: who stood outside for it and fits again loses the flag."""
    outside = agreed(
        session,
        *still_to_come(offices, now=now),
        Appointment.local_date.between(*days),
        Appointment.state == AppointmentState.BOOKED,
        Appointment.kept_outside_at.is_not(None),
    )
    hours = {number: Hours(schedule) for number, schedule in load(session, offices).items()}
    take_back_in(session, outside, commune_id=commune_id, hours=hours, actor=actor, now=now)


def take_back_in(
    session: Session,
    outside: Iterable[Agreed],
    *,
    commune_id: int,
    hours: Mapping[int, Hours],
    actor: Actor,
    now: datetime,
) -> None:
    """Take the flag from those who stood outside and fit ``hours`` again, given by office."""
    inside = [one.id for one in outside if hours[one.office_id].hold(one.visit)]
    flag(session, inside, commune_id=commune_id, act="fits_again", since=None, actor=actor, now=now)


def flag(
    session: Session,
    ids: Collection[int],
    *,
    commune_id: int,
    act: str,
    since: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    if ids:
        session.execute(FLAG, [{"of_commune": commune_id, "of_appointment": one, "since": since} for one in ids])
    note_each(
        session, actor, ids, commune_id=commune_id, act=act, subject="appointment", fields=("kept_outside_at",), now=now
    )
