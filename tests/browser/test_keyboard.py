"""The whole way with the Tab key, Enter, the arrows and letters; at every stop one sees where one is."""

from __future__ import annotations

from datetime import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.commune import BILAL, DORA, a_commune_at_work
from tests.browser.keyboard import Keyboard
from tests.browser.readers import Reader
from tests.browser.test_journey import SAID
from tests.browser.walker import Walker, stands_still
from tests.databases import Database
from tests.factories import PASSWORD, code_for


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_ana_books_and_cancels_by_keyboard_alone(page: Page, site: str, database: Database, language: str) -> None:
    database.write(a_commune_at_work)
    ana, keys, said = Walker(page, site, language, True, stands_still), Keyboard(page), SAID[language]

    page.goto(site)
    keys.press(page.get_by_role("link", name=said.commune))
    ana.is_at("What do you need?")
    keys.write(page.locator("[name=q]"), said.searched)
    expect(page.locator(".card--service")).to_have_count(1)
    keys.press(page.get_by_role("link", name=said.service))
    keys.press(ana.control("link", "Choose a time"))
    keys.press(page.get_by_role("link", name=said.thursday))
    expect(page.locator("#day-title")).to_be_focused()
    keys.press(page.get_by_role("button", name=ana.said("time_sentence", time(10, 30)), exact=True))

    ana.is_at("Who is the appointment for?")
    keys.write(page.locator("[name=name]"), "Ana Peeters")
    keys.press(ana.control("button", "Make the appointment"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.press(page.locator(".govuk-error-summary a"))
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type("ana@example.org")
    keys.tab_to(page.locator("[name=language]:checked"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"[name=language][value={language}]")).not_to_be_checked()
    keys.look()
    keys.tab_to(page.locator("[name=help_language]"))
    page.keyboard.press("ArrowDown")
    keys.press(ana.control("button", "Make the appointment"))

    ana.is_at("Your appointment is made.")
    keys.press(ana.control("link", "See, change or cancel the appointment"))
    keys.press(ana.control("link", "Cancel the appointment"))
    keys.press(ana.control("button", "Yes, cancel"))
    ana.is_at("Your appointment is cancelled.")
    assert keys.stops > 40


def test_bilal_marks_and_finds_by_keyboard_alone(page: Page, site: str, database: Database) -> None:
    database.write(a_commune_at_work)
    bilal, keys = Reader(page, site, "fr"), Keyboard(page)
    sign_in(bilal, keys, BILAL)

    yusuf = page.locator("tr", has=page.get_by_role("link", name="Yusuf Demir"))
    keys.press(yusuf.get_by_role("button", name=bilal.words("Arrived")))
    expect(yusuf).to_contain_text(bilal.words("arrived"))
    keys.press(page.get_by_role("link", name=bilal.words("Find a person")))
    keys.write(page.locator("[name=wanted]"), "haddad")
    keys.press(bilal.control("button", "Find"))
    keys.press(page.get_by_role("link", name="Nadia Haddad"))
    keys.press(bilal.control("button", "Show the contact"))
    bilal.reads("ana@example.org")


def test_dora_shortens_the_thursday_by_keyboard_alone(page: Page, site: str, database: Database) -> None:
    database.write(a_commune_at_work)
    dora, keys = Reader(page, site, "fr"), Keyboard(page)
    sign_in(dora, keys, DORA)
    keys.write(page.locator("[name=code]"), code_for())
    keys.press(dora.control("button", "Sign in"))

    keys.press(page.get_by_role("link", name=dora.words("Administration"), exact=True))
    keys.press(dora.control("link", "Opening hours"))
    keys.press(page.locator(".sentences__item").nth(1).get_by_role("link", name=dora.words("Change")))
    keys.tab_to(page.locator("[name=end]"))
    page.keyboard.type("18h")
    keys.press(dora.control("button", "See the effect"))
    keys.tab_to(page.get_by_role("combobox").first)
    page.keyboard.press("ArrowDown")
    keys.press(dora.control("button", "Save the change"))
    dora.reads(dora.words("The change is saved."))


def sign_in(reader: Reader, keys: Keyboard, email: str) -> None:
    reader.open("agent/sign-in")
    keys.write(reader.page.locator("[name=email]"), email)
    keys.write(reader.page.locator("[name=password]"), PASSWORD)
    keys.press(reader.control("button", "Sign in"))
