"""Members of staff: their accounts, what they are to communes, and the sessions they have open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from booking.core.references import digest, new_key
from booking.core.roles import WITH_A_SECOND_FACTOR, Role, may_enter
from booking.core.translated import Translated
from booking.models import (
    Commune,
    CommuneSlug,
    Membership,
    MembershipOffice,
    Office,
    Person,
    SecondFactor,
    StaffSession,
)
from booking.models.base import Instant
from booking.models.people import in_force
from booking.usecases.statements import table_of

STAFF = "staff"
SEEN_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Limits:
    """How long a session lives: minutes without a request, hours in all."""

    idle_minutes: int
    session_hours: int


Reach = Mapping[Role, frozenset[int] | None]
"""The offices of one commune that somebody's membership in each role covers, ``None`` for all of them."""


@dataclass(frozen=True)
class SignedIn:
    """A person with a living session, and how far their memberships reach in each commune."""

    id: int
    name: str
    email: str
    language: str
    seen_at: datetime
    reach: Mapping[int, Reach]
    is_platform: bool = False
    has_second_factor: bool = False

    @property
    def needs_second_factor(self) -> bool:
        """Whether they decide about others, wherever that is."""
        roles = {role for reach in self.reach.values() for role in reach}
        return self.is_platform or not WITH_A_SECOND_FACTOR.isdisjoint(roles)

    @property
    def lacks_second_factor(self) -> bool:
        return self.needs_second_factor and not self.has_second_factor

    def roles_in(self, commune_id: int) -> frozenset[Role]:
        return frozenset(self.reach.get(commune_id, {}))

    def roles_at(self, office_id: int, *, commune_id: int) -> frozenset[Role]:
        """Their roles in one office: those of the memberships that cover it."""
        reach = self.reach.get(commune_id, {})
        return frozenset(role for role, offices in reach.items() if offices is None or office_id in offices)

    def offices_behind(self, door: Role, *, commune_id: int) -> frozenset[int] | None:
        """The offices for which one of their memberships opens ``door``, or ``None`` for all of them."""
        reach = self.reach.get(commune_id, {})
        covered = [offices for role, offices in reach.items() if may_enter(door, frozenset({role}))]
        return None if None in covered else frozenset[int]().union(*filter(None, covered))


@dataclass(frozen=True)
class Account:
    """What signing in needs to know of a person; ``works`` when any commune, or the platform, is open to them."""

    id: int
    email: str
    language: str
    password_hash: str
    has_second_factor: bool
    works: bool


def written(email: str) -> str:
    """The one way an address of staff is stored and looked up."""
    return email.strip().casefold()


def account_for(session: Session, email: str) -> Account | None:
    """The account with this address, unless it was deactivated, or is one that was only invited."""
    return account_where(session, Person.email == written(email), Person.password_hash != "")


def account_of(session: Session, *, person_id: int) -> Account | None:
    """The account of a person, unless it was deactivated."""
    return account_where(session, Person.id == person_id)


def account_where(session: Session, *conditions: ColumnElement[bool]) -> Account | None:
    has_factor = exists().where(SecondFactor.person_id == Person.id)
    works = or_(Person.platform_since.is_not(None), exists().where(Membership.person_id == Person.id, in_force()))
    wanted = select(Person.id, Person.email, Person.language, Person.password_hash, has_factor, works)
    row = session.execute(wanted.where(Person.deactivated_at.is_(None), *conditions)).one_or_none()
    return Account(*row) if row else None


# Sessions


def open_session(session: Session, *, person_id: int, now: datetime) -> str:
    """Sign somebody in and return the token of 128 bits that says so; the row holds its digest alone."""
    token = new_key()
    session.execute(
        insert(StaffSession).values(token_digest=digest(STAFF, token), person_id=person_id, created_at=now, seen_at=now)
    )
    return token


def strengthen(session: Session, *, person_id: int, before: str, better_hash: str) -> None:
    """Replace a password's hash that was made with less work than today's, if it is still that one."""
    own = update(Person).where(Person.id == person_id, Person.password_hash == before)
    session.execute(own.values(password_hash=better_hash))


