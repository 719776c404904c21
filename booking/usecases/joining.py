"""Accounts of staff that are made without an invitation, and what they are to a commune: the commands do that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, not_, select, update
from sqlalchemy.orm import Session

from booking.core.errors import AddressTaken, Unknown
from booking.core.roles import Role
from booking.models import Membership, MembershipOffice, Office, Person
from booking.models.people import in_force
from booking.usecases.people import written
from booking.usecases.rows import refusing
from booking.usecases.statements import QUIETLY, insert_unless_taken


def create_person(session: Session, *, email: str, name: str, language: str, password_hash: str, now: datetime) -> int:
    """A new account, a member of no commune yet. Raises ``AddressTaken``."""
    person = insert(Person).values(
        email=written(email), name=name, language=language, password_hash=password_hash, created_at=now
    )
    with refusing(session, AddressTaken, on="uq_person_email"):
        return session.scalars(person.returning(Person.id)).one()


def add_membership(
    session: Session, *, commune_id: int, person_id: int, role: Role, office_ids: Iterable[int] = ()
) -> int:
    """Give a person a role in a commune: in some offices, or without any named, in all."""
    membership = insert(Membership).values(commune_id=commune_id, person_id=person_id, role=role)
    membership_id = session.scalars(membership.returning(Membership.id)).one()
    for office_id in office_ids:
        session.execute(
            insert(MembershipOffice).values(commune_id=commune_id, membership_id=membership_id, office_id=office_id)
        )
    return membership_id


@dataclass(frozen=True)
class Joined:
    """Whether somebody joined a commune with a new account, and in a role that is new to them there."""

    is_new_account: bool
    is_new_role: bool


def join(
    session: Session,
    *,
    commune_id: int,
    role: Role,
    office_codes: Sequence[str] = (),
    email: str,
    name: str,
    language: str,
    password_hash: str,
    now: datetime,
) -> Joined:
    """Give somebody a role: with a new account, or with the one they have, which stays as it is.

    Without ``office_codes`` they work in all offices. A role they were invited to, or that was put to rest, counts from
    now on. Raises ``Unknown`` for an office, and ``AddressTaken`` for an account that was deactivated.
    """
    facts = {"name": name, "language": language, "password_hash": password_hash}
    person_id, is_new = account_to_join(session, email=written(email), facts=facts, now=now)
    own = {"commune_id": commune_id, "person_id": person_id, "role": role}
    membership_id = session.scalar(insert_unless_taken(session, Membership, "id"), own)
    membership_id = membership_id or wake(session, commune_id=commune_id, person_id=person_id, role=role)
    if membership_id is not None:
        for code in office_codes:
            session.execute(insert(MembershipOffice).values(office_row(session, commune_id, membership_id, code)))
    return Joined(is_new_account=is_new, is_new_role=membership_id is not None)


def account_to_join(session: Session, *, email: str, facts: dict[str, str], now: datetime) -> tuple[int, bool]:
    """The person of this address, and whether their account is made of ``facts``. Raises ``AddressTaken``."""
    new = session.scalar(insert_unless_taken(session, Person, "id"), facts | {"email": email, "created_at": now})
    invited = update(Person).where(Person.email == email, Person.password_hash == "").values(**facts)
    made = new or session.scalar(invited.returning(Person.id), execution_options=QUIETLY)
    if made is not None:
        return made, True
    known = select(Person.id).where(Person.email == email, Person.deactivated_at.is_(None))
    person_id = session.scalars(known).one_or_none()
    if person_id is None:
        raise AddressTaken
    return person_id, False


def wake(session: Session, *, commune_id: int, person_id: int, role: Role) -> int | None:
    """Have a membership count that does not yet, or no longer, without the offices it had; ``None`` when none does."""
    asleep = update(Membership).where(
        Membership.commune_id == commune_id,
        Membership.person_id == person_id,
        Membership.role == role,
        not_(in_force()),
    )
    woken = asleep.values(invitation_nonce=None, invited_until=None, deactivated_at=None).returning(Membership.id)
    membership_id = session.scalar(woken, execution_options=QUIETLY)
    if membership_id is not None:
        session.execute(delete(MembershipOffice).where(MembershipOffice.membership_id == membership_id))
    return membership_id


def office_row(session: Session, commune_id: int, membership_id: int, code: str) -> dict[str, int]:
    of_code = select(Office.id).where(Office.commune_id == commune_id, Office.code == code)
    office_id = session.scalars(of_code).one_or_none()
    if office_id is None:
        raise Unknown(office=code)
    return {"commune_id": commune_id, "membership_id": membership_id, "office_id": office_id}
