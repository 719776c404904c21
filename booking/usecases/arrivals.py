"""Who stands at the reception: their visit of today by its reference or their name, or a ticket by its number."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import AtAnotherOffice, NoSuchAppointment, NotToday, PapersMissing, VisitCancelled, VisitOver
from booking.core.names import may_be
from booking.core.text import folded
from booking.core.tickets import Origin, TicketState, number_told
from booking.core.timespan import local_date, wall_time
from booking.models import Appointment, Office, Ticket
from booking.usecases.checking_in import check_in, ticket_of
from booking.usecases.journal import Actor
from booking.usecases.returns import awaited_until
from booking.usecases.statements import table_of
from booking.usecases.tickets import Issued
from booking.usecases.visits import APPOINTMENTS, Visit, visits_in

TICKETS = table_of(Ticket)

CAME_FOR_NOTHING = (NotToday, VisitCancelled, VisitOver)
"""What leaves somebody without a visit today: they are told what is possible instead."""


class Arriving(NamedTuple):
    """A visit of today as the reception sees it, with its ticket when it has one."""

    visit: Visit
    ticket_id: int | None
    number: str | None


def arrive(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    appointment_id: int,
    origin: Origin,
    actor: Actor,
    now: datetime,
) -> Issued:
    """The ticket of an appointment whose person stands in this office; again the same one for whoever comes again.

    Raises ``NoSuchAppointment``, ``AtAnotherOffice``, ``NotToday``, ``VisitCancelled``, ``VisitOver``,
    ``PapersMissing`` while they are awaited with them, or what ``check_in`` raises.
    """
    appointment = session.scalars(
        select(Appointment).where(
            Appointment.commune_id == commune_id,
            Appointment.id == appointment_id,
            Appointment.state != AppointmentState.HELD,
        )
    ).one_or_none()
    if appointment is None:
        raise NoSuchAppointment
    refuse_what_is_no_arrival(session, appointment, office=session.get_one(Office, office_id), now=now)
    return check_in(
        session,
        commune_id=commune_id,
        office_ids=[office_id],
        appointment_id=appointment.id,
        origin=origin,
        actor=actor,
        now=now,
    )


def refuse_what_is_no_arrival(session: Session, appointment: Appointment, *, office: Office, now: datetime) -> None:
    """A clear answer to whoever came for nothing. Raises as ``arrive`` does."""
    if appointment.state == AppointmentState.CANCELLED:
        raise VisitCancelled
    today = local_date(now, office.zone)
    until = awaited_until(session, appointment=appointment, today=today)
    if until is not None and appointment.office_id == office.id:
        raise PapersMissing(until=until)
    if appointment.local_date != today:
        raise NotToday(day=appointment.local_date, at=wall_time(appointment.start, office.zone))
    if appointment.office_id != office.id:
        raise AtAnotherOffice(office=session.get_one(Office, appointment.office_id).name)
    if appointment.state != AppointmentState.BOOKED:
        ticket = ticket_of(session, commune_id=office.commune_id, appointment_id=appointment.id)
        if ticket is None or ticket.state in {TicketState.DONE, TicketState.INCOMPLETE}:
            raise VisitOver


def with_reference(session: Session, *, commune_id: int, reference: str) -> int | None:
    """The appointment of a reference, whatever has become of it."""
    wanted = select(Appointment.id).where(
        Appointment.commune_id == commune_id,
        Appointment.reference == reference,
        Appointment.state != AppointmentState.HELD,
    )
    return session.scalars(wanted).one_or_none()


def named(session: Session, *, office: Office, text: str, now: datetime) -> tuple[Arriving, ...]:
    """Those of today whose name may be ``text``, by their time; cancelled visits too, for whoever comes all the same.

    As it is typed comes before what it may have been meant for.
    """
    today = (
        APPOINTMENTS.c.office_id == office.id,
        APPOINTMENTS.c.local_date == local_date(now, office.zone),
        APPOINTMENTS.c.state != AppointmentState.HELD,
        APPOINTMENTS.c.name.is_not(None),
    )
    names = session.execute(select(APPOINTMENTS.c.id, APPOINTMENTS.c.name).where(*today)).all()
    found = [row.id for row in names if may_be(text, row.name)]
    wanted = select(APPOINTMENTS.c.id).where(*today, APPOINTMENTS.c.id.in_(found))
    visits = visits_in(session, wanted, APPOINTMENTS.c.start, now=now) if found else ()
    words = folded(text).split()
    as_typed = {row.id for row in names if all(word in folded(row.name) for word in words)}
    return with_tickets(session, sorted(visits, key=lambda visit: visit.id not in as_typed))


def with_tickets(session: Session, visits: Iterable[Visit]) -> tuple[Arriving, ...]:
    """Visits with the tickets they have."""
    shown = tuple(visits)
    theirs = select(TICKETS.c.appointment_id, TICKETS.c.id, TICKETS.c.letter, TICKETS.c.number).where(
        TICKETS.c.appointment_id.in_([visit.id for visit in shown])
    )
    known = {of: (ticket, number_told(letter, n)) for of, ticket, letter, n in session.execute(theirs)}
    return tuple(Arriving(visit, *known.get(visit.id, (None, None))) for visit in shown)


def tickets_called(
    session: Session, *, commune_id: int, office_ids: Collection[int], number: tuple[str, int], today: date
) -> list[int]:
    """The tickets of a number: that of today, else those with which somebody can still come back this week."""
    letter, n = number
    wanted = (
        select(TICKETS.c.id, TICKETS.c.local_date)
        .where(TICKETS.c.commune_id == commune_id, TICKETS.c.office_id.in_(office_ids))
        .where(TICKETS.c.local_date.between(today - timedelta(days=today.weekday()), today))
        .where(TICKETS.c.letter == letter, TICKETS.c.number == n)
        .where((TICKETS.c.local_date == today) | (TICKETS.c.return_until >= today))
        .order_by(TICKETS.c.local_date.desc(), TICKETS.c.id)
    )
    return [row.id for row in session.execute(wanted)]
