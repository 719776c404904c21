"""Bilal opens his day: visits, free and closed time, by the clock and by counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.database import db
from booking.models import Appointment, Closure, JournalEntry
from booking.models.opening import BlockReason
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.schedules import take_whole
from booking.web.patterns import Pattern
from tests.databases import Database
from tests.factories import (
    PASSWORD,
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_working_commune,
    add,
    an_appointment,
    an_office,
)
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit

AGENDA = "/fr/mairie-nord/agent/"
BILAL = "bilal@mairie-nord.example"


@dataclass(frozen=True)
class Day:
    home: Working
    ana: int
    yusuf: int


def a_monday(session: Session) -> Day:
    """Ana at nine and Yusuf at half past ten, at two counters open from eight to noon."""
    home = a_working_commune(session, counters=2)
    a_person(session, home.commune, email=BILAL)
    ana = an_appointment(session, home.counter, home.service, help_language="en", persons=2)
    later = {"start": at(MONDAY, "10:30"), "name": "Yusuf Demir", "name_search": "yusuf demir", "language": "nl"}
    yusuf = an_appointment(session, home.counters[1], home.service, **later)
    return Day(home, ana.id, yusuf.id)


@pytest.fixture
def day(database: Database) -> Day:
    return database.write(a_monday)


@pytest.fixture
def bilal(client: FlaskClient, day: Day) -> FlaskClient:
    sign_in(client)
    return client


def sign_in(client: FlaskClient, email: str = BILAL) -> Page:
    page = visit(client, "/fr/mairie-nord/agent/sign-in")
    return page.submit(holding="password", email=email, password=PASSWORD)


def test_the_day_shows_each_visit_with_what_the_counter_needs(bilal: FlaskClient) -> None:
    page = visit(bilal, AGENDA)

    assert page.heading.startswith("lundi 4\u00a0janvier 2027")
    for said in ("Ana Peeters", "Carte d’identité", "2\u00a0personnes", "FR + EN", "Yusuf Demir"):
        assert said in page.text


@pytest.mark.parametrize("name", ["{number} {0} {{name}}", '<b>Ana</b> & "Co"', "\ue000number\ue001", "%(name)s 100%"])
def test_a_name_stands_in_its_row_as_it_was_written(
    bilal: FlaskClient, day: Day, database: Database, name: str
) -> None:
    database.write(lambda session: session.execute(update(Appointment).values(name=name)) and None)

    page = visit(bilal, AGENDA)

    assert [said.text for said in page.tree.iter("bdi") if said.text == name] == [name, name]
    (row,) = (one for one in page.tree.iter("tr") if one.attrib.get("id") == f"visit-{day.yusuf}")
    assert [button.attrib["value"] for button in row.iter("button")] == [
        f"{mark}:{day.yusuf}:1" for mark in ("arrived", "done", "did_not_come")
    ]


def test_a_row_keeps_the_braces_of_its_own_text() -> None:
    row = Pattern(lambda number: Markup("<i>{name}</i> %s") % number, blanks=("number",))

    assert row.filled(number=3) == "<i>{name}</i> 3"


def test_contact_data_are_not_on_the_page_until_somebody_asks(bilal: FlaskClient, day: Day, database: Database) -> None:
    assert "ana@example.org" not in visit(bilal, AGENDA).text
    page = visit(bilal, f"{AGENDA}visits/{day.ana}")
    assert "ana@example.org" not in page.text
    looks = select(JournalEntry.subject_id, JournalEntry.fields).where(JournalEntry.act == "looked")
    assert database.all(looks) == []

    shown = ask(bilal, page)

    assert "ana@example.org" in shown.text
    assert database.all(looks) == [(day.ana, "email,phone")]


def ask(client: FlaskClient, page: Page) -> Page:
    (form,) = (form for form in page.tree.iter("form") if form.attrib["action"].endswith("/contact"))
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    return Page(client, client.post(form.attrib["action"], data=typed))


def test_free_and_closed_time_are_said_and_shown(bilal: FlaskClient, day: Day, database: Database) -> None:
    def an_afternoon(session: Session) -> None:
        a_session(session, day.home.office, day.home.counters[:1], start="13:30", end="16:00")
        take_whole(session, commune_id=day.home.commune.id)

    database.write(an_afternoon)
    page = visit(bilal, AGENDA)

    assert "guichet 2 8\u202fh–10\u202fh\u202f30" in page.text
    assert "12\u202fh–13\u202fh\u202f30 fermé" in page.text
    grid = visit(bilal, f"{AGENDA}?view=grid")
    assert [place for place in classes(grid, "day-grid__closed") if "in-1" in place] != []


def classes(page: Page, wanted: str) -> list[list[str]]:
    found = (element.attrib.get("class", "").split() for element in page.tree.iter())
    return [names for names in found if wanted in names]


def test_a_card_stands_at_its_time_and_is_as_high_as_its_length(bilal: FlaskClient) -> None:
    grid = visit(bilal, f"{AGENDA}?view=grid")

    ana, yusuf = classes(grid, "visit-card--expected")
    assert {"in-1", "at-12", "for-3"} <= set(ana)
    assert {"in-2", "at-30", "for-3"} <= set(yusuf)


def test_the_present_is_marked_today_and_on_no_other_day(client: FlaskClient, day: Day, clock: Clock) -> None:
    clock.now = at(MONDAY, "09:07")
    sign_in(client)

    assert ["day-grid__now", "at-13"] in classes(visit(client, f"{AGENDA}?view=grid"), "day-grid__now")
    assert classes(visit(client, f"{AGENDA}?view=grid&day=2027-01-05"), "day-grid__now") == []
    assert len(classes(visit(client, AGENDA), "row--now")) == 1


@pytest.mark.parametrize("typed", ["5/1/2027", "05.01.2027", "2027-01-05"])
def test_other_days_are_reached_by_their_date(bilal: FlaskClient, typed: str) -> None:
    page = visit(bilal, AGENDA).submit(holding="day", day=typed)

    assert page.heading.startswith("mardi 5\u00a0janvier 2027")
    assert "Ana Peeters" not in page.text


@pytest.mark.parametrize("typed", ["demain", "31/2/2027", "1/1/9999", "1/1/0001"])
def test_a_day_that_is_none_is_asked_again(bilal: FlaskClient, typed: str) -> None:
    page = visit(bilal, AGENDA).submit(holding="day", day=typed)

    assert page.status == 422
    assert page.heading.startswith("lundi 4\u00a0janvier 2027")


def test_the_list_can_be_narrowed_to_a_counter_or_a_service(bilal: FlaskClient, day: Day, database: Database) -> None:
    def a_passport(session: Session) -> int:
        name = Translated.of(fr="Passeport", nl="Paspoort")
        service = a_service(session, day.home.commune, code="passport", name=name)
        an_appointment(session, day.home.counter, service, start=at(MONDAY, "11:00"), name="Carla Rossi")
        return service.id

    passport = database.write(a_passport)
    one = visit(bilal, f"{AGENDA}?counter={day.home.counters[1].id}").text
    assert "Yusuf Demir" in one
    assert "Ana Peeters" not in one
    other = visit(bilal, f"{AGENDA}?service={passport}").text
    assert "Carla Rossi" in other
    assert "Ana Peeters" not in other
    assert "une autre visite" in visit(bilal, f"{AGENDA}?view=grid&service={passport}").text


def test_a_held_time_is_shown_without_anything_about_anybody(bilal: FlaskClient, day: Day, database: Database) -> None:
    def a_hold(session: Session, minutes: int, wall: str) -> None:
        until = EARLY + timedelta(minutes=minutes)
        start = at(MONDAY, wall)
        an_appointment(
            session, day.home.counter, day.home.service, start=start, state=AppointmentState.HELD, held_until=until
        )

    database.write(a_hold, 10, "11:00")
    database.write(a_hold, -1, "11:30")

    page = visit(bilal, AGENDA)
    assert page.text.count("pas encore fixée") == 1
    assert len(classes(page, "row--held")) == 1


def test_a_visit_kept_outside_the_hours_says_so(bilal: FlaskClient, day: Day, database: Database) -> None:
    def kept(session: Session) -> None:
        evening = at(MONDAY, "17:00")
        an_appointment(session, day.home.counter, day.home.service, start=evening, kept_outside_at=EARLY)

    database.write(kept)

    assert "hors plage d’ouverture" in visit(bilal, AGENDA).text
    assert len(classes(visit(bilal, f"{AGENDA}?view=grid"), "visit-card--outside")) == 1


def test_a_break_and_a_closure_are_told_with_their_reason(bilal: FlaskClient, day: Day, database: Database) -> None:
    def shut(session: Session) -> None:
        span = Span(at(MONDAY, "10:00"), at(MONDAY, "10:15"))
        own = {"commune_id": day.home.commune.id}
        add_blocks(session, **own, blocks=[Kept(day.home.counter.id, span, BlockReason.BREAK)], now=EARLY)
        reason = Translated.of(fr="Grève", nl="Staking")
        tuesday = MONDAY + timedelta(days=1)
        add(session, Closure(**own, office_id=day.home.office.id, first_day=tuesday, last_day=tuesday, reason=reason))
        take_whole(session, **own)

    database.write(shut)

    assert "pause" in visit(bilal, f"{AGENDA}?view=grid").text
    tuesday = visit(bilal, f"{AGENDA}?day=2027-01-05").text
    assert "Grève" in tuesday
    assert "Aucun guichet" in tuesday


def test_a_cancelled_visit_is_gone_from_the_day(bilal: FlaskClient, day: Day, database: Database) -> None:
    def cancelled(session: Session) -> None:
        later = {"start": at(MONDAY, "11:00"), "name": "Nadia Haddad"}
        an_appointment(session, day.home.counter, day.home.service, state=AppointmentState.CANCELLED, **later)

    database.write(cancelled)

    assert "Nadia Haddad" not in visit(bilal, AGENDA).text


def test_the_day_sheet_names_the_day_in_full_and_holds_no_contact(bilal: FlaskClient) -> None:
    page = visit(bilal, f"{AGENDA}sheet")

    assert page.heading.startswith("lundi 4\u00a0janvier 2027")
    assert "Ana Peeters" in page.text
    assert "ana@example.org" not in page.text


def test_a_page_that_keeps_itself_fresh_is_told_when_nothing_changed(
    bilal: FlaskClient, day: Day, database: Database, clock: Clock
) -> None:
    first = bilal.get(AGENDA, headers={"X-Fresh": "1"})
    tag = first.headers["ETag"]
    assert tag.startswith("W/")
    assert 'id="day"' in first.text

    def again() -> int:
        return bilal.get(AGENDA, headers={"X-Fresh": "1", "If-None-Match": tag}).status_code

    assert again() == 304
    database.write(
        lambda session: an_appointment(session, day.home.counter, day.home.service, start=at(MONDAY, "11:30")) and None
    )
    assert again() == 200


def test_the_present_moves_on_in_a_page_that_keeps_itself_fresh(bilal: FlaskClient, clock: Clock) -> None:
    tag = bilal.get(AGENDA, headers={"X-Fresh": "1"}).headers["ETag"]
    clock.forward(minutes=5)

    assert bilal.get(AGENDA, headers={"X-Fresh": "1", "If-None-Match": tag}).status_code == 200


def test_an_agent_of_one_office_sees_that_one_and_no_other(client: FlaskClient, day: Day, database: Database) -> None:
    def elsewhere(session: Session) -> int:
        antenna = an_office(session, day.home.commune, code="antenna", position=2)
        counter = a_counter(session, antenna, label="9", serves=[day.home.service])
        a_session(session, antenna, [counter])
        a_person(session, day.home.commune, email="chloe@mairie-nord.example", name="Chloé", offices=[antenna])
        return an_appointment(session, counter, day.home.service, name="Omar Said", name_search="omar said").id

    omar = database.write(elsewhere)
    sign_in(client, "chloe@mairie-nord.example")

    page = visit(client, AGENDA)
    assert "Omar Said" in page.text
    assert "Ana Peeters" not in page.text
    assert client.get(f"{AGENDA}visits/{omar}").status_code == 200
    assert client.get(f"{AGENDA}visits/{day.ana}").status_code == 404
    assert "Ana Peeters" not in visit(client, f"{AGENDA}find").submit(holding="wanted", wanted="peeters").text


def test_the_office_chosen_stays_chosen(bilal: FlaskClient, day: Day, database: Database) -> None:
    def antenna(session: Session) -> None:
        name = Translated.of(fr="Antenne", nl="Antenne-NL")
        an_office(session, day.home.commune, code="antenna", position=2, name=name)

    database.write(antenna)
    assert "Ana Peeters" in visit(bilal, AGENDA).text

    there = visit(bilal, f"{AGENDA}?day=2027-01-05").submit(holding="office", office="antenna")

    assert there.heading.startswith("mardi 5\u00a0janvier 2027")
    assert "Ana Peeters" not in visit(bilal, AGENDA).text


def test_somebody_of_another_commune_is_told_that_nothing_is_here(
    client: FlaskClient, day: Day, database: Database
) -> None:
    def emil(session: Session) -> None:
        other = a_working_commune(session, slug="moulin", email="e@moulin.example", postcodes=("1998",))
        a_person(session, other.commune, name="Emil Novak", email="emil@moulin.example")

    database.write(emil)
    page = sign_in(client, "emil@moulin.example")

    assert page.response.request.path == "/fr/moulin/agent/"
    for address in (AGENDA, f"{AGENDA}visits/{day.ana}", f"{AGENDA}find", f"{AGENDA}unmarked"):
        assert client.get(address).status_code == 404
    foreign, nobodys = (client.get(f"/fr/moulin/agent/visits/{number}") for number in (day.ana, 999999))
    assert foreign.text.replace(f"/{day.ana}", "/999999") == nobodys.text


def test_a_full_day_costs_as_many_statements_as_an_empty_one(
    app: Flask, bilal: FlaskClient, day: Day, database: Database
) -> None:
    addresses = (AGENDA, f"{AGENDA}?view=grid", f"{AGENDA}sheet")
    for address in addresses:
        visit(bilal, address)
    few = [statements_of(app, bilal, address) for address in addresses]

    def many(session: Session) -> None:
        for counter in day.home.counters:
            for number in range(48):
                start = at(MONDAY, "12:00") + timedelta(minutes=5 * number)
                an_appointment(session, counter, day.home.service, start=start, minutes=5)

    database.write(many)

    assert [statements_of(app, bilal, address) for address in addresses] == few


def statements_of(app: Flask, client: FlaskClient, address: str) -> int:
    with app.app_context():
        engine = db.engine
    with counted(engine) as said:
        assert client.get(address).status_code == 200
    return len(said)


@contextmanager
def counted(engine: object) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(conn, cursor, statement, *rest) -> None:  # type: ignore[no-untyped-def]
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)
