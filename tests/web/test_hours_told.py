"""Whatever a commune writes on its door can be typed into the form, and is read back as one would say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from booking.core.changes import NEW, AddClosure
from booking.core.translated import Translated
from booking.models import Office
from booking.web.admin.opening_form import ExtraForm, SessionForm, written
from booking.web.admin.told import Names, closure_told, is_single_day, told
from booking.web.forms import choices
from booking.web.languages import speaking
from booking.words.formatting import date_numeric
from tests.core.rules import a_closure
from tests.moments import MONDAY
from tests.web.hours_on_paper import CARDS, COUNTERS, DEATHS, DRIVING, ON_PAPER, PICK_UP, OnPaper

SERVICES = {
    "fr": {CARDS: "Carte d’identité", PICK_UP: "Retrait de carte", DRIVING: "Permis de conduire", DEATHS: "Décès"},
    "nl": {CARDS: "Identiteitskaart", PICK_UP: "Kaart afhalen", DRIVING: "Rijbewijs", DEATHS: "Overlijden"},
}
EXTRA_COUNTER = 8
every_pattern = pytest.mark.parametrize("pattern", ON_PAPER, ids=lambda one: one.seen_at)
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture(autouse=True)
def request_at_home(app: Flask) -> Iterator[None]:
    with app.test_request_context("/fr/"):
        g.language, g.switching = "fr", False
        yield


def plain(sentence: object) -> str:
    return str(sentence).replace("\u00a0", " ").replace("\u202f", " ")


@every_pattern
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_hours_are_told_as_people_tell_them(pattern: OnPaper, language: str) -> None:
    with speaking(language):
        sentence = told(pattern.rule, Names(COUNTERS, SERVICES[language]), today=MONDAY)

    assert plain(sentence) == getattr(pattern, language)


@every_pattern
def test_hours_can_be_typed_as_they_are(pattern: OnPaper) -> None:
    rule, office = pattern.rule, Office(id=7)
    form: Any
    if is_single_day(rule):
        form = filled(ExtraForm, {**written(rule), "day": date_numeric(rule.valid_from, "fr")})
        change = form.change(office)
    else:
        form = filled(SessionForm, {**written(rule), "since": date_numeric(rule.valid_from, "fr")})
        form.weekdays.choices = choices((str(day), str(day)) for day in range(7))
        assert form.validate(), form.errors
        change = form.change(office, session_id=None, today=MONDAY)
    assert change.new_rule == replace(rule, id=NEW)


def filled(kind: type[ExtraForm | SessionForm], typed: dict[str, Any]) -> Any:
    form = kind(MultiDict(typed), meta={"csrf": False})
    form.counters.choices = choices((str(one), label) for one, label in COUNTERS.items() if one != EXTRA_COUNTER)
    form.lanes.choices = choices([(str(EXTRA_COUNTER), COUNTERS[EXTRA_COUNTER])])
    form.services.choices = choices((str(one), name) for one, name in SERVICES["fr"].items())
    return form


NOON = time(12)


@pytest.mark.parametrize(
    ("days", "part", "reason", "fr", "nl"),
    [
        (
            (date(2027, 5, 6), date(2027, 5, 7)),
            (None, None),
            Translated.of(fr="Ascension et pont", nl="Hemelvaart en brugdag"),
            "Maison communale : fermeture du jeudi 6 mai 2027 au vendredi 7 mai 2027 – Ascension et pont",
            "Gemeentehuis: gesloten van donderdag 6 mei 2027 tot en met vrijdag 7 mei 2027 – Hemelvaart en brugdag",
        ),
        (
            (date(2026, 12, 24), date(2026, 12, 24)),
            (NOON, None),
            Translated.of(fr="Veille de Noël", nl="Kerstavond"),
            "Maison communale : fermeture jeudi 24 décembre 2026, à partir de 12 h – Veille de Noël",
            "Gemeentehuis: gesloten donderdag 24 december 2026, vanaf 12 uur – Kerstavond",
        ),
        (
            (date(2027, 1, 4), date(2027, 1, 4)),
            (None, time(10)),
            Translated.of(fr="Formation", nl="Vorming"),
            "Maison communale : fermeture lundi 4 janvier 2027, jusqu’à 10 h – Formation",
            "Gemeentehuis: gesloten maandag 4 januari 2027, tot 10 uur – Vorming",
        ),
    ],
    ids=["two days", "from noon", "until ten"],
)
def test_closures_are_told_as_people_tell_them(
    days: tuple[date, date], part: tuple[time | None, time | None], reason: Translated, fr: str, nl: str
) -> None:
    rule = a_closure(*days, start=part[0], end=part[1])
    said = []
    for language, place in (("fr", "Maison communale"), ("nl", "Gemeentehuis")):
        with speaking(language):
            said.append(plain(closure_told(AddClosure(7, rule, reason), place)))

    assert said == [fr, nl]
