"""Samira books for others: she is written to as well, the agent reads her name, and nobody's limits are in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment, Commune, Message, Seat
from booking.models.messages import Recipient
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.letters import letter_for
from booking.usecases.trusted import trust
from tests.databases import Database
from tests.factories import PASSWORD, a_person
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit
from tests.web.booking import HOME, choosing, open_commune

SAMIRA = {"helper_name": "Samira Haddad", "helper_email": "samira@asbl.example", "helper_phone": ""}
YUSUF = {"name": "Yusuf Demir", "email": "", "phone": "", "language": "fr"}


def helping(client: FlaskClient, wall: str = "10:30", **typed: str | None) -> Page:
    """Samira books for Yusuf, who has neither mailbox nor telephone."""
    details = choosing(client, at(MONDAY, wall))
    return details.submit(holding="name", **{"for_other": "y", **SAMIRA, **YUSUF, **typed})


def test_somebody_without_any_contact_is_helped_to_an_appointment(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = helping(client)

    assert page.heading == "Votre rendez-vous est fixé."
    assert "samira@asbl.example" in page.text
    known = database.one(select(Appointment))
    assert (known.name, known.email, known.helper_name) == ("Yusuf Demir", None, "Samira Haddad")
    shown = visit(client, f"{HOME}/appointment")
    assert "Rendez-vous pris par Samira Haddad" in shown.text


def test_both_get_a_letter_of_their_own(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    helping(client, email="yusuf@example.org")
    sent = database.all(select(Message.id, Message.recipient).order_by(Message.id))
    assert [recipient for _, recipient in sent] == [Recipient.PERSON, Recipient.HELPER]

    def letters(session: Session) -> list[Any]:
        facts = {"base_url": "http://localhost", "secret": "s" * 32, "now": EARLY}
        return [letter_for(session, message_number=number, **facts) for number, _ in sent]

    to_yusuf, to_samira = database.write(letters)
    assert (to_yusuf.recipient, to_yusuf.addressee) == ("yusuf@example.org", "Yusuf Demir")
    assert (to_samira.recipient, to_samira.addressee) == ("samira@asbl.example", "Samira Haddad")
    assert to_samira.name == "Yusuf Demir"
    assert to_samira.manage_url == to_yusuf.manage_url


def test_both_are_told_of_a_cancellation_and_a_copy_counts_once(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    helping(client)
    for _ in range(3):
        page = visit(client, f"{HOME}/appointment").submit(holding="letters")
        assert page.status == 200
    assert visit(client, f"{HOME}/appointment").submit(holding="letters").status == 429
    visit(client, f"{HOME}/appointment/cancel").submit()

    told = database.all(select(Message.kind, Message.recipient).order_by(Message.id))
    assert told[-1] == ("cancellation", Recipient.HELPER)
    assert database.write(lambda session: problems(session, now=EARLY)) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"helper_name": ""}, "Écrivez un nom"),
        ({"helper_email": ""}, "Donnez une adresse e-mail ou un numéro de téléphone"),
        ({"helper_email": "samira@"}, "Écrivez une adresse e-mail comme"),
    ],
)
def test_whoever_ticks_it_says_who_they_are(
    client: FlaskClient, database: Database, typed: dict[str, str], sentence: str
) -> None:
    open_commune(database)
    page = helping(client, **typed)

    assert page.status == 422
    assert sentence in page.text
    filled = {one.attrib.get("name"): one.attrib.get("value") for one in page.tree.iter("input")}
    assert filled["name"] == "Yusuf Demir", "what was typed stays"


def test_unticked_nothing_of_the_helper_is_asked_or_kept(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    helping(client, for_other=None, email="yusuf@example.org")

    assert database.all(select(Appointment.helper_name, Appointment.helper_email)) == [(None, None)]


def test_samira_finds_it_again_with_her_own_address(client: FlaskClient, app: Flask, database: Database) -> None:
    open_commune(database)
    helping(client, email="yusuf@example.org")
    reference = database.one(select(Appointment.reference))
    for contact in ("Samira@asbl.example", "yusuf@example.org"):
        page = visit(app.test_client(), f"{HOME}/find").submit(
            holding="reference", reference=reference, contact=contact
        )
        assert page.heading == "Votre rendez-vous"


def several(client: FlaskClient, names: list[str], **typed: str) -> list[int]:
    """Samira books for several people, one after the other, in a commune that lets helpers have three."""
    walls = [f"{10 + place // 4}:{place % 4 * 15:02}" for place in range(len(names))]
    return [helping(client, wall, name=name, **typed).status for wall, name in zip(walls, names, strict=True)]


def test_a_helper_has_a_limit_of_their_own_that_trust_lifts(make_app: Callable[..., Flask], database: Database) -> None:
    place = open_commune(database, counters=2)
    client = make_app(appointments_per_helper=3, appointments_per_contact=1).test_client()
    assert several(client, ["Ali", "Bea", "Cem", "Dua"]) == [200, 200, 200, 409]

    def trusting(session: Session) -> int:
        known = {"email": "SAMIRA+maison@asbl.example", "phone": None, "note_": "ASBL Aide"}
        return trust(session, commune_id=place.commune.id, **known, actor=Actor(), now=EARLY)

    database.write(trusting)
    assert several(client, ["Eva", "Fay"], helper_email="samira@ASBL.example") == [200, 200]
    assert database.count(Appointment) >= 5


def test_one_person_has_one_appointment_for_a_service_whoever_helps(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    helping(client)
    page = helping(client, "11:30", name="DEMIR Yusuf", helper_email="samira+2@asbl.example")

    assert page.status == 409
    assert "déjà un rendez-vous à venir à ce nom" in page.text


def test_the_agent_reads_who_booked_it_and_how_to_reach_them(
    client: FlaskClient, app: Flask, database: Database
) -> None:
    open_commune(database)
    helping(client)
    number, desk = database.one(select(Appointment.id)), app.test_client()
    database.write(lambda session: a_person(session, session.scalars(select(Commune)).one()) and None)
    visit(desk, f"{HOME}/agent/sign-in").submit(
        holding="password", email="bilal@mairie-nord.example", password=PASSWORD
    )

    assert "pris par Samira Haddad" in visit(desk, f"{HOME}/agent/").text
    page = visit(desk, f"{HOME}/agent/visits/{number}")
    assert "Rendez-vous pris par Samira Haddad" in page.text
    form = next(form for form in page.tree.iter("form") if "/contact" in form.attrib["action"])
    typed = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    assert "samira@asbl.example" in Page(desk, desk.post(form.attrib["action"], data=typed)).text


def test_the_contact_of_the_helper_can_be_put_right_and_the_old_link_is_dead(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    helping(client)
    before = database.one(select(Appointment.nonce))
    page = visit(client, f"{HOME}/appointment/contact").submit(
        holding="email", helper_email="samira.haddad@asbl.example"
    )

    assert "Les coordonnées sont corrigées" in page.text
    known = database.one(select(Appointment))
    assert known.helper_email == "samira.haddad@asbl.example"
    assert known.nonce != before
    assert database.count(Seat) == 3


def test_when_the_time_is_lost_what_the_helper_typed_is_kept(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    open_commune(database)
    details = choosing(client)
    clock.forward(minutes=11)
    lost = details.submit(holding="name", for_other="y", **SAMIRA, **YUSUF)
    assert lost.status == 409

    page = lost.submit(holding="start", press=("start", str(int(at(MONDAY, "10:30").timestamp()) // 60)))

    filled = {one.attrib.get("name"): one.attrib for one in page.tree.iter("input")}
    assert filled["helper_name"]["value"] == "Samira Haddad"
    assert "checked" in filled["for_other"]
