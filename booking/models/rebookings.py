"""Changes of hours whose visits are carried on: each to another counter, another time, or somebody who rings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.rebookings import Cause, Settled, Silence, WhyCall
from booking.core.translated import Translated
from booking.models.base import Base, OnTick, own, stored, tenant

IS_OPEN = text("state in ('waiting', 'proposed', 'to-call')")
IS_WAITING = text("state = 'waiting'")
IS_PROPOSED = text("state = 'proposed'")


class Rebooking(Base):
    """A change that was made, of which the visits it touched are carried on until everybody is settled.

    It is of one office, or of all of the commune. ``first_day`` and ``last_day`` are the days it makes a difference on.
    People have ``answer_minutes`` to answer a proposal, and what their ``silence`` means was told to them.
    """

    __tablename__ = "rebooking"
    __table_args__ = tenant(
        own("office"),
        CheckConstraint("answer_minutes > 0", name="answer_takes_time"),
        Index("ix_rebooking_by_day", "commune_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    office_id: Mapped[int | None]
    cause: Mapped[Cause] = mapped_column(stored(Cause, "cause"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reason: Mapped[Translated]
    silence: Mapped[Silence] = mapped_column(stored(Silence, "silence"))
    answer_minutes: Mapped[int]
    made_at: Mapped[datetime]


class RebookedVisit(Base):
    """A visit that a change touched, which began at ``of_start``, and what has become of it.

    While another time is proposed, ``hold_key`` is that of the appointment which holds it, ``start`` when it begins and
    ``until`` when it is held no longer; they stay what they were last. ``attempts`` counts the proposals. ``why`` says
    why somebody has to ring, or had to.
    """

    __tablename__ = "rebooked_visit"
    __table_args__ = tenant(
        own("rebooking", ondelete="CASCADE"),
        own("appointment", ondelete="CASCADE"),
        UniqueConstraint("rebooking_id", "appointment_id"),
        UniqueConstraint("hold_key"),
        CheckConstraint(
            "state <> 'proposed' or (hold_key is not null and start is not null and until is not null)",
            name="proposal_is_known",
        ),
        CheckConstraint("(state in ('waiting', 'proposed', 'to-call')) = (settled_at is null)", name="open_or_settled"),
        CheckConstraint("state <> 'to-call' or why is not null", name="why_known_to_call"),
        # Nobody is carried on twice at a time.
        Index("ix_rebooked_visit_open", "appointment_id", unique=True, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index("ix_rebooked_visit_waiting", "rebooking_id", postgresql_where=IS_WAITING, sqlite_where=IS_WAITING),
        Index("ix_rebooked_visit_due", "until", postgresql_where=IS_PROPOSED, sqlite_where=IS_PROPOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    rebooking_id: Mapped[int]
    appointment_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[Settled] = mapped_column(stored(Settled, "state"))
    of_start: Mapped[datetime] = mapped_column(OnTick)
    hold_key: Mapped[str | None] = mapped_column(String(32))
    start: Mapped[datetime | None] = mapped_column(OnTick)
    until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    why: Mapped[WhyCall | None] = mapped_column(stored(WhyCall, "why"))
    settled_at: Mapped[datetime | None]
