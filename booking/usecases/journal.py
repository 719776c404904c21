"""Who did or looked at what: written in the same transaction as the deed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import JournalEntry


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
    session.execute(
        insert(JournalEntry).values(
            commune_id=commune_id,
            at=now,
            role=actor.role,
            person_id=actor.person_id,
            act=act,
            subject=subject,
            subject_id=subject_id,
            fields=",".join(sorted(fields))[:400],
            client=actor.client,
        )
    )
