"""Dora and Hilde have the same form open: who saves last has seen what the other one wrote."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.models import Banner, Counter, Office, OpeningSession, Service
from tests.databases import Database
from tests.web.administrators import Desk, at_a_desk

MEANWHILE = "Quelqu’un d’autre a enregistré une modification ici entre-temps"
EFFECT, APPLY = ("step", "effect"), ("step", "apply")
NOTICE = {"text_fr": "Grève", "text_nl": "Staking", "from_wall": "8:30", "until_wall": "12:00"}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def address_of(dora: Desk, kind: str, database: Database) -> str:
    if kind == "notice":
        dora.open("/notices/new").submit(holding="text_fr", **NOTICE)
        return f"/notices/{database.one(select(Banner.id))}"
    return {
        "office": "/offices/town-hall",
        "counter": f"/counters/{dora.work.counter.id}",
        "service": "/services/identity-card",
    }[kind]


FORMS: list[tuple[str, str, dict[str, str], dict[str, str], Any]] = [
    ("office", "name_fr", {"name_en": "Theirs"}, {"name_en": "Mine"}, select(Office.name)),
    ("counter", "label", {"label": "Theirs"}, {"label": "Mine"}, select(Counter.label).order_by(Counter.id).limit(1)),
    ("service", "name_fr", {"name_en": "Theirs"}, {"name_en": "Mine"}, select(Service.name)),
    ("notice", "text_fr", {"text_en": "Theirs"}, {"text_en": "Mine"}, select(Banner.text)),
]


@pytest.mark.parametrize(("kind", "holding", "theirs", "mine", "saved"), FORMS, ids=[form[0] for form in FORMS])
def test_who_saves_second_is_told_and_loses_nothing(
    dora: Desk, database: Database, kind: str, holding: str, theirs: dict[str, str], mine: dict[str, str], saved: Any
) -> None:
    address = address_of(dora, kind, database)
    form = dora.open(address)
    dora.open(address).submit(holding=holding, **theirs)

    page = form.submit(holding=holding, **mine)

    assert page.status == 409
    assert MEANWHILE in page.text
    assert "Theirs" in said(database, saved)
    shown = {control.attrib.get("value") or control.text for control in page.form(holding=holding).iter()}
    assert any("Mine" in (value or "") for value in shown)

    page.submit(holding=holding)
    assert "Mine" in said(database, saved)


def said(database: Database, saved: Any) -> str:
    found = database.one(saved)
    return found if isinstance(found, str) else str(found.in_("en"))


def test_who_saves_the_same_form_twice_is_alone(dora: Desk) -> None:
    form = dora.open("/offices/town-hall")
    again = form.submit(holding="name_fr", name_en="City hall")

    assert again.status == 200
    assert dora.open("/offices/town-hall").submit(holding="name_fr", name_en="Town hall").status == 200


def test_hours_that_somebody_else_has_changed_meanwhile_are_looked_at_again(dora: Desk, database: Database) -> None:
    address = f"/hours/town-hall/{dora.work.opening.id}"
    mine, ending = (
        dora.open(place).submit(holding="since", press=EFFECT, **typed)
        for place, typed in ((address, {"end": "11h"}), (f"{address}/end", {"since": "8/1/2027"}))
    )
    theirs = dora.open(address).submit(holding="since", press=EFFECT, end="10h", since="6/1/2027")
    theirs.submit(holding="step", press=APPLY)
    before = database.all(select(OpeningSession.wall_end, OpeningSession.valid_until))

    for page in (mine, ending):
        refused = page.submit(holding="step", press=APPLY)
        assert refused.status == 409
        assert MEANWHILE in refused.text
    assert "11h" in {
        control.attrib.get("value")
        for control in mine.submit(holding="step", press=APPLY).form(holding="since").iter("input")
    }
    assert database.all(select(OpeningSession.wall_end, OpeningSession.valid_until)) == before
