"""Nora runs the platform: she adds a commune, brings configurations along, hands data over and lets communes go."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import (
    Appointment,
    Commune,
    CommuneSlug,
    ConfigurationFile,
    JournalEntry,
    Membership,
    Message,
    Office,
    Person,
    Service,
)
from booking.models.messages import MessageKind
from booking.usecases.people import open_session
from tests.databases import Database
from tests.factories import Working, a_person, a_second_factor, a_working_commune, an_appointment
from tests.moments import EARLY
from tests.pages import Page, visit
from tests.web.administrators import at_a_desk

NEW = {
    "name_fr": "Mairie Sud",
    "name_nl": "Gemeente Zuid",
    "postcodes": "1998, 1997",
    "phone": "02 200 00 01",
    "email": "info@sud.example",
    "sender": "rendez-vous@sud.example",
    "post_address_fr": "Place du Sud 1",
    "post_address_nl": "Zuidplein 1",
    "admin_name": "Dora Peeters",
    "admin_email": "dora@sud.example",
}


@dataclass(frozen=True)
class Platform:
    """Nora in front of a browser, with one commune on the installation. Addresses are below the platform's."""

    client: FlaskClient
    database: Database
    work: Working

    def open(self, address: str = "/") -> Page:
        return visit(self.client, f"/platform/fr{address}")

    def bring(self, text: str) -> Page:
        """The form of the file, sent as a browser sends it."""
        page = self.open("/configuration")
        token = next(one.attrib["value"] for one in page.form(holding="file").iter() if one.get("name") == "csrf_token")
        sent = {"csrf_token": token, "file": (BytesIO(text.encode()), "nord.yaml")}
        address = "/platform/fr/configuration"
        answer = self.client.post(address, data=sent, content_type="multipart/form-data", follow_redirects=True)
        return Page(self.client, answer)

    def file(self) -> str:
        return self.client.get(f"/platform/fr/communes/{self.work.commune.id}/configuration.yaml").text


@pytest.fixture
def nora(client: FlaskClient, database: Database) -> Platform:
    def arrive(session: Session) -> tuple[Working, str]:
        work = a_working_commune(session)
        nora = a_person(session, name="Nora", email="nora@platform.example", platform_since=EARLY)
        a_second_factor(session, nora)
        return work, open_session(session, person_id=nora.id, now=EARLY)

    work, token = database.write(arrive)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return Platform(client, database, work)


def test_a_commune_is_added_with_its_first_office_and_its_administrator_invited(
    nora: Platform, database: Database
) -> None:
    page = nora.open().follow("Ajouter une commune").submit(holding="name_fr", **NEW)

    assert page.status == 200
    assert page.heading.startswith("Mairie Sud")
    number = database.one(select(Commune.id).where(Commune.email == "info@sud.example"))
    words = select(CommuneSlug.language, CommuneSlug.slug).where(CommuneSlug.commune_id == number)
    assert dict(database.all(words)) == dict.fromkeys(("fr", "en", "de"), "mairie-sud") | {"nl": "gemeente-zuid"}
    assert database.one(select(Office.name).where(Office.commune_id == number)).in_("nl") == "Gemeentehuis"
    invited = select(Membership.role).where(Membership.commune_id == number, Membership.invited_until.is_not(None))
    assert database.one(invited) == Role.ADMINISTRATOR
    assert database.count(Message, Message.kind == MessageKind.INVITATION) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name_nl": ""}, "Le texte néerlandais manque."),
        ({"slug_fr": "!!"}, "Écrivez un mot fait de lettres, de chiffres et de traits d’union"),
        ({"postcodes": "Sud"}, "Écrivez des codes postaux de quatre chiffres"),
        ({"brand": "red"}, "Écrivez une couleur comme #1d4f91."),
        ({"strong": "#eeeeee"}, "Cette couleur n’a pas assez de contraste"),
        ({"phone": "12"}, "un numéro"),
        ({"admin_email": ""}, "Écrivez une adresse e-mail"),
        ({"slug_fr": "mairie-nord"}, "Une autre commune a déjà cette adresse."),
    ],
)
def test_what_is_not_right_is_said_at_its_field_and_there_is_no_half_a_commune(
    nora: Platform, database: Database, typed: dict[str, str], said: str
) -> None:
    page = nora.open("/communes/new").submit(holding="name_fr", **(NEW | typed))

    assert said in page.text
    assert "Place du Sud 1" in page.response.text, "what was typed stays"
    assert database.count(Commune) == 1
    assert database.count(Person, Person.email == "dora@sud.example") == 0


