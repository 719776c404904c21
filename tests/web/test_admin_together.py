"""Dora and Hilde have the same form open: who saves last has seen what the other one wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from booking.models import Banner, Counter, Office, OpeningSession, Service
from booking.usecases.services import publish_service
from booking.web.admin import effect, services
from tests.databases import Database
from tests.moments import MONDAY
from tests.pages import Page, words
from tests.web.administrators import Desk, at_a_desk

MEANWHILE = "Quelqu’un d’autre a enregistré une modification ici entre-temps"
EFFECT, APPLY = ("step", "effect"), ("step", "apply")
NOTICE = {"text_fr": "Grève", "text_nl": "Staking", "from_wall": "8:30", "until_wall": "12:00"}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def address_of(dora: Desk, kind: str, database: Database) -> str:
    if kind == "notice":
        dora.open("/banners/new").submit(holding="text_fr", **NOTICE)
        return f"/banners/{database.one(select(Banner.id))}"
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


def test_who_comes_second_sees_what_is_saved_beside_what_they_wrote(dora: Desk, database: Database) -> None:
    address = f"/hours/town-hall/{dora.work.opening.id}"
    mine = dora.open(address).submit(holding="since", press=EFFECT, end="11h")
    theirs = dora.open(address).submit(holding="since", press=EFFECT, end="10h", since="6/1/2027")
    theirs.submit(holding="step", press=APPLY)

    refused = mine.submit(holding="step", press=APPLY)

    shown = words(refused.tree.find(".//dl[@id='compared']"))
    assert "Enregistré maintenant Du lundi au vendredi, de 8\u202fh à 12\u202fh" in shown
    assert "Jusqu’au mardi 5\u00a0janvier 2027." in shown
    assert "Ce que vous avez écrit Du lundi au vendredi, de 8\u202fh à 11\u202fh" in shown
    assert "Enregistré pour la suite Du lundi au vendredi, de 8\u202fh à 10\u202fh" in shown
    again = refused.submit(holding="since", press=EFFECT, since="4/1/2027", until="5/1/2027")
    again.submit(holding="step", press=APPLY)
    ends = database.all(select(OpeningSession.wall_end).order_by(OpeningSession.valid_from))
    assert [str(end) for end in ends] == ["12:00:00", "11:00:00", "10:00:00"]


REMOVED = "Quelqu’un d’autre a supprimé ou remplacé cette plage d’ouverture entre-temps."


def typed_in(page: Page, holding: str) -> set[str | None]:
    return {control.attrib.get("value") or control.text for control in page.form(holding=holding).iter()}


@pytest.fixture
def next_week(dora: Desk, database: Database) -> str:
    """The address of hours that have not begun."""
    later = update(OpeningSession).values(valid_from=MONDAY + timedelta(days=7))
    database.write(lambda session: session.execute(later) and None)
    return f"/hours/town-hall/{dora.work.opening.id}"


def take_away(dora: Desk, database: Database, hours: str) -> None:
    """Somebody ends hours before they have begun: nothing is left of them."""
    dora.open(f"{hours}/end").submit(holding="since", press=EFFECT).submit(holding="step", press=APPLY)
    assert database.count(OpeningSession) == 0


@pytest.mark.parametrize("seen_effect", [False, True], ids=["from the form", "from its effect"])
def test_what_was_typed_about_hours_that_are_gone_is_saved_as_new_ones(
    dora: Desk, database: Database, next_week: str, seen_effect: bool
) -> None:
    page = dora.open(next_week)
    if seen_effect:
        page = page.submit(holding="since", press=EFFECT, end="11h15")
    take_away(dora, database, next_week)

    kept = (
        page.submit(holding="step", press=APPLY)
        if seen_effect
        else page.submit(holding="since", press=EFFECT, end="11h15")
    )

    assert kept.status == 409
    assert MEANWHILE in kept.text
    assert kept.heading == "Nouvelle plage d’ouverture"
    assert "11h15" in typed_in(kept, "since")
    kept.submit(holding="since", press=EFFECT).submit(holding="step", press=APPLY)
    assert str(database.one(select(OpeningSession.wall_end))) == "11:15:00"


def test_hours_that_are_gone_need_no_end(dora: Desk, database: Database, next_week: str) -> None:
    asked = dora.open(f"{next_week}/end")
    shown = asked.submit(holding="since", press=EFFECT)
    take_away(dora, database, next_week)

    for page in (asked.submit(holding="since", press=EFFECT), shown.submit(holding="step", press=APPLY)):
        assert page.status == 409
        assert REMOVED in page.text
        assert page.follow("Voir ce qui est enregistré maintenant (nouvel onglet)").status == 200
        assert page.follow("Nederlands").heading == "Openingsuren – Gemeentehuis"


@pytest.mark.parametrize(("page_of", "sentence"), [("", MEANWHILE), ("/end", REMOVED)])
def test_hours_that_go_at_the_same_moment_are_told_alike(
    dora: Desk, database: Database, next_week: str, monkeypatch: pytest.MonkeyPatch, page_of: str, sentence: str
) -> None:
    shown = dora.open(f"{next_week}{page_of}").submit(holding="since", press=EFFECT)
    write = effect.write

    def taken_first(verb: Any, **facts: Any) -> Any:
        database.write(lambda session: session.execute(delete(OpeningSession)) and None)
        return write(verb, **facts)

    monkeypatch.setattr(effect, "write", taken_first)
    page = shown.submit(holding="step", press=APPLY)

    assert page.status == 409
    assert sentence in page.text


def test_hours_that_never_were_are_not_found(dora: Desk) -> None:
    assert dora.open("/hours/town-hall/999").status == dora.open("/hours/town-hall/999/end").status == 404


def test_what_was_typed_in_a_notice_that_is_gone_is_saved_as_a_new_one(dora: Desk, database: Database) -> None:
    address = address_of(dora, "notice", database)
    form = dora.open(address)
    dora.open(f"{address}/remove").submit()

    kept = form.submit(holding="text_fr", text_fr="Grève de jeudi")

    assert kept.status == 409
    assert MEANWHILE in kept.text
    kept.submit(holding="text_fr")
    assert database.one(select(Banner.text)).in_("fr") == "Grève de jeudi"
    assert dora.open(address).status == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name_nl": "", "name_en": "Mine"}, "Le texte néerlandais manque."),
        ({"mode": "online", "name_en": "Mine"}, "Le texte français manque."),
    ],
)
def test_a_service_published_at_the_same_moment_keeps_its_form(
    dora: Desk, database: Database, monkeypatch: pytest.MonkeyPatch, typed: dict[str, str], sentence: str
) -> None:
    dora.open("/services/identity-card/unpublish").submit()
    form = dora.open("/services/identity-card")

    def published_first(verb: Any, **facts: Any) -> Any:
        known = {name: facts[name] for name in ("commune_id", "service_id", "actor", "now")}
        database.write(lambda session: publish_service(session, **known))
        return write(verb, **facts)

    write = services.write
    monkeypatch.setattr(services, "write", published_first)
    page = form.submit(holding="name_fr", **typed)

    assert page.status == 422
    assert sentence in page.text
    assert "Mine" in typed_in(page, "name_fr")
