"""Whom two colleagues receive together, for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.models.base import Base, tenant


class Caution(Base):
    """That two colleagues receive a person, until a moment; nowhere is said why.

    ``person_key`` is made of name and contact together, or of the one visit of somebody without any contact: it
    recognises a person, and names nobody.
    """

    __tablename__ = "caution"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "person_key"),
        CheckConstraint("set_at < expires_at", name="set_before_expires"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    person_key: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
