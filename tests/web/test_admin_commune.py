"""Dora writes what her commune says of privacy and of itself; everybody can read it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.core.needs import Need
from booking.core.roles import Role
from booking.models import Commune, JournalEntry
from tests.databases import Database
from tests.pages import Page, visit
from tests.web.administrators import Desk, at_a_desk
from tests.web.booking import HOME


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


OWN = {
    "data_officer": "dpo@mairie-nord.example",
    "privacy_text_fr": "Registre no 12.\nRien ne sort.",
    "privacy_text_nl": "Register nr. 12.",
    "legal_text_fr": "Le Collège répond de ce site.",
    "legal_text_nl": "Het College staat in voor deze site.",
    "minutes_interpreter_wanted": "15",
}


def save(page: Page, **typed: str) -> Page:
    return page.submit(holding="data_officer", **typed)


def test_without_a_word_of_the_commune_both_pages_say_who_is_responsible(dora: Desk) -> None:
    for address, sentence in (
        ("privacy", "L’administration communale de Mairie Nord, qui vous reçoit, est responsable"),
        ("legal", "L’administration communale de Mairie Nord répond de ce que disent ces pages"),
    ):
        page = visit(dora.client, f"{HOME}/{address}")
        assert sentence in page.text
        assert "Ce que la commune ajoute" not in page.text


def test_what_dora_writes_stands_on_the_pages_in_both_languages(dora: Desk, database: Database) -> None:
    assert "La page de la commune est enregistrée." in save(dora.open("/commune"), **OWN).text

    privacy = visit(dora.client, f"{HOME}/privacy")
    assert "Registre no 12. Rien ne sort." in privacy.text
    assert "dpo@mairie-nord.example" in privacy.text
    assert "Het College staat in voor deze site." in visit(dora.client, "/nl/gemeente-noord/legal").text
    english = visit(dora.client, "/en/mairie-nord/legal")
    assert "Le Collège" in english.text
    assert "Het College" in english.text, "neither of the two stands for the other"
    assert database.one(select(Commune)).need_minutes.minutes == ((Need.INTERPRETER_WANTED, 15),)
    assert database.all(select(JournalEntry.subject, JournalEntry.fields)) == [
        ("commune", "data_officer,legal_text,need_minutes,privacy_text")
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"privacy_text_nl": ""}, "Le texte néerlandais manque."),
        ({"data_officer": "dpo@"}, "Écrivez une adresse e-mail"),
        ({"minutes_sign_language": "7"}, "Écrivez un multiple de cinq"),
        ({"minutes_sign_language": "90"}, "Écrivez un nombre entier de 0 à 60."),
    ],
)
def test_what_cannot_be_saved_stays_as_it_was_typed(dora: Desk, typed: dict[str, str], sentence: str) -> None:
    page = save(dora.open("/commune"), **{**OWN, **typed})

    assert page.status == 422
    assert sentence in page.text
    assert "Registre no 12." in page.response.text


def test_two_people_do_not_write_over_one_another(dora: Desk, database: Database) -> None:
    old = dora.open("/commune")
    save(dora.open("/commune"), **OWN)
    page = save(old, **{**OWN, "legal_text_fr": "La bourgmestre répond de ce site."})

    assert page.status == 409
    assert database.one(select(Commune)).legal_text.in_("fr") == "Le Collège répond de ce site."
    assert save(page).status == 200, "whoever sends it again has been told"


def test_an_agent_does_not_speak_for_the_commune(client: FlaskClient, database: Database) -> None:
    assert at_a_desk(client, database, role=Role.AGENT).open("/commune").status == 403
