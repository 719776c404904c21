"""Ana looks up what she needs: how to come, until when today, and what it costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models import ServiceFee
from booking.usecases.schedules import take_whole
from tests.databases import Database
from tests.factories import Working, a_closure, a_counter, a_service, a_session, a_working_commune, add, an_office
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, visit, words
from tests.web.booking import ANA, HALF_PAST_TEN, SERVICE, booking, number
from tests.web.counting import statements_of

COLLECTION = "/nl/gemeente-noord/services/collection"
ANNEX = Translated.of(fr="Antenne", nl="Wijkkantoor")
STREET = Translated.of(fr="Rue du Sud 2", nl="Zuidstraat 2")


def an_express_desk(session: Session, mode: ServiceMode = ServiceMode.WALK_IN, **columns: Any) -> Working:
    """A town hall by appointment, with a desk for collecting cards on Monday and Thursday; an annex that has none."""
    place = a_working_commune(session)
    texts = dict.fromkeys(
        ("link", "authority", "by_phone", "by_post"), Translated.of(fr="https://x.be", nl="https://x.be")
    )
    collection = a_service(session, place.commune, code="collection", mode=mode, **texts, **columns)
    desk = a_counter(session, place.office, label="A1", serves=[collection])
    hours = {"start": "08:30", "end": "12:30", "last_entry": at(MONDAY, "12:15").astimezone(place.office.zone).time()}
    a_session(session, place.office, [desk], weekdays=0b0001001, mode=Mode.WALK_IN, **hours)
    a_session(session, place.office, [desk], weekdays=0b0000001, start="13:30", end="16:00")
    annex = an_office(session, place.commune, code="annex", name=ANNEX, address=STREET)
    a_session(session, annex, [a_counter(session, annex, serves=[place.service])])
    return place


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def hours_of(page: Page) -> dict[str, list[str]]:
    """What the page tells of the next seven days, office by office."""
    found = {}
    for section in page.tree.iter("section"):
        if section.attrib.get("class") == "hours":
            rows = [row for row in section.iter("div") if row.attrib.get("class") == "hours__day"]
            found[words(section.find("h3"))] = [plain(words(row.find("dd"))) for row in rows]
    return found


def test_the_hours_of_a_service_without_appointment_are_its_own(client: FlaskClient, database: Database) -> None:
    place = database.write(an_express_desk)
    thursday = MONDAY + timedelta(days=3)
    database.write(lambda session: a_closure(session, place.commune, first_day=thursday, last_day=thursday))

    assert hours_of(visit(client, COLLECTION)) == {
        "Gemeentehuis": ["van 8.30 tot 12.30 uur (laatste ticket om 12.15 uur)", *["gesloten"] * 6]
    }


def test_every_other_page_says_how_one_may_come_in_the_hours_it_tells(client: FlaskClient, database: Database) -> None:
    database.write(an_express_desk)
    lost = visit(client, "/nl/gemeente-noord/nergens/te/vinden")
    hours = hours_of(lost)

    assert hours["Gemeentehuis"][0] == (
        "van 8 tot 8.30 uur op afspraak van 8.30 tot 12 uur met of zonder afspraak "
        "van 12 tot 12.30 uur zonder afspraak (laatste ticket om 12.15 uur) van 13.30 tot 16 uur op afspraak"
    )
    assert hours["Wijkkantoor"][0] == "van 8 tot 12 uur op afspraak"
    assert "Niet alles kan zonder afspraak" in lost.text


def test_a_service_by_appointment_tells_no_hours_of_other_desks(client: FlaskClient, database: Database) -> None:
    database.write(an_express_desk)
    hours = hours_of(visit(client, SERVICE))

    assert set(hours) == {"Maison communale", "Antenne"}
    assert {told for days in hours.values() for told in days} == {"de 8 h à 12 h sur rendez-vous", "fermé"}


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        ("08:00", "later vandaag open Noordplein 1 Vandaag: van 8.30 tot 12.30 uur (laatste ticket om 12.15 uur)"),
        ("12:15", "nu open Noordplein 1 Vandaag: van 8.30 tot 12.30 uur (laatste ticket om 12.15 uur)"),
        ("12:16", "voorbij voor vandaag Noordplein 1 De volgende keer: donderdag 7 januari, van 8.30 tot 12.30 uur"),
    ],
)
@pytest.mark.parametrize("mode", [ServiceMode.WALK_IN, ServiceMode.BOTH, ServiceMode.ONLINE])
def test_ana_is_told_whether_she_can_come_now(
    client: FlaskClient, database: Database, clock: Clock, mode: ServiceMode, wall: str, said: str
) -> None:
    database.write(an_express_desk, mode=mode)
    clock.now = at(MONDAY, wall)

    assert said in plain(visit(client, COLLECTION).text)


def test_on_a_day_without_the_desk_ana_is_told_the_next_one(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    place = database.write(an_express_desk)
    clock.now = at(MONDAY + timedelta(days=1), "09:00")
    assert "vandaag niet Noordplein 1 De volgende keer: donderdag 7 januari" in plain(visit(client, COLLECTION).text)

    def closing(session: Session) -> None:
        take_whole(session, commune_id=place.commune.id)
        a_closure(session, place.commune, first_day=MONDAY, last_day=MONDAY + timedelta(days=13))

    database.write(closing)
    assert "De komende zeven dagen is er hiervoor geen loket open zonder afspraak." in visit(client, COLLECTION).text


def test_what_another_authority_does_is_not_asked_of_the_commune(client: FlaskClient, database: Database) -> None:
    database.write(an_express_desk, mode=ServiceMode.ELSEWHERE)
    headings = [words(heading) for heading in visit(client, COLLECTION).tree.iter("h2")]

    assert "Een andere vraag, voor de gemeente?" in headings
    assert "Telefonisch, met de post of aan het loket" not in headings


@pytest.mark.engines("sqlite")
def test_pages_on_the_way_to_a_time_cost_few_statements_however_many_offices_there_are(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    place = database.write(an_express_desk)
    most = {"/": 2, SERVICE: 10, COLLECTION: 7, f"{SERVICE}/times": 8}  # each begins with BEGIN

    def more(session: Session) -> None:
        for place_number in range(4):
            office = an_office(session, place.commune, code=f"office-{place_number}")
            a_session(session, office, [a_counter(session, office, serves=[place.service])])

    database.write(more)
    for page in most:
        visit(client, page)

    assert {page: statements_of(app, client, page) for page in most} == most


def two_services(session: Session) -> None:
    place = a_working_commune(session)
    boats = Translated.of(fr="Inscription d’un bateau", nl="Inschrijving van een boot")
    a_service(session, place.commune, code="boats", name=boats, synonyms=Translated.of(nl="kajak\nzeilboot"))
    a_service(session, place.commune, code="boat-fees", name=Translated.of(fr="Taxe", nl="Boottaks"))


def cards(page: Page) -> list[str]:
    return [words(link) for link in page.tree.iter("a") if link.attrib.get("class") == "card__link"]


def test_a_search_shows_what_it_may_mean_in_one_list_with_the_likeliest_first(
    client: FlaskClient, database: Database
) -> None:
    database.write(two_services)
    searched = visit(client, "/nl/gemeente-noord/?q=Zeilboot%20inschrijven")

    assert cards(searched)[0] == "Inschrijving van een boot"
    assert cards(visit(client, "/fr/mairie-nord/?q=kajak")) == ["Inscription d’un bateau"]
    assert [words(heading) for heading in searched.tree.iter("h2")][0] == "Inschrijving van een boot"
    assert "kajak" not in searched.text


def test_a_search_that_finds_nothing_leads_on_to_topics_telephone_and_post(
    client: FlaskClient, database: Database
) -> None:
    database.write(two_services)
    searched = visit(client, "/nl/gemeente-noord/?q=vliegtuig")

    assert cards(searched) == []
    assert "Wij vinden geen formaliteit met deze woorden." in searched.text
    assert any("#group-" in link.attrib["href"] for link in searched.tree.iter("a"))
    assert "02 200 00 00" in plain(searched.text)


def fees(session: Session, place: Working, *lines: tuple[date, int]) -> None:
    own = {"commune_id": place.commune.id, "service_id": place.service.id, "note": Translated({})}
    add(session, *(ServiceFee(**own, valid_from=day, cents=cents) for day, cents in lines))


def test_a_fee_that_changes_is_told_before_a_time_is_chosen(client: FlaskClient, database: Database) -> None:
    place = database.write(a_working_commune)
    february, june = date(2027, 2, 1), date(2027, 6, 1)
    database.write(lambda session: fees(session, place, (date(2026, 1, 1), 2600), (february, 2700), (june, 2800)))
    said = plain(visit(client, SERVICE).text)

    assert "Tarif 26 € par personne À partir du 1er février 2027 : 27 € par personne" in said
    assert "28 €" not in said


def test_the_fee_for_two_persons_is_told_as_that_of_each(client: FlaskClient, database: Database) -> None:
    place = database.write(lambda session: a_working_commune(session, counters=2))
    database.write(lambda session: fees(session, place, (date(2026, 1, 1), 2600)))
    times = visit(client, f"{SERVICE}/times?persons=2")
    for_two = times.submit(holding="start", press=("start", number(HALF_PAST_TEN))).submit(holding="name", **ANA)
    alone = booking(client, name="Yusuf Demir")

    assert "Tarif : 26 € par personne" in plain(for_two.text)
    assert "Tarif : 26 €" in plain(alone.text)
    assert "par personne" not in alone.text
