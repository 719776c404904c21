"""The journal: who did or looked at what, when, from where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.roles import Role
from booking.models.base import Base, stored

CLIENT_IS_KNOWN = text("client is not null")


class JournalEntry(Base):
    """One act. It names rows and fields, never their values. Only ``client``, from where, is blanked after a month."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_by_subject", "commune_id", "subject", "subject_id"),
        Index("ix_journal_entry_of_commune", "commune_id", "at", "id"),
        Index("ix_journal_entry_by_person", "person_id", "at", "id"),
        Index("ix_journal_entry_client", "at", postgresql_where=CLIENT_IS_KNOWN, sqlite_where=CLIENT_IS_KNOWN),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(index=True)
    role: Mapped[Role | None] = mapped_column(stored(Role, "role"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    fields: Mapped[str] = mapped_column(String(400))
    client: Mapped[str | None] = mapped_column(String(45))
