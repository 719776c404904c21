"""How the tests book over the web: as a person without scripts would."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import MONDAY, at
from tests.pages import Page, visit

HOME = "/fr/mairie-nord"
SERVICE = f"{HOME}/services/identity-card"
HALF_PAST_TEN = at(MONDAY, "10:30")
ANA = {"name": "Ana Peeters", "email": "ana@example.org", "phone": "", "language": "nl"}


def open_commune(database: Database, **choices: Any) -> Working:
    place: Working = database.write(lambda session: a_working_commune(session, **choices))
    return place


def number(start: datetime) -> str:
    """A start as the pages write it."""
    return str(int(start.timestamp()) // 60)


def choosing(client: FlaskClient, start: datetime = HALF_PAST_TEN, **typed: str) -> Page:
    """What follows the click on a time."""
    return visit(client, f"{SERVICE}/times").submit(holding="start", press=("start", number(start)), **typed)


def booking(client: FlaskClient, start: datetime = HALF_PAST_TEN, **typed: str) -> Page:
    """What follows the details being sent."""
    return choosing(client, start).submit(holding="name", **{**ANA, **typed})
