"""What is done with a ticket that exists: each step a conditional statement, its appointment following it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import CounterBusy, ForbiddenStep, NotServedHere, TicketChanged, Unknown
from booking.core.tickets import AT_COUNTER, ENDED, MOVES, Aside, Position, Step, TicketState
from booking.core.turns import ALWAYS
from booking.models import Appointment, Counter, CounterService, Office, Ticket, TicketLine
from booking.models.tickets import LineBefore
from booking.usecases.journal import Actor, note
from booking.usecases.returns import back_until
from booking.usecases.rows import refusing
from booking.usecases.statements import QUIETLY, table_of
from booking.usecases.tickets import TicketWish, write_step

TICKETS, LINES, APPOINTMENTS = table_of(Ticket), table_of(TicketLine), table_of(Appointment)

SETTLES = {
    TicketState.DONE: AppointmentState.FULFILLED,
    TicketState.INCOMPLETE: AppointmentState.FULFILLED,
    TicketState.ABSENT: AppointmentState.MISSED,
    TicketState.LEFT: AppointmentState.MISSED,
}
"""How the end of a ticket settles the appointment it was for."""


@dataclass(frozen=True)
class StepWish:
    """What is asked of a ticket, as the page of ``version`` showed it.

    ``counter_id``: where the agent sits who asks. ``for_counter_id``, or ``services`` for one that somebody else gives:
    to whom a visitor is handed over. ``delivered``: per service, for how many persons it was done.
    """

    step: Step
    version: int
    counter_id: int | None = None
    for_counter_id: int | None = None
    aside: Aside | None = None
    services: tuple[TicketWish, ...] = ()
    delivered: Mapping[int, int] = field(default_factory=dict)


def take_step(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    ticket_id: int,
    wish: StepWish,
    actor: Actor,
    now: datetime,
) -> None:
    """Take one step, if the ticket is still as it was shown.

    The same step sent twice is taken once. Raises ``Unknown`` outside these offices, ``TicketChanged``,
    ``CounterBusy``, ``NotServedHere``, or what ``Position.refusal_of`` says.
    """
    row = ticket_row(session, commune_id=commune_id, office_ids=office_ids, ticket_id=ticket_id)
    if row.version == wish.version + 1 and row.last_step == wish.step and row.counter_id in {None, wish.counter_id}:
        return
    if row.version != wish.version:
        raise TicketChanged
    refusal = position_of(row).refusal_of(wish.step, calls_needed=row.calls_needed, now=now)
    if refusal:
        raise refusal
    if row.state in AT_COUNTER and row.counter_id != wish.counter_id:
        raise ForbiddenStep(current=row.state)
    if wish.for_counter_id is not None:
        check_counter(session, office_id=row.office_id, counter_id=wish.for_counter_id)
    wanted = {one.service_id for one in wish.services}
    if wish.step == Step.HAND_OVER and wanted and not counters_giving(session, row.office_id, wanted):
        raise NotServedHere
    changes = changes_of(row, wish, now)
    if wish.step == Step.INCOMPLETE:
        changes["return_until"] = back_until(session, office_id=row.office_id, day=row.local_date)
    if wish.step == Step.HAND_OVER and wish.services:
        changes["undo_lines"] = lines_before(session, row)
    state = changes.get("state", row.state)
    change(session, row, changes, step=wish.step, now=now)
    if wish.services:
        replace_lines(session, row, wish.services)
    if wish.step == Step.UNDO and row.last_step == Step.HAND_OVER and row.undo_lines:
        replace_lines(session, row, row.undo_lines)
    for service_id, persons in wish.delivered.items():
        done = update(LINES).where(LINES.c.ticket_id == row.id, LINES.c.service_id == service_id)
        session.execute(done.values(delivered=persons))
    settle_appointment(session, row, state, now=now)
    written = {"commune_id": commune_id, "ticket_id": row.id, "actor": actor, "now": now}
    at = wish.counter_id if wish.counter_id is not None else row.counter_id
    write_step(session, **written, step=wish.step, state=state, counter_id=at)
    if wish.step == Step.PRIORITY:
        note(session, actor, commune_id=commune_id, act="prioritised", subject="ticket", subject_id=row.id, now=now)


def ticket_row(session: Session, *, commune_id: int, office_ids: Collection[int], ticket_id: int) -> Row[Any]:
    """A ticket with what its next step depends on. Raises ``Unknown``."""
    wanted = (
        select(TICKETS, Office.calls_needed, Office.zone_key)
        .join(Office, (Office.commune_id == TICKETS.c.commune_id) & (Office.id == TICKETS.c.office_id))
        .where(TICKETS.c.commune_id == commune_id, TICKETS.c.office_id.in_(office_ids), TICKETS.c.id == ticket_id)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise Unknown
    return row


def position_of(row: Any) -> Position:
    return Position(row.state, row.calls, row.ended_at, row.last_step, row.last_step_at, row.undo_state)


def check_counter(session: Session, *, office_id: int, counter_id: int) -> None:
    mine = select(Counter.id).where(
        Counter.office_id == office_id, Counter.id == counter_id, Counter.retired_at.is_(None)
    )
    if session.scalars(mine).one_or_none() is None:
        raise Unknown


def counters_giving(session: Session, office_id: int, services: set[int]) -> list[int]:
    """The counters of an office at which all of these services are given."""
    given = (
        select(CounterService.counter_id)
        .join(Counter, Counter.id == CounterService.counter_id)
        .where(Counter.office_id == office_id, Counter.retired_at.is_(None), CounterService.service_id.in_(services))
        .group_by(CounterService.counter_id)
        .having(func.count() == len(services))
    )
    return list(session.scalars(given))


def changes_of(row: Any, wish: StepWish, now: datetime) -> dict[str, Any]:
    """The columns a step writes."""
    if wish.step == Step.UNDO:
        return undone(row)
    move = MOVES[wish.step]
    state = move.target or row.state
    changes: dict[str, Any] = {"undo_state": row.state, "undo_counter_id": row.counter_id, "state": state}
    changes["undo_lines"] = None
    if move.takes_counter:
        changes["counter_id"] = wish.counter_id
    if state in ENDED:
        changes["ended_at"] = now
    # Whoever waits keeps when they were served before only for as long as that can be taken back.
    if row.state == TicketState.WAITING:
        changes["begun_at"] = None
    match wish.step:
        case Step.CALL:
            changes |= {"calls": 1, "called_at": now}
        case Step.CALL_AGAIN:
            changes |= {"calls": row.calls + 1, "called_at": now}
        case Step.BEGIN:
            changes |= {"begun_at": row.begun_at or now, "for_counter_id": None}
        case Step.RESUME:
            changes |= {"begun_at": row.begun_at or now, "for_counter_id": None, "aside": None}
        case Step.SET_ASIDE:
            # Whoever set somebody aside takes them up again, or hands them over.
            changes |= {"aside": wish.aside, "for_counter_id": row.counter_id}
        case Step.HAND_OVER:
            changes |= {"for_counter_id": wish.for_counter_id, "calls": 0, "aside": None}
        case Step.BACK | Step.REOPEN:
            changes |= {"for_counter_id": None, "calls": 0, "ended_at": None, "aside": None}
        case Step.PRIORITY:
            changes |= {"leads_from": ALWAYS}
    return changes


def undone(row: Any) -> dict[str, Any]:
    """Back to where the last step came from."""
    back: dict[str, Any] = {"state": row.undo_state, "counter_id": row.undo_counter_id, "undo_state": None}
    back["undo_lines"] = None
    back |= {"ended_at": None, "return_until": None, "aside": None}
    if row.last_step != Step.CALL:
        back["for_counter_id"] = None
    if row.undo_state == TicketState.WAITING:
        back["calls"] = 0
    if row.undo_state == TicketState.SERVING:
        back["begun_at"] = row.begun_at or row.called_at
    if row.undo_state in {TicketState.WAITING, TicketState.CALLED}:
        back["begun_at"] = None
    if row.undo_state in ENDED:
        back["ended_at"] = row.last_step_at
    return back


def change(session: Session, row: Any, changes: Mapping[str, Any], *, step: Step, now: datetime) -> None:
    """The statement: it finds the ticket as it was seen, or nothing. Raises ``TicketChanged`` or ``CounterBusy``."""
    wanted = update(TICKETS).where(
        TICKETS.c.id == row.id, TICKETS.c.version == row.version, TICKETS.c.state == row.state
    )
    written = wanted.values(**changes, version=row.version + 1, last_step=step, last_step_at=now)
    with refusing(session, CounterBusy, on="ix_ticket_at_counter"):
        done = session.execute(written.returning(TICKETS.c.id), execution_options=QUIETLY)
        if done.first() is None:
            raise TicketChanged


def lines_before(session: Session, row: Any) -> tuple[LineBefore, ...]:
    """What somebody is here for, to be put back when the step that changes it is taken back."""
    mine = select(*(LINES.c[name] for name in LineBefore._fields)).where(LINES.c.ticket_id == row.id)
    return tuple(LineBefore(*line) for line in session.execute(mine.order_by(LINES.c.position)))


def replace_lines(session: Session, row: Any, wishes: Sequence[TicketWish | LineBefore]) -> None:
    """What somebody is here for becomes something else, in place."""
    session.execute(delete(LINES).where(LINES.c.ticket_id == row.id))
    for position, wish in enumerate(wishes, start=1):
        session.execute(
            LINES.insert().values(
                commune_id=row.commune_id,
                ticket_id=row.id,
                position=position,
                service_id=wish.service_id,
                service_name=wish.service_name,
                persons=wish.persons,
                minutes=wish.minutes,
                delivered=wish.delivered if isinstance(wish, LineBefore) else None,
            )
        )
    persons = max(wish.persons for wish in wishes)
    session.execute(update(TICKETS).where(TICKETS.c.id == row.id).values(persons=persons))


def settle_appointment(session: Session, row: Any, state: TicketState, *, now: datetime) -> None:
    """The appointment of a ticket ends with it, and is open again with it."""
    if row.appointment_id is None:
        return
    this = update(APPOINTMENTS).where(
        APPOINTMENTS.c.commune_id == row.commune_id, APPOINTMENTS.c.id == row.appointment_id
    )
    settled = SETTLES.get(state)
    if settled is not None:
        this = this.where(APPOINTMENTS.c.state == AppointmentState.BOOKED).values(state=settled, settled_at=now)
    elif row.state in ENDED:
        ends = (AppointmentState.FULFILLED, AppointmentState.MISSED)
        this = this.where(APPOINTMENTS.c.state.in_(ends)).values(state=AppointmentState.BOOKED, settled_at=None)
    else:
        return
    session.execute(this.values(version=APPOINTMENTS.c.version + 1))
