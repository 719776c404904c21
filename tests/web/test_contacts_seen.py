"""A page with phone numbers is shown when the journal says who saw them, and not otherwise."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from booking.models import JournalEntry, Message
from booking.models.messages import MessageKind, MessageState
from booking.web import contacts_seen
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, add, an_appointment
from tests.moments import EARLY
from tests.pages import visit

HERE = "/fr/mairie-nord/agent"
PHONE = "0470\u00a012\u00a034\u00a056"


@pytest.fixture
def bilal(client: FlaskClient, database: Database) -> FlaskClient:
    """Bilal, signed in, who has somebody to ring: the mail server refused her message."""

    def rows(session: Session) -> None:
        home = a_working_commune(session)
        a_person(session, home.commune)
        ana = an_appointment(session, home.counter, home.service, phone="+32470123456")
        row = {"commune_id": home.commune.id, "kind": MessageKind.CONFIRMATION, "appointment_id": ana.id}
        row |= {"version": 1, "copy": 0, "state": MessageState.REFUSED, "created_at": EARLY, "due_at": EARLY}
        add(session, Message(**row, attempts=1))

    database.write(rows)
    visit(client, f"{HERE}/sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return client


def test_nobody_sees_a_number_that_the_journal_could_not_note_and_the_answer_comes_at_once(
    bilal: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def away(*unit: Any, **facts: Any) -> None:
        tries.append(unit)
        raise OperationalError("insert", {}, sqlite3.OperationalError("database is locked"))

    assert PHONE in visit(bilal, f"{HERE}/calls").text
    noted = database.count(JournalEntry)
    monkeypatch.setattr(contacts_seen, "write", away)

    page = visit(bilal, f"{HERE}/calls")

    assert (page.status, page.response.headers["Retry-After"]) == (503, "10")
    assert PHONE not in page.text
    assert len(tries) == 1, "another try would take as long again"
    assert database.count(JournalEntry) == noted == 1
