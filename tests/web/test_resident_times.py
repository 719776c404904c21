"""Ana chooses a day and a time: the first ones, what each day of the month holds, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.translated import Translated
from booking.models import Appointment, Office, OpeningSession, Service
from tests.databases import Database
from tests.factories import Working, a_closure, a_counter, a_session, a_working_commune, an_appointment, an_office
from tests.moments import MONDAY, Clock, at
from tests.pages import Page, controls, visit, words
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

    assert {
        "6, plus de rendez-vous possible",
        "9, pas de rendez-vous",
        "20, pas encore de rendez-vous possible",
    } <= days
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


def an_annex(session: Session, place: Working, **opening: Any) -> Office:
    """A second office, which takes identity cards at one counter."""
    name = Translated.of(fr="Antenne", nl="Wijkkantoor")
    office = an_office(session, place.commune, code="annex", position=2, name=name)
    a_session(session, office, [a_counter(session, office, serves=[place.service])], **opening)
    return office


def two_offices(database: Database, **opening: Any) -> None:
    """The town hall is open from eight to twelve, the annex as it is said."""
    place = open_commune(database)
    database.write(lambda session: an_annex(session, place, **opening) and None)


def narrowed(page: Page, form: str = "narrowing__form", **chosen: str) -> Page:
    """What follows when something else is chosen in one of the forms above the calendar."""
    (above,) = with_class(page, form)
    return visit(page.client, TIMES, query_string={**dict(controls(above)), **chosen})


def soonest(page: Page) -> list[str]:
    return [plain(words(one)) for one in with_class(page, "soonest__time")]


def test_one_office_is_told_above_the_times_and_several_beside_each(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    alone = visit(client, TIMES)
    assert "Maison communale, Place du Nord 1" in alone.text
    assert [*with_class(alone, "day__office")] == []

    database.write(lambda session: an_annex(session, place, start="09:00", end="11:00") and None)
    both = visit(client, f"{TIMES}?day={MONDAY + timedelta(days=1)}")
    assert [words(one) for one in with_class(both, "day__office")] == ["Maison communale", "Antenne"]
    assert "Tram 7, arrêt Nord" in both.text


def test_the_first_three_possibilities_are_those_of_all_offices(client: FlaskClient, database: Database) -> None:
    two_offices(database, start="10:15", end="10:45")

    assert soonest(visit(client, TIMES)) == [
        "lundi 4 janvier 10 h Maison communale",
        "lundi 4 janvier 10 h 15 Maison communale",
        "lundi 4 janvier 10 h 15 Antenne",
    ]


def test_each_time_is_held_at_the_office_beside_which_it_stands(client: FlaskClient, database: Database) -> None:
    two_offices(database, start="10:00", end="18:00")
    page = visit(client, TIMES)
    at_five = number(at(MONDAY, "17:00"))

    assert "Antenne" in page.submit(holding="start", press=("start", at_five)).text


def test_a_place_is_chosen_only_where_there_are_several(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    alone = visit(client, TIMES)
    database.write(lambda session: an_annex(session, place) and None)

    assert "Choisir les jours et les heures" in alone.text
    assert "Choisir le lieu, les jours et les heures" in visit(client, TIMES).text


def test_the_times_are_narrowed_by_plain_choices_that_stay_chosen(client: FlaskClient, database: Database) -> None:
    two_offices(database, start="13:00", end="18:00")
    wednesday = narrowed(visit(client, TIMES), part="afternoon", weekday="2")

    assert soonest(wednesday)[0] == "mercredi 6 janvier 14 h Antenne"
    assert {plain(words(one))[:2] for one in with_class(wednesday, "month__day--free")} == {"6 ", "13", "20", "27"}
    assert {plain(words(one)) for one in with_class(wednesday, "day__part")} == {"l’après-midi"}
    again = narrowed(wednesday, office="town-hall", part="")
    assert soonest(again) == [f"mercredi 6 janvier {wall}" for wall in ("8 h", "8 h 15", "8 h 30")]


def test_what_no_office_ever_has_is_not_offered_as_a_choice(client: FlaskClient, database: Database) -> None:
    two_offices(database, start="13:00", end="16:00", weekdays=0b0000010)
    page = visit(client, TIMES)
    offered = {
        name: [one.attrib["value"] for one in page.tree.iter("input") if one.attrib.get("name") == name]
        for name in ("part", "weekday")
    }

    assert offered == {"part": ["", "morning", "midday", "afternoon"], "weekday": ["", "0", "1", "2", "3", "4"]}


def test_nothing_of_the_narrowing_is_lost_with_another_number_of_people(
    client: FlaskClient, database: Database
) -> None:
    two_offices(database, start="13:00", end="18:00")
    page = visit(client, f"{TIMES}?office=annex&part=midday&weekday=1&view=list")
    more = narrowed(page, "persons", persons="2")

    assert [plain(words(one)) for one in with_class(more, "day__title")][:2] == ["mardi 5 janvier", "mardi 12 janvier"]
    assert {plain(words(one)) for one in with_class(more, "time")} == {"13 h", "13 h 15", "13 h 30", "13 h 45"}


def test_a_preference_nobody_can_have_is_none(client: FlaskClient, database: Database) -> None:
    open_commune(database)

    for odd in ("part=night", "weekday=7", "weekday=x", "view=year", "from=never", "day=2027-13-01", "month=9999-99"):
        assert len(soonest(visit(client, f"{TIMES}?{odd}"))) == 3, odd


def test_hours_that_are_never_free_lead_back_to_those_that_are(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    monday = {"weekdays": 0b1, "start": "17:00", "end": "17:15", "valid_until": MONDAY}

    def one_evening_taken(session: Session) -> None:
        a_session(session, place.office, [place.counter], **monday)
        an_appointment(session, place.counter, place.service, start=at(MONDAY, "17:00"), minutes=15)

    database.write(one_evening_taken)
    page = visit(client, f"{TIMES}?part=evening")

    assert "Aucune heure n’est libre aux jours et aux heures que vous souhaitez." in plain(page.text)
    way = "Tous jours et heures confondus\u00a0: premier rendez-vous libre lundi 4\u00a0janvier à 10\u202fh"
    assert len(soonest(page.follow(way))) == 3


def test_an_office_that_is_full_says_which_one_is_free_earlier(client: FlaskClient, database: Database) -> None:
    two_offices(database, valid_from=MONDAY + timedelta(days=30))
    page = visit(client, f"{TIMES}?office=annex")

    earlier = "Plus tôt à une autre adresse\u00a0: Maison communale, lundi 4\u00a0janvier à 10\u202fh"
    assert soonest(page)[0].startswith("mercredi 3 février")
    assert soonest(page.follow(earlier))[0].startswith("lundi 4 janvier 10 h")


def test_a_full_month_leads_to_the_first_free_day(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    later = update(OpeningSession).values(valid_from=date(2027, 2, 9))
    database.write(lambda session: session.execute(later) and None)
    page = visit(client, f"{TIMES}?month=2027-01")

    assert "Il n’y a plus d’heure libre en janvier 2027." in plain(page.text)
    found = page.follow("Premier rendez-vous libre\u00a0: mardi 9\u00a0février à 8\u202fh")
    assert [words(one) for one in with_class(found, "day__title")] == []
    assert place.office.code in {
        form.attrib["id"].removeprefix("take-") for form in found.tree.iter("form") if "id" in form.attrib
    }


def test_a_day_without_times_says_why_and_which_is_next(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)

    def a_full_tuesday(session: Session) -> None:
        an_appointment(
            session, place.counter, place.service, start=at(MONDAY + timedelta(days=1), "08:00"), minutes=240
        )

    database.write(a_full_tuesday)
    full, shut = (visit(client, f"{TIMES}?day=2027-01-{day}") for day in ("05", "10"))

    assert "Toutes les heures de ce jour sont prises." in full.text
    assert "Il n’y a pas de rendez-vous ce jour-là." in shut.text
    next_one = full.follow("Prochain jour avec une heure libre\u00a0: mercredi 6\u00a0janvier")
    assert [plain(words(one)) for one in with_class(next_one, "time")][0] == "8 h"


def test_a_day_that_is_shut_says_why_in_the_words_of_the_commune(client: FlaskClient, database: Database) -> None:
    place = open_commune(database)
    tuesday = MONDAY + timedelta(days=1)
    reason = Translated.of(fr="Fermeture exceptionnelle (grève).", nl="Uitzonderlijke sluiting (staking).")
    strike = {"first_day": tuesday, "last_day": tuesday, "reason": reason}
    database.write(lambda session: a_closure(session, place.commune, **strike) and None)

    french, dutch = (visit(client, f"{address}?day={tuesday}") for address in (TIMES, TIMES_NL))

    assert "Il n’y a pas de rendez-vous ce jour-là. Fermeture exceptionnelle (grève)." in french.text
    assert "Uitzonderlijke sluiting (staking)." in dutch.text
    assert "staking" not in visit(client, f"{TIMES_NL}?day=2027-01-06").text


def test_the_list_goes_on_by_days_and_back_to_its_beginning(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = visit(client, TIMES).follow("Liste")
    titles = [plain(words(one)) for one in with_class(page, "day__title")]
    assert (titles[0], titles[-1], len(titles)) == ("lundi 4 janvier", "mardi 12 janvier", 7)
    assert [plain(words(one)) for one in with_class(page, "day__number")][1] == "16 heures libres"

    more = page.follow("Jours suivants")
    assert plain(words(next(with_class(more, "day__title")))) == "mercredi 13 janvier"
    assert soonest(more) == []
    assert soonest(more.follow("Premiers jours")) == soonest(page)
    whole = page.follow("Toutes les heures du mardi 5\u00a0janvier")
    assert len([*with_class(whole, "time")]) == 16


def test_an_old_link_to_the_choice_of_an_office_leads_to_the_times(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    answer = client.get(f"{SERVICE}/office?persons=3&_external=1")

    assert answer.status_code == 301
    assert answer.location == f"{TIMES}?persons=3&_external=1"


def test_the_time_that_is_held_stays_in_sight_and_is_moved_by_another(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    visit(client, TIMES).submit(holding="start", press=("start", number(at(MONDAY, "10:30"))))
    clock.forward(minutes=2)
    page = visit(client, TIMES_NL)
    assert "Wij houden voor u vrij: maandag 4 januari om 10.30 uur" in plain(page.text)
    assert "Wij houden dit tijdstip 8 minuten voor u vrij." in plain(page.text)
    assert page.follow("Verder met dit tijdstip").heading == "Voor wie is de afspraak?"

    page.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))
    assert database.count(Appointment) == 1
    moved = visit(client, TIMES)
    assert "Heure retenue pour vous : lundi 4 janvier à 11 h" in plain(moved.text)
    clock.forward(minutes=11)
    assert "Heure retenue" not in visit(client, TIMES).text


def test_a_time_given_back_from_the_calendar_is_free_again(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    visit(client, TIMES).submit(holding="start", press=("start", number(at(MONDAY, "10:30"))))
    (form,) = [
        one for one in visit(client, TIMES).tree.iter("form") if one.attrib.get("action", "").endswith("give-back")
    ]
    answer = client.post(form.attrib["action"], data=dict(controls(form)), follow_redirects=True)

    assert "Vous avez libéré l’heure" in answer.get_data(as_text=True)
    assert database.count(Appointment) == 0


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
