"""The outbox: what is to be said, left in the transaction that made it true."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, own, stored

IS_WAITING = text("state in ('queued', 'leased')")
IS_REFUSED = text("state = 'refused'")
IS_FAULT_OF_STAFF_LETTER = text("person_id is not null and fault is not null")


class MessageKind(StrEnum):
    CONFIRMATION = "confirmation"
    MOVED = "moved"
    RESTORED = "restored"
    CANCELLATION = "cancellation"
    CANCELLED_BY_COMMUNE = "cancelled-by-us"
    PASSWORD_RESET = "password-reset"


class MessageState(StrEnum):
    """``refused`` is set aside for staff to see; ``dropped`` was overtaken by a later truth."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


class Message(Base):
    """A message about an appointment (at one version of it, one copy) or to a member of staff.

    It holds no text and no address: both are read from their rows when it is sent.
    """

    __tablename__ = "message"
    __table_args__ = (
        own("appointment", ondelete="CASCADE"),
        UniqueConstraint("appointment_id", "kind", "version", "copy"),
        CheckConstraint("(appointment_id is null) <> (person_id is null)", name="exactly_one_subject"),
        CheckConstraint("(state = 'leased') = (lease is not null)", name="lease_exactly_when_leased"),
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
    version: Mapped[int]
    copy: Mapped[int]
    state: Mapped[MessageState] = mapped_column(stored(MessageState, "state"))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    settled_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(200))