def test_a_configuration_is_taken_changed_seen_and_applied(nora: Platform, database: Database) -> None:
    effect = nora.bring(nora.file().replace("max_persons: 4", "max_persons: 2"))

    assert effect.heading == "Ce que fait le fichier"
    assert "Démarche – Carte d’identité (max_persons)" in effect.text
    assert database.one(select(Service.max_persons)) == 4

    done = effect.submit(holding="shown")
    assert "La configuration est appliquée." in done.text
    assert database.one(select(Service.max_persons)) == 2
    assert database.count(ConfigurationFile) == 0
    entry = select(JournalEntry.role).where(JournalEntry.act == "imported")
    assert database.one(entry) == Role.PLATFORM


def test_every_fault_is_named_with_its_line_and_the_file_is_not_kept(nora: Platform, database: Database) -> None:
    page = nora.bring(nora.file().replace("max_persons: 4", "max_persons: many").replace("fr: Mairie Nord", "de: Nord"))

    assert page.status == 422
    assert "2 points à corriger dans ce fichier" in page.text
    assert "Le texte français manque." in page.text
    assert "Il faut un nombre entier ici\u00a0: 1–20." in page.text
    assert database.count(ConfigurationFile) == 0


def test_a_file_that_would_strand_appointments_names_them_and_no_person(nora: Platform, database: Database) -> None:
    work = nora.work
    visit_ = database.write(lambda session: an_appointment(session, work.counter, work.service))
    effect = nora.bring(nora.file().replace('end: "12:00"', 'end: "09:00"'))

    assert "1 rendez-vous perdrait son heure" in effect.text
    assert f"{visit_.reference[:4]}" in effect.text
    assert "Ana Peeters" not in effect.text
    assert "Appliquer le fichier" not in effect.text


def test_what_changed_since_it_was_seen_is_seen_again(nora: Platform, database: Database) -> None:
    effect = nora.bring(nora.file().replace("max_persons: 4", "max_persons: 2"))
    database.write(lambda session: session.execute(Service.__table__.update().values(minutes_extra=5)) and None)

    again = effect.submit(holding="shown")

    assert again.status == 409
    assert "minutes_extra" in again.text
    assert "La configuration est appliquée." in again.submit(holding="shown").text


def test_the_file_of_somebody_else_is_not_there(nora: Platform, database: Database, client: FlaskClient) -> None:
    nora.bring(nora.file().replace("max_persons: 4", "max_persons: 2"))
    number = database.one(select(ConfigurationFile.id))
    database.write(
        lambda session: session.execute(ConfigurationFile.__table__.update().values(person_id=other(session))) and None
    )

    assert nora.open(f"/configuration/{number}").status == 404


def other(session: Session) -> int:
    return a_person(session, name="Emil", email="emil@platform.example").id


def test_all_data_is_taken_along_and_the_journal_of_the_commune_says_so(nora: Platform, database: Database) -> None:
    work = nora.work
    database.write(lambda session: an_appointment(session, work.counter, work.service) and None)
    page = nora.open(f"/communes/{work.commune.id}")
    form = next(one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith("/data"))
    token = next(one.attrib["value"] for one in form.iter() if one.get("name") == "csrf_token")

    with nora.client.post(form.attrib["action"], data={"csrf_token": token}) as answer:
        archive = zipfile.ZipFile(BytesIO(answer.data))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(archive.read("rows/appointment.jsonl"))["name"] == "Ana Peeters"
    entry = select(JournalEntry.act, JournalEntry.role).where(JournalEntry.subject == "commune")
    assert database.all(entry) == [("exported", Role.PLATFORM)]


def test_a_commune_goes_when_its_name_is_typed_and_that_is_meant(nora: Platform, database: Database) -> None:
    work = nora.work
    database.write(lambda session: an_appointment(session, work.counter, work.service) and None)
    page = nora.open(f"/communes/{work.commune.id}").follow("Supprimer la commune")

    wrong = page.submit(holding="name", name="Mairie Sud")
    assert "Ce n’est pas le nom de la commune." in wrong.text
    coming = wrong.submit(holding="name", name="Mairie Nord")
    assert "1 rendez-vous y est encore à venir." in coming.text
    assert database.count(Commune) == 1

    gone = coming.submit(holding="name", with_visits="y")
    assert "La commune est supprimée" in gone.text
    assert database.count(Commune) == database.count(Appointment) == 0


@pytest.mark.parametrize("address", ["/", "/communes/1", "/communes/new", "/configuration", "/communes/1/remove"])
def test_an_administrator_of_a_commune_is_no_one_here(client: FlaskClient, database: Database, address: str) -> None:
    at_a_desk(client, database)

    assert visit(client, f"/platform/fr{address}").status == 404
