"""The ten minutes a time is held: kept longer, lost to somebody quicker, and never what was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from booking.core.appointments import AppointmentState
from booking.models import Appointment
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import Clock

ANA = {"name": "Ana Peeters", "email": "ana@example.org", "phone": "0470 12 34 56"}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def ana(request: pytest.FixtureRequest, open_browser: Callable[..., Page], site: str, database: Database) -> Reader:
    """Ana, with her details typed for Monday at eleven; the commune has one counter."""
    database.write(lambda session: a_working_commune(session) and None)
    ana = Reader(open_browser(java_script_enabled=request.param), site, "fr")
    ana.hold("11:00")
    ana.type(**ANA)
    return ana


def still_typed(ana: Reader) -> None:
    for name, typed in ANA.items():
        expect(ana.page.locator(f"[name={name}]")).to_have_value(typed)


def test_the_time_is_held_longer_twice_and_the_form_stays_filled(ana: Reader, clock: Clock) -> None:
    left = ana.page.locator(".time-left")
    for minutes_left in (18, 26):
        clock.forward(minutes=2)
        ana.press("I need more time")
        still_typed(ana)
        expect(left).to_contain_text(f"pendant {minutes_left}\u00a0minutes")
        ana.reads("Vous avez plus de temps.")
    expect(ana.control("button", "I need more time")).to_have_count(0)
    clock.forward(minutes=25)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")


def test_the_time_stays_held_over_a_reload_a_switch_of_language_and_a_look_at_others(ana: Reader, clock: Clock) -> None:
    page = ana.page
    clock.forward(minutes=1)
    page.locator(".languages [lang=nl]").click()
    expect(page.locator(".time-left")).to_contain_text("9\u00a0minuten")
    still_typed(ana)
    ana.open("details")
    clock.forward(minutes=2)
    page.reload()
    ana.reads("Nous retenons cette heure pour vous pendant 7\u00a0minutes.")

    ana.open("services/identity-card/times")
    ana.reads("Heure retenue pour vous\u00a0: lundi 4\u00a0janvier à 11\u202fh")
    ana.reads("pendant 7\u00a0minutes")
    page.locator("button.time").first.click()
    ana.is_at("Who is the appointment for?")
    ana.open("services/identity-card/times")
    expect(page.locator(".holding__moment")).to_have_text("lundi 4\u00a0janvier à 10\u202fh\u202f15")
    ana.press("Give this time back")
    ana.reads("Vous avez libéré l’heure.")
    expect(page.locator(".holding")).to_have_count(0)
    expect(page.locator("button.soonest__time").first).to_contain_text("10\u202fh\u202f15")


def test_a_lapsed_time_nobody_took_is_taken_again_in_one_click(ana: Reader, clock: Clock) -> None:
    clock.forward(minutes=11)
    ana.press("Make the appointment")
    ana.is_at("The minutes are over")
    ana.press("The time is still free: take it again")
    still_typed(ana)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")
    ana.reads("4\u00a0janvier 2027 à 11\u202fh")


def test_a_lost_time_offers_three_near_ones_and_one_click_takes_one(
    ana: Reader, open_browser: Callable[..., Page], database: Database, clock: Clock
) -> None:
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
