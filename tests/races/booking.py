"""How the races book: steps for processes, made of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from booking.usecases.appointments import Booked, Helper, Wish, confirm
from booking.usecases.baskets import WishedLine
from booking.usecases.holds import hold
from tests.factories import Working
from tests.moments import EARLY
from tests.races.processes import Unit

HOLD = timedelta(minutes=10)
PER_CONTACT = 4


def holding(place: Working, start: datetime, **other: Any) -> Unit:
    """Somebody holds a time; gives its key."""
    return Unit(
        hold,
        {
            "commune_id": place.commune.id,
            "office_id": place.office.id,
            "lines": [WishedLine(place.service.id)],
            "start": start,
            "length": HOLD,
            "client": None,
            "per_client": 5,
            "now": EARLY,
            **other,
        },
    )


def confirming(
    commune_id: int, key: str, who: str, *, email: str = "", helper: Helper | None = None, now: datetime = EARLY
) -> Unit:
    """Somebody confirms the hold with this key, under an address of their own unless it is said, or a helper's."""
    own = None if helper else email or f"{who.replace(' ', '.')}@example.org"
    wish = Wish(name=who, email=own, phone=None, language="fr", helper=helper)
    told = {"commune_id": commune_id, "hold_key": key, "wish": wish, "per_contact": PER_CONTACT, "now": now}
    return Unit(confirm, told)


@dataclass(frozen=True)
class Books:
    """A step of two units: somebody holds a time and confirms it."""

    hold: Unit
    who: str

    def __call__(self, engine: Engine) -> Booked:
        given = self.hold.arguments
        booked: Booked = confirming(given["commune_id"], self.hold(engine), self.who, now=given["now"])(engine)
        return booked
