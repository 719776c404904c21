"""The call list is narrowed, ticked and taken back in the browser; stored day sheets are fetched as files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.database import in_unit
from booking.models import CallMade, JournalEntry, Message, Office
from booking.models.messages import MessageKind, MessageState
from booking.usecases.sheets import Due, keep_sheet
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.administrators import at_a_desk

HERE = "/fr/mairie-nord/agent"
CHLOE = "chloe@mairie-nord.example"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def place(database: Database) -> Working:
    """Chloé at the reception; Ana and Jean, whom no message reached, come on Monday and on Tuesday."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session)
        a_person(session, home.commune, name="Chloé", email=CHLOE, role=Role.RECEPTIONIST)
        for day, name in ((MONDAY, "Ana Peeters"), (TUESDAY, "Jean Dupont")):
            start = at(day, "09:30")
            one = an_appointment(session, home.counter, home.service, start=start, name=name, phone="+32470123456")
            row = {"commune_id": home.commune.id, "kind": MessageKind.CONFIRMATION, "appointment_id": one.id}
            row |= {"version": 1, "copy": 0, "state": MessageState.REFUSED, "created_at": EARLY, "due_at": EARLY}
            add(session, Message(**row, attempts=1))
        return home

    return database.write(rows)


@pytest.fixture
def chloe(client: FlaskClient, place: Working) -> FlaskClient:
    visit(client, f"{HERE}/sign-in").submit(holding="password", email=CHLOE, password=PASSWORD)
    return client


def tick(page: Page, name: str, number: int) -> Page:
    return page.submit(holding=name, press=(name, str(number)))


def test_the_reception_narrows_the_list_to_the_visits_of_a_day(chloe: FlaskClient) -> None:
    page = visit(chloe, f"{HERE}/calls").submit(holding="day", day="5/1/2027")

    assert "Jean Dupont" in page.text
    assert "Ana Peeters" not in page.text
    assert "mardi 5" in page.heading


def test_a_day_that_is_none_is_told_and_the_whole_list_stays(chloe: FlaskClient) -> None:
    page = visit(chloe, f"{HERE}/calls?day=mañana")

    assert page.status == 422
    assert "Ana Peeters" in page.text
    assert 'value="mañana"' in page.response.text


def test_the_list_says_who_called_and_takes_it_back_on_the_same_page(chloe: FlaskClient, database: Database) -> None:
    (ana, _) = database.all(select(Message.id).order_by(Message.id))
    page = tick(visit(chloe, f"{HERE}/calls?day=2027-01-04"), "message", ana)
    assert "Personne à appeler." in page.text
    assert "l’accueil" in page.text
    assert "8 h" in page.text.replace("\u202f", " ")

    page = tick(page, "call", database.one(select(CallMade.id)))
    assert "de nouveau sur la liste" in page.text
    assert "message refusé" in page.text
    assert database.count(CallMade) == 0


def test_a_call_that_is_taken_back_on_two_screens_is_taken_back_once(chloe: FlaskClient, database: Database) -> None:
    (ana, _) = database.all(select(Message.id).order_by(Message.id))
    page = tick(visit(chloe, f"{HERE}/calls"), "message", ana)
    number = database.one(select(CallMade.id))
    tick(page, "call", number)

    assert "déjà" in tick(page, "call", number).text


@pytest.mark.parametrize("pressed", [{}, {"message": "1", "call": "1"}, {"visit": "x"}, {"call": "0"}])
def test_what_no_page_of_ours_sends_is_refused(chloe: FlaskClient, pressed: dict[str, str]) -> None:
    assert chloe.post(f"{HERE}/calls/rung", data=pressed).status_code == 400


def keep(database: Database, place: Working, pdf: bytes | None = b"%PDF-1.7") -> None:
    for day in (MONDAY, TUESDAY):
        due = Due(place.office.id, day, "x")
        in_unit(database.engine, keep_sheet, due=due, html="<!doctype html>", pdf=pdf, is_working=True, now=EARLY)


def test_the_agenda_offers_the_stored_sheets_of_today_and_tomorrow(
    chloe: FlaskClient, database: Database, place: Working
) -> None:
    assert "En cas de panne" not in visit(chloe, f"{HERE}/").text
    keep(database, place)

    page = visit(chloe, f"{HERE}/")
    assert "En cas de panne du réseau" in page.text
    for form, kind in (("pdf", "application/pdf"), ("html", "text/html; charset=utf-8")):
        answer = chloe.get(f"{HERE}/sheets/2027-01-05.{form}")
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Content-Disposition"] == f"attachment; filename=town-hall-2027-01-05.{form}"
        assert f"/sheets/2027-01-05.{form}" in page.response.text
    noted = select(JournalEntry.subject_id, JournalEntry.role).where(JournalEntry.act == "downloaded")
    assert database.all(noted) == [(place.office.id, Role.RECEPTIONIST)] * 2


def test_where_no_file_was_made_the_page_alone_is_offered(
    chloe: FlaskClient, database: Database, place: Working
) -> None:
    keep(database, place, None)

    page = visit(chloe, f"{HERE}/")
    assert "2027-01-05.html" in page.response.text
    assert "2027-01-05.pdf" not in page.response.text
    assert chloe.get(f"{HERE}/sheets/2027-01-05.pdf").status_code == 404


@pytest.mark.parametrize("day", ["2027-01-06", "today", "2027-13-45"])
def test_a_sheet_that_is_not_there_is_not_found(
    chloe: FlaskClient, database: Database, place: Working, day: str
) -> None:
    keep(database, place)

    assert chloe.get(f"{HERE}/sheets/{day}.html").status_code == 404


def test_nobody_fetches_a_sheet_without_signing_in(client: FlaskClient, database: Database, place: Working) -> None:
    keep(database, place)

    assert client.get(f"{HERE}/sheets/2027-01-04.html").status_code == 302


def test_an_administrator_says_where_the_sheet_goes_and_that_it_stays_in_the_house(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    dora = at_a_desk(client, database)
    page = dora.open("/offices/town-hall")
    assert "jamais une adresse privée" in page.text

    wrong = page.submit(holding="sheet_by_mail", sheet_by_mail="accueil")
    assert wrong.status == 422
    assert 'value="accueil"' in wrong.response.text
    wrong.submit(holding="sheet_by_mail", sheet_by_mail="accueil@mairie-nord.example")
    assert database.one(select(Office.sheet_by_mail)) == "accueil@mairie-nord.example"

    dora.open("/offices/town-hall").submit(holding="sheet_by_mail", sheet_by_mail="")
    assert database.one(select(Office.sheet_by_mail)) is None
