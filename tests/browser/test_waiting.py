"""Waiting for an earlier appointment in a browser: joining the list, and taking the time that comes free."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.models import Service
from tests.browser.conftest import Look
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import Working, a_counter, a_session, an_office
from tests.usecases.waiting import a_commune_with_a_list, a_freed_time


def two_offices(session: Session) -> Working:
    """The list is kept in two offices, one of which is open into the evening."""
    place = a_commune_with_a_list(session)
    branch = an_office(session, place.commune, code="branch")
    a_session(session, branch, [a_counter(session, branch, serves=[place.service])], start="12:00", end="19:00")
    return place


def link_in(message: EmailMessage) -> str:
    """The one link of a letter that opens something."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"http\S+/open/\S+", body.get_content())
    assert found is not None
    return found.group()


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_list_from_the_first_wish_to_the_earlier_time(
    open_browser: Callable[..., Page],
    site: str,
    database: Database,
    post: Callable[[], EmailMessage],
    look: Look,
    language: str,
    scripts: bool,
) -> None:
    place = database.write(two_offices)
    ana = Reader(open_browser(java_script_enabled=scripts), site, language)
    see = look if scripts and language == "fr" else (lambda page: None)
    ana.open("services/identity-card/earlier")
    see(ana.page)
    ana.press("Ask for a place in the list")
    see(ana.page)
    ana.type(name="Ana Peeters", email="ana@example.org")
    ana.page.get_by_label(ana.words("in the evening, from 17 o’clock on")).uncheck()
    ana.press("Ask for a place in the list")
    ana.is_at("Look in your mail")
    see(ana.page)

    ana.page.goto(link_in(post()))
    ana.is_at("Confirm your place in the list")
    see(ana.page)
    ana.press("Confirm my place in the list")
    ana.is_at("You are in the list")
    see(ana.page)
    database.write(lambda session: a_freed_time(session, place, email=None) and None)
    ana.page.goto(link_in(post()))
    ana.is_at("An earlier time for you")
    see(ana.page)
    ana.press("Take this time")
    ana.is_at("Your appointment is made.")


def test_an_appointment_waits_for_an_earlier_time(
    page: Page, site: str, database: Database, post: Callable[[], EmailMessage], look: Look
) -> None:
    database.write(lambda session: two_offices(session) and None)
    database.write(lambda session: session.execute(update(Service).values(notice_minutes=0)) and None)
    ana = Reader(page, site, "fr")
    ana.hold("11:00")
    ana.type(name="Ana Peeters", email="ana@example.org")
    ana.press("Make the appointment")
    ana.open("appointment")
    ana.follow("Tell me if something earlier comes free")
    look(page)
    ana.press("Put me in the list")
    ana.reads("Vous êtes en première position.")
    look(page)
    ana.follow("Change what would suit you")
    look(page)
