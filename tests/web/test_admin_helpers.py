"""Dora says which organisations may book for as many people as they help."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.core.roles import Role
from booking.models import JournalEntry, TrustedHelper
from tests.databases import Database
from tests.pages import Page
from tests.web.administrators import Desk, at_a_desk


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def add(dora: Desk, note: str = "ASBL Aide", contact: str = "aide@asbl.example") -> Page:
    return dora.open("/helpers").submit(holding="note", note=note, contact=contact)


def test_a_contact_is_added_read_and_taken_away(dora: Desk, database: Database) -> None:
    page = add(dora)
    assert "ASBL Aide peut désormais prendre rendez-vous" in page.text
    assert "aide@asbl.example" in page.text

    number = str(database.one(select(TrustedHelper.id)))
    gone = page.submit(holding="number", press=("number", number))

    assert "Aucun contact n’est encore inscrit." in gone.text
    assert database.all(select(JournalEntry.act, JournalEntry.subject)) == [
        ("added", "trusted_helper"),
        ("removed", "trusted_helper"),
    ]


def test_one_address_is_trusted_once_however_it_is_written(dora: Desk, database: Database) -> None:
    add(dora, contact="aide.sociale@gmail.com")
    page = add(dora, contact="AideSociale+rdv@googlemail.com")

    assert page.status == 422
    assert "Ce contact est déjà inscrit." in page.text
    assert database.count(TrustedHelper) == 1


@pytest.mark.parametrize(
    ("note", "contact"), [("", "aide@asbl.example"), ("ASBL", ""), ("ASBL", "aide@"), ("ASBL", "12")]
)
def test_what_is_missing_is_asked_for(dora: Desk, database: Database, note: str, contact: str) -> None:
    page = add(dora, note, contact)

    assert page.status == 422
    assert note in page.response.text
    assert database.count(TrustedHelper) == 0


def test_an_agent_does_not_decide_that(client: FlaskClient, database: Database) -> None:
    assert at_a_desk(client, database, role=Role.AGENT).open("/helpers").status == 403
