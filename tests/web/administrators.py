"""Dora at her desk: a client that is signed in, in a commune that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.usecases.people import open_session
from tests.databases import Database
from tests.factories import Working, a_person, a_working_commune
from tests.moments import EARLY
from tests.pages import Page, visit


@dataclass(frozen=True)
class Desk:
    """A member of staff in front of a browser. Addresses are given below the commune's, in French."""

    client: FlaskClient
    database: Database
    work: Working

    def open(self, address: str, language: str = "fr") -> Page:
        slug = "gemeente-noord" if language == "nl" else "mairie-nord"
        return visit(self.client, f"/{language}/{slug}/admin{address}")


def at_a_desk(
    client: FlaskClient,
    database: Database,
    *,
    role: Role = Role.ADMINISTRATOR,
    counters: int = 1,
    here_only: bool = False,
    **columns: Any,
) -> Desk:
    """Somebody signed in: Dora, unless another role is wanted; ``here_only`` limits her to the one office there is."""

    def arrive(session: Session) -> tuple[Working, str]:
        work = a_working_commune(session, counters=counters, **columns)
        dora = a_person(
            session,
            work.commune,
            name="Dora",
            email="dora@mairie-nord.example",
            role=role,
            offices=[work.office] if here_only else [],
        )
        return work, open_session(session, person_id=dora.id, now=EARLY)

    work, token = database.write(arrive)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return Desk(client, database, work)
