"""What is forgotten when its time is over, each kind by itself and piece by piece, so that no unit grows long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.retention import (
    ASKED,
    DAY_SHEETS,
    IMPORTS,
    INVITATIONS,
    JOURNAL_CLIENTS,
    JOURNAL_MONTHS,
    LAPSED_HOLDS,
    MISSES,
    STAFF_FAULTS,
    UNPROVED,
    UNSEEN,
    first_visit_with_contact,
    first_visit_with_name,
    months_from,
)
from booking.core.timespan import local_date
from booking.core.waiting import OfferState, WaitingState
from booking.models import (
    Appointment,
    AppointmentLine,
    Caution,
    Commune,
    ConfigurationFile,
    DaySheet,
    JournalEntry,
    LoginFailure,
    Membership,
    Message,
    Offer,
    StaffSession,
    Ticket,
    VisitImport,
    WaitingEntry,
)
from booking.usecases.erasure import erase_answers, erase_contacts, erase_names
from booking.usecases.invitations import forget_uninvited
from booking.usecases.statements import QUIETLY
from booking.usecases.temporary import end_temporary
from booking.usecases.waiting import end_entries

AT_ONCE = 500

# The conditions of the indexes that find these rows among all that were forgotten before.
CONTACT_IS_KNOWN = or_(
    Appointment.email.is_not(None),
    Appointment.phone.is_not(None),
    Appointment.contact_key.is_not(None),
    Appointment.helper_name.is_not(None),
    Appointment.needs.is_not(None),
)
NAME_IS_KNOWN = or_(Appointment.name.is_not(None), Appointment.name_search.is_not(None))
ANSWERS_ARE_KNOWN = or_(AppointmentLine.answers.is_not(None), AppointmentLine.ticked.is_not(None))
CLIENT_IS_KNOWN = JournalEntry.client.is_not(None)


def forget_contacts(session: Session, *, now: datetime) -> int:
    """Erase e-mail and phone, the helper and what was needed, what limits and letters kept of them, and what opened
    the visit: its link, its form.

    They go ``contact_days`` after the visit's local day, as the commune has set and its letters promise.
    """
    ids = visits_over(session, CONTACT_IS_KNOWN, lambda commune: first_with_contact(commune, now))
    if ids:
        erase_contacts(session, ids)
    return len(ids)


def first_with_contact(commune: Commune, now: datetime) -> date:
    return first_visit_with_contact(local_date(now, commune.zone), commune.contact_days)


def forget_names(session: Session, *, now: datetime) -> int:
    """Erase names ``name_months`` after the visit. The row stays, for the figures; nothing in it names anybody."""
    ids = visits_over(session, NAME_IS_KNOWN, lambda commune: first_with_name(commune, now))
    erase_names(session, ids)
    return len(ids)


def first_with_name(commune: Commune, now: datetime) -> date:
    return first_visit_with_name(local_date(now, commune.zone), commune.name_months)


def forget_answers(session: Session, *, now: datetime) -> int:
    """Erase answers and ticks as long after the visit as contacts are: they tell of somebody's life."""
    # Asked from the few lines that hold any: asked of each visit, every one of years would be read.
    known = Appointment.id.in_(select(AppointmentLine.appointment_id).where(ANSWERS_ARE_KNOWN))
    ids = visits_over(session, known, lambda commune: first_with_contact(commune, now))
    erase_answers(session, ids)
    return len(ids)


def visits_over(session: Session, known: ColumnElement[bool], first_kept: Callable[[Commune], date]) -> list[int]:
    """At most 500 visits of which something is ``known`` and that were before the first day each commune keeps.

    The oldest go first, in the order of the index that finds them.
    """
    ids: list[int] = []
    for commune in session.scalars(select(Commune).order_by(Commune.id)).all():
        over = select(Appointment.id).where(
            Appointment.commune_id == commune.id,
            Appointment.local_date < first_kept(commune),
            Appointment.state != AppointmentState.HELD,
            known,
        )
        ids += session.scalars(over.order_by(Appointment.local_date, Appointment.id).limit(AT_ONCE - len(ids)))
    # Two workers take the same rows in the same order, whatever their days.
    return sorted(ids)


