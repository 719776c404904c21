"""Single visits in the browser: marking, finding, settling, and ringing whom no message reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.tickets import TicketState
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, JournalEntry, Message, Office
from booking.models.messages import MessageKind, MessageState
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_ticket, a_working_commune, add, an_appointment, an_office
from tests.lists import FOR_MY_CHILD
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.asking import asks

HERE = "/fr/mairie-nord/agent/"
BILAL = "bilal@mairie-nord.example"


@dataclass(frozen=True)
class Day:
    home: Working
    ana: int


@pytest.fixture
def day(database: Database) -> Day:
    def rows(session: Session) -> Day:
        home = a_working_commune(session)
        a_person(session, home.commune)
        return Day(home, an_appointment(session, home.counter, home.service, phone="+32470123456").id)

    return database.write(rows)


@pytest.fixture
def bilal(client: FlaskClient, day: Day) -> FlaskClient:
    visit(client, f"{HERE}sign-in").submit(holding="password", email=BILAL, password=PASSWORD)
    return client


def press(page: Page, mark: str, *, about: int) -> Page:
    """Press a mark of one visit on a page that lists several."""
    values = [one.attrib["value"] for one in page.tree.iter("button") if one.attrib.get("name") == "mark"]
    (value,) = (value for value in values if value.startswith(f"{mark}:{about}:"))
    form = next(form for form in page.tree.iter("form") if form.attrib["action"].endswith("/mark"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    return Page(
        page.client, page.client.post(form.attrib["action"], data=typed | {"mark": value}, follow_redirects=True)
    )


def state_of(database: Database, number: int) -> Any:
    return database.one(select(Appointment.state).where(Appointment.id == number))


def test_a_mark_is_one_press_and_comes_back_to_the_same_view(bilal: FlaskClient, day: Day, database: Database) -> None:
    address = f"{HERE}?counter={day.home.counter.id}"
    arrived = press(visit(bilal, address), "arrived", about=day.ana)
    assert arrived.response.request.full_path == address
    assert "arrivé" in arrived.text

    done = press(arrived, "done", about=day.ana)
    assert "terminé" in done.text
    assert state_of(database, day.ana) == AppointmentState.FULFILLED

    press(done, "back", about=day.ana)
    assert state_of(database, day.ana) == AppointmentState.BOOKED


def test_an_old_page_is_shown_what_is_true_now(bilal: FlaskClient, day: Day, database: Database) -> None:
    old = visit(bilal, HERE)
    press(visit(bilal, HERE), "done", about=day.ana)

    late = press(old, "arrived", about=day.ana)

    assert late.status == 409
    assert "a changé depuis" in late.text
    assert "terminé" in late.text
    assert state_of(database, day.ana) == AppointmentState.FULFILLED


def test_a_visit_of_tomorrow_has_no_marks_and_takes_none(bilal: FlaskClient, day: Day, database: Database) -> None:
    tomorrow = MONDAY + timedelta(days=1)

    def moved(session: Session) -> None:
        session.execute(update(Appointment).values(local_date=tomorrow))

    page = visit(bilal, HERE)
    database.write(moved)

    assert "visits/mark" not in visit(bilal, f"{HERE}visits/{day.ana}").response.text
    assert press(page, "done", about=day.ana).status == 409


@pytest.mark.parametrize(
    "sent", [None, "", "arrived", "eaten:1:1", "done:1:soon", "done:0:1", "done:-1:1", "done:1:1:1", f"done:{9**99}:1"]
)
def test_what_no_page_of_ours_sends_is_refused(bilal: FlaskClient, day: Day, sent: str | None) -> None:
    token = next(
        one.attrib["value"] for one in visit(bilal, HERE).tree.iter("input") if one.attrib.get("name") == "csrf_token"
    )

    answer = bilal.post(f"{HERE}visits/mark", data={"csrf_token": token} | ({"mark": sent} if sent else {}))

    assert answer.status_code == 400


def test_nobody_is_offered_as_missing_before_their_time(client: FlaskClient, day: Day, clock: Clock) -> None:
    clock.now = at(MONDAY, "08:59")
    agenda = visit(client, f"{HERE}sign-in").submit(holding="password", email=BILAL, password=PASSWORD)
    assert f"arrived:{day.ana}" in agenda.response.text
    assert f"did_not_come:{day.ana}" not in agenda.response.text

    clock.now = at(MONDAY, "09:00")

    assert f"did_not_come:{day.ana}" in visit(client, HERE).response.text


def test_a_page_left_open_overnight_is_told_that_nobody_arrives_any_more(
    client: FlaskClient, day: Day, clock: Clock
) -> None:
    clock.now = at(MONDAY, "23:50")
    late = visit(client, f"{HERE}sign-in").submit(holding="password", email=BILAL, password=PASSWORD)
    clock.forward(minutes=20)

    refused = press(late, "arrived", about=day.ana)

    assert refused.status == 409
    assert "Le jour de cette visite est passé." in refused.text


def test_a_contact_that_was_shown_is_left_for_the_same_visit_in_the_other_language(
    bilal: FlaskClient, day: Day, database: Database
) -> None:
    address = f"{HERE}visits/{day.ana}?view=grid"
    asked = visit(bilal, address)
    form = next(form for form in asked.tree.iter("form") if "/contact" in form.attrib["action"])
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    shown = Page(bilal, bilal.post(form.attrib["action"], data=typed))
    assert "ana@example.org" in shown.text

    dutch = visit(bilal, shown.links()["Nederlands"])

    assert (dutch.status, dutch.heading, dutch.language) == (200, "Ana Peeters", "nl")
    again = visit(bilal, form.attrib["action"])
    assert again.response.request.full_path == address
    assert "ana@example.org" not in again.text
    assert database.all(select(JournalEntry.fields)) == [("name"), ("email,phone")]


def test_a_refused_mark_is_left_for_the_same_visit_in_the_other_language(bilal: FlaskClient, day: Day) -> None:
    old = visit(bilal, HERE)
    press(visit(bilal, HERE), "done", about=day.ana)

    dutch = visit(bilal, press(old, "arrived", about=day.ana).links()["Nederlands"])

    assert (dutch.status, dutch.heading, dutch.language) == (200, "Ana Peeters", "nl")


def test_a_mark_without_the_token_of_its_form_is_refused(bilal: FlaskClient, day: Day, database: Database) -> None:
    answer = bilal.post(f"{HERE}visits/mark", data={"mark": f"done:{day.ana}:1"})

    assert answer.status_code == 400
    assert state_of(database, day.ana) == AppointmentState.BOOKED


def test_a_name_is_found_and_never_stands_in_an_address(bilal: FlaskClient, day: Day, database: Database) -> None:
    found = visit(bilal, f"{HERE}find").submit(holding="wanted", wanted="PEETERS ana")

    assert "1\u00a0visite" in found.text
    assert "Ana Peeters" in found.links()
    assert found.response.request.query_string == b""
    assert database.all(select(JournalEntry.act, JournalEntry.fields)) == [("searched", "name")]


@pytest.mark.parametrize("typed", ["", "a", " ", "x" * 101])
def test_a_search_for_next_to_nothing_is_asked_again(bilal: FlaskClient, typed: str) -> None:
    assert visit(bilal, f"{HERE}find").submit(holding="wanted", wanted=typed).status == 422


def test_a_name_that_is_not_there_is_said_so(bilal: FlaskClient) -> None:
    page = visit(bilal, f"{HERE}find").submit(holding="wanted", wanted="nobody here")

    assert page.status == 200
    assert "Nous ne trouvons ni ce nom" in page.text


def test_unmarked_visits_are_counted_until_somebody_settles_them(
    bilal: FlaskClient, day: Day, database: Database
) -> None:
    def yesterday(session: Session) -> int:
        start = at(MONDAY - timedelta(days=3), "10:00")
        return an_appointment(session, day.home.counter, day.home.service, start=start, name="Nadia Haddad").id

    nadia = database.write(yesterday)
    page = visit(bilal, f"{HERE}unmarked")
    assert "À clôturer 1" in page.text
    assert "Nadia Haddad" in page.text
    assert "Ana Peeters" not in page.text
    assert "attendu" in page.text, "what was said of it so far"
    marks = [one for one in page.tree.iter("button") if one.attrib.get("name") == "mark"]
    assert [one.attrib["value"].split(":")[0] for one in marks] == ["done", "did_not_come"], "nobody arrives any more"
    assert ["mark--next" in one.attrib["class"] for one in marks] == [True, False]

    settled = press(page, "did_not_come", about=nadia)

    assert "Nadia Haddad" not in settled.text
    assert "À clôturer 1" not in settled.text


@pytest.mark.parametrize("is_last", [False, True], ids=["another is in use", "none is in use"])
def test_what_took_place_in_an_office_that_is_closed_down_is_found_and_settled(
    bilal: FlaskClient, day: Day, database: Database, is_last: bool
) -> None:
    def closed_down(session: Session) -> None:
        yesterday = {"start": at(MONDAY - timedelta(days=3), "09:00"), "local_date": MONDAY - timedelta(days=3)}
        session.execute(update(Appointment).values(**yesterday))
        session.execute(update(Office).values(retired_at=EARLY))
        if not is_last:
            an_office(session, day.home.commune, code="station", name=Translated.of(fr="Gare", nl="Station"))

    database.write(closed_down)
    found = visit(bilal, f"{HERE}find").submit(holding="wanted", wanted="PEETERS ana")
    assert "1\u00a0visite" in found.text
    assert "Ana Peeters" in found.follow("Ana Peeters").text
    page = visit(bilal, f"{HERE}unmarked")
    assert "À clôturer 1" in page.text
    assert ("1, Maison communale" in page.text) is not is_last

    settled = press(page, "done", about=day.ana)

    assert "Ana Peeters" not in settled.text
    assert state_of(database, day.ana) == AppointmentState.FULFILLED


def test_an_agent_of_one_office_does_not_settle_for_another_that_is_closed_down(
    client: FlaskClient, database: Database
) -> None:
    def rows(session: Session) -> int:
        home = a_working_commune(session)
        a_person(session, home.commune, offices=[an_office(session, home.commune, code="station", position=2)])
        home.office.retired_at = EARLY
        yesterday = at(MONDAY - timedelta(days=3), "09:00")
        return an_appointment(session, home.counter, home.service, start=yesterday).id

    theirs = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email=BILAL, password=PASSWORD)

    assert "À clôturer 1" not in visit(client, f"{HERE}unmarked").text
    assert visit(client, f"{HERE}visits/{theirs}").status == 404


def test_whom_no_message_reached_is_listed_with_the_phone(bilal: FlaskClient, day: Day, database: Database) -> None:
    def refused(session: Session) -> None:
        row = {"commune_id": day.home.commune.id, "kind": MessageKind.CONFIRMATION, "appointment_id": day.ana}
        row |= {"version": 1, "copy": 0, "state": MessageState.REFUSED, "created_at": EARLY, "due_at": EARLY}
        add(session, Message(**row, attempts=1))

    database.write(refused)
    assert "message refusé" in visit(bilal, HERE).text

    page = visit(bilal, f"{HERE}calls")

    assert "0470\u00a012\u00a034\u00a056" in page.text
    assert database.all(select(JournalEntry.act, JournalEntry.subject_id, JournalEntry.fields)) == [
        ("looked", day.ana, "phone")
    ]


def test_whoever_was_rung_is_taken_off_the_list_by_a_button(bilal: FlaskClient, day: Day, database: Database) -> None:
    def to_ring(session: Session) -> None:
        ana = session.get_one(Appointment, day.ana)
        ana.email = None
        row = {"commune_id": day.home.commune.id, "kind": MessageKind.REMINDER_2, "appointment_id": day.ana}
        row |= {"version": 1, "copy": 0, "state": MessageState.TO_RING, "created_at": EARLY, "due_at": EARLY}
        add(session, Message(**row, attempts=1, of_start=ana.start))

    database.write(to_ring)
    page = visit(bilal, HERE)
    assert "Liste d’appels 1" in page.text
    page = page.follow("Liste d’appels 1")
    assert "rappeler le rendez-vous" in page.text

    message = database.one(select(Message.id))
    after = page.submit(holding="back", press=("message", str(message)))

    assert "C’est noté comme fait." in after.text
    assert "Personne à appeler." in after.text
    assert database.one(select(Message.state)) == MessageState.RUNG
    for wrong in ("0", "x", ""):
        assert page.submit(holding="back", press=("message", wrong)).status == 400
    assert page.submit(holding="back", press=("message", "999")).status == 404


def test_a_name_written_from_right_to_left_stays_in_its_place(bilal: FlaskClient, day: Day, database: Database) -> None:
    def omar(session: Session) -> None:
        an_appointment(session, day.home.counter, day.home.service, start=at(MONDAY, "10:00"), name="عمر <b>")

    database.write(omar)

    assert "<bdi>عمر &lt;b&gt;</bdi>" in visit(bilal, HERE).response.text


def test_the_agent_sees_what_was_asked_and_what_is_ready_in_the_language_of_the_desk(
    bilal: FlaskClient, day: Day, database: Database
) -> None:
    def prepared(session: Session) -> None:
        asks(session, day.home)
        line = session.scalars(select(AppointmentLine).where(AppointmentLine.appointment_id == day.ana)).one()
        line.checklist_version, line.answers, line.ticked = 1, FOR_MY_CHILD, ("card",)

    assert "Réponses" not in visit(bilal, f"{HERE}visits/{day.ana}").text
    database.write(prepared)

    page = visit(bilal, f"{HERE}visits/{day.ana}")
    assert "Prêt\u00a0: votre carte la carte du parent une photo" in page.text
    assert "Pour qui ? Pour mon enfant" in page.text
    assert "Voor mijn kind" in visit(bilal, f"/nl/gemeente-noord/agent/visits/{day.ana}").text


def test_a_visit_whose_papers_were_incomplete_says_so(bilal: FlaskClient, day: Day, database: Database) -> None:
    def rows(session: Session) -> None:
        visit_ = session.get_one(Appointment, day.ana)
        visit_.state, visit_.settled_at = AppointmentState.FULFILLED, EARLY
        own = {"appointment_id": day.ana, "state": TicketState.INCOMPLETE}
        a_ticket(session, day.home.office, day.home.service, **own)

    database.write(rows)

    assert "dossier incomplet" in visit(bilal, f"{HERE}visits/{day.ana}").text
    tags = visit(bilal, f"{HERE}sheet").tree.iter("span")
    assert "state state--incomplete" in [one.get("class") for one in tags]
