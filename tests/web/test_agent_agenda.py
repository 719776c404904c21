"""Bilal opens his day: visits, free and closed time, by the clock and by counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.models import Appointment, Closure, JournalEntry, Message
from booking.models.messages import MessageKind, MessageState
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
from tests.pages import Page, visit, without_token, words
from tests.web.counting import statements_of

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
        f"{mark}:{day.yusuf}:1" for mark in ("arrived", "done")
    ]


def test_a_row_keeps_the_braces_of_its_own_text() -> None:
    row = Pattern(lambda number: Markup("<i>{name}</i> %s") % number, blanks=("number",))

    assert row.filled(number=3) == "<i>{name}</i> 3"


def test_contact_data_are_not_on_the_page_until_somebody_asks(bilal: FlaskClient, day: Day, database: Database) -> None:
    assert "ana@example.org" not in visit(bilal, AGENDA).text
    page = visit(bilal, f"{AGENDA}visits/{day.ana}")
    assert "ana@example.org" not in page.text
    looks = select(JournalEntry.subject_id, JournalEntry.fields).where(JournalEntry.act == "looked")
    assert database.all(looks) == [(day.ana, "name")]

    shown = ask(bilal, page)

    assert "ana@example.org" in shown.text
    assert sorted(database.all(looks)) == [(day.ana, "email,phone"), (day.ana, "name")]


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

    assert "guichet 2, 8\u202fh–10\u202fh\u202f30" in page.text
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

    grid, by_time = visit(client, f"{AGENDA}?view=grid"), visit(client, AGENDA)
    assert ["day-grid__now", "at-13"] in classes(grid, "day-grid__now")
    assert len(classes(by_time, "row--now")) == 1
    for page in (grid, by_time):
        assert any(element.attrib.get("id") == "now" for element in page.tree.iter())
        assert "9\u202fh\u202f07" in [
            said.text[-6:] for said in page.tree.iter("span") if said.attrib.get("class") == "now-time"
        ]
    assert classes(visit(client, f"{AGENDA}?view=grid&day=2027-01-05"), "day-grid__now") == []


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
    field = next(one for one in page.tree.iter("input") if one.attrib.get("id") == "day-typed")
    assert (field.attrib["value"], field.attrib.get("aria-invalid")) == (typed, "true")


def test_a_day_without_its_year_is_the_nearest_one(bilal: FlaskClient) -> None:
    assert visit(bilal, f"{AGENDA}?day=28/12").heading.startswith("lundi 28\u00a0décembre 2026")
    assert visit(bilal, f"{AGENDA}?day=1.2").heading.startswith("lundi 1er\u00a0février 2027")


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
    grid = visit(bilal, f"{AGENDA}?view=grid")
    assert len(classes(grid, "visit-card--outside")) == 1
    assert "hors plage d’ouverture" in grid.text
    assert "12\u202fh–17\u202fh fermé" in grid.text


def test_whom_no_message_reached_is_known_in_the_grid_as_well(bilal: FlaskClient, day: Day, database: Database) -> None:
    def refused(session: Session) -> None:
        row = {"commune_id": day.home.commune.id, "kind": MessageKind.CONFIRMATION, "appointment_id": day.ana}
        row |= {"version": 1, "copy": 0, "state": MessageState.REFUSED, "created_at": EARLY, "due_at": EARLY}
        add(session, Message(**row, attempts=1))

    database.write(refused)

    (card,) = cards(visit(bilal, f"{AGENDA}?view=grid"), day.ana)
    assert "message refusé" in card


def cards(page: Page, number: int) -> list[str]:
    return [
        words(link) for link in page.tree.iter("a") if link.attrib.get("href", "").split("?")[0].endswith(f"/{number}")
    ]


def test_a_card_says_who_comes_for_what_and_how_it_stands(bilal: FlaskClient, day: Day) -> None:
    (card,) = cards(visit(bilal, f"{AGENDA}?view=grid"), day.ana)

    for said in ("Ana Peeters", "attendu", "9\u202fh", "FR + EN", "2\u00a0pers.", "Carte d’identité"):
        assert said in card


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
    assert "Pause\u00a0: guichet 1, 10\u202fh–10\u202fh\u202f15" in visit(bilal, AGENDA).text
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
    assert "Libre\u00a0: guichet 1, 8\u202fh–9\u202fh" in page.text
    assert "Uniquement" not in page.text


def test_a_day_sheet_says_what_it_leaves_out(bilal: FlaskClient, day: Day) -> None:
    narrowed = f"{AGENDA}sheet?counter={day.home.counters[1].id}&service={day.home.service.id}"
    page = visit(bilal, narrowed)

    assert "Uniquement\u00a0: guichet 2 et Carte d’identité" in page.text
    assert "Ana Peeters" not in page.text
    assert "Uniquement\u00a0: guichet 2 et Carte d’identité" in visit(bilal, f"{narrowed}&day=2027-01-06").text


def test_a_day_sheet_says_why_there_is_nothing_on_it(bilal: FlaskClient, day: Day, database: Database) -> None:
    def shut(session: Session) -> None:
        own = {"commune_id": day.home.commune.id}
        reason = Translated.of(fr="Grève", nl="Staking")
        add(session, Closure(**own, office_id=day.home.office.id, first_day=MONDAY, last_day=MONDAY, reason=reason))
        take_whole(session, **own)

    database.write(shut)

    assert "Fermé\u00a0: Grève" in visit(bilal, f"{AGENDA}sheet").text


def test_of_a_day_to_come_nothing_can_be_said_yet_and_of_one_gone_by_nothing_is_free(
    bilal: FlaskClient, day: Day, database: Database
) -> None:
    def around(session: Session) -> None:
        for days in (1, -3):
            start = at(MONDAY + timedelta(days=days), "09:00")
            an_appointment(session, day.home.counter, day.home.service, start=start)

    database.write(around)

    assert "Suivi" in visit(bilal, AGENDA).text
    tomorrow, friday = (visit(bilal, f"{AGENDA}?day={shown}").text for shown in ("2027-01-05", "2027-01-01"))
    assert "Suivi" not in tomorrow
    assert "Libre" in tomorrow
    assert "Suivi" in friday
    assert "Libre" not in friday


def test_the_way_back_from_a_visit_leads_to_the_view_it_was_opened_in(bilal: FlaskClient, day: Day) -> None:
    narrowed = f"{AGENDA}?day=2027-01-04&view=grid&counter={day.home.counter.id}"
    link = next(link for link in visit(bilal, narrowed).tree.iter("a") if f"visits/{day.ana}" in link.attrib["href"])

    back = visit(bilal, link.attrib["href"]).links()["Agenda du lundi 4\u00a0janvier 2027"]

    assert back.partition("#")[0] == narrowed


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

    asked = f"{AGENDA}?view=grid&day=2027-01-05"
    there = visit(bilal, f"{asked}&counter={day.home.counter.id}").submit(holding="office", office="antenna")

    assert there.heading.startswith("mardi 5\u00a0janvier 2027")
    assert there.response.request.full_path == asked, "a counter of the other office is none of this one's"
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
    assert without_token(foreign.text).replace(f"/visits/{day.ana}", "/visits/999999") == without_token(nobodys.text)


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


def test_bilal_prints_a_slip_for_whoever_stands_at_the_desk(bilal: FlaskClient, day: Day) -> None:
    slip = visit(bilal, f"{AGENDA}visits/{day.ana}").follow("Imprimer la fiche de rendez-vous")

    assert "Fiche de rendez-vous" in slip.text
    assert "Ana Peeters" in slip.text
    assert visit(bilal, f"{AGENDA}visits/{day.ana}/slip?paper=receipt").status == 200
