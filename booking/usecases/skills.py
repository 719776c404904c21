"""What somebody brings to whatever counter they sit at: languages, what they have learned, their keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.roles import Role, may_enter
from booking.core.translated import Translated
from booking.models import Membership, MembershipService, Person, Service
from booking.usecases.statements import table_of

LEARNED = table_of(MembershipService)


class Skills(NamedTuple):
    """``services`` are all that the commune gives; of those, ``learned``: none means all of them."""

    speaks: tuple[str, ...]
    learned: frozenset[int]
    services: Mapping[int, Translated]


def skills_of(session: Session, *, commune_id: int, person_id: int) -> Skills:
    speaks = session.scalars(select(Person.speaks).where(Person.id == person_id)).one()
    learned = (
        select(MembershipService.service_id)
        .join(Membership, Membership.id == MembershipService.membership_id)
        .where(Membership.commune_id == commune_id, Membership.person_id == person_id)
    )
    services = (
        select(Service.id, Service.name)
        .where(Service.commune_id == commune_id, Service.deactivated_at.is_(None), Service.published_at.is_not(None))
        .order_by(Service.position, Service.id)
    )
    known = {row.id: row.name for row in session.execute(services)}
    return Skills(speaks, frozenset(session.scalars(learned)), known)


def say_skills(
    session: Session, *, commune_id: int, person_id: int, speaks: Collection[str], learned: Collection[int]
) -> None:
    """Keep what somebody says of themselves. Raises ``Unknown`` for a service of another commune, or for a person
    who calls nobody here.
    """
    known = select(Service.id).where(Service.commune_id == commune_id, Service.id.in_(learned))
    memberships = select(Membership.id, Membership.role).where(
        Membership.commune_id == commune_id, Membership.person_id == person_id
    )
    theirs = {row.id: row.role for row in session.execute(memberships.order_by(Membership.id))}
    calling = [number for number, role in theirs.items() if may_enter(Role.AGENT, frozenset({role}))]
    if not calling or set(session.scalars(known)) != set(learned):
        raise Unknown
    session.execute(update(Person).where(Person.id == person_id).values(speaks=tuple(sorted(speaks))))
    session.execute(delete(LEARNED).where(LEARNED.c.commune_id == commune_id, LEARNED.c.membership_id.in_(theirs)))
    rows = [
        {"commune_id": commune_id, "membership_id": calling[0], "service_id": service_id}
        for service_id in sorted(learned)
    ]
    if rows:
        session.execute(insert(LEARNED), rows)


def keys_chosen(session: Session, *, person_id: int) -> dict[str, str] | None:
    """The keys somebody chose, ``None`` when they want none."""
    return session.execute(select(Person.keys).where(Person.id == person_id)).scalar_one()


def choose_keys(session: Session, *, person_id: int, keys: Mapping[str, str] | None) -> None:
    """Keep the keys that are not the usual ones; ``None`` switches them all off."""
    session.execute(update(Person).where(Person.id == person_id).values(keys=None if keys is None else dict(keys)))
