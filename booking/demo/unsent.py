"""What the use-cases would tell the demonstration's own people: it stays here, as history, and is never sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.models import Message
from booking.models.messages import REMINDERS, MessageKind, MessageState


def keep_unsent(
    session: Session, *, appointment_ids: Collection[int] = (), entry_ids: Collection[int] = (), now: datetime
) -> None:
    """Settle what these people were left in the outbox, in the unit that left it: no worker ever sees it.

    It counts as told at its moment; a reminder that is still to come is taken out.
    """
    theirs = or_(Message.appointment_id.in_(appointment_ids), Message.waiting_entry_id.in_(entry_ids))
    left = select(Message.id).where(theirs, Message.state == MessageState.QUEUED)
    session.execute(delete(Message).where(Message.id.in_(left), Message.kind.in_(REMINDERS), Message.due_at > now))
    told_at = case((Message.due_at > now, now), else_=Message.due_at)
    # Whom no offer has reached is not written to when it is over.
    state = case((Message.kind == MessageKind.LIST_OFFER, MessageState.DROPPED), else_=MessageState.SENT)
    told = update(Message).where(Message.id.in_(left))
    session.execute(told.values(state=state, settled_at=told_at, attempts=1))
