"""Bilal's day in a browser: the page keeps itself fresh, and works as well without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Message
from booking.models.messages import MessageKind, MessageState
from tests.databases import Database
from tests.factories import PASSWORD, Working, a_person, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at

HERE = "/fr/mairie-nord/agent/"
BILAL = "bilal@mairie-nord.example"


@pytest.fixture
def home(database: Database) -> Working:
    """A Monday with every state in it, somebody no message reached, and a visit of Friday nobody settled."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=2)
        a_person(session, home.commune)
        ana = an_appointment(session, home.counter, home.service, help_language="en", phone="+32470123456")
        states = (AppointmentState.FULFILLED, AppointmentState.MISSED)
        for place, state in enumerate(states):
            start = at(MONDAY, "08:00") + timedelta(minutes=15 * place)
            an_appointment(session, home.counter, home.service, start=start, state=state, settled_at=EARLY)
        later = {"start": at(MONDAY, "10:00"), "kept_outside_at": EARLY, "arrived_at": EARLY, "name": "عمر"}
        an_appointment(session, home.counters[1], home.service, **later)
        an_appointment(session, home.counters[1], home.service, start=at(MONDAY, "11:00"), state=AppointmentState.HELD)
        friday = at(MONDAY - timedelta(days=3), "09:00")
        an_appointment(session, home.counter, home.service, start=friday, name="Nadia Haddad")
        row = {"commune_id": home.commune.id, "kind": MessageKind.CONFIRMATION, "appointment_id": ana.id, "version": 1}
        row |= {"copy": 0, "state": MessageState.REFUSED, "created_at": EARLY, "due_at": EARLY, "attempts": 1}
        add(session, Message(**row))
        return home

    return database.write(rows)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}{HERE}sign-in")
    page.fill("[name=email]", BILAL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}{HERE}*")


def test_every_page_of_the_agent_is_for_everybody(
    page: Page, site: str, home: Working, axe: Callable[[Page], None]
) -> None:
    page.goto(f"{site}{HERE}sign-in")
    axe(page)
    sign_in(page, site)
    for address in ("", "?view=grid", "?day=nonsense", "sheet", "find", "unmarked", "calls", "account", "password"):
        page.goto(f"{site}{HERE}{address}")
        axe(page)
    page.goto(f"{site}{HERE}")
    page.get_by_role("link", name="Ana Peeters").last.click()
    page.get_by_role("button", name="Recevoir à deux collègues").click()
    expect(page.get_by_text("Deux collègues reçoivent cette personne, jusqu’au")).to_be_visible()
    page.get_by_role("button", name="Afficher les coordonnées").click()
    expect(page.get_by_text("ana@example.org")).to_be_visible()
    axe(page)