SESSIONS, PEOPLE, FACTORS = table_of(StaffSession), table_of(Person), table_of(SecondFactor)
MEMBERSHIPS, THEIR_OFFICES = table_of(Membership), table_of(MembershipOffice)
# Made once: every page of staff asks who is there. A row for each office of each membership.
WHO = (
    select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.email, PEOPLE.c.language, PEOPLE.c.platform_since, SESSIONS.c.seen_at)
    .add_columns(MEMBERSHIPS.c.commune_id, MEMBERSHIPS.c.role, THEIR_OFFICES.c.office_id, FACTORS.c.since)
    .join(SESSIONS, SESSIONS.c.person_id == PEOPLE.c.id)
    .outerjoin(FACTORS, FACTORS.c.person_id == PEOPLE.c.id)
    .outerjoin(MEMBERSHIPS, (MEMBERSHIPS.c.person_id == PEOPLE.c.id) & in_force(MEMBERSHIPS.c))
    .outerjoin(
        THEIR_OFFICES,
        (THEIR_OFFICES.c.commune_id == MEMBERSHIPS.c.commune_id) & (THEIR_OFFICES.c.membership_id == MEMBERSHIPS.c.id),
    )
    .where(
        SESSIONS.c.token_digest == bindparam("digest"),
        SESSIONS.c.seen_at > bindparam("seen_after", type_=Instant),
        SESSIONS.c.created_at > bindparam("created_after", type_=Instant),
        PEOPLE.c.deactivated_at.is_(None),
    )
)


def session_of(session: Session, *, token: str, limits: Limits, now: datetime) -> SignedIn | None:
    """Who is signed in with ``token``, or ``None`` when the session was ended, idle too long or too old."""
    facts = {
        "digest": digest(STAFF, token),
        "seen_after": now - timedelta(minutes=limits.idle_minutes),
        "created_after": now - timedelta(hours=limits.session_hours),
    }
    rows = session.execute(WHO, facts).all()
    if not rows:
        return None
    person = rows[0]
    return SignedIn(
        id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        seen_at=person.seen_at,
        reach=reach_of(row for row in rows if row.commune_id is not None),
        is_platform=person.platform_since is not None,
        has_second_factor=person.since is not None,
    )


def reach_of(rows: Iterable[Any]) -> dict[int, Reach]:
    """How far a person's memberships reach, kept apart by role: what one of them covers, another need not."""
    found: dict[int, dict[Role, set[int | None]]] = {}
    for row in rows:
        found.setdefault(row.commune_id, {}).setdefault(row.role, set()).add(row.office_id)
    return {
        commune: {role: None if None in ids else frozenset(filter(None, ids)) for role, ids in by_role.items()}
        for commune, by_role in found.items()
    }


OFFICES = select(Office).where(Office.commune_id == bindparam("commune_id")).order_by(Office.position, Office.id)


class Workplaces(NamedTuple):
    """The offices somebody works in: those in use, and those that are closed down."""

    open: Sequence[Office]
    closed: Sequence[Office]


def offices_of(session: Session, *, commune_id: int, limited_to: frozenset[int] | None, now: datetime) -> Workplaces:
    """The offices of a commune that somebody works in (``None``: all of them)."""
    everywhere = session.scalars(OFFICES, {"commune_id": commune_id})
    theirs = [office for office in everywhere if limited_to is None or office.id in limited_to]
    closed = [office for office in theirs if office.retired_at is not None and office.retired_at <= now]
    return Workplaces([office for office in theirs if office not in closed], closed)


def seen(session: Session, *, token: str, now: datetime) -> None:
    """Remember that somebody is still there; at most once a minute, so that reading pages does not write."""
    mine = update(StaffSession).where(
        StaffSession.token_digest == digest(STAFF, token), StaffSession.seen_at <= now - SEEN_AGAIN
    )
    session.execute(mine.values(seen_at=now))


def end_session(session: Session, *, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_digest == digest(STAFF, token)))


def end_all_sessions(session: Session, *, person_id: int) -> None:
    """Sign somebody out everywhere: each request reads the row, so every process knows at once."""
    session.execute(delete(StaffSession).where(StaffSession.person_id == person_id))


# Accounts


def speak(session: Session, *, person_id: int, language: str) -> None:
    """Choose the language of one's own interface."""
    session.execute(update(Person).where(Person.id == person_id).values(language=language))


# Communes


@dataclass(frozen=True)
class Workplace:
    """A commune somebody works for, with its addresses per language."""

    commune_id: int
    name: Translated
    slugs: Mapping[str, str]

    def slug_in(self, language: str) -> str:
        return self.slugs.get(language) or next(iter(self.slugs.values()))


def communes_of(session: Session, *, person_id: int) -> tuple[Workplace, ...]:
    """The communes somebody works for, in a fixed order."""
    rows = session.execute(
        select(Commune.id, Commune.name, CommuneSlug.language, CommuneSlug.slug)
        .join(CommuneSlug, CommuneSlug.commune_id == Commune.id)
        .where(Commune.id.in_(select(Membership.commune_id).where(Membership.person_id == person_id, in_force())))
        .order_by(Commune.id)
    ).all()
    return tuple(
        Workplace(commune_id, group[0].name, {row.language: row.slug for row in group})
        for commune_id, found in groupby(rows, key=lambda row: row.id)
        if (group := list(found))
    )
