"""The ten minutes a time is held: kept longer, lost to somebody quicker, and never what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking.core.appointments import AppointmentState
from booking.models import Appointment
from tests.browser.readers import Reader
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import MONDAY, Clock

ANA = {"name": "Ana Peeters", "email": "ana@example.org", "phone": "0470 12 34 56"}


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    """A commune with one counter."""
    database.write(lambda session: a_working_commune(session) and None)


@pytest.fixture
def holding(ana: Walker) -> Walker:
    """Ana, with her details typed for Monday at eleven."""
    ana.hold("11:00")
    ana.type(**ANA)
    return ana


def still_typed(ana: Walker) -> None:
    for name, typed in ANA.items():
        expect(ana.page.locator(f"[name={name}]")).to_have_value(typed)


def test_the_time_is_held_longer_twice_and_the_form_stays_filled(holding: Walker, clock: Clock) -> None:
    ana = holding
    left = ana.page.locator(".time-left")
    for minutes_left in (18, 26):
        clock.forward(minutes=2)
        ana.press("I need more time")
        expect(left).to_contain_text(ana.said("minutes", minutes_left))
        still_typed(ana)
        ana.looks()
    expect(ana.control("button", "I need more time")).to_have_count(0)
    clock.forward(minutes=25)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")


def test_the_time_stays_held_over_a_reload_a_switch_of_language_and_a_look_at_others(
    holding: Walker, clock: Clock
) -> None:
    ana, page = holding, holding.page
    other = replace(ana, language="nl" if ana.language == "fr" else "fr")
    clock.forward(minutes=1)
    page.locator(f".languages [lang={other.language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", other.language)
    expect(page.locator(".time-left")).to_contain_text(other.said("minutes", 9))
    still_typed(ana)
    ana.open("details")
    clock.forward(minutes=2)
    page.reload()
    expect(page.locator(".time-left")).to_contain_text(ana.said("minutes", 7))

    ana.open("services/identity-card/times")
    held = page.locator(".holding__moment")
    expect(held).to_have_text(ana.said("moment_without_year", MONDAY, time(11)))
    expect(page.locator(".holding .time-left")).to_contain_text(ana.said("minutes", 7))
    ana.looks()
    page.locator("button.time").first.click()
    ana.is_at("Who is the appointment for?")
    ana.open("services/identity-card/times")
    expect(held).to_have_text(ana.said("moment_without_year", MONDAY, time(10, 15)))
    ana.press("Give this time back")
    ana.reads(ana.words("You have given the time back. Somebody else can take it now."))
    expect(page.locator(".holding")).to_have_count(0)
    expect(page.locator("button.soonest__time").first).to_contain_text(ana.said("time_sentence", time(10, 15)))


def test_a_lapsed_time_nobody_took_is_taken_again_in_one_click(holding: Walker, clock: Clock) -> None:
    ana = holding
    clock.forward(minutes=11)
    ana.press("Make the appointment")
    ana.is_at("The minutes are over")
    ana.press("The time is still free: take it again")
    still_typed(ana)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")
    ana.reads(ana.moment("11:00"))


def test_a_lost_time_offers_three_near_ones_and_one_click_takes_one(
    holding: Walker, open_browser: Callable[..., Page], database: Database, clock: Clock
) -> None:
    ana = holding
    clock.forward(minutes=11)
    yusuf = Reader(open_browser(), ana.site, "nl")
    yusuf.hold("11:00")
    yusuf.type(name="Yusuf Demir", email="yusuf@example.org")
    yusuf.press("Make the appointment")
    yusuf.is_at("Your appointment is made.")

    ana.press("Make the appointment")
    ana.is_at("This time is no longer free")
    near = ana.page.locator("button.near__time")
    expect(near).to_have_count(3)
    chosen = near.nth(1).get_attribute("value")
    near.nth(1).click()
    still_typed(ana)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")
    hers = database.one(select(Appointment.start).where(Appointment.name == ANA["name"]))
    assert chosen == str(int(hers.timestamp()) // 60)
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 2
