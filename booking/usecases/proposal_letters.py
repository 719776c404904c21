"""What a letter says of another time that is proposed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.letters import Proposal
from booking.core.rebookings import Silence
from booking.models import Appointment, Message
from booking.usecases.letter_facts import addresses, office_facts
from booking.usecases.proposal_answers import other_time

STEPS = ("proposal", "choose", "end")
"""Where the three links lead: to the answer, to the choice of another time, to the end of the appointment."""


def proposal_told(
    session: Session, *, appointment: Appointment, base_url: str, path: str, language: str, now: datetime
) -> Proposal | None:
    """The time that is held for a person instead of the one agreed; ``None`` when nothing is, and somebody rings."""
    found = other_time(session, appointment=appointment, now=now)
    if found is None or found.held is None or found.office is None or found.row.until is None:
        return None
    accept, choose, end = (
        addresses(
            session, commune_id=appointment.commune_id, base_url=base_url, path=f"{path}/{step}", language=language
        )
        for step in STEPS
    )
    return Proposal(
        day=found.held.local_date,
        wall=found.held.wall_time,
        office=office_facts(found.office),
        until=found.row.until.astimezone(found.office.zone),
        is_cancelled_after=found.silence == Silence.CANCEL,
        reason=found.reason,
        accept_url=accept,
        choose_url=choose,
        cancel_url=end,
    )


def is_said_of(session: Session, *, message: Message, appointment: Appointment, now: datetime) -> bool:
    """Whether what a message was left to propose is still held; a later proposal has a message of its own."""
    found = other_time(session, appointment=appointment, now=now)
    if found is None or found.held is None:
        return False
    return (found.row.id, found.attempt) == (message.version, message.copy)
