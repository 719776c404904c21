"""Contacts of organisations that book for many people: the commune lets them do so without a limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.contacts import contact_key
from booking.core.errors import AlreadyTrusted, ContactMissing
from booking.models import TrustedHelper
from booking.usecases.journal import Actor, note
from booking.usecases.statements import QUIETLY, insert_unless_taken


def trusted_here(session: Session, *, commune_id: int) -> Sequence[TrustedHelper]:
    """Those of a commune, by what is noted of them."""
    mine = select(TrustedHelper).where(TrustedHelper.commune_id == commune_id)
    return session.scalars(mine.order_by(TrustedHelper.note, TrustedHelper.id)).all()


def trust(
    session: Session, *, commune_id: int, email: str | None, phone: str | None, note_: str, actor: Actor, now: datetime
) -> int:
    """Trust a contact, however it is written, and give its row. ``phone`` is E.164.

    Raises ``ContactMissing`` when it is not one contact, or ``AlreadyTrusted``.
    """
    if bool(email) == bool(phone):
        raise ContactMissing
    row = {"commune_id": commune_id, "email": email, "phone": phone, "note": note_}
    number = session.scalar(
        insert_unless_taken(session, TrustedHelper, "id"), row | {"contact_key": contact_key(email, phone)}
    )
    if number is None:
        raise AlreadyTrusted
    note(
        session,
        actor,
        commune_id=commune_id,
        act="added",
        subject="trusted_helper",
        subject_id=number,
        fields=("email" if email else "phone", "note"),
        now=now,
    )
    return int(number)


def distrust(session: Session, *, commune_id: int, trusted_id: int, actor: Actor, now: datetime) -> None:
    """Trust a contact no longer: what it has booked stays, and the next time counts. Done twice, it is done once."""
    gone = delete(TrustedHelper).where(TrustedHelper.commune_id == commune_id, TrustedHelper.id == trusted_id)
    if session.scalars(gone.returning(TrustedHelper.id), execution_options=QUIETLY).first() is not None:
        note(
            session,
            actor,
            commune_id=commune_id,
            act="removed",
            subject="trusted_helper",
            subject_id=trusted_id,
            now=now,
        )
