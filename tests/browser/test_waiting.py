"""Waiting for an earlier appointment in a browser: joining the list, and answering for the time that comes free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment
from tests.browser.walker import ANA, Walker
from tests.databases import Database
from tests.factories import Working, a_counter, a_session, an_office
from tests.moments import MONDAY, at
from tests.usecases.waiting import NINE, WEDNESDAY, a_commune_with_a_list, a_freed_time

FRIDAY = MONDAY + timedelta(days=4)
HERS = select(Appointment.start).where(Appointment.name == ANA["name"], Appointment.state == AppointmentState.BOOKED)


@pytest.fixture(autouse=True)
def place(database: Database) -> Working:
    """The list is kept in two offices, of which one is open into the evening."""

    def rows(session: Session) -> Working:
        place = a_commune_with_a_list(session)
        branch = an_office(session, place.commune, code="branch")
        a_session(session, branch, [a_counter(session, branch, serves=[place.service])], start="12:00", end="19:00")
        return place

    made: Working = database.write(rows)
    return made


@pytest.fixture
def freed(database: Database, place: Working) -> Callable[[], None]:
    """``freed()``: somebody gives Wednesday at nine back."""
    return lambda: database.write(lambda session: a_freed_time(session, place, email=None) and None)


@pytest.fixture
def listed(ana: Walker, post: Callable[[], EmailMessage]) -> Walker:
    """Ana, who has no appointment, has proved her place in the list by the message."""
    ana.open("services/identity-card/earlier")
    ana.type(**ANA)
    ana.press("Ask for a place in the list")
    ana.opens(post())
    ana.press("Confirm my place in the list")
    ana.is_at("You are in the list")
    return ana


@pytest.fixture
def waiting(ana: Walker) -> Walker:
    """Ana has an appointment on Friday and waits for an earlier one."""
    ana.book("11:00", day=FRIDAY)
    ana.open("appointment")
    ana.follow("Tell me if something earlier comes free")
    ana.is_at("Tell me if something earlier comes free")
    ana.press("Put me in the list")
    ana.finds("You are first in the list.")
    return ana


def test_the_list_from_the_first_wish_to_the_earlier_time(
    ana: Walker, post: Callable[[], EmailMessage], freed: Callable[[], None], database: Database
) -> None:
    ana.open("services/identity-card/earlier")
    ana.is_at("Tell me if something earlier comes free")
    ana.press("Ask for a place in the list")
    expect(ana.page.locator(".govuk-error-summary")).to_be_visible()
    ana.looks()
    ana.type(**ANA)
    ana.page.get_by_label(ana.words("in the evening, from 17 o’clock on")).uncheck()
    ana.press("Ask for a place in the list")
    ana.is_at("Look in your mail")

    ana.opens(post())
    ana.is_at("Confirm your place in the list")
    ana.press("Confirm my place in the list")
    ana.is_at("You are in the list")
    freed()
    ana.opens(post())
    ana.is_at("An earlier time for you")
    ana.press("Take this time")
    ana.is_at("Your appointment is made.")
    assert database.all(HERS) == [NINE]


def test_a_time_that_is_declined_goes_on_and_the_place_stays_until_it_is_left(
    listed: Walker, post: Callable[[], EmailMessage], freed: Callable[[], None], database: Database
) -> None:
    ana = listed
    freed()
    ana.opens(post())
    ana.press("Leave it to the next person")
    ana.is_at("You are in the list")
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0
    ana.press("Leave the list")
    ana.is_at("You have left the list")


def test_an_appointment_moves_to_the_earlier_time_that_is_taken(
    waiting: Walker, post: Callable[[], EmailMessage], freed: Callable[[], None], database: Database
) -> None:
    ana = waiting
    ana.follow("Change what would suit you")
    ana.is_at("What would suit you?")
    ana.press("Save")
    freed()
    ana.opens(post())
    ana.is_at("Your appointment")
    ana.reads(ana.words("If you do not answer, your present appointment does not change."))
    ana.press("Take this time")
    ana.is_at("Your appointment")
    ana.reads(ana.moment("09:00", day=WEDNESDAY))
    assert database.all(HERS) == [NINE]


def test_an_appointment_stays_when_the_earlier_time_is_declined(
    waiting: Walker, freed: Callable[[], None], database: Database
) -> None:
    ana = waiting
    freed()
    ana.open("appointment")
    ana.press("Leave it to the next person")
    ana.finds("An earlier appointment?")
    ana.press("Leave the list")
    expect(ana.control("link", "Tell me if something earlier comes free")).to_be_visible()
    assert database.all(HERS) == [at(FRIDAY, "11:00")]
