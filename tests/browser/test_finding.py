"""Finding the right thing: in one's own words, and at once where no appointment is needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.models import ServiceGroup
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune
from tests.moments import MONDAY, Clock, at

# Mistyped, as an everyday word that no text of the service has, and without its accents.
LOST = {"fr": ("carte perdeu", "permi"), "nl": ("kaart kweit", "pas")}
NAMED = {
    "walk_in": {"fr": "Retrait d’une carte", "nl": "Afhaling van een kaart"},
    "online": {"fr": "Changement d’adresse", "nl": "Adreswijziging"},
    "elsewhere": {"fr": "Carte de riverain", "nl": "Bewonerskaart"},
}
AUTHORITY = {"fr": "l’agence régionale", "nl": "het gewestelijk agentschap"}
POST = {"fr": "Écrivez à la commune.", "nl": "Schrijf naar de gemeente."}


def what_needs_no_appointment(session: Session, home: Working) -> None:
    """One service to walk in for at counter 1, one that is done online, one that another authority does."""
    site = Translated.of(fr="https://site.example/fr", nl="https://site.example/nl")
    beside = {
        "link": site,
        "authority": Translated.of(fr="l’agence régionale", nl="het gewestelijk agentschap"),
        "by_phone": Translated.of(
            fr="Appelez-nous\u00a0: nous remplissons le formulaire.", nl="Bel ons: wij vullen het in."
        ),
        "by_post": Translated.of(fr="Écrivez à la commune.", nl="Schrijf naar de gemeente."),
    }
    named = {
        ServiceMode.WALK_IN: Translated.of(fr="Retrait d’une carte", nl="Afhaling van een kaart"),
        ServiceMode.ONLINE: Translated.of(fr="Changement d’adresse", nl="Adreswijziging"),
        ServiceMode.ELSEWHERE: Translated.of(fr="Carte de riverain", nl="Bewonerskaart"),
    }
    group = session.scalars(select(ServiceGroup)).one()
    made = [
        a_service(session, home.commune, group=group, code=mode.value, mode=mode, name=name, **beside)
        for mode, name in named.items()
    ]
    desk = a_counter(session, home.office, label="A1", serves=made[:2])
    a_session(session, home.office, [desk], start="08:30", end="12:30", mode=Mode.WALK_IN)


def what_one_looks_for(session: Session) -> None:
    home = a_working_commune(session)
    home.service.synonyms = Translated.of(fr="carte perdue, permis", nl="kaart kwijt, pas")
    what_needs_no_appointment(session, home)


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    database.write(what_one_looks_for)


def search(ana: Walker, wanted: str) -> None:
    ana.type(q=wanted)
    ana.press("Search")


def open_result(ana: Walker, mode: str) -> None:
    """From the first page to the page of a service, by its name."""
    ana.open()
    ana.page.get_by_role("link", name=NAMED[mode][ana.language]).click()


def test_whoever_mistypes_an_everyday_word_finds_the_service(ana: Walker) -> None:
    ana.page.goto(ana.site)
    ana.looks()
    ana.open()
    ana.is_at("What do you need?")
    for typed in LOST[ana.language]:
        search(ana, typed)
        expect(ana.page.locator(".card__link").first).to_have_attribute("href", f"{ana.path}services/identity-card")
    ana.looks()
    search(ana, "zzzzzz")
    ana.finds("We find no service with these words.")
    ana.follow("Show all services")
    ana.is_at("What do you need?")


def test_where_no_appointment_is_needed_one_reads_whether_the_counter_is_open(ana: Walker, clock: Clock) -> None:
    open_result(ana, "walk_in")
    ana.finds("You do not need an appointment.")
    for wall, standing in (("08:00", "open later today"), ("09:00", "open now"), ("13:00", "over for today")):
        clock.now = at(MONDAY, wall)
        ana.page.reload()
        ana.reads(ana.words(standing))
    ana.looks()
    ana.reads(POST[ana.language])
    expect(ana.page.get_by_role("link", name=ana.said("phone_shown", "+3222000000")).first).to_be_visible()
    expect(ana.page.get_by_role("link", name=ana.words("Choose a time"))).to_have_count(0)


def test_what_is_done_online_is_done_at_the_counter_by_phone_and_by_post_too(ana: Walker) -> None:
    open_result(ana, "online")
    ana.finds("You can do this online. If you prefer: at the counter, by phone or by post.")
    expect(ana.control("link", "Do it online")).to_have_attribute("href", f"https://site.example/{ana.language}")
    for way in ("At the counter, without an appointment", "By phone", "By post"):
        expect(ana.control("heading", way)).to_be_visible()
    ana.reads(ana.words("open later today"))


def test_what_another_authority_does_is_said_with_its_name_and_its_site(ana: Walker) -> None:
    open_result(ana, "elsewhere")
    ana.finds("This is not done by the commune but by %(authority)s.", authority=AUTHORITY[ana.language])
    expect(ana.control("link", "Go to their site")).to_have_attribute("href", f"https://site.example/{ana.language}")
    expect(ana.control("heading", "Another question, for the commune?")).to_be_visible()
