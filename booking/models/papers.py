"""What is kept for the day when nothing works, and what was said by phone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.roles import Role
from booking.models.base import Base, OnTick, own, stored, tenant
from booking.models.messages import MessageState

WITHOUT_MESSAGE = text("message_id is null")


class DaySheet(Base):
    """The visits of an office's day as its agents read them on paper, the newest one only.

    ``html`` is compressed (zlib); it is ``None`` from the moment a visit on it was erased until the next one is made.
    ``pdf`` is ``None`` where none can be made. ``digest`` names what it was made of. With ``is_working`` somebody is
    at work or expected that day.
    """

    __tablename__ = "day_sheet"
    __table_args__ = tenant(UniqueConstraint("office_id", "day"), own("office", ondelete="CASCADE"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    day: Mapped[date] = mapped_column(index=True)
    html: Mapped[bytes | None] = mapped_column(LargeBinary)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(32))
    is_working: Mapped[bool]


class CallMade(Base):
    """That somebody of the staff rang about a visit, or wrote a letter: about a message, which was in ``state_before``,
    or, when it is about none, to hear whether the person comes at ``of_start``.
    """

    __tablename__ = "call_made"
    __table_args__ = tenant(
        own("appointment", ondelete="CASCADE"),
        UniqueConstraint("message_id"),
        Index(
            "ix_call_made_unasked",
            "appointment_id",
            "of_start",
            unique=True,
            postgresql_where=WITHOUT_MESSAGE,
            sqlite_where=WITHOUT_MESSAGE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    appointment_id: Mapped[int] = mapped_column(index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    of_start: Mapped[datetime] = mapped_column(OnTick)
    state_before: Mapped[MessageState | None] = mapped_column(stored(MessageState, "state_before"))
    at: Mapped[datetime] = mapped_column(index=True)
    role: Mapped[Role | None] = mapped_column(stored(Role, "role"))
