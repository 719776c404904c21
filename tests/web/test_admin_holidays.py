"""Dora closes the holidays of a year in one go, a strike day, and the afternoons of a heat wave."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.core.appointments import AppointmentState
from booking.models import Appointment, Closure, ClosureCounter, JournalEntry, OpeningSession
from tests.databases import Database
from tests.factories import a_session, an_appointment
from tests.moments import MONDAY, at
from tests.pages import Page
from tests.web.administrators import Desk, at_a_desk

HOLIDAYS = "/closures/holidays/town-hall/2027"
HEAT = "/closures/heat/town-hall"
EFFECT, APPLY = (("step", value) for value in ("effect", "apply"))
ASCENSION = date(2027, 5, 6)
WHIT_MONDAY = date(2027, 5, 17)


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def book(database: Database, desk: Desk, day: date, wall: str) -> int:
    work = desk.work
    number: int = database.write(
        lambda session: an_appointment(session, work.counter, work.service, start=at(day, wall)).id
    )
    return number


def test_the_legal_holidays_to_come_are_closed_with_one_press(dora: Desk, database: Database) -> None:
    touched = book(database, dora, WHIT_MONDAY, "09:00")
    page = dora.open("/closures/holidays/town-hall").follow("Toute l’année").follow("Jours fériés de 2027")
    assert "vendredi 1er\u00a0janvier 2027 – Nouvel An (ce jour est passé)" in page.text
    assert (
        "samedi 25\u00a0décembre 2027 – Noël jour férié légal – en fin de semaine\u00a0: le conseil choisit"
        in page.text
    )

    effect = page.submit(holding="days", press=EFFECT)
    assert "Ce changement touche 1 rendez-vous." in effect.text
    assert effect.text.count("Toute la commune, tous les bureaux\u00a0: fermeture ") == 9
    saved = effect.submit(holding="step", press=APPLY, for_all="keep")

    assert "La modification est enregistrée. 1 rendez-vous est maintenu." in saved.text
    rows = database.all(select(Closure))
    assert len(rows) == 9
    assert {row.office_id for row in rows} == {None}
    assert {row.first_day for row in rows} >= {ASCENSION, WHIT_MONDAY}
    kept = database.one(select(Appointment).where(Appointment.id == touched))
    assert (kept.state, kept.kept_outside_at is not None) == (AppointmentState.BOOKED, True)
    assert database.count(JournalEntry, JournalEntry.subject == "closure", JournalEntry.act == "added") == 9
    assert saved.text.count("déjà fermé") == 9


def test_each_day_is_closed_by_its_own_button_and_not_proposed_again(dora: Desk, database: Database) -> None:
    page = dora.open(HOLIDAYS)
    effect = page.submit(holding="days", press=("only", "2027-05-07"))
    assert "vendredi 7\u00a0mai 2027 – Pont de l’Ascension" in effect.text
    effect.submit(holding="step", press=APPLY)

    assert [row.first_day for row in database.all(select(Closure))] == [date(2027, 5, 7)]
    again = dora.open(HOLIDAYS)
    assert "vendredi 7\u00a0mai 2027 – Pont de l’Ascension déjà fermé" in again.text
    twice = effect.submit(holding="step", press=APPLY)
    assert "Cette fermeture existe déjà." in twice.text
    assert database.count(Closure) == 1


def test_the_eves_are_shut_from_noon_for_counters_alone(dora: Desk, database: Database) -> None:
    wish = {"scope": "counters", "counters": [str(dora.work.counter.id)], "days": ["2027-12-24", "2027-12-31"]}
    effect = dora.open(HOLIDAYS).submit(holding="days", press=EFFECT, **wish)
    assert (
        "Maison communale, guichet 1\u00a0: fermeture vendredi 24\u00a0décembre 2027, à partir de 12\u202fh"
        in effect.text
    )
    effect.submit(holding="step", press=APPLY)

    rows = database.all(select(Closure))
    assert {(row.office_id, row.wall_start, row.wall_end) for row in rows} == {(dora.work.office.id, time(12), None)}
    assert set(database.all(select(ClosureCounter.counter_id))) == {dora.work.counter.id}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"days": None}, "Choisissez au moins un jour."),
        ({"scope": "counters"}, "Choisissez au moins un guichet."),
    ],
)
def test_what_is_missing_is_said(dora: Desk, database: Database, typed: dict[str, Any], sentence: str) -> None:
    page = dora.open(HOLIDAYS).submit(holding="days", press=EFFECT, **typed)

    assert page.status == 422
    assert sentence in page.text
    assert database.count(Closure) == 0


def test_who_administers_one_office_closes_that_one_alone(client: FlaskClient, database: Database) -> None:
    dora = at_a_desk(client, database, counters=2, here_only=True)
    page = dora.open(HOLIDAYS)
    assert "Toute la commune" not in page.text

    effect = page.submit(holding="days", press=("only", "2027-05-06"), scope="commune")
    assert "Maison communale\u00a0: fermeture jeudi 6\u00a0mai 2027" in effect.text


@pytest.mark.parametrize("year", ["1999", "2100"])
def test_a_year_that_nobody_can_mean_is_not_found(dora: Desk, year: str) -> None:
    assert dora.open(f"/closures/holidays/town-hall/{year}").status == 404


def test_a_strike_has_its_reason_ready(dora: Desk) -> None:
    page = dora.open("/closures").follow("Jour de grève")

    effect = page.submit(holding="scope", press=EFFECT, first="7/1/2027")
    assert "fermeture jeudi 7\u00a0janvier 2027 – Grève" in effect.text


def heat_wave(dora: Desk, **typed: str) -> Page:
    return dora.open(HEAT).submit(holding="first", press=EFFECT, **{"first": "6/7/2027", "last": "7/7/2027", **typed})


def test_a_heat_wave_opens_early_and_shuts_at_one(dora: Desk, database: Database) -> None:
    work, tuesday = dora.work, date(2027, 7, 6)
    afternoon = {"start": "13:00", "end": "16:00"}
    database.write(lambda session: a_session(session, work.office, [work.counter], **afternoon) and None)
    lost, safe = (book(database, dora, tuesday, wall) for wall in ("14:00", "09:00"))

    effect = heat_wave(dora)
    assert "Ce changement touche 1 rendez-vous." in effect.text
    assert "à partir de 13\u202fh – Horaire de canicule" in effect.text
    assert (
        "de 7\u202fh à 8\u202fh, sur rendez-vous, guichets 1 et 2. Jusqu’au mercredi 7\u00a0juillet 2027."
        in (effect.text.replace("Du mardi 6\u00a0juillet 2027. ", ""))
        or "de 7\u202fh à 8\u202fh" in effect.text
    )
    why = {"why_fr": "Canicule", "why_nl": "Hittegolf"}
    effect.submit(holding="step", press=APPLY, for_all="cancel", **why)

    states = dict(database.all(select(Appointment.id, Appointment.state)))
    assert states == {lost: AppointmentState.CANCELLED, safe: AppointmentState.BOOKED}
    week = dora.open(f"/hours/town-hall?week={tuesday}").text
    assert week.count("7\u202fh–8\u202fh sur rendez-vous 8\u202fh–12\u202fh sur rendez-vous") == 4
    assert week.count("13\u202fh–16\u202fh fermé – Horaire de canicule") == 2
    after = dora.open(f"/hours/town-hall?week={tuesday + timedelta(days=7)}").text
    assert "7\u202fh–8\u202fh" not in after


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"last": "5/7/2027"}, "La fin doit venir après le début."),
        ({"last": "31/8/2027"}, "Donnez au plus 31\u00a0jours à la fois."),
        ({"start": "14:00"}, "La fin doit venir après le début."),
        ({"first": "3/1/2027", "last": ""}, "Ce jour est passé"),
        ({"reason_nl": ""}, "Le texte néerlandais manque."),
    ],
)
def test_what_is_not_right_about_a_heat_wave_is_said(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = heat_wave(dora, **typed)

    assert page.status == 422
    assert sentence in page.text
    assert (database.count(Closure), database.count(OpeningSession)) == (0, 1)


def test_a_heat_wave_sent_twice_is_there_once(dora: Desk, database: Database) -> None:
    effect = heat_wave(dora)
    effect.submit(holding="step", press=APPLY)
    sessions = database.count(OpeningSession)

    again = effect.submit(holding="step", press=APPLY)

    assert again.status in {200, 409}
    assert (database.count(Closure), database.count(OpeningSession)) == (1, sessions)


def test_monday_is_as_it_was(dora: Desk) -> None:
    assert "7\u202fh–8\u202fh" not in dora.open(f"/hours/town-hall?week={MONDAY}").text
