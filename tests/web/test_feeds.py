"""Calendars to subscribe to: what is in them, what never is, and who opens and closes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Counter, JournalEntry, Office, Service
from booking.web.feeds import AT_MOST, WITHIN
from tests.databases import Database
from tests.factories import Working, a_ticket, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.web.administrators import Desk, at_a_desk
from tests.words.libical import is_legal

KEY, COUNTER_KEY = "a" * 32, "b" * 32


@pytest.fixture
def home(database: Database) -> Working:
    """Ana is here and has A 027; Yusuf comes at ten to the other counter; the rest is in no feed."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=2)
        home.office.feed_key, home.counters[1].feed_key = KEY, COUNTER_KEY
        ana = an_appointment(session, home.counter, home.service, email="ana@example.org", phone="+32470123456")
        a_ticket(session, home.office, home.service, number=27, appointment_id=ana.id)
        booked(session, home, at(MONDAY, "10:00"), name="Yusuf Demir")
        booked(session, home, at(MONDAY, "11:00"), state=AppointmentState.CANCELLED)
        booked(session, home, at(MONDAY, "12:00"), state=AppointmentState.HELD)
        booked(session, home, at(MONDAY - timedelta(days=3), "10:00"))
        booked(session, home, at(MONDAY + timedelta(days=15), "10:00"))
        return home

    return database.write(rows)


def booked(session: Session, home: Working, start: Any, **columns: Any) -> None:
    an_appointment(session, home.counters[1], home.service, start=start, **columns)


def events(content: bytes) -> list[Event]:
    return Calendar.from_ical(content).walk("VEVENT")


def told(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(content)]


def test_a_feed_says_numbers_or_times_and_services_in_both_languages(client: FlaskClient, home: Working) -> None:
    answer = client.get(f"/feed/{KEY}.ics")

    assert answer.mimetype == "text/calendar"
    assert is_legal(answer.data)
    calendar = Calendar.from_ical(answer.data)
    assert "METHOD" not in calendar
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M" in answer.data
    assert told(answer.data) == [
        "A\u00a0027 · Carte d’identité / Identiteitskaart",
        "10\u202fh · Carte d’identité / Identiteitskaart",
    ]
    first, second = events(answer.data)
    assert first.start == at(MONDAY, "09:00")
    assert [str(one["LOCATION"]) for one in (first, second)] == ["guichet 1 / loket 1", "guichet 2 / loket 2"]


def test_a_feed_names_nobody_and_nobody_is_reached_by_it(client: FlaskClient, home: Working) -> None:
    content = client.get(f"/feed/{KEY}.ics").data.decode()

    for secret in ("Ana", "Peeters", "Yusuf", "example.org", "470", "ATTENDEE", "ORGANIZER", "DESCRIPTION"):
        assert secret not in content


def test_a_counter_has_a_feed_of_its_own(client: FlaskClient, home: Working) -> None:
    content = client.get(f"/feed/{COUNTER_KEY}.ics").data

    assert told(content) == ["10\u202fh · Carte d’identité / Identiteitskaart"]
    assert str(Calendar.from_ical(content)["NAME"]).endswith(" · guichet 2 / loket 2")


def test_a_delicate_service_is_not_named(client: FlaskClient, home: Working, database: Database) -> None:
    database.write(lambda session: session.execute(update(Service).values(is_sensitive=True)) and None)

    assert told(client.get(f"/feed/{KEY}.ics").data)[0] == "A\u00a0027 · Rendez-vous / Afspraak"


def test_a_calendar_that_looks_again_is_told_cheaply_that_nothing_changed(
    client: FlaskClient, home: Working, database: Database
) -> None:
    first = client.get(f"/feed/{KEY}.ics")
    assert client.get(f"/feed/{KEY}.ics").data == first.data
    known = {"If-None-Match": first.headers["ETag"]}

    again = client.get(f"/feed/{KEY}.ics", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]

    database.write(lambda session: booked(session, home, at(MONDAY, "15:00")))
    assert client.get(f"/feed/{KEY}.ics", headers=known).status_code == 200


@pytest.mark.parametrize("key", ["c" * 32, "None", "", "a" * 31])
def test_a_key_that_opens_nothing_is_not_found(client: FlaskClient, home: Working, key: str) -> None:
    assert client.get(f"/feed/{key}.ics").status_code == 404


def test_where_nobody_sits_any_more_nothing_is_told(client: FlaskClient, home: Working, database: Database) -> None:
    def closed(session: Session) -> None:
        session.execute(update(Counter).values(retired_at=EARLY))

    database.write(closed)
    assert client.get(f"/feed/{COUNTER_KEY}.ics").status_code == 404
    assert client.get(f"/feed/{KEY}.ics").status_code == 200
    database.write(lambda session: session.execute(update(Office).values(retired_at=EARLY)) and None)
    assert client.get(f"/feed/{KEY}.ics").status_code == 404


@pytest.mark.engines("sqlite")
def test_who_asks_too_often_is_told_when_to_come_back(client: FlaskClient, home: Working, clock: Clock) -> None:
    for key in (KEY, "c" * 32):
        asked = [client.get(f"/feed/{key}.ics").status_code for _ in range(AT_MOST)]
        assert 429 not in asked
        refused = client.get(f"/feed/{key}.ics")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")

    assert client.get(f"/feed/{COUNTER_KEY}.ics").status_code == 200
    clock.now += WITHIN
    assert client.get(f"/feed/{KEY}.ics").status_code == 200


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def test_an_address_is_made_made_anew_and_closed(dora: Desk, database: Database) -> None:
    page = dora.open("/counters").follow("Abonnements au calendrier – Maison communale")
    assert "pas d’adresse" in page.text

    made = page.submit(holding="give", press=("give", "0"))
    first = database.one(select(Office.feed_key))
    assert f"/feed/{first}.ics" in made.text
    assert dora.client.get(f"/feed/{first}.ics").status_code == 200

    renewed = made.submit(holding="give", press=("give", "0"))
    second = database.one(select(Office.feed_key))
    assert dora.client.get(f"/feed/{first}.ics").status_code == 404
    assert dora.client.get(f"/feed/{second}.ics").status_code == 200

    counter = str(dora.work.counter.id)
    renewed.submit(holding="give", press=("give", counter)).submit(holding="give", press=("take", "0"))
    assert database.one(select(Office.feed_key)) is None
    assert database.one(select(Counter.feed_key)) is not None
    fields = database.all(
        select(JournalEntry.subject).where(JournalEntry.fields == "feed_key").order_by(JournalEntry.id)
    )
    assert fields == ["office", "office", "counter", "office"]


def test_the_counter_of_another_commune_is_not_there(dora: Desk, database: Database) -> None:
    theirs = database.write(lambda session: a_working_commune(session, slug="sud"))

    page = dora.open("/offices/town-hall/calendars").submit(holding="give", press=("give", str(theirs.counter.id)))

    assert page.status == 404
    assert database.all(select(Counter.feed_key).where(Counter.id == theirs.counter.id)) == [None]