def forget_holds(session: Session, *, now: datetime) -> int:
    """Delete public holds that lapsed a day ago, and times that rested; lines, claims and seats follow."""
    return sweep(
        session,
        Appointment.id,
        Appointment.state == AppointmentState.HELD,
        Appointment.hold_kind.in_((HoldKind.PUBLIC, HoldKind.RESTING)),
        Appointment.held_until <= now - LAPSED_HOLDS,
    )


def end_waiting(session: Session, *, now: datetime) -> int:
    """Take off the list for an earlier appointment whose last day is over; what named them goes at once."""
    ids: list[int] = []
    for commune in session.scalars(select(Commune).order_by(Commune.id)).all():
        over = select(WaitingEntry.id).where(
            WaitingEntry.commune_id == commune.id,
            WaitingEntry.state == WaitingState.LIVE,
            WaitingEntry.last_day < local_date(now, commune.zone),
        )
        ids += session.scalars(over.order_by(WaitingEntry.id).limit(AT_ONCE - len(ids)))
    if ids:
        end_entries(session, WaitingEntry.id.in_(sorted(ids)), state=WaitingState.LAPSED, now=now)
    return len(ids)


def forget_unproved(session: Session, *, now: datetime) -> int:
    """Delete what was asked of the list a day ago with an address that nobody proved."""
    return sweep(
        session,
        WaitingEntry.id,
        WaitingEntry.state == WaitingState.UNPROVED,
        WaitingEntry.created_at <= now - UNPROVED,
    )


def forget_asked(session: Session, *, now: datetime) -> int:
    """Blank whom an offer was made to, once it counts no longer among those of their day. The offer stays, a figure."""
    old = select(Offer.id).where(
        Offer.contact_key.is_not(None), Offer.day <= (now - ASKED).date(), Offer.state != OfferState.OPEN
    )
    ids = sorted(session.scalars(old.order_by(Offer.day).limit(AT_ONCE)))
    blanked = update(Offer).where(Offer.id.in_(ids)).values(contact_key=None)
    session.execute(blanked, execution_options=QUIETLY)
    return len(ids)


def forget_tickets(session: Session, *, now: datetime) -> int:
    """Blank what people without an appointment said of themselves, from the next day on; the ticket stays, a figure."""
    ids: list[int] = []
    for commune in session.scalars(select(Commune).order_by(Commune.id)).all():
        over = select(Ticket.id).where(
            Ticket.commune_id == commune.id,
            Ticket.local_date < local_date(now, commune.zone),
            or_(Ticket.name.is_not(None), Ticket.needs.is_not(None)),
        )
        ids += session.scalars(over.order_by(Ticket.local_date).limit(AT_ONCE - len(ids)))
    blanked = update(Ticket).where(Ticket.id.in_(sorted(ids))).values(name=None, needs=None)
    session.execute(blanked, execution_options=QUIETLY)
    return len(ids)


def forget_sheets(session: Session, *, now: datetime) -> int:
    """Delete the sheets of days that were over yesterday; the message that sent one goes with it."""
    return sweep(session, DaySheet.id, DaySheet.day <= now.date() - DAY_SHEETS)


def forget_faults_of_staff_letters(session: Session, *, now: datetime) -> int:
    """Blank what a mail server said about a letter to staff: it may name the address."""
    old = select(Message.id).where(
        Message.person_id.is_not(None), Message.fault.is_not(None), Message.settled_at <= now - STAFF_FAULTS
    )
    ids = list(session.scalars(old.limit(AT_ONCE)))
    session.execute(update(Message).where(Message.id.in_(ids)).values(fault=None), execution_options=QUIETLY)
    return len(ids)


