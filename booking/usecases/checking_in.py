"""Saying that somebody with an appointment is there: their ticket, with the turn the office's rule gives it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import ForbiddenMove, NotToday, OutOfDate, TooEarlyToCheckIn, Unknown
from booking.core.tickets import MOVES, Origin, Step, TicketState
from booking.core.timespan import local_date, wall_time
from booking.core.turns import turn_of_appointment
from booking.models import Appointment, AppointmentLine, Office, Ticket
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY, table_of
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import Issued, TicketWish, Visitor, issue

BY_THEMSELVES = frozenset({Origin.KIOSK, Origin.PHONE})
"""Whoever checks in alone is told when it is too early for it; the reception sees whom it has before it."""


def check_in(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    origin: Origin,
    actor: Actor,
    now: datetime,
) -> Issued:
    """The ticket of an appointment of today; whoever checks in again has the one they had.

    Early is the turn of the appointment, late within the minutes of grace too; later than that they wait as if they
    had none. Raises ``Unknown`` in other offices, ``NotToday``, ``ForbiddenMove`` once it is settled or cancelled,
    ``TooEarlyToCheckIn`` for those who do it alone.
    """
    appointment = session.scalars(
        select(Appointment).where(
            Appointment.commune_id == commune_id,
            Appointment.office_id.in_(office_ids),
            Appointment.id == appointment_id,
            Appointment.state != AppointmentState.HELD,
        )
    ).one_or_none()
    if appointment is None:
        raise Unknown
    office = session.get_one(Office, appointment.office_id)
    if appointment.local_date != local_date(now, office.zone):
        raise NotToday(day=appointment.local_date, at=wall_time(appointment.start, office.zone))
    known = ticket_of(session, commune_id=commune_id, appointment_id=appointment_id)
    if known is not None:
        return again(session, known, office=office, actor=actor, now=now)
    if appointment.state != AppointmentState.BOOKED:
        raise ForbiddenMove(current=appointment.state, target=AppointmentState.BOOKED)
    if origin in BY_THEMSELVES:
        refuse_too_early(appointment.start, office=office, now=now)
    arrive(session, appointment, now=now)
    note(
        session,
        actor,
        commune_id=commune_id,
        act="checked_in",
        subject="appointment",
        subject_id=appointment_id,
        fields=("arrived_at",),
        now=now,
    )
    return give_ticket(session, appointment, office=office, origin=origin, actor=actor, now=now)


def give_ticket(
    session: Session, appointment: Appointment, *, office: Office, origin: Origin, actor: Actor, now: datetime
) -> Issued:
    """The ticket of an appointment whose person is there now."""
    turn = turn_of_appointment(
        office.queue_policy,
        start=appointment.start,
        arrived_at=now,
        grace=timedelta(minutes=office.grace_minutes),
    )
    lines = session.execute(
        select(AppointmentLine.service_id, AppointmentLine.service_name)
        .add_columns(AppointmentLine.persons, AppointmentLine.minutes)
        .where(AppointmentLine.commune_id == office.commune_id, AppointmentLine.appointment_id == appointment.id)
        .order_by(AppointmentLine.position)
    )
    return issue(
        session,
        office=office,
        wishes=[TicketWish(*line) for line in lines],
        visitor=Visitor(appointment.language, appointment.help_language),
        origin=origin,
        turn=turn,
        appointment_id=appointment.id,
        actor=actor,
        now=now,
    )


def refuse_too_early(start: datetime, *, office: Office, now: datetime) -> None:
    """Raises ``TooEarlyToCheckIn`` before the office's minutes, and always where it takes nobody's word for it."""
    if office.check_in_minutes is None:
        raise Unknown
    opens = start - timedelta(minutes=office.check_in_minutes)
    if now < opens:
        raise TooEarlyToCheckIn(at=wall_time(opens, office.zone))


def arrive(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Note the arrival, unless somebody noted it, moved or cancelled it meanwhile. Raises ``OutOfDate``."""
    this = update(Appointment).where(
        Appointment.commune_id == appointment.commune_id,
        Appointment.id == appointment.id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.version == appointment.version,
    )
    arrived_at = appointment.arrived_at or now
    changed = this.values(arrived_at=arrived_at, version=Appointment.version + 1).returning(Appointment.id)
    if session.execute(changed, execution_options=QUIETLY).first() is None:
        raise OutOfDate


def ticket_of(session: Session, *, commune_id: int, appointment_id: int) -> Ticket | None:
    wanted = select(Ticket).where(Ticket.commune_id == commune_id, Ticket.appointment_id == appointment_id)
    return session.scalars(wanted).one_or_none()


def again(session: Session, ticket: Ticket, *, office: Office, actor: Actor, now: datetime) -> Issued:
    """Somebody who has a ticket and comes again: the same one, taken up again if they had been missing."""
    if ticket.state in MOVES[Step.REOPEN].sources:
        take_step(
            session,
            commune_id=ticket.commune_id,
            office_ids=[office.id],
            ticket_id=ticket.id,
            wish=StepWish(Step.REOPEN, ticket.version),
            actor=actor,
            now=now,
        )
        arrived = update(table_of(Appointment)).where(table_of(Appointment).c.id == ticket.appointment_id)
        session.execute(arrived.values(arrived_at=now))
    elif ticket.state in {TicketState.DONE, TicketState.INCOMPLETE}:
        raise ForbiddenMove(current=AppointmentState.FULFILLED, target=AppointmentState.BOOKED)
    return Issued(ticket.id, ticket.letter, ticket.number, ticket.status_key, ticket.wait_minutes)
