"""What residents come for: services, their groups and fees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.appointments import ServiceMode, Step, Terms
from booking.core.checklist import Procedure, UrgentMode
from booking.core.quotas import Quota, QuotaPer
from booking.core.releases import Release
from booking.core.self_service import SelfService
from booking.core.translated import Translated
from booking.models.base import Base, Numbers, own, stored, tenant


class ServiceGroup(Base):
    """A theme under which services are listed, with the name of its icon and the letter its tickets begin with."""

    __tablename__ = "service_group"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "code"),
        UniqueConstraint("commune_id", "letter"),
        CheckConstraint("length(letter) = 1", name="letter_is_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    name: Mapped[Translated]
    icon: Mapped[str] = mapped_column(String(20))
    letter: Mapped[str] = mapped_column(String(1))


class Service(Base):
    """A service: what it is called, how it is obtained, how long it takes and when it can be booked.

    ``reminder_hours``: so many hours before a visit its reminders leave, the earliest first. With ``asks_coming``
    they ask the person to say that they are coming. With ``has_priority`` whoever comes for it without an appointment
    goes before the others. With ``asks_names`` the names of the others may be given. With
    ``information_minutes`` it takes two visits: so long is the first, and from ``information_days`` after it on the
    file can be brought. ``promised_days``: so soon there is to be a free time, ``None`` where nothing is promised.
    ``urgent_mode`` is how one comes for its urgent procedure, ``None`` where there is none. ``follow_up`` is what
    happens after the visit.
    With ``release_weekday`` (Monday is 0) its times come out every week at ``release_time``, for ``release_weeks``.
    With ``quota`` it takes so many appointments, in all offices together, per day or week. ``buffer_minutes`` are those
    for which its counter stays free after a visit, ``freed_minutes`` those for which a time that people give back is
    free to nobody at most; where it has the list for an earlier appointment, that has it at once.
    ``last_day`` is the day after which a service for some time is over.
    """

    __tablename__ = "service"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "code"),
        own("service_group", "group_id"),
        CheckConstraint("minutes_first > 0 and minutes_extra >= 0", name="minutes_in_bounds"),
        CheckConstraint("minutes_beside is null or minutes_beside >= 0", name="minutes_beside_in_bounds"),
        CheckConstraint(
            "(information_minutes is null) = (information_days is null) and "
            "(information_minutes is null or (information_minutes > 0 and information_days >= 0))",
            name="information_in_bounds",
        ),
        CheckConstraint("max_persons >= 1", name="max_persons_in_bounds"),
        CheckConstraint("notice_minutes >= 0 and cancel_notice_minutes >= 0", name="notice_in_bounds"),
        CheckConstraint("max_moves between 1 and 99", name="max_moves_in_bounds"),
        CheckConstraint("horizon_days between 1 and 365", name="horizon_in_bounds"),
        CheckConstraint("promised_days is null or promised_days between 0 and 365", name="promised_days_in_bounds"),
        CheckConstraint(
            "(release_weekday is null) = (release_time is null) and (release_weekday is null) = (release_weeks is null)"
            " and (release_weekday is null or (release_weekday between 0 and 6 and release_weeks >= 1))",
            name="release_in_bounds",
        ),
        CheckConstraint("buffer_minutes between 0 and 120", name="buffer_in_bounds"),
        CheckConstraint("freed_minutes between 0 and 1440", name="freed_in_bounds"),
        CheckConstraint(
            "(quota is null) = (quota_per is null) and (quota is null or quota >= 1)", name="quota_in_bounds"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    group_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    mode: Mapped[ServiceMode] = mapped_column(stored(ServiceMode, "mode"))
    name: Mapped[Translated]
    synonyms: Mapped[Translated] = mapped_column(server_default="{}")
    summary: Mapped[Translated]
    details: Mapped[Translated]
    who_comes: Mapped[Translated]
    link: Mapped[Translated]
    authority: Mapped[Translated]
    by_phone: Mapped[Translated]
    by_post: Mapped[Translated]
    minutes_first: Mapped[int]
    minutes_extra: Mapped[int]
    minutes_beside: Mapped[int | None]
    information_minutes: Mapped[int | None]
    information_days: Mapped[int | None]
    max_persons: Mapped[int]
    notice_minutes: Mapped[int]
    cancel_notice_minutes: Mapped[int]
    may_move: Mapped[bool] = mapped_column(default=True)
    may_cancel: Mapped[bool] = mapped_column(default=True)
    max_moves: Mapped[int] = mapped_column(default=5)
    horizon_days: Mapped[int]
    promised_days: Mapped[int | None]
    release_weekday: Mapped[int | None]
    release_time: Mapped[time | None]
    release_weeks: Mapped[int | None]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    freed_minutes: Mapped[int] = mapped_column(default=0)
    quota: Mapped[int | None]
    quota_per: Mapped[QuotaPer | None] = mapped_column(stored(QuotaPer, "quota_per"))
    is_sensitive: Mapped[bool]
    urgent_mode: Mapped[UrgentMode | None] = mapped_column(stored(UrgentMode, "urgent_mode"))
    urgent_text: Mapped[Translated] = mapped_column(default=Translated({}))
    follow_up: Mapped[Translated] = mapped_column(default=Translated({}), server_default="{}")
    reminder_hours: Mapped[tuple[int, ...]] = mapped_column(Numbers(20))
    asks_coming: Mapped[bool]
    asks_names: Mapped[bool]
    earlier_list: Mapped[bool] = mapped_column(default=False)
    has_priority: Mapped[bool] = mapped_column(default=False)
    last_day: Mapped[date | None]
    published_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.deactivated_at is None

    @property
    def in_steps(self) -> bool:
        """Whether it takes two visits: one for the information, and a later one for the file."""
        return self.information_minutes is not None

    @property
    def release(self) -> Release | None:
        """When its times come out; ``None`` where they can be had as far ahead as one may book."""
        if self.release_weekday is None or self.release_time is None or self.release_weeks is None:
            return None
        return Release(self.release_weekday, self.release_time, self.release_weeks)

    @property
    def counted(self) -> Quota | None:
        """How many appointments it takes in a day or a week; ``None`` where they are not counted."""
        return None if self.quota is None or self.quota_per is None else Quota(self.quota, self.quota_per)

    def terms_of(self, step: Step | None) -> Terms:
        """The terms of one visit. One is informed in the same time however many come."""
        if step != Step.INFORMATION or self.information_minutes is None:
            return self.terms
        return replace(self.terms, minutes_first=self.information_minutes, minutes_extra=0, minutes_beside=None)

    @property
    def terms(self) -> Terms:
        return Terms(
            minutes_first=self.minutes_first,
            minutes_extra=self.minutes_extra,
            minutes_beside=self.minutes_beside,
            max_persons=self.max_persons,
            notice=timedelta(minutes=self.notice_minutes),
            horizon=timedelta(days=self.horizon_days),
            release=self.release,
        )

    @property
    def self_service(self) -> SelfService:
        return SelfService(
            notice=timedelta(minutes=self.cancel_notice_minutes),
            may_move=self.may_move,
            may_cancel=self.may_cancel,
            max_moves=self.max_moves,
        )


class ServiceFee(Base):
    """A fee in euro cents from a date on, until the next one of the same procedure begins."""

    __tablename__ = "service_fee"
    __table_args__ = tenant(
        own("service", ondelete="CASCADE"),
        UniqueConstraint("commune_id", "service_id", "procedure", "valid_from"),
        CheckConstraint("cents >= 0", name="cents_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int]
    service_id: Mapped[int]
    procedure: Mapped[Procedure] = mapped_column(stored(Procedure, "procedure"), default=Procedure.NORMAL)
    valid_from: Mapped[date]
    cents: Mapped[int]
    note: Mapped[Translated]


class ReminderChange(Base):
    """That a service has other reminder hours since ``changed_at``, as long as not all visits to come follow them.

    ``followed_to`` is the last appointment, in the order of their ids, whose reminders do.
    """

    __tablename__ = "reminder_change"
    __table_args__ = (own("service", ondelete="CASCADE"),)

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commune_id: Mapped[int]
    changed_at: Mapped[datetime]
    followed_to: Mapped[int]
