"""The connection goes in the middle of a morning: the agenda stays, what is marked waits, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment, JournalEntry, LateMark, Message
from booking.models.messages import MessageKind, MessageState
from tests.browser.outages import AGENDAS, IN_THE_BROWSER, Office, row, sign_in
from tests.databases import Database
from tests.factories import Working, a_person, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at

CHLOE = "chloe@mairie-nord.example"
KEPT_BY_SOMEBODY = """async () => {
  for (let tries = 0; tries < 400; tries += 1) {
    if (navigator.serviceWorker.controller) return true;
    await new Promise((next) => { setTimeout(next, 25); });
  }
  return false;
}"""
SAYS = """async (time) => {
  for (let tries = 0; tries < 400; tries += 1) {
    const page = await caches.match(location.href.split("#")[0]);
    const { body } = new DOMParser().parseFromString(await page.text(), "text/html");
    if (body.textContent.replaceAll(/\\s/g, " ").includes(time)) return true;
    await new Promise((next) => { setTimeout(next, 25); });
  }
  return false;
}"""


@dataclass(frozen=True)
class Morning:
    home: Working
    ana: int
    yusuf: int
    nadia: int


@pytest.fixture
def morning(database: Database) -> Morning:
    def rows(session: Session) -> Morning:
        home = a_working_commune(session)
        a_person(session, home.commune)
        a_person(session, home.commune, name="Chloé", email=CHLOE)
        names = ("Ana Peeters", "Yusuf Demir", "Nadia Haddad")
        start = at(MONDAY, "09:00")
        booked = (
            an_appointment(session, home.counter, home.service, name=name, start=start + timedelta(minutes=15 * place))
            for place, name in enumerate(names)
        )
        return Morning(home, *(one.id for one in booked))

    return database.write(rows)


@pytest.mark.engines("sqlite")
def test_what_waits_is_sent_as_soon_as_the_browser_is_connected_again(
    page: Page, office: Office, morning: Morning, database: Database, clock: Clock, complaints: list[str]
) -> None:
    clock.now = at(MONDAY, "10:30")
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    office.stop()
    page.reload()
    row(page, morning.ana).get_by_role("button", name="Arrivé").click()
    expect(page.locator(".unsent")).to_have_count(1)

    office.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(row(page, morning.ana).get_by_text("arrivé", exact=True)).to_be_visible(timeout=5_000)
    expect(page.locator(".unsent")).to_have_count(0)
    assert database.count(Appointment, Appointment.arrived_at.is_not(None)) == 1
    complaints[:] = [said for said in complaints if "ERR_" not in said]


def test_an_outage_of_the_server_costs_nobody_a_mark_and_overwrites_none(
    page: Page,
    open_browser: Callable[..., Page],
    office: Office,
    morning: Morning,
    database: Database,
    clock: Clock,
    complaints: list[str],
    look: Callable[[Page], None],
) -> None:
    clock.now = at(MONDAY, "10:30")
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    clock.now = at(MONDAY, "10:42")
    # Somebody looks at the page again, which asks what is new: the copy follows.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate(SAYS, "10 h 42")
    clock.now = at(MONDAY, "10:50")

    office.stop()
    page.reload()
    lost = page.locator("[data-connection]")
    expect(lost).to_have_text("Connexion perdue. Vous voyez la situation de 10 h 42.")
    expect(lost).to_be_visible()
    for number, mark in ((morning.ana, "Arrivé"), (morning.yusuf, "Terminé"), (morning.nadia, "Terminé")):
        row(page, number).get_by_role("button", name=mark).click()
        expect(row(page, number).get_by_text(f"{mark}\u00a0: pas encore envoyé")).to_be_visible()
    expect(page.get_by_text("Ce que vous avez noté pour 3 visites")).to_be_visible()
    expect(row(page, morning.ana).get_by_role("button", name="Terminé")).to_be_visible()
    expect(row(page, morning.ana).get_by_role("button", name="Absent")).to_be_hidden()
    page.set_viewport_size({"width": 768, "height": 1024})
    assert page.evaluate("document.documentElement.scrollWidth") == 768
    page.set_viewport_size({"width": 1280, "height": 900})
    look(page)

    office.start()
    chloe = open_browser()
    sign_in(chloe, office, CHLOE)
    row(chloe, morning.nadia).get_by_role("button", name="Absent").click()
    expect(row(chloe, morning.nadia).get_by_text("absent", exact=True)).to_be_visible()

    clock.now = at(MONDAY, "10:58")
    page.reload()
    expect(page.get_by_text("Pour 1 visite, ce qui a été noté sans connexion")).to_be_visible()
    expect(lost).to_be_hidden()
    expect(page.locator(".unsent")).to_have_count(0)
    expect(row(page, morning.ana).get_by_text("arrivé", exact=True)).to_be_visible()
    expect(row(page, morning.yusuf).get_by_text("terminé", exact=True)).to_be_visible()
    expect(row(page, morning.nadia).get_by_text("absent", exact=True)).to_be_visible()

    page.get_by_role("link", name="Décider", exact=True).click()
    conflict = row(page, morning.nadia)
    expect(conflict).to_contain_text("Terminé")
    expect(conflict).to_contain_text("par un agent, lundi 4\u00a0janvier à 10\u00a0h\u00a050")
    look(page)
    assert database.count(LateMark) == 1
    assert acts_on(database, morning.nadia) == [("marked", "agent"), ("marked_late", "agent")]
    assert acts_on(database, morning.yusuf) == [("marked", "agent")]

    conflict.get_by_role("button", name="Laisser tel quel").click()
    expect(page.get_by_text("Il n’y a rien à décider.")).to_be_visible()
    assert database.count(LateMark) == 0
    assert states(database, morning) == [AppointmentState.BOOKED, AppointmentState.FULFILLED, AppointmentState.MISSED]
    complaints[:] = [said for said in complaints if "ERR_" not in said]


def acts_on(database: Database, number: int) -> list[tuple[str, str]]:
    wanted = select(JournalEntry.act, JournalEntry.role).where(JournalEntry.subject_id == number)
    return database.all(wanted.where(JournalEntry.subject == "appointment").order_by(JournalEntry.id))


def states(database: Database, morning: Morning) -> list[AppointmentState]:
    numbers = (morning.ana, morning.yusuf, morning.nadia)
    found = dict(database.all(select(Appointment.id, Appointment.state)))
    return [found[number] for number in numbers]


def test_a_mark_that_waits_is_taken_back_before_it_is_sent(
    page: Page, office: Office, morning: Morning, clock: Clock, complaints: list[str]
) -> None:
    clock.now = at(MONDAY, "10:42")
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    office.stop()
    row(page, morning.ana).get_by_role("button", name="Absent").click()
    expect(page.locator(".unsent")).to_have_count(1)

    row(page, morning.ana).get_by_role("button", name="Retirer").click()

    expect(page.locator(".unsent")).to_have_count(0)
    expect(row(page, morning.ana).get_by_role("button", name="Absent")).to_be_visible()
    expect(page.get_by_text("pas encore envoyé")).to_have_count(0)
    complaints[:] = [said for said in complaints if "ERR_" not in said]


def test_a_mark_waits_for_whoever_made_it_when_the_outage_outlasts_the_session(
    page: Page, office: Office, morning: Morning, database: Database, clock: Clock, complaints: list[str]
) -> None:
    clock.now = at(MONDAY, "10:42")
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    office.stop()
    row(page, morning.ana).get_by_role("button", name="Terminé").click()
    expect(page.locator(".unsent")).to_have_count(1)
    clock.now = at(MONDAY, "11:30")
    office.start()
    page.reload()
    assert page.evaluate(IN_THE_BROWSER, False)

    sign_in(page, office, CHLOE)
    expect(page.locator("#unsent-all")).to_be_hidden()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("heading", name="Se connecter").wait_for()
    assert states(database, morning)[0] == AppointmentState.BOOKED

    sign_in(page, office)
    expect(row(page, morning.ana).get_by_text("terminé", exact=True)).to_be_visible()
    assert acts_on(database, morning.ana) == [("marked", "agent")]
    complaints[:] = [said for said in complaints if "ERR_" not in said]


@pytest.mark.parametrize(("language", "word"), [("fr", "Se déconnecter"), ("nl", "Afmelden")])
def test_nothing_of_the_agenda_stays_after_signing_out(
    page: Page,
    context: BrowserContext,
    office: Office,
    morning: Morning,
    language: str,
    word: str,
    complaints: list[str],
) -> None:
    sign_in(page, office, language=language)
    page.goto(f"{office.address}{AGENDAS[language]}")
    assert page.evaluate(IN_THE_BROWSER, True)

    page.get_by_role("button", name=word).click()
    assert page.evaluate(IN_THE_BROWSER, False)

    office.stop()
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{office.address}{AGENDAS[language]}")
    complaints[:] = [said for said in complaints if "ERR_" not in said]


@pytest.mark.engines("sqlite")
def test_a_page_that_came_before_the_worker_began_is_kept_all_the_same(
    page: Page, context: BrowserContext, office: Office, morning: Morning, complaints: list[str]
) -> None:
    sign_in(page, office)
    address = f"{office.address}{AGENDAS['fr']}"
    assert page.evaluate(IN_THE_BROWSER, True)
    page.evaluate(
        "async () => { for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister(); }"
    )
    page.goto("about:blank")

    held: list[Route] = []
    early = context.new_page()
    early.route("**/agenda.*.js", lambda route: held.append(route))
    early.goto(address, wait_until="commit")
    page.goto(address)
    assert early.evaluate(KEPT_BY_SOMEBODY)
    assert page.evaluate(IN_THE_BROWSER, True)
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    held[0].continue_()
    assert early.evaluate(IN_THE_BROWSER, True)


SLOW = """async (address) => {
  const usual = self.fetch;
  const held = new Promise((release) => { self.release = release; });
  await new Promise((answered) => {
    self.fetch = async (...asked) => { const answer = await usual(...asked); answered(); await held; return answer; };
    self.slow = ACTS.keep({ address });
    self.fetch = usual;
  });
}"""
"""A copy is asked for now, and its answer is long on its way."""


SIGNED_OUT_MEANWHILE = """async (address) => {
  const usual = caches.match.bind(caches);
  caches.match = async (...asked) => { const found = await usual(...asked); await forget(); return found; };
  await renew(address, '<section class="day" data-keep-seconds="600"></section>');
  delete caches.match;
}"""
"""What is new arrives while its reader signs out."""


def test_what_is_new_does_not_bring_the_agenda_back_after_signing_out(
    page: Page, office: Office, morning: Morning
) -> None:
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    (worker,) = page.context.service_workers

    worker.evaluate(SIGNED_OUT_MEANWHILE, page.url)

    assert worker.evaluate("async () => (await caches.keys()).length") == 0


def test_without_a_connection_nobody_is_noted_as_coming(
    page: Page, office: Office, morning: Morning, database: Database, clock: Clock, complaints: list[str]
) -> None:
    def asked(session: Session) -> None:
        morning.home.service.asks_coming = True
        session.merge(morning.home.service)
        own = {"commune_id": morning.home.commune.id, "appointment_id": morning.nadia, "of_start": at(MONDAY, "09:30")}
        when = {"created_at": EARLY, "due_at": EARLY, "copy": 0, "attempts": 1, "version": 1}
        add(session, Message(**own, **when, kind=MessageKind.REMINDER_1, state=MessageState.SENT))

    database.write(asked)
    clock.now = at(MONDAY, "08:50")
    sign_in(page, office)
    expect(row(page, morning.nadia).locator("[name=coming]")).to_be_visible()
    assert page.evaluate(IN_THE_BROWSER, True)

    office.stop()
    page.reload()

    expect(row(page, morning.nadia).get_by_role("button", name="Arrivé")).to_be_visible()
    expect(row(page, morning.nadia).locator("[name=coming]")).to_be_hidden()
    complaints[:] = [said for said in complaints if "ERR_" not in said]


def test_a_copy_that_was_long_on_its_way_does_not_overwrite_a_newer_one(
    page: Page, office: Office, morning: Morning, clock: Clock, complaints: list[str]
) -> None:
    clock.now = at(MONDAY, "10:30")
    sign_in(page, office)
    assert page.evaluate(IN_THE_BROWSER, True)
    (worker,) = page.context.service_workers
    worker.evaluate(SLOW, page.url)
    clock.now = at(MONDAY, "10:42")
    worker.evaluate("(address) => ACTS.keep({ address })", page.url)
    assert page.evaluate(SAYS, "10 h 42")

    worker.evaluate("() => { release(); return slow; }")

    office.stop()
    page.reload()
    expect(page.locator("[data-connection]")).to_have_text("Connexion perdue. Vous voyez la situation de 10 h 42.")
    complaints[:] = [said for said in complaints if "ERR_" not in said]
