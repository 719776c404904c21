"""What became of a visit, for whoever looks at it: by which role it was booked, moved or cancelled last, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.self_service import WhyCancelled
from booking.core.translated import Translated
from booking.models import Appointment, JournalEntry

TOLD = ("booked", "moved", "restored", "cancelled")


@dataclass(frozen=True)
class Change:
    """What was done, when, and by which role; without a role the system did it, or nobody knows any more."""

    act: str
    at: datetime
    role: Role | None


@dataclass(frozen=True)
class Changes:
    """The last change of each kind, in the order of time; of a cancelled visit, what was said of it.

    ``reason`` is the commune's, ``why`` what the person chose.
    """

    changes: tuple[Change, ...]
    reason: Translated | None
    why: WhyCancelled | None


def changes_of(session: Session, *, appointment: Appointment) -> Changes:
    """A cancellation that was taken back is no longer told as one."""
    rows = session.execute(
        select(JournalEntry.act, JournalEntry.at, JournalEntry.role)
        .where(
            JournalEntry.commune_id == appointment.commune_id,
            JournalEntry.subject == "appointment",
            JournalEntry.subject_id == appointment.id,
            JournalEntry.act.in_(TOLD),
        )
        .order_by(JournalEntry.at, JournalEntry.id)
    )
    last = {act: Change(act, at, role) for act, at, role in rows}
    is_cancelled = appointment.state == AppointmentState.CANCELLED
    if is_cancelled:
        # Of what the journal has forgotten, the row still knows the moment.
        if appointment.cancelled_at and "cancelled" not in last:
            last["cancelled"] = Change("cancelled", appointment.cancelled_at, None)
    else:
        last.pop("cancelled", None)
    return Changes(
        tuple(sorted(last.values(), key=lambda one: one.at)),
        appointment.cancel_reason if is_cancelled else None,
        appointment.why_cancelled if is_cancelled else None,
    )
