"""The outbox: what is to be said, left in the transaction that made it true."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.letters import LetterKind
from booking.models.base import Base, OnTick, own, stored

IS_WAITING = text("state in ('queued', 'leased')")
IS_REFUSED = text("state in ('refused', 'to-ring')")
SUBJECTS = " + ".join(
    f"(case when {subject} is null then 0 else 1 end)"
    for subject in ("appointment_id", "person_id", "waiting_entry_id", "day_sheet_id")
)
IS_FAULT_OF_STAFF_LETTER = text("person_id is not null and fault is not null")
TEXT_OF_TESTS = "(kind = 'text-test') = (text_kind is not null)"
STARTS_OF_REMINDERS = "(kind in ('reminder-1', 'reminder-2', 'reminder-3')) = (of_start is not null)"


class MessageKind(StrEnum):
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    RESTORED = "restored"
    CANCELLATION = "cancellation"
    CANCELLED_BY_COMMUNE = "cancelled-by-us"
    REMINDER_1 = "reminder-1"
    REMINDER_2 = "reminder-2"
    REMINDER_3 = "reminder-3"
    PASSWORD_RESET = "password-reset"
    LIST_PROOF = "list-proof"
    LIST_OFFER = "list-offer"
    LIST_OVER = "list-over"
    DAY_SHEET = "day-sheet"
    PAUSED = "paused"
    ALERT_PROMISE = "alert-promise"
    ALERT_POST = "alert-post"
    TEXT_TEST = "text-test"
    INVITATION = "invitation"
    REBOOKING = "rebooking"

    @property
    def letter(self) -> LetterKind:
        """What the letter about a visit has to say. Only for what is said about one."""
        return LetterKind.REMINDER if self in REMINDERS else LetterKind(self.value)


BESIDE_VISITS = (
    MessageKind.PASSWORD_RESET,
    MessageKind.INVITATION,
    MessageKind.LIST_PROOF,
    MessageKind.LIST_OFFER,
    MessageKind.LIST_OVER,
    MessageKind.DAY_SHEET,
    MessageKind.TEXT_TEST,
    MessageKind.ALERT_PROMISE,
    MessageKind.ALERT_POST,
)
"""What is not said about a visit: to staff, to whoever waits for an earlier time, and to an office about its day."""

REMINDERS = (MessageKind.REMINDER_1, MessageKind.REMINDER_2, MessageKind.REMINDER_3)
"""The reminders of a visit, the earliest first."""


TAKING_PLACE = (MessageKind.CONFIRMATION, MessageKind.MOVED, MessageKind.RESTORED)
"""What says that a visit takes place, and when."""

ENDINGS = (MessageKind.CANCELLATION, MessageKind.CANCELLED_BY_COMMUNE)
"""What says that it no longer does."""


class Recipient(StrEnum):
    """Who gets a message about an appointment: the person it is for, or whoever booked it for them."""

    PERSON = "person"
    HELPER = "helper"


class MessageState(StrEnum):
    """``refused`` is set aside for staff to see; ``dropped`` was overtaken by a later truth.

    ``to-ring`` waits for somebody to ring the person, because nothing can be sent to them; ``rung`` when that is done.
    """

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"
    TO_RING = "to-ring"
    RUNG = "rung"


class Message(Base):
    """A message about an appointment (at one version, one copy, to one recipient), or to staff, to somebody in the
    list, to an office.

    What is offered to whom is in the list, or no longer is, stands in ``version``: the number of the offer. Of another
    time that is proposed it is the number of the visit that is carried on, and ``copy`` says which proposal it was; of
    an alert it is the number of its day.

    It holds no text and no address: both are read from their rows when it is sent. A reminder holds the start it
    reminds of: it is never sent for another one. What tells of a move holds the start that was told before. What shows
    an administrator how a text reads holds the kind of that text.
    """

    __tablename__ = "message"
    __table_args__ = (
        own("appointment", ondelete="CASCADE"),
        own("waiting_entry", ondelete="CASCADE"),
        own("day_sheet", ondelete="CASCADE"),
        UniqueConstraint("appointment_id", "kind", "version", "copy", "recipient"),
        UniqueConstraint("waiting_entry_id", "kind", "version", "copy"),
        UniqueConstraint("day_sheet_id", "kind", "version", "copy"),
        CheckConstraint(f"{SUBJECTS} = 1", name="exactly_one_subject"),
        CheckConstraint("(state = 'leased') = (lease is not null)", name="lease_exactly_when_leased"),
        CheckConstraint(STARTS_OF_REMINDERS, name="start_exactly_for_reminders"),
        CheckConstraint(TEXT_OF_TESTS, name="text_exactly_for_tests"),
        Index("ix_message_of_commune", "commune_id", "id"),
        Index("ix_message_due", "due_at", postgresql_where=IS_WAITING, sqlite_where=IS_WAITING),
        Index("ix_message_refused", "appointment_id", postgresql_where=IS_REFUSED, sqlite_where=IS_REFUSED),
        Index(
            "ix_message_fault_of_staff_letter",
            "settled_at",
            postgresql_where=IS_FAULT_OF_STAFF_LETTER,
            sqlite_where=IS_FAULT_OF_STAFF_LETTER,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(stored(MessageKind, "kind"))
    appointment_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    waiting_entry_id: Mapped[int | None]
    day_sheet_id: Mapped[int | None]
    version: Mapped[int]
    copy: Mapped[int]
    recipient: Mapped[Recipient] = mapped_column(stored(Recipient, "recipient"), default=Recipient.PERSON)
    of_start: Mapped[datetime | None] = mapped_column(OnTick)
    moved_from: Mapped[datetime | None] = mapped_column(OnTick)
    text_kind: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[MessageState] = mapped_column(stored(MessageState, "state"))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(200))
