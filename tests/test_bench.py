"""What ``make bench`` compares is the same thing twice. How long anything takes is nowhere asserted."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from bench import archive, bare, bookings, effects, figures, offers, pages, possibilities
from bench.crowd import start_number
from bench.place import a_place, fill, two_offices
from bench.timing import Row
from booking.models import Appointment, DailyFigure, Message
from booking.models.messages import MessageKind
from tests.databases import Database, Databases
from tests.factories import PASSWORD
from tests.pages import visit

A_WEEK = 7


def test_the_floor_finds_the_times_that_residents_are_offered(database: Database) -> None:
    place = database.write(a_place)
    database.write(fill, place=place, days=A_WEEK)

    with Session(database.engine) as session:
        quarter, half, firsts = (pair.agree() for pair in offers.pairs(session, place))

    assert 0 < len(half) < len(quarter)
    assert firsts[:2] == [quarter[0], half[0]]


def test_what_a_closure_touches_is_what_the_floor_reads(database: Database) -> None:
    place = database.write(a_place)
    database.write(fill, place=place, days=A_WEEK)

    with Session(database.engine) as session:
        change = effects.closing(session, place, 300)
        touched = effects.previewing(session, place, change)().ids
        read = effects.selecting(session, place, change)()

    assert sorted(touched) == sorted({row[0] for row in read})
    assert len(touched) >= 300


def test_the_floor_finds_the_possibilities_that_residents_are_offered(database: Database) -> None:
    places = database.write(two_offices)
    for place in places:
        database.write(fill, place=place, days=A_WEEK)

    with Session(database.engine) as session:
        earliest, family = (pair.agree() for pair in possibilities.pairs(session, places))

    assert len(earliest) == 3
    assert family
    assert earliest[0] <= family[0]


def test_the_driver_writes_again_what_a_booking_writes(database: Database, databases: Databases) -> None:
    ours, copy = (databases.bare(database.engine.dialect.name, use) for use in ("ours", "copy"))
    for one in (ours, copy):
        one.create()
        place = one.write(a_place)

    bookings.measure(ours.engine, copy.engine, place, runs=3)

    assert bookings.written(copy.engine) == bookings.written(ours.engine)
    assert copy.count(Message, Message.kind == MessageKind.CONFIRMATION) == 4


def test_beside_the_visits_of_years_a_time_is_given_back_and_nothing_is_forgotten(
    database: Database, databases: Databases
) -> None:
    old, new = (databases.bare(database.engine.dialect.name, use) for use in ("old", "new"))
    for one in (old, new):
        one.create()
        place = one.write(a_place)

    rows = archive.measure(old.engine, new.engine, place, visits=50, runs=2)

    assert [row.most for row in rows] == [2, 2]
    assert (old.count(Appointment), new.count(Appointment)) == (50, 0)


def test_the_page_of_figures_is_that_of_as_many_appointments_as_it_says(
    database: Database, databases: Databases, tmp_path: Path
) -> None:
    many, old, new = (databases.bare(database.engine.dialect.name, use) for use in ("many", "old", "new"))
    for one in (many, old, new):
        one.create()
        place = one.write(a_place)

    url = make_url(many.url).render_as_string(hide_password=False)
    wish = {"appointments": 1_500, "runs": 1}
    page, again = figures.measure(many.engine, old.engine, new.engine, url, place, tmp_path, **wish)

    assert (page.most, again.most) == (1, 2)
    assert sum(sum(ways.values()) for ways in many.all(select(DailyFigure.ways))) >= 1_500
    assert old.all(select(DailyFigure.ways)) == new.all(select(DailyFigure.ways)) != []


@pytest.mark.parametrize("kind", pages.ADDRESSES)
def test_a_bare_page_shows_what_ours_shows_in_as_many_bytes(
    kind: str, database: Database, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = database.write(a_place)
    database.write(fill, place=place, days=A_WEEK)
    database.write(pages.agent_of, commune_id=place.commune_id)
    dora = database.write(pages.administrator_of, commune_id=place.commune_id)
    database.write(pages.hours_of_their_own, place=place)
    client = app.test_client()
    sign_in = visit(client, f"{pages.HOME}/agent/sign-in")
    sign_in.submit(holding="password", email="bilal@mairie-nord.example", password=PASSWORD)
    if kind == "hours":
        with client.session_transaction() as cookie:
            cookie["_user_id"] = dora
    ours = client.get(pages.ADDRESSES[kind]).get_data(as_text=True)
    facts = tmp_path / "facts.json"
    pages.facts_of(database.engine, database.url, place, kind, ([], ours.encode())).save(facts)
    monkeypatch.setenv("BARE_PAGE", str(facts))

    simple = bare.create_app()
    with closing(simple.extensions["connection"]):
        page, constant = (simple.test_client().get(one).get_data(as_text=True) for one in ("/page", "/constant"))

    assert abs(len(page) - len(ours)) < len(ours) / 10
    assert constant == page
    bars = r'<a class="(bar bar--[^"]+)"'
    for shown in (r'id="visit-\d+"', r'name="start" value="(\d+)"', r'/" hreflang="(?:fr|nl)">(\w+ \w+)<', bars):
        assert set(re.findall(shown, page)) == set(re.findall(shown, ours))


def test_no_two_of_eight_hundred_times_overlap() -> None:
    starts = sorted(start_number(number) for number in range(800))

    gaps = [after - before for before, after in zip(starts, starts[1:], strict=False)]

    assert min(gaps).total_seconds() >= 15 * 60


def test_a_row_says_whether_its_target_was_met() -> None:
    assert str(Row("listing", "9 ms", "5 ms", 1.8, most=2)).endswith("ok")
    assert str(Row("listing", "11 ms", "5 ms", 2.2, most=2)).endswith("MISSED")
    assert str(Row("page", "40/s", "100/s", 0.4, least=0.5)).endswith("MISSED")
