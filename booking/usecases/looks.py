"""Looking at a visit or its contact data: whoever does is written down, in the unit that lets them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Unknown
from booking.models import Appointment, JournalEntry
from booking.usecases.journal import Actor, note
from booking.usecases.visits import in_offices

ONE_LOOK = timedelta(minutes=10)
"""Whoever goes back and forth between a visit and the agenda for so long has looked once."""


@dataclass(frozen=True)
class Contact:
    """How to reach somebody and whoever books for them; phones are E.164. All are ``None`` once they were erased."""

    email: str | None
    phone: str | None
    helper_email: str | None = None
    helper_phone: str | None = None


def look_up_contact(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    actor: Actor,
    now: datetime,
) -> Contact:
    """The contact of a visit, and a line in the journal that somebody looked. Raises ``Unknown``."""
    reach = (Appointment.email, Appointment.phone, Appointment.helper_email, Appointment.helper_phone)
    wanted = select(*reach).where(
        *in_offices(commune_id, office_ids),
        Appointment.id == appointment_id,
        Appointment.state != AppointmentState.HELD,
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise Unknown
    note_looks(session, commune_id=commune_id, appointment_ids=(appointment_id,), actor=actor, now=now)
    return Contact(*found)


def note_looks(
    session: Session,
    *,
    commune_id: int,
    appointment_ids: Iterable[int],
    actor: Actor,
    now: datetime,
    fields: Iterable[str] = ("email", "phone"),
) -> None:
    """Write down that somebody saw contact data of these visits."""
    for appointment_id in appointment_ids:
        note(
            session,
            actor,
            commune_id=commune_id,
            act="looked",
            subject="appointment",
            subject_id=appointment_id,
            fields=fields,
            now=now,
        )


def note_opening(
    session: Session, *, commune_id: int, appointment_ids: Collection[int], actor: Actor, now: datetime
) -> None:
    """Write down that somebody opened these visits, once in ``ONE_LOOK`` for each of them and each person."""
    lately = select(JournalEntry.subject_id).where(
        JournalEntry.commune_id == commune_id,
        JournalEntry.subject == "appointment",
        JournalEntry.subject_id.in_(appointment_ids),
        JournalEntry.act == "looked",
        JournalEntry.person_id == actor.person_id,
        JournalEntry.at > now - ONE_LOOK,
    )
    known = set(session.scalars(lately))
    opened = [number for number in appointment_ids if number not in known]
    note_looks(session, commune_id=commune_id, appointment_ids=opened, actor=actor, now=now, fields=("name",))
