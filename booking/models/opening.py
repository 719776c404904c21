"""When counters are open: recurring sessions, closures, and blocks of single counters."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models.base import Base, OnTick, own, stored, tenant


class OpeningSession(Base):
    """Recurring wall-clock hours of an office with its counters, mode and services.

    ``weekdays`` is a set of bits, 1 for Monday to 64 for Sunday. ``every_weeks`` counts from ``anchor``'s
    week; ``nth_of_month`` (1 to 5, or -1 for the last) picks one such weekday of a month. A season is a yearly
    rule, month × 100 + day, both ends included, and may pass the end of the year. No services means all that a
    counter serves. Of each hour the first ``walk_in_minutes`` are kept for people without an appointment, the last
    ``staff_minutes`` for appointments that staff make; ``most_walk_ins`` tickets are handed out in it at most.
    """

    __tablename__ = "opening_session"
    __table_args__ = tenant(
        own("office", ondelete="CASCADE"),
        CheckConstraint("weekdays between 1 and 127", name="weekdays_in_bounds"),
        CheckConstraint("wall_start < wall_end", name="start_before_end"),
        CheckConstraint("valid_until is null or valid_from <= valid_until", name="valid_from_before_until"),
        CheckConstraint("every_weeks >= 1 and (every_weeks = 1 or anchor is not null)", name="anchor_when_counted"),
        CheckConstraint("nth_of_month is null or nth_of_month in (-1, 1, 2, 3, 4, 5)", name="nth_in_bounds"),
        CheckConstraint("(season_first is null) = (season_last is null)", name="season_has_two_ends"),
        CheckConstraint(
            "walk_in_minutes >= 0 and walk_in_minutes % 5 = 0 and staff_minutes >= 0 and staff_minutes % 5 = 0 "
            "and walk_in_minutes + staff_minutes <= 45",
            name="kept_minutes_in_bounds",
        ),
        CheckConstraint("most_walk_ins is null or most_walk_ins between 0 and 999", name="most_walk_ins_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    weekdays: Mapped[int]
    wall_start: Mapped[time]
    wall_end: Mapped[time]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    every_weeks: Mapped[int]
    anchor: Mapped[date | None]
    nth_of_month: Mapped[int | None]
    season_first: Mapped[int | None]
    season_last: Mapped[int | None]
    mode: Mapped[Mode] = mapped_column(stored(Mode, "mode"))
    last_entry: Mapped[time | None]
    walk_in_minutes: Mapped[int] = mapped_column(default=0)
    staff_minutes: Mapped[int] = mapped_column(default=0)
    most_walk_ins: Mapped[int | None]


class OpeningCounter(Base):
    """A counter that is staffed during a session."""

    __tablename__ = "opening_counter"
    __table_args__ = (own("opening_session", "session_id", ondelete="CASCADE"), own("counter", ondelete="CASCADE"))

    commune_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class OpeningService(Base):
    """A service a session is limited to."""

    __tablename__ = "opening_service"
    __table_args__ = (own("opening_session", "session_id", ondelete="CASCADE"), own("service", ondelete="CASCADE"))

    commune_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class Closure(Base):
    """Days, or hours of days, on which a commune (no office), an office or some counters are shut."""

    __tablename__ = "closure"
    __table_args__ = tenant(
        own("office", ondelete="CASCADE"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
        CheckConstraint("wall_start is null or wall_end is null or wall_start < wall_end", name="start_before_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    office_id: Mapped[int | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    wall_start: Mapped[time | None]
    wall_end: Mapped[time | None]
    reason: Mapped[Translated]


class ClosureCounter(Base):
    """A counter a closure is limited to."""

    __tablename__ = "closure_counter"
    __table_args__ = (own("closure", ondelete="CASCADE"), own("counter", ondelete="CASCADE"))

    commune_id: Mapped[int]
    closure_id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class BlockReason(StrEnum):
    BREAK = "break"
    ABSENCE = "absence"
    KEPT = "kept"


class Block(Base):
    """A stretch of one counter's time that nobody can book: a break, an absence, a kept quarter of an hour."""

    __tablename__ = "block"
    __table_args__ = tenant(
        own("counter", ondelete="CASCADE"),
        UniqueConstraint("commune_id", "counter_id", "start"),
        CheckConstraint('start < "end"', name="start_before_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    counter_id: Mapped[int]
    start: Mapped[datetime] = mapped_column(OnTick)
    end: Mapped[datetime] = mapped_column(OnTick)
    reason: Mapped[BlockReason] = mapped_column(stored(BlockReason, "reason"))
