"""The hall reads its screen: numbers and counters in both languages, nobody's name, at next to no cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from booking.core.needs import Need
from booking.core.roles import Role
from booking.core.tickets import TicketState
from booking.core.translated import Translated
from booking.core.turns import QueuePolicy
from booking.database import db
from booking.models import Banner, Office, Pause, Ticket
from booking.usecases.journal import Actor
from booking.usecases.screens import renew_screen, revoke_screen
from tests.databases import Database
from tests.factories import Working, a_person, a_service, a_ticket, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.pages import Page, visit, words
from tests.web.counting import counted

DORA = Actor(Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Screen:
    """A screen in a hall, and the office behind it."""

    client: FlaskClient
    database: Database
    work: Working
    secret: str

    def page(self) -> Page:
        return visit(self.client, f"/screen/{self.secret}")

    def feed(self, tag: str = "") -> TestResponse:
        return self.client.get(f"/screen/{self.secret}/feed", headers={"If-None-Match": tag} if tag else {})

    def calls(self, number: int, **columns: object) -> None:
        here = {"number": number, "state": TicketState.CALLED, "counter_id": self.work.counter.id, "calls": 1}
        row = here | {"called_at": EARLY, "issued_at": EARLY - timedelta(minutes=20)} | columns
        service = row.pop("service", self.work.service)
        self.database.write(lambda session: a_ticket(session, self.work.office, service, **row) and None)

    def change(self, **columns: object) -> None:
        self.database.write(lambda session: session.execute(update(Office).values(**columns)) and None)


@pytest.fixture
def screen(client: FlaskClient, database: Database) -> Screen:
    def rows(session: Session) -> tuple[Working, str]:
        work = a_working_commune(session, counters=3)
        own = {"commune_id": work.commune.id, "office_id": work.office.id}
        return work, renew_screen(session, **own, actor=DORA, now=EARLY)

    return Screen(client, database, *database.write(rows))


def lines(page: Page) -> list[str]:
    return [words(row) for row in page.tree.iterfind(".//tbody/tr")]


def test_a_number_that_is_called_stands_beside_its_counter_in_both_languages(screen: Screen) -> None:
    screen.calls(27, counter_id=screen.work.counters[2].id)

    page = screen.page()
    assert lines(page) == ["A\u00a0027 → 3"]
    assert "Ticket Guichet / Loket" in words(page.tree.find(".//thead"))
    assert "Mairie Nord" in page.heading
    assert "Gemeente Noord" in page.heading
    assert "08:00" in page.text
    assert "Nous appelons" in page.text
    assert "Wij roepen" in page.text


def test_where_dutch_comes_first_it_comes_first(client: FlaskClient, database: Database) -> None:
    def rows(session: Session) -> str:
        work = a_working_commune(session, first_language="nl")
        own = {"commune_id": work.commune.id, "office_id": work.office.id}
        return renew_screen(session, **own, actor=DORA, now=EARLY)

    page = visit(client, f"/screen/{database.write(rows)}")
    assert page.tree.attrib["lang"] == "nl"
    assert page.heading.startswith("Gemeente Noord")
    assert "Op dit ogenblik zijn er geen oproepen.Aucun appel en ce moment." in page.text


def test_calls_follow_one_another_the_latest_first_and_go_after_half_an_hour(screen: Screen) -> None:
    two, three = screen.work.counters[1:]
    screen.calls(1, called_at=EARLY - timedelta(minutes=2))
    screen.calls(2, counter_id=two.id)
    screen.calls(3, state=TicketState.DONE, counter_id=three.id, called_at=EARLY - timedelta(minutes=5))
    screen.calls(4, state=TicketState.DONE, counter_id=three.id, called_at=EARLY - timedelta(minutes=31))
    screen.calls(5, state=TicketState.WAITING, counter_id=None)

    assert lines(screen.page()) == ["A\u00a0002 → 2", "A\u00a0001 → 1", "A\u00a0003 → 3"]


def test_the_latest_call_is_large_for_ten_seconds(screen: Screen, app: Flask) -> None:
    screen.calls(27)

    assert 'class="call call--large"' in screen.page().response.text
    app.extensions["clock"].forward(seconds=10)
    assert 'class="call call--large"' not in screen.page().response.text


def test_who_comes_for_something_sensitive_is_shown_without_a_sound_or_large_figures(screen: Screen) -> None:
    deaths = screen.database.write(
        lambda session: a_service(session, screen.work.commune, code="death", is_sensitive=True)
    )
    screen.calls(8, service=deaths)

    page = screen.page()
    assert lines(page) == ["A\u00a0008 → 1"]
    assert "call--large" not in page.response.text
    assert "data-loud" not in page.response.text


def test_the_hall_reads_what_is_not_possible_and_what_the_commune_announces(screen: Screen) -> None:
    own = {"commune_id": screen.work.commune.id}
    text = Translated.of(fr="Grève vendredi.", nl="Vrijdag staking.")
    banner = Banner(**own, text=text, shown_from=EARLY, shown_until=EARLY + timedelta(hours=3))
    pause = Pause(**own, office_id=screen.work.office.id, service_id=screen.work.service.id, since=EARLY)
    screen.database.write(lambda session: add(session, banner, pause) and None)

    text = screen.page().text
    assert "Momentanément impossible\u00a0: Carte d’identité" in text
    assert "Grève vendredi. Vrijdag staking." in text


@pytest.mark.parametrize("policy", QueuePolicy)
def test_the_rule_of_the_office_stands_there_once_in_each_language(screen: Screen, policy: QueuePolicy) -> None:
    screen.change(queue_policy=policy)

    rules = [words(line) for line in screen.page().tree.iterfind(".//div[@class='hall__rule']/p")]
    assert len(rules) == len(set(rules)) == 2


def test_a_screen_on_which_nothing_has_changed_costs_one_statement_and_no_cookie(screen: Screen, app: Flask) -> None:
    screen.calls(27)
    tag = screen.feed().headers["ETag"]
    with app.app_context():
        engine = db.engine

    with counted(engine) as said:
        again = screen.feed(tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert [line for line in said if not line.startswith("BEGIN")] == said[-1:]
    assert "Set-Cookie" not in again.headers
    assert again.headers["X-Now"] == str(int(EARLY.timestamp()))


def test_that_nothing_has_changed_is_worth_no_line_in_the_log(screen: Screen) -> None:
    with capture_logs() as said:
        tag = screen.feed().headers["ETag"]
        screen.feed(tag)

    assert [(line["rule"], line["status"]) for line in said] == [("/screen/<secret>/feed", 200)]


def test_whatever_the_hall_should_see_makes_the_screen_draw_itself_anew(screen: Screen) -> None:
    own = {"commune_id": screen.work.commune.id, "office_id": screen.work.office.id}
    tags = [screen.feed().headers["ETag"]]

    def is_told() -> bool:
        answer = screen.feed(tags[-1])
        tags.append(answer.headers["ETag"])
        return answer.status_code == 200

    screen.calls(27)
    assert is_told()
    screen.database.write(lambda session: session.execute(update(Ticket).values(version=2, calls=2)) and None)
    assert is_told()
    pause = Pause(**own, service_id=screen.work.service.id, since=EARLY)
    screen.database.write(lambda session: add(session, pause) and None)
    assert is_told()
    screen.change(queue_policy=QueuePolicy.ARRIVAL)
    assert is_told()
    assert not is_told()


def test_no_screen_says_who_anybody_is(screen: Screen) -> None:
    def rows(session: Session) -> None:
        work = screen.work
        a_person(session, work.commune, name="Bilal Amrani", email="bilal@mairie-nord.example")
        about = {"name": "Yusuf Demir", "phone": "+32470123456", "email": "yusuf@example.org"}
        booked = an_appointment(session, work.counter, work.service, start=at(MONDAY, "09:00"), **about)
        called = {"state": TicketState.CALLED, "called_at": EARLY, "calls": 1}
        a_ticket(session, work.office, work.service, appointment_id=booked.id, counter_id=work.counter.id, **called)
        more = {"name": "Nadia Haddad", "needs": frozenset({Need.LOW_COUNTER}), "counter_id": work.counters[1].id}
        a_ticket(session, work.office, work.service, **called, **more)

    screen.database.write(rows)
    for said in (screen.page().response.text, screen.feed().text):
        for word in ("Yusuf", "Demir", "yusuf", "470", "Nadia", "Haddad", "Bilal", "bilal", "@", "carte d", "Carte d"):
            assert word not in said


def test_a_secret_that_was_renewed_or_revoked_opens_nothing_any_more(screen: Screen, client: FlaskClient) -> None:
    own = {"commune_id": screen.work.commune.id, "office_id": screen.work.office.id, "actor": DORA, "now": EARLY}
    other = screen.database.write(renew_screen, **own)
    assert client.get(f"/screen/{screen.secret}").status_code == 404
    assert screen.feed().status_code == 404
    assert client.get(f"/screen/{other}").status_code == 200

    screen.database.write(revoke_screen, **own)
    assert client.get(f"/screen/{other}").status_code == 404
    assert client.get("/screen/None").status_code == 404
