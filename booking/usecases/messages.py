"""The outbox: leaving a message, taking it to be sent, and settling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from booking.core.errors import TooManyCopies
from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER
from booking.core.references import new_key
from booking.core.translated import OFFICIAL
from booking.models import Appointment, Message
from booking.models.messages import IS_WAITING, REMINDERS, MessageKind, MessageState, Recipient
from booking.usecases.statements import QUIETLY, table_of

LEASE = TO_HAND_OVER + TO_BE_TAKEN + timedelta(minutes=5)
"""Longer than a letter can be on its way, with some minutes for clocks that differ."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
LAST_TRY = timedelta(days=3)
IN_TIME = timedelta(minutes=10)
"""The last try comes so long before it would be too late, however long the pause before it should have been."""

LEAVE = insert(table_of(Message))
APPOINTMENTS = table_of(Appointment)
HELPED = select(APPOINTMENTS.c.id).where(
    APPOINTMENTS.c.id.in_(bindparam("of_appointments", expanding=True)), APPOINTMENTS.c.helper_name.is_not(None)
)


def announce(
    session: Session,
    kind: MessageKind,
    *,
    commune_id: int | None,
    now: datetime,
    appointment_id: int | None = None,
    person_id: int | None = None,
    waiting_entry_id: int | None = None,
    version: int = 0,
    copy: int = 0,
    due_at: datetime | None = None,
) -> None:
    """Leave a message in the outbox, in the transaction that makes it true; the worker carries it, once it is due."""
    to = {"appointment_id": appointment_id, "person_id": person_id, "waiting_entry_id": waiting_entry_id}
    about = to | {"version": version, "copy": copy, "due_at": due_at or now}
    one = queued(kind, commune_id=commune_id, now=now) | about
    session.execute(LEAVE, one)
    if appointment_id is not None:
        leave_for_helpers(session, [one])


def announce_tests(session: Session, *, commune_id: int, person_id: int, text_kind: str, now: datetime) -> None:
    """Leave messages that show a member of staff how those of a kind read: one in each official language.

    Which one stands in ``version``, as its place among them.
    """
    one = queued(MessageKind.TEXT_TEST, commune_id=commune_id, now=now)
    one |= {"person_id": person_id, "text_kind": text_kind, "copy": 0}
    session.execute(LEAVE, [one | {"version": place} for place in range(len(OFFICIAL))])


def announce_move(
    session: Session, *, commune_id: int, appointment_id: int, version: int, start: datetime, now: datetime
) -> None:
    """Leave the message that a visit has moved from this start; of several moves before one is sent, from the first."""
    unsent = (
        select(Message.moved_from)
        .where(Message.appointment_id == appointment_id, Message.kind == MessageKind.MOVED)
        .where(Message.state == MessageState.QUEUED, Message.moved_from.is_not(None))
        .order_by(Message.version)
        .limit(1)
    )
    about = {"appointment_id": appointment_id, "version": version, "moved_from": session.scalar(unsent) or start}
    one = queued(MessageKind.MOVED, commune_id=commune_id, now=now) | {"copy": 0} | about
    session.execute(LEAVE, one)
    leave_for_helpers(session, [one])


def announce_each(
    session: Session, kind: MessageKind, *, commune_id: int, versions: Mapping[int, int], now: datetime
) -> None:
    """Leave a message of one kind about each of these appointments, at its version."""
    one = queued(kind, commune_id=commune_id, now=now) | {"person_id": None, "waiting_entry_id": None, "copy": 0}
    if versions:
        each = [one | {"appointment_id": id_, "version": version} for id_, version in versions.items()]
        session.execute(LEAVE, each)
        leave_for_helpers(session, each)


def leave_for_helpers(session: Session, messages: Sequence[Mapping[str, Any]]) -> None:
    """Leave the same messages about appointments for whoever booked them for somebody else.

    Each of the two has a row of their own: a mailbox that refuses one keeps nothing from the other.
    """
    ids = [message["appointment_id"] for message in messages]
    helped = set(session.scalars(HELPED, {"of_appointments": ids}))
    copies = [{**one, "recipient": Recipient.HELPER} for one in messages if one["appointment_id"] in helped]
    if copies:
        session.execute(LEAVE, copies)


def queued(kind: MessageKind, *, commune_id: int | None, now: datetime) -> dict[str, object]:
    """What a message in the outbox begins with."""
    waiting = {"state": MessageState.QUEUED, "created_at": now, "due_at": now, "attempts": 0}
    return {"commune_id": commune_id, "kind": kind, **waiting}


def announce_copy(
    session: Session, *, commune_id: int, appointment_id: int, seen: int, limit: int, now: datetime
) -> None:
    """Send the confirmation again because a person asked, who had ``seen`` so many letters go out.

    Of the same wish sent twice, the second finds the letter of the first. Raises ``TooManyCopies``.
    """
    letters = copies_sent(session, appointment_id=appointment_id)
    if len(letters) > seen:
        return
    check_copies(letters, limit=limit)
    version = session.scalars(select(Appointment.version).where(Appointment.id == appointment_id)).one()
    announce(
        session,
        MessageKind.CONFIRMATION,
        commune_id=commune_id,
        appointment_id=appointment_id,
        version=version,
        copy=max(letters, default=0) + 1,
        now=now,
    )


