"""Dora says how her office calls people, what their numbers begin with, and who may open its calling screen."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.turns import QueuePolicy
from booking.models import Counter, JournalEntry, Office, Service, ServiceGroup
from tests.databases import Database
from tests.factories import a_group, a_working_commune
from tests.pages import visit, words
from tests.web.administrators import Desk, at_a_desk

QUEUE, SCREEN = "/offices/town-hall/queue", "/offices/town-hall/screen"


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def acts(database: Database, subject: str) -> list[str]:
    return database.all(select(JournalEntry.act).where(JournalEntry.subject == subject).order_by(JournalEntry.id))


def test_the_rules_of_a_queue_are_changed_and_written_down(dora: Desk, database: Database) -> None:
    typed = {"queue_policy": "arrival", "language_minutes": "0", "calls_needed": "3", "check_in_minutes": ""}
    page = dora.open(QUEUE).submit(holding="calls_needed", **typed, walk_in_lead_minutes="20", calls_with_sound=None)

    assert "Les règles de la file d’attente sont enregistrées." in page.text
    office = database.one(select(Office))
    assert (office.queue_policy, office.language_minutes, office.calls_needed) == (QueuePolicy.ARRIVAL, 0, 3)
    assert (office.check_in_minutes, office.walk_in_lead_minutes, office.calls_with_sound) == (None, 20, False)
    entry = database.one(select(JournalEntry).where(JournalEntry.subject == "office"))
    assert entry.act == "changed"


def test_every_rule_is_explained_in_both_languages_with_an_example(dora: Desk) -> None:
    told = [words(one) for one in dora.open(QUEUE).tree.iterfind(".//div[@class='govuk-hint queue-rule']")]

    assert len(told) == len(QueuePolicy)
    assert all("Par exemple" in one for one in told)
    assert "Nous appelons dans l’ordre d’arrivée" in told[2]
    assert "Wij roepen op in volgorde van aankomst" in told[2]
    dutch = dora.open(QUEUE, language="nl").text
    assert "Ben komt zonder afspraak om 8.50\u00a0uur" in dutch


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"calls_needed": "0"}, "Écrivez un nombre entier de 1 à 9."),
        ({"check_in_minutes": "soon"}, "Écrivez un nombre entier de 5 à 240."),
        ({"language_minutes": ""}, "Écrivez un nombre entier de 0 à 60."),
    ],
)
def test_a_slip_is_named_and_what_was_typed_stays(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open(QUEUE).submit(holding="calls_needed", walk_in_lead_minutes="45", **typed)

    assert page.status == 422
    assert sentence in page.text
    assert page.form(holding="calls_needed").find(".//input[@name='walk_in_lead_minutes']").attrib["value"] == "45"
    assert database.one(select(Office.walk_in_lead_minutes)) == 30


def test_nobody_writes_over_rules_that_somebody_else_has_changed_meanwhile(dora: Desk, database: Database) -> None:
    first, second = dora.open(QUEUE), dora.open(QUEUE)
    first.submit(holding="calls_needed", calls_needed="3")
    page = second.submit(holding="calls_needed", calls_needed="4")

    assert page.status == 409
    assert database.one(select(Office.calls_needed)) == 3


def test_the_address_of_a_screen_is_shown_once_and_opens_it(
    dora: Desk, client: FlaskClient, database: Database
) -> None:
    page = dora.open(SCREEN).submit(holding="step", press=("step", "renew"))
    secret = re.findall(r"/screen/([0-9a-f]{32})", page.response.text)[0]
    assert visit(client, f"/screen/{secret}").status == 200
    assert secret not in dora.open(SCREEN).response.text
    assert database.one(select(Office.screen_key)) != secret

    renewed = dora.open(SCREEN).submit(holding="step", press=("step", "renew"))
    other = re.findall(r"/screen/([0-9a-f]{32})", renewed.response.text)[0]
    assert visit(client, f"/screen/{secret}").status == 404
    assert visit(client, f"/screen/{other}").status == 200

    page = dora.open(SCREEN).submit(holding="step", press=("step", "revoke"))
    assert "Plus aucune adresse n’ouvre l’écran d’appel." in page.text
    assert visit(client, f"/screen/{other}").status == 404
    assert acts(database, "screen") == ["renewed", "renewed", "revoked"]


def test_two_topics_change_letters_and_no_two_have_the_same(dora: Desk, database: Database) -> None:
    papers = database.write(lambda session: a_group(session, dora.work.commune, code="papers"))
    cards = database.one(select(ServiceGroup).where(ServiceGroup.id == dora.work.service.group_id))
    both = {f"letter_{cards.id}": papers.letter, f"letter_{papers.id}": cards.letter}

    page = dora.open("/letters").submit(holding=f"letter_{cards.id}", **(both | {f"letter_{papers.id}": papers.letter}))
    assert page.status == 422
    assert "Deux thèmes ne peuvent pas avoir la même lettre." in page.text

    dora.open("/letters").submit(holding=f"letter_{cards.id}", **both)
    letters = dict(database.all(select(ServiceGroup.id, ServiceGroup.letter)))
    assert letters == {cards.id: papers.letter, papers.id: cards.letter}
    assert acts(database, "service_group") == ["changed", "changed"]


def test_a_counter_says_for_how_many_it_has_room(dora: Desk, database: Database) -> None:
    dora.open(f"/counters/{dora.work.counter.id}").submit(holding="label", max_persons="4")

    assert database.one(select(Counter.max_persons)) == 4
    assert 'value="4"' in dora.open(f"/counters/{dora.work.counter.id}").response.text


def test_a_service_may_go_before_the_others(dora: Desk, database: Database) -> None:
    dora.open("/services/identity-card").submit(holding="name_fr", has_priority="y")

    assert database.one(select(Service.has_priority)) is True


@pytest.mark.parametrize("address", [QUEUE, SCREEN, "/letters"])
def test_only_administrators_change_how_people_are_called(
    client: FlaskClient, database: Database, address: str
) -> None:
    assert at_a_desk(client, database, role=Role.AGENT).open(address).status == 403


def test_an_office_of_another_commune_is_not_found(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> None:
        south = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
        south.office.code = "south"

    database.write(elsewhere)
    assert dora.open("/offices/south/queue").status == 404
    assert dora.open("/offices/south/screen").status == 404
