"""What those see who run the platform: every commune, and who administers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Commune, CommuneSlug, Membership, Person, SecondFactor
from booking.models.people import in_force
from booking.usecases.joining import account_to_join
from booking.usecases.people import end_all_sessions, written
from booking.usecases.statements import QUIETLY


@dataclass(frozen=True)
class Administrator:
    name: str
    email: str
    has_second_factor: bool


@dataclass(frozen=True)
class Administered:
    """A commune, its addresses per language, and who administers it."""

    id: int
    name: Translated
    slugs: Mapping[str, str]
    is_demonstration: bool
    administrators: tuple[Administrator, ...]


def administered(session: Session) -> tuple[Administered, ...]:
    """All communes of the installation, in a fixed order."""
    slugs: dict[int, dict[str, str]] = {}
    for row in session.scalars(select(CommuneSlug)):
        slugs.setdefault(row.commune_id, {})[row.language] = row.slug
    proved = exists().where(SecondFactor.person_id == Person.id)
    people = (
        select(Membership.commune_id, Person.name, Person.email, proved)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.role == Role.ADMINISTRATOR, in_force(), Person.deactivated_at.is_(None))
        .order_by(Membership.commune_id, Person.name, Person.id)
    )
    by_commune = {
        commune_id: tuple(Administrator(*row[1:]) for row in rows)
        for commune_id, rows in groupby(session.execute(people), key=lambda row: row.commune_id)
    }
    communes = session.scalars(select(Commune).order_by(Commune.id))
    return tuple(
        Administered(one.id, one.name, slugs.get(one.id, {}), one.is_demonstration, by_commune.get(one.id, ()))
        for one in communes
    )


def run_platform(
    session: Session, *, email: str, name: str, language: str, password_hash: str, now: datetime
) -> tuple[bool, bool]:
    """Give the platform to somebody: whether their account is new, and whether the platform is new to them.

    Raises ``AddressTaken`` for an account that was deactivated.
    """
    facts = {"name": name, "language": language, "password_hash": password_hash}
    person_id, is_new = account_to_join(session, email=written(email), facts=facts, now=now)
    given = update(Person).where(Person.id == person_id, Person.platform_since.is_(None)).values(platform_since=now)
    is_new_to_them = session.scalar(given.returning(Person.id), execution_options=QUIETLY) is not None
    if is_new_to_them:
        end_all_sessions(session, person_id=person_id)
    return is_new, is_new_to_them
