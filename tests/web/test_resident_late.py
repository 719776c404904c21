"""Ana is late: she tells the office with one press, and reads how long she is waited for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking.core.translated import Translated
from booking.models import Appointment, Commune, JournalEntry, Office
from tests.databases import Database
from tests.factories import PASSWORD, a_person
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import HOME, booking, open_commune

LATE = select(Appointment.late_minutes)


@pytest.fixture
def ana(client: FlaskClient, database: Database) -> FlaskClient:
    """Ana has booked for Monday half past ten, and it is Monday."""
    open_commune(database)
    booking(client)
    return client


def say(page: Page, minutes: int) -> Page:
    return page.submit(holding="minutes", press=("minutes", str(minutes)))


def test_ana_reads_until_when_she_is_waited_for_and_what_happens_then(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment")
    assert "Nous vous attendons jusqu’à 10\u202fh\u202f45." in page.text
    assert "Après, vous passez dès qu’un guichet est libre." in page.text

    rule = Translated.of(fr="Après, revenez un autre jour.", nl="Kom daarna een andere dag terug.")
    database.write(lambda session: session.execute(update(Office).values(grace_minutes=10, late_rule=rule)) and None)

    page = visit(ana, f"{HOME}/appointment")
    assert "Nous vous attendons jusqu’à 10\u202fh\u202f40. Après, revenez un autre jour." in page.text


def test_one_press_tells_the_office_and_another_takes_it_back(ana: FlaskClient, database: Database) -> None:
    page = say(visit(ana, f"{HOME}/appointment"), 20)

    assert "Nous savons que vous aurez 20\u00a0minutes de retard." in page.text
    assert database.all(LATE) == [20]
    assert database.all(select(JournalEntry.act, JournalEntry.fields)) == [("late", "late_minutes")]

    page = say(page, 0)

    assert "Nous vous attendons à l’heure." in page.text
    assert database.all(LATE) == [None]


def test_the_agent_reads_it_in_the_agenda_and_on_the_visit(ana: FlaskClient, app: Flask, database: Database) -> None:
    say(visit(ana, f"{HOME}/appointment"), 20)
    number, client = database.one(select(Appointment.id)), app.test_client()
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    visit(client, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    for address in ("", "?view=grid", "sheet", f"visits/{number}"):
        assert "aura 20\u00a0minutes de retard" in visit(client, f"{HOME}/agent/{address}").response.text, address


@pytest.mark.parametrize(
    ("moment", "possible"),
    [
        (at(MONDAY - timedelta(days=1), "18:00"), False),
        (at(MONDAY, "00:30"), True),
        (at(MONDAY, "10:40"), True),
        (at(MONDAY, "11:30"), False),
        (at(MONDAY + timedelta(days=1), "08:00"), False),
    ],
)
def test_it_is_said_on_the_day_itself_until_an_hour_late(
    ana: FlaskClient, database: Database, clock: Clock, moment: datetime, possible: bool
) -> None:
    offered = visit(ana, f"{HOME}/appointment")
    clock.now = moment
    page = say(offered, 15)

    assert page.status == (200 if possible else 409)
    assert database.all(LATE) == [15 if possible else None]
    assert ("minutes" in {one.attrib.get("name") for one in visit(ana, f"{HOME}/appointment").tree.iter("button")}) is (
        possible
    )


def test_whoever_has_arrived_is_not_late_any_more(ana: FlaskClient, database: Database) -> None:
    offered = visit(ana, f"{HOME}/appointment")
    arrived = update(Appointment).values(arrived_at=at(MONDAY, "08:05"))
    database.write(lambda session: session.execute(arrived) and None)

    assert say(offered, 15).status == 409
    assert database.all(LATE) == [None]


def test_a_number_of_minutes_that_no_button_has_is_refused(ana: FlaskClient, database: Database) -> None:
    page = visit(ana, f"{HOME}/appointment")
    typed = {one.attrib["name"]: one.attrib["value"] for one in page.form(holding="minutes").iter("input")}

    assert ana.post(f"{HOME}/appointment/late", data=typed | {"minutes": "7"}).status_code == 400
    assert database.all(LATE) == [None]
