"""Dora sees what was said to whom, masked, and has it said again: with a limit, and written down."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, JournalEntry, Message
from booking.models.messages import MessageKind, MessageState, Recipient
from booking.web.admin.message_log import KINDS, RESULTS
from tests.databases import Database
from tests.factories import a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.pages import Page
from tests.web.administrators import Desk, at_a_desk


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def told(database: Database, dora: Desk, *, state: MessageState = MessageState.SENT, **columns: Any) -> None:
    """Ana's visit, and a message about it."""

    def leave(session: Session) -> None:
        hour = 8 + len(session.scalars(select(Appointment.id)).all())
        columns.setdefault("start", at(MONDAY, f"{hour:02}:00"))
        about = {name: columns.pop(name) for name in ("kind", "fault", "recipient") if name in columns}
        visit = an_appointment(session, dora.work.counter, dora.work.service, **columns)
        one = {"kind": MessageKind.CONFIRMATION, "appointment_id": visit.id, "version": 1, "copy": 0}
        when = {"state": state, "created_at": EARLY, "due_at": EARLY, "attempts": 1, "settled_at": EARLY}
        session.add(Message(commune_id=dora.work.commune.id, **when, **one | about))

    database.write(leave)


def again(page: Page) -> Page:
    form = next(one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith("/again"))
    token = next(form.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    answer = page.client.post(form.attrib["action"], data={"csrf_token": token}, follow_redirects=True)
    return Page(page.client, answer)


def test_the_log_tells_everything_but_the_address(dora: Desk, database: Database) -> None:
    told(database, dora, state=MessageState.REFUSED, fault="550 no such mailbox")
    page = dora.open("/messages")

    assert "a…@example.org" in page.text
    assert "ana@example.org" not in page.response.text
    assert "Rendez-vous fixé" in page.text
    assert "revenu" in page.text
    assert "550 no such mailbox" in page.text


def test_a_helper_a_phone_and_somebody_forgotten_are_told_apart(dora: Desk, database: Database) -> None:
    told(database, dora, email=None, phone="+32470123456")
    told(database, dora, helper_name="Ines", helper_email="ines@asbl.example", recipient=Recipient.HELPER)
    told(database, dora, email=None, name=None, name_search=None, state=MessageState.SENT)
    page = dora.open("/messages")

    assert "+324…56" in page.text
    assert "i…@asbl.example · qui l’a pris pour elle" in page.text
    assert "n’est plus conservé" in page.text


def test_messages_are_found_by_kind_result_and_language(dora: Desk, database: Database) -> None:
    told(database, dora, kind=MessageKind.MOVED)
    told(database, dora, state=MessageState.REFUSED, language="nl")

    def shown(query: str) -> int:
        return len(list(dora.open(f"/messages?{query}").tree.iterfind(".//tbody/tr")))

    assert [shown(query) for query in ("", "kind=moved", "result=refused", "language=nl", "kind=nonsense")] == [
        2,
        1,
        1,
        1,
        2,
    ]
    assert "Aucun message de ce type." in dora.open("/messages?kind=moved&language=nl").text


def test_a_message_is_sent_again_as_a_copy_with_a_number_of_its_own(dora: Desk, database: Database) -> None:
    told(database, dora)
    page = again(dora.open("/messages"))

    assert "Une copie est en route." in page.text
    assert "copie 1" in page.text
    kept = database.all(select(Message.kind, Message.copy, Message.state).order_by(Message.id))
    assert kept == [("confirmation", 0, "sent"), ("confirmation", 1, "queued")]
    assert database.all(select(JournalEntry.act, JournalEntry.subject, JournalEntry.fields)) == [
        ("sent-again", "appointment", "confirmation")
    ]


def test_so_many_copies_a_day_and_not_one_more(dora: Desk, database: Database) -> None:
    told(database, dora)
    for _ in range(4):
        page = again(dora.open("/messages?result=sent"))
        database.write(lambda session: session.execute(update(Message).values(state=MessageState.SENT)) and None)

    assert "3 copies sont déjà parties ces dernières 24" in page.text.replace("\u00a0", " ")
    assert len(database.all(select(Message.id))) == 4


def test_a_button_pressed_twice_sends_one_copy(dora: Desk, database: Database) -> None:
    told(database, dora)
    page = dora.open("/messages")
    again(page)

    assert "Une copie est en route." in again(page).text
    assert database.all(select(Message.copy).order_by(Message.id)) == [0, 1]
    assert len(database.all(select(JournalEntry.id))) == 1


def test_every_kind_and_every_result_has_its_word() -> None:
    assert set(KINDS) == set(MessageKind)
    assert set(RESULTS) == set(MessageState)


def test_what_is_no_longer_so_is_not_said_again(dora: Desk, database: Database) -> None:
    told(database, dora, state=MessageState.SENT)
    page = dora.open("/messages")

    def cancel(session: Session) -> None:
        visit = session.scalars(select(Appointment)).one()
        visit.state, visit.cancelled_at = AppointmentState.CANCELLED, EARLY

    database.write(cancel)
    assert "Il n’y a plus rien à envoyer" in again(page).text
    assert len(database.all(select(Message.id))) == 1


def test_messages_of_another_commune_are_as_if_they_did_not_exist(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> None:
        theirs = a_working_commune(session, slug="sud")
        visit = an_appointment(session, theirs.counter, theirs.service, email="emil@example.org")
        one = {"kind": MessageKind.CONFIRMATION, "appointment_id": visit.id, "version": 1, "copy": 0}
        when = {"state": MessageState.SENT, "created_at": EARLY, "due_at": EARLY, "attempts": 1}
        session.add(Message(commune_id=theirs.commune.id, **when, **one))

    database.write(elsewhere)
    number = database.one(select(Message.id))
    token = next(dora.open("/commune").tree.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    address = f"/fr/mairie-nord/admin/messages/{number}/again"

    assert "e…@example.org" not in dora.open("/messages").text
    assert dora.client.post(address, data={"csrf_token": token}).status_code == 404


def test_the_log_goes_on_where_a_page_ends(dora: Desk, database: Database) -> None:
    def many(session: Session) -> None:
        bilal = a_person(session, dora.work.commune)
        when = {"state": MessageState.SENT, "created_at": EARLY, "due_at": EARLY, "attempts": 1, "version": 0}
        one = {"commune_id": dora.work.commune.id, "kind": MessageKind.PASSWORD_RESET, "person_id": bilal.id}
        session.add_all([Message(**one, **when, copy=0) for _ in range(60)])

    database.write(many)
    first = dora.open("/messages?kind=password-reset")
    older = first.follow("Messages plus anciens")

    assert [len(list(page.tree.iterfind(".//tbody/tr"))) for page in (first, older)] == [50, 10]
    assert "b…@mairie-nord.example" in older.text
    assert not any(form.attrib.get("action", "").endswith("/again") for form in older.tree.iter("form"))
