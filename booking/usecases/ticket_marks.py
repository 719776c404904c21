"""What is said of a visit in the agenda holds for its ticket too: the two never tell two stories."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import ForbiddenMove, OutOfDate
from booking.core.marks import Mark
from booking.core.tickets import AT_COUNTER, ENDED, Origin, Step, TicketState
from booking.models import Appointment, Office, Ticket
from booking.usecases.checking_in import give_ticket
from booking.usecases.journal import Actor
from booking.usecases.statements import QUIETLY, table_of
from booking.usecases.tickets import write_step

TICKETS = table_of(Ticket)

MEANS = {
    Mark.ARRIVED: (Step.REOPEN, TicketState.WAITING),
    Mark.DONE: (Step.DONE, TicketState.DONE),
    Mark.DID_NOT_COME: (Step.ABSENT, TicketState.ABSENT),
}


def follow_mark(session: Session, *, appointment_id: int, mark: Mark, actor: Actor, now: datetime) -> None:
    """Give, end or take up the ticket of a visit that was just marked.

    Whoever arrives has a ticket. An arrival that is taken back ends it, and it is the visit's no more; a settling that
    is taken back opens it again. Raises ``ForbiddenMove`` when an arrival is taken back of somebody at a counter, or
    ``OutOfDate`` when a step is taken with the ticket meanwhile.
    """
    ticket = session.execute(select(TICKETS).where(TICKETS.c.appointment_id == appointment_id)).one_or_none()
    if ticket is None:
        if mark == Mark.ARRIVED:
            appointment = session.get_one(Appointment, appointment_id)
            office = session.get_one(Office, appointment.office_id)
            give_ticket(session, appointment, office=office, origin=Origin.RECEPTION, actor=actor, now=now)
        return
    back = (Step.REOPEN, TicketState.WAITING) if ticket.state in ENDED else (Step.LEAVE, TicketState.LEFT)
    step, state = MEANS.get(mark, back)
    if ticket.state == state:
        return
    is_slip = mark == Mark.BACK and state == TicketState.LEFT
    if is_slip and ticket.state in AT_COUNTER:
        raise ForbiddenMove(current=AppointmentState.BOOKED, target=AppointmentState.BOOKED)
    # What was said a while ago, without a connection, may have been said before the ticket's last step.
    now = max(now, ticket.last_step_at)
    changes = {
        "state": state,
        "version": ticket.version + 1,
        "ended_at": now if state in ENDED else None,
        "calls": 0,
        "last_step": step,
        "last_step_at": now,
        # What the agenda says is taken back in the agenda.
        "undo_state": None,
    }
    if TicketState.WAITING in {state, ticket.state}:
        changes["begun_at"] = None
    if is_slip:
        # Nobody came: whoever does has a ticket of their own.
        changes["appointment_id"] = None
    this = update(TICKETS).where(TICKETS.c.id == ticket.id, TICKETS.c.version == ticket.version)
    done = session.execute(this.values(**changes).returning(TICKETS.c.id), execution_options=QUIETLY)
    if done.first() is None:
        raise OutOfDate
    own = {"commune_id": ticket.commune_id, "ticket_id": ticket.id, "actor": actor, "now": now}
    write_step(session, **own, step=step, state=state, counter_id=ticket.counter_id)