def forget_imports(session: Session, *, now: datetime) -> int:
    """Delete the files with visits of another system that somebody brought along a day ago; the visits stay."""
    return sweep(session, VisitImport.id, VisitImport.created_at <= now - IMPORTS)


def forget_configurations(session: Session, *, now: datetime) -> int:
    """Delete the configurations that were brought along a day ago, applied or not."""
    return sweep(session, ConfigurationFile.id, ConfigurationFile.created_at <= now - IMPORTS)


def forget_cautions(session: Session, *, now: datetime) -> int:
    return sweep(session, Caution.id, Caution.expires_at <= now)


def forget_sessions(session: Session, *, now: datetime) -> int:
    return sweep(session, StaffSession.token_digest, StaffSession.seen_at <= now - UNSEEN)


def forget_invitations(session: Session, *, now: datetime) -> int:
    """Delete invitations that nobody accepted, and with them the address of whoever has no account."""
    some = select(Membership.id).where(Membership.invited_until <= now - INVITATIONS).limit(AT_ONCE)
    gone = delete(Membership).where(Membership.id.in_(some), Membership.invited_until <= now - INVITATIONS)
    invited = session.scalars(gone.returning(Membership.person_id), execution_options=QUIETLY).all()
    if invited:
        forget_uninvited(session, person_ids=sorted(set(invited)))
    return len(invited)


def forget_misses(session: Session, *, now: datetime) -> int:
    return sweep(session, LoginFailure.key, LoginFailure.at <= now - MISSES)


def forget_clients(session: Session, *, now: datetime) -> int:
    """Blank in the journal where an act came from; who did what to which row stays for the year."""
    old = select(JournalEntry.id).where(CLIENT_IS_KNOWN, JournalEntry.at <= now - JOURNAL_CLIENTS)
    ids = sorted(session.scalars(old.order_by(JournalEntry.at).limit(AT_ONCE)))
    blanked = update(JournalEntry).where(JournalEntry.id.in_(ids)).values(client=None)
    session.execute(blanked, execution_options=QUIETLY)
    return len(ids)


def forget_journal(session: Session, *, now: datetime) -> int:
    first_kept = datetime.combine(months_from(now.date(), -JOURNAL_MONTHS), time(0), UTC)
    return sweep(session, JournalEntry.id, JournalEntry.at < first_kept)


def letters_kept_from(session: Session, *, now: datetime) -> datetime:
    """Since when development keeps the letters it does not send: no longer than any commune keeps a contact."""
    days: int | None = session.scalar(select(func.min(Commune.contact_days)))
    return now - timedelta(days=days or 0)


def sweep(session: Session, key: Any, *over: ColumnElement[bool]) -> int:
    """Delete at most 500 of the rows that are over, and say how many."""
    some = select(key).where(*over).limit(AT_ONCE)
    # What is over is asked twice: a row may be saved while the statement waits for it.
    gone = delete(key.class_).where(key.in_(some), *over).returning(key)
    return len(session.scalars(gone, execution_options=QUIETLY).all())


KINDS: Mapping[str, Callable[..., int]] = {
    "contacts": forget_contacts,
    "names": forget_names,
    "answers": forget_answers,
    "holds": forget_holds,
    "waiting": end_waiting,
    "unproved": forget_unproved,
    "asked": forget_asked,
    "tickets": forget_tickets,
    "sheets": forget_sheets,
    "imports": forget_imports,
    "configurations": forget_configurations,
    "cautions": forget_cautions,
    "staff_faults": forget_faults_of_staff_letters,
    "staff_sessions": forget_sessions,
    "invitations": forget_invitations,
    "misses": forget_misses,
    "clients": forget_clients,
    "journal": forget_journal,
    "temporary_services": end_temporary,
}
"""What is forgotten or ended, by its kind: each takes at most 500 rows that are over at ``now`` and says how many."""
