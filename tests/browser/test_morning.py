"""A morning at an office: three agents, a kiosk, the hall, a telephone, thirty visitors; at its end the sums hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.tickets import ENDED, Origin, Step, TicketState
from booking.models import Appointment, JournalEntry, LateMark, Office, Ticket, TicketStep
from booking.usecases.calling import call_next
from booking.usecases.check import problems
from booking.usecases.checking_in import check_in
from booking.usecases.desks import able_at
from booking.usecases.journal import Actor
from booking.usecases.screens import renew_screen
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import Visitor
from booking.usecases.walk_ins import Wanted, take_ticket
from tests.browser import outages
from tests.browser.conftest import all_sent
from tests.browser.outages import AGENDAS, IN_THE_BROWSER, row, sign_in
from tests.databases import Database
from tests.factories import Working, a_group, a_person, a_service, a_working_commune, an_appointment
from tests.moments import MONDAY, Clock, at

STAFF = {"bilal": Role.AGENT, "lotte": Role.AGENT, "chloe": Role.AGENT, "rosa": Role.RECEPTIONIST}
BOOKED = (
    *(("08:30", place) for place in range(3)),
    *(("08:45", place) for place in range(3)),
    *(("09:00", place) for place in range(3)),
    *(("09:15", place) for place in (0, 2)),
    *(("09:30", place) for place in (0, 2)),
    ("09:45", 0),
)
"""When somebody comes with an appointment, and to which counter: at nine o'clock there is no room beside the third."""
FITS_NOWHERE, FORGOTTEN, AT_TIME, DEMIR, HADDAD = 8, 10, 11, 12, 13
BY_USECASE = 15
SOON = 4_000
"""Milliseconds after which the hall has asked again."""


@dataclass
class Morning:
    """The office's rows by number, and those who come and are served without anybody looking at a page."""

    database: Database
    clock: Clock
    home: Working
    visits: tuple[int, ...]
    references: tuple[str, ...]
    people: dict[str, Actor]
    screen: str
    own: dict[str, object] = field(default_factory=dict)

    def comes(self, *places: int) -> None:
        for place in places:
            own = {**self.own, "appointment_id": self.visits[place], "origin": Origin.RECEPTION}
            self.database.write(check_in, **own, actor=self.people["rosa"], now=self.clock.now)

    def walk_in(self, number: int) -> None:
        def take(session: Session) -> None:
            office, visitor = session.get_one(Office, self.home.office.id), Visitor(language="nl")
            own = {"office": office, "wanted": [Wanted(self.home.service.id)], "visitor": visitor}
            take_ticket(session, **own, origin=Origin.RECEPTION, actor=self.people["rosa"], now=self.clock.now)

        for _ in range(number):
            self.database.write(take)

    def serve(self, number: int, *agents: str) -> None:
        """So many visitors are called, seen and sent home, by these agents in turn."""
        for agent in islice(cycle(agents), number):
            self.database.write(self.serve_one, agent)

    def serve_one(self, session: Session, agent: str) -> None:
        counter, actor, now = self.home.counters[list(STAFF).index(agent)].id, self.people[agent], self.clock.now
        office = session.get_one(Office, self.home.office.id)
        able = able_at(session, office=office, counter_id=counter, now=now)
        called = call_next(session, able=able, actor=actor, now=now)
        for more, step in enumerate((Step.BEGIN, Step.DONE)):
            wish = StepWish(step, called.version + more, counter_id=counter)
            take_step(session, **self.own, ticket_id=called.id, wish=wish, actor=actor, now=now)

    def tickets(self) -> dict[TicketState, int]:
        return dict(self.database.all(select(Ticket.state, func.count()).group_by(Ticket.state)))

    def acts_on(self, place: int) -> list[tuple[str, str]]:
        about = (JournalEntry.subject == "appointment", JournalEntry.subject_id == self.visits[place])
        return self.database.all(select(JournalEntry.act, JournalEntry.role).where(*about).order_by(JournalEntry.id))


