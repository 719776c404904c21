"""Aïcha at the reception: one field for whoever stands there, tickets for those who have no appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.tickets import TicketState
from booking.core.turns import ALWAYS
from booking.models import Appointment, JournalEntry, OpeningSession, Ticket
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_ticket, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit

HERE = "/fr/mairie-nord/agent/"
AICHA = "aicha@mairie-nord.example"


@dataclass(frozen=True)
class Day:
    home: Working
    ana: int
    reference: str


@pytest.fixture
def day(database: Database, clock: Clock) -> Day:
    clock.now = at(MONDAY, "08:50")

    def rows(session: Session) -> Day:
        home = a_working_commune(session, counters=2)
        home.opening.mode = Mode.BOTH
        a_person(session, home.commune, name="Aïcha", email=AICHA, role=Role.RECEPTIONIST)
        ana = an_appointment(session, home.counter, home.service)
        return Day(home, ana.id, ana.reference or "")

    return database.write(rows)


@pytest.fixture
def aicha(client: FlaskClient, day: Day) -> FlaskClient:
    return signed_in(client)


def signed_in(client: FlaskClient) -> FlaskClient:
    visit(client, f"{HERE}sign-in").submit(holding="password", email=AICHA, password=PASSWORD)
    return client


def say(client: FlaskClient, typed: str) -> Page:
    return visit(client, f"{HERE}reception").submit(holding="wanted", wanted=typed)


def tickets(database: Database, *columns: Any) -> list[Any]:
    return list(database.all(select(*columns).order_by(Ticket.id)))


def test_a_scanned_slip_is_a_ticket_at_once(aicha: FlaskClient, day: Day, database: Database) -> None:
    page = say(aicha, f"{day.reference[:4].lower()} {day.reference[4:]}")

    assert page.heading == "Ticket A\u00a0001"
    assert "À temps\u00a0: la place est celle du rendez-vous de 9\u202fh." in page.text
    assert tickets(database, Ticket.appointment_id) == [day.ana]
    assert say(aicha, day.reference).heading == "Ticket A\u00a0001", "scanned twice, it is the same"


def test_a_name_is_confirmed_by_a_button_and_never_stands_in_an_address(
    aicha: FlaskClient, day: Day, database: Database
) -> None:
    page = say(aicha, "Peters ana")
    assert "1\u00a0personne de ce nom aujourd’hui" in page.text
    assert tickets(database, Ticket.id) == []
    assert page.response.request.query_string == b""
    assert database.all(select(JournalEntry.act)) == ["searched"]

    given = arrived(page, day)

    assert given.heading == "Ticket A\u00a0001"


def arrived(page: Page, day: Day) -> Page:
    button = next(one for one in page.tree.iter("button") if one.attrib.get("formaction", "").endswith(f"/{day.ana}"))
    token = next(one.attrib["value"] for one in page.tree.iter("input") if one.attrib.get("name") == "csrf_token")
    sent = page.client.post(button.attrib["formaction"], data={"csrf_token": token}, follow_redirects=True)
    return Page(page.client, sent)


def test_nobody_of_that_name_today_is_said(aicha: FlaskClient) -> None:
    page = say(aicha, "Zoé Nobody")

    assert page.status == 404
    assert "Personne de ce nom n’est attendu ici aujourd’hui" in page.text
    assert say(aicha, "x").status == 422


def test_whoever_comes_on_the_wrong_day_is_told_the_day_and_what_is_possible(
    aicha: FlaskClient, day: Day, database: Database
) -> None:
    def tomorrow(session: Session) -> str:
        visit_ = an_appointment(session, day.home.counter, day.home.service, start=at(MONDAY + timedelta(1), "09:00"))
        return visit_.reference or ""

    page = say(aicha, database.write(tomorrow))

    assert page.status == 409
    assert "Ce rendez-vous n’est pas aujourd’hui" in page.text
    assert "Premier rendez-vous libre" in page.text
    assert "Sans rendez-vous\u00a0: prochains tickets" in page.text


def test_a_late_visitor_waits_like_the_others_and_a_cancelled_one_is_told_so(
    aicha: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:16")
    assert "Trop tard pour le rendez-vous de 9\u202fh" in say(aicha, day.reference).text

    def cancelled(session: Session) -> str:
        own = {"start": at(MONDAY, "10:00"), "state": AppointmentState.CANCELLED}
        return an_appointment(session, day.home.counter, day.home.service, **own).reference or ""

    assert "Ce rendez-vous a été annulé" in say(aicha, database.write(cancelled)).text


def walk_in(client: FlaskClient, day: Day, **typed: Any) -> Page:
    form = visit(client, f"{HERE}reception/walk-in")
    return form.submit(holding="service_1", **{"service_1": str(day.home.service.id), **typed})


def test_who_comes_hours_too_early_is_told_when_they_are_called(
    aicha: FlaskClient, day: Day, database: Database
) -> None:
    later = {"start": at(MONDAY, "16:45"), "end": at(MONDAY, "17:00")}
    booked = database.write(
        lambda session: an_appointment(session, day.home.counter, day.home.service, **later).reference
    )

    page = say(aicha, booked)
    assert "Très en avance (7\u00a0heures)\u00a0: la personne sera appelée vers 16\u202fh\u202f45." in page.text


def test_a_ticket_without_an_appointment_prints_without_a_name(
    aicha: FlaskClient, day: Day, database: Database
) -> None:
    page = walk_in(aicha, day, persons_1="2", name="Ben", help_language="en", needs=["low_counter"])

    assert page.heading == "Ticket A\u00a0001"
    row = database.one(select(Ticket))
    assert (row.persons, row.name, row.help_language, row.language) == (2, "Ben", "en", "fr")
    slip = next(one for one in page.tree.iter("article"))
    said = "".join(slip.itertext())
    assert "Ben" not in said
    assert {"Gemeentehuis", "Maison communale"} <= {one.strip() for one in slip.itertext()}
    assert "Il est encore trop tôt" in said, "nobody sits at a counter"
    assert row.status_key not in said


def test_a_form_sent_twice_gives_one_ticket(aicha: FlaskClient, day: Day, database: Database) -> None:
    form = visit(aicha, f"{HERE}reception/walk-in")
    for _ in range(2):
        form.submit(holding="service_1", service_1=str(day.home.service.id))

    assert tickets(database, Ticket.number) == [1]


@pytest.mark.parametrize(
    "typed",
    [{"service_1": ""}, {"service_1": "999"}, {"persons_1": "0"}, {"persons_1": "many"}, {"name": "x" * 101}],
    ids=str,
)
def test_what_is_missing_is_asked_again_and_nothing_typed_is_lost(
    aicha: FlaskClient, day: Day, database: Database, typed: dict[str, str]
) -> None:
    page = walk_in(aicha, day, **{"help_language": "de", **typed})

    assert page.status == 422
    assert 'value="de" selected' in page.response.text
    assert tickets(database, Ticket.id) == []


def test_outside_the_hours_no_ticket_but_the_next_possibility(
    aicha: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "12:01")
    signed_in(aicha)
    page = walk_in(aicha, day)
    assert page.status == 409
    assert "Ce qui est possible ensuite" in page.text
    assert "mardi 5\u00a0janvier" in page.text
    clock.now = at(MONDAY, "09:00")
    database.write(lambda session: session.execute(update(OpeningSession).values(most_walk_ins=1)) and None)
    assert walk_in(aicha, day).status == 200

    assert walk_in(aicha, day).status == 409, "the share of this session is used up"


def test_a_number_from_paper_is_kept_and_not_given_twice(aicha: FlaskClient, day: Day, database: Database) -> None:
    def type_in(number: str, when: str = "8:10") -> Page:
        form = visit(aicha, f"{HERE}reception/paper")
        return form.submit(holding="number", number=number, taken_at=when, service_1=str(day.home.service.id))

    assert type_in("A 12").heading == "Ticket A\u00a0012"
    assert type_in("a12").status == 409
    assert type_in("twelve").status == 422
    assert type_in("A13", "later").status == 422
    assert tickets(database, Ticket.number) == [12]


def step(page: Page, name: str) -> Page:
    buttons = [one.attrib["value"] for one in page.tree.iter("button") if one.attrib.get("name") == "step"]
    (value,) = (one for one in buttons if one.startswith(f"{name}:"))
    return page.submit(holding="back", press=("step", value))


def test_priority_leaving_and_a_slip_of_the_finger(aicha: FlaskClient, day: Day, database: Database) -> None:
    page = step(say(aicha, day.reference), "priority")
    assert database.one(select(Ticket.leads_from)) == ALWAYS
    assert database.all(select(JournalEntry.fields).where(JournalEntry.act == "prioritised")) == [""], "no reason"

    left = step(page, "leave")
    assert database.one(select(Ticket.state)) == TicketState.LEFT
    again = step(left, "undo")

    assert database.one(select(Ticket.state)) == TicketState.WAITING
    assert step(left, "undo").status == 200, "pressed twice"
    assert step(page, "leave").status == 409, "an old page"
    assert "priority:" not in again.response.text


def test_the_reception_neither_calls_nor_says_how_a_visit_ended(
    aicha: FlaskClient, day: Day, database: Database
) -> None:
    page = say(aicha, day.reference)
    number = database.one(select(Ticket.id))
    token = next(one.attrib["value"] for one in page.tree.iter("input") if one.attrib.get("name") == "csrf_token")

    def sends(address: str, **typed: str) -> int:
        return aicha.post(f"{HERE}{address}", data={"csrf_token": token, **typed}).status_code

    assert sends("reception/step", step=f"call:{number}:1") == 403
    assert sends("reception/step", step="eat:1:1") == 400
    agenda = visit(aicha, HERE).response.text
    assert f"back:{day.ana}" in visit(aicha, f"{HERE}visits/{day.ana}").response.text
    assert f"done:{day.ana}" not in agenda
    for mark in ("done", "did_not_come"):
        assert sends("visits/mark", mark=f"{mark}:{day.ana}:2") == 403
    assert database.one(select(Appointment.state)) == AppointmentState.BOOKED


def test_whoever_had_papers_missing_comes_back_on_the_former_number(
    aicha: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    def incomplete(session: Session) -> None:
        ends = {"state": TicketState.INCOMPLETE, "return_until": MONDAY + timedelta(days=6)}
        a_ticket(session, day.home.office, day.home.service, number=27, **ends)

    database.write(incomplete)
    clock.forward(days=2)
    signed_in(aicha)
    former = say(aicha, "A 027")
    assert "Il manquait des documents." in former.text

    back = press_back(former)

    assert back.heading == "Ticket A\u00a0001"
    assert "Vous passez avant les personnes qui attendent." in back.text
    assert "est déjà revenue" in press_back(former).text


def press_back(page: Page) -> Page:
    form = next(one for one in page.tree.iter("form") if one.attrib["action"].endswith("/back"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    return Page(page.client, page.client.post(form.attrib["action"], data=typed, follow_redirects=True))


def test_a_ticket_of_another_commune_is_not_there(aicha: FlaskClient, database: Database) -> None:
    def elsewhere(session: Session) -> int:
        other = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
        return a_ticket(session, other.office, other.service).id

    assert visit(aicha, f"{HERE}reception/tickets/{database.write(elsewhere)}").status == 404
