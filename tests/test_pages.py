"""Every page that links lead to opens: valid HTML, nothing inline or from elsewhere (``tests.pages.Page`` looks)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import Commune
from tests.databases import Database
from tests.factories import a_person, a_working_commune, an_appointment
from tests.moments import MONDAY, at
from tests.pages import Page, local, visit
from tests.signing import with_telephone

ENOUGH = 2  # of one view in one language: the third page of a kind shows nothing new
DORA = "dora@mairie-nord.example"


def a_monday_morning(session: Session) -> Commune:
    """Ana comes at nine, somebody else was here at half past eight; Dora runs the commune."""
    home = a_working_commune(session, counters=2)
    an_appointment(session, home.counter, home.service)
    an_appointment(session, home.counters[1], home.service, start=at(MONDAY, "08:30"), name="Yusuf Demir")
    a_person(session, home.commune, name="Dora Willems", email=DORA, role=Role.ADMINISTRATOR)
    return home.commune


def reached(app: Flask, client: FlaskClient, start: str) -> Iterator[str]:
    """Open ``start`` and what its links lead to, and so on; gives the name of each view that was opened."""
    views, opened = app.url_map.bind("localhost"), Counter[tuple[str, str]]()
    ahead, known = [start], {start}
    while ahead:
        address = ahead.pop(0)
        view, _ = views.match(urlsplit(address).path)
        language = address[:4]
        if opened[view, language] == ENOUGH:
            continue
        opened[view, language] += 1
        response = client.get(address, follow_redirects=True)
        assert response.status_code == 200, address
        yield view
        if response.mimetype == "text/html":
            met = {urldefrag(urljoin(address, link)).url for link in Page(client, response).links().values()}
            new = sorted(local(link) for link in met - known if urlsplit(link).scheme in {"", "http"} and ours(link))
            known |= met | set(new)
            ahead += new


def ours(link: str) -> bool:
    return urlsplit(link).netloc in {"", "localhost"}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("home", "authority"),
    [
        ("/fr/mairie-nord", "Autorité de protection des données"),
        ("/nl/gemeente-noord", "Gegevensbeschermingsautoriteit"),
        ("/en/mairie-nord", "Data Protection Authority"),
    ],
)
def test_the_two_statements_name_whom_one_may_turn_to(
    client: FlaskClient, database: Database, home: str, authority: str
) -> None:
    database.write(a_monday_morning)

    assert authority in visit(client, f"{home}/privacy").text
    assert "equal.brussels" in visit(client, f"{home}/accessibility").text


def test_every_page_a_resident_can_reach_opens(app: Flask, client: FlaskClient, database: Database) -> None:
    database.write(a_monday_morning)

    views = set(reached(app, client, "/"))

    assert {"first.communes", "resident.services", "resident.find"} <= views


def test_every_page_the_staff_can_reach_opens(app: Flask, client: FlaskClient, database: Database) -> None:
    database.write(a_monday_morning)
    with_telephone(client, DORA)

    views = set(reached(app, client, "/fr/mairie-nord/agent/"))

    assert any(view.startswith("agent.") for view in views)
    assert any(view.startswith("admin.") for view in views)
