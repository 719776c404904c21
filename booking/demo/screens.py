"""The calling screens of the demonstration: their addresses can be told beforehand, so that anybody can look at one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.demo.content.offices import OFFICES
from booking.demo.days import Place
from booking.models import Office
from booking.usecases.screens import key_of, set_key


def secret_of(commune: str, office: str) -> str:
    """What opens the screen of an office; outside a demonstration such a word is drawn and told once."""
    return f"{commune}-{office}"


SECRETS = tuple(secret_of(office.commune, office.code) for office in OFFICES)


def have_a_screen(session: Session, *, place: Place, now: datetime) -> None:
    """Give an office its screen, unless somebody has given it another."""
    if session.get_one(Office, place.office_id).screen_key is None:
        key = key_of(secret_of(place.commune, place.office))
        set_key(session, key, commune_id=place.commune_id, office_id=place.office_id)
