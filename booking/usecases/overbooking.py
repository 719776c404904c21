"""Knowing overbooking: staff give an extra lane when nothing else is free, and it is written down that they did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.availability import Asked
from booking.core.errors import RoleMissing
from booking.core.roles import Role
from booking.models import Appointment, Counter
from booking.models.offices import CounterKind
from booking.usecases.journal import Actor, note

OVERBOOKED = Asked(for_staff=True, extra=True)
OVERBOOKING = frozenset({Role.AGENT, Role.ADMINISTRATOR})
"""Who may give more than there is. The reception may not."""


def check_may_have(asked: Asked, actor: Actor) -> None:
    """Raises ``RoleMissing`` when an extra lane is asked for by somebody who may not give it."""
    if asked.extra and actor.role not in OVERBOOKING:
        raise RoleMissing


def note_overbooked(session: Session, *, commune_id: int, appointment_id: int, actor: Actor, now: datetime) -> bool:
    """Write down that a visit was given an extra lane, if it was; says whether."""
    wanted = (
        select(Counter.kind)
        .join(Appointment, (Appointment.commune_id == Counter.commune_id) & (Appointment.counter_id == Counter.id))
        .where(Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    )
    is_extra = session.scalars(wanted).one() == CounterKind.EXTRA
    if is_extra:
        this = {"commune_id": commune_id, "subject": "appointment", "subject_id": appointment_id}
        note(session, actor, act="overbooked", fields=("counter_id",), **this, now=now)  # type: ignore[arg-type]
    return is_extra
