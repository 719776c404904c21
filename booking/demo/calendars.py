"""The calendars of the demonstration: one office of each commune has one, at an address that can be told beforehand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.demo.content.communes import COMMUNES
from booking.demo.content.offices import offices_of
from booking.demo.days import Place
from booking.demo.screens import secret_of
from booking.models import Office
from booking.usecases.feeds import change_key
from booking.usecases.journal import SYSTEM

FIRST_OFFICES = {content.code: offices_of(content.code)[0].code for content in COMMUNES}
KEYS = tuple(secret_of(commune, office) for commune, office in FIRST_OFFICES.items())
"""What opens each calendar; outside a demonstration such a word is drawn."""


def have_a_calendar(session: Session, *, place: Place, now: datetime) -> None:
    """Give the first office of a commune its calendar, unless somebody has given it another address."""
    is_first = FIRST_OFFICES[place.commune] == place.office
    if is_first and session.get_one(Office, place.office_id).feed_key is None:
        own = {"commune_id": place.commune_id, "office_id": place.office_id, "counter_id": None}
        change_key(session, **own, key=secret_of(place.commune, place.office), actor=SYSTEM, now=now)