@pytest.fixture
def morning(database: Database, clock: Clock) -> Morning:
    clock.now = at(MONDAY, "08:20")

    def rows(session: Session) -> Morning:
        home = a_working_commune(session, counters=3)
        home.opening.mode, home.service.mode = Mode.BOTH, ServiceMode.BOTH
        home.opening.wall_end = at(MONDAY, "10:30").astimezone(home.office.zone).time()
        a_service(session, home.commune, code="passport", group=a_group(session, home.commune, code="passports"))
        people = {}
        for name, role in STAFF.items():
            told = {"name": name.title(), "email": f"{name}@mairie-nord.example", "role": role}
            person = a_person(session, home.commune, **told, language="nl" if name == "lotte" else "fr")
            people[name] = Actor(role, person.id)
        by_phone = {"email": None, "phone": "+32470123456"}
        booked = [
            an_appointment(session, home.counters[place], home.service, start=at(MONDAY, wall), **by_phone)
            for wall, place in BOOKED
        ]
        here = {"commune_id": home.commune.id, "office_id": home.office.id}
        screen = renew_screen(session, **here, actor=people["bilal"], now=clock.now)
        references = tuple(one.reference or "" for one in booked)
        return Morning(database, clock, home, tuple(one.id for one in booked), references, people, screen)

    found: Morning = database.write(rows)
    found.own = {"commune_id": found.home.commune.id, "office_ids": [found.home.office.id]}
    return found


@dataclass(frozen=True)
class Rooms:
    """Everybody's browser, open where they work."""

    office: outages.Office
    bilal: Page
    lotte: Page
    chloe: Page
    rosa: Page
    kiosk: Page
    hall: Page

    def desk(self, page: Page, language: str = "fr") -> None:
        page.goto(f"{self.office.address}{AGENDAS[language]}desk")


@pytest.fixture
def rooms(
    open_browser: Callable[..., Page], office: outages.Office, morning: Morning, complaints: list[str]
) -> Iterator[Rooms]:
    rooms = Rooms(office, *(open_browser(locale=f"{language}-BE") for language in ("fr", "nl", *["fr"] * 4)))
    for name, language in zip(STAFF, ("fr", "nl", "fr", "fr"), strict=True):
        sign_in(getattr(rooms, name), office, f"{name}@mairie-nord.example", language)
    rooms.hall.clock.install()
    rooms.hall.goto(f"{office.address}/screen/{morning.screen}")
    yield rooms
    # The server was away on purpose.
    complaints[:] = [said for said in complaints if "ERR_" not in said]


def takes_a_number(kiosk: Page, office: outages.Office, reference: str = "") -> str:
    """The number that the kiosk gives, with an appointment or without."""
    kiosk.goto(f"{office.address}/fr/mairie-nord/kiosk/town-hall")
    if reference:
        kiosk.locator(".kiosk-choice").first.click()
        kiosk.fill("[name=reference]", reference)
        kiosk.press("[name=reference]", "Enter")
    else:
        kiosk.locator(".kiosk-choice").last.click()
        kiosk.locator(".kiosk-choice").first.click()
        kiosk.locator(".govuk-radios__label").nth(1).click()
        kiosk.locator("#take .kiosk-acts button").first.click()
    number = kiosk.locator("h1 .kiosk-number")
    expect(number).to_be_visible()
    return number.inner_text()


def press(page: Page, *keys: str) -> None:
    """Each key is one step, and is seen to have been taken before the next."""
    for key in keys:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press(key)
        page.wait_for_load_state()
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")


def test_the_sums_of_a_morning_hold_whatever_went_wrong_in_it(
    rooms: Rooms, morning: Morning, database: Database, axe: Callable[[Page], None]
) -> None:
    the_doors_open(rooms, morning, axe)
    a_counter_is_out(rooms, morning, axe)
    somebody_rings(rooms, morning)
    all_sent(rooms.office.settings, morning.clock, database)
    the_server_is_restarted(rooms, morning)
    the_server_is_away(rooms, morning, axe)
    the_day_ends(rooms, morning, axe)

    assert database.write(problems, now=morning.clock.now) == []


