"""What a commune says in its messages in its own words."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.translated import Translated
from booking.models.base import Base


class MessageText(Base):
    """The words of one commune around the facts of one kind of message; what is empty is said as everywhere.

    ``kind`` is one of ``core.message_texts``, which checks it: a kind that is new needs no other table.
    """

    __tablename__ = "message_text"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[Translated]
    opening: Mapped[Translated]
    closing: Mapped[Translated]
