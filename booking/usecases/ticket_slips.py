"""What stands on a ticket: nothing that tells whose it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.tickets import number_told
from booking.core.translated import Translated
from booking.core.waits import Range, told
from booking.models import Appointment, Office, Service, Ticket, TicketLine
from booking.usecases.paces import opening_after
from booking.usecases.schedules import schedule_of


@dataclass(frozen=True)
class SlipLine:
    service: Translated
    persons: int


@dataclass(frozen=True)
class TicketSlip:
    """A ticket as it is printed; moments are on the office's clock. ``start`` is that of its appointment.

    ``wait`` is what was to be expected when it was handed out, ``None`` when there was too little to tell; ``opens_at``
    is when the counters were to open then, if they were not open yet.
    ``is_first``: it goes before those without priority. Of a sensitive visit ``lines`` is empty.
    """

    id: int
    number: str
    office: Office
    language: str
    issued: datetime
    start: datetime | None
    wait: Range | None
    opens_at: datetime | None
    is_first: bool
    lines: tuple[SlipLine, ...]
    status_key: str


def ticket_slip(session: Session, *, commune_id: int, office_ids: Collection[int], ticket_id: int) -> TicketSlip:
    """The slip of a ticket in these offices. Raises ``Unknown``."""
    return slip(session, Ticket.commune_id == commune_id, Ticket.office_id.in_(office_ids), Ticket.id == ticket_id)


def slip_by_key(session: Session, *, commune_id: int, key: str) -> TicketSlip:
    """The slip of whoever holds the key of a ticket. Raises ``Unknown``."""
    return slip(session, Ticket.commune_id == commune_id, Ticket.status_key == key)


def slip(session: Session, *which: object) -> TicketSlip:
    ticket = session.scalars(select(Ticket).where(*which)).one_or_none()  # type: ignore[arg-type]
    if ticket is None:
        raise Unknown
    office = session.get_one(Office, ticket.office_id)
    start = session.get_one(Appointment, ticket.appointment_id).start if ticket.appointment_id else None
    opens_at = opening_after(schedule_of(session, office), ticket.issued_at)
    return TicketSlip(
        id=ticket.id,
        number=number_told(ticket.letter, ticket.number),
        office=office,
        language=ticket.language or "fr",
        issued=ticket.issued_at.astimezone(office.zone),
        start=start.astimezone(office.zone) if start else None,
        wait=None if ticket.wait_minutes is None else told(ticket.wait_minutes),
        opens_at=opens_at.astimezone(office.zone) if opens_at else None,
        is_first=ticket.leads_from == 0,
        lines=lines_of(session, ticket),
        status_key=ticket.status_key,
    )


def lines_of(session: Session, ticket: Ticket) -> tuple[SlipLine, ...]:
    wanted = (
        select(TicketLine.service_name, TicketLine.persons, Service.is_sensitive)
        .join(Service, (Service.commune_id == TicketLine.commune_id) & (Service.id == TicketLine.service_id))
        .where(TicketLine.commune_id == ticket.commune_id, TicketLine.ticket_id == ticket.id)
        .order_by(TicketLine.position)
    )
    rows = session.execute(wanted).all()
    return () if any(row.is_sensitive for row in rows) else tuple(SlipLine(row[0], row[1]) for row in rows)
