"""Times that open on Mondays at 8: what Ana sees until then, and what she cannot have by any address."""

from __future__ import annotations

from datetime import time, timedelta

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.models import OpeningSession, Service
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import MONDAY, Clock, at
from tests.pages import visit
from tests.web.booking import HOME, SERVICE, number

TIMES = f"{SERVICE}/times"
MONDAYS = {"release_weekday": 0, "release_time": time(8), "release_weeks": 1}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def open_on_mondays(database: Database, **hours: int) -> Working:
    """Times open on Mondays at 8, for a week."""

    def write(session: Session) -> Working:
        place = a_working_commune(session)
        session.execute(update(Service).values(**MONDAYS))
        if hours:
            session.execute(update(OpeningSession).values(**hours))
        return place

    place: Working = database.write(write)
    return place


def test_the_calendar_says_when_the_next_times_open(client: FlaskClient, database: Database, clock: Clock) -> None:
    clock.now = at(MONDAY + timedelta(days=4), "05:00")
    open_on_mondays(database)
    told = plain(visit(client, TIMES).text)

    assert "De nouvelles heures s'ouvrent chaque lundi à 8 h." in told
    assert "jusqu'au lundi 18 janvier inclus, s'ouvrent dans 3 jours et 3 heures : le lundi 11 janvier à 8 h." in told
    assert "Les rendez-vous se prennent jusqu'au lundi 11 janvier 2027." in told


def test_it_says_so_on_the_page_of_the_service_and_in_every_language(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY + timedelta(days=7), "07:30")
    open_on_mondays(database)

    dutch = plain(visit(client, "/nl/gemeente-noord/services/identity-card").text)
    assert "Elke maandag om 8 uur komen er tijdstippen bij." in dutch
    assert "komen er over 30 minuten bij: op maandag 11 januari om 8 uur." in dutch
    assert "in 30 Minuten" in plain(visit(client, "/de/mairie-nord/services/identity-card").text)
    assert "in 30 minutes" in plain(visit(client, "/en/mairie-nord/services/identity-card").text)


def test_where_nothing_is_free_it_is_said_as_well(client: FlaskClient, database: Database, clock: Clock) -> None:
    """Hours on Wednesdays only, and this week's are over."""
    clock.now = at(MONDAY + timedelta(days=3), "08:00")
    open_on_mondays(database, weekdays=0b0000100)
    told = plain(visit(client, TIMES).text)

    assert "Toutes les heures jusqu'au lundi 11 janvier 2027 sont prises." in told
    assert "Les prochaines s'ouvrent dans 4 jours : le lundi 11 janvier à 8 h." in told


def test_what_is_not_open_yet_is_held_by_nobody_before_its_moment(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_on_mondays(database)
    tuesday = number(at(MONDAY + timedelta(days=8), "09:00"))
    clock.now = at(MONDAY + timedelta(days=6), "10:00")
    page = visit(client, TIMES)
    typed = {"start": tuesday, "office": "town-hall", "persons": "1", "csrf_token": token_of(page)}
    refused = client.post(f"{SERVICE}/hold", data=typed)

    assert refused.status_code == 409
    assert "elles s’ouvrent le lundi 11 janvier 2027 à 8" in refused.text.replace("\u00a0", " ").replace("\u202f", " ")
    clock.now = at(MONDAY + timedelta(days=7), "08:00")
    held = client.post(f"{SERVICE}/hold", data=typed)
    assert (held.status_code, held.headers["Location"]) == (303, f"{HOME}/details")


def token_of(page: object) -> str:
    fields = page.tree.iter("input")  # type: ignore[attr-defined]
    return next(one.attrib["value"] for one in fields if one.attrib.get("name") == "csrf_token")


def test_where_the_horizon_is_nearer_nothing_is_said(client: FlaskClient, database: Database) -> None:
    def write(session: Session) -> None:
        a_working_commune(session)
        session.execute(update(Service).values(**MONDAYS | {"release_weeks": 20}))

    database.write(write)

    assert "s’ouvrent" not in visit(client, TIMES).text
