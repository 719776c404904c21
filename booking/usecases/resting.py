"""Times that rest for a while after somebody gave them back, so that nobody passes one on by agreement.

It is a hold that belongs to nobody and lapses by itself: until then nobody sees the time free, and then everybody does.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import EXTENSIONS, Channel, HoldKind
from booking.core.errors import SlotTaken
from booking.core.references import new_key
from booking.core.timespan import Span
from booking.models import Appointment, Commune, Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.claims import claim_first
from booking.usecases.holds import ADD_LINE, Term, add_held, end_holds


def let_rest(session: Session, *, office: Office, counter_id: int, service: Service, span: Span, now: datetime) -> None:
    """Keep a time that has just come free for a while that nobody can foresee, as long as its service has set."""
    until = now + timedelta(seconds=1 + randbelow(60 * service.freed_minutes))
    sender: str = session.scalars(select(Commune.sender_address).where(Commune.id == office.commune_id)).one()
    with suppress(SlotTaken), session.begin_nested():
        number = add_held(
            session,
            office=office,
            counter_id=counter_id,
            start=span.start,
            minutes=span.minutes,
            buffer=0,
            term=Term(now, until, EXTENSIONS),
            key=new_key(),
            host=sender.rpartition("@")[2],
            channel=Channel.ONLINE,
            kind=HoldKind.RESTING,
        )
        of: dict[str, Any] = {"commune_id": office.commune_id, "appointment_id": number}
        session.execute(ADD_LINE, [of | row | {"minutes": span.minutes} for row in Basket.of(service).rows()])
        claim_first(session, **of, counters=[counter_id], start=span.start, minutes=span.minutes)


def rest_no_more(session: Session, *, appointment: Appointment, freed_at: datetime | None) -> None:
    """A visit that was cancelled at ``freed_at`` is booked again: its time was free for a moment only."""
    end_holds(
        session,
        Appointment.commune_id == appointment.commune_id,
        Appointment.counter_id == appointment.counter_id,
        Appointment.start == appointment.start,
        Appointment.hold_kind == HoldKind.RESTING,
        Appointment.created_at == freed_at,
    )
