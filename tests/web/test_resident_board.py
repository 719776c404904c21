"""Before they leave home, people read how the counters stand today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import db
from booking.models import Banner, Desk, OpeningSession, Pause, Service, WalkInCount
from booking.usecases import board
from booking.usecases.board import board_of
from booking.usecases.catalogue import Group, groups_of
from booking.usecases.counters_out import take_out
from booking.usecases.journal import Actor
from tests.databases import Database
from tests.factories import (
    Working,
    a_counter,
    a_group,
    a_person,
    a_service,
    a_session,
    a_ticket,
    a_working_commune,
    add,
    an_appointment,
)
from tests.moments import EARLY, MONDAY, at
from tests.pages import visit, words
from tests.web.counting import counted

POLLING = {"X-Fresh": "1"}
BOARD = "/fr/mairie-nord/board"


@dataclass(frozen=True)
class Town:
    """Cards by appointment until noon, certificates without one from 8 to 11:30, at one open counter."""

    app: Flask
    client: FlaskClient
    database: Database
    work: Working
    certificate: int
    walk_ins: int

    def text(self, language: str = "fr") -> str:
        slug = "gemeente-noord" if language == "nl" else "mairie-nord"
        self.app.extensions["clock"].forward(seconds=5)
        text = visit(self.client, f"/{language}/{slug}/board").tree.find(".//div[@id='board']")
        return words(text).replace("\u00a0", " ").replace("\u202f", " ")

    def data(self) -> dict[str, Any]:
        self.app.extensions["clock"].forward(seconds=5)
        return self.client.get(f"{BOARD}.json").json or {}

    def has(self, make: Any) -> None:
        self.database.write(lambda session: make(session) and None)

    def service(self, session: Session) -> Service:
        return session.get_one(Service, self.certificate)

    def goes(self, wall: str) -> None:
        self.app.extensions["clock"].now = at(MONDAY, wall)


@pytest.fixture
def town(app: Flask, client: FlaskClient, database: Database) -> Town:
    def rows(session: Session) -> tuple[Working, int, int]:
        work = a_working_commune(session)
        papers = {"name": Translated.of(fr="Attestations", nl="Attesten"), "icon": "address"}
        group = a_group(session, work.commune, code="papers", **papers)
        named = {"name": Translated.of(fr="Composition de ménage", nl="Gezinssamenstelling")}
        own = {"code": "certificate", "group": group, "mode": ServiceMode.WALK_IN}
        certificate = a_service(session, work.commune, **own, **named)
        counter = a_counter(session, work.office, label="2", serves=[certificate])
        opening = a_session(session, work.office, [counter], mode=Mode.WALK_IN, last_entry=time(11, 30))
        bilal = a_person(session, work.commune, name="Bilal Amrani", email="bilal@mairie-nord.example")
        add(session, Desk(commune_id=work.commune.id, counter_id=counter.id, person_id=bilal.id, opened_at=EARLY))
        return work, certificate.id, opening.id

    app.extensions.pop("board", None)
    return Town(app, client, database, *database.write(rows))


def test_the_board_tells_the_wait_the_last_ticket_and_the_next_appointment(town: Town) -> None:
    text = town.text()

    assert "Maison communale ouvert maintenant" in text
    assert "Ouvert jusqu’à 12 h" in text
    assert "Dernier ticket à 11 h 30" in text
    assert "Premier rendez-vous libre aujourd’hui 10 h 15" in text
    assert "Attestations moins de 5 minutes d’attente pas nécessaire" in text
    assert "Cartes et passeports pas possible 10 h 15" in text
    dutch = town.text("nl")
    assert "Gemeentehuis nu open" in dutch
    assert "Attesten minder dan 5 minuten wachten" in dutch


def test_the_wait_grows_with_those_who_wait_and_is_a_range(town: Town) -> None:
    for number in (1, 2, 3):
        town.has(
            lambda session, number=number: a_ticket(session, town.work.office, town.service(session), number=number)
        )

    assert "attente d’environ 25 à 65 minutes" in town.text()
    assert town.data()["offices"][0]["topics"][1]["wait_minutes"] == {"at_least": 25, "at_most": 65}


def test_what_is_not_possible_now_says_why_and_from_when(town: Town) -> None:
    town.goes("07:00")
    text = town.text()
    assert "Maison communale ouvert plus tard aujourd’hui" in text
    assert "Ouvre à 8 h" in text
    assert "Attestations à partir de 8 h" in text

    town.goes("11:45")
    assert "Attestations plus aujourd’hui" in town.text()

    town.goes("13:00")
    text = town.text()
    assert "Maison communale fermé" in text
    assert "Ouvert jusqu’à" not in text

    town.goes("09:00")
    own = {"commune_id": town.work.commune.id, "office_id": town.work.office.id}
    town.has(lambda session: add(session, Pause(**own, service_id=town.certificate, since=EARLY)))
    assert "Attestations momentanément impossible : un système est en panne" in town.text()


def test_while_the_only_counter_for_it_is_out_the_board_says_so(town: Town) -> None:
    def out(session: Session) -> object:
        own = {"commune_id": town.work.commune.id, "office_ids": [town.work.office.id]}
        counter_id = session.scalars(select(Desk.counter_id)).one()
        return take_out(session, **own, counter_id=counter_id, decisions={}, actor=Actor(Role.AGENT), now=EARLY)

    town.has(out)
    assert "Attestations pas possible aujourd’hui : le guichet" in town.text()
    assert town.data()["offices"][0]["topics"][1]["without_appointment"] == "out"


def test_when_all_tickets_of_a_session_are_handed_out_nobody_is_told_to_come(town: Town) -> None:
    def rows(session: Session) -> object:
        session.get_one(OpeningSession, town.walk_ins).most_walk_ins = 2
        own = {"commune_id": town.work.commune.id, "session_id": town.walk_ins}
        return add(session, WalkInCount(**own, local_date=MONDAY, n=2))

    town.has(rows)
    assert "Attestations plus de ticket pour le moment" in town.text()


def test_other_programs_read_the_same(town: Town) -> None:
    text = Translated.of(fr="Grève vendredi.", nl="Vrijdag staking.")
    until = EARLY + timedelta(hours=3)
    own = {"commune_id": town.work.commune.id}
    town.has(lambda session: add(session, Banner(**own, text=text, shown_from=EARLY, shown_until=until)))

    data = town.data()
    assert data["commune"] == {"fr": "Mairie Nord", "nl": "Gemeente Noord"}
    assert data["notices"] == [{"fr": "Grève vendredi.", "nl": "Vrijdag staking."}]
    office = data["offices"][0]
    assert office["is_open"] is True
    assert office["closes_at"] == "2027-01-04T12:00+01:00"
    assert office["last_ticket"] == "2027-01-04T11:30+01:00"
    assert office["appointment"] == "2027-01-04T10:15+01:00"
    assert [one["without_appointment"] for one in office["topics"]] == ["closed", "open"]


def test_other_programs_read_that_a_system_is_down(town: Town) -> None:
    assert town.data()["offices"][0]["topics"][1]["paused"] == []
    own = {"commune_id": town.work.commune.id, "office_id": town.work.office.id}
    town.has(lambda session: add(session, Pause(**own, service_id=town.certificate, since=EARLY)))

    data = town.data()
    topics = data["offices"][0]["topics"]
    assert [one["without_appointment"] for one in topics] == ["closed", "paused"]
    assert [one["paused"] for one in topics] == [[], [{"fr": "Composition de ménage", "nl": "Gezinssamenstelling"}]]
    (notice,) = data["notices"]
    for language, office, service in (
        ("fr", "Maison communale", "Composition de ménage"),
        ("nl", "Gemeentehuis", "Gezinssamenstelling"),
    ):
        assert office in notice[language]
        assert service in notice[language]


def test_whoever_knows_the_board_already_is_not_sent_it_again(town: Town) -> None:
    known = {"If-None-Match": town.client.get(f"{BOARD}.json").headers["ETag"]}
    again = town.client.get(f"{BOARD}.json", headers=known)
    assert (again.status_code, again.data) == (304, b"")

    town.goes("08:01")
    assert town.client.get(f"{BOARD}.json", headers=known).status_code == 200


def test_a_crowd_that_asks_at_once_costs_one_answer(town: Town) -> None:
    with town.app.app_context():
        engine = db.engine
    town.text()

    with counted(engine) as said:
        for _ in range(3):
            assert town.client.get(f"{BOARD}.json").status_code == 200
    asked = [line for line in said if not line.startswith("BEGIN")]
    assert len(asked) == 3
    assert all("commune_slug" in line for line in asked)


def test_the_board_says_of_which_minute_it_is_even_when_nothing_else_has_changed(town: Town) -> None:
    town.goes("13:00")
    first = town.client.get(BOARD, headers=POLLING)
    known = {**POLLING, "If-None-Match": first.headers["ETag"]}
    assert town.client.get(BOARD, headers=known).status_code == 304
    town.goes("13:01")
    assert "13\u202fh\u202f01" in town.client.get(BOARD, headers=known).text


def test_the_board_is_of_the_day_of_the_commune(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def groups(session: Session, *, commune_id: int, today: date) -> list[Group]:
        asked.append(today)
        return groups_of(session, commune_id=commune_id, today=today)

    monkeypatch.setattr(board, "groups_of", groups)
    town.has(lambda session: board_of(session, commune_id=town.work.commune.id, now=at(MONDAY, "00:30")))
    assert asked == [MONDAY]


def test_the_board_names_nobody(town: Town) -> None:
    def rows(session: Session) -> object:
        a_ticket(session, town.work.office, town.service(session), name="Yusuf Demir", issued_at=EARLY)
        return an_appointment(session, town.work.counter, town.work.service, phone="+32470123456")

    town.has(rows)
    for said in (town.client.get(BOARD).text, town.client.get(f"{BOARD}.json").text):
        for word in ("Yusuf", "Demir", "Ana", "Peeters", "470", "ana@", "Bilal", "bilal"):
            assert word not in said


def test_the_board_is_one_link_away_from_where_people_look(town: Town) -> None:
    for address in ("/fr/mairie-nord/", "/fr/mairie-nord/services/certificate"):
        links = visit(town.client, address).tree.iterfind(".//a")
        assert BOARD in [link.attrib.get("href") for link in links]
