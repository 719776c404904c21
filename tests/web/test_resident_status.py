"""Yusuf reads on his phone how many come before him, and when it is his turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.core.tickets import Aside, TicketState
from booking.core.turns import QueuePolicy
from booking.models import Counter, Desk, Office, Pause
from booking.web.resident import status
from tests.databases import Database
from tests.factories import Working, a_person, a_service, a_ticket, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.pages import Page, visit, words

KEY = "a" * 32


@dataclass(frozen=True)
class Phone:
    client: FlaskClient
    database: Database
    work: Working

    def page(self, language: str = "fr", key: str = KEY) -> Page:
        slug = "gemeente-noord" if language == "nl" else "mairie-nord"
        return visit(self.client, f"/{language}/{slug}/status/{key}")

    def asks(self, tag: str = "") -> TestResponse:
        headers = {"X-Fresh": "1", **({"If-None-Match": tag} if tag else {})}
        return self.client.get(f"/fr/mairie-nord/status/{KEY}", headers=headers)

    def told(self) -> list[str]:
        region = self.page().tree.find(".//section[@id='standing']")
        return [words(line) for line in region if "hidden" not in line.attrib]

    def holds(self, **columns: object) -> None:
        row = {"number": 27, "status_key": KEY, "issued_at": EARLY} | columns
        self.database.write(lambda session: a_ticket(session, self.work.office, self.work.service, **row) and None)

    def waits(self, number: int, minutes: int, **columns: object) -> None:
        row = {"number": number, "issued_at": EARLY - timedelta(minutes=minutes)} | columns
        service = row.pop("service", self.work.service)
        self.database.write(lambda session: a_ticket(session, self.work.office, service, **row) and None)

    def change(self, table: type, **columns: object) -> None:
        self.database.write(lambda session: session.execute(update(table).values(**columns)) and None)


@pytest.fixture
def phone(client: FlaskClient, database: Database) -> Phone:
    """One of two counters is open."""

    def rows(session: Session) -> Working:
        work = a_working_commune(session, counters=2)
        bilal = a_person(session, work.commune, name="Bilal Amrani", email="bilal@mairie-nord.example")
        own = {"commune_id": work.commune.id, "counter_id": work.counter.id}
        add(session, Desk(**own, person_id=bilal.id, opened_at=EARLY))
        return work

    return Phone(client, database, database.write(rows))


def test_who_waits_reads_how_many_come_before_and_how_long_it_takes_about(phone: Phone) -> None:
    phone.waits(21, 10)
    phone.waits(22, 5)
    phone.holds()
    phone.waits(28, -5)

    assert phone.told()[:4] == [
        "Maison communale",
        "Ticket A\u00a0027",
        "2\u00a0personnes avant vous",
        "environ 15 à 45\u00a0minutes",
    ]
    dutch = phone.page("nl").text
    assert "2\u00a0personen vóór u" in dutch
    assert "ongeveer 15 tot 45\u00a0minuten" in dutch


def test_who_waits_at_a_counter_that_does_not_serve_them_is_not_before(phone: Phone) -> None:
    def elsewhere(session: Session) -> object:
        return a_service(session, phone.work.commune, code="passport")

    phone.waits(21, 10, service=phone.database.write(elsewhere), for_counter_id=phone.work.counters[1].id)
    phone.holds()

    assert "Vous êtes la prochaine personne." in phone.told()
    phone.database.write(
        lambda session: (
            add(
                session,
                Desk(
                    commune_id=phone.work.commune.id,
                    counter_id=phone.work.counters[1].id,
                    person_id=a_person(session, phone.work.commune, email="chloe@mairie-nord.example").id,
                    opened_at=EARLY,
                ),
            )
            and None
        )
    )
    assert phone.told()[2:4] == ["1\u00a0personne avant vous", "moins de 5\u00a0minutes"]


def test_who_waits_for_what_no_open_counter_can_give_now_is_not_before(phone: Phone) -> None:
    other = phone.database.write(lambda session: a_service(session, phone.work.commune, code="passport"))
    phone.waits(21, 10, persons=9)
    phone.waits(22, 9, service=other)
    phone.holds()
    assert "2\u00a0personnes avant vous" not in phone.told()

    phone.change(Counter, max_persons=4)
    assert phone.told()[2:4] == ["Vous êtes la prochaine personne.", "moins de 5\u00a0minutes"]


def test_minutes_are_said_to_be_those_of_today_only_when_visits_of_today_were_counted(phone: Phone) -> None:
    phone.holds()
    assert "la durée habituelle" in phone.page().text

    over = {"state": TicketState.DONE, "begun_at": EARLY, "ended_at": EARLY + timedelta(minutes=4)}
    for number in (11, 12, 13):
        phone.waits(number, 30, **over)
    assert "à partir des visites du jour" in phone.page().text


def test_before_the_counters_open_nobody_is_told_minutes_but_when_they_open(phone: Phone, app: Flask) -> None:
    phone.holds()
    app.extensions["clock"].now = at(MONDAY, "07:45")

    said = phone.page().text
    assert "Les guichets ouvrent à 8\u202fh." in said
    assert "moins de" not in said


def test_where_too_little_is_known_nothing_is_promised(phone: Phone, app: Flask) -> None:
    phone.holds()
    phone.change(Desk, closed_at=EARLY)
    assert "Nous ne pouvons pas dire combien de temps cela prendra" in phone.page().text

    app.extensions["clock"].now = at(MONDAY, "07:45")
    assert "Les guichets ouvrent à 8\u202fh." in phone.page().text


def test_while_a_system_is_down_the_place_is_kept_and_no_minutes_are_told(phone: Phone) -> None:
    phone.holds()
    own = {"commune_id": phone.work.commune.id, "office_id": phone.work.office.id}
    pause = Pause(**own, service_id=phone.work.service.id, since=EARLY)
    phone.database.write(lambda session: add(session, pause) and None)

    assert "un système est en panne. Vous gardez votre place." in phone.page().text
    assert "moins de" not in phone.page().text


def test_when_it_is_their_turn_the_title_and_the_heading_say_where(phone: Phone) -> None:
    phone.holds(state=TicketState.CALLED, counter_id=phone.work.counters[1].id, called_at=EARLY, calls=1)

    page = phone.page()
    assert page.heading == "C’est à vous, guichet\u00a02"
    assert words(page.tree.find(".//title")).startswith("C’est à vous, guichet 2")
    assert phone.page("nl").heading == "Het is uw beurt, loket\u00a02"
    assert visit(phone.client, f"/de/mairie-nord/status/{KEY}").heading == "Sie sind dran, Schalter\u00a02"
    assert visit(phone.client, f"/en/mairie-nord/status/{KEY}").heading == "It is your turn, counter\u00a02"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"state": TicketState.SERVING}, "Vous êtes au guichet 1."),
        ({"state": TicketState.ASIDE, "aside": Aside.PHOTO}, "Revenez ensuite au guichet 1"),
        ({"state": TicketState.DONE}, "Votre visite est terminée."),
        (
            {"state": TicketState.INCOMPLETE, "return_until": MONDAY + timedelta(days=4)},
            "au plus tard le vendredi 8\u00a0janvier et donnez ce numéro à l’accueil",
        ),
        ({"state": TicketState.ABSENT}, "Présentez-vous à l’accueil."),
        ({"state": TicketState.LEFT}, "Ce ticket est clôturé"),
        ({"local_date": MONDAY - timedelta(days=3)}, "Ce ticket n’est plus valable"),
    ],
)
def test_every_state_says_what_to_do(phone: Phone, columns: dict[str, object], sentence: str) -> None:
    phone.holds(counter_id=phone.work.counter.id, **columns)

    assert sentence in phone.page().text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (QueuePolicy.PROMISED, "Qui a l’heure la plus tôt passe d’abord"),
        (QueuePolicy.APPOINTMENTS_FIRST, "un rendez-vous passe avant les personnes sans rendez-vous"),
        (QueuePolicy.ARRIVAL, "Qui est arrivé d’abord passe d’abord"),
    ],
)
def test_it_is_explained_why_a_later_number_may_go_first(phone: Phone, policy: QueuePolicy, reason: str) -> None:
    phone.holds()
    phone.change(Office, queue_policy=policy)

    text = phone.page().text
    assert reason in text
    assert ("15\u00a0minutes de retard" in text) == (policy != QueuePolicy.ARRIVAL)


def test_a_page_that_asks_again_is_told_cheaply_that_nothing_has_changed(phone: Phone, app: Flask) -> None:
    phone.holds()
    tag = phone.asks().headers["ETag"]
    assert phone.asks(tag).status_code == 304

    phone.waits(26, 5)
    assert phone.asks(tag).status_code == 200
    tag = phone.asks().headers["ETag"]
    app.extensions["clock"].forward(minutes=1)
    assert phone.asks(tag).status_code == 200


def test_a_key_of_another_commune_is_as_unknown_as_a_made_up_one(phone: Phone) -> None:
    def elsewhere(session: Session) -> None:
        south = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
        a_ticket(session, south.office, south.service, status_key="b" * 32)

    phone.database.write(elsewhere)
    theirs, made_up = phone.page(key="b" * 32), phone.page(key="c" * 32)
    assert theirs.status == made_up.status == 404
    assert theirs.response.text.replace("b" * 32, "c" * 32) == made_up.response.text


def test_the_page_names_nobody_and_no_other_ticket(phone: Phone) -> None:
    def rows(session: Session) -> None:
        work = phone.work
        about = {"name": "Nadia Haddad", "phone": "+32470123456", "email": "nadia@example.org"}
        booked = an_appointment(session, work.counter, work.service, **about)
        own = {"appointment_id": booked.id, "status_key": KEY, "number": 27}
        a_ticket(session, work.office, work.service, issued_at=EARLY, **own)

    phone.waits(21, 10, name="Yusuf Demir")
    phone.database.write(rows)
    for said in (phone.page().response.text, phone.asks().text):
        for word in ("Nadia", "Haddad", "470", "nadia@", "Yusuf", "Demir", "Bilal", "A\u00a0021"):
            assert word not in said
    assert "Votre rendez-vous est à 9\u202fh." in phone.page().text


def test_whoever_asks_without_end_is_asked_to_wait(phone: Phone, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    phone.holds()
    monkeypatch.setattr(status.PACING, "most", 3)
    app.extensions["clock"].forward(hours=1)

    assert [phone.asks().status_code for _ in range(4)] == [200, 200, 200, 429]
    app.extensions["clock"].forward(minutes=1)
    assert phone.asks().status_code == 200
