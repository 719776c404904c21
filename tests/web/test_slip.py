"""Whoever has no e-mail takes home a slip: in French and in Dutch, with a code to be read at the door."""

from __future__ import annotations

import segno
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from booking.core.appointments import AppointmentState
from booking.core.needs import Need
from booking.models import Appointment, Service
from tests.databases import Database
from tests.pages import visit
from tests.web.booking import HOME, booking, open_commune

SLIP = f"{HOME}/appointment/slip"


def test_the_slip_says_everything_in_both_languages_and_the_clock_once(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    slip = visit(client, SLIP)
    reference = database.one(select(Appointment.reference))

    assert slip.text.count("10:30") == 1
    assert slip.text.index("maandag") < slip.text.index("lundi"), "hers comes first"
    assert "Afspraakbewijs" in slip.text
    assert "Ana Peeters" in slip.text
    assert segno.make(reference, micro=False, error="m").svg_inline(omitsize=True, border=2) in slip.response.text


def test_what_is_to_prepare_is_said_in_the_language_of_each_half(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client, language="fr")
    database.write(lambda session: session.execute(update(Appointment).values(needs={Need.LOW_COUNTER})) and None)

    said = visit(client, SLIP).text
    assert said.index("guichet abaissé") < said.index("verlaagd loket")
    assert (said.count("guichet abaissé"), said.count("verlaagd loket")) == (1, 1)


def test_who_can_be_found_again_by_a_contact_reads_where_to_change_the_visit(
    client: FlaskClient, database: Database
) -> None:
    open_commune(database)
    booking(client)
    said = visit(client, SLIP).text
    assert f"{HOME}/find" in said
    assert "/nl/gemeente-noord/find" in said

    nothing_to_find_it_by = {"email": None, "phone": None}
    database.write(lambda session: session.execute(update(Appointment).values(nothing_to_find_it_by)) and None)
    alone = visit(client, SLIP).text
    assert "/find" not in alone
    assert "Un empêchement ? Appelez-nous" in alone.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_sensitive_visit_is_not_named_on_paper(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    database.write(lambda session: session.execute(update(Service).values(is_sensitive=True)) and None)

    assert "Carte d" not in visit(client, SLIP).text


def test_there_is_no_slip_for_a_visit_that_is_cancelled(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(client)
    visit(client, f"{HOME}/appointment/cancel").submit(holding="version")
    assert database.one(select(Appointment.state)) == AppointmentState.CANCELLED

    assert visit(client, SLIP).response.request.path == f"{HOME}/appointment"


def test_nobody_without_the_appointment_sees_its_slip(app: Flask, client: FlaskClient, database: Database) -> None:
    open_commune(database)
    booking(app.test_client())

    assert visit(client, SLIP).response.request.path == f"{HOME}/find"
