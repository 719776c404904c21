"""The end of the day at an office: what nobody has ended or marked is settled at once, and the sums are shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import (
    ForbiddenMove,
    NotMissedYet,
    OutOfDate,
    TicketChanged,
    TooEarlyToMark,
    TooLateToArrive,
    Unknown,
)
from booking.core.marks import Mark, Standing
from booking.core.tickets import ENDED, ENDINGS, LIKELY, TO_COME, TicketState
from booking.core.timespan import floor_to_tick, local_date
from booking.models import Appointment, Office, Ticket
from booking.usecases.desks import Seated, close_desk, seated_in
from booking.usecases.journal import Actor, note
from booking.usecases.loose_ends import LOOKED_BACK, unmarked
from booking.usecases.marks import mark
from booking.usecases.queue import SHOWN, InQueue, lines_of
from booking.usecases.returns import back_until
from booking.usecases.schedules import schedule_of
from booking.usecases.statements import table_of
from booking.usecases.ticket_steps import change, settle_appointment, ticket_row
from booking.usecases.tickets import write_step
from booking.usecases.visits import Visit, visits_in

TICKETS, APPOINTMENTS = table_of(Ticket), table_of(Appointment)

REFUSALS = (ForbiddenMove, NotMissedYet, OutOfDate, TicketChanged, TooEarlyToMark, TooLateToArrive, Unknown)
"""What says that something has become of it meanwhile."""


class LeftTicket(NamedTuple):
    """A ticket that nobody has ended, of a local day. ``likely``: how it probably ended, if its day is over."""

    day: date
    ticket: InQueue
    likely: TicketState | None


class LeftVisit(NamedTuple):
    """A visit of which nobody said how it went. ``likely``: the mark it probably gets, once its day, today, is over.

    Of a past day nobody remembers by what is likely: whoever settles it says so.
    """

    visit: Visit
    likely: Mark | None


@dataclass(frozen=True)
class Sums:
    """A day in figures. Tickets are all of the day's, by their state; ``unsettled`` visits have begun, ``to_come`` not.

    Visits are ``fulfilled``, or were begun and are ``incomplete``: papers were missing at the counter. All tickets are
    those done, with papers missing, not come and left, and those still ``open``.
    """

    tickets: Mapping[TicketState, int]
    fulfilled: int
    incomplete: int
    missed: int
    unsettled: int
    to_come: int

    @property
    def handed_out(self) -> int:
        return sum(self.tickets.values())

    @property
    def open(self) -> int:
        return sum(number for state, number in self.tickets.items() if state not in ENDED)

    @property
    def past(self) -> int:
        return self.fulfilled + self.incomplete + self.missed + self.unsettled


@dataclass(frozen=True)
class DayLeft:
    """What is still to be settled: ``is_over`` when the last counter of today has closed."""

    day: date
    is_over: bool
    tickets: tuple[LeftTicket, ...]
    visits: tuple[LeftVisit, ...]
    desks: tuple[Seated, ...]
    sums: Sums


class TicketEnd(NamedTuple):
    """How a ticket ended, as the page of ``version`` was told."""

    id: int
    version: int
    state: TicketState


class VisitEnd(NamedTuple):
    """How a visit went, as the page of ``version`` was told."""

    id: int
    version: int
    mark: Mark


@dataclass(frozen=True)
class Settled:
    """How many were settled, and the tickets and visits that somebody else had dealt with otherwise."""

    number: int
    tickets: tuple[int, ...]
    visits: tuple[int, ...]


def day_left(session: Session, *, office: Office, offices: Sequence[Office], now: datetime) -> DayLeft:
    """What is left of today at an office, and of past days there and in ``offices`` (those closed down, too)."""
    today, over = local_date(now, office.zone), is_over(session, office=office, now=now)
    tickets = tuple(
        LeftTicket(day, one, LIKELY[one.state] if over or day < today else None)
        for day, one in tickets_left(session, offices=offices, today=today)
    )
    queued = {one.ticket.appointment_id for one in tickets}
    visits = (*begun_today(session, office=office, now=now), *unmarked(session, offices=offices, now=now))
    return DayLeft(
        day=today,
        is_over=over,
        tickets=tickets,
        visits=tuple(
            LeftVisit(one, likely_mark(one) if over and one.day == today else None)
            for one in visits
            if one.id not in queued
        ),
        desks=seated_in(session, office=office),
        sums=sums_of(session, office=office, day=today, now=now),
    )


def is_over(session: Session, *, office: Office, now: datetime) -> bool:
    """Whether no counter of the office is open any more today."""
    schedule, day = schedule_of(session, office), local_date(now, office.zone)
    return all(
        span.end <= now
        for counter in schedule.serves
        for booked in (True, False)
        for span in schedule.staffed_on(day, counter, with_appointment=booked)
    )


def likely_mark(visit: Visit) -> Mark:
    return Mark.DONE if visit.standing == Standing.ARRIVED else Mark.DID_NOT_COME


def tickets_left(session: Session, *, offices: Sequence[Office], today: date) -> list[tuple[date, InQueue]]:
    """The tickets of today and of the past weeks that nobody has ended, the latest day first."""
    left = SHOWN.add_columns(TICKETS.c.local_date).where(
        TICKETS.c.office_id.in_([office.id for office in offices]),
        TICKETS.c.local_date.between(today - LOOKED_BACK, today),
        TICKETS.c.state.in_(TO_COME),
    )
    rows = session.execute(left.order_by(TICKETS.c.local_date.desc(), TICKETS.c.turn, TICKETS.c.id)).all()
    lines = lines_of(session, [row.id for row in rows])
    return [(row.local_date, InQueue._make((*row[:-1], tuple(lines[row.id])))) for row in rows]


def begun_today(session: Session, *, office: Office, now: datetime) -> tuple[Visit, ...]:
    wanted = select(APPOINTMENTS.c.id).where(
        APPOINTMENTS.c.commune_id == office.commune_id,
        APPOINTMENTS.c.office_id == office.id,
        APPOINTMENTS.c.local_date == local_date(now, office.zone),
        APPOINTMENTS.c.state == AppointmentState.BOOKED,
        APPOINTMENTS.c.start <= floor_to_tick(now),
    )
    return visits_in(session, wanted, APPOINTMENTS.c.start, now=now)


def sums_of(session: Session, *, office: Office, day: date, now: datetime) -> Sums:
    of_day = (TICKETS.c.office_id == office.id, TICKETS.c.local_date == day)
    tickets = session.execute(select(TICKETS.c.state, func.count()).where(*of_day).group_by(TICKETS.c.state))
    has_begun = APPOINTMENTS.c.start <= floor_to_tick(now)
    visits = session.execute(
        select(APPOINTMENTS.c.state, has_begun, func.count())
        .where(
            APPOINTMENTS.c.commune_id == office.commune_id,
            APPOINTMENTS.c.office_id == office.id,
            APPOINTMENTS.c.local_date == day,
        )
        .group_by(APPOINTMENTS.c.state, has_begun)
    )
    known = {(state, bool(begun)): number for state, begun, number in visits}
    both = {state: known.get((state, True), 0) + known.get((state, False), 0) for state in AppointmentState}
    lacked = select(func.count(TICKETS.c.appointment_id.distinct())).join(
        APPOINTMENTS, APPOINTMENTS.c.id == TICKETS.c.appointment_id
    )
    papers_lacked = (
        TICKETS.c.state == TicketState.INCOMPLETE,
        APPOINTMENTS.c.state == AppointmentState.FULFILLED,
        APPOINTMENTS.c.local_date == day,
    )
    incomplete = session.scalar(lacked.where(*of_day, *papers_lacked)) or 0
    return Sums(
        tickets={TicketState(state): number for state, number in tickets},
        fulfilled=both[AppointmentState.FULFILLED] - incomplete,
        incomplete=incomplete,
        missed=both[AppointmentState.MISSED],
        unsettled=known.get((AppointmentState.BOOKED, True), 0),
        to_come=known.get((AppointmentState.BOOKED, False), 0),
    )


def settle_day(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    office: Office,
    tickets: Sequence[TicketEnd],
    visits: Sequence[VisitEnd],
    desks: Collection[int],
    actor: Actor,
    now: datetime,
) -> Settled:
    """Settle what was decided about and close the counters named in ``desks``; each for itself.

    What somebody else has dealt with meanwhile stays as they said, and is given back, unless they said the same.
    """
    own: dict[str, Any] = {"commune_id": commune_id, "office_ids": office_ids}
    lost_tickets, lost_visits = [], []
    for ticket in tickets:
        try:
            with session.begin_nested():
                end_ticket(session, **own, end=ticket, actor=actor, now=now)
        except REFUSALS:
            lost_tickets.append(ticket.id)
    for visit in visits:
        told: dict[str, Any] = {"appointment_id": visit.id, "mark": visit.mark, "version": visit.version}
        try:
            with session.begin_nested():
                mark(session, **own, **told, actor=actor, now=now)
        except REFUSALS:
            lost_visits.append(visit.id)
    for desk in seated_in(session, office=office):
        if desk.counter_id in desks:
            close_desk(session, commune_id=commune_id, counter_id=desk.counter_id, actor=actor, now=now)
    number = len(tickets) + len(visits) - len(lost_tickets) - len(lost_visits)
    note(session, actor, commune_id=commune_id, act="settled", subject="office", subject_id=office.id, now=now)
    return Settled(number, tuple(lost_tickets), tuple(lost_visits))


def end_ticket(
    session: Session, *, commune_id: int, office_ids: Collection[int], end: TicketEnd, actor: Actor, now: datetime
) -> None:
    """Say how a ticket ended that was left in the middle of its day; its appointment follows.

    Raises ``Unknown``, or ``TicketChanged`` when something else has become of it.
    """
    row = ticket_row(session, commune_id=commune_id, office_ids=office_ids, ticket_id=end.id)
    if row.state == end.state:
        return
    if row.version != end.version or row.state in ENDED:
        raise TicketChanged
    step = ENDINGS[end.state]
    until = (
        back_until(session, office_id=row.office_id, day=row.local_date)
        if end.state == TicketState.INCOMPLETE
        else None
    )
    changes = {"state": end.state, "ended_at": now, "aside": None, "undo_state": None, "return_until": until}
    if row.state == TicketState.WAITING:
        changes["begun_at"] = None
    change(session, row, changes, step=step, now=now)
    settle_appointment(session, row, end.state, now=now)
    written = {"commune_id": commune_id, "ticket_id": row.id, "actor": actor, "now": now}
    write_step(session, **written, step=step, state=end.state, counter_id=row.counter_id)
