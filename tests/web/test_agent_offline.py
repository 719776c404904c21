"""What a browser keeps and sends: a token for whom it belongs to, marks that waited, and pages to decide on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.core.appointments import AppointmentState
from booking.models import Appointment, LateMark
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at
from tests.pages import visit

HERE = "/fr/mairie-nord/agent/"
BILAL, CHLOE = "bilal@mairie-nord.example", "chloe@mairie-nord.example"


@pytest.fixture
def ana(database: Database, clock: Clock) -> int:
    """Ana's visit at nine; it is ten past."""
    clock.now = at(MONDAY, "09:10")

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        a_person(session, home.commune)
        a_person(session, home.commune, name="Chloé", email=CHLOE)
        return an_appointment(session, home.counter, home.service).id

    return database.write(rows)


@dataclass(frozen=True)
class Browser:
    client: FlaskClient

    def sign_in(self, email: str = BILAL) -> None:
        visit(self.client, f"{HERE}sign-in").submit(holding="password", email=email, password=PASSWORD)

    def token(self) -> TestResponse:
        return self.client.get(f"{HERE}late-marks/token")

    def send(self, *marks: str, ago: str = "60") -> TestResponse:
        facts = {"csrf_token": self.token().json["token"], "mark": list(marks), "ago": [ago] * len(marks)}
        return self.client.post(f"{HERE}late-marks/sent", data=facts)


@pytest.fixture
def bilal(client: FlaskClient, ana: int) -> Browser:
    browser = Browser(client)
    browser.sign_in()
    return browser


def state_of(database: Database, number: int) -> AppointmentState:
    return database.one(select(Appointment.state).where(Appointment.id == number))


def test_a_token_is_given_to_whoever_is_signed_in_and_says_whose_marks_it_is_for(bilal: Browser) -> None:
    own = bilal.token().json["by"]
    assert f'data-by="{own}"' in visit(bilal.client, HERE).response.text

    bilal.client.post(f"{HERE}sign-out", data={"csrf_token": bilal.token().json["token"]})
    assert bilal.token().status_code == 401
    assert "late-marks" not in visit(bilal.client, f"{HERE}sign-in").response.request.full_path
    bilal.sign_in(CHLOE)
    assert bilal.token().json["by"] != own


def test_marks_that_waited_are_given_one_after_the_other(bilal: Browser, ana: int, database: Database) -> None:
    answer = bilal.send(f"arrived:{ana}:1", f"done:{ana}:2")

    assert (answer.status_code, answer.json) == (200, {"conflicts": 0})
    assert state_of(database, ana) == AppointmentState.FULFILLED


def test_marks_are_taken_from_nobody_without_the_token(bilal: Browser, ana: int, database: Database) -> None:
    assert bilal.client.post(f"{HERE}late-marks/sent", data={"mark": f"done:{ana}:1", "ago": "1"}).status_code == 400
    assert state_of(database, ana) == AppointmentState.BOOKED


@pytest.mark.parametrize("sent", ["", "done", "back:1:1", "eaten:1:1", "done:1:soon", "done:0:1", f"done:{9**99}:1"])
def test_what_no_page_of_ours_sends_is_passed_over(bilal: Browser, ana: int, database: Database, sent: str) -> None:
    assert bilal.send(sent, f"done:{ana}:1").json == {"conflicts": 0}
    assert state_of(database, ana) == AppointmentState.FULFILLED


@pytest.mark.parametrize("ago", ["", "yesterday", "-5"])
def test_a_mark_without_its_moment_is_passed_over(bilal: Browser, ana: int, database: Database, ago: str) -> None:
    assert bilal.send(f"done:{ana}:1", ago=ago).status_code == 200
    assert state_of(database, ana) == AppointmentState.BOOKED


def test_a_conflict_is_told_on_every_page_and_decided_on_its_own(bilal: Browser, ana: int, database: Database) -> None:
    database.write(lambda session: missed(session, ana))
    assert bilal.send(f"done:{ana}:1").json == {"conflicts": 1}

    agenda = visit(bilal.client, HERE)
    assert "Pour 1 visite, ce qui a été noté sans connexion" in agenda.text
    page = agenda.follow("Décider")
    assert "Terminé" in page.text
    assert "absent" in page.text

    decided = page.submit(holding="mark", press=("mark", f"done:{ana}:2"))

    assert "Il n’y a rien à décider." in decided.text
    assert state_of(database, ana) == AppointmentState.FULFILLED
    assert database.count(LateMark) == 0
    assert "À décider" not in visit(bilal.client, HERE).text


def missed(session: Session, number: int) -> None:
    changes = {"state": AppointmentState.MISSED, "settled_at": at(MONDAY, "09:10"), "version": 2}
    session.execute(update(Appointment).where(Appointment.id == number).values(**changes))


def test_an_old_page_of_decisions_is_shown_what_is_true_now(bilal: Browser, ana: int, database: Database) -> None:
    database.write(lambda session: missed(session, ana))
    bilal.send(f"done:{ana}:1")
    page = visit(bilal.client, f"{HERE}late-marks")
    database.write(lambda session: session.execute(update(Appointment).values(version=3)) and None)

    assert page.submit(holding="mark", press=("mark", f"done:{ana}:2")).status == 409
    assert database.count(LateMark) == 1


def test_only_today_says_how_long_it_may_be_kept(bilal: Browser, clock: Clock) -> None:
    assert 'data-keep-seconds="43200"' in visit(bilal.client, HERE).response.text
    assert "data-keep-seconds" not in visit(bilal.client, f"{HERE}?day=5/1/2027").response.text

    clock.now = at(MONDAY, "23:00")
    bilal.sign_in()

    assert 'data-keep-seconds="3600"' in visit(bilal.client, HERE).response.text


def test_the_worker_is_served_where_it_reaches_the_agent_s_pages_alone(client: FlaskClient, ana: int) -> None:
    Browser(client).sign_in()
    page = visit(client, HERE).response.text
    address = page.partition('data-worker="')[2].partition('"')[0]
    assert address.startswith(f"{HERE}worker-")

    answer = client.get(address)

    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert client.get(f"{HERE}worker-000000000000.js").status_code == 404
