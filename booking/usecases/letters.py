"""The facts of a letter, read from the rows as they are now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.letters import Letter, LetterKind, OtherVisit, PartyVisit, VisitLetter
from booking.core.message_texts import AS_EVERYWHERE, Wording
from booking.core.references import link_token, short_token
from booking.core.retention import contact_kept_until
from booking.core.translated import Translated
from booking.models import Appointment, Commune, Message, Office
from booking.models.messages import ENDINGS, REMINDERS, TAKING_PLACE, MessageKind, MessageState, Recipient
from booking.usecases.alerts import CAUSES, alert_letter
from booking.usecases.groups import others_of
from booking.usecases.letter_facts import addresses, commune_facts, lines_told, message_id, office_facts
from booking.usecases.list_letters import list_letter
from booking.usecases.message_texts import wording_of
from booking.usecases.papers import lists_of
from booking.usecases.party_visits import party_of
from booking.usecases.proposal_letters import is_said_of, proposal_told
from booking.usecases.rebooked import has_open
from booking.usecases.samples import test_letter
from booking.usecases.sheet_letters import sheet_letter
from booking.usecases.staff_letters import staff_letter


def visit_letter(
    session: Session,
    *,
    appointment: Appointment,
    base_url: str,
    secret: str = "",
    kind: LetterKind = LetterKind.CONFIRMATION,
    number: int = 0,
    recipient: Recipient = Recipient.PERSON,
    moved_from: datetime | None = None,
    wording: Wording = AS_EVERYWHERE,
    now: datetime | None = None,
) -> VisitLetter:
    """What is true of an appointment now. Without ``secret`` it holds no link (the page is open already)."""
    to_helper = recipient == Recipient.HELPER
    commune = session.get_one(Commune, appointment.commune_id)
    office = session.get_one(Office, appointment.office_id)
    lists = lists_of(session, appointment=appointment)
    token = link_token(secret, "appointment", appointment.nonce) if secret else ""
    path = f"/appointment/open/{token}" if secret else "/find"
    short = f"/a/{short_token(token)}" if secret else "/find"
    language = appointment.language or commune.first_language
    booked_at = appointment.booked_at or appointment.created_at
    others = others_of(session, commune_id=commune.id, appointment_id=appointment.id)
    return VisitLetter(
        kind=kind,
        message_id=message_id(base_url, number),
        language=language,
        help_language=appointment.help_language,
        recipient=(appointment.helper_email if to_helper else appointment.email) or "",
        phone=(appointment.helper_phone if to_helper else appointment.phone) or "",
        name=appointment.name or "",
        helper_name=appointment.helper_name or "",
        is_for_helper=to_helper,
        needs=appointment.needs or frozenset(),
        moved_from=moved_from.astimezone(office.zone) if moved_from and moved_from != appointment.start else None,
        commune=commune_facts(session, commune=commune, base_url=base_url, language=language),
        office=office_facts(office),
        day=appointment.local_date,
        wall=appointment.wall_time,
        start=appointment.start,
        end=appointment.over_at,
        zone=office.zone_key,
        lines=lines_told(session, lists, appointment.local_date),
        reference=appointment.reference or "",
        manage_url=addresses(session, commune_id=commune.id, base_url=base_url, path=path, language=language),
        uid=appointment.uid,
        sequence=appointment.sequence,
        stamped_at=now or booked_at,
        created_at=booked_at,
        changed_at=appointment.cancelled_at or appointment.changed_at or booked_at,
        kept_until=contact_kept_until(appointment.local_date, commune.contact_days),
        is_sensitive=any(one.service.is_sensitive for one in lists),
        reason=appointment.cancel_reason or Translated({}),
        others=tuple(other_visit(session, other) for other in others),
        party=party_told(session, appointment) if to_helper else (),
        proposal=proposal_told(
            session, appointment=appointment, base_url=base_url, path=path, language=language, now=now
        )
        if kind == LetterKind.REBOOKING and now
        else None,
        asks_coming=appointment.coming_at is None and any(one.service.asks_coming for one in lists),
        coming_url=addresses(
            session, commune_id=commune.id, base_url=base_url, path=f"{path}/coming", language=language
        )
        if secret
        else Translated({}),
        short_url=addresses(session, commune_id=commune.id, base_url=base_url, path=short, language=language),
        wording=wording,
    )


def party_told(session: Session, appointment: Appointment) -> tuple[PartyVisit, ...]:
    return tuple(
        PartyVisit(
            one.local_date, one.wall_time, one.name or "", one.reference or "", one.state == AppointmentState.CANCELLED
        )
        for one in party_of(session, appointment=appointment)
    )


def other_visit(session: Session, appointment: Appointment) -> OtherVisit:
    lines = lines_told(session, lists_of(session, appointment=appointment), appointment.local_date)
    return OtherVisit(
        day=appointment.local_date,
        wall=appointment.wall_time,
        office=session.get_one(Office, appointment.office_id).name,
        services=tuple(line.service for line in lines),
        reference=appointment.reference or "",
        is_cancelled=appointment.state == AppointmentState.CANCELLED,
        lines=lines,
    )


def letter_for(session: Session, *, message_number: int, base_url: str, secret: str, now: datetime) -> Letter | None:
    """The letter a message stands for, or ``None`` when it was overtaken: cancelled, corrected, erased, deleted."""
    message = session.get(Message, message_number)
    if message is None:
        return None
    if message.kind == MessageKind.TEXT_TEST:
        return test_letter(session, message=message, base_url=base_url, now=now)
    if message.kind in CAUSES:
        return alert_letter(session, message=message, base_url=base_url, now=now)
    if message.person_id is not None:
        return staff_letter(session, message=message, base_url=base_url, secret=secret, now=now)
    if message.kind == MessageKind.DAY_SHEET:
        return sheet_letter(session, message=message, base_url=base_url, now=now)
    if message.waiting_entry_id is not None:
        return list_letter(session, message=message, base_url=base_url, secret=secret, now=now)
    appointment = session.get(Appointment, message.appointment_id)
    if appointment is None or not is_still_true(session, message, appointment, now):
        return None
    if is_out_of_reach(appointment, message.recipient):
        return None
    return visit_letter(
        session,
        appointment=appointment,
        base_url=base_url,
        secret=secret,
        kind=message.kind.letter,
        number=message.id,
        recipient=message.recipient,
        moved_from=message.moved_from,
        wording=wording_of(session, commune_id=appointment.commune_id, kind=message.kind.letter),
        now=now,
    )


def is_still_true(session: Session, message: Message, appointment: Appointment, now: datetime) -> bool:
    """Whether what a message was left to say is so, and nobody else says it more truly."""
    if message.kind == MessageKind.REBOOKING:
        is_held = is_said_of(session, message=message, appointment=appointment, now=now)
        return is_held and is_so(message, appointment, now)
    if message.kind in REMINDERS and has_open(session, appointment=appointment):
        # Nobody is reminded of a time that the commune cannot keep.
        return False
    return is_so(message, appointment, now) and (bool(message.copy) or not has_successor(session, message, now))


def is_so(message: Message, appointment: Appointment, now: datetime) -> bool:
    """Whether what a message was left to say is true of the appointment now.

    A reminder is of one start: of a visit that was moved or has begun there is nothing to remind of.
    """
    if message.kind.letter.ends_the_visit:
        is_true = appointment.state == AppointmentState.CANCELLED
    else:
        is_true = appointment.state == AppointmentState.BOOKED
    if message.kind == MessageKind.PAUSED:
        # Whoever has moved it since is no longer disturbed.
        is_true = is_true and appointment.disturbed_at is not None and not has_begun(appointment.start, now)
    if message.of_start is not None:
        is_true = is_true and message.of_start == appointment.start and not has_begun(appointment.start, now)
    return is_true


def is_out_of_reach(appointment: Appointment, recipient: Recipient) -> bool:
    """Whether there is no way to a person any more, or none of their own because whoever helps them is told."""
    if recipient == Recipient.HELPER:
        return not (appointment.helper_email or appointment.helper_phone)
    has_others = appointment.helper_name is not None or appointment.name is None
    return has_others and not (appointment.email or appointment.phone)


def has_successor(session: Session, message: Message, now: datetime) -> bool:
    """Whether a later letter says the same, more truly: the contact was corrected meanwhile, or the visit moved.

    Each letter tells what is true when it is written, so of those that say the visit takes place the last is enough,
    and so it is of those that say it does not. Of two reminders that are both due, because no worker ran for days,
    only the one nearer to the visit is sent.
    """
    alike = next((kinds for kinds in (TAKING_PLACE, ENDINGS) if message.kind in kinds), (message.kind,))
    says_the_same = and_(Message.kind.in_(alike), Message.id > message.id)
    if message.kind in REMINDERS:
        nearer = REMINDERS[REMINDERS.index(message.kind) + 1 :]
        is_due = and_(Message.kind.in_(nearer), Message.of_start == message.of_start, Message.due_at <= now)
        says_the_same = or_(says_the_same, and_(is_due, Message.state != MessageState.DROPPED))
    later = select(Message.id).where(
        Message.appointment_id == message.appointment_id,
        Message.recipient == message.recipient,
        Message.copy == 0,
        says_the_same,
    )
    return session.scalars(later.limit(1)).first() is not None
