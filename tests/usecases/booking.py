"""How the tests of the use-cases book: the same words with fewer arguments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.usecases.appointments import Booked, Wish, confirm
from booking.usecases.baskets import WishedLine
from booking.usecases.holds import hold
from tests.factories import Working
from tests.moments import EARLY, MONDAY, at

HALF_PAST_TEN = at(MONDAY, "10:30")
"""The start most tests wish for: far enough from ``EARLY`` for the notice of two hours."""

ANA = Wish(name="Ana Peeters", email="ana@example.org", phone=None, language="nl")


def held(
    session: Session,
    place: Working,
    *,
    start: datetime = HALF_PAST_TEN,
    now: datetime = EARLY,
    service_id: int = 0,
    persons: int = 1,
    **other: Any,
) -> str:
    wish: dict[str, Any] = {
        "lines": [WishedLine(service_id or place.service.id, persons)],
        "length": timedelta(minutes=10),
        "client": None,
        "per_client": 5,
        "office_id": place.office.id,
        "commune_id": place.commune.id,
        **other,
    }
    return hold(session, start=start, now=now, **wish)


def confirmed(
    session: Session, place: Working, key: str, *, wish: Wish = ANA, now: datetime = EARLY, **other: Any
) -> Booked:
    limits = {"per_contact": 4, **other}
    return confirm(session, commune_id=place.commune.id, hold_key=key, wish=wish, now=now, **limits)


def booked(
    session: Session, place: Working, *, start: datetime = HALF_PAST_TEN, wish: Wish = ANA, **other: Any
) -> Booked:
    return confirmed(session, place, held(session, place, start=start, **other), wish=wish)
