"""Staff book for the person who calls or stands at the desk: the same hold, confirmed in their name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.usecases.appointments import Booked, Wish, confirm
from booking.usecases.journal import Actor, note

GIVEN = ("name", "email", "phone", "language", "help_language", "needs")


def confirm_for(session: Session, *, commune_id: int, hold_key: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    """Turn a hold of the telephone or the desk into the person's appointment; no limit per contact counts it.

    The journal says who booked it. Raises what ``confirm`` raises.
    """
    booked = confirm(session, commune_id=commune_id, hold_key=hold_key, wish=wish, per_contact=0, now=now)
    if not booked.again:
        note(
            session,
            actor,
            commune_id=commune_id,
            act="booked",
            subject="appointment",
            subject_id=booked.id,
            fields=[name for name in GIVEN if getattr(wish, name)],
            now=now,
        )
    return booked
