"""Somebody calls: the reception books for them, whatever they can or cannot be written to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.roles import Role
from booking.models import Appointment, AppointmentLine, JournalEntry, Message, Service
from booking.models.messages import MessageKind, MessageState
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import (
    Working,
    a_counter,
    a_session,
    an_appointment,
    an_office,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.asking import asks
from tests.web.booking import number
from tests.web.telephone import EMMA, HERE, at_the_telephone, booking, focus, looking, starts, taking


@pytest.fixture
def home(client: FlaskClient, database: Database) -> Working:
    return at_the_telephone(client, database)


def test_enter_chooses_what_was_meant_and_shows_the_first_free_times(client: FlaskClient, home: Working) -> None:
    assert focus(visit(client, f"{HERE}book")) == ["q"]
    page = looking(client, "paseport")

    assert "Passeport · 1 personne · 15 minutes" in page.text.replace("\u00a0", " ")
    assert starts(page)[0] == f"{number(at(MONDAY, '08:15'))}@town-hall"
    assert focus(page) == ["start"]


def test_several_services_may_be_meant_and_each_is_one_press(client: FlaskClient, home: Working) -> None:
    page = visit(client, f"{HERE}book?q=carte")

    assert focus(page) == ["service"]
    assert "Carte d’identité · 2 personnes" in page.submit(
        holding="q", press=("service", "identity-card"), persons="2"
    ).text.replace("\u00a0", " ")


def test_somebody_without_contact_has_a_visit_and_a_slip(
    client: FlaskClient, home: Working, database: Database
) -> None:
    page = booking(client)

    assert "Le rendez-vous est fixé." in page.text
    assert page.heading == "Emma"
    assert "Imprimer" in page.text
    made = database.one(select(Appointment))
    assert (made.state, made.channel, made.language) == (AppointmentState.BOOKED, Channel.PHONE, "nl")
    assert (made.email, made.phone, made.start) == (None, None, at(MONDAY, "08:15"))
    assert database.count(Message, Message.kind == MessageKind.CONFIRMATION) == 0
    booked = select(JournalEntry.role, JournalEntry.subject_id).where(JournalEntry.act == "booked")
    assert database.one(booked) == (Role.RECEPTIONIST, made.id)
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_whoever_gives_an_address_is_written_to_and_no_limit_counts(
    client: FlaskClient, home: Working, database: Database
) -> None:
    for _ in range(6):
        booking(client, email="emma@example.org")

    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 6
    sent = Message.kind == MessageKind.CONFIRMATION, Message.state == MessageState.QUEUED
    assert database.count(Message, *sent) == 6


def test_the_names_of_the_others_are_asked_where_the_counter_prepares_for_each(
    client: FlaskClient, home: Working, database: Database
) -> None:
    assert "Noms des autres" not in taking(looking(client, persons="2")).text
    database.write(lambda session: session.execute(update(Service).values(asks_names=True)) and None)
    assert "Noms des autres" not in taking(looking(client, persons="1")).text
    page = taking(looking(client, persons="2"))
    assert page.submit(holding="name", **EMMA, others="85.07.30-033 28").status == 422, "no national register number"

    page.submit(holding="name", **EMMA, others="Lina et Omar Peeters")
    assert (
        database.one(select(AppointmentLine.names).where(AppointmentLine.names.is_not(None))) == "Lina et Omar Peeters"
    )


def test_a_form_sent_twice_books_once(client: FlaskClient, home: Working, database: Database) -> None:
    details = taking(looking(client))
    details.submit(holding="name", **EMMA)
    again = details.submit(holding="name", **EMMA)

    assert again.heading == "Emma"
    assert database.count(Appointment) == 1
    assert database.count(JournalEntry, JournalEntry.act == "booked") == 1


def test_a_time_taken_twice_by_the_same_press_is_held_once(
    client: FlaskClient, home: Working, database: Database
) -> None:
    page = looking(client)
    first, second = taking(page), taking(page)

    assert first.heading == second.heading == "Pour qui est le rendez-vous ?".replace(" ?", "\u202f?")
    assert database.count(Appointment) == 1


def test_a_time_somebody_took_meanwhile_gives_the_next_ones(
    client: FlaskClient, home: Working, database: Database
) -> None:
    page = looking(client)
    early = {"start": at(MONDAY, "08:15")}
    database.write(lambda session: an_appointment(session, home.counter, home.service, **early) and None)
    page = taking(page)

    assert page.status == 409
    assert "vient de prendre cette heure" in page.text
    assert starts(page)[0] == f"{number(at(MONDAY, '08:30'))}@town-hall"


def test_minutes_that_are_over_keep_what_was_typed_and_offer_near_times(
    client: FlaskClient, home: Working, database: Database, clock: Clock
) -> None:
    details = taking(looking(client))
    clock.forward(minutes=11)
    page = details.submit(holding="name", **EMMA)

    assert page.status == 409
    assert "start" in focus(page)
    again = taking(page)
    assert [one.attrib["value"] for one in again.tree.iter("input") if one.attrib.get("name") == "name"] == ["Emma"]
    assert again.submit(holding="name").heading == "Emma"
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 1


def test_another_time_gives_the_held_one_back(client: FlaskClient, home: Working, database: Database) -> None:
    details = taking(looking(client))
    form = details.form(holding="name")
    sent = {one.attrib["name"]: one.attrib.get("value", "") for one in form.iter("input") if one.attrib.get("name")}
    Page(client, client.post(f"{HERE}book/give-back", data=sent, follow_redirects=True))

    assert database.count(Appointment) == 0


def test_staff_may_begin_at_any_five_minutes_and_within_the_notice(
    client: FlaskClient, home: Working, database: Database
) -> None:
    page = looking(client).submit(holding="every", every="y")
    wanted = f"{number(at(MONDAY, '08:05'))}@town-hall"
    assert wanted in starts(page)

    taking(page, start=wanted).submit(holding="name", **EMMA)
    assert database.one(select(Appointment.start)) == at(MONDAY, "08:05")


def test_a_later_day_is_typed_as_people_write_it(client: FlaskClient, home: Working) -> None:
    page = looking(client).submit(holding="every", day="7/1")
    assert starts(page)[0] == f"{number(at(MONDAY + timedelta(days=3), '08:00'))}@town-hall"

    assert "Écrivez un jour" in looking(client).submit(holding="every", day="soon").text


def test_answers_are_asked_where_they_change_the_length(client: FlaskClient, home: Working, database: Database) -> None:
    database.write(lambda session: asks(session, home) and None)
    page = looking(client)
    assert starts(page), "nobody has to answer"
    assert focus(page) == ["question-why@identity-card"]

    said = {"question-why@identity-card": "expired", "question-whom@identity-card": "child"}
    longer = page.submit(holding="every", **said)
    assert longer.response.request.full_path.rstrip("?") == f"{HERE}book", "an answer never stands in an address"
    assert "25 minutes" in longer.text.replace("\u00a0", " ")
    assert focus(longer) == ["start"]
    taking(longer).submit(holding="name", **EMMA)
    assert database.one(select(AppointmentLine.answers)) == {"why": "expired", "whom": "child"}
    assert database.one(select(AppointmentLine.added_minutes)) == 10


def test_answers_that_lead_elsewhere_give_no_time(client: FlaskClient, home: Working, database: Database) -> None:
    page = looking(client)
    database.write(lambda session: asks(session, home) and None)
    said = {"question-why@identity-card": "expired", "question-whom@identity-card": "absent"}
    elsewhere = looking(client).submit(holding="every", **said)

    assert starts(elsewhere) == []
    assert "on ne prend pas rendez-vous" in elsewhere.text
    form = page.form(holding="draft")
    sent = {one.attrib["name"]: one.attrib.get("value", "") for one in form.iter("input") if one.attrib.get("name")}
    sent |= said
    assert client.post(f"{HERE}book/time", data=sent).status_code == 409


def test_every_time_of_a_day_is_one_press_away(client: FlaskClient, home: Working) -> None:
    page = looking(client)
    assert len(starts(page)) == 4 * 12

    whole = page.submit(holding="every", press=("whole", (MONDAY + timedelta(days=1)).isoformat()))
    tomorrow = [one for one in starts(whole) if int(one.partition("@")[0]) < int(number(at(MONDAY, "23:00"))) + 1440]
    assert len(tomorrow) == 16


@pytest.mark.parametrize("page", ["time", "details"])
def test_the_address_of_a_step_alone_leads_to_the_beginning(client: FlaskClient, home: Working, page: str) -> None:
    assert visit(client, f"{HERE}book/{page}").response.request.path == f"{HERE}book"


def test_the_form_can_be_read_in_dutch_and_keeps_time_and_name(
    client: FlaskClient, home: Working, database: Database
) -> None:
    page = taking(looking(client)).submit(holding="name", press=("switch_to", "nl"), **EMMA)

    assert page.language == "nl"
    assert [one.attrib["value"] for one in page.tree.iter("input") if one.attrib.get("name") == "name"] == ["Emma"]
    assert database.one(select(Appointment.state)) == AppointmentState.HELD


def test_an_office_that_is_not_theirs_is_not_offered(client: FlaskClient, home: Working, database: Database) -> None:
    page = looking(client)

    assert taking(page, start=f"{number(at(MONDAY, '08:15'))}@elsewhere").status == 404


def test_the_person_says_where_they_want_to_go(client: FlaskClient, home: Working, database: Database) -> None:
    def rows(session: Session) -> None:
        card = session.scalars(select(Service).where(Service.code == "identity-card")).one()
        branch = an_office(session, home.commune, code="branch", position=2)
        a_session(session, branch, [a_counter(session, branch, label="7", serves=[card])], start="08:00", end="09:00")

    database.write(rows)
    here = looking(client)
    assert {one.partition("@")[2] for one in starts(here)} == {"town-hall"}

    anywhere = here.submit(holding="every", office="any")
    assert {one.partition("@")[2] for one in starts(anywhere)} == {"town-hall", "branch"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"name": ""}, "nom"), ({"phone": "12"}, "téléphone"), ({"email": "emma@"}, "e-mail")],
)
def test_what_is_wrong_is_said_and_the_time_stays_held(
    client: FlaskClient, home: Working, database: Database, typed: dict[str, Any], said: str
) -> None:
    page = booking(client, **typed)

    assert page.status == 422
    assert said in page.text
    assert database.one(select(Appointment.state)) == AppointmentState.HELD


@pytest.mark.parametrize("persons", ["0", "99", "many", "-1"])
def test_a_number_that_a_service_does_not_take_is_refused(client: FlaskClient, home: Working, persons: str) -> None:
    page = looking(client, persons=persons)

    assert page.status == 409
    assert "est limité à 4 personnes" in page.text.replace("\u00a0", " ")
