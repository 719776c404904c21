"""Dora brings along the appointments of the old system: file, columns, effect, and only then are they booked."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, JournalEntry, Message, Office, VisitImport
from booking.models.messages import MessageKind
from booking.usecases.people import open_session
from tests.databases import Database
from tests.factories import a_counter, a_person, a_session, an_office
from tests.moments import EARLY
from tests.old_agendas import a_line, as_file, old_agenda
from tests.pages import Page
from tests.web.administrators import Desk, at_a_desk

ADDRESS = "/fr/mairie-nord/admin/import"


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def bring(dora: Desk, content: bytes, name: str = "agenda.csv") -> Page:
    """The form of the file, sent as a browser sends it."""
    page = dora.open("/import")
    (token,) = (one.attrib["value"] for one in page.form(holding="file").iter() if one.get("name") == "csrf_token")
    sent = {"csrf_token": token, "file": (BytesIO(content), name)}
    answer = dora.client.post(ADDRESS, data=sent, content_type="multipart/form-data", follow_redirects=True)
    return Page(dora.client, answer)


def test_two_hundred_old_appointments_are_booked_but_for_the_seven_that_are_named(
    dora: Desk, database: Database
) -> None:
    columns = bring(dora, as_file(old_agenda(), encoding="cp1252"))
    assert columns.heading == "Que contient chaque colonne\u00a0?"
    assert "Visiteur 000" in columns.text

    effect = columns.submit(holding="day")
    assert "193 rendez-vous peuvent être repris." in effect.text
    assert "7 lignes ne sont pas reprises" in effect.text
    for told in ("6 Ce moment est passé.", "78 Aucune démarche de la commune", "201 L’adresse e-mail"):
        assert told in effect.text
    assert "Permis de pêche" in effect.text
    assert database.count(Appointment) == 0

    done = effect.submit(holding="confirms")
    assert "193 rendez-vous sont repris." in done.text
    assert "7 lignes ne sont pas reprises" in done.text
    assert database.count(Appointment) == 193
    assert database.count(Message, Message.kind == MessageKind.CONFIRMATION) == 0
    assert database.count(Message) > 0, "reminders are left"
    acts = select(JournalEntry.act, func.count()).where(JournalEntry.subject == "appointment").group_by("act")
    assert database.all(acts) == [("booked", 193)]


def test_whoever_wishes_it_sends_the_confirmations(dora: Desk, database: Database) -> None:
    effect = bring(dora, as_file([a_line(1), a_line(4)])).submit(holding="day")
    effect.submit(holding="confirms", confirms="y")

    assert database.count(Message, Message.kind == MessageKind.CONFIRMATION) == 1


def test_a_column_that_was_not_guessed_is_chosen_and_one_that_is_needed_is_asked_for(dora: Desk) -> None:
    content = as_file([a_line(1)]).replace(b"Nom", b"Wie").replace(b"Langue", b"Bijzonder")
    columns = bring(dora, content)

    asked = columns.submit(holding="day")
    assert asked.status == 422
    assert "Choisissez la colonne." in asked.text

    assert "1 rendez-vous peut être repris." in asked.submit(holding="day", name="2").text


def test_a_word_of_the_old_system_is_given_its_meaning(dora: Desk, database: Database) -> None:
    line = a_line(1)
    effect = bring(dora, as_file([(*line[:3], "CI-E", *line[4:])])).submit(holding="day")
    assert "Aucun rendez-vous ne peut être repris." in effect.text

    again = effect.submit(holding="word", service=str(dora.work.service.id))

    assert "1 rendez-vous peut être repris." in again.text


def test_with_two_offices_one_is_chosen_for_all_lines(dora: Desk, database: Database) -> None:
    def another(session: Session) -> int:
        south = an_office(
            session, dora.work.commune, code="south", name=Translated.of(fr="Antenne Sud", nl="Post Zuid")
        )
        a_session(session, south, [a_counter(session, south, label="Z1", serves=[dora.work.service])])
        return south.id

    south = database.write(another)
    columns = bring(dora, as_file([a_line(1)]))

    asked = columns.submit(holding="day")
    assert "Choisissez le bureau de ces rendez-vous" in asked.text
    effect = asked.submit(holding="day", office_id=str(south))
    assert "1 rendez-vous peut être repris." in effect.text
    effect.submit(holding="confirms")
    assert database.one(select(Appointment.office_id)) == south


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choisissez un fichier qui n’est pas vide."),
        (b"PK\x03\x04\x00\x00\x00", "Ce n’est pas un tableau de texte."),
        (b"Date;Nom\n", "aucune ligne sous les titres"),
        (b"Date;Nom\n" + b"x;y\n" * 5_001, "Ce tableau a trop de lignes"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(dora: Desk, database: Database, content: bytes, said: str) -> None:
    page = bring(dora, content)

    assert page.status == 422
    assert said in page.text
    assert database.count(VisitImport) == 0


def test_a_file_far_too_large_is_not_even_read(dora: Desk) -> None:
    claimed = {"CONTENT_LENGTH": "5000000"}
    assert (
        dora.client.post(ADDRESS, data={"file": (BytesIO(b"x"), "x.csv")}, environ_overrides=claimed).status_code == 413
    )


def test_a_file_is_discarded(dora: Desk, database: Database) -> None:
    columns = bring(dora, as_file([a_line(1)]))
    gone = discard(dora, columns)

    assert "Le fichier est effacé." in gone.text
    assert database.count(VisitImport) == 0


def discard(dora: Desk, page: Page) -> Page:
    (form,) = (one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith("/discard"))
    token = next(one.attrib["value"] for one in form.iter() if one.get("name") == "csrf_token")
    address = urljoin(ADDRESS, form.attrib["action"])
    return Page(dora.client, dora.client.post(address, data={"csrf_token": token}, follow_redirects=True))


def test_who_administers_one_office_does_not_look_into_the_file_of_a_colleague(
    client: FlaskClient, database: Database, dora: Desk
) -> None:
    bring(dora, as_file([a_line(1)]))
    number = database.one(select(VisitImport.id))
    sign_in_another(client, database, dora, offices=[dora.work.office])

    assert dora.open(f"/import/{number}").status == 404
    assert "agenda.csv" not in dora.open("/import").text

    sign_in_another(client, database, dora, offices=[])
    assert "agenda.csv" in dora.open("/import").text


def sign_in_another(client: FlaskClient, database: Database, dora: Desk, offices: list[Office]) -> None:
    """Another administrator, of these offices alone, or of all of them."""

    def arrive(session: Session) -> str:
        email = f"emil{len(offices)}@nord.example"
        role = Role.ADMINISTRATOR
        emil = a_person(session, dora.work.commune, name="Emil", email=email, role=role, offices=offices)
        return open_session(session, person_id=emil.id, now=EARLY)

    token = database.write(arrive)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token


def test_agents_bring_nothing_along(client: FlaskClient, database: Database) -> None:
    assert at_a_desk(client, database, role=Role.AGENT).open("/import").status == 403


def test_no_other_form_takes_a_file(dora: Desk) -> None:
    """What a form did not ask for is thrown away before anybody reads it, and is no more than a form may be."""
    sent = {"file": (BytesIO(b"x" * 100_000), "x.csv")}
    assert dora.client.post("/fr/mairie-nord/admin/banners", data=sent).status_code == 413
