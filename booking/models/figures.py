"""Figures: what the days of an office came to, kept when nobody can be told from their visits any more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.alerts import Cause
from booking.models.base import Base, own, stored


class CountsText(TypeDecorator[Mapping[str, int]]):
    """How many of each kind, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, int] | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, int] | None:
        return None if value is None else json.loads(value)


class HistogramText(TypeDecorator[Mapping[int, int]]):
    """How many took each number of minutes, kept as the minutes of each, the fewest first, with commas between them.

    So those of years are put together by the database, and counted by one look at a long text.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[int, int] | None, dialect: Dialect) -> str | None:
        return (
            None if value is None else ",".join(str(minute) for minute in sorted(value) for _ in range(value[minute]))
        )

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[int, int] | None:
        return None if value is None else histogram(value)


def histogram(minutes: str) -> dict[int, int]:
    """How many took each number of minutes, of a text or of many that were put together."""
    return dict(sorted((int(minute), number) for minute, number in Counter(filter(None, minutes.split(","))).items()))


def counts(texts: str) -> dict[str, int]:
    """How many there are of each kind, of many texts of ``CountsText`` that were put together with commas."""
    found: dict[str, int] = {}
    for one in json.loads(f"[{texts}]"):
        for kind, number in one.items():
            found[kind] = found.get(kind, 0) + number
    return dict(sorted(found.items()))


class DailyFigure(Base):
    """What the visits for one service came to at an office on a local day (``core/figures.py``, ``Sums``).

    ``booked``, ``walk_ins`` and ``served`` follow from the others: days are told from them by themselves.
    """

    __tablename__ = "daily_figure"
    __table_args__ = (
        own("office", ondelete="CASCADE"),
        own("service", ondelete="CASCADE"),
        Index("ix_daily_figure_by_day", "commune_id", "day"),
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    commune_id: Mapped[int]
    booked: Mapped[int]
    walk_ins: Mapped[int]
    served: Mapped[int]
    ways: Mapped[Mapping[str, int]] = mapped_column(CountsText)
    came: Mapped[Mapping[str, int]] = mapped_column(CountsText)
    missed: Mapped[Mapping[str, int]] = mapped_column(CountsText)
    waits: Mapped[Mapping[int, int]] = mapped_column(HistogramText)
    walk_in_waits: Mapped[Mapping[int, int]] = mapped_column(HistogramText)
    serving: Mapped[Mapping[int, int]] = mapped_column(HistogramText)
    cancelled: Mapped[int]
    cancelled_by_commune: Mapped[int]
    refilled: Mapped[int]
    served_walk_ins: Mapped[int]
    gone: Mapped[int]
    handled: Mapped[int]
    incomplete: Mapped[int]
    planned_minutes: Mapped[int]
    used_minutes: Mapped[int]
    freed: Mapped[int]
    offered: Mapped[int]
    taken: Mapped[int]
    gained_days: Mapped[int]


class HourlyFigure(Base):
    """An hour of an office's local day, in minutes of all its counters together.

    ``open_minutes`` were planned for appointments and ``walk_in_minutes`` for people without one; ``taken_minutes``
    were given to appointments; in ``used_minutes`` somebody was at a counter.
    """

    __tablename__ = "hourly_figure"
    __table_args__ = (
        own("office", ondelete="CASCADE"),
        CheckConstraint("hour between 0 and 23", name="hour_in_bounds"),
        Index("ix_hourly_figure_by_day", "commune_id", "day"),
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commune_id: Mapped[int]
    open_minutes: Mapped[int]
    walk_in_minutes: Mapped[int]
    taken_minutes: Mapped[int]
    used_minutes: Mapped[int]


class FiguredDay(Base):
    """That a day of an office was counted, when, and from what: the name of all its rows as they were then."""

    __tablename__ = "figured_day"
    __table_args__ = (own("office", ondelete="CASCADE"),)

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(32))
    counted_at: Mapped[datetime]


class FirstFree(Base):
    """How many days one had to wait for a free time, as it stood once on a local day; ``None``: none was free at all.

    Nothing tells it afterwards, so it is written down on the day itself and never again.
    """

    __tablename__ = "first_free"
    __table_args__ = (
        own("office", ondelete="CASCADE"),
        own("service", ondelete="CASCADE"),
        CheckConstraint("days is null or days >= 0", name="days_in_bounds"),
        Index("ix_first_free_by_day", "commune_id", "day"),
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    commune_id: Mapped[int]
    days: Mapped[int | None]


class Alert(Base):
    """That the administrators of a commune were told, once on a local day, of something that does not go well."""

    __tablename__ = "alert"

    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[Cause] = mapped_column(stored(Cause, "cause"), primary_key=True)
    told_at: Mapped[datetime]
