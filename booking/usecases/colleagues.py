"""The people of a commune, as its administrators see and change them. The last who administers all of it stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import LastAdministrator, NotOneself, RoleNeeded, Unknown
from booking.core.roles import IN_A_COMMUNE, Role
from booking.core.seen import check_seen
from booking.core.text import folded
from booking.models import Commune, Membership, MembershipOffice, Office, Person, SecondFactor
from booking.models.people import in_force
from booking.usecases.desks import get_up
from booking.usecases.journal import Actor, note
from booking.usecases.people import end_all_sessions
from booking.usecases.statements import QUIETLY

Roles = Mapping[Role, frozenset[int]]
"""The offices in which somebody has each of their roles; none named are all of them."""


class Standing(StrEnum):
    """How somebody stands to a commune."""

    ACTIVE = "active"
    INVITED = "invited"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Colleague:
    """Somebody of a commune; ``until`` is when an invitation lapses, ``since`` when they were deactivated."""

    id: int
    name: str
    email: str
    speaks: tuple[str, ...]
    standing: Standing
    roles: Roles
    has_second_factor: bool
    until: datetime | None
    since: datetime | None

    @property
    def what_they_may(self) -> object:
        """What a form about them shows."""
        return {"roles": {role.value: offices for role, offices in self.roles.items()}, "speaks": self.speaks}


def colleagues(session: Session, *, commune_id: int, person_id: int | None = None) -> tuple[Colleague, ...]:
    """Everybody of a commune, or one of them, in the order of their names."""
    wanted = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.speaks,
            Membership.role,
            Membership.invited_until,
            Membership.deactivated_at,
            MembershipOffice.office_id,
            exists().where(SecondFactor.person_id == Person.id).label("has_second_factor"),
        )
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(
            MembershipOffice,
            (MembershipOffice.commune_id == Membership.commune_id) & (MembershipOffice.membership_id == Membership.id),
        )
        .where(Membership.commune_id == commune_id)
        .order_by(Person.id)
    )
    rows = session.execute(wanted if person_id is None else wanted.where(Person.id == person_id)).all()
    found = [one_of(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]
    return tuple(sorted(found, key=lambda one: (folded(one.name), one.id)))


def one_of(rows: Sequence[Any]) -> Colleague:
    """The colleague of whom these are the memberships, a row for each office: those that count, if any does."""
    counting = [row for row in rows if row.invited_until is None and row.deactivated_at is None]
    invited = [row for row in rows if row.invited_until is not None]
    told = counting or invited or rows
    offices: dict[Role, set[int]] = {}
    for row in told:
        offices.setdefault(row.role, set()).update(filter(None, [row.office_id]))
    first = told[0]
    return Colleague(
        id=first.id,
        name=first.name,
        email=first.email,
        speaks=first.speaks,
        standing=Standing.ACTIVE if counting else Standing.INVITED if invited else Standing.DEACTIVATED,
        roles={role: frozenset(offices[role]) for role in IN_A_COMMUNE if role in offices},
        has_second_factor=first.has_second_factor,
        until=None if counting else first.invited_until,
        since=None if counting or invited else first.deactivated_at,
    )


def colleague(session: Session, *, commune_id: int, person_id: int) -> Colleague:
    """One of a commune's people. Raises ``Unknown``."""
    found = colleagues(session, commune_id=commune_id, person_id=person_id)
    if not found:
        raise Unknown
    return found[0]


def administrators(session: Session, *, commune_id: int) -> int:
    """How many administer the whole commune."""
    limited = exists().where(MembershipOffice.membership_id == Membership.id)
    whole = (Membership.commune_id == commune_id, Membership.role == Role.ADMINISTRATOR, in_force(), ~limited)
    working = select(func.count(Membership.id)).join(Person, Person.id == Membership.person_id)
    return session.scalar(working.where(*whole, Person.deactivated_at.is_(None))) or 0


