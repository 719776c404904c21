"""Handing out tickets from a page: to whom, for what, and the same wish only once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.tickets import Origin
from booking.core.timespan import instant, local_date
from booking.models import Office, Ticket
from booking.usecases.journal import SYSTEM, Actor
from booking.usecases.tickets import Issued, Visitor
from booking.usecases.walk_ins import Wanted, take_ticket, type_in


def hand_out(
    session: Session,
    *,
    office_id: int,
    wanted: Sequence[Wanted],
    visitor: Visitor,
    origin: Origin,
    key: str,
    actor: Actor = SYSTEM,
    now: datetime,
) -> Issued:
    """A ticket for somebody without an appointment; a wish that is sent twice with one ``key`` gives one ticket.

    Raises as ``take_ticket`` does.
    """
    known = session.scalars(select(Ticket).where(Ticket.office_id == office_id, Ticket.status_key == key)).one_or_none()
    if known is not None:
        return Issued(known.id, known.letter, known.number, known.status_key, known.wait_minutes)
    return take_ticket(
        session,
        office=session.get_one(Office, office_id),
        wanted=wanted,
        visitor=visitor,
        origin=origin,
        key=key,
        actor=actor,
        now=now,
    )


def write_down(
    session: Session,
    *,
    office_id: int,
    number: tuple[str, int],
    wanted: Sequence[Wanted],
    visitor: Visitor,
    taken_at: time | None,
    actor: Actor,
    now: datetime,
) -> Issued:
    """A number that was given out on paper today, at ``taken_at`` of the office's clock or just now.

    Raises as ``type_in`` does.
    """
    office = session.get_one(Office, office_id)
    day = local_date(now, office.zone)
    letter, n = number
    return type_in(
        session,
        office=office,
        letter=letter,
        number=n,
        wanted=wanted,
        visitor=visitor,
        taken_at=instant(day, taken_at, office.zone) if taken_at else now,
        actor=actor,
        now=now,
    )
