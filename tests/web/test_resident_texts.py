"""What comes after the confirmation: reminders, and text messages for whoever has no e-mail address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.moments import MONDAY, at
from tests.pages import visit
from tests.web.booking import HOME, booking, open_commune

GATEWAY = "https://sms.example/send?to={to}&text={text}"
WITH_A_PHONE = {"email": "", "phone": "0470 12 34 56"}


@pytest.mark.parametrize("gateway", ["", GATEWAY])
def test_with_a_gateway_the_confirmation_comes_as_a_text_message(
    make_app: Callable[..., Flask], database: Database, gateway: str
) -> None:
    open_commune(database)
    page = booking(make_app(sms_url=gateway).test_client(), **WITH_A_PHONE)

    assert page.heading == "Votre rendez-vous est fixé."
    assert ("Nous envoyons un SMS au 0470\u00a012\u00a034\u00a056." in page.text) is bool(gateway)
    assert ("sans adresse e-mail, rien n’est envoyé" in page.text) is not bool(gateway)


def test_the_confirmation_says_on_which_days_one_is_reminded(client: FlaskClient, database: Database) -> None:
    open_commune(database)
    page = booking(client, at(MONDAY + timedelta(days=14), "10:30"))
    assert "Nous vous enverrons un rappel lundi 11\u00a0janvier et dimanche 17\u00a0janvier." in page.text

    page = booking(client, at(MONDAY, "11:00"), name="Sekou")
    assert "rappel" not in page.text, "the visit is today"


def test_whoever_gave_both_is_written_to_by_mail(make_app: Callable[..., Flask], database: Database) -> None:
    open_commune(database)
    page = booking(make_app(sms_url=GATEWAY).test_client(), phone="0470 12 34 56")

    assert "ana@example.org" in page.text
    assert "SMS" not in page.text


@pytest.mark.parametrize("gateway", ["", GATEWAY])
def test_the_privacy_page_names_the_gateway_where_there_is_one(
    make_app: Callable[..., Flask], database: Database, gateway: str
) -> None:
    open_commune(database)
    page = visit(make_app(sms_url=gateway).test_client(), f"{HOME}/privacy")

    assert ("Sans adresse e-mail, vous recevez des SMS." in page.text) is bool(gateway)