def change(
    session: Session,
    *,
    commune_id: int,
    person_id: int,
    roles: Roles,
    speaks: Collection[str],
    seen: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """What somebody may do here from now on, and what they speak. With other roles they sign in anew.

    Raises ``Unknown``, ``NotOneself``, ``RoleNeeded``, ``ChangedMeanwhile``, ``LastAdministrator``.
    """
    stand_in_line(session, commune_id)
    known = colleague(session, commune_id=commune_id, person_id=person_id)
    check_seen(seen, known.what_they_may)
    spoken = tuple(sorted(speaks))
    changed = [
        name for name, differs in (("roles", roles != known.roles), ("speaks", spoken != known.speaks)) if differs
    ]
    if known.standing != Standing.ACTIVE:
        raise Unknown
    if "roles" in changed:
        check_roles(session, commune_id, roles)
        if person_id == actor.person_id:
            raise NotOneself
        give(session, commune_id=commune_id, person_id=person_id, roles=roles, known=known.roles)
        refuse_without_administrator(session, commune_id)
        end_all_sessions(session, person_id=person_id)
        get_up(session, commune_id=commune_id, person_id=person_id, actor=actor, now=now)
    session.execute(update(Person).where(Person.id == person_id).values(speaks=spoken), execution_options=QUIETLY)
    if changed:
        write_down(session, actor, "changed", commune_id=commune_id, person_id=person_id, fields=changed, now=now)


def give(session: Session, *, commune_id: int, person_id: int, roles: Roles, known: Roles) -> None:
    """Write the memberships that differ. One that only has other offices stays, with what was learned in it."""
    own = (Membership.commune_id == commune_id, Membership.person_id == person_id)
    gone = delete(Membership).where(*own, Membership.role.not_in(roles))
    session.execute(gone, execution_options=QUIETLY)
    for role, offices in roles.items():
        if role in known and known[role] == offices:
            continue
        if role not in known:
            # One that sleeps, or was never accepted, gives way.
            session.execute(delete(Membership).where(*own, Membership.role == role), execution_options=QUIETLY)
            session.execute(insert(Membership).values(commune_id=commune_id, person_id=person_id, role=role))
        number = session.scalars(select(Membership.id).where(*own, Membership.role == role)).one()
        session.execute(delete(MembershipOffice).where(MembershipOffice.membership_id == number))
        limit(session, commune_id=commune_id, membership_id=number, office_ids=offices)


def limit(session: Session, *, commune_id: int, membership_id: int, office_ids: Iterable[int]) -> None:
    """Limit a membership to offices; to none named, it covers them all."""
    own = {"commune_id": commune_id, "membership_id": membership_id}
    rows = [{**own, "office_id": office_id} for office_id in sorted(office_ids)]
    if rows:
        session.execute(insert(MembershipOffice), rows)


def check_roles(session: Session, commune_id: int, roles: Roles) -> None:
    """Raises ``RoleNeeded``, or ``Unknown`` for a role no commune gives and for an office that is not the commune's."""
    if not roles:
        raise RoleNeeded
    wanted = frozenset[int]().union(*roles.values())
    known = session.scalars(select(Office.id).where(Office.commune_id == commune_id, Office.id.in_(wanted)))
    if not roles.keys() <= {*IN_A_COMMUNE} or set(known) != wanted:
        raise Unknown


def deactivate(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Close this commune to somebody: their sessions end at once, their counter is closed. What they did stays.

    Raises ``Unknown``, ``NotOneself``, ``LastAdministrator``.
    """
    if person_id == actor.person_id:
        raise NotOneself
    stand_in_line(session, commune_id)
    own = (Membership.commune_id == commune_id, Membership.person_id == person_id)
    put_to_rest = update(Membership).where(*own, in_force()).values(deactivated_at=now).returning(Membership.id)
    if not session.scalars(put_to_rest, execution_options=QUIETLY).all():
        raise Unknown
    # What they were invited to beside it opens nothing either.
    session.execute(delete(Membership).where(*own, Membership.invited_until.is_not(None)), execution_options=QUIETLY)
    refuse_without_administrator(session, commune_id)
    end_all_sessions(session, person_id=person_id)
    get_up(session, commune_id=commune_id, person_id=person_id, actor=actor, now=now)
    write_down(session, actor, "deactivated", commune_id=commune_id, person_id=person_id, now=now)


def reactivate(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Open the commune again to somebody, in the roles they had. Raises ``Unknown``."""
    own = (Membership.commune_id == commune_id, Membership.person_id == person_id)
    woken = update(Membership).where(*own, Membership.deactivated_at.is_not(None)).values(deactivated_at=None)
    if not session.scalars(woken.returning(Membership.id), execution_options=QUIETLY).all():
        raise Unknown
    write_down(session, actor, "reactivated", commune_id=commune_id, person_id=person_id, now=now)


def stand_in_line(session: Session, commune_id: int) -> None:
    """One changes the people of a commune at a time: two administrators do not put each other to rest."""
    session.execute(select(Commune.id).where(Commune.id == commune_id).with_for_update(key_share=True))


def refuse_without_administrator(session: Session, commune_id: int) -> None:
    """Raises ``LastAdministrator`` when nobody administers the whole commune any more; who asks stands in line."""
    if not administrators(session, commune_id=commune_id):
        raise LastAdministrator


def write_down(
    session: Session,
    actor: Actor,
    act: str,
    *,
    commune_id: int,
    person_id: int,
    fields: Iterable[str] = (),
    now: datetime,
) -> None:
    about = {"commune_id": commune_id, "subject": "person", "subject_id": person_id, "now": now}
    note(session, actor, act=act, fields=fields, **about)  # type: ignore[arg-type]
