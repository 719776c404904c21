"""The name behind an appointment: fixed once booked, but for a slip of the person and what an agent knows better."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import Channel, has_begun
from booking.core.contacts import contact_keys
from booking.core.errors import NameCorrected, NameIsFixed, OutOfDate, Unknown, VisitBegun
from booking.core.names import is_slip, letters_apart
from booking.core.text import folded
from booking.models import Appointment
from booking.usecases.appointments import SEARCHED, still_as_seen
from booking.usecases.groups import booked_after
from booking.usecases.journal import Actor, note
from booking.usecases.limits import MOST_HELPED, OF_PERSON, PERSON, free_seats, take_seats_of_contact
from booking.usecases.statements import QUIETLY


def correct_slip(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    name: str,
    per_contact: int,
    per_helper: int = MOST_HELPED,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the name as it was meant, two letters apart at most and once: a time is not passed on under another name.

    What differs in accents, capitals or order alone does not count as that once. Raises ``NameIsFixed``,
    ``NameCorrected``, ``OutOfDate``, ``VisitBegun``, ``AlreadyBooked`` or ``TooManyAppointments``.
    """
    given = session.get(Appointment, appointment_id)
    if given is None or given.name is None:
        raise OutOfDate
    if not is_slip(given.name, name):
        raise NameIsFixed
    counts = letters_apart(given.name, name) > 0
    if counts and given.name_corrected_at is not None:
        raise NameCorrected
    changed = session.execute(
        update(Appointment)
        .where(
            *still_as_seen(commune_id, appointment_id, version),
            # Of two corrections that meet, the second was made from another name.
            Appointment.name == given.name,
        )
        .values(written(name) | {"name_corrected_at": now if counts else Appointment.name_corrected_at})
        .returning(Appointment.id, Appointment.start),
        execution_options=QUIETLY,
    ).one_or_none()
    if changed is None:
        raise OutOfDate
    if has_begun(changed.start, now):
        raise VisitBegun
    if given.channel == Channel.ONLINE:
        free_seats(session, commune_id=commune_id, appointment_ids=[appointment_id], kinds=OF_PERSON)
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=appointment_id,
            name=name,
            contacts=contact_keys(given.email, given.phone),
            per_contact=per_contact,
            helpers=contact_keys(given.helper_email, given.helper_phone),
            per_helper=per_helper,
            beside=booked_after(session, commune_id=commune_id, appointment_id=appointment_id),
            now=now,
        )
    journalled(session, actor, commune_id=commune_id, appointment_id=appointment_id, now=now)


def correct_name(
    session: Session,
    *,
    commune_id: int,
    office_ids: Collection[int],
    appointment_id: int,
    version: int,
    name: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write another name, as an agent who has seen the person's papers; no limit counts the new one.

    A name that was erased stays so. Raises ``Unknown`` outside these offices, or ``OutOfDate``.
    """
    this = (Appointment.commune_id == commune_id, Appointment.id == appointment_id)
    known = (Appointment.office_id.in_(office_ids), Appointment.name.is_not(None))
    changed = session.execute(
        update(Appointment)
        .where(*this, *known, Appointment.version == version)
        .values(written(name))
        .returning(Appointment.id),
        execution_options=QUIETLY,
    ).one_or_none()
    if changed is None:
        raise OutOfDate if session.scalars(select(Appointment.id).where(*this, *known)).first() else Unknown
    free_seats(session, commune_id=commune_id, appointment_ids=[appointment_id], kinds=(PERSON,))
    journalled(session, actor, commune_id=commune_id, appointment_id=appointment_id, now=now)


def written(name: str) -> dict[str, Any]:
    """What a row says of a name, and that it has changed."""
    return {"name": name, "name_search": folded(name)[:SEARCHED], "version": Appointment.version + 1}


def journalled(session: Session, actor: Actor, *, commune_id: int, appointment_id: int, now: datetime) -> None:
    note(
        session,
        actor,
        commune_id=commune_id,
        act="changed",
        subject="appointment",
        subject_id=appointment_id,
        fields=("name",),
        now=now,
    )
