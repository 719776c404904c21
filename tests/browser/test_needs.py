"""A need said late, in the browser: the time is too short, another is chosen; then it is changed on one's own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.needs import Need, NeedTimes
from booking.models import Appointment
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import MONDAY, at

PHONE = {"width": 375, "height": 800}
NEEDS = "[name=needs][value={}]"


def somebody_behind(session: Session) -> None:
    """Sign language takes a quarter of an hour more, and at a quarter to eleven somebody else comes."""
    home = a_working_commune(session, need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15}))
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "10:45"), name="Emil")


@pytest.mark.parametrize(("language", "scripts"), [("fr", True), ("nl", False)])
def test_a_need_said_late_finds_its_time(
    open_browser: Callable[..., Page],
    axe: Callable[[Page], None],
    site: str,
    database: Database,
    language: str,
    scripts: bool,
) -> None:
    database.write(somebody_behind)
    page = open_browser(java_script_enabled=scripts, viewport=PHONE)
    reader = Reader(page, site, language)

    def look() -> None:
        page.wait_for_load_state()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{page.url} scrolls sideways"
        if scripts:
            axe(page)

    reader.open("services/identity-card/times")
    reader.hold("10:30")
    reader.type(name="Ana Peeters", email="ana@example.org")
    page.check(f"[name=language][value={language}]")
    page.locator("details summary").first.click()
    page.check(NEEDS.format("sign_language"))
    look()
    reader.press("Make the appointment")
    reader.reads(reader.words("What you need takes more time than there is left at this time."))
    look()
    page.locator(".near button").first.click()
    assert page.locator(NEEDS.format("sign_language")).is_checked()
    reader.press("Make the appointment")
    reader.is_at("Your appointment is made.")

    reader.open("appointment")
    reader.follow("Change what you need when you come")
    page.check(NEEDS.format("low_counter"))
    look()
    reader.press("Save")
    reader.reads(reader.words("We have noted what you need."))
    look()
    hers = database.one(select(Appointment.needs).where(Appointment.name == "Ana Peeters"))
    assert hers == {Need.SIGN_LANGUAGE, Need.LOW_COUNTER}
