"""Whether the installation can work: a database that takes writes, and post that leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, false, func, select
from sqlalchemy.orm import Session

from booking.models import LoginFailure, Message
from booking.models.messages import IS_WAITING

NOTHING = delete(LoginFailure).where(false())


def write_nothing(session: Session) -> None:
    """Raises what the database says when it takes no writes: it refuses even a statement that changes nothing."""
    session.execute(NOTHING)


def seconds_late(session: Session, *, now: datetime) -> int:
    """How long the oldest message that should have left has been waiting; 0 when none has."""
    due = select(func.min(Message.due_at)).where(IS_WAITING, Message.due_at <= now)
    oldest = session.scalar(due)
    return int((now - oldest).total_seconds()) if oldest else 0
