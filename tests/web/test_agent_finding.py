"""Somebody is looked for while they are on the telephone: by a name that was heard, by their number, by reference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.text import folded
from booking.models import Appointment, JournalEntry
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_working_commune, an_appointment
from tests.moments import MONDAY, at
from tests.pages import Page, visit

HERE = "/fr/mairie-nord/agent/"
PEOPLE = ("Ann-Sofie Van den Broeck", "Youssef El Idrissi", "Niamh O’Brien", "Sekou", "Mohammed Janssens")


@pytest.fixture
def home(client: FlaskClient, database: Database) -> Working:
    """Five people who come today, an hour after one another; Sekou has left a number."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=2)
        for place, name in enumerate(PEOPLE):
            about = {"name": name, "name_search": folded(name), "phone": "+32470123456" if name == "Sekou" else None}
            start = at(MONDAY, "08:00") + timedelta(minutes=15 * place)
            an_appointment(session, home.counter, home.service, start=start, email=None, **about)
        a_person(session, home.commune)
        return home

    home: Working = database.write(rows)
    visit(client, f"{HERE}sign-in").submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    return home


def finding(client: FlaskClient, wanted: str) -> Page:
    return visit(client, f"{HERE}find").submit(holding="wanted", wanted=wanted)


def names(page: Page) -> list[str]:
    return [word for word in page.links() if word in PEOPLE]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("vandenbroek", PEOPLE[0]),
        ("Anne-Sofie van den Broek", PEOPLE[0]),
        ("idrisi youssef", PEOPLE[1]),
        ("elidrisi", PEOPLE[1]),
        ("obryen", PEOPLE[2]),
        ("sekuo", PEOPLE[3]),
        ("mohamed jansens", PEOPLE[4]),
    ],
)
def test_a_name_is_found_as_it_was_heard(client: FlaskClient, home: Working, heard: str, meant: str) -> None:
    page = finding(client, heard)

    assert names(page) == [meant]
    assert "Noms presque identiques" in page.text


def test_what_is_nearly_the_name_stands_below_the_name_itself(client: FlaskClient, home: Working) -> None:
    page = finding(client, "sekou")

    assert names(page) == ["Sekou"]
    assert "Noms presque identiques" not in page.text


@pytest.mark.parametrize("heard", ["broeckmann", "ann", "xyz", "%", "_", "'", "anna karenina"])
def test_nobody_else_is_taken_for_them(client: FlaskClient, home: Working, heard: str) -> None:
    assert set(names(finding(client, f"{heard}zz"))) == set()


@pytest.mark.parametrize(
    "written",
    [
        "0470 12 34 56",
        "0470/12.34.56",
        "0470-12-34-56",
        "+32 470 12 34 56",
        "0032470123456",
        "32470123456",
        "(0470)123456",
    ],
)
def test_a_number_is_found_however_it_is_written(
    client: FlaskClient, home: Working, database: Database, written: str
) -> None:
    page = finding(client, written)

    assert names(page) == ["Sekou"]
    assert page.response.request.full_path.rstrip("?") == f"{HERE}find"
    assert database.one(select(JournalEntry.fields).where(JournalEntry.act == "searched")) == "phone"


def test_the_number_of_whoever_booked_for_them_is_theirs_too(
    client: FlaskClient, home: Working, database: Database
) -> None:
    helped = {"start": at(MONDAY, "10:00"), "helper_name": "Els", "helper_phone": "+32470999999", "email": None}

    def rows(session: Session) -> None:
        name = {"name": PEOPLE[1], "name_search": folded(PEOPLE[1])}
        an_appointment(session, home.counter, home.service, **helped, **name)

    database.write(rows)
    assert names(finding(client, "0470 99 99 99")) == [PEOPLE[1]]


def test_the_nearest_visit_has_the_focus_and_opens_with_enter(client: FlaskClient, home: Working) -> None:
    page = finding(client, "idrissi")

    (begun,) = (one for one in page.tree.iter("a") if "autofocus" in one.attrib)
    assert visit(client, begun.attrib["href"]).heading == PEOPLE[1]


def test_today_comes_before_the_days_to_come_and_those_before_the_past(
    client: FlaskClient, home: Working, database: Database
) -> None:
    def rows(session: Session) -> None:
        for days in (-20, 3, -1, 0):
            about = {"name": "Sekou", "name_search": "sekou", "start": at(MONDAY + timedelta(days=days), "11:00")}
            an_appointment(session, home.counters[1], home.service, **about)

    database.write(rows)
    page = finding(client, "sekou")
    shown = [one.attrib["href"].rpartition("/")[2] for one in page.tree.iterfind(".//th/a")]
    days = dict(database.all(select(Appointment.id, Appointment.local_date)))
    assert [(days[int(one)] - MONDAY).days for one in shown] == [0, 0, 3, -1, -20]
