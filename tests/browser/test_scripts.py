"""What scripts add: the time left is said, a search answers while Ana types, an agenda says when it is alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from tests.databases import Database
from tests.factories import PASSWORD, a_person, a_service, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

COMMUNE = "/fr/mairie-nord"
BILAL = "bilal@mairie-nord.example"


def a_commune_at_work(session: Session) -> None:
    home = a_working_commune(session)
    a_service(
        session,
        home.commune,
        code="passport",
        name=Translated.of(fr="Passeport", nl="Paspoort"),
        details=Translated.of(fr="Pour voyager loin.", nl="Om ver te reizen."),
    )
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "09:00"), name="Ana Peeters")
    a_person(session, home.commune, name="Bilal Amrani", email=BILAL, role=Role.AGENT)


@pytest.fixture
def open_site(site: str, database: Database) -> str:
    database.write(a_commune_at_work)
    return site + COMMUNE


def test_the_time_that_is_left_follows_every_minute_and_is_said_at_five_two_and_one(page: Page, open_site: str) -> None:
    page.clock.install()
    page.goto(f"{open_site}/services/identity-card/times")
    page.locator("button.time").first.click()
    said, shown = page.locator(".time-left__live"), page.locator(".time-left__words")
    longer = page.get_by_role("button", name="Il me faut plus de temps")

    expect(said).to_have_text("")
    page.clock.fast_forward("03:01")
    expect(shown).to_contain_text("pendant 7 minutes")
    expect(said).to_have_text("")
    for passed, left in (("02:00", "5 minutes"), ("03:00", "2 minutes"), ("01:00", "1 minute")):
        page.clock.fast_forward(passed)
        expect(shown).to_contain_text(f"pendant {left}")
        expect(said).to_have_text(f"Il reste {left.replace('1', 'une')}.")
        expect(longer).to_be_visible()
    page.clock.fast_forward("01:00")
    for told in (said, shown):
        expect(told).to_have_text("Le temps est écoulé. Envoyez le formulaire pour voir si l’heure est encore libre.")
    expect(longer).to_be_hidden()


def test_a_page_opened_with_four_minutes_left_does_not_interrupt(page: Page, open_site: str, clock: Clock) -> None:
    page.clock.install()
    page.goto(f"{open_site}/services/identity-card/times")
    page.locator("button.time").first.click()
    expect(page.locator(".time-left")).to_be_visible()
    clock.forward(minutes=6)
    page.reload()

    page.clock.fast_forward("00:05")
    expect(page.locator(".time-left__live")).to_have_text("")


def test_a_search_answers_while_ana_types_with_what_the_server_knows(page: Page, open_site: str) -> None:
    page.goto(f"{open_site}/")
    page.locator("#q").press_sequentially("voyager")

    expect(page.locator(".card--service h2")).to_have_text(["Passeport"])
    expect(page.locator("#found [role=status]")).to_have_text("1 démarche trouvée")
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator("#q")).to_have_value("voyager")


def test_a_calendar_changes_in_its_place_and_the_keyboard_goes_on_from_there(page: Page, open_site: str) -> None:
    page.goto(f"{open_site}/services/identity-card/times")
    loaded = page.evaluate("performance.timeOrigin")
    said, heading = page.locator("#said"), page.locator("#month")

    page.locator("#later").press("Enter")
    expect(heading).to_have_text("Février 2027")
    expect(said).to_contain_text("Février 2027\u00a0:")
    expect(page.locator("#later")).to_be_focused()
    page.get_by_role("link", name="mercredi 10\u00a0février, 16 heures libres").press("Enter")
    expect(page.locator("#day-title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("button.time").first).to_be_focused()
    page.locator("#weekday-any").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#weekday-0")).to_be_focused()
    expect(page.locator("[aria-current=date]")).to_contain_text("lundi 4\u00a0janvier")
    expect(page).to_have_url(f"{open_site}/services/identity-card/times?persons=1&weekday=0")

    page.locator("#view-list").click()
    expect(page.locator(".day__title").nth(1)).to_have_text("lundi 11\u00a0janvier")
    assert page.evaluate("performance.timeOrigin") == loaded
    page.get_by_role("link", name="Nederlands").click()
    expect(page.locator(".day__title").nth(1)).to_have_text("maandag 11\u00a0januari")
    page.locator("button.soonest__time").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voor wie is de afspraak?")


def test_a_calendar_left_by_the_way_back_is_what_it_was(page: Page, open_site: str) -> None:
    page.goto(f"{open_site}/services/identity-card/times")
    first = page.locator("#month").inner_text()
    page.locator("#later").click()
    expect(page.locator("#month")).not_to_have_text(first)
    page.go_back()
    expect(page.locator("#month")).to_have_text(first)


def test_an_agenda_without_connection_says_of_when_it_is(
    page: Page, context: BrowserContext, open_site: str, clock: Clock, complaints: list[str]
) -> None:
    page.clock.install()
    page.goto(f"{open_site}/agent/sign-in")
    page.fill("[name=email]", BILAL)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    lost = page.locator("[data-connection]")
    expect(lost).to_be_hidden()
    clock.forward(minutes=10)
    with page.expect_response(lambda answer: answer.request.headers.get("x-fresh") == "1"):
        page.clock.fast_forward("00:16")
    # The answer is one thing, its page on the screen another: without a connection only what stands there counts.
    expect(lost).to_have_text("Connexion perdue. Vous voyez la situation de 8 h 10.")

    context.set_offline(True)
    page.clock.fast_forward("00:16")
    expect(lost).to_have_text("Connexion perdue. Vous voyez la situation de 8 h 10.")
    expect(lost).to_be_visible()
    context.set_offline(False)
    page.clock.fast_forward("00:16")
    expect(lost).to_be_hidden()
    complaints[:] = [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said]
