"""Signing in as somebody does: a password and, for those who have a telephone, what it shows."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient

from tests.factories import PASSWORD, code_for
from tests.moments import EARLY
from tests.pages import Page, visit

DOOR = "/fr/mairie-nord/agent/sign-in"


def with_password(client: FlaskClient, email: str, password: str = PASSWORD, door: str = DOOR) -> Page:
    return visit(client, door).submit(holding="password", email=email, password=password)


def with_telephone(client: FlaskClient, email: str, *, now: datetime = EARLY, door: str = DOOR) -> Page:
    """Both steps. A code counts once: who signs in twice within half a minute takes the next one (``now``)."""
    return with_password(client, email, door=door).submit(holding="code", code=code_for(now))
