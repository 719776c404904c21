"""Coming back with the papers that were missing: once, in the same week, before those who wait."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from booking.core.errors import ReturnOver, ReturnUsed, Unknown
from booking.core.tickets import Origin, TicketState
from booking.core.timespan import local_date
from booking.core.turns import Turn, seconds, with_priority
from booking.models import Appointment, Office, Ticket, TicketLine
from booking.usecases.journal import Actor
from booking.usecases.rows import refusing
from booking.usecases.schedules import schedule_of
from booking.usecases.tickets import Issued, TicketWish, Visitor, issue


def come_back(
    session: Session, *, commune_id: int, office_ids: Collection[int], ticket_id: int, actor: Actor, now: datetime
) -> Issued:
    """A ticket for whoever had papers missing, for the same services, before those who wait without priority.

    Raises ``Unknown`` for a ticket that was not left incomplete, ``ReturnOver`` after its week, ``ReturnUsed`` the
    second time.
    """
    former = session.scalars(
        select(Ticket).where(
            Ticket.commune_id == commune_id,
            Ticket.office_id.in_(office_ids),
            Ticket.id == ticket_id,
            Ticket.state == TicketState.INCOMPLETE,
        )
    ).one_or_none()
    if former is None:
        raise Unknown
    office = session.get_one(Office, former.office_id)
    if former.return_until is None or former.return_until < local_date(now, office.zone):
        raise ReturnOver
    lines = session.scalars(
        select(TicketLine)
        .where(TicketLine.commune_id == commune_id, TicketLine.ticket_id == ticket_id)
        .order_by(TicketLine.position)
    )
    with refusing(session, ReturnUsed, on="uq_ticket_returns_id"):
        return issue(
            session,
            office=office,
            wishes=[TicketWish(one.service_id, one.service_name, one.persons, one.minutes) for one in lines],
            visitor=visitor_of(session, former),
            origin=Origin.RECEPTION,
            turn=with_priority(Turn(seconds(now))),
            returns_id=former.id,
            actor=actor,
            now=now,
        )


def back_until(session: Session, *, office_id: int, day: date) -> date:
    """The last day of a day's week on which an office is open: until then whoever had papers missing comes back."""
    schedule = schedule_of(session, session.get_one(Office, office_id))
    days = [day + timedelta(days=number) for number in range(7 - day.weekday())]
    return max((one for one in days if schedule.hours_on(one)), default=day)


def awaited_until(session: Session, *, appointment: Appointment, today: date) -> date | None:
    """Until when somebody comes back whose papers were missing at this appointment; ``None`` once they did or it is
    too late.
    """
    back = aliased(Ticket)
    wanted = select(Ticket.return_until).where(
        Ticket.commune_id == appointment.commune_id,
        Ticket.appointment_id == appointment.id,
        Ticket.state == TicketState.INCOMPLETE,
        Ticket.return_until >= today,
        ~select(back.id).where(back.returns_id == Ticket.id).exists(),
    )
    return session.scalars(wanted).one_or_none()


def visitor_of(session: Session, former: Ticket) -> Visitor:
    """Who held a ticket: of an appointment, the name and the needs stand there."""
    if former.appointment_id is None:
        return Visitor(former.language, former.help_language, former.name, former.needs)
    visit = session.get_one(Appointment, former.appointment_id)
    return Visitor(former.language, former.help_language, visit.name, visit.needs)


def returned_on(session: Session, *, ticket_id: int) -> int | None:
    """The ticket with which somebody has come back."""
    return session.scalars(select(Ticket.id).where(Ticket.returns_id == ticket_id)).one_or_none()
