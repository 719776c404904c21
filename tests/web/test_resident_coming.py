"""Ana is asked whether she comes: a link, a question, one press; the agent sees who has not answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.references import link_token
from booking.core.roles import Role
from booking.models import Appointment, JournalEntry, Message, Service
from booking.models.messages import MessageKind, MessageState
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import PASSWORD, a_person
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import HOME, booking, open_commune

IN_TWO_WEEKS = at(MONDAY + timedelta(days=14), "10:30")
COMING = select(Appointment.coming_at)
AGENDA = f"{HOME}/agent/?day=2027-01-18"


@pytest.fixture
def ana(client: FlaskClient, database: Database, clock: Clock) -> FlaskClient:
    """Ana has booked for Monday in two weeks, and has had the reminder of a week before, which asks."""
    place = open_commune(database)
    booking(client, IN_TWO_WEEKS)

    def reminded(session: Session) -> None:
        session.execute(update(Service).values(asks_coming=True))
        session.execute(update(Message).where(Message.kind == MessageKind.REMINDER_1).values(state=MessageState.SENT))
        a_person(session, place.commune)

    database.write(reminded)
    clock.now = at(MONDAY + timedelta(days=8), "09:00")
    return client


def landing(database: Database) -> str:
    token = link_token(SECRET, "appointment", database.one(select(Appointment.nonce)))
    return f"{HOME}/appointment/open/{token}/coming"


def agenda(app: Flask) -> Page:
    bilal = app.test_client()
    visit(bilal, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    return visit(bilal, AGENDA)


def test_opening_the_link_says_nothing_and_one_press_does(app: Flask, ana: FlaskClient, database: Database) -> None:
    """On another device than the one she booked with; the token does not stay in the address."""
    telephone = app.test_client()
    page = visit(telephone, landing(database))

    assert page.heading == "Venez-vous\u202f?"
    assert page.response.request.path == f"{HOME}/appointment/coming"
    assert database.all(COMING) == [None]

    page = page.submit(holding="version")

    assert "Merci\u00a0: nous savons que vous venez." in page.text
    assert database.one(COMING) == at(MONDAY + timedelta(days=8), "09:00")
    assert database.all(select(JournalEntry.act, JournalEntry.fields)) == [("coming", "coming_at")]


def test_said_twice_it_counts_from_the_first_time(ana: FlaskClient, database: Database, clock: Clock) -> None:
    page = visit(ana, f"{HOME}/appointment/coming")
    page.submit(holding="version")
    said = database.one(COMING)
    clock.forward(minutes=5)

    assert "nous savons que vous venez" in page.submit(holding="version").text
    assert database.one(COMING) == said
    assert database.count(JournalEntry) == 1
    assert visit(ana, f"{HOME}/appointment/coming").heading == "Vous nous avez dit que vous venez."


def test_who_is_not_coming_is_led_to_cancelling(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment/coming").follow("Je ne viens pas")

    assert page.heading == "Annuler ce rendez-vous\u202f?"
    assert page.submit(holding="version").heading == "Votre rendez-vous est annulé."
    assert visit(ana, f"{HOME}/appointment/coming").heading == "Votre rendez-vous est annulé."


def test_the_page_of_the_appointment_asks_until_it_is_answered(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment")
    assert "Merci de confirmer que vous venez." in page.text

    page = page.follow("Répondre").submit(holding="version")

    assert "Merci de confirmer" not in page.text
    assert "Vous nous avez dit que vous venez." in page.text


def test_whoever_was_asked_by_a_text_message_is_asked_there_too(
    app: Flask, ana: FlaskClient, database: Database
) -> None:
    by_text = update(Appointment).values(email=None, phone="+32470123456")
    database.write(lambda session: session.execute(by_text) and None)

    assert "pas confirmé" in agenda(app).text
    page = visit(ana, f"{HOME}/appointment").follow("Répondre").submit(holding="version")
    assert "Vous nous avez dit que vous venez." in page.text
    assert "pas confirmé" not in agenda(app).text


def test_nobody_is_asked_before_the_reminder_or_by_a_service_that_does_not_ask(
    ana: FlaskClient, database: Database
) -> None:
    for undone in (update(Service).values(asks_coming=False), update(Message).values(state=MessageState.QUEUED)):
        database.write(lambda session, undone=undone: session.execute(undone) and None)
        assert "Merci de confirmer" not in visit(ana, f"{HOME}/appointment").text
        database.write(lambda session: session.execute(update(Service).values(asks_coming=True)) and None)


def test_an_old_page_confirms_nothing_of_a_visit_that_was_changed(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment/coming")
    database.write(lambda session: session.execute(update(Appointment).values(version=7)) and None)

    refused = page.submit(holding="version")

    assert (refused.status, refused.heading) == (409, "Votre rendez-vous")
    assert database.all(COMING) == [None]


def test_once_the_visit_has_begun_there_is_nothing_to_say(ana: FlaskClient, database: Database, clock: Clock) -> None:
    page = visit(ana, f"{HOME}/appointment/coming")
    clock.now = IN_TWO_WEEKS

    assert page.submit(holding="version").heading == "Votre rendez-vous"
    assert database.all(COMING) == [None]


def test_the_agent_sees_who_has_not_answered_and_who_has(app: Flask, ana: FlaskClient, database: Database) -> None:
    page = agenda(app)
    assert "pas confirmé" in page.text
    assert "pas confirmé" in visit(page.client, f"{AGENDA}&view=grid").text

    visit(ana, f"{HOME}/appointment/coming").submit(holding="version")

    assert "pas confirmé" not in visit(page.client, AGENDA).text
    seen = visit(page.client, f"{HOME}/agent/visits/{database.one(select(Appointment.id))}")
    assert "Venue confirmée, mardi 12\u00a0janvier 2027 à 9\u202fh" in seen.text


def test_a_visit_that_was_settled_is_not_waited_for(app: Flask, ana: FlaskClient, database: Database) -> None:
    arrived = update(Appointment).values(arrived_at=EARLY)
    database.write(lambda session: session.execute(arrived) and None)
    assert "pas confirmé" not in agenda(app).text
    missed = update(Appointment).values(arrived_at=None, state=AppointmentState.MISSED)
    database.write(lambda session: session.execute(missed) and None)
    assert "pas confirmé" not in agenda(app).text


def test_a_false_link_opens_nothing(ana: FlaskClient, database: Database) -> None:
    wrong = landing(database).replace("/coming", "")[:-4] + "0000/coming"

    assert visit(ana, wrong).status == 404


@pytest.mark.parametrize("on_the_page_of_the_visit", [False, True])
def test_whoever_tells_the_office_by_telephone_is_noted_as_coming(
    app: Flask, ana: FlaskClient, database: Database, clock: Clock, on_the_page_of_the_visit: bool
) -> None:
    page = agenda(app)
    if on_the_page_of_the_visit:
        page = page.follow("Ana Peeters")
    (pressed,) = (one for one in page.tree.iter("button") if one.attrib.get("name") == "coming")

    page = page.submit(holding="coming", press=("coming", pressed.attrib["value"]), elsewhere="/visits/coming")

    assert database.one(COMING) == clock.now
    assert "pas confirmé" not in page.text
    assert 'name="coming"' not in page.response.text
    noted = select(JournalEntry.act, JournalEntry.fields, JournalEntry.role).where(JournalEntry.act == "coming")
    assert database.all(noted) == [("coming", "coming_at", Role.AGENT)]
    assert "nous savons que vous venez" not in visit(ana, f"{HOME}/appointment").text


def test_an_old_page_cannot_say_it_of_a_visit_that_was_moved(app: Flask, ana: FlaskClient, database: Database) -> None:
    page = agenda(app)
    value = next(one for one in page.tree.iter("button") if one.attrib.get("name") == "coming").attrib["value"]
    newer = update(Appointment).values(version=Appointment.version + 1)
    database.write(lambda session: session.execute(newer) and None)

    told = page.submit(holding="coming", press=("coming", value), elsewhere="/visits/coming")

    assert told.status == 409
    assert database.one(COMING) is None


@pytest.mark.parametrize("value", ["", "1", "x:1", "1:x", "1:2:3"])
def test_what_no_page_of_ours_sends_of_it_is_refused(app: Flask, ana: FlaskClient, value: str) -> None:
    bilal = agenda(app).client

    assert bilal.post(f"{HOME}/agent/visits/coming", data={"coming": value}).status_code == 400
