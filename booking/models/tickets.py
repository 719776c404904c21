"""Tickets of the day: who waits, who sits where, and every step that was taken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.marks import Mark
from booking.core.needs import Need
from booking.core.tickets import Aside, Origin, Step, TicketState
from booking.core.translated import Translated
from booking.models.base import Base, own, stored, tenant

AT_COUNTER = text("state in ('called', 'serving')")
WAITS = text("state = 'waiting'")
HAS_APPOINTMENT = text("appointment_id is not null")
IS_OPEN = text("closed_at is null")
NAME_IS_KNOWN = text("name is not null or needs is not null")


class TicketNumber(Base):
    """The last number given out under a letter at an office on a local day."""

    __tablename__ = "ticket_number"
    __table_args__ = (own("office", ondelete="CASCADE"), CheckConstraint("n between 0 and 999", name="n_in_bounds"))

    commune_id: Mapped[int]
    office_id: Mapped[int] = mapped_column(primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    n: Mapped[int]


class WalkInCount(Base):
    """How many tickets were handed out in a session on a local day to people without an appointment."""

    __tablename__ = "walk_in_count"
    __table_args__ = (own("opening_session", "session_id", ondelete="CASCADE"),)

    commune_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    n: Mapped[int]


class LineBefore(NamedTuple):
    """A line of a ticket as it was: a service under its name, for so many persons."""

    service_id: int
    service_name: Translated
    persons: int
    minutes: int
    delivered: int | None = None


class LinesText(TypeDecorator[tuple[LineBefore, ...]]):
    """Lines of a ticket in their order, kept as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[LineBefore] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps([{**line._asdict(), "service_name": dict(line.service_name)} for line in value])

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[LineBefore, ...] | None:
        if value is None:
            return None
        return tuple(
            LineBefore(**{**line, "service_name": Translated(line["service_name"])}) for line in json.loads(value)
        )