def copies_sent(session: Session, *, appointment_id: int) -> Sequence[int]:
    """The confirmations that were left for an appointment, to whatever address, each with its number as a copy.

    What goes to a helper as well counts once.

    Who adds one has locked the appointment by a conditional update, so that they are counted by one at a time.
    """
    mine = (Message.appointment_id == appointment_id, Message.kind == MessageKind.CONFIRMATION)
    return [row.copy for row in session.execute(select(Message.version, Message.copy).where(*mine).distinct())]


def came_back(session: Session, *, appointment: Appointment) -> bool:
    """Whether the last message to the person was refused by their mailbox, and none has been left for them since."""
    newest = (
        select(Message.state)
        .where(
            Message.commune_id == appointment.commune_id,
            Message.appointment_id == appointment.id,
            Message.recipient == Recipient.PERSON,
            Message.state != MessageState.DROPPED,
            or_(Message.kind.not_in(REMINDERS), Message.state != MessageState.QUEUED),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    return session.scalars(newest).first() == MessageState.REFUSED


def check_copies(letters: Sequence[int], *, limit: int) -> None:
    """Raises ``TooManyCopies`` when there were ``limit`` letters after the first."""
    if len(letters) > limit:
        raise TooManyCopies


@dataclass(frozen=True)
class Leased:
    """A message taken to be sent: only who holds ``lease`` may settle it."""

    id: int
    lease: str
    kind: MessageKind
    attempts: int
    created_at: datetime


def lease_next(session: Session, *, now: datetime) -> Leased | None:
    """Take one message that is due, or whose earlier taker died, for ``LEASE``; ``None`` when nothing is due.

    Several workers may ask at once: each message goes to one of them. An earlier message about the same
    appointment, or to the same one in the list, goes first, so that a cancellation never overtakes its confirmation.
    One that was put off keeps nobody waiting: when its time comes, it is found overtaken and dropped, or it says what
    is still true.
    """
    # One at a time: a lease must not run out while a slow mail server takes the letters before it.
    waits_for_another = [
        has_earlier(subject, now=now) for subject in (Message.appointment_id, Message.waiting_entry_id)
    ]
    due = (
        select(Message.id)
        .where(
            # In the very words of the index: what is bound later, SQLite does not take for the same.
            IS_WAITING,
            or_(
                and_(Message.state == MessageState.QUEUED, Message.due_at <= now),
                and_(Message.state == MessageState.LEASED, Message.leased_until <= now),
            ),
            *(~waits for waits in waits_for_another),
        )
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
    )
    number = session.scalars(due).one_or_none()
    if number is None:
        return None
    lease = new_key()
    taken = (
        update(Message)
        .where(Message.id == number)
        .values(state=MessageState.LEASED, lease=lease, leased_until=now + LEASE, attempts=Message.attempts + 1)
        .returning(Message.kind, Message.attempts, Message.created_at)
    )
    row = session.execute(taken, execution_options=QUIETLY).one()
    return Leased(number, lease, row.kind, row.attempts, row.created_at)


def has_earlier(subject: Any, *, now: datetime) -> ColumnElement[bool]:
    """That an earlier message about the same subject is on its way or due."""
    earlier = aliased(Message)
    return exists().where(
        getattr(earlier, subject.key) == subject,
        earlier.id < Message.id,
        or_(earlier.state == MessageState.LEASED, and_(earlier.state == MessageState.QUEUED, earlier.due_at <= now)),
    )


def settle(session: Session, *, leased: Leased, state: MessageState, fault: str | None = None, now: datetime) -> bool:
    """Close a message as sent, refused or dropped; ``False`` when the lease has passed to another worker."""
    return _close(session, leased, state=state, fault=fault, settled_at=now)


def put_back(session: Session, *, leased: Leased, fault: str, give_up_at: datetime, now: datetime) -> bool:
    """After a passing fault, try again later, with growing pauses; set aside after the last try in time."""
    due = min(now + PAUSES[min(leased.attempts, len(PAUSES)) - 1], give_up_at - IN_TIME)
    if due <= now:
        return _close(session, leased, state=MessageState.REFUSED, fault=fault, settled_at=now)
    return _close(session, leased, state=MessageState.QUEUED, fault=fault, due_at=due)


def _close(session: Session, leased: Leased, **values: object) -> bool:
    mine = update(Message).where(Message.id == leased.id, Message.lease == leased.lease)
    done = session.execute(
        mine.values(lease=None, leased_until=None, **values).returning(Message.id),
        execution_options=QUIETLY,
    )
    return done.first() is not None
