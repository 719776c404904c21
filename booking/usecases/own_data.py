"""What is kept about a person, told to that person: the row and what hangs on it, who looked, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from booking.core.retention import contact_kept_until, name_kept_until
from booking.core.roles import Role
from booking.core.seen import plain
from booking.models import (
    Appointment,
    AppointmentLine,
    Commune,
    JournalEntry,
    Message,
    Offer,
    Office,
    RebookedVisit,
    WaitingEntry,
)
from booking.models.messages import REMINDERS, MessageKind, MessageState
from booking.usecases.cautions import caution_of
from booking.usecases.statements import table_of

OURS = frozenset(
    {"commune_id", "office_id", "counter_id", "service_id", "appointment_id", "replaces_id", "id", "position"}
    | {"hold_key", "hold_kind", "held_until", "extensions", "nonce", "uid", "version", "sequence"}
    | {"contact_key", "name_search", "group_key", "party_key"}
    | {"entry_id", "freed_time_id", "n", "buffer_minutes"}
    | {"rebooking_id", "attempts"}
)
"""Columns that say nothing of a person: numbers of rows, keys that open something, what is made of another column."""

CONTACT = frozenset({"email", "phone"})


@dataclass(frozen=True)
class Look:
    """That somebody of the staff opened the visit, in which role and when; ``at_contact``: with the contact data."""

    role: Role
    at: datetime
    at_contact: bool


@dataclass(frozen=True)
class Sent:
    """A message about the visit: what it was for, when it went out or was left, and whether it has gone out."""

    kind: MessageKind
    at: datetime
    state: MessageState


@dataclass(frozen=True)
class Kept:
    """Everything that is kept about an appointment, and until when."""

    contact_until: date
    name_until: date
    looks: tuple[Look, ...]
    messages: tuple[Sent, ...]


def kept_about(session: Session, *, appointment: Appointment) -> Kept:
    """Who opened this visit, what was sent about it, and the last days of its contact and its name."""
    commune = session.get_one(Commune, appointment.commune_id)
    return Kept(
        contact_until=contact_kept_until(appointment.local_date, commune.contact_days),
        name_until=name_kept_until(appointment.local_date, commune.name_months),
        looks=looks_at(session, appointment=appointment),
        messages=messages_about(session, appointment=appointment),
    )


def looks_at(session: Session, *, appointment: Appointment) -> tuple[Look, ...]:
    """Looks of staff, the last one first; those of one role within a minute are one."""
    rows = session.execute(
        select(JournalEntry.role, JournalEntry.at, JournalEntry.fields)
        .where(
            JournalEntry.commune_id == appointment.commune_id,
            JournalEntry.subject == "appointment",
            JournalEntry.subject_id == appointment.id,
            JournalEntry.act == "looked",
        )
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
    )
    looks: dict[tuple[Role, datetime], bool] = {}
    for role, at, fields in rows:
        minute = (role or Role.AGENT, at.replace(second=0, microsecond=0))
        looks[minute] = looks.get(minute, False) or not CONTACT.isdisjoint(fields.split(","))
    return tuple(Look(role, at, at_contact) for (role, at), at_contact in looks.items())


def messages_about(session: Session, *, appointment: Appointment) -> tuple[Sent, ...]:
    """In the order they went out, without what was never sent: what was overtaken, reminders that wait their moment."""
    at = func.coalesce(Message.settled_at, Message.created_at)
    rows = session.execute(
        select(Message.kind, at, Message.state)
        .where(
            Message.appointment_id == appointment.id,
            Message.commune_id == appointment.commune_id,
            Message.state != MessageState.DROPPED,
            or_(Message.kind.not_in(REMINDERS), Message.state != MessageState.QUEUED),
        )
        .order_by(at, Message.id)
    )
    return tuple(dict.fromkeys(Sent(*row) for row in rows))


def written_out(session: Session, *, appointment: Appointment, now: datetime) -> dict[str, Any]:
    """All of it in plain values, ready to be written as JSON; moments are UTC."""
    lines = session.scalars(
        select(AppointmentLine)
        .where(AppointmentLine.commune_id == appointment.commune_id, AppointmentLine.appointment_id == appointment.id)
        .order_by(AppointmentLine.position)
    )
    kept = kept_about(session, appointment=appointment)
    caution = caution_of(session, appointment=appointment, now=now)
    office = session.get_one(Office, appointment.office_id)
    return {
        "appointment": told(appointment, table_of(Appointment)),
        "office": {"name": in_plain(office.name), "address": in_plain(office.address)},
        "services": [told(line, table_of(AppointmentLine)) for line in lines],
        "messages": [in_plain(one) for one in kept.messages],
        "looks": [in_plain(one) for one in kept.looks],
        "received_by_two_colleagues": in_plain(caution) if caution else None,
        "earlier_times": [told(one, table_of(Offer)) for one in offers_to(session, appointment=appointment)],
        "other_times": [told(one, table_of(RebookedVisit)) for one in asked_about(session, appointment=appointment)],
        "kept_until": {"contact": kept.contact_until.isoformat(), "name": kept.name_until.isoformat()},
    }


def offers_to(session: Session, *, appointment: Appointment) -> Sequence[Offer]:
    """The earlier times that were offered to whoever has this visit, in the order they were."""
    theirs = (Offer.commune_id == WaitingEntry.commune_id) & (Offer.entry_id == WaitingEntry.id)
    return session.scalars(
        select(Offer)
        .join(WaitingEntry, theirs)
        .where(WaitingEntry.commune_id == appointment.commune_id, WaitingEntry.appointment_id == appointment.id)
        .order_by(Offer.offered_at, Offer.id)
    ).all()


def asked_about(session: Session, *, appointment: Appointment) -> Sequence[RebookedVisit]:
    """The other times that were proposed because hours changed, and what became of each, in the order they were."""
    mine = (RebookedVisit.commune_id == appointment.commune_id, RebookedVisit.appointment_id == appointment.id)
    return session.scalars(select(RebookedVisit).where(*mine).order_by(RebookedVisit.id)).all()


def told(row: object, table: Table) -> dict[str, Any]:
    """What a row says of a person; what is empty is left out."""
    columns = (column.key for column in table.columns if column.key not in OURS)
    said = {name: in_plain(getattr(row, name)) for name in columns}
    return {name: value for name, value in said.items() if value not in (None, "", {}, [])}


def in_plain(value: object) -> Any:
    """A value that JSON knows."""
    found = plain(value)
    if isinstance(found, dict):
        return {name: in_plain(one) for name, one in found.items()}
    if isinstance(found, list):
        return [in_plain(one) for one in found]
    if isinstance(found, bool | int | None) or type(found) is str:
        return found
    return found.isoformat() if hasattr(found, "isoformat") else str(found)
