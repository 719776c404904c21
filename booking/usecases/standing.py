"""Where the holder of a ticket stands: what the page of the ticket says, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.references import digest
from booking.core.tickets import TO_COME, Aside, TicketState, number_told
from booking.core.timespan import local_date
from booking.core.waits import Range, told, wait_minutes
from booking.models import Appointment, Counter, Office, Ticket
from booking.usecases.paces import Pace, opening_after, pace_of
from booking.usecases.queue import InQueue, freshness, in_order, queue_of
from booking.usecases.schedules import schedule_of


@dataclass(frozen=True)
class Found:
    """A ticket and its office; ``counter`` is the label of where its holder is called, or was last."""

    ticket: Ticket
    office: Office
    counter: str | None
    start: datetime | None


@dataclass(frozen=True)
class Standing:
    """What the holder of a ticket is told. ``start`` is that of their appointment, ``None`` without one.

    ``before`` counts those whom a counter that may call this one calls first. ``wait`` is ``None`` while nobody can
    tell; ``opens_at`` is then when the office opens, if that is still to come today. ``is_measured``: the wait is
    worked out from what visits have taken today, not only from what they usually take.
    ``is_past``: the day is over, and nobody said what became of the visit.
    """

    told: str
    state: TicketState
    office: Office
    counter: str | None
    start: datetime | None
    before: int
    wait: Range | None
    is_measured: bool
    opens_at: datetime | None
    is_paused: bool
    aside: Aside | None
    return_until: date | None
    is_past: bool


def ticket_by_key(session: Session, *, commune_id: int, key: str) -> Found:
    """The ticket whose page ``key`` opens in this commune. Raises ``Unknown``."""
    wanted = (
        select(Ticket, Office, Counter.label, Appointment.start)
        .join(Office, and_(Office.commune_id == Ticket.commune_id, Office.id == Ticket.office_id))
        .outerjoin(Counter, and_(Counter.commune_id == Ticket.commune_id, Counter.id == Ticket.counter_id))
        .outerjoin(
            Appointment, and_(Appointment.commune_id == Ticket.commune_id, Appointment.id == Ticket.appointment_id)
        )
        .where(Ticket.commune_id == commune_id, Ticket.status_key == key)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise Unknown
    return Found(*row)


def freshness_of(session: Session, *, found: Found, now: datetime) -> str:
    """Another word as soon as the queue has changed, and every minute: waits grow shorter by themselves."""
    state = freshness(session, office=found.office, day=found.ticket.local_date, now=now)
    return digest(state, str(found.ticket.id), str(int(now.timestamp()) // 60))


def standing_of(session: Session, *, found: Found, now: datetime) -> Standing:
    """What the holder of a ticket is told now."""
    ticket, office = found.ticket, found.office
    is_past = ticket.local_date != local_date(now, office.zone) and ticket.state in TO_COME
    before, wait, is_paused, is_measured = 0, None, False, False
    if ticket.state == TicketState.WAITING and not is_past:
        tickets = queue_of(session, office=office, day=ticket.local_date)
        pace = pace_of(session, office=office, tickets=tickets, now=now)
        before, wait, is_paused = place_of(ticket.id, in_order(tickets, now=now), pace, now)
        is_measured = bool(pace.measured)
    return Standing(
        told=number_told(ticket.letter, ticket.number),
        state=ticket.state,
        office=office,
        counter=found.counter,
        start=found.start,
        before=before,
        wait=wait,
        is_measured=is_measured,
        opens_at=None if wait or is_paused or is_past else opening_after(schedule_of(session, office), now),
        is_paused=is_paused,
        aside=ticket.aside,
        return_until=ticket.return_until,
        is_past=is_past,
    )


def place_of(ticket_id: int, line: Sequence[InQueue], pace: Pace, now: datetime) -> tuple[int, Range | None, bool]:
    """How many come before somebody in the line, how long they wait, and whether what they come for is down.

    Before the counters open nobody is told minutes.
    """
    place = next((number for number, one in enumerate(line) if one.id == ticket_id), None)
    if place is None:
        return 0, None, False
    mine = line[place]
    before = pace.before(mine, line, now)
    if pace.paused & mine.services:
        return len(before), None, True
    ahead = [one for number, one in enumerate(line) if one.id != ticket_id and (number < place or one.id in before)]
    minutes = wait_minutes(map(pace.ahead, ahead), pace.busy, pace.counters_of(mine))
    return len(before), None if minutes is None or pace.opens_at else told(minutes), False
