"""Figures in a browser: Dora finds her month by keyboard, everybody reads how long one waits, and all of it fits."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import FirstFree
from booking.usecases.daily_figures import count_day
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import Working, a_person, code_for
from tests.moments import MONDAY, Clock, at
from tests.usecases.test_figures_month import FEBRUARY, NEXT_MONDAY, TUESDAY, a_month

Look = Callable[[Page], None]
DORA = "dora@mairie-nord.example"


def a_month_counted(session: Session) -> Working:
    work = a_month(session)
    work.commune.shows_figures, work.service.promised_days = True, 5
    a_person(session, work.commune, name="Dora Willems", email=DORA, role=Role.ADMINISTRATOR)
    own = {"commune_id": work.commune.id, "office_id": work.office.id, "service_id": work.service.id}
    for day, days in ((MONDAY, 3), (TUESDAY, None), (NEXT_MONDAY, 8)):
        count_day(session, office_id=work.office.id, day=day, now=FEBRUARY)
        session.add(FirstFree(**own, day=day, days=days))
    return work


def test_dora_finds_a_month_without_a_mouse_and_reads_it(
    page: Page, site: str, database: Database, clock: Clock, look: Look
) -> None:
    database.write(a_month_counted)
    clock.now = at(NEXT_MONDAY, "09:00")
    dora = Reader(page, site, "fr")
    dora.sign_in(DORA, code=code_for(clock.now))
    dora.open("admin/")
    dora.reads("libre dans 8")
    look(page)

    page.locator("main").get_by_role("link", name="Carte d’identité").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chiffres")
    page.locator("#figures-first").select_text()
    page.keyboard.type("1/1/2027")
    page.keyboard.press("Tab")
    page.locator("#figures-last").select_text()
    page.keyboard.type("31/1/2027")
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures?from=1*")
    expect(page.get_by_role("img", name="Qui est venu")).to_be_visible()
    expect(page.locator(".tile-number").first).to_contain_text("5")
    numbers = page.locator(".charted__numbers").first
    numbers.focus()
    expect(numbers).to_be_focused()
    look(page)

    page.goto(f"{page.url.partition('?')[0]}?from=yesterday")
    expect(page.locator("#figures-first")).to_have_value("yesterday")
    look(page)
    page.goto(f"{page.url.partition('?')[0]}?from=1/6/2026&until=2/6/2026")
    look(page)


def test_everybody_reads_how_long_one_waits(
    page: Page, site: str, database: Database, clock: Clock, look: Look
) -> None:
    database.write(a_month_counted)
    clock.now = at(NEXT_MONDAY, "09:00")
    page.goto(f"{site}/nl/gemeente-noord/")
    page.get_by_role("link", name="Hoelang men wacht").click()
    expect(page.get_by_role("cell", name="over 8 dagen")).to_be_visible()
    look(page)