class Ticket(Base):
    """A visitor's place on one local day at one office, with an appointment or without.

    ``turn`` and ``leads_from`` are seconds since the epoch (``core/turns.py``). ``counter_id`` is where the visitor
    stands, or stood last; ``for_counter_id`` the one counter they were handed over to. ``calls`` counts since they last
    waited. ``begun_at`` is since when they are, or were, at a counter; who waits again has it until the next step, so
    that the last can be taken back. ``wait_minutes`` is what they were told to expect. ``status_key`` opens the page of
    the ticket and says nothing else. ``return_until``: incomplete, and back until that day without a new wait;
    ``returns_id`` is the ticket that one came back for. ``undo_state`` and ``undo_counter_id`` are what the last step
    left, to take it back to; ``undo_lines`` what somebody was here for before they were last handed over, when it was
    for something else.
    """

    __tablename__ = "ticket"
    __table_args__ = tenant(
        own("office"),
        own("appointment", ondelete="CASCADE"),
        own("counter"),
        own("counter", "for_counter_id"),
        own("counter", "undo_counter_id"),
        own("ticket", "returns_id", ondelete="CASCADE"),
        UniqueConstraint("office_id", "local_date", "letter", "number"),
        UniqueConstraint("status_key"),
        UniqueConstraint("returns_id"),
        CheckConstraint("number between 1 and 999", name="number_in_bounds"),
        CheckConstraint("persons >= 1", name="persons_in_bounds"),
        CheckConstraint("language is null or language in ('fr', 'nl')", name="language_is_official"),
        CheckConstraint("state not in ('called', 'serving') or counter_id is not null", name="counter_when_called"),
        CheckConstraint(
            "(state in ('done', 'incomplete', 'absent', 'left')) = (ended_at is not null)",
            name="ended_when_over",
        ),
        # A counter never has two visitors on one day, whoever calls at the same moment.
        Index(
            "ix_ticket_at_counter",
            "counter_id",
            "local_date",
            unique=True,
            postgresql_where=AT_COUNTER,
            sqlite_where=AT_COUNTER,
        ),
        Index(
            "ix_ticket_of_appointment",
            "appointment_id",
            unique=True,
            postgresql_where=HAS_APPOINTMENT,
            sqlite_where=HAS_APPOINTMENT,
        ),
        Index("ix_ticket_waits", "office_id", "local_date", "turn", postgresql_where=WAITS, sqlite_where=WAITS),
        # How far a day has come is answered from this index alone.
        Index("ix_ticket_by_day", "office_id", "local_date", "version", "state"),
        Index("ix_ticket_known_name", "local_date", postgresql_where=NAME_IS_KNOWN, sqlite_where=NAME_IS_KNOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    local_date: Mapped[date]
    letter: Mapped[str] = mapped_column(String(1))
    number: Mapped[int]
    state: Mapped[TicketState] = mapped_column(stored(TicketState, "state"))
    version: Mapped[int]
    turn: Mapped[int] = mapped_column(BigInteger)
    leads_from: Mapped[int | None] = mapped_column(BigInteger)
    origin: Mapped[Origin] = mapped_column(stored(Origin, "origin"))
    appointment_id: Mapped[int | None]
    counter_id: Mapped[int | None]
    for_counter_id: Mapped[int | None]
    persons: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(2))
    help_language: Mapped[str | None] = mapped_column(String(2))
    name: Mapped[str | None] = mapped_column(String(100))
    needs: Mapped[frozenset[Need] | None]
    status_key: Mapped[str] = mapped_column(String(32))
    wait_minutes: Mapped[int | None]
    calls: Mapped[int] = mapped_column(default=0)
    aside: Mapped[Aside | None] = mapped_column(stored(Aside, "aside"))
    issued_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_step: Mapped[Step] = mapped_column(stored(Step, "last_step"))
    last_step_at: Mapped[datetime]
    undo_state: Mapped[TicketState | None] = mapped_column(stored(TicketState, "undo_state"))
    undo_counter_id: Mapped[int | None]
    return_until: Mapped[date | None]
    returns_id: Mapped[int | None]
    undo_lines: Mapped[tuple[LineBefore, ...] | None] = mapped_column(LinesText)


class TicketLine(Base):
    """A service somebody came for, under the name it had then. ``delivered``: for how many persons it was done, once
    it is known.
    """

    __tablename__ = "ticket_line"
    __table_args__ = tenant(
        own("ticket", ondelete="CASCADE"),
        own("service"),
        UniqueConstraint("ticket_id", "service_id"),
        CheckConstraint("persons >= 1", name="persons_in_bounds"),
        CheckConstraint("delivered is null or delivered between 0 and 99", name="delivered_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    ticket_id: Mapped[int]
    position: Mapped[int]
    service_id: Mapped[int] = mapped_column(index=True)
    service_name: Mapped[Translated]
    persons: Mapped[int]
    minutes: Mapped[int]
    delivered: Mapped[int | None]


class TicketStep(Base):
    """One step of a ticket: what was done, where it led, at which counter, and by whom of the staff, if any."""

    __tablename__ = "ticket_step"
    __table_args__ = tenant(
        own("ticket", ondelete="CASCADE"), own("counter"), Index("ix_ticket_step_of_ticket", "ticket_id", "id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    ticket_id: Mapped[int]
    at: Mapped[datetime]
    step: Mapped[Step] = mapped_column(stored(Step, "step"))
    state: Mapped[TicketState] = mapped_column(stored(TicketState, "state"))
    counter_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))


class LateMark(Base):
    """What was said of a visit without a connection, when by the time it arrived somebody else had dealt with it.

    It waits here until somebody decides, and goes then: the journal keeps that it was said. ``seen_version`` is the
    version of the visit it was said about, ``said_at`` when.
    """

    __tablename__ = "late_mark"
    __table_args__ = tenant(
        own("appointment", ondelete="CASCADE"),
        # Sent twice, it is kept once.
        Index("ix_late_mark_once", "appointment_id", "person_id", "seen_version", "mark", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    appointment_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    mark: Mapped[Mark] = mapped_column(stored(Mark, "mark"))
    seen_version: Mapped[int]
    said_at: Mapped[datetime]
    sent_at: Mapped[datetime]


class Desk(Base):
    """Somebody sitting at a counter, from when until when. The counter's visitors stay when the person goes.

    ``help_asked_at``: a colleague is discreetly asked to come.
    """

    __tablename__ = "desk"
    __table_args__ = tenant(
        own("counter", ondelete="CASCADE"),
        CheckConstraint("closed_at is null or opened_at <= closed_at", name="opened_before_closed"),
        Index("ix_desk_open_counter", "counter_id", unique=True, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index(
            "ix_desk_open_person",
            "commune_id",
            "person_id",
            unique=True,
            postgresql_where=IS_OPEN,
            sqlite_where=IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    counter_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    help_asked_at: Mapped[datetime | None]


class Pause(Base):
    """A service that cannot be given at an office for a while, because a system it needs is down."""

    __tablename__ = "pause"
    __table_args__ = tenant(
        own("office", ondelete="CASCADE"),
        own("service", ondelete="CASCADE"),
        CheckConstraint("until is null or since < until", name="since_before_until"),
        Index(
            "ix_pause_on",
            "office_id",
            "service_id",
            unique=True,
            postgresql_where=text("until is null"),
            sqlite_where=text("until is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    service_id: Mapped[int] = mapped_column(index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
