"""The visits of a party, as they were booked under one helper."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment


def party_of(session: Session, *, appointment: Appointment) -> list[Appointment]:
    """Every visit of the party this one is of, itself too, cancelled or not, by their start; empty outside a party."""
    if appointment.party_key is None:
        return []
    own = (Appointment.commune_id == appointment.commune_id, Appointment.party_key == appointment.party_key)
    wanted = select(Appointment).where(*own).order_by(Appointment.start, Appointment.counter_id, Appointment.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))
