"""A change of hours: its effect first, then the change, in one unit with what becomes of everybody it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.availability import Schedule, fits
from booking.core.changes import Change
from booking.core.errors import ReasonMissing, Undecided, Unknown
from booking.core.opening import open_spans, shut_on, without
from booking.core.timespan import Span, floor_to_tick, tick_of
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Counter, Office
from booking.usecases.appointments import QUIETLY, cancel
from booking.usecases.journal import Actor, note
from booking.usecases.schedules import load

NOTHING = Translated({})

Row = tuple[Appointment, list[AppointmentLine]]
"""An appointment with its services."""


class Decision(StrEnum):
    """What becomes of an appointment that no longer fits: it stands all the same, or it is cancelled."""

    KEEP = "keep"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Touched:
    """An appointment that would fall outside, with what is needed to decide and to call."""

    appointment: Appointment
    counter: str
    services: tuple[Translated, ...]


@dataclass(frozen=True)
class Effect:
    """Whom a change touches, in the order of their visits."""

    touched: tuple[Touched, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.appointment.id for one in self.touched)

    @property
    def to_call(self) -> tuple[Touched, ...]:
        """Those no mail reaches."""
        return tuple(one for one in self.touched if not one.appointment.email)


@dataclass(frozen=True)
class Outcome:
    """What was done: the appointments that stand outside the hours now, and those that were cancelled.

    ``to_call`` are the cancelled ones whom no mail reaches.
    """

    kept: tuple[int, ...]
    cancelled: tuple[int, ...]
    to_call: tuple[int, ...]


def effect_of(session: Session, *, commune_id: int, change: Change, now: datetime) -> Effect:
    """Whom a change would touch if it were made now. Raises what ``change.check`` raises, or ``Unknown``."""
    offices = offices_touched(session, commune_id=commune_id, change=change)
    return effect_on(session, offices=offices, change=change, now=now)


def offices_touched(session: Session, *, commune_id: int, change: Change) -> Sequence[Office]:
    wanted = select(Office).where(Office.commune_id == commune_id, Office.retired_at.is_(None)).order_by(Office.id)
    if change.offices is not None:
        wanted = wanted.where(Office.id.in_(change.offices))
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    if change.offices is not None and len(found) != len(change.offices):
        raise Unknown
    return found


def effect_on(session: Session, *, offices: Sequence[Office], change: Change, now: datetime) -> Effect:
    """The booked appointments to come that lose their hours. Who was kept outside once is asked about again."""
    before = load(session, offices)
    for schedule in before.values():
        change.check(schedule)
    hours = {office_id: (Hours(one), Hours(change.applied(one))) for office_id, one in before.items()}
    rows = lines_to_come(session, offices, AppointmentState.BOOKED, now=now)
    touched = [
        (appointment, lines)
        for appointment, lines in rows
        if is_touched(change, *hours[appointment.office_id], appointment=appointment, lines=lines)
    ]
    return Effect(in_order(touched, labels_of(session, offices)))


@dataclass(frozen=True)
class Hours:
    """A schedule, asked about visits that are made already."""

    schedule: Schedule
    known: dict[tuple[int, date, int | None], list[Span]] = field(default_factory=dict)

    def serve(self, appointment: Appointment, lines: Iterable[AppointmentLine]) -> bool:
        """Whether its own counter is open for each of its services during the whole visit."""
        start = tick_of(appointment.start)
        ticks = tick_of(appointment.end) - start
        return all(
            fits(
                self.schedule,
                day=appointment.local_date,
                service=line.service_id,
                counter=appointment.counter_id,
                start=start,
                ticks=ticks,
            )
            for line in lines
        )

    def staff(self, appointment: Appointment, service: int | None = None) -> bool:
        """Whether its own counter takes appointments during the whole visit: for a service, or for whatever one."""
        return any(span.contains(span_of(appointment)) for span in self.staffed(appointment, service))

    def staffed(self, appointment: Appointment, service: int | None = None) -> list[Span]:
        """When its own counter takes appointments on the day of a visit."""
        counter, day = appointment.counter_id, appointment.local_date
        found = self.known.get((counter, day, service))
        if found is None:
            schedule = self.schedule
            rules = [
                rule
                for rule in schedule.rules
                if rule.mode.takes_appointments and (service is None or rule.takes(service))
            ]
            found = open_spans(rules, schedule.closures, day, schedule.zone, counter)
            self.known[counter, day, service] = found
        return found

    def hold(self, appointment: Appointment, lines: Iterable[AppointmentLine]) -> bool:
        """Whether a visit stands inside them, also when its counter has stopped serving what it is for.

        An extra lane has no hours: there, it is enough that nothing shuts it.
        """
        if appointment.counter_id in self.schedule.serves:
            return all(self.staff(appointment, line.service_id) for line in lines)
        shut = shut_on(self.schedule.closures, appointment.local_date, self.schedule.zone)
        return not any(
            closure.shuts(appointment.counter_id) and hole.overlaps(span_of(appointment)) for closure, hole in shut
        )


def span_of(appointment: Appointment) -> Span:
    return Span(appointment.start, appointment.end)


def is_touched(
    change: Change, before: Hours, after: Hours, *, appointment: Appointment, lines: Sequence[AppointmentLine]
) -> bool:
    """Whether a visit loses hours that it had, or falls into a closure whatever it had.

    What a counter serves may have changed since it was booked: then the hours of the counter still count.
    Who was kept outside counted on somebody being at the counter that day: it is asked about again when
    that day grows shorter.
    """
    return (
        (before.serve(appointment, lines) and not after.serve(appointment, lines))
        or (before.staff(appointment) and not after.staff(appointment))
        or change.shuts(
            counter=appointment.counter_id,
            day=appointment.local_date,
            span=span_of(appointment),
            zone=before.schedule.zone,
        )
        or (
            appointment.kept_outside_at is not None
            and shortens(before.staffed(appointment), after.staffed(appointment))
        )
    )


def shortens(before: Iterable[Span], after: Iterable[Span]) -> bool:
    return bool(without(before, after))


def people_to_call(session: Session, *, offices: Sequence[Office], now: datetime) -> tuple[Touched, ...]:
    """Those whose visit to come in these offices the commune has cancelled and whom no mail could tell."""
    rows = lines_to_come(session, offices, AppointmentState.CANCELLED, now=now)
    silent = [row for row in rows if row[0].cancel_reason is not None and not row[0].email]
    return in_order(silent, labels_of(session, offices))


def in_order(rows: Iterable[Row], labels: Mapping[int, str]) -> tuple[Touched, ...]:
    found = [
        Touched(appointment, labels[appointment.counter_id], tuple(line.service_name for line in lines))
        for appointment, lines in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.appointment.start, one.appointment.id)))


def lines_to_come(session: Session, offices: Sequence[Office], state: AppointmentState, *, now: datetime) -> list[Row]:
    """The appointments in one state that have not begun, each with its lines."""
    found = session.execute(
        select(Appointment, AppointmentLine)
        .join(
            AppointmentLine,
            (AppointmentLine.commune_id == Appointment.commune_id) & (AppointmentLine.appointment_id == Appointment.id),
        )
        .where(
            Appointment.office_id.in_([office.id for office in offices]),
            Appointment.state == state,
            Appointment.start > floor_to_tick(now),
        )
        .execution_options(populate_existing=True)
    )
    rows: dict[int, Row] = {}
    for row in found:
        rows.setdefault(row.Appointment.id, (row.Appointment, []))[1].append(row.AppointmentLine)
    return list(rows.values())


def labels_of(session: Session, offices: Sequence[Office]) -> dict[int, str]:
    counters = select(Counter.id, Counter.label).where(Counter.office_id.in_([office.id for office in offices]))
    return {row.id: row.label for row in session.execute(counters)}


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
    offices = offices_touched(session, commune_id=commune_id, change=change)
    drop_holds(session, offices=offices, change=change, now=now)
    effect = effect_on(session, offices=offices, change=change, now=now)
    undecided = tuple(one for one in effect.ids if one not in decisions)
    if undecided:
        raise Undecided(appointments=undecided)
    kept = tuple(one for one in effect.ids if decisions[one] == Decision.KEEP)
    gone = tuple(one for one in effect.ids if decisions[one] == Decision.CANCEL)
    if gone and reason.missing():
        raise ReasonMissing
    keep_outside(session, commune_id=commune_id, ids=kept, actor=actor, now=now)
    for appointment_id in gone:
        cancel(session, commune_id=commune_id, appointment_id=appointment_id, reason=reason, actor=actor, now=now)
    after = hours_after(session, offices=offices, change=change)
    take_back_in(session, commune_id=commune_id, offices=offices, hours=after, actor=actor, now=now)
    silent = {one.appointment.id for one in effect.to_call}
    return Outcome(kept, gone, tuple(one for one in gone if one in silent))


def drop_holds(session: Session, *, offices: Sequence[Office], change: Change, now: datetime) -> None:
    """Public holds that would fall outside are removed, living ones too; their owners are told at confirm.

    A hold that is being confirmed at this moment is waited for: it is then booked, and found with the others.
    """
    after = hours_after(session, offices=offices, change=change)
    outside = [
        appointment.id
        for appointment, lines in lines_to_come(session, offices, AppointmentState.HELD, now=now)
        if appointment.hold_kind == HoldKind.PUBLIC and not after[appointment.office_id].serve(appointment, lines)
    ]
    if outside:
        session.execute(
            delete(Appointment).where(Appointment.id.in_(outside), Appointment.state == AppointmentState.HELD),
            execution_options=QUIETLY,
        )


def hours_after(session: Session, *, offices: Sequence[Office], change: Change) -> dict[int, Hours]:
    return {office_id: Hours(change.applied(schedule)) for office_id, schedule in load(session, offices).items()}


def keep_outside(session: Session, *, commune_id: int, ids: Sequence[int], actor: Actor, now: datetime) -> None:
    """Flag appointments that stand although their hours are gone."""
    flag(session, ids, commune_id=commune_id, act="kept", since=now, actor=actor, now=now)


def take_back_in(
    session: Session,
    *,
    commune_id: int,
    offices: Sequence[Office],
    hours: Mapping[int, Hours],
    actor: Actor,
    now: datetime,
) -> None:
    """Take the flag from appointments to come that stood outside and fit ``hours`` again, given by office."""
    inside = [
        appointment.id
        for appointment, lines in lines_to_come(session, offices, AppointmentState.BOOKED, now=now)
        if appointment.kept_outside_at is not None and hours[appointment.office_id].hold(appointment, lines)
    ]
    flag(session, inside, commune_id=commune_id, act="fits_again", since=None, actor=actor, now=now)


def flag(
    session: Session,
    ids: Sequence[int],
    *,
    commune_id: int,
    act: str,
    since: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    if ids:
        flagged = update(Appointment).where(Appointment.commune_id == commune_id, Appointment.id.in_(ids))
        session.execute(flagged.values(kept_outside_at=since), execution_options=QUIETLY)
    for appointment_id in ids:
        note(
            session,
            actor,
            commune_id=commune_id,
            act=act,
            subject="appointment",
            subject_id=appointment_id,
            fields=("kept_outside_at",),
            now=now,
        )
