"""A system is down: the pages of a service say what pauses, where and since when, and the desk leads to ending it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Appointment, Ticket
from booking.usecases.journal import Actor
from booking.usecases.pauses import pause
from tests.databases import Database
from tests.factories import Working, a_counter, a_person, a_service, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, controls, visit
from tests.web.booking import HOME, SERVICE, booking, choosing, number
from tests.web.test_agent_agenda import sign_in

TOMORROW = at(MONDAY + timedelta(days=1), "09:00")
BOOK = "/fr/mairie-nord/agent/book?line=identity-card:1"
DOWN = "Ne donnez une heure d’aujourd’hui que si vous savez"
KIOSK = "/fr/mairie-nord/kiosk/town-hall"
DESK = "/fr/mairie-nord/agent/desk"


@pytest.fixture
def home(database: Database, clock: Clock) -> Working:
    def rows(session: Session) -> Working:
        home = a_working_commune(session)
        home.opening.mode, home.service.mode = Mode.BOTH, ServiceMode.BOTH
        a_person(session, home.commune)
        return home

    return database.write(rows)


def goes_down(database: Database, home: Working, clock: Clock) -> None:
    clock.now = at(MONDAY, "08:05")
    own = {"commune_id": home.commune.id, "office_id": home.office.id, "service_ids": [home.service.id]}
    actor = Actor(Role.AGENT)
    database.write(lambda session: pause(session, **own, within=None, actor=actor, now=clock.now) and None)


def plain(page: Page) -> str:
    return page.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_services_whose_names_have_commas_are_told_apart(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    def rows(session: Session) -> list[int]:
        names = ("Kids-ID, Belgisch kind jonger dan 12 jaar", "Paspoort, volwassene")
        more = [
            a_service(session, home.commune, code=f"paper-{place}", name=Translated.of(fr=name, nl=name))
            for place, name in enumerate(names)
        ]
        a_counter(session, home.office, label="7", serves=more)
        return [one.id for one in more]

    own = {"commune_id": home.commune.id, "office_id": home.office.id, "service_ids": database.write(rows)}
    actor = Actor(Role.AGENT)
    database.write(lambda session: pause(session, **own, within=None, actor=actor, now=clock.now) and None)

    said = plain(visit(client, "/nl/gemeente-noord/"))
    assert "Kids-ID, Belgisch kind jonger dan 12 jaar · Paspoort, volwassene" in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/fr/mairie-nord", "panne informatique depuis 8 h 05"),
        ("/nl/gemeente-noord", "informaticastoring sinds 8.05 uur"),
        ("/de/mairie-nord", "Systemstörung seit 8.05 Uhr"),
    ],
)
def test_the_pages_of_a_service_say_in_each_language_that_it_pauses(
    client: FlaskClient, database: Database, home: Working, clock: Clock, address: str, said: str
) -> None:
    pages = [f"{address}/services/identity-card", f"{address}/services/identity-card/times"]
    assert not any(said in plain(visit(client, page)) for page in pages)
    goes_down(database, home, clock)

    for page in pages:
        assert said in plain(visit(client, page)), page


def test_no_time_of_today_is_on_the_page_and_those_of_tomorrow_are(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    later = number(at(MONDAY, "11:00"))
    assert later in visit(client, f"{SERVICE}/times").response.text
    goes_down(database, home, clock)

    page = visit(client, f"{SERVICE}/times")
    assert later not in page.response.text
    assert f"day={MONDAY.isoformat()}" not in page.response.text
    assert choosing(client, TOMORROW).status == 200


def test_whoever_presses_a_time_of_today_on_an_old_page_is_told_and_shown_other_days(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    old = visit(client, f"{SERVICE}/times")
    goes_down(database, home, clock)

    page = old.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))

    assert page.status == 409
    assert "Choisissez un autre jour." in page.text
    assert "mardi 5 janvier" in plain(page)
    switched = page.submit(holding="wished", press=("switch_to", "nl"))
    assert switched.status == 409
    assert "Kies een andere dag." in switched.text


def test_a_visit_of_today_that_was_cancelled_does_not_come_back_while_it_pauses_and_other_days_are_shown(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    booking(client)
    page = visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    goes_down(database, home, clock)

    refused = page.submit(holding="version")

    assert refused.status == 409
    assert "Choisissez un autre jour." in refused.text
    assert "mardi 5 janvier" in plain(refused)
    assert database.all(select(Appointment.state)) == [AppointmentState.CANCELLED]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/fr/mairie-nord", "panne informatique depuis le lundi 4 janvier à 8 h 05"),
        ("/nl/gemeente-noord", "informaticastoring sinds maandag 4 januari om 8.05 uur"),
        ("/de/mairie-nord", "Systemstörung seit Montag, 4. Januar, 8.05 Uhr"),
    ],
)
def test_the_next_morning_the_pages_say_since_which_day(
    client: FlaskClient, database: Database, home: Working, clock: Clock, address: str, said: str
) -> None:
    goes_down(database, home, clock)
    clock.now = at(MONDAY + timedelta(days=1), "07:30")

    for page in (f"{address}/services/identity-card", f"{address}/services/identity-card/times"):
        assert said in plain(visit(client, page)), page


def test_the_next_morning_the_desk_says_since_which_day(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    goes_down(database, home, clock)
    clock.now = at(MONDAY + timedelta(days=1), "07:30")
    sign_in(client)

    for page in (DESK, "/fr/mairie-nord/agent/outage"):
        assert "Carte d’identité, depuis le lundi 4 janvier à 8 h 05" in plain(visit(client, page)), page


def test_the_kiosk_gives_no_ticket_for_it_and_shows_what_is_possible(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    old = visit(client, f"{KIOSK}/services/identity-card")
    goes_down(database, home, clock)

    assert "un système est en panne" in visit(client, f"{KIOSK}/services").text
    page = old.submit(holding="wish")

    assert page.status == 409
    assert "Premier rendez-vous libre" in page.text
    assert database.all(select(Ticket.id)) == []


def test_the_desk_shows_what_pauses_and_since_when_until_it_works_again(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    sign_in(client)
    assert "Impossible pour le moment" not in visit(client, DESK).text
    asking = {"X-Fresh": "1", "If-None-Match": client.get(DESK, headers={"X-Fresh": "1"}).headers["ETag"]}
    goes_down(database, home, clock)

    assert client.get(DESK, headers=asking).status_code == 200
    page = visit(client, DESK)
    assert "Carte d’identité, depuis 8 h 05" in plain(page)
    assert "Panne informatique (" not in plain(page), "the page says so itself"
    outage = page.follow("Signaler que cela fonctionne à nouveau")
    clock.forward(minutes=5)
    outage.submit(holding="service", press=("service", str(home.service.id)))

    assert "Impossible pour le moment" not in visit(client, DESK).text


def test_the_reception_gives_no_ticket_for_it_and_is_told_what_is_possible(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    sign_in(client)
    form = visit(client, "/fr/mairie-nord/agent/reception/walk-in")
    goes_down(database, home, clock)

    page = form.submit(holding="service_1", service_1=str(home.service.id))

    assert page.status == 409
    assert "Panne informatique" in page.text
    assert "Premier rendez-vous libre" in page.text
    assert database.all(select(Ticket.id)) == []


def test_whoever_books_by_telephone_is_warned_beside_the_times_of_today_and_may_give_one(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    sign_in(client)
    assert DOWN not in visit(client, BOOK).text
    goes_down(database, home, clock)
    page = visit(client, BOOK)
    assert DOWN in page.text
    assert DOWN not in visit(client, f"{BOOK}&day=05/01").text
    held = page.submit(holding="draft")

    assert held.status == 200
    assert "name" in {name for name, _value in controls(held.form(holding="name"))}


def test_whoever_moves_a_visit_for_somebody_is_warned_on_the_day_of_today_only(
    client: FlaskClient, database: Database, home: Working, clock: Clock
) -> None:
    sign_in(client)
    ana = database.write(lambda session: an_appointment(session, home.counter, home.service, start=TOMORROW)).id
    goes_down(database, home, clock)
    move = f"/fr/mairie-nord/agent/visits/{ana}/move"

    assert DOWN in visit(client, f"{move}?day=2027-01-04").text
    assert DOWN not in visit(client, move).text
