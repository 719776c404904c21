"""Staff book for the person who calls or stands at the desk: the same holds, confirmed in their name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.availability import STAFF, Asked
from booking.core.errors import OutsideHours, SlotTaken
from booking.usecases.appointments import Booked, Wish, confirm
from booking.usecases.groups import hold_adjoining, hold_steps, others_of
from booking.usecases.holds import hold
from booking.usecases.journal import Actor, note_each
from booking.usecases.overbooking import check_may_have, note_overbooked

GIVEN = ("name", "email", "phone", "language", "help_language", "needs")


def hold_for_caller(
    session: Session,
    *,
    start: datetime,
    first: datetime | None = None,
    apart: bool = False,
    asked: Asked = STAFF,
    first_asked: Asked = STAFF,
    actor: Actor,
    **wish: Any,
) -> str:
    """Keep a time to come for whoever calls, and give the hold's key; the notice and no limit count.

    Of a service in steps ``first`` is when one is informed, and ``first_asked`` what is asked for that. What no counter
    takes alone is had at two (``apart``); when there are not two any more, an extra lane takes it if whoever may asks
    for one (``OVERBOOKED``). The other arguments and the refusals are those of ``hold``; ``RoleMissing`` for an extra
    lane that this role may not give.
    """
    for one in (asked, first_asked):
        check_may_have(one, actor)
    wish |= {"client": None, "per_client": 0, "in_window": False, "asked": asked}
    if first is not None:
        return hold_steps(session, start=first, then=start, first_asked=first_asked, **wish)
    if not apart:
        return hold(session, start=start, **wish)
    try:
        return hold_adjoining(session, start=start, **(wish | {"asked": STAFF}))
    except (SlotTaken, OutsideHours):
        if not asked.extra:
            raise
    return hold(session, start=start, **wish)


def confirm_for(session: Session, *, commune_id: int, hold_key: str, wish: Wish, actor: Actor, now: datetime) -> Booked:
    """Turn a hold of the telephone or the desk into the person's appointment; no limit per contact counts it.

    The journal says who booked it and what belongs to it, and that they gave an extra lane. Raises what ``confirm``
    raises.
    """
    booked = confirm(session, commune_id=commune_id, hold_key=hold_key, wish=wish, per_contact=0, now=now)
    if not booked.again:
        others = others_of(session, commune_id=commune_id, appointment_id=booked.id)
        made = [booked.id, *(one.id for one in others)]
        given = [name for name in GIVEN if getattr(wish, name)]
        own: dict[str, Any] = {"commune_id": commune_id, "now": now}
        note_each(session, actor, made, act="booked", subject="appointment", fields=given, **own)
        for number in made:
            note_overbooked(session, appointment_id=number, actor=actor, **own)
    return booked
