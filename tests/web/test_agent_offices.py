"""What Rosa is in one office she is not in another: agent at the town hall, reception at the station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.core.appointments import AppointmentState
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.models import (
    Appointment,
    CallMade,
    Commune,
    JournalEntry,
    LateMark,
    Membership,
    MembershipOffice,
    Message,
    Office,
    OpeningCounter,
    Person,
    Ticket,
)
from booking.models.messages import MessageKind, MessageState
from booking.models.offices import CounterKind
from tests.databases import Database
from tests.factories import (
    PASSWORD,
    a_counter,
    a_person,
    a_second_factor,
    a_session,
    a_working_commune,
    add,
    an_appointment,
    an_office,
    code_for,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import controls, visit
from tests.web.test_agent_moves import number

HERE = "/fr/mairie-nord/agent/"
ELEVEN = at(MONDAY, "11:00")


@dataclass(frozen=True)
class Day:
    """Two visits at nine, one in each office, and one at eleven that the station's extra counter could have at nine."""

    here: int
    there: int
    later: int


@pytest.fixture
def day(database: Database, clock: Clock) -> Day:
    clock.now = at(MONDAY, "08:50")

    def rows(session: Session) -> Day:
        home = a_working_commune(session)
        station = an_office(session, home.commune, code="station", position=2)
        counter = a_counter(session, station, serves=[home.service])
        lane = a_counter(session, station, label="X", kind=CounterKind.EXTRA, serves=[home.service])
        hours = a_session(session, station, [counter])
        session.add(OpeningCounter(commune_id=home.commune.id, session_id=hours.id, counter_id=lane.id))
        rosa = a_person(session, home.commune, name="Rosa", offices=[home.office])
        session.add(Membership(commune_id=home.commune.id, person_id=rosa.id, role=Role.RECEPTIONIST))
        an_agent_of_the_town_hall = {"name": "Chloé", "email": "chloe@mairie-nord.example", "offices": [home.office]}
        a_person(session, home.commune, **an_agent_of_the_town_hall)
        here = an_appointment(session, home.counter, home.service)
        there = an_appointment(session, counter, home.service, name="Bob Claes", email="bob@example.org")
        later = an_appointment(session, counter, home.service, start=ELEVEN, name="Bao Tran", email="bao@example.org")
        return Day(here.id, there.id, later.id)

    return database.write(rows)


def signed_in(client: FlaskClient, who: str) -> FlaskClient:
    visit(client, f"{HERE}sign-in").submit(holding="password", email=f"{who}@mairie-nord.example", password=PASSWORD)
    return client


@pytest.fixture
def rosa(client: FlaskClient, day: Day) -> FlaskClient:
    return signed_in(client, "bilal")


def token(client: FlaskClient) -> str:
    return str(client.get(f"{HERE}late-marks/token").json["token"])


def sent(client: FlaskClient, address: str, **facts: Any) -> TestResponse:
    return client.post(f"{HERE}{address}", data={"csrf_token": token(client), **facts})


def state_of(database: Database, number_of_visit: int) -> AppointmentState:
    return database.one(select(Appointment.state).where(Appointment.id == number_of_visit))


def buttons(client: FlaskClient, number_of_visit: int) -> set[str]:
    page = visit(client, f"{HERE}visits/{number_of_visit}")
    assert page.status == 200
    return {one.attrib["value"].split(":")[0] for one in page.tree.iter("button") if one.get("name") == "mark"}


