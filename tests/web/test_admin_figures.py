"""Dora looks at a month of figures, by office and service, and takes them away."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.appointments import ServiceMode
from booking.core.roles import Role
from booking.core.tickets import TicketState
from booking.core.translated import Translated
from booking.models import FirstFree, Service
from booking.usecases.daily_figures import count_day
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_office
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, visit, words
from tests.usecases.test_figures_month import FEBRUARY, NEXT_MONDAY, TUESDAY, a_month, ticket
from tests.web.administrators import Desk, at_a_desk
from tests.web.test_tables import cells

JANUARY = "?from=1/1/2027&until=31/1/2027"
DAYS = (MONDAY, TUESDAY, NEXT_MONDAY)


@pytest.fixture
def dora(client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """At her desk on the first Monday of the month that ``a_month`` tells of, with all of it counted."""
    monkeypatch.setattr("tests.web.administrators.a_working_commune", lambda session, **_: a_month(session))
    desk = at_a_desk(client, database)
    for day in DAYS:
        database.write(count_day, office_id=desk.work.office.id, day=day, now=FEBRUARY)
    database.write(lambda session: waited(session, desk.work))
    return desk


def waited(session: Session, work: Working) -> None:
    own = {"commune_id": work.commune.id, "office_id": work.office.id, "service_id": work.service.id}
    session.add_all(FirstFree(**own, day=day, days=days) for day, days in zip(DAYS, (3, None, 8), strict=True))


def tiles(page: Page) -> dict[str, str]:
    found = page.tree.findall(".//div[@class='tile-number']")
    return {words(one.find("dt")): words(one.find("dd")).replace("\u00a0", " ") for one in found}


def rows_of(page: Page, heading: str) -> list[list[str]]:
    """The lines of the table below a heading, cell by cell."""
    return cells_in(page.tree.find(f".//section[@aria-labelledby='{heading}']"))


def all_rows(page: Page) -> list[list[str]]:
    return cells_in(page.tree)


def cells_in(element: Any) -> list[list[str]]:
    lines = [[words(cell) for cell in row if cell.tag in {"th", "td"}] for row in element.iter("tr")]
    return [[cell.replace("\u00a0", " ") for cell in line] for line in lines]


def test_dora_reads_what_a_month_came_to(dora: Desk) -> None:
    page = dora.open(f"/figures{JANUARY}")

    assert tiles(page) == {
        "Rendez-vous": "5",
        "Sans rendez-vous": "3 1 personne partie sans avoir été reçue",
        "Personnes reçues": "5",
        "Absent": "25 % sur 4 rendez-vous marqués",
        "Dossier incomplet": "20 % sur 5 tickets",
        "Attente sans rendez-vous": "10 min 9 sur 10 : 30 minutes au plus",
        "Au guichet": "11 min 9 sur 10 : 24 minutes au plus",
    }
    assert ["Carte d’identité", "5", "3", "5", "25 %", "20 %", "1 / 4", "10 / 30", "11 / 24", "15, 12"] in rows_of(
        page, "each"
    )
    assert ["le jour même", "–", "100 % 1 sur 1"] in rows_of(page, "misses")
    assert ["Rendez-vous pris en ligne", "2", "1", "0"] in rows_of(page, "ways")
    assert rows_of(page, "cancelled")[:3] == [
        ["Rendez-vous annulés par la personne", "1"],
        ["Rendez-vous annulés par la commune", "1"],
        ["Dont l’heure a été reprise par quelqu’un d’autre", "1"],
    ]
    assert ["Carte d’identité", "Maison communale", "8 jours", "8", "–", "1 sur 3 jours"] in all_rows(page)
    assert ["9–10", "25 % 13 %", "25 % 13 %"] in rows_of(page, "week")


def test_the_charts_have_a_name_a_sentence_and_their_numbers_beside_them(dora: Desk) -> None:
    page = dora.open(f"/figures{JANUARY}")

    pictures = [one for one in page.tree.iter() if one.attrib.get("class") == "chart"]
    named = {one.attrib["id"] for one in page.tree.iter() if "id" in one.attrib}
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        assert set(picture.attrib["aria-labelledby"].split()) <= named
    assert ["lu. 4 janv.", "3", "2", "3"] in rows_of(page, "visits")
    assert ["lu. 11 janv.", "8"] in rows_of(page, "free")


@pytest.mark.parametrize(
    ("until", "called"), [("31/3/2027", "Semaine du lundi 4 janvier 2027"), ("31/12/2027", "Janvier 2027")]
)
def test_longer_periods_are_told_by_the_week_and_by_the_month(dora: Desk, until: str, called: str) -> None:
    lines = rows_of(dora.open(f"/figures?from=1/1/2027&until={until}"), "visits")

    assert [called, *(["4", "3", "5"] if "Semaine" in called else ["5", "3", "5"])] in [
        [line[0].replace("\u202f", " "), *line[1:]] for line in lines
    ]


def test_a_period_of_which_there_is_nothing_says_so_and_the_ways_to_others_stay(dora: Desk) -> None:
    page = dora.open("/figures?from=1/6/2026&until=30/6/2026")

    assert "Il n’y a encore rien pour ces jours." in page.text
    assert "Quatre dernières semaines" in page.links()
    assert page.status == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?from=32/1/2027", "Écrivez une date comme 31/12/2027."),
        ("?until=hier", "Écrivez une date comme 31/12/2027."),
        ("?from=31/1/2027&until=1/1/2027", "Le premier jour vient avant le dernier"),
        ("?from=1/1/2001&until=1/1/2027", "dix ans d’écart au plus"),
    ],
)
def test_days_that_are_none_are_said_to_be_and_what_was_typed_stays(dora: Desk, query: str, sentence: str) -> None:
    page = dora.open(f"/figures{query}")

    assert page.status == 422
    assert sentence in page.text
    if "32" in query:
        assert page.tree.find(".//input[@name='from']").attrib["value"] == "32/1/2027"  # type: ignore[union-attr]


def test_without_any_wish_the_last_four_weeks_are_shown(dora: Desk) -> None:
    page = dora.open("/figures")

    fields = {
        one.attrib["name"]: one.attrib["value"]
        for one in page.tree.iter("input")
        if one.attrib.get("id", "").startswith("figures-")
    }
    assert fields == {"from": "08/12/2026", "until": "04/01/2027"}
    assert tiles(page)["Rendez-vous"] == "3"


def test_one_service_or_one_office_can_be_looked_at_alone(dora: Desk, database: Database) -> None:
    database.write(
        lambda session: (
            an_office(session, dora.work.commune, code="annex", name=Translated.of(fr="Gare", nl="Station")) and None
        )
    )

    there = dora.open(f"/figures{JANUARY}&office=annex")
    assert "Il n’y a encore rien pour ces jours." in there.text
    here = dora.open(f"/figures{JANUARY}").submit(holding="from", office="town-hall", service="identity-card")
    assert tiles(here)["Rendez-vous"] == "5"
    assert "office=town-hall&service=identity-card" in here.links()["Lignes (CSV)"]
    unknown = dora.open(f"/figures{JANUARY}&office=nowhere&service=nothing")
    assert tiles(unknown)["Rendez-vous"] == "5"


def lines_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_lines_of_a_file_are_the_days_and_their_names_are_no_formulas(dora: Desk, database: Database) -> None:
    def evil(session: Session) -> None:
        session.scalars(select(Service)).one().name = Translated.of(fr="=cmd|' /C calc'!A0", nl="+Kaart")

    database.write(evil)
    page = dora.open(f"/figures{JANUARY}")
    answer = dora.client.get(page.links()["Lignes (CSV)"])

    assert answer.headers["Content-Disposition"] == "attachment; filename=figures-2027-01-01-2027-01-31.csv"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = lines_of(answer)
    assert [(line["Jour"], line["Rendez-vous"], line["Annulés"]) for line in lines] == [
        ("2027-01-04", "3", "0"),
        ("2027-01-05", "1", "2"),
        ("2027-01-11", "1", "0"),
    ]
    assert [line["Jours jusqu’au premier rendez-vous libre"] for line in lines] == ["3", "", "8"]
    assert {line["Démarche"] for line in lines} == {"'=cmd|' /C calc'!A0"}

    workbook = dora.client.get(page.links()["Classeur (XLSX)"])
    services, days = cells(workbook.data, 1), cells(workbook.data, 2)
    assert services[1][:3] == [("s", "'=cmd|' /C calc'!A0"), ("n", "5"), ("n", "3")]
    assert services[2][0] == ("s", "Toutes les démarches")
    assert [row[0][0] for row in days[1:]] == ["n", "n", "n"]
    assert len(cells(workbook.data, 3)) == 9, "four hours of a Monday, and of a Tuesday"


def test_another_program_reads_the_same(dora: Desk) -> None:
    told = dora.client.get(f"/nl/gemeente-noord/admin/figures.json{JANUARY}").json or {}

    assert (told["from"], told["until"], told["office"]) == ("2027-01-01", "2027-01-31", None)
    total = told["total"]
    assert (total["appointments"], total["walk_ins"], total["served"], total["missed"]) == (5, 3, 5, 1)
    assert (total["wait_median"], total["walk_in_wait_90"], total["serving_median"]) == (1, 30, 11)
    assert told["services"][0]["service"] == "identity-card"
    assert sum(day["appointments"] for day in told["days"]) == total["appointments"]
    assert {"weekday": 1, "hour": 9, "open": 120, "walk_in": 0, "taken": 30, "used": 16} in told["hours"]
    assert told["first_free"][1] == {
        "day": "2027-01-05",
        "office": "town-hall",
        "service": "identity-card",
        "days": None,
    }


@pytest.mark.parametrize("what", ["", ".csv", ".xlsx", ".json"])
def test_figures_are_for_administrators(client: FlaskClient, database: Database, what: str) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)

    assert bilal.client.get(f"/fr/mairie-nord/admin/figures{what}").status_code == 403


def test_an_auditor_reads_the_figures_and_finds_them_beside_the_journal(
    client: FlaskClient, database: Database
) -> None:
    emil = at_a_desk(client, database, role=Role.AUDITOR)
    page = emil.open("/journal").follow("Chiffres")

    assert page.heading == "Chiffres"
    told = emil.client.get("/fr/mairie-nord/admin/figures.json").json or {}
    assert told["total"]["appointments"] == 0
    assert emil.client.get("/fr/mairie-nord/admin/").status_code == 403


def test_who_administers_one_office_sees_that_one(client: FlaskClient, database: Database) -> None:
    dora = at_a_desk(client, database, here_only=True)
    database.write(lambda session: an_office(session, dora.work.commune, code="annex") and None)

    told = dora.client.get("/fr/mairie-nord/admin/figures.json?office=annex").json or {}
    assert told["office"] is None
    assert "figures-office" not in dora.client.get("/fr/mairie-nord/admin/figures").text


def test_a_promise_that_breaks_stands_on_the_first_page_of_the_administration(
    client: FlaskClient, database: Database
) -> None:
    dora = at_a_desk(client, database)
    assert "plus loin que promis" not in dora.open("/").text

    saved = dora.open("/services/identity-card").submit(holding="name_fr", promised_days="5")
    assert saved.status == 200
    own = {"commune_id": dora.work.commune.id, "office_id": dora.work.office.id, "service_id": dora.work.service.id}
    database.write(lambda session: session.add(FirstFree(**own, day=MONDAY, days=6)))

    page = dora.open("/")
    assert "Carte d’identité : libre dans 6 jours ; promis : dans les 5" in page.text.replace("\u00a0", " ").replace(
        "d’identité:", "d’identité :"
    )
    assert page.follow("Carte d’identité").heading == "Chiffres"


def test_a_promise_is_a_whole_number_of_days_or_nothing(client: FlaskClient, database: Database) -> None:
    dora = at_a_desk(client, database)
    form = dora.open("/services/identity-card")

    assert form.submit(holding="name_fr", promised_days="400").status == 422
    assert database.one(select(Service.promised_days)) is None
    form.submit(holding="name_fr", promised_days="0")
    assert database.one(select(Service.promised_days)) == 0
    dora.open("/services/identity-card").submit(holding="name_fr", promised_days="")
    assert database.one(select(Service.promised_days)) is None


# What everybody may read


def shown_by(dora: Desk, shown: bool) -> None:
    page = dora.open("/commune").submit(holding="data_officer", shows_figures="y" if shown else None)
    assert "La page de la commune est enregistrée." in page.text


def test_everybody_reads_how_long_one_waits_where_the_commune_wants_it(
    dora: Desk, database: Database, client: FlaskClient, clock: Clock
) -> None:
    home = "/fr/mairie-nord"
    assert client.get(f"{home}/figures").status_code == client.get(f"{home}/figures.json").status_code == 404
    assert "Délais et attentes" not in visit(client, f"{home}/").links()

    shown_by(dora, True)
    clock.now = at(NEXT_MONDAY, "12:00")
    page = visit(client, f"{home}/").follow("Délais et attentes")
    assert "dans 8 jours" in page.text.replace("\u00a0", " ")
    assert "uniquement sur rendez-vous" in page.text
    assert "Les délais et attentes habituels" in visit(client, f"{home}/board").links()
    told = client.get(f"{home}/figures.json").json or {}
    (office,) = told["offices"]
    assert office["services"] == [
        {
            "code": "identity-card",
            "name": {"en": "Identity card", "fr": "Carte d’identité", "nl": "Identiteitskaart"},
            "by_appointment": True,
            "seen_on": "2027-01-11",
            "days_to_first_free": 8,
            "without_appointment": False,
            "usual_wait_minutes": None,
            "wait_hidden": False,
        }
    ]

    clock.now = EARLY
    shown_by(dora, False)
    assert client.get(f"{home}/figures").status_code == 404


@pytest.mark.parametrize(("people", "said"), [(4, "trop peu de personnes pour le dire"), (5, "environ 10 minutes")])
def test_what_fewer_than_five_people_make_up_is_not_told(
    client: FlaskClient, database: Database, clock: Clock, people: int, said: str
) -> None:
    def rows(session: Session) -> Working:
        work = a_working_commune(session, shows_figures=True)
        work.service.mode = ServiceMode.BOTH
        for number in range(people):
            ticket(
                session, work, at(MONDAY, f"08:0{number}"), f"08:1{number}", "08:20", "08:30", state=TicketState.DONE
            )
        return work

    work = database.write(rows)
    database.write(count_day, office_id=work.office.id, day=MONDAY, now=FEBRUARY)
    clock.now = at(TUESDAY, f"0{people}:00")

    page = visit(client, "/fr/mairie-nord/figures")
    assert said in page.text.replace("\u00a0", " ")
    (service,) = (client.get("/fr/mairie-nord/figures.json").json or {})["offices"][0]["services"]
    assert (service["usual_wait_minutes"], service["wait_hidden"]) == ((None, True) if people < 5 else (10, False))


def test_before_the_first_morning_the_page_says_that_it_begins(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    database.write(lambda session: a_working_commune(session, shows_figures=True) and None)
    database.write(lambda session: session.execute(delete(FirstFree)) and None)
    clock.now = at(MONDAY, "23:00")

    assert "les chiffres commencent demain matin" in visit(client, "/fr/mairie-nord/figures").text.replace(
        "\u00a0", " "
    )
