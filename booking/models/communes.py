"""The commune: the tenant everything else belongs to."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.needs import NeedTimes
from booking.core.translated import Translated
from booking.models.base import Base, tenant


class Commune(Base):
    """A commune with its name, look, contact and rules of retention.

    ``data_officer`` is the address of its data protection officer; ``need_minutes`` is by how much needs lengthen a
    visit. ``logo_mark`` names the logo, when there is one: another picture, another mark. ``logo_alt`` says what it
    shows, where that is worth saying beside the name. With ``shows_figures`` everybody may read how long one waits.
    """

    __tablename__ = "commune"
    __table_args__ = (
        CheckConstraint("contact_days between 1 and 90", name="contact_days_in_bounds"),
        CheckConstraint("name_months between 1 and 12", name="name_months_in_bounds"),
        CheckConstraint(
            "(logo_mark is null) = (logo_width is null) and (logo_mark is null) = (logo_height is null)",
            name="logo_whole",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Translated]
    first_language: Mapped[str] = mapped_column(String(2))
    zone_key: Mapped[str] = mapped_column(String(60))
    theme_brand: Mapped[str] = mapped_column(String(7))
    theme_brand_strong: Mapped[str] = mapped_column(String(7))
    theme_brand_soft: Mapped[str] = mapped_column(String(7))
    logo_mark: Mapped[str | None] = mapped_column(String(12))
    logo_width: Mapped[int | None]
    logo_height: Mapped[int | None]
    logo_alt: Mapped[Translated] = mapped_column(default=Translated({}), server_default="{}")
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    post_address: Mapped[Translated]
    sender_address: Mapped[str] = mapped_column(String(254))
    contact_days: Mapped[int]
    name_months: Mapped[int]
    need_minutes: Mapped[NeedTimes]
    privacy_text: Mapped[Translated]
    legal_text: Mapped[Translated]
    data_officer: Mapped[str | None] = mapped_column(String(254))
    shows_figures: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool]
    created_at: Mapped[datetime]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_key)

    @property
    def wordmark(self) -> tuple[tuple[str, str], ...]:
        """The name in both official languages, ``(language, name)``, in the commune's own order."""
        second = "nl" if self.first_language == "fr" else "fr"
        return tuple((language, self.name.in_(language)) for language in (self.first_language, second))


class Logo(Base):
    """A picture beside a commune's name, a PNG of our own making; what pages need to know of it is the commune's."""

    __tablename__ = "logo"

    commune_id: Mapped[int] = mapped_column(
        ForeignKey("commune.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    png: Mapped[bytes] = mapped_column(LargeBinary)


class TrustedHelper(Base):
    """A contact of an organisation that books for many people: no limit on how many counts for it.

    ``note`` says whose contact it is.
    """

    __tablename__ = "trusted_helper"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "contact_key"),
        CheckConstraint("(email is null) <> (phone is null)", name="exactly_one_contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    contact_key: Mapped[str] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200))


class CommuneSlug(Base):
    """The commune's word in an address, one per language."""

    __tablename__ = "commune_slug"

    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"), index=True)


class Postcode(Base):
    """A postcode of a commune; two communes may share one."""

    __tablename__ = "postcode"

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"), primary_key=True)


class Banner(Base):
    """A notice to everybody, in both languages, from one moment to another: a strike, an outage."""

    __tablename__ = "banner"
    __table_args__ = tenant(CheckConstraint("shown_from < shown_until", name="shown_from_before_until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    text: Mapped[Translated]
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime]
