"""Dora writes what her commune says in its messages: checked when saved, seen first, tried on herself."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking import mailbox
from booking.delivery import carrier
from booking.models import JournalEntry, Message, MessageText
from booking.models.messages import MessageKind
from booking.worker import Work, send_due
from tests.databases import Database
from tests.factories import an_appointment
from tests.moments import EARLY, Clock
from tests.pages import Page
from tests.web.administrators import Desk, at_a_desk

REMINDER = "/commune/texts/reminder"
OWN = {
    "subject_fr": "{commune} vous attend {moment}",
    "subject_nl": "{commune} verwacht u op {moment}",
    "opening_fr": "Chère et cher {name},",
    "opening_nl": "Beste {name},",
    "closing_fr": "À bientôt",
    "closing_nl": "Tot binnenkort",
}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def save(page: Page, **typed: str) -> Page:
    return page.submit(holding="subject_fr", **typed)


def sent(app: Flask, database: Database, clock: Clock) -> list[EmailMessage]:
    folder = app.extensions["settings"].mailbox
    with carrier("", folder) as keeper:
        send_due(Work(database.engine, keeper, app.extensions["settings"], clock))
    found = [mailbox.opened(folder, one.name) for one in mailbox.listing(folder)]
    return [one for one in found if one is not None]


def test_every_kind_is_listed_with_whether_it_has_own_words(dora: Desk) -> None:
    save(dora.open(REMINDER), **OWN)
    page = dora.open("/commune/texts")

    assert page.text.count("texte propre") == 1
    assert page.text.count("comme partout") == 9


def test_own_words_go_out_with_the_next_messages(dora: Desk, app: Flask, database: Database, clock: Clock) -> None:
    save(dora.open("/commune/texts/confirmation"), **OWN)

    def booked(session: object) -> None:
        visit = an_appointment(session, dora.work.counter, dora.work.service)  # type: ignore[arg-type]
        about = {"kind": MessageKind.CONFIRMATION, "appointment_id": visit.id, "version": 1, "copy": 0}
        waiting = {"state": "queued", "created_at": EARLY, "due_at": EARLY, "attempts": 0}
        session.add(Message(commune_id=dora.work.commune.id, **about, **waiting))  # type: ignore[attr-defined]

    database.write(booked)
    (letter,) = sent(app, database, clock)

    assert str(letter["Subject"]).startswith("Mairie Nord vous attend lundi")
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Chère et cher Ana Peeters," in body.get_content()
    assert "À bientôt" in body.get_content()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"opening_nl": "Beste {naam},"}, "Ces blancs ne peuvent pas être remplis : {naam}."),
        (
            {"closing_de": "{reason}"},
            "Vous pouvez utiliser : {name}, {commune}, {phone}, {moment}, {office}, {reference}",
        ),
        ({"closing_nl": ""}, "Le texte néerlandais manque."),
        ({"subject_fr": "x" * 121}, "120"),
    ],
)
def test_what_cannot_be_filled_is_told_at_its_field(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = save(dora.open(REMINDER), **OWN | typed)

    assert page.status == 422
    assert page.text.replace("\u00a0", " ").count(sentence) >= 2
    assert "Chère et cher {name}," in page.response.text
    assert database.all(select(MessageText.kind)) == []


def test_a_text_is_seen_before_it_is_saved_as_a_message_a_page_and_a_calendar_entry(
    dora: Desk, database: Database
) -> None:
    form = dora.open("/commune/texts/confirmation")
    page = form.submit(holding="subject_fr", press=("step", "preview"), **OWN)
    plain = page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Mairie Nord vous attend lundi 11 janvier à 9 h 15" in plain
    assert "Tot binnenkort" in plain
    assert "Rendez-vous à la commune" in plain

    address = "/fr/mairie-nord/admin/commune/texts/confirmation/mail/nl"
    html = dora.client.post(address, data={**dict(csrf(form)), **OWN})
    assert "<p>Beste Ana Peeters,</p>" in html.text
    assert "style-src 'unsafe-inline'" in html.headers["Content-Security-Policy"]
    assert "script" not in html.headers["Content-Security-Policy"]
    assert database.all(select(MessageText.kind)) == []


def csrf(page: Page) -> list[tuple[str, str]]:
    token = next(page.tree.iterfind(".//input[@name='csrf_token']")).attrib["value"]
    return [("csrf_token", token)]


def press(page: Page, ending: str) -> Page:
    """The button of the form that goes to an address with this end."""
    (form,) = (one for one in page.tree.iter("form") if one.attrib.get("action", "").endswith(ending))
    answer = page.client.post(form.attrib["action"], data=dict(csrf(page)), follow_redirects=True)
    return Page(page.client, answer)


def test_dora_sends_herself_a_test_in_both_languages(dora: Desk, app: Flask, database: Database, clock: Clock) -> None:
    page = press(save(dora.open(REMINDER), **OWN), "/test")
    assert "Deux essais sont en route vers dora@mairie-nord.example" in page.text

    letters = sent(app, database, clock)
    assert {str(one["To"]) for one in letters} == {"Dora <dora@mairie-nord.example>"} or len(letters) == 2
    subjects = sorted(str(one["Subject"]).replace("\u00a0", " ") for one in letters)
    assert subjects[0].startswith("Essai : Mairie Nord vous attend")
    assert subjects[1].startswith("Proefbericht: Gemeente Noord verwacht u")


def test_nobody_fills_a_mailbox_with_tests(dora: Desk, database: Database) -> None:
    page = dora.open(REMINDER)
    for _ in range(10):
        page = press(page, "/test")
    page = press(page, "/test")

    assert "20 copies sont déjà parties" in page.text
    assert len(database.all(select(Message.id))) == 20
    assert set(database.all(select(JournalEntry.act))) == {"tested"}


@pytest.mark.parametrize("kind", ["list-offer", "list-proof", "list-over", "cancelled-by-us", "paused", "moved"])
def test_every_kind_can_be_seen_and_tested(dora: Desk, app: Flask, database: Database, clock: Clock, kind: str) -> None:
    page = press(dora.open(f"/commune/texts/{kind}"), "/test")

    assert "Le message, avec des données inventées" in page.text
    assert len(sent(app, database, clock)) == 2


def test_it_goes_back_to_the_usual_words(dora: Desk, database: Database) -> None:
    asked = save(dora.open(REMINDER), **OWN).follow("Revenir au texte habituel")
    assert database.all(select(MessageText.kind)) == ["reminder"]
    asked.submit()

    assert database.all(select(MessageText.kind)) == []
    assert dora.open(f"{REMINDER}/default").status == 404
    assert database.all(select(JournalEntry.fields)) == [
        "reminder.closing,reminder.opening,reminder.subject",
        "reminder.closing,reminder.opening,reminder.subject",
    ]


def test_two_people_do_not_write_over_one_another(dora: Desk, database: Database) -> None:
    old = dora.open(REMINDER)
    save(dora.open(REMINDER), **OWN)
    page = save(old, **OWN | {"closing_fr": "Autre"})

    assert page.status == 409
    assert database.one(select(MessageText)).closing.in_("fr") == "À bientôt"
    assert save(page).status == 200


def test_a_kind_that_is_none_is_not_found(dora: Desk) -> None:
    assert dora.open("/commune/texts/password-reset").status == 404
