"""Whoever reads neither French nor Dutch makes the same appointment in English or in German."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.commune import a_commune_at_work
from tests.browser.readers import Reader
from tests.databases import Database

FIRST_LINK = {"en": "Continue in English", "de": "Weiter auf Deutsch"}
NOTICE = "Translation. The French and Dutch texts are the official ones."


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_appointment_is_made_in_a_help_language(
    page: Page, site: str, database: Database, axe: Callable[[Page], None], language: str
) -> None:
    database.write(a_commune_at_work, language)
    ana = Reader(page, site, language)
    page.goto(site)
    page.get_by_role("link", name=FIRST_LINK[language]).click()
    page.get_by_role("link", name="Mairie Nord").click()
    ana.is_at("What do you need?")
    ana.reads(ana.words(NOTICE))
    axe(page)

    page.fill("[name=q]", "passport")
    ana.press("Search")
    expect(page.locator(".card--service [lang=nl]").first).to_have_text("Reispas")
    axe(page)
    page.locator(".card__link").first.click()
    expect(page.get_by_role("heading", level=1).locator("[lang=fr]")).to_have_text("Passeport")
    axe(page)

    ana.hold("10:30")
    axe(page)
    ana.type(name="Ana Peeters", email="ana@example.org")
    page.check("[name=language][value=nl]")
    expect(page.locator("[name=help_language]")).to_have_value(language)
    ana.press("Make the appointment")
    ana.is_at("Your appointment is made.")
    axe(page)