def test_rosa_settles_visits_where_she_is_an_agent_and_says_who_is_there_where_she_is_reception(
    rosa: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:10")
    assert buttons(rosa, day.here) == {"arrived", "done", "did_not_come"}
    assert buttons(rosa, day.there) == {"arrived"}

    assert sent(rosa, "visits/mark", mark=f"done:{day.there}:1").status_code == 403
    assert state_of(database, day.there) == AppointmentState.BOOKED
    assert sent(rosa, "visits/mark", mark=f"arrived:{day.there}:1").status_code == 303
    assert sent(rosa, "visits/mark", mark=f"back:{day.there}:2").status_code == 303
    assert sent(rosa, "visits/mark", mark=f"done:{day.here}:1").status_code == 303
    assert state_of(database, day.here) == AppointmentState.FULFILLED


def test_what_rosa_marked_without_a_connection_counts_where_she_is_an_agent(
    rosa: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:10")
    marks = [f"done:{day.there}:1", f"done:{day.here}:1"]

    assert sent(rosa, "late-marks/sent", mark=marks, ago=["60", "60"]).json == {"conflicts": 0}
    assert state_of(database, day.there) == AppointmentState.BOOKED
    assert state_of(database, day.here) == AppointmentState.FULFILLED


def test_on_the_day_list_of_the_station_rosa_has_the_buttons_of_the_reception(
    rosa: FlaskClient, day: Day, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:10")
    sent(rosa, "office", office="station")
    page = visit(rosa, f"{HERE}?day=2027-01-04&view=list")
    marks = [one.attrib["value"] for one in page.tree.iter("button") if one.get("name") == "mark"]

    assert marks
    assert {one.split(":")[0] for one in marks} == {"arrived"}


def test_the_journal_says_in_which_role_rosa_opened_each_visit(rosa: FlaskClient, day: Day, database: Database) -> None:
    for one in (day.here, day.there):
        assert visit(rosa, f"{HERE}visits/{one}").status == 200
    opened = select(JournalEntry.subject_id, JournalEntry.role).where(JournalEntry.subject == "appointment")

    assert set(database.all(opened)) == {(day.here, Role.AGENT), (day.there, Role.RECEPTIONIST)}


def roles_noted(database: Database, act: str) -> list[Role | None]:
    return database.all(select(JournalEntry.role).where(JournalEntry.act == act))


def test_the_journal_says_in_which_role_rosa_noted_that_somebody_comes_to_the_station(
    rosa: FlaskClient, day: Day, database: Database
) -> None:
    assert sent(rosa, "visits/coming", coming=f"{day.there}:1").status_code == 303
    assert roles_noted(database, "coming") == [Role.RECEPTIONIST]


def test_the_journal_says_in_which_role_rosa_rang_and_took_that_back(
    rosa: FlaskClient, day: Day, database: Database
) -> None:
    about = {"commune_id": database.one(select(Appointment.commune_id).where(Appointment.id == day.there))}
    kind = {"kind": MessageKind.CONFIRMATION, "state": MessageState.TO_RING, "version": 1, "appointment_id": day.there}
    when = {"created_at": EARLY, "due_at": EARLY, "copy": 0, "attempts": 0}
    message = database.write(lambda session: add(session, Message(**about, **kind, **when)).id)

    assert sent(rosa, "calls/rung", message=str(message)).status_code == 303
    assert sent(rosa, "calls/rung", visit=str(day.there)).status_code == 303
    call = database.all(select(CallMade.id).order_by(CallMade.id))[0]
    assert sent(rosa, "calls/rung", call=str(call)).status_code == 303

    assert roles_noted(database, "rang") == [Role.RECEPTIONIST] * 2
    assert roles_noted(database, "not-rung") == [Role.RECEPTIONIST]


def test_the_journal_says_in_which_role_rosa_received_somebody_at_the_station(
    rosa: FlaskClient, day: Day, database: Database
) -> None:
    sent(rosa, "office", office="station")

    assert sent(rosa, "reception", wanted="Bob").status_code == 200
    assert sent(rosa, f"reception/visits/{day.there}").status_code == 303
    assert roles_noted(database, "searched") == [Role.RECEPTIONIST]
    assert roles_noted(database, "checked_in") == [Role.RECEPTIONIST]


def test_the_journal_says_in_which_role_rosa_left_a_visit_as_it_is(
    rosa: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:10")
    sent(rosa, "office", office="station")
    late = {"appointment_id": day.there, "mark": Mark.DONE, "seen_version": 1, "said_at": EARLY, "sent_at": EARLY}
    late["person_id"] = database.one(select(Person.id).where(Person.name == "Rosa"))
    late["commune_id"] = database.one(select(Appointment.commune_id).where(Appointment.id == day.there))
    database.write(lambda session: add(session, LateMark(**late)) and None)

    assert sent(rosa, "late-marks", leave=str(day.there)).status_code == 303
    assert roles_noted(database, "left_as_is") == [Role.RECEPTIONIST]


def test_the_journal_says_in_which_role_dora_had_two_colleagues_asked_for(
    client: FlaskClient, day: Day, database: Database
) -> None:
    def rows(session: Session) -> None:
        station, hall = (
            session.get_one(Office, session.get_one(Appointment, one).office_id) for one in (day.there, day.here)
        )
        commune = session.get_one(Commune, hall.commune_id)
        them = {"name": "Dora", "email": "dora@mairie-nord.example"}
        dora = a_person(session, commune, **them, role=Role.ADMINISTRATOR, offices=[hall])
        as_agent = add(session, Membership(commune_id=commune.id, person_id=dora.id, role=Role.AGENT))
        own = {"commune_id": commune.id, "membership_id": as_agent.id}
        add(session, MembershipOffice(**own, office_id=station.id))

    database.write(rows)
    dora = signed_in(client, "dora")
    visit(client, f"{HERE}sign-in/code").submit(holding="code", code=code_for(at(MONDAY, "08:50")))

    for one in (day.here, day.there):
        assert sent(dora, f"visits/{one}/two-colleagues", wanted="y").status_code == 303

    said = select(JournalEntry.subject_id, JournalEntry.role).where(JournalEntry.act == "cautioned")
    assert database.all(said.order_by(JournalEntry.id)) == [
        (day.here, Role.ADMINISTRATOR),
        (day.there, Role.AGENT),
    ]


def test_the_journal_says_in_which_role_rosa_did_something_for_each_office(
    rosa: FlaskClient, day: Day, database: Database
) -> None:
    clocked = {day.here: Role.AGENT, day.there: Role.RECEPTIONIST}
    for one in clocked:
        assert sent(rosa, "visits/coming", coming=f"{one}:1").status_code == 303
        assert sent(rosa, "calls/rung", visit=str(one)).status_code == 303
        call = database.one(select(CallMade.id).where(CallMade.appointment_id == one))
        assert sent(rosa, "calls/rung", call=str(call)).status_code == 303
    done = select(JournalEntry.act, JournalEntry.subject_id, JournalEntry.role)
    acts = {(act, visit, role) for act, visit, role in database.all(done) if act in {"coming", "rang", "not-rung"}}

    assert acts == {(act, one, role) for act in ("coming", "rang", "not-rung") for one, role in clocked.items()}


def test_what_rosa_leaves_as_it_is_at_the_station_she_leaves_as_reception(
    rosa: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:10")
    assert sent(rosa, "visits/mark", mark=f"arrived:{day.there}:1").status_code == 303
    assert sent(rosa, "visits/mark", mark=f"back:{day.there}:2").status_code == 303
    assert sent(rosa, "late-marks/sent", mark=[f"arrived:{day.there}:1"], ago=["60"]).json == {"conflicts": 1}
    sent(rosa, "office", office="station")
    assert sent(rosa, "late-marks", leave=str(day.there)).status_code == 303
    left = select(JournalEntry.subject_id, JournalEntry.role).where(JournalEntry.act == "left_as_is")

    assert database.one(left) == (day.there, Role.RECEPTIONIST)


def test_at_the_station_rosa_looks_for_people_as_reception(rosa: FlaskClient, day: Day, database: Database) -> None:
    sent(rosa, "office", office="station")
    assert sent(rosa, "reception", wanted="Claes").status_code == 200
    roles = select(JournalEntry.role).where(JournalEntry.act == "searched")

    assert database.one(roles) == Role.RECEPTIONIST


def test_at_the_station_rosa_lets_somebody_go_first_as_reception(
    rosa: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY, "09:00")
    sent(rosa, "office", office="station")
    assert sent(rosa, f"reception/visits/{day.there}").status_code == 303
    ticket = database.one(select(Ticket))
    assert sent(rosa, "reception/step", step=f"priority:{ticket.id}:{ticket.version}").status_code == 303
    role = select(JournalEntry.role).where(JournalEntry.act == "prioritised")

    assert database.one(role) == Role.RECEPTIONIST


def test_a_caution_at_the_town_hall_is_an_act_of_an_agent(rosa: FlaskClient, day: Day, database: Database) -> None:
    def she_leads_the_station(session: Session) -> None:
        office = session.get_one(Appointment, day.there).office_id
        mine = select(Membership).where(Membership.role == Role.RECEPTIONIST)
        membership = session.scalars(mine).one()
        membership.role = Role.ADMINISTRATOR
        a_second_factor(session, session.get_one(Person, membership.person_id))
        session.add(MembershipOffice(commune_id=membership.commune_id, membership_id=membership.id, office_id=office))

    database.write(she_leads_the_station)
    assert sent(rosa, f"visits/{day.here}/two-colleagues", wanted="y").status_code == 303
    noted = select(JournalEntry.role).where(JournalEntry.act == "cautioned")

    assert database.one(noted) == Role.AGENT


def test_two_colleagues_are_asked_for_where_rosa_is_an_agent(rosa: FlaskClient, day: Day) -> None:
    assert "Recevoir à deux collègues" in visit(rosa, f"{HERE}visits/{day.here}").text
    assert "Recevoir à deux collègues" not in visit(rosa, f"{HERE}visits/{day.there}").text
    assert sent(rosa, f"visits/{day.there}/two-colleagues", wanted="y").status_code == 404


def test_rosa_gives_no_more_than_there_is_where_she_is_reception(
    rosa: FlaskClient, day: Day, database: Database
) -> None:
    page = visit(rosa, f"{HERE}visits/{day.later}/move?day=2027-01-04")
    assert "surnombre" not in page.text
    typed = dict(controls(page.form(holding="version"))) | {"start": number(at(MONDAY, "09:00")), "overbook": "1"}

    assert rosa.post(f"{HERE}visits/{day.later}/move", data=typed).status_code == 403
    assert database.one(select(Appointment.start).where(Appointment.id == day.later)) == ELEVEN


@pytest.mark.parametrize("page", ["", "/slip", "/move", "/cancel", "/correct", "/name", "/letter", "/contact"])
def test_a_visit_of_the_station_is_not_there_for_an_agent_of_the_town_hall(
    client: FlaskClient, day: Day, database: Database, page: str
) -> None:
    chloe = signed_in(client, "chloe")
    assert sent(chloe, "visits/mark", mark=f"done:{day.there}:1").status_code == 404
    address = f"{HERE}visits/{day.there}{page}"

    if page != "/contact":
        assert visit(chloe, address).status == 404
    assert chloe.post(address, data={"csrf_token": token(chloe)}).status_code in {404, 405}
    assert state_of(database, day.there) == AppointmentState.BOOKED
    assert database.count(JournalEntry, JournalEntry.subject == "appointment") == 0
