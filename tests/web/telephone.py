"""The telephone of the reception: looking for a service, taking a time, saying who it is for."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from tests.databases import Database
from tests.factories import (
    PASSWORD,
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_working_commune,
)
from tests.pages import Page, visit

HERE = "/fr/mairie-nord/agent/"
EMMA = {"name": "Emma", "phone": "", "email": "", "language": "nl"}


def at_the_telephone(
    client: FlaskClient,
    database: Database,
    role: Role = Role.RECEPTIONIST,
    also: Callable[[Session, Working], object] = lambda session, home: None,
) -> Working:
    """Rosa sits in a commune where one comes for cards at one counter, and for passports at another."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session)
        passport = {"code": "passport", "name": Translated.of(fr="Passeport", nl="Reispas")}
        service = a_service(session, home.commune, **passport)
        desk = a_counter(session, home.office, label="9", serves=[service])
        a_session(session, home.office, [desk])
        a_person(session, home.commune, name="Rosa", role=role)
        also(session, home)
        return home

    home: Working = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return home


def looking(client: FlaskClient, query: str = "identite", **typed: str) -> Page:
    return visit(client, f"{HERE}book").submit(holding="q", press=("go", "y"), q=query, **typed)


def starts(page: Page, name: str = "start") -> list[str]:
    return [one.attrib["value"] for one in page.tree.iter("input") if one.attrib.get("name") == name]


def focus(page: Page) -> list[str]:
    """What a keyboard begins at."""
    begun = (one for one in page.tree.iter() if "autofocus" in one.attrib)
    return [one.attrib.get("name") or one.attrib.get("id") or "" for one in begun]


def taking(page: Page, **typed: str) -> Page:
    return page.submit(holding="draft", **typed)


def booking(client: FlaskClient, **typed: str) -> Page:
    return taking(looking(client)).submit(holding="name", **EMMA | typed)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
