"""Letters on paper, for whoever has no mailbox: what the last message about a visit said, or would have said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.letters import LetterKind, VisitLetter
from booking.models import Appointment, Message
from booking.models.messages import ENDINGS, MessageKind
from booking.usecases.letters import visit_letter
from booking.usecases.rebooked import has_open
from booking.usecases.visits import in_offices


def letters_on_paper(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_ids: Sequence[int],
    base_url: str,
    now: datetime,
) -> tuple[VisitLetter, ...]:
    """One letter about each of these visits, in their order; those that are not in these offices are left out.

    None of them holds a link: it would have to be typed.
    """
    wanted = select(Appointment).where(
        *in_offices(commune_id, office_ids),
        Appointment.id.in_(appointment_ids),
        Appointment.state != AppointmentState.HELD,
    )
    found = {one.id: one for one in session.scalars(wanted)}
    return tuple(
        visit_letter(
            session, appointment=found[one], base_url=base_url, kind=kind_on_paper(session, found[one]), now=now
        )
        for one in dict.fromkeys(appointment_ids)
        if one in found
    )


def kind_on_paper(session: Session, appointment: Appointment) -> LetterKind:
    """What there is to say about a visit as it stands: that it takes place, that it moved, who cancelled it."""
    if appointment.state == AppointmentState.BOOKED and has_open(session, appointment=appointment):
        return LetterKind.REBOOKING
    if appointment.state != AppointmentState.CANCELLED:
        return LetterKind.MOVED if appointment.changed_at else LetterKind.CONFIRMATION
    ended = select(Message.kind).where(Message.appointment_id == appointment.id, Message.kind.in_(ENDINGS))
    last: MessageKind | None = session.scalars(ended.order_by(Message.id.desc()).limit(1)).first()
    by_commune = last == MessageKind.CANCELLED_BY_COMMUNE or (last is None and bool(appointment.cancel_reason))
    return LetterKind.CANCELLED_BY_COMMUNE if by_commune else LetterKind.CANCELLATION
