"""What a page weighs on the way to a telephone: everything the first time, and the page alone from then on."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.core.translated import Translated
from tests.databases import Database
from tests.factories import a_counter, a_group, a_service, a_session, a_working_commune, an_office
from tests.moments import MONDAY, at
from tests.pages import Page
from tests.web.booking import ANA, HOME, SERVICE, number

FIRST_TIME, AFTER = 110_000, 15_000
FETCHED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="(/[^"]+)"')
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
TIMES = f"{SERVICE}/times"


def a_large_commune(session: Session) -> None:
    """Twenty services, and three offices that are open all day long, every day, with nothing taken."""
    home = a_working_commune(session)
    for place in range(2):
        office = an_office(session, home.commune, code=f"office-{place}", position=2 + place)
        a_session(
            session,
            office,
            [a_counter(session, office, serves=[home.service])],
            start="07:00",
            end="21:00",
            weekdays=0b1111111,
        )
    told = Translated.of(fr="Ce qu’il faut savoir de cette démarche. " * 4, nl="Wat u erover moet weten. " * 4)
    group = a_group(session, home.commune)
    for place in range(20):
        a_service(session, home.commune, code=f"service-{place}", group=group, summary=told, details=told)


def fetched(client: FlaskClient, address: str) -> TestResponse:
    """An answer as it travels."""
    with client.get(address, headers=GZIP) as answer:
        answer.make_sequence()
        return answer


def read(answer: TestResponse) -> str:
    assert answer.content_encoding == "gzip"
    return gzip.decompress(answer.data).decode()


def pages_of_a_booking(client: FlaskClient) -> Iterator[str]:
    """The addresses a resident opens, each when it has something to show."""
    yield from (f"{HOME}/", f"{HOME}/?q=carte", SERVICE, TIMES, f"{TIMES}?day={MONDAY + timedelta(days=1)}")
    yield from (f"{TIMES}?view=list", f"{HOME}/privacy", f"{HOME}/accessibility", f"{HOME}/find")
    page = Page(client, client.get(f"{TIMES}?office=town-hall"))
    page = page.submit(holding="start", press=("start", number(at(MONDAY, "11:00"))))
    yield from (f"{HOME}/details", TIMES)
    page.submit(holding="name", **ANA)
    yield from (f"{HOME}/booked", f"{HOME}/appointment", f"{HOME}/appointment/contact", f"{HOME}/appointment/cancel")


@pytest.mark.engines("sqlite")
def test_no_page_of_a_resident_is_heavy(client: FlaskClient, database: Database) -> None:
    database.write(a_large_commune)
    weights: dict[str, tuple[int, int]] = {}
    for address in pages_of_a_booking(client):
        page = fetched(client, address)
        assert page.status_code == 200, address
        others = [fetched(client, urlsplit(one).path) for one in set(FETCHED.findall(read(page)))]
        assert {one.status_code for one in others} == {200}
        # What is fetched beside the page is kept for good: the second page is the page alone.
        assert all("immutable" in one.headers["Cache-Control"] for one in others)
        head = 500
        weights[address] = (len(page.data) + head + sum(len(one.data) + head for one in others), len(page.data) + head)

    assert {address: weight for address, weight in weights.items() if weight[0] > FIRST_TIME} == {}
    assert {address: weight for address, weight in weights.items() if weight[1] > AFTER} == {}


@pytest.mark.engines("sqlite")
def test_who_does_not_understand_compressed_texts_gets_plain_ones(app: Flask, database: Database) -> None:
    database.write(lambda session: a_working_commune(session) and None)
    client = app.test_client()
    plain, packed = client.get(TIMES), client.get(TIMES, headers=GZIP)
    refused = client.get(TIMES, headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert plain.content_encoding is refused.content_encoding is None
    assert packed.content_length == len(packed.data) < plain.content_length / 3
    assert all("Accept-Encoding" in answer.headers.getlist("Vary") for answer in (plain, packed, refused))
    assert client.head(TIMES, headers=GZIP).data == b""
    assert client.get(f"{HOME}/nowhere", headers=GZIP).content_encoding == "gzip"
