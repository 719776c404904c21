"""Staff cancel and correct for the person on the telephone, and anybody at a desk sees what became of a visit."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.core.self_service import WhyCancelled
from booking.models import Appointment, JournalEntry, Message
from booking.models.messages import MessageKind
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.pages import Page, visit
from tests.web.booking import number

HERE = "/fr/mairie-nord/agent/"
STRIKE = {"reason_fr": "Grève", "reason_nl": "Staking"}


@pytest.fixture
def ana(client: FlaskClient, database: Database) -> int:
    """Ana's visit, and Rosa at the reception."""

    def rows(session: Session) -> int:
        home = a_working_commune(session)
        a_person(session, home.commune, name="Rosa", role=Role.RECEPTIONIST)
        return an_appointment(session, home.counter, home.service, start=at(MONDAY, "10:30")).id

    ana: int = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return ana


def opened(client: FlaskClient, ana: int) -> Page:
    return visit(client, f"{HERE}visits/{ana}")


def sent(database: Database) -> Any:
    return database.all(
        select(Message.kind).where(Message.kind.in_((MessageKind.CANCELLATION, MessageKind.CANCELLED_BY_COMMUNE)))
    )


def test_a_visit_is_cancelled_because_the_person_asks(client: FlaskClient, ana: int, database: Database) -> None:
    page = opened(client, ana).follow("Annuler la visite").submit(holding="by")

    assert database.one(select(Appointment.state)) == AppointmentState.CANCELLED
    assert "liste d’appels" not in page.text.replace("Liste d’appels", "")
    assert sent(database) == [MessageKind.CANCELLATION]
    assert "Annulé : lundi 4 janvier 2027 à 8 h (l’accueil)" in page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Annuler la visite" not in page.links()


def test_the_commune_says_why_and_whom_no_message_reaches_is_rung(
    client: FlaskClient, ana: int, database: Database
) -> None:
    database.write(lambda session: session.get_one(Appointment, ana).__setattr__("email", None))
    page = opened(client, ana).follow("Annuler la visite")
    assert page.submit(holding="by", by="commune").status == 422

    page = page.submit(holding="by", by="commune", **STRIKE)
    assert "Grève" in page.text
    assert sent(database) == [MessageKind.CANCELLED_BY_COMMUNE]
    assert database.one(select(Appointment.cancel_reason)).texts == {"fr": "Grève", "nl": "Staking"}


def test_an_old_page_cancels_nothing_that_has_changed(client: FlaskClient, ana: int, database: Database) -> None:
    old = opened(client, ana).follow("Annuler la visite")
    moving = opened(client, ana).follow("Déplacer ou modifier la visite")
    moving.submit(holding="version", press=("start", number(at(MONDAY, "11:00"))))

    assert old.submit(holding="by").status == 409
    assert database.one(select(Appointment.state)) == AppointmentState.BOOKED


def test_a_visit_that_was_moved_says_so(client: FlaskClient, ana: int) -> None:
    assert "Déplacé" not in opened(client, ana).text
    page = opened(client, ana).follow("Déplacer ou modifier la visite")
    page = page.submit(holding="version", press=("start", number(at(MONDAY, "11:00"))))

    assert "Déplacé" in page.text
    assert "(l’accueil)" in page.text


def test_what_the_person_said_when_they_cancelled_is_shown(client: FlaskClient, ana: int, database: Database) -> None:
    def by_ana(session: Session) -> None:
        known = session.get_one(Appointment, ana)
        this = {"commune_id": known.commune_id, "appointment_id": ana, "version": known.version}
        cancel(session, **this, why=WhyCancelled.UNSUITABLE, actor=Actor(Role.RESIDENT), now=EARLY)

    database.write(by_ana)
    page = opened(client, ana)

    assert "(la personne)" in page.text
    assert "le jour ou l’heure ne convient pas" in page.text


def test_a_wrong_address_is_written_anew_and_the_letter_follows(
    client: FlaskClient, ana: int, database: Database
) -> None:
    page = opened(client, ana).follow("Corriger les coordonnées")
    assert (
        database.one(select(JournalEntry.fields).where(JournalEntry.act == "looked", JournalEntry.fields != "name"))
        == "email,phone"
    )
    page = page.submit(holding="email", email="ana@example.net", phone="0470 12 34 56")

    assert page.heading == "Ana Peeters"
    assert database.one(select(Appointment.email)) == "ana@example.net"
    assert database.one(select(Appointment.phone)) == "+32470123456"
    assert database.count(Message, Message.kind == MessageKind.CONFIRMATION) == 1
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


@pytest.mark.parametrize(
    ("typed", "status"), [({"email": "", "phone": ""}, 422), ({"email": "ana@"}, 422), ({"phone": "1"}, 422)]
)
def test_a_contact_that_is_none_is_not_written(
    client: FlaskClient, ana: int, database: Database, typed: dict[str, str], status: int
) -> None:
    page = opened(client, ana).follow("Corriger les coordonnées").submit(holding="email", **typed)

    assert page.status == status
    assert database.one(select(Appointment.email)) == "ana@example.org"


@pytest.mark.parametrize("page", ["cancel", "correct"])
def test_a_visit_of_another_commune_is_not_there(client: FlaskClient, ana: int, database: Database, page: str) -> None:
    theirs: int = database.write(
        lambda session: (
            an_appointment(session, (other := a_working_commune(session, slug="ailleurs")).counter, other.service).id
        )
    )

    assert visit(client, f"{HERE}visits/{theirs}/{page}").status == 404
