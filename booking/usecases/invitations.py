"""Invitations to work for a commune: one link by mail, for one use, for three days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import AddressTaken, AnotherAccount, LinkOver, Unknown, WorksHere
from booking.core.references import new_key
from booking.core.roles import Role
from booking.models import Membership, Person
from booking.models.messages import MessageKind
from booking.usecases.colleagues import check_roles, limit, stand_in_line, write_down
from booking.usecases.journal import Actor
from booking.usecases.messages import announce
from booking.usecases.people import end_all_sessions, open_session, written
from booking.usecases.rows import refusing
from booking.usecases.statements import QUIETLY, insert_unless_taken

LASTS = timedelta(days=3)
"""Whoever is invited on a Friday has the Monday."""

BETWEEN_MAILS = timedelta(minutes=2)
INVITED = (Membership.invited_until.is_not(None), Membership.deactivated_at.is_(None))


@dataclass(frozen=True)
class Invited:
    """Who is invited, to what; ``has_account`` when they accept with the account they have."""

    person_id: int
    commune_id: int
    role: Role
    email: str
    name: str
    language: str
    has_account: bool


def invite(
    session: Session,
    *,
    commune_id: int,
    email: str,
    name: str,
    language: str,
    role: Role,
    office_ids: Collection[int],
    actor: Actor,
    now: datetime,
) -> int:
    """Leave a letter with a link for somebody, and give their number. An account that is there stays as it is.

    Raises ``WorksHere``, ``AddressTaken`` for an account that was deactivated, ``Unknown`` for an office.
    """
    stand_in_line(session, commune_id)
    check_roles(session, commune_id, {role: frozenset(office_ids)})
    facts = {"email": written(email), "name": name, "language": language, "password_hash": "", "created_at": now}
    session.execute(insert_unless_taken(session, Person, "id"), facts)
    known = select(Person.id).where(Person.email == facts["email"], Person.deactivated_at.is_(None))
    person_id = session.scalars(known).one_or_none()
    if person_id is None:
        raise AddressTaken
    here = select(Membership.id).where(Membership.commune_id == commune_id, Membership.person_id == person_id)
    if session.scalars(here).first() is not None:
        raise WorksHere
    membership = insert(Membership).values(
        commune_id=commune_id, person_id=person_id, role=role, invitation_nonce=new_key(), invited_until=now + LASTS
    )
    with refusing(session, WorksHere, on="uq_membership_commune_id_person_id_role"):
        number = session.scalars(membership.returning(Membership.id)).one()
    limit(session, commune_id=commune_id, membership_id=number, office_ids=office_ids)
    announce(session, MessageKind.INVITATION, commune_id=commune_id, person_id=person_id, now=now)
    write_down(session, actor, "invited", commune_id=commune_id, person_id=person_id, fields=("roles",), now=now)
    return person_id


def invite_again(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """A new letter with a new link; the one before opens nothing. Asked again at once, the letter on its way is enough.

    Raises ``Unknown`` for whoever is not invited.
    """
    mine = (Membership.commune_id == commune_id, Membership.person_id == person_id, *INVITED)
    renewed = (
        update(Membership)
        .where(*mine, Membership.invited_until <= now + LASTS - BETWEEN_MAILS)
        .values(invitation_nonce=new_key(), invited_until=now + LASTS)
        .returning(Membership.id)
    )
    if session.scalars(renewed, execution_options=QUIETLY).all():
        announce(session, MessageKind.INVITATION, commune_id=commune_id, person_id=person_id, now=now)
        write_down(session, actor, "invited", commune_id=commune_id, person_id=person_id, now=now)
    elif session.scalars(select(Membership.id).where(*mine)).first() is None:
        raise Unknown


def withdraw(session: Session, *, commune_id: int, person_id: int, actor: Actor, now: datetime) -> None:
    """Take an invitation back; an account that was only invited goes with it. Raises ``Unknown``."""
    mine = (Membership.commune_id == commune_id, Membership.person_id == person_id, *INVITED)
    gone = delete(Membership).where(*mine).returning(Membership.id)
    if not session.scalars(gone, execution_options=QUIETLY).all():
        raise Unknown
    write_down(session, actor, "uninvited", commune_id=commune_id, person_id=person_id, now=now)
    forget_uninvited(session, person_ids=[person_id])


def forget_uninvited(session: Session, *, person_ids: Collection[int]) -> None:
    """Delete the accounts among these that nobody ever opened, and that nobody invites any more."""
    never_came = delete(Person).where(
        Person.id.in_(person_ids), Person.password_hash == "", Person.id.not_in(select(Membership.person_id))
    )
    session.execute(never_came, execution_options=QUIETLY)


def invitation(session: Session, *, nonce: str, now: datetime) -> Invited:
    """What a link invites to. Raises ``LinkOver``."""
    wanted = (
        select(Person, Membership.commune_id, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.invitation_nonce == nonce, Membership.invited_until > now, Person.deactivated_at.is_(None))
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise LinkOver
    person: Person = row.Person
    return Invited(
        person.id, row.commune_id, row.role, person.email, person.name, person.language, has_account=person.has_come
    )


def come(
    session: Session, *, nonce: str, name: str, language: str, password_hash: str, actor: Actor, now: datetime
) -> str:
    """Accept with a new account, and give the token of its first session.

    Raises ``LinkOver``, also for an account that is there: an invitation changes none.
    """
    person_id, commune_id = accepted(session, nonce=nonce, now=now)
    new = update(Person).where(Person.id == person_id, Person.password_hash == "", Person.deactivated_at.is_(None))
    made = new.values(name=name, language=language, password_hash=password_hash).returning(Person.id)
    if session.scalar(made, execution_options=QUIETLY) is None:
        raise LinkOver
    write_down(session, actor, "joined", commune_id=commune_id, person_id=person_id, now=now)
    return open_session(session, person_id=person_id, now=now)


def accept(session: Session, *, nonce: str, person_id: int, actor: Actor, now: datetime) -> str:
    """Accept with the account that is signed in, and give the token of a new session: what it may is something else.

    Raises ``LinkOver``, ``AnotherAccount``.
    """
    invited_id, commune_id = accepted(session, nonce=nonce, now=now)
    if invited_id != person_id:
        raise AnotherAccount
    write_down(session, actor, "joined", commune_id=commune_id, person_id=person_id, now=now)
    end_all_sessions(session, person_id=person_id)
    return open_session(session, person_id=person_id, now=now)


def accepted(session: Session, *, nonce: str, now: datetime) -> tuple[int, int]:
    """Use a link up: whom it was for, and to which commune. Raises ``LinkOver``."""
    used = (
        update(Membership)
        .where(
            Membership.invitation_nonce == nonce, Membership.invited_until > now, Membership.deactivated_at.is_(None)
        )
        .values(invitation_nonce=None, invited_until=None)
        .returning(Membership.person_id, Membership.commune_id)
    )
    row = session.execute(used, execution_options=QUIETLY).one_or_none()
    if row is None:
        raise LinkOver
    return row.person_id, row.commune_id
