"""The facts of letters to staff: a new password, an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.letters import StaffLetter
from booking.core.references import link_token
from booking.core.roles import Role
from booking.models import Commune, Membership, Message, Person
from booking.models.messages import MessageKind
from booking.usecases.letter_facts import addresses, commune_facts, message_id


def staff_letter(
    session: Session, *, message: Message, base_url: str, secret: str, now: datetime
) -> StaffLetter | None:
    """What a member of staff is told, ``None`` when the link it is about was used, replaced or is too old."""
    person = session.get(Person, message.person_id)
    commune = session.get(Commune, message.commune_id)
    if person is None or commune is None:
        return None
    if message.kind == MessageKind.INVITATION:
        return invitation_letter(session, message, person, commune, base_url=base_url, secret=secret, now=now)
    if person.reset_nonce is None or person.reset_until is None or person.reset_until <= now:
        return None
    path = f"/agent/password/open/{link_token(secret, 'reset', person.reset_nonce)}"
    return letter_to(session, message, person, commune, Link(base_url, path, person.reset_until), now=now)


def invitation_letter(
    session: Session,
    message: Message,
    person: Person,
    commune: Commune,
    *,
    base_url: str,
    secret: str,
    now: datetime,
) -> StaffLetter | None:
    invited = select(Membership).where(
        Membership.commune_id == commune.id, Membership.person_id == person.id, Membership.invited_until > now
    )
    membership = session.scalars(invited).first()
    if membership is None or membership.invited_until is None or membership.invitation_nonce is None:
        return None
    path = f"/agent/invitation/open/{link_token(secret, 'invitation', membership.invitation_nonce)}"
    link = Link(base_url, path, membership.invited_until, membership.role)
    return letter_to(session, message, person, commune, link, now=now)


@dataclass(frozen=True)
class Link:
    """Where a letter leads, until when, and to which role when it invites to one."""

    base_url: str
    path: str
    until: datetime
    role: Role | None = None


def letter_to(
    session: Session, message: Message, person: Person, commune: Commune, link: Link, *, now: datetime
) -> StaffLetter:
    of = {"commune_id": commune.id, "base_url": link.base_url, "language": person.language}
    return StaffLetter(
        message_id=message_id(link.base_url, message.id),
        language=person.language,
        recipient=person.email,
        name=person.name,
        commune=commune_facts(session, commune=commune, base_url=link.base_url, language=person.language),
        url=addresses(session, path=link.path, **of).in_(person.language),  # type: ignore[arg-type]
        expires_at=link.until,
        stamped_at=now,
        invited_as=link.role,
        wall_until=link.until.astimezone(commune.zone),
    )
