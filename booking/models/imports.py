"""Files that somebody brought along, as long as they are needed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.visit_imports import ImportState, WhyNot
from booking.models.base import Base, own, stored, tenant


class VisitImport(Base):
    """A table of visits that somebody brought along.

    ``content`` is its headings and lines, compressed: all of them until it is over, then those alone that were refused.
    ``columns`` says in which column what stands, ``meanings`` which service is meant by which of its words,
    ``office_id`` where visits are whose line does not say it. With ``confirms`` each person is sent the confirmation.
    ``done_to`` is the number of the last line that was dealt with, ``booked`` how many visits were made of them.
    """

    __tablename__ = "visit_import"
    __table_args__ = tenant(own("office", ondelete="CASCADE"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[ImportState] = mapped_column(stored(ImportState, "state"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    filename: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    columns: Mapped[dict[str, int]] = mapped_column(JSON)
    meanings: Mapped[dict[str, int]] = mapped_column(JSON)
    office_id: Mapped[int | None]
    confirms: Mapped[bool]
    lines: Mapped[int]
    done_to: Mapped[int]
    booked: Mapped[int]


class RefusedLine(Base):
    """A line of a table of which no visit was made, and why."""

    __tablename__ = "refused_line"
    __table_args__ = (own("visit_import", "import_id", ondelete="CASCADE"),)

    import_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commune_id: Mapped[int]
    why: Mapped[WhyNot] = mapped_column(stored(WhyNot, "why"))


class ConfigurationFile(Base):
    """The configuration of a commune as a file, between the look at its effect and its being applied.

    It is of the installation, not of a commune: the one it speaks of may not be there yet. ``content`` is compressed.
    """

    __tablename__ = "configuration_file"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    filename: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