def test_the_agenda_shows_what_others_do_without_being_asked(
    page: Page, context: BrowserContext, site: str, home: Working, database: Database, complaints: list[str]
) -> None:
    page.clock.install()
    sign_in(page, site)
    yusuf = {"start": at(MONDAY, "11:30"), "name": "Yusuf Demir"}
    database.write(lambda session: an_appointment(session, home.counter, home.service, **yusuf) and None)
    expect(page.get_by_role("link", name="Yusuf Demir")).to_have_count(0)

    page.clock.fast_forward(16_000)
    expect(page.get_by_role("link", name="Yusuf Demir")).to_be_visible()

    context.set_offline(True)
    page.clock.fast_forward(16_000)
    page.set_viewport_size({"width": 1280, "height": 400})
    for place in ("0", "300"):
        page.evaluate(f"window.scrollTo(0, {place})")
        expect(page.get_by_role("status").get_by_text("Connexion perdue")).to_be_in_viewport()
    assert [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []
    complaints.clear()


def test_the_day_is_worked_without_scripts(page_no_js: Page, site: str, home: Working) -> None:
    page = page_no_js
    sign_in(page, site)
    row = page.locator("tr", has=page.get_by_role("link", name="Ana Peeters")).nth(2)
    row.get_by_role("button", name="Arrivé").click()
    expect(page.locator("tr:target").get_by_text("arrivé", exact=True)).to_be_visible()
    page.locator("tr:target").get_by_role("button", name="Terminé").click()
    expect(page.locator("tr:target").get_by_text("terminé", exact=True)).to_be_visible()
    page.locator("tr:target").get_by_role("button", name="Revenir en arrière").click()
    expect(page.locator("tr:target").get_by_text("arrivé", exact=True)).to_be_visible()

    page.get_by_role("link", name="À clôturer").click()
    page.get_by_role("button", name="Absent").click()
    expect(page.get_by_text("Toutes les visites passées sont clôturées.")).to_be_visible()

    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_a_day_that_goes_wrong_is_worked_by_keyboard_and_is_for_everybody(
    page: Page, site: str, home: Working, axe: Callable[[Page], None]
) -> None:
    sign_in(page, site)
    page.goto(f"{site}{HERE}counters")
    axe(page)
    page.get_by_role("link", name="Pauses").first.press("Enter")
    page.get_by_label("À partir de quelle heure").fill("9:00")
    page.get_by_label("Jusqu’à quelle heure").fill("9:30")
    page.get_by_role("button", name="Garder ce temps libre").press("Enter")
    expect(page.get_by_role("link", name="Déplacer la visite")).to_be_visible()
    axe(page)
    page.goto(f"{site}{HERE}counters/{home.counter.id}/out")
    axe(page)
    page.get_by_role("button", name="Rendre le guichet 1 indisponible aujourd’hui").press("Enter")
    expect(page.get_by_text("1 visite garde son heure à un autre guichet.")).to_be_visible()
    axe(page)
    page.goto(f"{site}{HERE}outage")
    page.get_by_label("Carte d’identité").press("Space")
    page.get_by_role("button", name="Suspendre ces démarches").press("Enter")
    expect(page.get_by_role("button", name="Tout fonctionne à nouveau")).to_be_visible()
    axe(page)
    page.goto(f"{site}{HERE}end-of-day")
    axe(page)
    page.get_by_role("button", name="Clôturer la journée").press("Enter")
    expect(page.get_by_text("élément est clôturé")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    ["", "?view=grid", "sheet", "find", "unmarked", "calls", "account", "counters", "outage", "end-of-day"],
)
def test_no_page_of_the_agent_scrolls_sideways_on_a_phone(phone: Page, site: str, home: Working, address: str) -> None:
    sign_in(phone, site)
    phone.goto(f"{site}{HERE}{address}")

    assert phone.evaluate("document.documentElement.scrollWidth") == 375


@pytest.fixture
def crowded(database: Database) -> Working:
    """Eight counters that are busy all Monday morning, a quarter of an hour each, and names of every length."""

    def rows(session: Session) -> Working:
        home = a_working_commune(session, counters=8)
        a_person(session, home.commune)
        states = {"done": {"state": AppointmentState.FULFILLED, "settled_at": EARLY}, "arrived": {"arrived_at": EARLY}}
        for counter in home.counters:
            for place in range(16):
                start = at(MONDAY, "08:00") + timedelta(minutes=15 * place)
                facts = states["done" if place < 4 else "arrived"] if place < 8 else {"kept_outside_at": EARLY}
                name = NAMES[(counter.id + place) % len(NAMES)]
                an_appointment(session, counter, home.service, start=start, name=name, help_language="en", **facts)
        return home

    return database.write(rows)


NAMES = ("Mohamed El Amrani", "Ann-Sofie Van den Broeck-Vanderhaeghen", "Pascale Vandenberghe", "Sekou")
OUT_OF_SIGHT = """() => [...document.querySelectorAll(".visit-card")].flatMap((card) => {
  const box = card.getBoundingClientRect();
  return [...card.querySelectorAll(".visit-card__name, .shape")].filter((said) => {
    const one = said.getBoundingClientRect();
    return one.right > box.right || one.bottom > box.bottom + 1 || one.width === 0;
  }).map((said) => said.textContent);
})"""


def test_eight_counters_fit_side_by_side_with_every_name_in_full(page: Page, site: str, crowded: Working) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, site)
    page.goto(f"{site}{HERE}?view=grid")

    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    box = page.locator(".day-box")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.evaluate(OUT_OF_SIGHT) == []


@pytest.mark.parametrize("address", ["", "?view=grid"])
def test_the_day_and_the_heads_of_the_columns_stay_in_sight(
    page: Page, site: str, crowded: Working, address: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    sign_in(page, site)
    page.goto(f"{site}{HERE}{address}")
    page.locator(".visit-card, .day-list tbody tr").last.scroll_into_view_if_needed()
    assert page.evaluate("window.scrollY") > 0

    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    expect(page.locator(".day-grid__head, .day-list thead th").first).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Jour suivant")).to_be_in_viewport(ratio=1)


def test_the_grid_is_printed_on_one_sheet_across(page: Page, site: str, crowded: Working) -> None:
    sign_in(page, site)
    page.goto(f"{site}{HERE}?view=grid")

    sheet = page.pdf(prefer_css_page_size=True)

    assert re.findall(rb"/Count (\d+)", sheet) == [b"1"]
    (width, height) = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)[0])
    assert width > height
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1060, "height": 730})
    heads = page.locator(".day-grid__head")
    assert heads.count() == 8
    assert heads.last.evaluate("head => head.getBoundingClientRect().right") <= 1060


def test_on_a_phone_the_filters_are_folded_away_until_they_are_wanted(phone: Page, site: str, home: Working) -> None:
    sign_in(phone, site)
    expect(phone.get_by_label("Jour", exact=True)).to_be_hidden()

    phone.get_by_text("Autre jour, guichet, démarche").click()

    expect(phone.get_by_label("Jour", exact=True)).to_be_visible()
