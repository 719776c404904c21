"""Waiting for an earlier appointment over the web: as a person without scripts would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.needs import Need, NeedTimes
from booking.core.references import link_token, short_token
from booking.core.waiting import OfferState, WaitingState
from booking.models import Appointment, Offer, OpeningSession, Service, WaitingEntry, WaitingLine, WaitingOffice
from booking.usecases.check import problems
from tests.conftest import SECRET
from tests.databases import Database
from tests.factories import Working, a_counter, a_session, an_appointment, an_office
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit
from tests.usecases.waiting import (
    IN_A_MONTH,
    NINE,
    a_commune_with_a_list,
    a_freed_time,
    somebody_waits,
)
from tests.web.booking import HALF_PAST_TEN, HOME, SERVICE, booking, number

BILAL = {"name": "Bilal Amrani", "email": "bilal@example.org", "language": "fr"}


def open_list(database: Database, **choices: object) -> Working:
    place: Working = database.write(lambda session: a_commune_with_a_list(session, **choices))
    return place


def asks(client: FlaskClient, **typed: object) -> Page:
    """Bilal asks for a place without an appointment."""
    return visit(client, f"{SERVICE}/earlier").submit(holding="email", **{**BILAL, **typed})


def link_of(database: Database) -> str:
    nonce = database.one(select(WaitingEntry.nonce))
    return f"{HOME}/earlier/open/{link_token(SECRET, 'earlier', nonce)}"


def waits(client: FlaskClient, database: Database, **typed: object) -> Page:
    """Bilal asks, opens the link in the message and says yes."""
    asks(client, **typed)
    return visit(client, link_of(database)).submit()


def free(database: Database, place: Working, **choices: object) -> None:
    database.write(lambda session: a_freed_time(session, place, **choices) and None)


@pytest.mark.parametrize(("weeks", "is_shown"), [(1, False), (3, True)])
def test_whoever_finds_nothing_for_weeks_is_shown_the_list_beside_the_first_times(
    client: FlaskClient, database: Database, weeks: int, is_shown: bool
) -> None:
    open_list(database)
    opens = MONDAY + timedelta(weeks=weeks)
    database.write(lambda session: session.execute(update(OpeningSession).values(valid_from=opens)) and None)

    page = visit(client, f"{SERVICE}/times")

    assert page.text.count("Prévenez-moi si une heure se libère plus tôt") == is_shown


def test_a_place_without_an_appointment_is_asked_for_and_proved_by_the_link(
    client: FlaskClient, database: Database
) -> None:
    open_list(database)
    page = asks(client)
    assert page.heading == "Consultez vos e-mails"
    assert "bilal@example.org" in page.text

    page = visit(client, link_of(database))
    assert page.response.request.path == f"{HOME}/earlier"
    assert database.one(select(WaitingEntry.state)) == WaitingState.UNPROVED
    page = page.submit()
    assert page.heading == "Vous êtes sur la liste"
    assert "Vous êtes en première position." in page.text
    assert database.one(select(WaitingEntry.state)) == WaitingState.LIVE


def test_who_only_asked_cannot_answer_for_the_address(client: FlaskClient, database: Database) -> None:
    open_list(database)
    page = asks(client)
    token = page.tree.find(".//input[@name='csrf_token']")
    sent = {"csrf_token": token.attrib["value"]} if token is not None else {}
    client.post(f"{HOME}/earlier/prove", data=sent)

    assert database.one(select(WaitingEntry.state)) == WaitingState.UNPROVED


def test_what_is_wished_is_kept_with_the_place(client: FlaskClient, database: Database) -> None:
    place = open_list(database)

    def branch(session: Session) -> int:
        office = an_office(session, place.commune, code="branch")
        a_session(session, office, [a_counter(session, office, serves=[place.service])], start="13:00", end="18:00")
        return office.id

    office_id = database.write(branch)
    asks(client, offices="branch", weekdays=["1", "3"], parts=["evening"], first="2027-01-11")

    entry = database.one(select(WaitingEntry))
    assert (entry.weekdays, entry.parts, entry.first_day) == (0b1010, 0b1000, MONDAY.replace(day=11))
    assert database.all(select(WaitingOffice.office_id)) == [office_id]


def test_nothing_is_wished_for_by_whoever_unticks_everything(client: FlaskClient, database: Database) -> None:
    open_list(database)
    page = asks(client, weekdays=None, email="")

    assert page.status == 422
    assert "Choisissez au moins un jour de la semaine." in page.text
    assert "Donnez une adresse e-mail\u00a0: nous vous écrivons dès qu’une heure plus proche se libère." in page.text
    assert database.count(WaitingEntry) == 0


def test_without_a_gateway_an_address_is_needed_or_a_call(client: FlaskClient, database: Database) -> None:
    open_list(database)
    page = visit(client, f"{SERVICE}/earlier")

    assert "Pas d’adresse e-mail ? Appelez-nous" in page.text
    assert page.tree.find(".//input[@name='phone']") is None


def test_with_a_gateway_the_place_is_proved_by_the_link_of_a_text_message(
    make_app: Callable[..., Flask], database: Database
) -> None:
    open_list(database)
    client = make_app(sms_url="https://sms.example/?to={to}&text={text}").test_client()
    assert asks(client, email="", phone="").status == 422
    page = asks(client, email="", phone="0470 12 34 56")
    assert page.heading == "Consultez vos SMS"
    assert "0470 12 34 56" in page.text.replace(" ", " ")

    token = link_of(database).rpartition("/")[2]
    assert visit(client, f"{HOME}/e/{short_token(token)[:-8]}").status == 404
    page = visit(client, f"{HOME}/e/{short_token(token)}").submit()
    assert page.response.request.path == f"{HOME}/earlier"
    entry = database.one(select(WaitingEntry))
    assert (entry.state, entry.email, entry.phone) == (WaitingState.LIVE, None, "+32470123456")


def test_an_appointment_with_only_a_telephone_waits_where_there_is_a_gateway(
    make_app: Callable[..., Flask], database: Database
) -> None:
    open_list(database)
    client = make_app(sms_url="https://sms.example/?to={to}&text={text}").test_client()
    booking(client, at(IN_A_MONTH, "10:30"), email="", phone="0470 12 34 56")
    page = visit(client, f"{HOME}/appointment/earlier")
    assert "0470 12 34 56" in page.text.replace(" ", " ")

    page.submit(holding="weekdays")
    assert database.one(select(WaitingEntry.state)) == WaitingState.LIVE


def test_without_the_list_the_page_says_so(client: FlaskClient, database: Database) -> None:
    open_list(database)
    database.write(lambda session: session.execute(update(Service).values(earlier_list=False)) and None)

    page = visit(client, f"{SERVICE}/earlier")
    assert page.status == 409
    assert page.heading == "Il n’y a pas de liste d’attente pour un rendez-vous plus proche ici."


def test_five_messages_to_strangers_are_enough_for_one_connection(client: FlaskClient, database: Database) -> None:
    open_list(database)
    for one in range(5):
        assert asks(client, email=f"p{one}@example.org").status == 200

    assert asks(client, email="p6@example.org").status == 429
    assert database.count(WaitingEntry) == 5


def test_the_kept_time_is_taken_with_one_press(client: FlaskClient, database: Database) -> None:
    place = open_list(database)
    waits(client, database)
    free(database, place)

    page = visit(client, f"{HOME}/earlier")
    assert page.heading == "Une heure plus proche pour vous"
    assert "Nous la gardons jusqu’à 10\u202fh." in page.text
    page = page.submit(holding="offer")
    assert page.heading == "Votre rendez-vous est fixé."
    found = select(Appointment.start, Appointment.name).where(Appointment.state == AppointmentState.BOOKED)
    assert database.one(found) == (NINE, "Bilal Amrani")
    assert visit(client, f"{HOME}/earlier").heading == "Vous avez votre rendez-vous"


def test_a_time_turned_down_goes_on_and_the_place_stays(client: FlaskClient, database: Database) -> None:
    place = open_list(database)
    waits(client, database)
    database.write(lambda session: somebody_waits(session, place, "Chloe") and None)
    free(database, place)

    client.post(f"{HOME}/earlier/decline", data=form_of(visit(client, f"{HOME}/earlier")))
    page = visit(client, f"{HOME}/earlier")
    assert "Vous gardez votre place sur la liste." in page.text
    assert page.heading == "Vous êtes sur la liste"
    assert sorted(database.all(select(Offer.state))) == [OfferState.DECLINED, OfferState.OPEN]


def form_of(page: Page) -> dict[str, str]:
    """What the form about the kept time sends."""
    return {
        one.attrib["name"]: one.attrib["value"]
        for one in page.form(holding="offer").iter("input")
        if one.attrib.get("name")
    }


def test_an_old_page_cannot_take_what_is_over(client: FlaskClient, database: Database, clock: Clock) -> None:
    place = open_list(database)
    waits(client, database)
    free(database, place)
    old = visit(client, f"{HOME}/earlier")
    clock.forward(hours=2)

    page = old.submit(holding="offer")
    assert page.status == 409
    assert "Nous ne retenons plus cette heure pour vous." in page.text
    assert page.heading == "Vous êtes sur la liste"


def test_leaving_the_list_erases_what_was_said(client: FlaskClient, database: Database) -> None:
    open_list(database)
    page = waits(client, database).submit()

    assert page.heading == "Vous avez quitté la liste"
    assert "Nous avons effacé ce que nous gardions sur vous pour la liste." in page.text
    entry = database.one(select(WaitingEntry))
    assert (entry.state, entry.name, entry.email) == (WaitingState.WITHDRAWN, None, None)


@pytest.mark.parametrize("token", ["0" * 64, "x"])
def test_a_link_that_was_made_up_opens_nothing(client: FlaskClient, database: Database, token: str) -> None:
    open_list(database)

    assert visit(client, f"{HOME}/earlier/open/{token}").status == 404


def test_with_an_appointment_one_press_puts_it_in_the_list(client: FlaskClient, database: Database) -> None:
    open_list(database)
    booking(client, at(IN_A_MONTH, "10:30"))
    page = visit(client, f"{HOME}/appointment").follow("Prévenez-moi si une heure se libère plus tôt")
    assert "votre rendez-vous actuel reste à vous" in page.text

    page = page.submit(holding="weekdays")
    assert page.response.request.path == f"{HOME}/appointment"
    assert "Vous êtes en première position." in page.text
    page = page.follow("Modifier ce qui vous convient").submit(holding="weekdays", weekdays=["0"])
    assert database.all(select(WaitingEntry.weekdays)) == [1]
    client.post(f"{HOME}/appointment/earlier/leave", data={"csrf_token": token_of(page)})
    assert "Votre rendez-vous n’a pas changé." in visit(client, f"{HOME}/appointment").text
    assert database.one(select(WaitingEntry.state)) == WaitingState.WITHDRAWN


def test_with_an_appointment_the_kept_time_stands_before_everything_else(
    client: FlaskClient, database: Database
) -> None:
    place = open_list(database)
    booking(client, at(IN_A_MONTH, "10:30"))
    visit(client, f"{HOME}/appointment/earlier").submit(holding="weekdays")
    free(database, place)

    page = visit(client, f"{HOME}/appointment")
    assert page.text.index("Prendre cette heure") < page.text.index("10\u202fh\u202f30")
    for _ in ("pressed", "pressed again"):
        assert "Votre rendez-vous est maintenant plus proche." in page.submit(holding="offer").text
    assert database.one(select(Appointment.sequence).where(Appointment.state == AppointmentState.BOOKED)) == 1


def token_of(page: Page) -> str:
    found = page.tree.find(".//input[@name='csrf_token']")
    assert found is not None
    return found.attrib["value"]


def test_a_full_month_shows_the_way_to_the_list(client: FlaskClient, database: Database) -> None:
    place = open_list(database)

    def fill(session: Session) -> None:
        session.execute(update(Service).values(horizon_days=1))
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            an_appointment(session, place.counter, place.service, start=at(day, "08:00"), minutes=240, email=None)

    database.write(fill)
    page = visit(client, f"{SERVICE}/times").follow("Prévenez-moi si une heure se libère plus tôt")
    assert page.response.request.path == f"{SERVICE}/earlier"


def test_what_is_needed_is_asked_remembered_and_shown_to_who_opened_the_link(
    client: FlaskClient, database: Database
) -> None:
    open_list(database, need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15}))
    visit(client, f"{SERVICE}/times").submit(holding="needs", needs=["sign_language"])
    page = visit(client, f"{SERVICE}/earlier")
    assert "30\u00a0minutes" in page.text
    assert ("needs", "sign_language") in controls(page.form(holding="email")), "nobody says it twice"

    asked = page.submit(holding="email", **{**BILAL, "needs": ["sign_language", "fetch_me"]})
    assert database.one(select(WaitingEntry.needs)) == {Need.SIGN_LANGUAGE, Need.FETCH_ME}
    assert "30\u00a0minutes" not in visit(client, f"{SERVICE}/earlier").text, "the next wish begins anew"
    assert "Langue des signes" not in asked.text, "whoever typed an address is not yet known to have it"
    assert "Langue des signes" in visit(client, link_of(database)).text
    left = visit(client, link_of(database)).submit().submit()
    assert "Langue des signes" not in left.text
    assert database.one(select(WaitingEntry.needs)) is None


def test_the_day_one_could_come_without_the_list_is_that_of_a_visit_as_long_as_it_is(
    client: FlaskClient, database: Database
) -> None:
    """All that is free on the first Monday is a quarter of an hour."""

    def nearly_full(session: Session) -> None:
        place = a_commune_with_a_list(session, need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15}))
        an_appointment(session, place.counter, place.service, start=at(MONDAY, "08:30"), minutes=195)

    database.write(nearly_full)
    asks(client)
    asks(client, email="emil@example.org", needs=["sign_language"])
    days = database.all(select(WaitingEntry.otherwise_on).order_by(WaitingEntry.id))
    assert days[0] == MONDAY < days[1]


def booked_meanwhile(client: FlaskClient, **typed: str) -> Page:
    """Bilal follows the link of his place in the list to a later time, and books it."""
    times = visit(client, f"{HOME}/earlier").follow("Prendre un rendez-vous en attendant")
    held = times.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))
    return held.submit(holding="name", **{**BILAL, "phone": "", **typed})


def test_who_waits_books_a_later_time_meanwhile_and_keeps_the_place_with_it(
    client: FlaskClient, database: Database
) -> None:
    place = open_list(database)
    waits(client, database)
    before = database.one(select(WaitingEntry.id, WaitingEntry.proved_at))
    assert booked_meanwhile(client).heading == "Votre rendez-vous est fixé."

    entry, visit_ = database.one(select(WaitingEntry)), database.one(select(Appointment))
    assert (entry.id, entry.proved_at) == tuple(before)
    assert (entry.state, entry.appointment_id, entry.email) == (WaitingState.LIVE, visit_.id, None)
    assert database.count(WaitingLine) == 0
    assert "Vous êtes en première position." in visit(client, f"{HOME}/appointment").text
    page = visit(client, f"{HOME}/earlier")
    assert "Prendre un rendez-vous en attendant" not in page.links()

    free(database, place, start=HALF_PAST_TEN)
    taken = visit(client, f"{HOME}/appointment").submit(holding="offer")
    assert "Votre rendez-vous est maintenant plus proche." in taken.text
    booked = (Appointment.state == AppointmentState.BOOKED, Appointment.name.is_not(None))
    assert database.all(select(Appointment.start).where(*booked)) == [HALF_PAST_TEN]


@pytest.mark.parametrize("typed", [{"email": "eve@example.org"}, {"email": "", "phone": "0470 12 34 56"}])
def test_who_books_with_another_contact_takes_no_place_along(
    client: FlaskClient, database: Database, typed: dict[str, str]
) -> None:
    open_list(database)
    waits(client, database)
    booked_meanwhile(client, **typed)

    assert database.all(select(WaitingEntry.appointment_id)) == [None]


def test_who_has_not_proved_the_place_takes_none_along(app: Flask, client: FlaskClient, database: Database) -> None:
    open_list(database)
    waits(client, database)
    booking(app.test_client(), name="Bilal Amrani", email="bilal@example.org")

    assert database.all(select(WaitingEntry.appointment_id)) == [None]


def test_while_a_time_is_kept_from_the_list_the_place_stays_without_an_appointment(
    client: FlaskClient, database: Database
) -> None:
    place = open_list(database)
    waits(client, database)
    page = visit(client, f"{HOME}/earlier").follow("Prendre un rendez-vous en attendant")
    free(database, place)
    held = page.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))
    held.submit(holding="name", **BILAL, phone="")

    assert database.all(select(WaitingEntry.appointment_id)) == [None]
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_whoever_is_there_is_offered_no_earlier_appointment(client: FlaskClient, database: Database) -> None:
    open_list(database)
    booking(client, at(IN_A_MONTH, "10:30"))
    visit(client, f"{HOME}/appointment/earlier").submit(holding="weekdays")
    assert "Un rendez-vous plus proche" in visit(client, f"{HOME}/appointment").text.replace("\u00a0", " ")

    database.write(lambda session: session.execute(update(Appointment).values(arrived_at=EARLY)) and None)
    assert "Un rendez-vous plus proche" not in visit(client, f"{HOME}/appointment").text.replace("\u00a0", " ")
