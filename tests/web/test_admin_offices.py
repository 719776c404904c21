"""Dora says where an office is and how one gets in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Office
from tests.databases import Database
from tests.factories import a_working_commune
from tests.web.administrators import Desk, at_a_desk

STATION = {
    "name_fr": "Antenne de la gare",
    "name_nl": "Antenne Station",
    "name_en": "Station office",
    "address_fr": "Rue de la Station 12",
    "address_nl": "Stationsstraat 12",
}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def test_an_office_is_added_under_a_word_made_from_its_name(dora: Desk, database: Database) -> None:
    page = dora.open("/offices/new").submit(holding="name_fr", **STATION, start_step="20")

    assert "«\u00a0Antenne de la gare\u00a0» est enregistré." in page.text
    office = database.one(select(Office).where(Office.code == "station-office"))
    assert (office.start_step, office.position, office.zone_key) == (20, 2, "Europe/Brussels")


def test_an_office_keeps_its_word_when_its_name_changes(dora: Desk, database: Database) -> None:
    form = dora.open("/offices/town-hall")
    form.submit(holding="name_fr", access_fr="Ascenseur", access_nl="Lift", name_en="City hall")

    office = database.one(select(Office))
    assert (office.code, office.access.in_("nl"), office.name.in_("en")) == ("town-hall", "Lift", "City hall")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"address_nl": ""}, "Le texte néerlandais manque."),
        ({"transport_nl": "Tram 7"}, "Le texte français manque."),
        ({"code": "town-hall"}, "Ce nom court est déjà pris."),
    ],
)
def test_half_an_office_is_shown_again_as_it_was_typed(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/offices/new").submit(holding="name_fr", **STATION | typed)

    assert page.status == 422
    assert sentence in page.text
    kept = {control.attrib.get("value") for control in page.form(holding="name_fr").iter("input")}
    assert "Rue de la Station 12" in kept
    assert database.count(Office) == 1


def test_an_office_of_another_commune_is_out_of_reach(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> None:
        a_working_commune(session, slug="sud").office.code = "their-own"

    database.write(elsewhere)

    assert dora.open("/offices/their-own").status == 404
