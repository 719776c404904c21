"""Ana says what she needs, before the time because it takes longer, and who comes along; and in no address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.needs import Need, NeedTimes
from booking.models import Appointment, AppointmentLine, Commune, Service
from booking.usecases.check import problems
from booking.usecases.retention import KINDS
from tests.databases import Database
from tests.factories import PASSWORD, a_person
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
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


def test_what_is_said_on_the_form_counts_and_takes_no_more_time(ana: FlaskClient, database: Database) -> None:
    booked(ana, needs=["low_counter", "sign_language"])

    known = database.one(select(Appointment))
    assert known.needs == {Need.LOW_COUNTER, Need.SIGN_LANGUAGE}
    assert known.end - known.start == timedelta(minutes=15)


def test_the_form_says_that_it_adds_no_time_and_leads_to_where_time_is_added(ana: FlaskClient) -> None:
    def form() -> Page:
        return visit(ana, f"{SERVICE}/times").submit(holding="start", press=("start", number(HALF_PAST_TEN)))

    page = form()
    assert "votre rendez-vous garde sa durée" in page.text
    assert page.follow("Choisir une autre heure").response.request.path == f"{SERVICE}/times"
    saying(ana, "sign_language")
    assert "votre rendez-vous garde sa durée" not in form().text, "it is as long already as any need makes it"


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
