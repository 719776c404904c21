"""Please confirm that you are coming: from the link of a mail, and from the short one of a text message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment
from tests.browser.walker import Walker, link_of
from tests.databases import Database
from tests.delivery.test_texts import answering
from tests.factories import a_working_commune
from tests.moments import MONDAY, Clock, at

IN_TWO_WEEKS = MONDAY + timedelta(days=14)
A_WEEK_BEFORE = at(MONDAY + timedelta(days=7), "10:30")
COMING = select(Appointment.coming_at)


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[str, list[Any]]]:
    """A gateway for text messages: its address, and what it was sent."""
    with answering() as given:
        yield given


@pytest.fixture
def sms_url(gateway: tuple[str, list[Any]]) -> str:
    return f"{gateway[0]}/send?to={{to}}&text={{text}}"


@pytest.fixture
def text(gateway: tuple[str, list[Any]], worker: Callable[[], int]) -> Callable[[], str]:
    """``text()``: the worker sends what is due, and what the newest text message says."""

    def send() -> str:
        gateway[1].clear()
        assert worker(), "no message was due"
        return parse_qs(urlsplit(gateway[1][-1][0]).query)["text"][0]

    return send


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    def rows(session: Session) -> None:
        a_working_commune(session).service.asks_coming = True

    database.write(rows)


@pytest.fixture
def reminded(ana: Walker, post: Callable[[], EmailMessage], clock: Clock) -> Walker:
    """Ana has an appointment in two weeks, and opens the question in the reminder that she gets a week before."""
    ana.book(day=IN_TWO_WEEKS)
    post()
    clock.now = A_WEEK_BEFORE
    ana.opens(post(), "/coming")
    return ana


def test_one_press_in_a_mail_and_one_on_the_page_say_that_ana_comes(reminded: Walker, database: Database) -> None:
    ana = reminded
    ana.is_at("Are you coming?")
    assert ana.page.url == f"{ana.home}appointment/coming", "the key is not left in the address"
    assert database.all(COMING) == [None], "opening it says nothing"
    ana.press("I am coming")
    ana.finds("You told us that you are coming.")
    assert database.all(COMING) == [A_WEEK_BEFORE]
    ana.open("appointment/coming")
    ana.is_at("You told us that you are coming.")


def test_whoever_is_not_coming_is_led_to_cancelling(reminded: Walker) -> None:
    ana = reminded
    ana.follow("I am not coming")
    ana.is_at("Cancel this appointment?")
    ana.press("Yes, cancel")
    ana.is_at("Your appointment is cancelled.")


def test_who_has_a_telephone_only_answers_from_a_text_message(
    ana: Walker, database: Database, text: Callable[[], str], clock: Clock
) -> None:
    ana.book(day=IN_TWO_WEEKS, name="Ana Peeters", phone="0470 12 34 56")
    ana.reads(ana.words("We are sending a text message to %(phone)s.", phone=ana.said("phone_shown", "+32470123456")))
    confirmed = text()
    clock.now = A_WEEK_BEFORE
    reminder = text()
    assert link_of(reminder) == link_of(confirmed)
    ana.page.goto(link_of(reminder))
    ana.is_at("Your appointment")
    ana.reads(ana.words("Please confirm that you are coming."))
    ana.follow("Answer")
    ana.press("I am coming")
    ana.reads(ana.words("You told us that you are coming."))
    assert database.all(COMING) == [A_WEEK_BEFORE]
    expect(ana.control("link", "Answer")).to_have_count(0)
