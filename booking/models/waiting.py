"""The list for an earlier appointment: who waits for what, which times came free, and to whom they were offered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.checklist import Procedure
from booking.core.needs import Need
from booking.core.waiting import OfferState, WaitingState
from booking.models.base import Base, OnTick, own, stored, tenant
from booking.models.checklists import AnswersText

IS_LIVE = text("state = 'live'")
KEY_IS_KNOWN = text("contact_key is not null")
IS_OPEN = text("state = 'open'")


class WaitingEntry(Base):
    """Somebody's wish for an earlier time: instead of ``appointment_id``, or for the first one.

    ``first_day`` and ``last_day`` are local days; ``weekdays`` and ``parts`` are bits (Monday first, morning first).
    ``otherwise_on`` is when the person would come without the list: the first free day when they joined it. The
    services are those of the appointment, or ``waiting_line``; the offices are ``waiting_office``, none for any.
    Whose appointment is to be moved is named and reached there, and has its needs there;
    what names anybody else goes as soon as the entry ends, and so do their ``needs``.
    """

    __tablename__ = "waiting_entry"
    __table_args__ = tenant(
        own("appointment", ondelete="CASCADE"),
        own("service"),
        UniqueConstraint("nonce"),
        CheckConstraint("first_day <= last_day", name="first_day_before_last"),
        CheckConstraint("weekdays between 1 and 127 and parts between 1 and 15", name="something_is_wished"),
        CheckConstraint("state <> 'live' or proved_at is not null", name="proved_once_live"),
        CheckConstraint("(state in ('unproved', 'live')) = (ended_at is null)", name="ended_exactly_when_over"),
        CheckConstraint("language in ('fr', 'nl')", name="language_is_official"),
        # Nobody stands twice in the list for the same thing.
        Index(
            "ix_waiting_entry_of_appointment",
            "appointment_id",
            unique=True,
            postgresql_where=IS_LIVE,
            sqlite_where=IS_LIVE,
        ),
        Index(
            "ix_waiting_entry_of_contact",
            "commune_id",
            "contact_key",
            "service_id",
            unique=True,
            postgresql_where=IS_LIVE,
            sqlite_where=IS_LIVE,
        ),
        Index("ix_waiting_entry_live", "commune_id", "proved_at", postgresql_where=IS_LIVE, sqlite_where=IS_LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    appointment_id: Mapped[int | None] = mapped_column(index=True)
    service_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[WaitingState] = mapped_column(stored(WaitingState, "state"))
    nonce: Mapped[str] = mapped_column(String(32))
    first_day: Mapped[date]
    last_day: Mapped[date]
    weekdays: Mapped[int]
    parts: Mapped[int]
    otherwise_on: Mapped[date]
    name: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    contact_key: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    help_language: Mapped[str | None] = mapped_column(String(2))
    needs: Mapped[frozenset[Need] | None]
    created_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class WaitingLine(Base):
    """A service wished for in an earlier time, for so many persons; ``added_minutes`` are those their answers cost.

    What was answered is kept for the visit that it may become, as ``AppointmentLine`` keeps it; the answers go as soon
    as the entry ends.
    """

    __tablename__ = "waiting_line"
    __table_args__ = (
        own("waiting_entry", "entry_id", ondelete="CASCADE"),
        own("service"),
        CheckConstraint("persons >= 1 and added_minutes >= 0", name="persons_in_bounds"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    service_id: Mapped[int] = mapped_column(index=True)
    persons: Mapped[int]
    added_minutes: Mapped[int]
    procedure: Mapped[Procedure] = mapped_column(stored(Procedure, "procedure"), default=Procedure.NORMAL)
    checklist_version: Mapped[int | None]
    answers: Mapped[dict[str, str] | None] = mapped_column(AnswersText)


class WaitingOffice(Base):
    """An office in which an earlier time is wished."""

    __tablename__ = "waiting_office"
    __table_args__ = (own("waiting_entry", "entry_id", ondelete="CASCADE"), own("office"))

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    commune_id: Mapped[int]


class FreedTime(Base):
    """A time that somebody gave back while its service had the list; ``service_id`` is what it was booked for.

    ``undone_at`` is when the person took the cancellation back.
    """

    __tablename__ = "freed_time"
    __table_args__ = tenant(
        own("office"),
        own("counter"),
        own("service"),
        Index("ix_freed_time_by_service", "commune_id", "service_id", "freed_at"),
        Index("ix_freed_time_by_office", "office_id", "freed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    counter_id: Mapped[int]
    service_id: Mapped[int]
    start: Mapped[datetime] = mapped_column(OnTick)
    end: Mapped[datetime] = mapped_column(OnTick)
    freed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Offer(Base):
    """A freed time kept for one person in the list, until they answer or their time to answer is over.

    ``hold_key`` is that of the appointment which holds it while it is open. ``contact_key``, the office's local
    ``day`` and ``n`` are the person's seat among the offers of a day. ``gained_days`` is by how much sooner it is.
    """

    __tablename__ = "offer"
    __table_args__ = tenant(
        own("waiting_entry", "entry_id", ondelete="CASCADE"),
        own("freed_time", ondelete="CASCADE"),
        own("service"),
        UniqueConstraint("hold_key"),
        UniqueConstraint("freed_time_id", "entry_id"),
        UniqueConstraint("commune_id", "contact_key", "day", "n"),
        CheckConstraint("(state = 'open') = (settled_at is null)", name="settled_exactly_when_over"),
        CheckConstraint("told_at < until", name="told_before_until"),
        CheckConstraint("n >= 1", name="n_in_bounds"),
        # Nobody has two offers to think about, whoever frees what at the same moment.
        Index("ix_offer_open", "entry_id", unique=True, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index("ix_offer_due", "until", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index("ix_offer_known_contact", "day", postgresql_where=KEY_IS_KNOWN, sqlite_where=KEY_IS_KNOWN),
        Index("ix_offer_by_service", "commune_id", "service_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    entry_id: Mapped[int] = mapped_column(index=True)
    freed_time_id: Mapped[int]
    service_id: Mapped[int]
    state: Mapped[OfferState] = mapped_column(stored(OfferState, "state"))
    hold_key: Mapped[str] = mapped_column(String(32))
    contact_key: Mapped[str | None] = mapped_column(String(32))
    day: Mapped[date]
    n: Mapped[int]
    offered_at: Mapped[datetime]
    told_at: Mapped[datetime]
    until: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    gained_days: Mapped[int]
