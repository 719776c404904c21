"""Dora has the year on paper: she types its hours and its closed days, and reads back what she had written."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.opening import SessionRule
from booking.core.roles import Role
from booking.models import Counter, OpeningSession
from booking.web.admin.opening_form import written
from tests.browser.commune import DORA
from tests.browser.conftest import Look
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import a_counter, a_person, a_working_commune, code_for
from tests.web.hours_on_paper import COUNTERS, ON_PAPER, OnPaper

PAPER = {one.seen_at: one for one in ON_PAPER}
WEEKLY = (
    "Schaerbeek",
    "Demo, afternoons",
    "Demo, Thursday evening",
    "Demo, first Saturday",
    "Demo, summer",
    "Demo, every second Wednesday",
)
ASCENSION = {"fr": "jeudi 6\u00a0mai 2027 – Ascension", "nl": "donderdag 6\u00a0mei 2027 – Onze-Lieve-Heer-Hemelvaart"}
SHUT = {"fr": "fermé, jour férié légal", "nl": "gesloten, wettelijke feestdag"}
OPEN = {"fr": "ouvert", "nl": "open"}
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def counters(database: Database) -> dict[int, str]:
    """The counters that the paper names, by its numbers: their ids, as boxes have them."""

    def rows(session: Session) -> dict[int, str]:
        work = a_working_commune(session, counters=1)
        session.execute(delete(OpeningSession))
        for number, label in COUNTERS.items():
            if number != 1:
                a_counter(session, work.office, label=label, serves=[work.service])
        work.counter.label = COUNTERS[1]
        role = {"name": "Dora Willems", "email": DORA, "role": Role.ADMINISTRATOR}
        a_person(session, work.commune, **role)
        session.flush()
        ids = {row.label: row.id for row in session.scalars(select(Counter))}
        return {number: str(ids[label]) for number, label in COUNTERS.items()}

    found: dict[int, str] = database.write(rows)
    return found


def typed(rule: SessionRule) -> dict[str, Any]:
    return {name: value for name, value in written(rule).items() if value not in ("", [], "0")}


def write_down(dora: Reader, pattern: OnPaper, counters: dict[int, str]) -> None:
    """The form of recurring hours, filled in as it is on paper, its effect looked at, and saved."""
    page, fields = dora.page, typed(pattern.rule)
    dora.open("admin/hours/town-hall/new")
    for day in fields.pop("weekdays"):
        page.check(f"[name=weekdays][value='{day}']")
    for counter in fields.pop("counters"):
        page.check(f"[name=counters][value='{counters[int(counter)]}']")
    for name in ("mode", "repeat"):
        page.check(f"[name={name}][value='{fields.pop(name)}']")
    page.select_option("[name=nth]", fields.pop("nth"))
    dora.type(**fields, since="4/1/2027")
    dora.press("See the effect")
    dora.press("Save the change")


def by_keyboard(dora: Reader, counters: dict[int, str]) -> None:
    """The extra Saturday, without a mouse: Tab from field to field, the space bar for a box, Enter at the end."""
    page = dora.page
    dora.open("admin/hours/town-hall/extra")
    page.locator("[name=day]").focus()
    page.keyboard.type("9/1/2027")
    for text in ("9", "12"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    wanted = [f"[name=counters][value='{counters[number]}']" for number in (2, 3)]
    for box in wanted:
        for _ in range(20):
            if page.locator(box).evaluate("box => box === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator(box)).to_be_checked()
    page.locator("[name=end]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name=dora.words("Save the change")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_year_is_entered_from_paper_and_read_back(
    page: Page, site: str, counters: dict[int, str], look: Look, language: str
) -> None:
    dora = Reader(page, site, language)
    dora.sign_in(DORA, code=code_for())
    for name in WEEKLY if language == "fr" else WEEKLY[-2:]:
        write_down(dora, PAPER[name], counters)
    by_keyboard(dora, counters)
    dora.open("admin/closures/holidays/town-hall/2027")
    page.check("[value='2027-12-24']")
    dora.press("Close the days ticked: see the effect")
    dora.press("Save the change")

    dora.open("admin/hours/town-hall?week=2027-01-04")
    said = page.locator("main").inner_text().replace("\u00a0", " ").replace("\u202f", " ")
    for name in (*(WEEKLY if language == "fr" else WEEKLY[-2:]), "Demo, extra Saturday"):
        hours, _, _ = getattr(PAPER[name], language).partition(". ")
        assert hours.rstrip(".") in said
    assert page.locator("#day-2027-01-09 .bar").count() == 1
    look(page)
    dora.open("admin/hours/town-hall/year/2027")
    dora.reads(ASCENSION[language])
    expect(page.locator("a[href$='#day-2027-05-06']")).to_contain_text(SHUT[language])
    expect(page.locator("a[href$='#day-2027-01-13']")).to_contain_text(OPEN[language])
    look(page)
    page.locator("a[href$='#day-2027-12-24']").click()
    dora.is_at("Opening hours – %(office)s", office={"fr": "Maison communale", "nl": "Gemeentehuis"}[language])
