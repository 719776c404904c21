"""What was said to whom, and what became of it; and saying it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session, aliased

from booking.core.contacts import masked
from booking.core.errors import NothingToSend, SentEnough, Unknown
from booking.models import Appointment, DaySheet, Message, Office, Person, WaitingEntry
from booking.models.messages import MessageKind, MessageState, Recipient
from booking.usecases.journal import Actor, note
from booking.usecases.letters import is_out_of_reach, is_so
from booking.usecases.messages import queued

PART = 50
"""So many are shown at once."""

A_DAY = timedelta(hours=24)
WAITING = (MessageState.QUEUED, MessageState.LEASED)
LISTED = aliased(Appointment)

REPEATABLE = frozenset(MessageKind) - {MessageKind.REBOOKING}
"""A proposal is told once: its page has it as a letter, and the next proposal has a message of its own."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which messages are looked for: of a kind, with a result, in a language, before the one with a number."""

    kind: MessageKind | None = None
    state: MessageState | None = None
    language: str | None = None
    before: int | None = None


@dataclass(frozen=True)
class Logged:
    """A message as the log shows it: to whom in a mask, about which visit if any, and what became of it.

    ``to_helper``: it went to whoever made the appointment for somebody else. ``may_repeat``: it can be sent again, if
    what it said is still so.
    """

    message: Message
    to: str
    language: str
    to_helper: bool
    may_repeat: bool

    @property
    def at(self) -> datetime:
        """When it was settled, or will be tried."""
        return self.message.settled_at or self.message.due_at


def logged(session: Session, *, commune_id: int, wanted: Wanted) -> tuple[Sequence[Logged], int | None]:
    """The newest messages of a commune that are looked for, and the number below which there are more, if any."""
    rows = session.execute(found(commune_id, wanted).limit(PART + 1)).all()
    shown = [seen(*row) for row in rows[:PART]]
    return shown, shown[-1].message.id if len(rows) > PART else None


def found(commune_id: int, wanted: Wanted) -> Select[Message, Appointment, WaitingEntry, Appointment, Person, Office]:
    columns = (Message, Appointment, WaitingEntry, LISTED, Person, Office)
    log = (
        select(*columns)
        .outerjoin(Appointment, Appointment.id == Message.appointment_id)
        .outerjoin(WaitingEntry, WaitingEntry.id == Message.waiting_entry_id)
        .outerjoin(LISTED, LISTED.id == WaitingEntry.appointment_id)
        .outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(DaySheet, DaySheet.id == Message.day_sheet_id)
        .outerjoin(Office, Office.id == DaySheet.office_id)
        .where(Message.commune_id == commune_id)
        .order_by(Message.id.desc())
    )
    if wanted.kind is not None:
        log = log.where(Message.kind == wanted.kind)
    if wanted.state is not None:
        log = log.where(Message.state == wanted.state)
    if wanted.before is not None:
        log = log.where(Message.id < wanted.before)
    if wanted.language is not None:
        spoken = func.coalesce(Appointment.language, LISTED.language, WaitingEntry.language, Person.language)
        log = log.where(spoken == wanted.language)
    return log


def seen(
    message: Message,
    appointment: Appointment | None,
    entry: WaitingEntry | None,
    listed: Appointment | None,
    person: Person | None,
    office: Office | None,
) -> Logged:
    who = appointment or listed or entry
    to_helper = message.recipient == Recipient.HELPER
    if to_helper and appointment is not None:
        to = masked(appointment.helper_email, appointment.helper_phone)
    elif who is not None:
        to = masked(who.email, who.phone)
    else:
        to = masked(person.email if person else office.sheet_by_mail if office else None, None)
    language = (who.language if who else person.language if person else None) or ""
    can_repeat = message.kind in REPEATABLE and message.state not in WAITING
    may_repeat = appointment is not None and can_repeat and bool(to)
    return Logged(message, to, language, to_helper, may_repeat)


def send_again(session: Session, *, commune_id: int, message_id: int, limit: int, actor: Actor, now: datetime) -> None:
    """Leave a message about an appointment once more, to the same person or helper, as a copy with a number of its own.

    It says what is true when it is written. While one is on its way, the same wish finds that one. Raises ``Unknown``,
    ``NothingToSend`` when what it said is no longer so or there is no way to the person, or ``SentEnough`` when they
    were sent ``limit`` copies within a day.
    """
    message = session.get(Message, message_id)
    if message is None or message.commune_id != commune_id or message.appointment_id is None:
        raise Unknown
    if message.kind not in REPEATABLE:
        raise NothingToSend
    # The appointment's row is taken, so that copies are counted and numbered by one at a time.
    taken = select(Appointment).where(Appointment.id == message.appointment_id).with_for_update()
    appointment = session.scalars(taken, execution_options={"populate_existing": True}).one()
    if message.state in WAITING or not is_so(message, appointment, now) or not reaches(appointment, message.recipient):
        raise NothingToSend
    if has_copy_on_its_way(session, message):
        return
    if copies_of_a_day(session, message, now=now) >= limit:
        raise SentEnough(limit=limit)
    leave_copy(session, message, appointment, now=now)
    note(
        session,
        actor,
        commune_id=commune_id,
        act="sent-again",
        subject="appointment",
        subject_id=appointment.id,
        fields=(message.kind.value,),
        now=now,
    )


def reaches(appointment: Appointment, recipient: Recipient) -> bool:
    if recipient == Recipient.HELPER:
        return bool(appointment.helper_email or appointment.helper_phone)
    return bool(appointment.email or appointment.phone) and not is_out_of_reach(appointment, recipient)


def has_copy_on_its_way(session: Session, message: Message) -> bool:
    alike = select(Message.id).where(
        Message.appointment_id == message.appointment_id,
        Message.recipient == message.recipient,
        Message.kind == message.kind,
        Message.copy > 0,
        Message.state.in_(WAITING),
    )
    return session.scalars(alike.limit(1)).first() is not None


def copies_of_a_day(session: Session, message: Message, *, now: datetime) -> int:
    lately = select(func.count()).where(
        Message.appointment_id == message.appointment_id,
        Message.recipient == message.recipient,
        Message.copy > 0,
        Message.created_at > now - A_DAY,
    )
    return session.scalar(lately) or 0


def leave_copy(session: Session, message: Message, appointment: Appointment, *, now: datetime) -> None:
    alike = (Message.appointment_id == appointment.id, Message.kind == message.kind)
    last = session.scalar(select(func.max(Message.copy)).where(*alike)) or 0
    copy = queued(message.kind, commune_id=message.commune_id, now=now) | {
        "appointment_id": appointment.id,
        "recipient": message.recipient,
        "version": appointment.version,
        "of_start": message.of_start,
        "moved_from": message.moved_from,
        "copy": last + 1,
    }
    session.execute(insert(Message).values(**copy))
