"""Why is there no time? Dora asks, and is led to where it is changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from booking.core.roles import Role
from booking.models import Service
from tests.databases import Database
from tests.factories import a_closure
from tests.moments import MONDAY
from tests.web.administrators import Desk, at_a_desk

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def test_a_free_day_is_told_with_its_times(dora: Desk) -> None:
    page = dora.open("").follow("Pourquoi n’y a-t-il pas d’heure libre\u00a0?")
    found = page.submit(holding="day", day="5/1/2027")

    assert "16 heures sont libres." in plain(found.text)
    assert "8 h · 8 h 15" in plain(found.text)


def test_a_closed_day_says_why_and_where_it_is_changed(dora: Desk, database: Database) -> None:
    days: dict[str, Any] = {"first_day": TUESDAY, "last_day": TUESDAY}
    database.write(lambda session: a_closure(session, dora.work.commune, **days) and None)
    page = dora.open("/why?service=identity-card&day=2027-01-05")
    told = plain(page.text)

    assert "Aucune heure n'est libre" in told
    assert "Le bureau est fermé. Jour férié" in " ".join(told.split())
    assert page.links()["Fermetures – Jour férié"].endswith("/admin/closures")


def test_what_a_service_itself_forbids_leads_to_its_form(dora: Desk, database: Database) -> None:
    database.write(lambda session: session.execute(update(Service).values(horizon_days=1)) and None)
    page = dora.open("/why?service=identity-card&day=2027-01-11")
    address = next(link for text, link in page.links().items() if text.startswith("Modifier cette démarche"))

    assert "les heures se réservent au plus 1 jour à l'avance" in plain(page.text)
    assert address.endswith("/admin/services/identity-card#appointments")


def test_from_the_service_one_word_is_enough(dora: Desk) -> None:
    page = dora.open("/services/identity-card").follow("Pourquoi n’y a-t-il pas d’heure libre\u00a0?")

    assert page.status == 200
    assert "lundi 4 janvier 2027" in plain(page.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"day": "soon"}, "Écrivez une date"), ({"persons": "9"}, "4 personnes"), ({"persons": "x"}, "nombre")],
)
def test_what_cannot_be_read_is_said_at_its_field_and_stays(dora: Desk, typed: dict[str, str], said: str) -> None:
    page = dora.open("/why").submit(holding="day", **typed)

    assert page.status == 422
    assert said in plain(page.text)
    kept = {one.attrib["name"]: one.attrib.get("value") for one in page.tree.iter("input") if "name" in one.attrib}
    assert typed.items() <= kept.items()


def test_an_office_or_a_service_of_others_is_not_found(dora: Desk) -> None:
    assert dora.open("/why?service=passport").status == 404
    assert dora.open("/why?service=identity-card&office=elsewhere").status == 404


def test_an_agent_reads_the_reasons_and_is_led_nowhere(client: FlaskClient, database: Database) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)
    database.write(lambda session: session.execute(update(Service).values(horizon_days=1)) and None)
    page = bilal.open("/why?service=identity-card&day=2027-01-11")

    assert "à l'avance" in plain(page.text)
    assert not any(text.startswith("Modifier") for text in page.links())


def test_a_draft_is_said_to_be_one(dora: Desk, database: Database) -> None:
    database.write(lambda session: session.execute(update(Service).values(published_at=None)) and None)

    assert "Cette démarche est un brouillon" in dora.open("/why?service=identity-card").text


def test_in_dutch(dora: Desk) -> None:
    page = dora.open("/why?service=identity-card&day=2027-01-03&who=staff", language="nl")

    assert "Geen enkel loket van dit kantoor heeft die dag openingsuren." in page.text
