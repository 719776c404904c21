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
from booking.core.turns import QueuePolicy
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
    ``queue_policy`` is the rule by which those who wait are called; ``language_minutes`` by how much a help language
    brings somebody forward at a counter where it is spoken; after ``calls_needed`` calls somebody counts as absent.
    ``check_in_minutes``: so long before their time people can check in by themselves, ``None`` where they cannot.
    ``walk_in_lead_minutes``: so long before a session begins its first tickets are handed out.
    ``screen_key`` is a digest of what opens the calling screen; ``feed_key`` opens the calendar of the office; ``None``
    where there is none. To ``sheet_by_mail`` the day sheet is sent every morning.
    """

    __tablename__ = "office"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "code"),
        CheckConstraint("start_step > 0 and start_step % 5 = 0", name="start_step_on_grid"),
        CheckConstraint("grace_minutes between 0 and 60", name="grace_minutes_in_bounds"),
        CheckConstraint("language_minutes between 0 and 60", name="language_minutes_in_bounds"),
        CheckConstraint("calls_needed between 1 and 9", name="calls_needed_in_bounds"),
        CheckConstraint("check_in_minutes is null or check_in_minutes between 5 and 240", name="check_in_in_bounds"),
        CheckConstraint("walk_in_lead_minutes between 0 and 180", name="walk_in_lead_in_bounds"),
        UniqueConstraint("screen_key"),
        UniqueConstraint("feed_key"),
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
    queue_policy: Mapped[QueuePolicy] = mapped_column(stored(QueuePolicy, "queue_policy"), default=QueuePolicy.PROMISED)
    language_minutes: Mapped[int] = mapped_column(default=10)
    calls_needed: Mapped[int] = mapped_column(default=2)
    check_in_minutes: Mapped[int | None] = mapped_column(default=30)
    walk_in_lead_minutes: Mapped[int] = mapped_column(default=30)
    calls_with_sound: Mapped[bool] = mapped_column(default=True)
    sheet_by_mail: Mapped[str | None] = mapped_column(String(254))
    screen_key: Mapped[str | None] = mapped_column(String(32))
    feed_key: Mapped[str | None] = mapped_column(String(32))
    schedule_version: Mapped[int] = mapped_column(BigInteger, default=new_version)
    retired_at: Mapped[datetime | None]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_key)


class Counter(Base):
    """A place where one agent serves one visitor. Extra lanes are never offered to the public.

    ``max_persons``: there is room for so many, ``None`` where it does not matter. ``feed_key`` opens its calendar.
    """

    __tablename__ = "counter"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "office_id", "label"),
        UniqueConstraint("feed_key"),
        own("office", ondelete="CASCADE"),
        CheckConstraint("max_persons is null or max_persons between 1 and 99", name="max_persons_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    office_id: Mapped[int]
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    note: Mapped[Translated]
    kind: Mapped[CounterKind] = mapped_column(stored(CounterKind, "kind"))
    max_persons: Mapped[int | None]
    feed_key: Mapped[str | None] = mapped_column(String(32))
    retired_at: Mapped[datetime | None]


class CounterService(Base):
    """A service that a counter can serve."""

    __tablename__ = "counter_service"
    __table_args__ = (own("counter", ondelete="CASCADE"), own("service", ondelete="CASCADE"))

    commune_id: Mapped[int]
    counter_id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, index=True)
