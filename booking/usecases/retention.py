"""What is forgotten when its time is over. Each call does a bounded piece, so that no unit grows long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.references import new_key
from booking.core.retention import (
    JOURNAL_MONTHS,
    LAPSED_HOLDS,
    MISSES,
    STAFF_FAULTS,
    UNSEEN,
    first_visit_with_contact,
    first_visit_with_name,
    months_from,
)
from booking.core.timespan import local_date
from booking.models import Appointment, Commune, JournalEntry, LoginFailure, Message, Seat, StaffSession

AT_ONCE = 500
QUIETLY = {"synchronize_session": False}


def forget(session: Session, *, now: datetime) -> dict[str, int]:
    """Erase what is over, at most 500 rows of each kind; call again until every count is 0.

    Contact data go ``contact_days`` after the visit's local day and names after ``name_months``, as the
    commune has set and its letters promise. The row stays, for the figures; nothing in it names anybody.
    """
    counts = {"contacts": 0, "names": 0}
    for commune in session.scalars(select(Commune)).all():
        counts["contacts"] += forget_contacts(session, commune, now=now, most=AT_ONCE - counts["contacts"])
        counts["names"] += forget_names(session, commune, now=now, most=AT_ONCE - counts["names"])
    counts["holds"] = forget_holds(session, now=now)
    counts["staff_faults"] = forget_faults_of_staff_letters(session, now=now)
    counts["staff_sessions"] = sweep(session, StaffSession.token_digest, StaffSession.seen_at <= now - UNSEEN)
    counts["misses"] = sweep(session, LoginFailure.key, LoginFailure.at <= now - MISSES)
    counts["journal"] = forget_journal(session, now=now)
    return counts


def forget_contacts(session: Session, commune: Commune, *, now: datetime, most: int) -> int:
    """Erase e-mail and phone, what limits and letters kept of them, and what opened the visit: its link, its form."""
    first_kept = first_visit_with_contact(local_date(now, commune.zone), commune.contact_days)
    known = or_(Appointment.email.is_not(None), Appointment.phone.is_not(None), Appointment.contact_key.is_not(None))
    ids = oldest(session, visits_before(commune, first_kept).where(known), most)
    if ids:
        erased = {"email": None, "phone": None, "contact_key": None}
        session.execute(update(Appointment), [{"id": one, **new_keys(), **erased} for one in ids])
        session.execute(delete(Seat).where(Seat.appointment_id.in_(ids)), execution_options=QUIETLY)
        faults = update(Message).where(Message.appointment_id.in_(ids), Message.fault.is_not(None))
        session.execute(faults.values(fault=None), execution_options=QUIETLY)
    return len(ids)


def new_keys() -> dict[str, str]:
    return {"nonce": new_key(), "hold_key": new_key()}


def forget_names(session: Session, commune: Commune, *, now: datetime, most: int) -> int:
    first_kept = first_visit_with_name(local_date(now, commune.zone), commune.name_months)
    known = or_(Appointment.name.is_not(None), Appointment.name_search.is_not(None))
    ids = oldest(session, visits_before(commune, first_kept).where(known), most)
    named = update(Appointment).where(Appointment.id.in_(ids))
    session.execute(named.values(name=None, name_search=None), execution_options=QUIETLY)
    return len(ids)


def visits_before(commune: Commune, first_kept: date) -> Select[Any]:
    return select(Appointment.id).where(
        Appointment.commune_id == commune.id,
        Appointment.local_date < first_kept,
        Appointment.state != AppointmentState.HELD,
    )


def oldest(session: Session, wanted: Select[Any], most: int) -> list[int]:
    return list(session.scalars(wanted.order_by(Appointment.id).limit(max(most, 0))))


def forget_holds(session: Session, *, now: datetime) -> int:
    """Delete public holds that lapsed a day ago; lines, claims and seats follow."""
    return sweep(
        session,
        Appointment.id,
        Appointment.state == AppointmentState.HELD,
        Appointment.hold_kind == HoldKind.PUBLIC,
        Appointment.held_until <= now - LAPSED_HOLDS,
    )


def forget_faults_of_staff_letters(session: Session, *, now: datetime) -> int:
    """Blank what a mail server said about a letter to staff: it may name the address."""
    old = select(Message.id).where(
        Message.person_id.is_not(None), Message.fault.is_not(None), Message.settled_at <= now - STAFF_FAULTS
    )
    ids = list(session.scalars(old.limit(AT_ONCE)))
    session.execute(update(Message).where(Message.id.in_(ids)).values(fault=None), execution_options=QUIETLY)
    return len(ids)


def forget_journal(session: Session, *, now: datetime) -> int:
    first_kept = datetime.combine(months_from(now.date(), -JOURNAL_MONTHS), time(0), UTC)
    return sweep(session, JournalEntry.id, JournalEntry.at < first_kept)


def sweep(session: Session, key: Any, *over: ColumnElement[bool]) -> int:
    """Delete at most 500 of the rows that are over, and say how many."""
    some = select(key).where(*over).limit(AT_ONCE)
    # What is over is asked twice: a row may be saved while the statement waits for it.
    gone = delete(key.class_).where(key.in_(some), *over).returning(key)
    return len(session.scalars(gone, execution_options=QUIETLY).all())
