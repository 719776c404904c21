"""Ana says what she needs, before the time because it takes longer, and who comes along; and in no address."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.needs import Need, NeedTimes
from booking.models import Appointment, AppointmentLine, Commune, Counter, Service
from booking.usecases.check import problems
from booking.usecases.retention import KINDS
from tests.databases import Database
from tests.factories import PASSWORD, a_person, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit
from tests.web.booking import ANA, HALF_PAST_TEN, HOME, SERVICE, number, open_commune

SIGNS = NeedTimes.of({Need.SIGN_LANGUAGE: 15})


@pytest.fixture
def ana(client: FlaskClient, database: Database) -> FlaskClient:
    """Ana in front of a commune that gives a quarter of an hour more to sign language."""
    open_commune(database, need_minutes=SIGNS)
    return client


def saying(client: FlaskClient, *needs: str, query: str = "") -> Page:
    return visit(client, f"{SERVICE}/times{query}").submit(holding="needs", needs=needs)


def booked(client: FlaskClient, **typed: object) -> Page:
    details = visit(client, f"{SERVICE}/times").submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    return details.submit(holding="name", **{**ANA, **typed})


def test_the_visit_grows_before_its_time_is_chosen(ana: FlaskClient, database: Database) -> None:
    assert "15\u00a0minutes" in visit(ana, f"{SERVICE}/times").text
    page = saying(ana, "sign_language", query="?persons=1&view=list")

    assert page.response.request.full_path == f"{SERVICE}/times?persons=1&view=list", "the address says nothing of it"
    assert "30\u00a0minutes" in page.text
    booked(ana)
    known = database.one(select(Appointment))
    assert known.needs == {Need.SIGN_LANGUAGE}
    assert known.end - known.start == timedelta(minutes=30)
    assert database.write(lambda session: problems(session, now=EARLY)) == []


def test_the_next_wish_is_not_made_longer_by_what_was_needed_at_the_last(ana: FlaskClient) -> None:
    saying(ana, "sign_language")
    booked(ana)

    assert "30\u00a0minutes" not in visit(ana, f"{SERVICE}/times").text


def test_a_time_too_short_for_it_is_not_offered(ana: FlaskClient) -> None:
    def starts(page: Page) -> set[str]:
        return {one.attrib["value"] for one in page.tree.iter("button") if one.attrib.get("name") == "start"}

    last = number(at(MONDAY, "11:45"))
    day = "?day=2027-01-04"
    assert last in starts(visit(ana, f"{SERVICE}/times{day}"))
    assert last not in starts(saying(ana, "sign_language", query=day))


def test_a_need_is_taken_back_as_easily(ana: FlaskClient) -> None:
    saying(ana, "sign_language")

    assert "30\u00a0minutes" not in saying(ana).text


def test_what_is_said_on_the_form_makes_the_visit_longer_at_once(ana: FlaskClient, database: Database) -> None:
    page = booked(ana, needs=["low_counter", "sign_language"])

    assert page.heading == "Votre rendez-vous est fixé."
    assert "30\u00a0minutes" in page.text
    known = database.one(select(Appointment))
    assert known.needs == {Need.LOW_COUNTER, Need.SIGN_LANGUAGE}
    assert (known.start, known.end) == (HALF_PAST_TEN, HALF_PAST_TEN + timedelta(minutes=30))


def test_the_form_says_that_a_need_may_take_time_as_long_as_one_would(ana: FlaskClient) -> None:
    def form() -> Page:
        return visit(ana, f"{SERVICE}/times").submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    said = "S’il y a de la place, votre rendez-vous s’allonge"
    assert said in form().text
    saying(ana, "sign_language")
    assert said not in form().text, "it is as long already as any need makes it"


@pytest.fixture
def behind(ana: FlaskClient, database: Database) -> datetime:
    """Somebody has the quarter of an hour behind the time that Ana chooses."""
    start = HALF_PAST_TEN + timedelta(minutes=15)

    def taken(session: Session) -> None:
        counter, service = session.scalars(select(Counter)).one(), session.scalars(select(Service)).one()
        an_appointment(session, counter, service, start=start, name="Emil")

    database.write(taken)
    return start


def hers(database: Database) -> Appointment:
    """Ana’s appointment, not that of the quarter of an hour behind it."""
    known: Appointment = database.one(select(Appointment).where(Appointment.name == ANA["name"]))
    return known


@pytest.mark.usefixtures("behind")
def test_a_time_too_short_for_what_is_ticked_offers_those_that_are_long_enough(
    ana: FlaskClient, database: Database
) -> None:
    page = booked(ana, needs=["sign_language"], phone="0470 12 34 56")
    assert page.status == 409
    assert page.heading == "Cette heure est trop courte pour ce dont vous avez besoin"
    assert "30\u00a0minutes" in page.text
    assert "Ce que vous avez écrit est conservé." in page.text
    offered = [one.attrib["value"] for one in page.tree.iter("button") if one.attrib.get("name") == "start"]
    assert offered
    assert number(HALF_PAST_TEN) not in offered
    assert "10 h 30" not in [one.text for one in page.tree.iter("s")], "it is still hers"

    form = page.submit(holding="start", press=("start", offered[0]))
    assert ("phone", "0470 12 34 56") in controls(form.form(holding="name")), "nothing has to be typed again"
    form.submit(holding="name")
    known = hers(database)
    assert (number(known.start), known.end - known.start) == (offered[0], timedelta(minutes=30))
    assert known.needs == {Need.SIGN_LANGUAGE}


@pytest.mark.usefixtures("behind")
def test_the_time_may_be_kept_as_short_as_it_is_because_a_need_is_no_condition(
    ana: FlaskClient, database: Database
) -> None:
    page = booked(ana, needs=["sign_language"]).submit(holding="start", press=("as_it_is", "y"), elsewhere="/details")

    assert page.heading == "Votre rendez-vous est fixé."
    known = hers(database)
    assert (known.start, known.end) == (HALF_PAST_TEN, HALF_PAST_TEN + timedelta(minutes=15))
    assert known.needs == {Need.SIGN_LANGUAGE}


@pytest.mark.usefixtures("behind")
def test_a_time_kept_as_it_is_says_nothing_of_the_next_one(ana: FlaskClient, clock: Clock) -> None:
    short = booked(ana, needs=["sign_language"])
    clock.forward(minutes=11)
    lost = short.submit(holding="start", press=("as_it_is", "y"), elsewhere="/details")
    assert ("as_it_is", "y") not in controls(lost.form(holding="start"))

    again = {**dict(controls(lost.form(holding="start"))), "start": number(HALF_PAST_TEN), "as_it_is": "y"}
    page = Page(ana, ana.post(f"{HOME}/details/take", data=again))
    assert ("as_it_is", "y") not in controls(page.form(holding="name")), "a page from before says it still"


@pytest.mark.usefixtures("behind")
def test_a_time_that_is_too_short_is_told_in_the_other_language_too(ana: FlaskClient) -> None:
    page = booked(ana, needs=["sign_language"]).submit(holding="start", press=("switch_to", "nl"))

    assert page.heading == "Dit tijdstip is te kort voor wat u nodig hebt"
    assert "Dit tijdstip zo behouden" in page.text


def change(client: FlaskClient, *needs: str) -> Page:
    return visit(client, f"{HOME}/appointment/needs").submit(holding="needs", needs=needs)


def test_a_need_is_said_on_the_page_of_the_appointment_and_read_by_the_office(
    ana: FlaskClient, app: Flask, database: Database
) -> None:
    booked(ana)
    page = visit(ana, f"{HOME}/appointment").follow("Dire ce dont vous avez besoin sur place")
    page = page.submit(holding="needs", needs=["low_counter"])
    assert page.response.request.path == f"{HOME}/appointment"
    assert "Nous avons noté ce dont vous avez besoin." in page.text
    assert "Un guichet abaissé, pour un fauteuil roulant" in page.text

    desk, address = app.test_client(), f"{HOME}/agent/visits/{hers(database).id}"
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    assert "modifié le lundi 4" in visit(desk, address).text
    assert "guichet abaissé" in visit(desk, f"{HOME}/agent/").text
    assert "besoin de rien de particulier" in change(ana).text
    assert "plus rien" in visit(desk, address).text


def test_a_booked_visit_grows_on_its_own_page(ana: FlaskClient, database: Database) -> None:
    booked(ana)
    page = change(ana, "sign_language")

    assert "Votre rendez-vous dure maintenant 30\u00a0minutes." in page.text
    assert hers(database).end == HALF_PAST_TEN + timedelta(minutes=30)


def test_without_room_a_booked_visit_stays_and_another_time_is_chosen_with_what_is_needed(
    ana: FlaskClient, database: Database, behind: datetime
) -> None:
    booked(ana)
    page = change(ana, "sign_language")
    assert page.status == 409
    assert "Rien n’a encore changé." in page.text
    assert hers(database).needs is None

    times = page.submit(holding="needs", elsewhere="/needs/time")
    assert "30\u00a0minutes" in times.text
    assert number(at(MONDAY, "11:45")) not in times.text, "a quarter of an hour before the office closes"
    question = times.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))
    assert question.heading == "Est-ce bien cela ?".replace(" ?", "\u202f?")
    assert "Langue des signes" in question.text
    question.submit(holding="hold")
    known = hers(database)
    assert (known.start, known.end) == (at(MONDAY, "11:00"), at(MONDAY, "11:30"))
    assert known.needs == {Need.SIGN_LANGUAGE}


@pytest.mark.usefixtures("behind")
def test_a_booked_visit_may_stay_as_short_as_it_is(ana: FlaskClient, database: Database) -> None:
    booked(ana)
    change(ana, "sign_language").submit(holding="needs", press=("as_it_is", "y"))

    known = hers(database)
    assert (known.end, known.needs) == (HALF_PAST_TEN + timedelta(minutes=15), {Need.SIGN_LANGUAGE})


def test_needs_of_a_visit_that_is_over_or_cancelled_are_not_asked(ana: FlaskClient, clock: Clock) -> None:
    booked(ana)
    clock.now = HALF_PAST_TEN + timedelta(minutes=5)

    assert visit(ana, f"{HOME}/appointment/needs").response.request.path == f"{HOME}/appointment"


def test_the_form_remembers_and_a_lost_time_too(ana: FlaskClient, clock: Clock) -> None:
    saying(ana, "sign_language", "fetch_me")
    details = visit(ana, f"{SERVICE}/times").submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    def ticked(page: Page) -> set[str]:
        return {one.attrib["value"] for one in page.tree.iter("input") if "checked" in one.attrib} & set(Need)

    assert ticked(details) == {"sign_language", "fetch_me"}
    clock.forward(minutes=11)
    lost = details.submit(holding="name", **{**ANA, "needs": ["low_counter"]})
    again = lost.submit(holding="start", press=("start", number(HALF_PAST_TEN)))
    assert ticked(again) == {"low_counter"}


def test_the_office_reads_what_to_prepare(ana: FlaskClient, app: Flask, database: Database) -> None:
    booked(ana, needs=["low_counter"])
    numbered, desk = database.one(select(Appointment.id)), app.test_client()
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )

    for address in ("", "sheet", f"visits/{numbered}"):
        assert "guichet abaissé" in visit(desk, f"{HOME}/agent/{address}").text, address
    assert "Un guichet abaissé, pour un fauteuil roulant" in visit(ana, f"{HOME}/appointment").text


def test_a_need_goes_with_the_contact(ana: FlaskClient, database: Database) -> None:
    booked(ana, needs=["low_counter"])

    def forget(session: Session) -> int:
        return KINDS["contacts"](session, now=at(MONDAY + timedelta(days=31), "08:00"))

    assert database.write(forget) == 1
    assert database.all(select(Appointment.needs)) == [None]


def test_what_is_no_need_is_passed_over(ana: FlaskClient) -> None:
    page = visit(ana, f"{SERVICE}/times")
    typed = {one.attrib["name"]: one.attrib["value"] for one in page.form(holding="needs").iter("input")}

    assert ana.post(f"{SERVICE}/needs", data=typed | {"needs": "a pony"}).status_code == 303
    assert "15\u00a0minutes" in visit(ana, f"{SERVICE}/times").text


def family(client: FlaskClient, **typed: object) -> Page:
    details = visit(client, f"{SERVICE}/times?persons=3").submit(
        holding="start", press=("start", number(HALF_PAST_TEN))
    )
    return details.submit(holding="name", **{**ANA, **typed})


def test_the_names_of_the_others_are_asked_only_where_the_service_says_so(ana: FlaskClient, database: Database) -> None:
    def asked(persons: int) -> bool:
        details = visit(ana, f"{SERVICE}/times?persons={persons}").submit(
            holding="start", press=("start", number(HALF_PAST_TEN))
        )
        return any(one.attrib.get("name") == "others" for one in details.tree.iter("input"))

    assert not asked(3)
    database.write(lambda session: session.execute(update(Service).values(asks_names=True)) and None)
    assert asked(3)
    assert not asked(1), "whoever comes alone has nobody to name"


def test_the_others_are_named_to_the_agent_and_forgotten_with_the_name(
    ana: FlaskClient, app: Flask, database: Database
) -> None:
    database.write(lambda session: session.execute(update(Service).values(asks_names=True)) and None)
    assert family(ana, others="85.07.30-033 28").status == 422, "no national register number"
    family(ana, others="Lina et Omar Peeters")
    numbered, desk = database.one(select(Appointment.id)), app.test_client()
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )
    assert "Lina et Omar Peeters" in visit(desk, f"{HOME}/agent/visits/{numbered}").text
    assert "Lina et Omar Peeters" in visit(ana, f"{HOME}/appointment/data").text

    def forget(session: Session) -> int:
        return KINDS["names"](session, now=at(date(2028, 1, 5), "08:00"))

    assert database.write(forget) == 1
    assert database.all(select(AppointmentLine.names)) == [None]
