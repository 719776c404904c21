"""An organisation comes with several people: the agent finds them a quiet hour and books them all at once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.models import Appointment, Commune, Message
from booking.models.messages import MessageKind, Recipient
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, an_appointment, an_office
from tests.pages import Page, visit

HERE = "/fr/mairie-nord/agent/"
ASKED = f"{HERE}group?service=identity-card&persons=4&day=2027-01-05&part=morning"
SHELTER = {"helper_name": "Maison Espoir", "helper_email": "espoir@example.org", "language": "fr"}


@pytest.fixture
def desk(client: FlaskClient, database: Database) -> FlaskClient:
    """Rita at the reception of an office with two counters."""

    def rows(session: Session) -> None:
        home = a_working_commune(session, counters=2)
        an_appointment(session, home.counter, home.service)
        a_person(session, home.commune, role=Role.RECEPTIONIST)

    database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return client


def made(desk: FlaskClient) -> Page:
    return visit(desk, ASKED).submit(holding="helper_name", **SHELTER, names="Ana Peeters\nBao Tran")


def test_a_group_is_found_a_quiet_hour_and_booked_at_once(desk: FlaskClient, database: Database) -> None:
    page = visit(desk, f"{HERE}agenda").follow("Groupes")
    assert "Rendez-vous pour un groupe" in page.text
    page = made(desk)

    assert "Les rendez-vous du groupe sont pris." in page.text
    assert "Groupe de 4 rendez-vous" in page.text
    assert "Maison Espoir (3)" in page.text
    assert database.one(select(func.count()).where(Appointment.party_size == 4)) == 4
    to_helper = (Message.kind == MessageKind.CONFIRMATION, Message.recipient == Recipient.HELPER)
    assert database.one(select(func.count()).select_from(Message).where(*to_helper)) == 1


def test_no_name_of_a_group_stands_in_an_address(desk: FlaskClient) -> None:
    page = made(desk)

    assert "Espoir" not in page.response.request.url
    assert "Espoir" not in (page.tree.findtext(".//title") or "")


def test_what_was_typed_stays_when_something_is_missing(desk: FlaskClient, database: Database) -> None:
    page = visit(desk, ASKED).submit(
        holding="helper_name", **{**SHELTER, "helper_email": ""}, names="Ana\nBao\nCem\nD\nE"
    )

    assert page.status == 422
    assert "Il y a plus de noms que de personnes dans le groupe." in page.text
    assert "Bao" in page.response.text
    assert database.count(Appointment) == 1


def test_a_time_somebody_took_meanwhile_books_nobody(desk: FlaskClient, database: Database) -> None:
    page = visit(desk, ASKED)
    made(desk)
    page = page.submit(holding="helper_name", **SHELTER)

    assert page.status == 409
    assert database.count(Appointment) == 5
    assert visit(desk, ASKED).submit(holding="helper_name", **SHELTER).status == 200


@pytest.mark.parametrize("way", ["", "1", "1-x", "99999-30000000", "1-1,1-1", "1-99999999999999999999"])
def test_a_way_that_no_page_proposed_is_refused(desk: FlaskClient, database: Database, way: str) -> None:
    page = visit(desk, ASKED).submit(holding="helper_name", **SHELTER, way=way)

    assert page.status in {409, 422}
    assert database.count(Appointment) == 1


def test_a_day_without_room_leads_to_the_next_one(desk: FlaskClient) -> None:
    page = visit(desk, f"{HERE}group?service=identity-card&persons=4&day=2027-01-05&part=afternoon")
    assert "ne tiennent pas" in page.text
    page = visit(desk, f"{HERE}group?service=identity-card&persons=4&day=2027-01-09")
    page = page.follow(next(text for text in page.links() if text.startswith("Le prochain jour")))

    assert "lundi 11\u00a0janvier 2027" in page.text


def test_some_are_cancelled_and_then_all_that_are_left(desk: FlaskClient, database: Database) -> None:
    page = made(desk)
    number = page.tree.findall(".//input[@name='gone']")[0].attrib["value"]
    page = page.submit(holding="gone", gone=[number])
    assert "1 rendez-vous est annulé." in page.text
    page = page.submit(holding="gone", press=("everybody", "1"))

    assert "3 rendez-vous sont annulés." in page.text
    assert database.count(Appointment, Appointment.state == AppointmentState.CANCELLED) == 4
    assert page.tree.findall(".//input[@name='gone']") == []


def test_pressing_without_a_tick_is_told(desk: FlaskClient, database: Database) -> None:
    assert made(desk).submit(holding="gone").status == 409
    assert database.count(Appointment, Appointment.state == AppointmentState.CANCELLED) == 0


def test_a_group_of_another_office_is_not_there(desk: FlaskClient, database: Database) -> None:
    made(desk)
    first = database.one(select(func.min(Appointment.id)).where(Appointment.party_key.is_not(None)))
    alone = database.one(select(Appointment.id).where(Appointment.party_key.is_(None)))

    def elsewhere(session: Session) -> None:
        row = session.get_one(Appointment, first)
        other = an_office(session, session.get_one(Commune, row.commune_id), code="annex")
        row.office_id = other.id

    database.write(elsewhere)
    assert visit(desk, f"{HERE}group/{alone}").status == 404
    assert visit(desk, f"{HERE}group/9999").status == 404
