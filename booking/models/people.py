"""Staff: who they are, what they are to a commune, and the sessions they have open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from booking.core.roles import Role
from booking.models.base import Base, Codes, own, stored, tenant


class Person(Base):
    """A member of staff, perhaps of several communes. ``reset_nonce`` is the one password link that works.

    ``speaks`` are the languages they help in, beside French and Dutch. ``keys`` are the keys they chose for the steps
    of the queue, ``{}`` as they come, ``None`` when they want none. Whoever was invited and has not come yet has an
    empty ``password_hash``, which no password opens. ``platform_since`` makes them one who runs the platform.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    reset_nonce: Mapped[str | None] = mapped_column(String(32), unique=True)
    reset_until: Mapped[datetime | None]
    speaks: Mapped[tuple[str, ...]] = mapped_column(Codes(60), default=())
    keys: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True), default=dict)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    platform_since: Mapped[datetime | None]

    @property
    def has_come(self) -> bool:
        """Whether they have an account of their own, and not only an invitation to have one."""
        return bool(self.password_hash)


class Membership(Base):
    """What a person is to a commune. Without offices of its own it covers them all.

    It opens nothing while they have not accepted it (``invited_until``), nor once it was ``deactivated_at``.
    ``invitation_nonce`` is the one link that accepts it.
    """

    __tablename__ = "membership"
    __table_args__ = tenant(
        UniqueConstraint("commune_id", "person_id", "role"),
        CheckConstraint("role in ('receptionist', 'agent', 'administrator', 'auditor')", name="role_is_staff"),
        CheckConstraint("(invitation_nonce is null) = (invited_until is null)", name="nonce_exactly_while_invited"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("commune.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(stored(Role, "role"))
    invitation_nonce: Mapped[str | None] = mapped_column(String(32), unique=True)
    invited_until: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]


def in_force(membership: Any = Membership) -> ColumnElement[bool]:
    """That a membership counts: it was accepted, and is not put to rest. Also for the columns of its table."""
    return and_(membership.invited_until.is_(None), membership.deactivated_at.is_(None))


class MembershipService(Base):
    """A service somebody has learned to give; without any they give all that their counter serves."""

    __tablename__ = "membership_service"
    __table_args__ = (own("membership", ondelete="CASCADE"), own("service", ondelete="CASCADE"))

    commune_id: Mapped[int]
    membership_id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class MembershipOffice(Base):
    """An office a membership is limited to."""

    __tablename__ = "membership_office"
    __table_args__ = (own("membership", ondelete="CASCADE"), own("office", ondelete="CASCADE"))

    commune_id: Mapped[int]
    membership_id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class StaffSession(Base):
    """A signed-in browser. The cookie holds the token; the row holds its digest, and dies when it is deleted."""

    __tablename__ = "staff_session"

    token_digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SecondFactor(Base):
    """A telephone that makes codes for a person, ``since`` they have typed the first of them.

    ``secret`` is sealed under a key that is not here. No code counts of ``last_step`` or before: each does once.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(80))
    last_step: Mapped[int]
    since: Mapped[datetime]


class RecoveryCode(Base):
    """One of the codes on paper, for when the telephone is lost: a digest, deleted when the code is used."""

    __tablename__ = "recovery_code"
    __table_args__ = ({"sqlite_with_rowid": False},)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)


class LoginFailure(Base):
    """One of the misses that a client, or an account, or one from the other, may have within the time that follows it.

    ``kind`` and ``key`` say whose misses they are (a digest, never an address); ``n`` runs up to the limit.
    """

    __tablename__ = "login_failure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
