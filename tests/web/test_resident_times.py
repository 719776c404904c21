"""Ana chooses a day and a time: the first ones, what each day of the month holds, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.models import OpeningSession, Service
from tests.databases import Database
from tests.factories import Working, a_counter, a_session, a_working_commune, an_office
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit, words
from tests.web.booking import SERVICE, number, open_commune

TIMES = f"{SERVICE}/times"
TIMES_NL = "/nl/gemeente-noord/services/identity-card/times"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def with_class(page: Page, name: str) -> Iterator[Element]:
    return (one for one in page.tree.iter() if name in one.attrib.get("class", "").split())


def test_the_three_first_times_are_the_first_even_across_the_end_of_a_month(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    friday, monday = date(2027, 1, 29), date(2027, 2, 1)
    clock.now = at(friday, "09:20")

    def one_hour_on_friday(session: Session) -> None:
        place = a_working_commune(session)
        session.execute(update(OpeningSession).values(weekdays=0b0000001))
        a_session(session, place.office, [place.counter], weekdays=0b0010000, start="11:30", end="11:45")

    database.write(one_hour_on_friday)
    page = visit(client, TIMES)
    first = [button.attrib["value"] for button in with_class(page, "soonest__time")]

    assert first == [number(at(friday, "11:30")), number(at(monday, "08:00")), number(at(monday, "08:15"))]
    held = page.submit(holding="start", press=("start", first[2]))
    assert "lundi 1er février" in plain(held.text)


def test_a_later_month_does_not_call_its_own_times_the_first(client: FlaskClient, database: Database) -> None:
    open_commune(database)

    assert len([*with_class(visit(client, TIMES), "soonest__time")]) == 3
    assert [*with_class(visit(client, f"{TIMES}?month=2027-02"), "soonest__time")] == []


def test_a_day_says_whether_it_is_full_past_or_not_open_yet(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    clock.now = at(MONDAY + timedelta(days=3), "09:00")

    def twelve_days(session: Session) -> None:
        a_working_commune(session)
        session.execute(update(Service).values(horizon_days=12))

    database.write(twelve_days)
    page = visit(client, TIMES)
    days = {plain(words(day)) for day in with_class(page, "month__day")}

    assert {"6, plus de rendez-vous possible", "9, pas d’heure libre", "20, pas encore de rendez-vous possible"} <= days
    assert "Les rendez-vous se prennent jusqu’au mardi 19 janvier 2027." in plain(page.text)


def test_the_number_of_free_times_is_a_bar_for_the_eye_and_words_for_the_ear(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    tuesday = next(
        day for day in with_class(visit(client, TIMES), "month__day--free") if "mardi 5" in plain(words(day))
    )

    assert plain(words(tuesday)) == "5 mardi 5 janvier, 16 heures libres"


def test_times_are_written_as_they_are_spoken(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    shown = {
        address: [plain(words(one)) for one in with_class(visit(client, address), "time")]
        for address in (TIMES, TIMES_NL)
    }

    assert shown[TIMES][-4:] == ["11 h", "11 h 15", "11 h 30", "11 h 45"]
    assert shown[TIMES_NL][-4:] == ["11 uur", "11.15 uur", "11.30 uur", "11.45 uur"]


def test_the_calendar_says_where_it_is_and_leads_back_to_the_other_place(
    client: FlaskClient, database: Database
) -> None:
    place = open_commune(database)
    alone = visit(client, TIMES)
    assert "Maison communale, Place du Nord 1" in alone.text
    assert "Choisir une autre adresse" not in alone.links()

    def annex(session: Session) -> None:
        office = an_office(session, place.commune, code="annex", position=2)
        a_session(session, office, [a_counter(session, office, serves=[place.service])])

    database.write(annex)
    offices = visit(client, f"{TIMES}?office=annex&persons=3").follow("Choisir une autre adresse")
    assert offices.heading == "Où voulez-vous venir ?".replace(" ?", "\u202f?")
    assert all("persons=3" in link for link in offices.links().values() if "office=" in link)


def test_a_service_without_appointments_is_one_click_away_from_its_refusal(
    client: FlaskClient, database: Database
) -> None:
    place: Working = open_commune(database)
    walk_in = update(Service).where(Service.id == place.service.id).values(mode=ServiceMode.WALK_IN)
    database.write(lambda session: session.execute(walk_in) and None)
    refused = visit(client, TIMES)

    assert refused.status == 409
    assert refused.follow("Voir cette démarche").heading == "Carte d’identité"


def test_a_full_calendar_tells_the_hours_of_the_service(client: FlaskClient, database: Database) -> None:
    def over(session: Session) -> None:
        place = a_working_commune(session)
        place.opening.valid_until = MONDAY - timedelta(days=1)

    database.write(over)
    page = visit(client, TIMES)

    assert "02 200 00 00" in plain(page.text)
    assert "Tout ne se fait pas sans rendez-vous" not in plain(page.text)
