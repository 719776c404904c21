"""The name is fixed once booked, but for a slip; an agent who sees the papers may write another."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.models import Appointment, Commune, JournalEntry, Seat
from tests.databases import Database
from tests.factories import PASSWORD, a_person
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import HOME, booking, open_commune

NAMES = select(Appointment.name, Appointment.name_search)


@pytest.fixture
def ana(client: FlaskClient, database: Database) -> FlaskClient:
    """Somebody who has booked as Ana Peeters."""
    open_commune(database)
    booking(client)
    return client


def corrected(client: FlaskClient, name: str) -> Page:
    return visit(client, f"{HOME}/appointment/name").submit(holding="name", name=name)


def test_two_letters_are_put_right(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment").follow("Corriger une lettre du nom").submit(name="Anna Peters")

    assert "Le nom est corrigé." in page.text
    assert database.all(NAMES) == [("Anna Peters", "anna peters")]
    assert database.all(select(JournalEntry.act, JournalEntry.fields)) == [("changed", "name")]


def test_another_name_is_refused_and_stays_as_it_was_typed(ana: FlaskClient, database: Database) -> None:
    page = corrected(ana, "Yusuf Demir")

    assert page.status == 422
    assert "une heure ne se cède pas" in page.text
    assert "Yusuf Demir" in page.response.text
    assert database.all(NAMES) == [("Ana Peeters", "ana peeters")]


def test_letter_by_letter_nobody_becomes_somebody_else(ana: FlaskClient, database: Database) -> None:
    assert corrected(ana, "Ana Peetes").status == 200
    assert corrected(ana, "PEETES Ána").status == 200, "what differs in accents and order is no correction"
    page = corrected(ana, "Ana Peetos")

    assert page.status == 409
    assert "déjà été corrigé" in page.text
    assert database.one(select(Appointment.name)) == "PEETES Ána"


def test_the_limits_go_with_the_name(ana: FlaskClient, app: Flask, database: Database) -> None:
    before = set(database.all(select(Seat.key)))
    corrected(ana, "Anna Peeters")
    after = set(database.all(select(Seat.key)))

    assert len(before & after) == 1, "the contact is the same, the person is another"
    assert booking(app.test_client(), at(MONDAY, "11:00"), name="Anna Peeters").status == 409


def test_once_the_visit_has_begun_the_name_is_the_counters_business(
    ana: FlaskClient, database: Database, clock: Clock
) -> None:
    old = visit(ana, f"{HOME}/appointment/name")
    clock.now = at(MONDAY, "10:31")

    assert old.submit(holding="name", name="Anna Peeters").status == 409
    assert visit(ana, f"{HOME}/appointment/name").response.request.path == f"{HOME}/appointment"
    assert database.one(select(Appointment.name)) == "Ana Peeters"


@pytest.fixture
def bilal(app: Flask, ana: FlaskClient, database: Database) -> FlaskClient:
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    desk = app.test_client()
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    return desk


def test_an_agent_writes_the_name_of_the_papers_and_the_journal_says_so(bilal: FlaskClient, database: Database) -> None:
    number = database.one(select(Appointment.id))
    page = visit(bilal, f"{HOME}/agent/visits/{number}").follow("Corriger le nom")
    done = page.submit(holding="version", name="Anna-Maria Peeters-Janssens")

    assert done.heading == "Anna-Maria Peeters-Janssens"
    wanted = select(JournalEntry.act, JournalEntry.role, JournalEntry.fields).where(JournalEntry.act == "changed")
    assert database.all(wanted) == [("changed", "agent", "name")]


def test_an_old_page_of_an_agent_writes_nothing(bilal: FlaskClient, ana: FlaskClient, database: Database) -> None:
    number = database.one(select(Appointment.id))
    old = visit(bilal, f"{HOME}/agent/visits/{number}/name")
    corrected(ana, "Anna Peeters")
    page = old.submit(holding="version", name="Somebody Else")

    assert page.status == 409
    assert "Somebody Else" in page.response.text, "what was typed stays"
    assert database.one(select(Appointment.name)) == "Anna Peeters"


def test_a_visit_elsewhere_is_not_there(bilal: FlaskClient, database: Database) -> None:
    assert visit(bilal, f"{HOME}/agent/visits/99999/name").status == 404
