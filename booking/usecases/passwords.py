"""A new password: for whoever knows the old one, or by one link by mail, for one use, for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from booking.core.errors import LinkOver, WrongPassword
from booking.core.references import new_key
from booking.models import Membership, Person
from booking.models.messages import MessageKind
from booking.models.people import in_force
from booking.usecases.journal import Actor, note
from booking.usecases.messages import announce
from booking.usecases.misses import forgive_account
from booking.usecases.people import end_all_sessions, open_session, written
from booking.usecases.statements import QUIETLY

RESET = timedelta(minutes=60)
BETWEEN_MAILS = timedelta(minutes=2)
"""Asked again sooner, the mail on its way is answer enough: nobody's mailbox is filled by a stranger."""


def ask_for_reset(session: Session, *, email: str, commune_id: int, now: datetime) -> None:
    """Leave a message with a new link, if this is the address of somebody who works for a commune or the platform.

    Nothing tells the asker whether it was. The message comes from ``commune_id``, or from a commune of theirs.
    """
    asked = update(Person).where(
        Person.email == written(email),
        Person.deactivated_at.is_(None),
        Person.password_hash != "",
        or_(Person.platform_since.is_not(None), Person.id.in_(select(Membership.person_id).where(in_force()))),
        or_(Person.reset_until.is_(None), Person.reset_until <= now + RESET - BETWEEN_MAILS),
    )
    changed = asked.values(reset_nonce=new_key(), reset_until=now + RESET).returning(Person.id)
    person_id = session.scalars(changed, execution_options=QUIETLY).one_or_none()
    if person_id is None:
        return
    communes = communes_with(session, person_id=person_id)
    sender = commune_id if commune_id in communes else min(communes, default=commune_id)
    announce(session, MessageKind.PASSWORD_RESET, commune_id=sender, person_id=person_id, now=now)


def person_to_reset(session: Session, *, nonce: str, now: datetime) -> str:
    """The address of whoever a link's nonce belongs to. Raises ``LinkOver``."""
    wanted = select(Person.email).where(*still_good(nonce, now))
    email = session.scalars(wanted).one_or_none()
    if email is None:
        raise LinkOver
    return email


def set_password(session: Session, *, nonce: str, password_hash: str, actor: Actor, now: datetime) -> int:
    """Use a link: the new password counts, misses and sessions of before do not, the link is over.

    Raises ``LinkOver``.
    """
    used = update(Person).where(*still_good(nonce, now))
    changed = used.values(password_hash=password_hash, reset_nonce=None, reset_until=None).returning(
        Person.id, Person.email
    )
    person = session.execute(changed, execution_options=QUIETLY).one_or_none()
    if person is None:
        raise LinkOver
    person_id: int = person.id
    end_all_sessions(session, person_id=person_id)
    forgive_account(session, email=person.email, client=actor.client)
    note_of_oneself(session, actor, person_id=person_id, act="changed", fields=("password",), now=now)
    return person_id


def change_password(
    session: Session, *, person_id: int, before: str, password_hash: str, actor: Actor, now: datetime
) -> str:
    """Take a new password, whose owner typed the one of ``before`` (as it is kept); all sessions end.

    Gives the token of a new one. Raises ``WrongPassword`` when it is no longer that password.
    """
    own = update(Person).where(Person.id == person_id, Person.password_hash == before)
    changed = own.values(password_hash=password_hash, reset_nonce=None, reset_until=None).returning(Person.id)
    if session.scalar(changed, execution_options=QUIETLY) is None:
        raise WrongPassword
    end_all_sessions(session, person_id=person_id)
    note_of_oneself(session, actor, person_id=person_id, act="changed", fields=("password",), now=now)
    return open_session(session, person_id=person_id, now=now)


def note_of_oneself(
    session: Session, actor: Actor, *, person_id: int, act: str, fields: tuple[str, ...], now: datetime
) -> None:
    """Write down what somebody did to their own account, in the journal of each commune they work for."""
    for commune_id in sorted(communes_with(session, person_id=person_id)):
        about = {"commune_id": commune_id, "subject": "person", "subject_id": person_id, "fields": fields, "now": now}
        note(session, actor, act=act, **about)  # type: ignore[arg-type]


def communes_with(session: Session, *, person_id: int) -> set[int]:
    """The communes somebody works for."""
    own = select(Membership.commune_id).where(Membership.person_id == person_id, in_force())
    return set(session.scalars(own))


def still_good(nonce: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Person.reset_nonce == nonce, Person.reset_until > now, Person.deactivated_at.is_(None)
