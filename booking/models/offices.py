"""Offices and the counters inside them."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.checklist import PhotoRule
from booking.core.translated import Translated
from booking.models.base import Base, own, stored, tenant


def new_version() -> int:
    """A schedule's version: drawn, not counted, so that a restored copy never meets an old cache."""
    return secrets.randbits(62)


class CounterKind(StrEnum):
    NORMAL = "normal"
    EXTRA = "extra"


class Office(Base):
    """A building with a clock on the wall.

    ``start_step`` is the number of minutes between offered starts, counted from a session's start.
    ``schedule_version`` changes with every change of hours, closures, counters or what they serve;
    whoever holds a time takes a share of this row, whoever changes hours takes it whole.
    ``grace_minutes`` is how long somebody who is late is waited for; ``late_rule`` says what happens then.
    """

    __tablename__ = "office"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "code"),
        CheckConstraint("start_step > 0 and start_step % 5 = 0", name="start_step_on_grid"),
        CheckConstraint("grace_minutes between 0 and 60", name="grace_minutes_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    name: Mapped[Translated]
    address: Mapped[Translated]
    transport: Mapped[Translated]
    access: Mapped[Translated]
    zone_key: Mapped[str] = mapped_column(String(60))
    start_step: Mapped[int]
    photo_rule: Mapped[PhotoRule] = mapped_column(stored(PhotoRule, "photo_rule"), default=PhotoRule.BRING)
    grace_minutes: Mapped[int]
    late_rule: Mapped[Translated]
    schedule_version: Mapped[int] = mapped_column(BigInteger, default=new_version)
    retired_at: Mapped[datetime | None]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_key)


class Counter(Base):
    """A place where one agent serves one visitor. Extra lanes are never offered to the public."""

    __tablename__ = "counter"
    __table_args__ = tenant(UniqueConstraint("commune_id", "office_id", "label"), own("office", ondelete="CASCADE"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    note: Mapped[Translated]
    kind: Mapped[CounterKind] = mapped_column(stored(CounterKind, "kind"))
    retired_at: Mapped[datetime | None]


class CounterService(Base):
    """A service that a counter can serve."""

    __tablename__ = "counter_service"
    __table_args__ = (own("counter", ondelete="CASCADE"), own("service", ondelete="CASCADE"))

    commune_id: Mapped[int]
    counter_id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, index=True)
