"""Ana reads what is kept about her, takes it along, and has it erased."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, AppointmentLine, Claim, JournalEntry, Message, Offer, RebookedVisit, Seat
from booking.models.messages import MessageState
from booking.usecases.check import problems
from booking.usecases.own_data import OURS
from booking.usecases.statements import table_of
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, an_appointment
from tests.moments import MONDAY, Clock, at
from tests.pages import visit
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, booking, number, open_commune
from tests.web.test_resident_appointment import landing

DATA = f"{HOME}/appointment/data"


def bilal_opens(app: Flask, database: Database, place: Working, *, contact: bool = False) -> None:
    database.write(lambda session: a_person(session, place.commune) and None)
    desk = app.test_client()
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    number = database.one(select(Appointment.id))
    for _ in range(3):
        page = visit(desk, f"{HOME}/agent/visits/{number}")
    if contact:
        form = next(form for form in page.tree.iter("form") if "/contact" in form.attrib["action"])
        desk.post(form.attrib["action"], data={one.attrib["name"]: one.attrib["value"] for one in form.iter("input")})


def test_ana_reads_in_which_role_somebody_opened_her_visit_and_never_who(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    place = open_commune(database)
    booking(client)
    assert "Personne ne l’a encore ouvert" in visit(client, DATA).text
    clock.now = at(MONDAY, "08:15")
    bilal_opens(app, database, place)

    page = visit(client, f"{HOME}/appointment").follow("Ce que nous gardons, qui l’a consulté, effacer mes données")

    assert page.text.count("Consulté par un agent") == 1, "going back and forth is one look"
    assert "lundi 4\u00a0janvier 2027 à 8\u202fh\u202f15" in page.text
    assert "avec vos coordonnées" not in page.text
    assert "Bilal" not in page.text


def test_ana_reads_that_her_contact_was_shown(app: Flask, client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    booking(client)
    bilal_opens(app, database, place, contact=True)

    assert "avec vos coordonnées" in visit(client, DATA).text


def test_ana_reads_until_when_each_thing_is_kept(client: FlaskClient, database: Database) -> None:
    open_commune(database, contact_days=10, name_months=2)
    booking(client)
    page = visit(client, DATA)

    assert "jusqu’au jeudi 14\u00a0janvier 2027" in page.text
    assert "jusqu’au jeudi 4\u00a0mars 2027" in page.text


def test_ana_reads_for_how_many_persons_her_visit_is(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    times = visit(client, f"{SERVICE}/times?persons=3")
    times.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name", **ANA)

    assert "Carte d’identité, 3\u00a0personnes" in visit(client, DATA).text
    assert [one["persons"] for one in json.loads(client.get(f"{DATA}/file").text)["services"]] == [3]


def test_what_was_never_sent_is_not_told_as_sent(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    assert json.loads(client.get(f"{DATA}/file").text)["messages"] != []
    database.write(lambda session: session.execute(update(Message).values(state=MessageState.DROPPED)) and None)

    assert json.loads(client.get(f"{DATA}/file").text)["messages"] == []


def test_the_file_holds_everything_of_hers_and_no_key(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    answer = client.get(f"{DATA}/file")
    told = json.loads(answer.text)

    assert answer.headers["Content-Disposition"] == "attachment; filename=mes-donnees.json"
    assert told["appointment"]["name"] == "Ana Peeters"
    assert told["appointment"]["email"] == "ana@example.org"
    assert told["appointment"]["state"] == "booked"
    assert told["services"][0]["service_name"]["nl"] == "Identiteitskaart"
    assert [message["kind"] for message in told["messages"]] == ["confirmation"]
    nonce, key = database.all(select(Appointment.nonce, Appointment.hold_key))[0]
    assert nonce not in answer.text
    assert key not in answer.text


MODELS = (Appointment, AppointmentLine, Offer, RebookedVisit)


def test_every_column_of_an_appointment_is_told_or_is_known_to_be_ours() -> None:
    columns = {column.key for model in MODELS for column in table_of(model).columns}

    assert columns >= OURS, "what is left out exists"


def test_whoever_erases_a_visit_to_come_cancels_it_and_leaves_nothing(
    app: Flask, client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(client)
    link = landing(app, database)
    asked = visit(client, DATA).follow("Effacer mes données maintenant")
    assert "Votre rendez-vous est alors annulé" in asked.text

    done = asked.submit()

    assert done.heading == "Vos données sont effacées."
    erased: Any = database.one(select(Appointment))
    assert (erased.state, erased.name, erased.name_search) == (AppointmentState.CANCELLED, None, None)
    assert (erased.email, erased.phone, erased.contact_key) == (None, None, None)
    assert database.count(Claim) == database.count(Seat) == 0
    assert database.all(select(JournalEntry.act)) == ["cancelled", "erased"]
    assert visit(client, link).status == 404
    assert "rendez-vous" in visit(client, f"{HOME}/appointment").heading.lower()

    def nothing_wrong(session: Session) -> list[str]:
        return problems(session, now=clock.now)

    assert database.write(nothing_wrong) == []


def test_after_the_visit_it_is_erased_without_being_cancelled(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    booking(client)
    clock.now = at(MONDAY, "15:00")
    asked = visit(client, f"{HOME}/appointment/erase")
    assert "annulé" not in asked.text
    asked.submit()

    assert database.all(select(Appointment.state, Appointment.name)) == [(AppointmentState.BOOKED, None)]


def test_while_somebody_is_being_received_the_name_stays(client: FlaskClient, database: Database, clock: Clock) -> None:
    open_commune(database)
    booking(client)
    clock.now = at(MONDAY, "10:35")
    page = visit(client, f"{HOME}/appointment/erase").submit()

    assert page.status == 409
    assert database.all(select(Appointment.name)) == ["Ana Peeters"]


def test_an_old_page_erases_nothing(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    old = visit(client, f"{HOME}/appointment/erase")
    visit(client, f"{HOME}/appointment/contact").submit(holding="email", email="ana.peeters@example.org")
    page = old.submit()

    assert page.status == 409
    assert "vous la voyez" in page.text.lower() or "tel qu’il est" in page.text
    assert database.all(select(Appointment.name)) == ["Ana Peeters"]


def test_the_visit_that_belongs_to_it_is_erased_with_it(client: FlaskClient, database: Database) -> None:
    place = open_commune(database, counters=2)
    booking(client)

    def beside(session: Session) -> None:
        mine = session.scalars(select(Appointment)).one()
        mine.group_key = "g" * 32
        later = {"start": at(MONDAY, "10:45"), "group_key": "g" * 32, "email": mine.email, "name": mine.name}
        an_appointment(session, place.counter, place.service, **later)

    database.write(beside)
    visit(client, f"{HOME}/appointment/erase").submit()

    left = database.all(select(Appointment.state, Appointment.name, Appointment.email))
    assert left == [(AppointmentState.CANCELLED, None, None)] * 2