def the_doors_open(rooms: Rooms, morning: Morning, axe: Callable[[Page], None]) -> None:
    assert takes_a_number(rooms.kiosk, rooms.office) == "A\u00a0001"
    assert takes_a_number(rooms.kiosk, rooms.office, morning.references[0]) == "A\u00a0002"
    axe(rooms.kiosk)
    rooms.rosa.goto(f"{rooms.office.address}{AGENDAS['fr']}reception")
    rooms.rosa.keyboard.type(morning.references[1])
    rooms.rosa.keyboard.press("Enter")
    expect(rooms.rosa.get_by_role("heading", level=1)).to_contain_text("A\u00a0003")
    morning.comes(2, 3, 4, 5, 6, 7)
    morning.walk_in(7)
    assert morning.tickets() == {TicketState.WAITING: 16}

    morning.clock.now = at(MONDAY, "08:32")
    for page, button in ((rooms.bilal, "Ouvrir le guichet 1"), (rooms.chloe, "Ouvrir le guichet 3")):
        rooms.desk(page)
        page.get_by_role("button", name=button).click()
    rooms.desk(rooms.lotte, "nl")
    rooms.lotte.get_by_role("button", name="Loket 2 openen").click()
    called = set()
    for page in (rooms.bilal, rooms.lotte, rooms.chloe):
        expect(page.locator("#forward")).to_be_visible()
        press(page, "n")
        called.add(page.locator("#person-title .who__number").inner_text())
    assert len(called) == 3
    rooms.hall.clock.run_for(SOON)
    expect(rooms.hall.locator(".calls--now .call")).to_have_count(3)
    for page in (rooms.hall, rooms.lotte, rooms.chloe):
        axe(page)
    press(rooms.bilal, "n", "n", "n", "d")
    press(rooms.lotte, "n", "i")
    press(rooms.chloe, "r", "x")
    ended = {TicketState.DONE: 2, TicketState.INCOMPLETE: 1, TicketState.ABSENT: 1}
    assert morning.tickets() == {TicketState.WAITING: 12, **ended}
    morning.serve(6, "bilal", "lotte", "chloe")


def a_counter_is_out(rooms: Rooms, morning: Morning, axe: Callable[[Page], None]) -> None:
    morning.clock.now = at(MONDAY, "08:48")
    rooms.chloe.goto(f"{rooms.office.address}{AGENDAS['fr']}counters")
    third = rooms.chloe.locator(f"#counter-{morning.home.counters[2].id}")
    third.get_by_role("link", name="Indisponible aujourd’hui").click()
    expect(rooms.chloe.get_by_text("1 visite ne trouve place à aucun autre guichet")).to_be_visible()
    axe(rooms.chloe)
    rooms.chloe.get_by_role("button", name="Rendre le guichet 3 indisponible aujourd’hui").click()
    expect(rooms.chloe.get_by_text("2 visites gardent leur heure à un autre guichet.")).to_be_visible()
    assert rooms.chloe.url.endswith("/calls"), "no mail reaches whoever fits nowhere"
    axe(rooms.chloe)
    at_counters = dict(morning.database.all(select(Appointment.id, Appointment.counter_id)))
    assert {at_counters[morning.visits[place]] for place in (FORGOTTEN, DEMIR)} == {morning.home.counters[1].id}


