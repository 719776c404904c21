"""Appointments, the claims that make them unique, and the seats that limit them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.appointments import AppointmentState, Channel, HoldKind, Step
from booking.core.checklist import Procedure
from booking.core.needs import Need
from booking.core.self_service import WhyCancelled
from booking.core.translated import Translated
from booking.models.base import Base, OnTick, own, stored, tenant
from booking.models.checklists import AnswersText, CodesText

IS_HELD = text("state = 'held'")
REPLACES = text("replaces_id is not null")
IN_A_GROUP = text("group_key is not null")
IS_NAMED, HAS_PHONE, HAS_HELPER_PHONE = (
    text(f"{column} is not null") for column in ("name_search", "phone", "helper_phone")
)
IN_A_PARTY = text("party_key is not null")

# What the daily sweep looks for (usecases/retention.py): few rows among many that were forgotten long ago.
CONTACT_IS_KNOWN = text(
    "email is not null or phone is not null or contact_key is not null or helper_name is not null or needs is not null"
)
NAME_IS_KNOWN = text("name is not null or name_search is not null")
ANSWERS_ARE_KNOWN = text("answers is not null or ticked is not null")


class Appointment(Base):
    """An agreed visit, or the hold it begins as.

    ``start`` and ``end`` are UTC; ``local_date`` and ``wall_time`` are what was promised. The last ``buffer_minutes``
    keep the counter free after the visit: nobody is told of them. What is unknown
    while the form is being filled is null, and a CHECK says from when on it no longer may be.
    ``coming_at`` is when the person said that they are coming to this very time; a move empties it.
    Visits that belong together, and the holds they begin as, share a ``group_key``. Those of persons who come as a
    party, under one helper, share a ``party_key``; ``party_size`` is how many were made at once.
    ``moves`` counts how often the person moved it, ``changed_at`` is when its time last became another one, or
    its own again after a cancellation.
    ``helper_name`` is who booked it for somebody else; ``contact_key`` is that of the person's own contact, else of the
    helper's. ``needs`` are what was said to be needed. ``taken_over_at`` is when a visit was agreed elsewhere: nobody
    is written to about having booked it. ``disturbed_at`` is when the commune said that it cannot promise the visit any
    more, because a system is down or its hours have changed: its person may then choose another time, whatever the
    notice, and that is none of the moves they have.
    """

    __tablename__ = "appointment"
    __table_args__ = tenant(
        own("office"),
        own("counter"),
        own("appointment", "replaces_id", ondelete="CASCADE"),
        UniqueConstraint("hold_key"),
        UniqueConstraint("reference"),
        UniqueConstraint("uid"),
        UniqueConstraint("nonce"),
        CheckConstraint('start < "end"', name="start_before_end"),
        CheckConstraint("(state = 'held') = (held_until is not null)", name="held_until_exactly_when_held"),
        CheckConstraint(
            "state = 'held' or (reference is not null and language is not null and booked_at is not null)",
            name="known_once_booked",
        ),
        CheckConstraint("language is null or language in ('fr', 'nl')", name="language_is_official"),
        CheckConstraint("late_minutes is null or late_minutes between 5 and 60", name="late_minutes_in_bounds"),
        Index("ix_appointment_by_day", "commune_id", "office_id", "local_date"),
        Index("ix_appointment_by_state", "office_id", "state", "local_date"),
        # What is taken is answered from this index alone.
        Index("ix_appointment_by_time", "office_id", "end", "start", "counter_id", "state", "held_until"),
        Index("ix_appointment_held", "held_until", postgresql_where=IS_HELD, sqlite_where=IS_HELD),
        # Whatever is deleted asks for what was to replace it.
        Index("ix_appointment_replaces", "commune_id", "replaces_id", postgresql_where=REPLACES, sqlite_where=REPLACES),
        CheckConstraint(
            "(party_key is null) = (party_size is null) and (party_size is null or party_size > 1)",
            name="party_has_its_size",
        ),
        Index("ix_appointment_group", "group_key", postgresql_where=IN_A_GROUP, sqlite_where=IN_A_GROUP),
        # Staff look for a name day by day, and for a telephone number; residents have theirs, and their helper's.
        Index(
            "ix_appointment_by_name",
            "commune_id",
            "local_date",
            "name_search",
            "office_id",
            postgresql_where=IS_NAMED,
            sqlite_where=IS_NAMED,
        ),
        Index("ix_appointment_by_phone", "phone", postgresql_where=HAS_PHONE, sqlite_where=HAS_PHONE),
        Index(
            "ix_appointment_by_helper_phone",
            "helper_phone",
            postgresql_where=HAS_HELPER_PHONE,
            sqlite_where=HAS_HELPER_PHONE,
        ),
        Index("ix_appointment_party", "party_key", postgresql_where=IN_A_PARTY, sqlite_where=IN_A_PARTY),
        Index(
            "ix_appointment_known_contact",
            "commune_id",
            "local_date",
            postgresql_where=CONTACT_IS_KNOWN,
            sqlite_where=CONTACT_IS_KNOWN,
        ),
        Index(
            "ix_appointment_known_name",
            "commune_id",
            "local_date",
            postgresql_where=NAME_IS_KNOWN,
            sqlite_where=NAME_IS_KNOWN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    counter_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[AppointmentState] = mapped_column(stored(AppointmentState, "state"))
    start: Mapped[datetime] = mapped_column(OnTick)
    end: Mapped[datetime] = mapped_column(OnTick)
    local_date: Mapped[date]
    wall_time: Mapped[time]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    channel: Mapped[Channel] = mapped_column(stored(Channel, "channel"))
    created_at: Mapped[datetime]

    hold_kind: Mapped[HoldKind] = mapped_column(stored(HoldKind, "hold_kind"))
    hold_key: Mapped[str] = mapped_column(String(32))
    held_until: Mapped[datetime | None]
    extensions: Mapped[int]
    replaces_id: Mapped[int | None]
    group_key: Mapped[str | None] = mapped_column(String(32))
    party_key: Mapped[str | None] = mapped_column(String(32))
    party_size: Mapped[int | None]

    reference: Mapped[str | None] = mapped_column(String(8))
    uid: Mapped[str] = mapped_column(String(120))
    nonce: Mapped[str] = mapped_column(String(32))
    sequence: Mapped[int]
    version: Mapped[int]
    booked_at: Mapped[datetime | None]
    taken_over_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]

    name: Mapped[str | None] = mapped_column(String(100))
    name_search: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    contact_key: Mapped[str | None] = mapped_column(String(32))
    language: Mapped[str | None] = mapped_column(String(2))
    help_language: Mapped[str | None] = mapped_column(String(2))
    name_corrected_at: Mapped[datetime | None]
    helper_name: Mapped[str | None] = mapped_column(String(100))
    helper_email: Mapped[str | None] = mapped_column(String(254))
    helper_phone: Mapped[str | None] = mapped_column(String(20))
    needs: Mapped[frozenset[Need] | None]

    coming_at: Mapped[datetime | None]
    late_minutes: Mapped[int | None]
    late_said_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[Translated | None]
    why_cancelled: Mapped[WhyCancelled | None] = mapped_column(stored(WhyCancelled, "why_cancelled"))
    kept_outside_at: Mapped[datetime | None]
    disturbed_at: Mapped[datetime | None]

    @property
    def over_at(self) -> datetime:
        """When the visit is over, as everybody is told; its counter may stay free for a while."""
        return self.end - timedelta(minutes=self.buffer_minutes)


def is_live(now: Any, columns: Any = Appointment) -> tuple[ColumnElement[bool], ...]:
    """That an appointment counts, and is no lapsed hold: of the model, or of the ``columns`` of its table."""
    return (
        columns.state != AppointmentState.CANCELLED,
        or_(columns.state != AppointmentState.HELD, columns.held_until > now),
    )


class AppointmentLine(Base):
    """A service taken in a visit, with the name and the minutes it had when it was booked.

    ``names`` are those of the others who come for it, as they were typed, when the service asks for them.
    ``step`` says which visit it is of a service that takes two. Of the minutes ``added_minutes`` are what the answers
    cost. ``checklist_version`` is the version of its checklist then (``None``: it had none), ``answers`` what was
    answered to it, ``ticked`` the codes of the papers that are ready. Answers and ticks are erased with the contact
    data.
    """

    __tablename__ = "appointment_line"
    __table_args__ = tenant(
        own("appointment", ondelete="CASCADE"),
        own("service"),
        UniqueConstraint("commune_id", "appointment_id", "position"),
        CheckConstraint("persons >= 1", name="persons_in_bounds"),
        Index(
            "ix_appointment_line_known_answers",
            "appointment_id",
            postgresql_where=ANSWERS_ARE_KNOWN,
            sqlite_where=ANSWERS_ARE_KNOWN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    appointment_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    service_id: Mapped[int] = mapped_column(index=True)
    service_name: Mapped[Translated]
    persons: Mapped[int]
    minutes: Mapped[int]
    names: Mapped[str | None] = mapped_column(String(400))
    added_minutes: Mapped[int] = mapped_column(default=0)
    procedure: Mapped[Procedure] = mapped_column(stored(Procedure, "procedure"), default=Procedure.NORMAL)
    checklist_version: Mapped[int | None]
    answers: Mapped[dict[str, str] | None] = mapped_column(AnswersText)
    ticked: Mapped[tuple[str, ...] | None] = mapped_column(CodesText)
    step: Mapped[Step | None] = mapped_column(stored(Step, "step"))


class Claim(Base):
    """One counter at one tick, held by one appointment or blocked.

    The primary key keeps the promise that a time is never given twice: two residents racing for the
    last one meet here, and one of them loses.
    """

    __tablename__ = "claim"
    __table_args__ = (
        own("counter"),
        own("appointment", ondelete="CASCADE"),
        own("block", ondelete="CASCADE"),
        CheckConstraint("(appointment_id is null) <> (block_id is null)", name="exactly_one_owner"),
        {"sqlite_with_rowid": False},
    )

    counter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tick: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commune_id: Mapped[int]
    appointment_id: Mapped[int | None] = mapped_column(index=True)
    block_id: Mapped[int | None] = mapped_column(index=True)


class Seat(Base):
    """One of the places a limit allows: the lowest free ``n`` up to the limit is taken, or there is none.

    ``kind`` and ``key`` say whose limit it is, ``period`` the day or week it counts in (empty: at any one time).
    """

    __tablename__ = "seat"
    __table_args__ = (
        own("appointment", ondelete="CASCADE"),
        CheckConstraint("n >= 1", name="n_in_bounds"),
        {"sqlite_with_rowid": False},
    )

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commune_id: Mapped[int]
    appointment_id: Mapped[int] = mapped_column(index=True)
