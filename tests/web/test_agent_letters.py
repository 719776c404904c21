"""Whoever has no e-mail is written to on paper: one letter, or all of the call list in one file."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Counter, JournalEntry, Service
from booking.paper import pdf
from booking.usecases.cancellations import cancel
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.pages import visit

HERE = "/fr/mairie-nord/agent"
BILAL = Actor(Role.AGENT)
SILENT = {"email": None, "phone": None}


@pytest.fixture
def ana(database: Database) -> int:
    """Ana, who speaks Dutch and gave neither address nor number."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        a_person(session, home.commune)
        return an_appointment(session, home.counter, home.service, language="nl", **SILENT).id

    return database.write(rows)


@pytest.fixture
def bilal(client: FlaskClient, ana: int) -> FlaskClient:
    visit(client, f"{HERE}/sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return client


def cancelled(database: Database, number: int, reason: Translated | None = None) -> None:
    def rows(session: Session) -> None:
        commune_id = session.get_one(Appointment, number).commune_id
        cancel(session, commune_id=commune_id, appointment_id=number, reason=reason, actor=BILAL, now=EARLY)

    database.write(rows)


def read(content: bytes) -> tuple[PdfReader, list[str]]:
    """A PDF file and the words of each page, in one line."""
    file = PdfReader(BytesIO(content))
    return file, [" ".join(page.extract_text().split()) for page in file.pages]


def test_an_agent_prints_a_letter_in_the_language_of_the_person(bilal: FlaskClient, ana: int) -> None:
    page = visit(bilal, f"{HERE}/visits/{ana}").follow("Lettre pour une personne sans adresse e-mail")

    assert "Geachte mevrouw, geachte heer," in page.text
    assert "Uw afspraak ligt vast" in page.text
    assert "Bel ons op 02" in page.text
    assert "Madame, Monsieur" not in page.text


def test_the_letter_is_a_file_that_a_screen_reader_reads_with_our_font_inside(bilal: FlaskClient, ana: int) -> None:
    answer = bilal.get(f"{HERE}/visits/{ana}/letter.pdf")
    file, (text,) = read(answer.data)

    assert answer.headers["Content-Disposition"] == "attachment; filename=letters.pdf"
    assert file.root_object["/Lang"] == "nl"
    assert file.root_object["/MarkInfo"]["/Marked"]
    assert "Ana Peeters" in text
    assert "maandag 4 januari 2027 om 9 uur" in text.replace("\u00a0", " ")
    fonts = [font.get_object()["/BaseFont"] for font in file.pages[0]["/Resources"]["/Font"].values()]
    assert any("Paper-Latin" in name for name in fonts)


def test_a_moved_visit_says_so_on_paper(bilal: FlaskClient, ana: int, database: Database) -> None:
    database.write(lambda session: session.execute(update(Appointment).values(changed_at=EARLY)) and None)

    assert "Uw afspraak is gewijzigd" in visit(bilal, f"{HERE}/visits/{ana}/letter").text


def test_whoever_the_commune_cancelled_reads_why_and_how_to_come_another_day(
    bilal: FlaskClient, ana: int, database: Database
) -> None:
    cancelled(database, ana, Translated.of(fr="Grève", nl="Staking"))

    text = visit(bilal, f"{HERE}/visits/{ana}").follow("Lettre pour une personne sans adresse e-mail").text
    assert "Wij moeten uw afspraak" in text
    assert "Staking" in text
    assert "Voor een nieuwe afspraak belt u ons op 02" in text


def test_the_letters_of_the_call_list_are_one_file_with_a_page_each(
    bilal: FlaskClient, ana: int, database: Database
) -> None:
    def another(session: Session) -> int:
        counter, service = session.scalars(select(Counter)).one(), session.scalars(select(Service)).one()
        late = at(MONDAY, "10:00")
        return an_appointment(session, counter, service, start=late, name="Jean Dupont", language="fr", **SILENT).id

    jean = database.write(another)
    for number in (ana, jean):
        cancelled(database, number, Translated.of(fr="Grève", nl="Staking"))

    page = visit(bilal, f"{HERE}/calls")
    assert page.text.count("à prévenir par lettre") == 2
    content = bilal.get(page.links()["Toutes les lettres en un seul fichier PDF"]).data
    _, pages = read(content)

    assert ["Ana Peeters" in text for text in pages] == [True, False]
    assert ["Jean Dupont" in text for text in pages] == [False, True]
    noted = select(JournalEntry.subject_id).where(JournalEntry.act == "looked", JournalEntry.fields == "name")
    assert set(database.all(noted)) == {ana, jean}


def test_a_call_list_without_anybody_has_no_letters(bilal: FlaskClient) -> None:
    page = visit(bilal, f"{HERE}/calls/letters.pdf")

    assert (page.status, page.response.request.path) == (200, f"{HERE}/calls/letters")


def test_where_no_file_can_be_made_the_browser_prints_the_page(
    bilal: FlaskClient, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python looks for a module that is none: as on a machine without Pango, the import fails."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.printer.cache_clear()

    page = visit(bilal, f"{HERE}/visits/{ana}/letter.pdf")
    pdf.printer.cache_clear()

    assert page.response.request.path == f"{HERE}/visits/{ana}/letter"
    assert "Ce serveur ne peut pas créer de fichier PDF" in page.text
    assert "Geachte mevrouw" in page.text


def test_nobody_writes_to_somebody_they_do_not_see(bilal: FlaskClient) -> None:
    for address in ("visits/999999/letter", "visits/999999/letter.pdf"):
        assert visit(bilal, f"{HERE}/{address}").status == 404
