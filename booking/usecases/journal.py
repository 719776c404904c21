"""Who did or looked at what: written in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import JournalEntry
from booking.usecases.statements import table_of

WRITE_DOWN = insert(table_of(JournalEntry))


@dataclass(frozen=True)
class Actor:
    """Who acts: a role, the member of staff when it is one, and a digest of where from."""

    role: Role | None = None
    person_id: int | None = None
    client: str | None = None


SYSTEM = Actor()


def note(
    session: Session,
    actor: Actor,
    *,
    commune_id: int,
    act: str,
    subject: str,
    subject_id: int,
    fields: Iterable[str] = (),
    now: datetime,
) -> None:
    """Write one act down: names of rows and fields, never their values."""
    ids = [subject_id]
    note_each(session, actor, ids, commune_id=commune_id, act=act, subject=subject, fields=fields, now=now)


def note_each(
    session: Session,
    actor: Actor,
    subject_ids: Collection[int],
    *,
    commune_id: int,
    act: str,
    subject: str,
    fields: Iterable[str] = (),
    now: datetime,
) -> None:
    """Write down an act that was done to several, each as an entry of its own."""
    entry = {
        "commune_id": commune_id,
        "at": now,
        "role": actor.role,
        "person_id": actor.person_id,
        "act": act,
        "subject": subject,
        "fields": ",".join(sorted(fields))[:400],
        "client": actor.client,
    }
    if subject_ids:
        session.execute(WRITE_DOWN, [entry | {"subject_id": number} for number in subject_ids])
