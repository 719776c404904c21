"""Dora reads an office's week and year as pictures, copies hours, ends a season, opens a service for some time."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import ClosureCounter, CounterService, OpeningCounter, OpeningSession, Service
from booking.models.offices import CounterKind
from booking.usecases.checklists import newest_of
from booking.usecases.temporary import end_temporary
from tests.databases import Database
from tests.factories import a_closure, a_counter, a_session, an_office
from tests.moments import MONDAY, at
from tests.pages import Page, visit, words
from tests.web.administrators import Desk, at_a_desk

HOURS = "/hours/town-hall"
THURSDAY = MONDAY + timedelta(days=3)
EFFECT, APPLY = (("step", value) for value in ("effect", "apply"))


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def day_of(page: Page, day: date) -> str:
    return words(page.tree.find(f".//li[@id='day-{day.isoformat()}']"))


def opened(database: Database, desk: Desk, **columns: Any) -> None:
    """One more session at the first counter."""
    work = desk.work
    database.write(lambda session: a_session(session, work.office, [work.counter], **columns) and None)


# The week


def test_counters_that_have_the_same_day_share_a_lane(dora: Desk, database: Database) -> None:
    opened(database, dora, start="13:30", end="16:00", weekdays=0b100, mode="walk_in")
    page = dora.open(HOURS)

    assert day_of(page, MONDAY) == "Lundi 4\u00a0janvier 2027 Guichets 1 et 2 8\u202fh–12\u202fh sur rendez-vous"
    wednesday = day_of(page, MONDAY + timedelta(days=2))
    assert "Guichet 1 8\u202fh–12\u202fh sur rendez-vous 13\u202fh\u202f30–16\u202fh sans rendez-vous" in wednesday
    assert "Guichet 2 8\u202fh–12\u202fh sur rendez-vous" in wednesday
    assert "Pas de plage d’ouverture." in day_of(page, MONDAY + timedelta(days=5))


def test_a_bar_stands_at_its_hours_and_leads_to_its_session(dora: Desk) -> None:
    page = dora.open(HOURS)
    bar = page.tree.find(f".//li[@id='day-{MONDAY.isoformat()}']//a")

    assert bar.attrib["class"].split() == ["bar", "bar--appointment", "h-8", "m-0", "uh-12", "um-0"]
    assert bar.attrib["href"].endswith(f"{HOURS}/{dora.work.opening.id}")
    assert "week f-8 t-17" in {one.attrib.get("class") for one in page.tree.iter("div")}


def test_what_overlaps_at_a_counter_lies_in_rows_and_early_hours_widen_the_picture(
    dora: Desk, database: Database
) -> None:
    opened(database, dora, start="06:30", end="09:00", weekdays=0b1, mode="walk_in")
    page = dora.open(HOURS)
    rows = [one.attrib["class"] for one in page.tree.iterfind(f".//li[@id='day-{MONDAY.isoformat()}']//li[@class]")]

    assert [one for one in rows if "week__bar" in one] == ["week__bar", "week__bar r-2", "week__bar"]
    assert "week f-6 t-17" in {one.attrib.get("class") for one in page.tree.iter("div")}


def test_every_second_week_and_a_season_fall_as_they_do(dora: Desk, database: Database) -> None:
    opened(database, dora, start="13:30", end="16:00", weekdays=0b1, every_weeks=2, anchor=MONDAY)
    opened(database, dora, start="17:00", end="19:00", weekdays=0b1, season_first=701, season_last=815)
    shown = [day_of(dora.open(f"{HOURS}?week={day}"), day) for day in (MONDAY, MONDAY + timedelta(days=7))]

    assert ["13\u202fh\u202f30–16\u202fh" in one for one in shown] == [True, False]
    july = date(2027, 7, 5)
    page = dora.open(f"{HOURS}?week={july}")
    assert "17\u202fh–19\u202fh" in day_of(page, july)
    assert "Chaque année du 1er\u00a0juillet au 15\u00a0août." in page.text


def test_a_counter_under_repair_and_a_half_closed_day_are_told_apart(dora: Desk, database: Database) -> None:
    def shut(session: Session) -> None:
        work, day = dora.work, {"first_day": MONDAY, "last_day": MONDAY}
        repair = a_closure(session, work.commune, office_id=work.office.id, **day)
        session.add(ClosureCounter(commune_id=work.commune.id, closure_id=repair.id, counter_id=work.counters[1].id))
        tuesday = MONDAY + timedelta(days=1)
        a_closure(session, work.commune, first_day=tuesday, last_day=tuesday)

    database.write(shut)
    page = dora.open(HOURS)

    assert "Guichet 1 8\u202fh–12\u202fh sur rendez-vous Guichet 2 8\u202fh–12\u202fh fermé – Jour férié" in (
        day_of(page, MONDAY)
    )
    assert day_of(page, MONDAY + timedelta(days=1)) == "Mardi 5\u00a0janvier 2027 fermé – Jour férié"


# The year


def year_words(page: Page) -> dict[str, str]:
    """What the calendar says of each day, by its date."""
    links = (one for one in page.tree.iterfind(".//table//a"))
    return {one.attrib["href"].rpartition("#day-")[2]: words(one).partition(" ")[2] for one in links}


def test_a_year_says_of_each_day_how_it_stands(dora: Desk, database: Database) -> None:
    def days(session: Session) -> None:
        work = dora.work
        for first, columns in (
            (date(2027, 5, 6), {}),
            (date(2027, 5, 7), {}),
            (date(2027, 12, 24), {"wall_start": time(11)}),
        ):
            a_closure(session, work.commune, first_day=first, last_day=first, **columns)
        saturday = date(2027, 1, 9)
        a_session(session, work.office, [work.counter], weekdays=1 << 5, valid_from=saturday, valid_until=saturday)
        a_session(session, work.office, [work.counter], start="17:00", end="19:00", season_first=701, season_last=815)
        a_session(session, work.office, [work.counter], start="14:00", end="16:00", season_first=816, season_last=630)

    database.write(days)
    page = dora.open(f"{HOURS}/year/2027")
    told = year_words(page)

    assert len(told) == 365
    assert told["2027-01-04"] == "ouvert"
    assert told["2027-01-09"] == "ouverture exceptionnelle"
    assert told["2027-01-10"] == "pas de plage d’ouverture"
    assert told["2027-05-06"] == "fermé, jour férié légal"
    assert told["2027-05-07"] == "fermé"
    assert told["2027-07-05"] == "ouvert, autre saison"
    assert told["2027-12-24"] == "fermé en partie"
    for sentence in (
        "Chaque année du 16\u00a0août au 30\u00a0juin.",
        "Samedi 9\u00a0janvier 2027, de 8\u202fh à 12\u202fh, sur rendez-vous, guichet 1.",
        "jeudi 6\u00a0mai 2027 – Jour férié",
    ):
        assert sentence in page.text
    week = page.follow("9 ouverture exceptionnelle")
    assert "ouverture exceptionnelle" in day_of(week, date(2027, 1, 9))


@pytest.mark.parametrize(("year", "status"), [("1999", 404), ("2100", 404), ("2099", 200), ("2000", 200)])
def test_a_year_that_nobody_can_mean_is_not_found(dora: Desk, year: str, status: int) -> None:
    assert dora.open(f"{HOURS}/year/{year}").status == status


# Copying


def test_a_day_is_copied_onto_another_from_a_date_on(dora: Desk, database: Database) -> None:
    opened(database, dora, start="16:00", end="19:00", weekdays=0b1000, mode="walk_in", last_entry=time(18, 30))
    form = dora.open(f"{HOURS}/copy")
    effect = form.submit(
        holding="week", press=EFFECT, week="7/1/2027", weekdays=["3"], onto="5", since="1/2/2027", until="30/4/2027"
    )

    assert "Samedi, de 16\u202fh à 19\u202fh, sans rendez-vous, guichet 1." in effect.text
    effect.submit(holding="step", press=APPLY)
    rows = database.all(
        select(OpeningSession.wall_start, OpeningSession.valid_from, OpeningSession.valid_until).where(
            OpeningSession.weekdays == 1 << 5
        )
    )
    assert sorted(str(row[0]) for row in rows) == ["08:00:00", "16:00:00"]
    assert {row[1:] for row in rows} == {(date(2027, 2, 1), date(2027, 4, 30))}


def test_a_week_of_another_office_is_copied_counter_by_counter_in_place_of_what_was_there(
    dora: Desk, database: Database
) -> None:
    def station(session: Session) -> list[int]:
        office = an_office(session, dora.work.commune, code="station")
        first, second = (a_counter(session, office, label=label) for label in ("S1", "S2"))
        a_counter(session, office, label="S+", kind=CounterKind.EXTRA)
        a_session(session, office, [first], start="10:00", end="11:00")
        return [first.id, second.id]

    first, second = database.write(station)
    form = dora.open("/hours/station/copy/town-hall")
    there = {f"counter_{dora.work.counters[0].id}": str(second), f"counter_{dora.work.counters[1].id}": "0"}
    wish = {"week": "4/1/2027", "since": "1/2/2027", "former": "end", **there}
    effect = form.submit(holding="week", press=EFFECT, **wish)

    assert "Toutes les plages actuelles prennent fin avant le lundi 1er\u00a0février 2027." in effect.text
    assert "Du lundi au vendredi, de 8\u202fh à 12\u202fh, sur rendez-vous, guichet S2." in effect.text
    effect.submit(holding="step", press=APPLY)
    new = database.one(select(OpeningSession).where(OpeningSession.valid_from == date(2027, 2, 1)))
    assert database.all(select(OpeningCounter.counter_id).where(OpeningCounter.session_id == new.id)) == [second]
    ended = database.one(select(OpeningSession).where(OpeningSession.wall_end == time(11)))
    assert ended.valid_until == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"onto": "5"}, "On ne copie qu’un seul jour sur un autre"),
        ({"weekdays": None}, "Choisissez au moins un jour de la semaine."),
        ({"weekdays": ["6"]}, "Rien n’est ouvert ces jours-là"),
        ({"since": "1/1/2027"}, "Ce jour est passé"),
        ({"until": "1/1/2027"}, "La fin doit venir après le début."),
    ],
)
def test_what_cannot_be_copied_is_said_at_its_field(
    dora: Desk, database: Database, typed: dict[str, Any], sentence: str
) -> None:
    wish = {"week": "4/1/2027", "since": "1/2/2027", **typed}
    page = dora.open(f"{HOURS}/copy").submit(holding="week", press=EFFECT, **wish)

    assert page.status == 422
    assert sentence in page.text
    assert database.count(OpeningSession) == 1


def test_a_copy_over_what_is_there_is_refused_and_nothing_is_half_saved(dora: Desk, database: Database) -> None:
    wish = {"week": "4/1/2027", "since": "1/2/2027"}
    page = dora.open(f"{HOURS}/copy").submit(holding="week", press=EFFECT, **wish)

    assert page.status == 409
    assert "lundi 1er\u00a0février 2027" in page.text
    assert database.count(OpeningSession) == 1


# The end of a season


def test_all_hours_of_a_season_end_together(dora: Desk, database: Database) -> None:
    for start, end in (("13:00", "15:00"), ("15:00", "17:00")):
        opened(database, dora, start=start, end=end, season_first=701, season_last=815)
    link = "Mettre fin à toutes les plages de cette saison – Chaque année du 1er\u00a0juillet au 15\u00a0août"
    page = dora.open(HOURS).follow(link)
    assert "Chaque année du 1er\u00a0juillet au 15\u00a0août." in page.text

    effect = page.submit(holding="since", press=EFFECT, since="1/2/2027")
    assert "de 13\u202fh à 15\u202fh" in effect.text
    effect.submit(holding="step", press=APPLY)

    ends = dict(database.all(select(OpeningSession.wall_start, OpeningSession.valid_until)))
    assert {str(start): end for start, end in ends.items()} == {
        "08:00:00": None,
        "13:00:00": date(2027, 1, 31),
        "15:00:00": date(2027, 1, 31),
    }
    assert dora.open(f"{HOURS}/season/1-7/16-8/end").status == 404


def test_a_season_to_which_somebody_has_added_hours_is_looked_at_again(dora: Desk, database: Database) -> None:
    opened(database, dora, start="13:00", end="15:00", season_first=701, season_last=815)
    effect = dora.open(f"{HOURS}/season/1-7/15-8/end").submit(holding="since", press=EFFECT)
    opened(database, dora, start="15:00", end="17:00", season_first=701, season_last=815)

    again = effect.submit(holding="step", press=APPLY)

    assert again.status == 409
    assert "entre-temps" in again.text
    assert database.all(select(OpeningSession.valid_until)) == [None, None, None]


# A service for some time

CAMPAIGN = {
    "name_fr": "Élections : procuration",
    "name_nl": "Verkiezingen: volmacht",
    "weekdays": ["2"],
    "start": "13:30",
    "end": "16:00",
    "since": "13/1/2027",
    "until": "3/3/2027",
}


def campaign(dora: Desk, **typed: Any) -> Page:
    wish = {"counters": [str(dora.work.counter.id)], "template": str(dora.work.service.id), **CAMPAIGN, **typed}
    return dora.open(f"{HOURS}/temporary").submit(holding="weekdays", press=EFFECT, **wish)


def test_a_service_for_some_time_is_a_copy_with_hours_of_its_own(dora: Desk, database: Database) -> None:
    effect = campaign(dora)
    assert "Mercredi, de 13\u202fh\u202f30 à 16\u202fh, sur rendez-vous, guichet 1." in effect.text
    assert "Elle prend fin d’elle-même après le mercredi 3\u00a0mars 2027." in effect.text
    assert database.count(Service) == 1

    effect.submit(holding="step", press=APPLY)

    service = database.one(select(Service).where(Service.id != dora.work.service.id))
    assert (service.code, service.last_day) == ("elections-procuration-2027-01-13", date(2027, 3, 3))
    assert service.is_public
    assert service.minutes_first == dora.work.service.minutes_first
    assert database.all(select(CounterService.counter_id).where(CounterService.service_id == service.id)) == [
        dora.work.counter.id
    ]
    public = visit(dora.client, f"/fr/mairie-nord/services/{service.code}/times?day=2027-01-13")
    assert "13\u202fh\u202f30" in public.text
    assert "Seulement pour\u00a0: Élections" in dora.open(HOURS).text


def test_it_ends_by_itself_the_day_after_its_last_one(dora: Desk, database: Database) -> None:
    campaign(dora).submit(holding="step", press=APPLY)
    last = date(2027, 3, 3)

    assert database.write(end_temporary, now=at(last, "23:30")) == 0
    assert database.write(end_temporary, now=at(last + timedelta(days=1), "00:30")) == 1
    assert database.write(end_temporary, now=at(last + timedelta(days=1), "00:30")) == 0
    assert database.one(select(Service.deactivated_at).where(Service.last_day == last)) is not None


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"name_nl": ""}, 422, "Le texte néerlandais manque."),
        ({"until": "1/1/2027"}, 422, "La fin doit venir après le début."),
        ({"weekdays": None}, 422, "Choisissez au moins un jour de la semaine."),
        ({"since": "14/1/2027", "until": "15/1/2027"}, 422, "la plage ne tombe sur aucun jour"),
        ({"start": "9:00", "end": "11:00"}, 409, "L’autre plage\u00a0: Du lundi au vendredi, de 8\u202fh à 12\u202fh"),
    ],
)
def test_what_is_not_right_about_it_is_said_and_nothing_is_half_saved(
    dora: Desk, database: Database, typed: dict[str, Any], status: int, sentence: str
) -> None:
    page = campaign(dora, **typed)

    assert page.status == status
    assert sentence in page.text
    assert (database.count(Service), database.count(OpeningSession)) == (1, 1)


def test_a_copy_has_the_checklist_of_its_template(dora: Desk, database: Database) -> None:
    campaign(dora).submit(holding="step", press=APPLY)

    def lists(session: Session) -> list[Any]:
        return [newest_of(session, service=one).content for one in session.scalars(select(Service))]

    template, copy = database.write(lists)
    assert template == copy