def somebody_rings(rooms: Rooms, morning: Morning) -> None:
    """Rosa books for Emma by keyboard alone."""
    page = rooms.rosa
    page.goto(f"{rooms.office.address}{AGENDAS['fr']}book")
    expect(page.locator("input:focus")).to_be_visible()
    page.keyboard.type("identit")
    for keys in (("Enter",), ("ArrowDown", "Enter")):
        with page.expect_navigation():
            for key in keys:
                page.keyboard.press(key)
    for typed in ("Emma Peeters", "", "0470123456"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab" if typed != "0470123456" else "Enter")
    expect(page.get_by_text("Le rendez-vous est fixé.")).to_be_visible()
    morning.comes(9)
    morning.serve(2, "bilal", "lotte")
    press(rooms.bilal, "n", "n", "d")
    press(rooms.lotte, "n", "n", "d")


def the_server_is_restarted(rooms: Rooms, morning: Morning) -> None:
    """Whoever is at a counter is still there, and the numbers go on."""
    morning.clock.now = at(MONDAY, "09:12")
    press(rooms.lotte, "n", "n")
    before = rooms.lotte.locator("#person-title").inner_text()
    rooms.office.stop()
    rooms.office.start()

    rooms.lotte.reload()
    expect(rooms.lotte.locator("#person-title")).to_have_text(before, use_inner_text=True)
    press(rooms.lotte, "d")
    assert takes_a_number(rooms.kiosk, rooms.office) == "A\u00a0018"
    morning.walk_in(BY_USECASE - 7)
    press(rooms.bilal, "n", "n", "d")


def the_server_is_away(rooms: Rooms, morning: Morning, axe: Callable[[Page], None]) -> None:
    """Bilal marks three without a connection; Chloé has said otherwise of one of them before his marks arrive."""
    morning.clock.now = at(MONDAY, "09:40")
    press(rooms.bilal, "n", "n", "d")
    morning.clock.now = at(MONDAY, "09:50")
    page, visits = rooms.bilal, morning.visits
    page.goto(f"{rooms.office.address}{AGENDAS['fr']}")
    assert page.evaluate(IN_THE_BROWSER, True)
    rooms.office.stop()
    page.reload()
    for place, mark in ((AT_TIME, "Arrivé"), (DEMIR, "Terminé"), (HADDAD, "Terminé")):
        row(page, visits[place]).get_by_role("button", name=mark).click()
    expect(page.get_by_text("Ce que vous avez noté pour 3 visites")).to_be_visible()
    axe(page)
    rooms.hall.clock.run_for(5 * SOON)
    expect(rooms.hall.get_by_text("Connexion perdue.")).to_be_visible()

    rooms.office.start()
    sign_in(rooms.chloe, rooms.office, "chloe@mairie-nord.example")
    row(rooms.chloe, visits[HADDAD]).get_by_role("button", name="Absent").click()
    expect(row(rooms.chloe, visits[HADDAD]).get_by_text("absent", exact=True)).to_be_visible()
    morning.clock.now = at(MONDAY, "09:55")
    page.reload()
    expect(page.get_by_text("Pour 1 visite, ce qui a été noté sans connexion")).to_be_visible()
    assert morning.acts_on(HADDAD) == [("marked", "agent"), ("marked_late", "agent")]
    page.get_by_role("link", name="Décider", exact=True).click()
    expect(row(page, visits[HADDAD])).to_contain_text("Terminé")
    axe(page)
    row(page, visits[HADDAD]).get_by_role("button", name="Laisser tel quel").click()
    expect(page.get_by_text("Il n’y a rien à décider.")).to_be_visible()
    assert morning.database.count(LateMark) == 0
    rooms.hall.clock.run_for(5 * SOON)
    expect(rooms.hall.get_by_text("Connexion perdue.")).to_be_hidden()


def the_day_ends(rooms: Rooms, morning: Morning, axe: Callable[[Page], None]) -> None:
    """All but two are served; they are settled on one page, and one visit is left open there."""
    morning.clock.now = at(MONDAY, "10:15")
    rooms.desk(rooms.bilal)
    morning.serve(morning.tickets()[TicketState.WAITING] - 2, "bilal", "lotte")
    morning.clock.now = at(MONDAY, "10:35")
    page = rooms.bilal
    page.goto(f"{rooms.office.address}{AGENDAS['fr']}end-of-day")
    expect(page.locator("select[name^=ticket-]")).to_have_count(2)
    forgotten = page.locator(f"select[name=visit-{morning.visits[FORGOTTEN]}]")
    forgotten.select_option("")
    axe(page)
    page.get_by_role("button", name="Clôturer la journée").click()

    expect(page.locator("select[name^=ticket-]")).to_have_count(0)
    expect(forgotten).to_be_visible()
    tickets = morning.tickets()
    assert tickets.keys() == ENDED, "done, papers incomplete, did not come, left: somebody of each"
    number = len(BOOKED) - 4 + 2 + BY_USECASE
    assert sum(tickets.values()) == number
    numbers = morning.database.all(select(Ticket.number).order_by(Ticket.number))
    assert numbers == list(range(1, number + 1))
    calls = select(func.count()).where(TicketStep.step == Step.CALL).group_by(TicketStep.ticket_id)
    assert set(morning.database.all(calls)) == {1}, "nobody was called twice"
    the_visits_add_up(page, morning)


def the_visits_add_up(page: Page, morning: Morning) -> None:
    S = AppointmentState
    begun = select(Appointment.state, func.count()).where(Appointment.start <= morning.clock.now)
    found = dict(morning.database.all(begun.group_by(Appointment.state)))
    unsettled = page.locator("select[name^=visit-]").count()
    assert found.pop(S.CANCELLED) == 1
    assert found[S.BOOKED] == unsettled
    gone, missed = found[S.FULFILLED], found[S.MISSED]
    assert sum(found.values()) == gone + missed + unsettled
    lacking = morning.database.count(Ticket, Ticket.appointment_id.is_not(None), Ticket.state == TicketState.INCOMPLETE)
    told = page.locator(".facts dd")
    expect(told.first).to_contain_text(f"{sum(morning.tickets().values())} = ")
    past = rf"^\s*{gone + missed + unsettled} = {gone - lacking} .+ {lacking} .+ {missed} .+ {unsettled} "
    expect(told.last).to_contain_text(re.compile(past))
    ended = select(Appointment.id, Appointment.state, Ticket.state).outerjoin(
        Ticket, Ticket.appointment_id == Appointment.id
    )
    for number, state, ticket in morning.database.all(ended.where(Appointment.id.in_(morning.visits))):
        if ticket is not None:
            served = ticket in {TicketState.DONE, TicketState.INCOMPLETE}
            assert state == (S.FULFILLED if served else S.MISSED), number
