"""Dora sets the hours in the browser: typed as she writes them, seen before they count, nobody forgotten."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import (
    Appointment,
    Closure,
    Counter,
    JournalEntry,
    Message,
    Office,
    OpeningCounter,
    OpeningSession,
    Person,
)
from booking.models.messages import MessageKind
from booking.models.offices import CounterKind
from booking.usecases.joining import add_membership
from booking.usecases.messages import announce
from tests.databases import Database
from tests.factories import a_closure, a_counter, a_service, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import Page, controls, visit, words
from tests.web.administrators import Desk, at_a_desk
from tests.web.booking import ANA, HALF_PAST_TEN, booking, choosing

HOURS = "/hours/town-hall"
THURSDAY = MONDAY + timedelta(days=3)
EFFECT, APPLY, BACK = (("step", value) for value in ("effect", "apply", "form"))
STRIKE = {"why_fr": "Grève", "why_nl": "Staking"}
CLOSED = {"first": "7/1/2027", "reason_fr": "Grève", "reason_nl": "Staking"}


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database, counters=2)


def visits(database: Database, desk: Desk, *walls: str, **columns: Any) -> list[int]:
    """People who come on Thursday, one after the other at the first counter; gives the ids of their visits."""

    def book(session: Session) -> list[int]:
        work = desk.work
        return [an_appointment(session, work.counter, work.service, start=at(THURSDAY, w), **columns).id for w in walls]

    found: list[int] = database.write(book)
    return found


def shortened(desk: Desk, language: str = "fr", **typed: str) -> Page:
    """What follows when the morning shall end at eleven."""
    form = desk.open(f"{HOURS}/{desk.work.opening.id}", language)
    return form.submit(holding="weekdays", press=EFFECT, **{"end": "11h", **typed})


def closing(desk: Desk, **typed: Any) -> Page:
    """What follows when Thursday shall be closed."""
    return desk.open("/closures/new/town-hall").submit(holding="scope", press=EFFECT, **{**CLOSED, **typed})


# Hours as they are


def test_a_week_is_seen_as_blocks_and_each_session_as_a_sentence(dora: Desk, database: Database) -> None:
    page = dora.open(HOURS)

    assert page.text.count("Guichets 1 et 2 8\u202fh–12\u202fh sur rendez-vous") == 5
    assert "Du lundi au vendredi, de 8\u202fh à 12\u202fh, sur rendez-vous, guichets 1 et 2." in page.text
    assert "Van maandag tot en met vrijdag, van 8 tot 12\u00a0uur, op afspraak, loketten 1 en 2." in (
        dora.open(HOURS, "nl").text
    )


def test_hours_whose_counters_are_all_out_of_use_say_so(dora: Desk, database: Database) -> None:
    def retire(session: Session) -> None:
        session.execute(update(Counter).values(retired_at=EARLY))

    database.write(retire)

    assert "sur rendez-vous\u00a0: aucun guichet en service." in dora.open(HOURS).text


def test_every_second_wednesday_is_said_as_people_say_it(dora: Desk, database: Database) -> None:
    work = dora.work
    afternoon = {"start": "13:30", "end": "16:00", "weekdays": 0b100, "every_weeks": 2, "anchor": date(2026, 9, 9)}
    database.write(lambda session: a_session(session, work.office, [work.counter], **afternoon) and None)

    assert (
        "Un mercredi sur deux, à compter du mercredi 9\u00a0septembre 2026, de 13\u202fh\u202f30 à 16\u202fh, "
        "sur rendez-vous, guichet 1."
    ) in dora.open(HOURS).text
    assert "Om de twee weken op woensdag" in dora.open(HOURS, "nl").text


@pytest.mark.parametrize(("shut", "word", "listed"), [((0,), "guichet", "1"), ((0, 1), "guichets", "1 et 2")])
def test_one_counter_shut_is_one_and_two_are_two(dora: Desk, shut: tuple[int, ...], word: str, listed: str) -> None:
    counters = [str(dora.work.counters[place].id) for place in shut]
    page = closing(dora, scope="counters", counters=counters).submit(holding="step", press=APPLY)

    assert f" {word.capitalize()} {listed} Grève" in page.text
    day = visit(dora.client, f"/fr/mairie-nord/agent/?day={THURSDAY}")
    assert f"Fermé, {word} {listed}\u00a0: Grève" in day.text


def test_services_with_commas_in_their_names_can_be_told_apart(dora: Desk, database: Database) -> None:
    def hours(session: Session) -> None:
        names = Translated.of(fr="Perte, vol ou destruction", nl="Verlies, diefstal of vernietiging")
        lost = a_service(session, dora.work.commune, code="lost-card", name=names)
        a_session(
            session,
            dora.work.office,
            [dora.work.counter],
            start="13:30",
            end="16:00",
            services=[dora.work.service, lost],
        )

    database.write(hours)

    assert "Seulement pour\u00a0: Carte d’identité · Perte, vol ou destruction." in dora.open(HOURS).text


def test_a_closed_day_shows_its_reason_instead_of_its_hours(dora: Desk, database: Database) -> None:
    home = dora.work.commune
    database.write(lambda session: a_closure(session, home, first_day=THURSDAY, last_day=THURSDAY) and None)
    half = {"first_day": MONDAY, "last_day": MONDAY, "wall_start": time(10)}
    database.write(lambda session: a_closure(session, home, **half) and None)

    page = dora.open(HOURS)

    assert page.text.count("8\u202fh–12\u202fh sur rendez-vous") == 3
    assert page.text.count("8\u202fh–10\u202fh sur rendez-vous 10\u202fh–12\u202fh fermé – Jour férié") == 1
    assert page.text.count("fermé – Jour férié") == 2


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "2027-02-30", "demain", "2099-12-31"])
def test_a_week_that_nobody_can_mean_does_no_harm(dora: Desk, week: str) -> None:
    assert dora.open(f"{HOURS}?week={week}").status == 200


# Adding and changing


NEW = {"weekdays": ["2"], "start": "13h30", "end": "1600", "counters": None, "since": "6-1-27"}


def test_hours_are_added_as_a_clerk_types_them(dora: Desk, database: Database) -> None:
    counters = [str(counter.id) for counter in dora.work.counters]
    wishes: dict[str, Any] = {**NEW, "counters": counters, "repeat": "weeks", "every_weeks": "2", "anchor": "6/1/2027"}
    effect = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes)
    assert "Ce changement ne touche aucun rendez-vous." in effect.text
    assert "Un mercredi sur deux" in effect.text
    assert database.count(OpeningSession) == 1

    page = effect.submit(holding="step", press=APPLY)

    assert "La modification est enregistrée." in page.text
    row = database.one(select(OpeningSession).where(OpeningSession.id != dora.work.opening.id))
    assert (row.wall_start, row.wall_end, row.every_weeks, row.anchor) == (time(13, 30), time(16), 2, date(2027, 1, 6))
    assert (row.valid_from, row.mode, row.weekdays) == (date(2027, 1, 6), Mode.APPOINTMENT, 0b100)
    assert database.count(OpeningCounter, OpeningCounter.session_id == row.id) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"start": "8h3"}, "Écrivez une heure comme 8:30, 8h30 ou 830."),
        ({"end": "13:30"}, "La fin doit venir après le début."),
        ({"last_entry": "17:00"}, "Le dernier ticket ne peut pas être donné après la fermeture."),
        ({"weekdays": None}, "Choisissez au moins un jour de la semaine."),
        ({"counters": None}, "Choisissez au moins un guichet."),
        ({"counters": "999999"}, "Choisissez au moins un guichet."),
        ({"since": "31/2/2027"}, "Écrivez une date comme 31/12/2027."),
        ({"until": "1/1/2027"}, "La fin doit venir après le début."),
        (
            {"repeat": "weeks", "every_weeks": "2"},
            "Donnez la première date à partir de laquelle on compte les semaines.",
        ),
        ({"repeat": "weeks", "every_weeks": "x"}, "Écrivez un nombre entier de 2 à 12."),
        ({"season_first": "1/7"}, "Écrivez un jour et un mois, comme 1/7."),
    ],
)
def test_a_slip_is_named_and_nothing_typed_is_lost(
    dora: Desk, database: Database, typed: dict[str, Any], sentence: str
) -> None:
    wishes = {**NEW, "counters": str(dora.work.counter.id), "start": "13h30", **typed}
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes)

    assert page.status == 422
    assert sentence in page.text
    shown = {control.attrib.get("value") for control in page.form(holding="weekdays").iter("input")}
    assert {wishes["start"], wishes["end"], wishes["since"]} <= shown
    assert database.count(OpeningSession) == 1


def test_hours_that_meet_others_are_refused_with_the_day(dora: Desk, database: Database) -> None:
    wishes = {**NEW, "start": "11:00", "end": "13:00", "counters": str(dora.work.counter.id)}
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes)

    assert page.status == 409
    assert "mercredi 6\u00a0janvier 2027" in page.text
    assert page.heading == "Nouvelle plage d’ouverture"
    assert "L’autre plage\u00a0: Du lundi au vendredi, de 8\u202fh à 12\u202fh" in error_at(page, "start")


def error_at(page: Page, field: str) -> str:
    """The sentence that stands at a field."""
    found = next((one for one in page.tree.iter() if one.attrib.get("id") == f"{field}-error"), None)
    return "" if found is None else words(found)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"start": "22:00", "end": "2:00"}, "end", "Une plage finit le jour où elle commence"),
        ({"start": "22:00", "end": "24:00"}, "end", "Une plage finit le jour où elle commence"),
        ({"until": "8/1/2027", "since": "7/1/2027"}, "weekdays", "la plage ne tombe sur aucun jour"),
        ({"season_first": "2/1", "season_last": "3/1", "until": "31/12/2027"}, "weekdays", "ne tombe sur aucun jour"),
    ],
    ids=["past midnight", "until midnight", "no such day between them", "a season without its day"],
)
def test_hours_that_cannot_be_are_said_at_their_field(
    dora: Desk, database: Database, typed: dict[str, Any], field: str, sentence: str
) -> None:
    wishes = {**NEW, "counters": str(dora.work.counter.id), "start": "13h30", **typed}
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes)

    assert page.status == 422
    assert sentence in error_at(page, field)
    assert database.count(OpeningSession) == 1


def test_an_example_is_called_one(dora: Desk) -> None:
    for address, examples in (
        (f"{HOURS}/new", ("8:30", "12:30", "31/12/2027")),
        (f"{HOURS}/extra", ("8:30", "12:30", "31/12/2027")),
        (f"{HOURS}/{dora.work.opening.id}/end", ("31/12/2027",)),
        ("/closures/new/town-hall", ("31/12/2027",)),
    ):
        page = dora.open(address)
        assert all(f"Par exemple {example}" in page.text for example in examples), address


def test_enter_in_a_field_shows_the_effect(dora: Desk) -> None:
    form = dora.open(f"{HOURS}/{dora.work.opening.id}")

    assert "Ce changement ne touche aucun rendez-vous." in form.submit(holding="weekdays", end="11h").text


def test_an_extra_opening_on_a_closed_day_says_what_keeps_it_shut(dora: Desk, database: Database) -> None:
    saturday = MONDAY + timedelta(days=5)
    database.write(
        lambda session: a_closure(session, dora.work.commune, first_day=saturday, last_day=saturday) and None
    )
    wishes = {"day": "9/1/27", "start": "9", "end": "12", "counters": str(dora.work.counter.id)}
    page = dora.open(f"{HOURS}/extra").submit(holding="day", press=EFFECT, **wishes)

    assert "Samedi 9\u00a0janvier 2027, de 9\u202fh à 12\u202fh, sur rendez-vous, guichet 1." in page.text
    assert "Une fermeture couvre ces heures, ou une partie\u00a0: Jour férié." in page.text
    page.submit(holding="step", press=APPLY)
    assert "Samedi 9\u00a0janvier 2027" in dora.open("/closures").text


def test_an_extra_opening_at_the_usual_hours_of_a_holiday_is_told_of_the_holiday(
    dora: Desk, database: Database
) -> None:
    shut = {"first_day": THURSDAY, "last_day": THURSDAY}
    database.write(lambda session: a_closure(session, dora.work.commune, **shut) and None)
    wishes = {"day": "7/1/2027", "start": "9", "end": "12", "counters": str(dora.work.counter.id)}
    page = dora.open(f"{HOURS}/extra").submit(holding="day", press=EFFECT, **wishes)

    assert page.status == 409
    assert "Le jeudi 7\u00a0janvier 2027, une fermeture couvre ces heures\u00a0: Jour férié." in page.text
    again = dora.open(f"{HOURS}/extra").submit(holding="day", press=EFFECT, **wishes | {"day": "8/1/2027"})
    assert "déjà" in again.text, "on a day that is open, it is the other hours that stand against it"


def test_an_extra_opening_of_a_day_that_is_over_is_refused(dora: Desk) -> None:
    wishes = {"day": "3/1/2027", "start": "9", "end": "12", "counters": str(dora.work.counter.id)}
    page = dora.open(f"{HOURS}/extra").submit(holding="day", press=EFFECT, **wishes)

    assert page.status == 422
    assert "Quel jour\u202f? – Ce jour est passé" in page.text


def test_two_times_written_wrongly_are_told_apart(dora: Desk) -> None:
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **NEW | {"start": "8h3", "end": "x"})

    faults = [words(link) for link in page.tree.iterfind(".//div[@role='alert']//a")]
    assert faults[:2] == [
        "Ouvre à – Écrivez une heure comme 8:30, 8h30 ou 830.",
        "Ferme à – Écrivez une heure comme 8:30, 8h30 ou 830.",
    ]


@pytest.mark.parametrize("form", ["new", "extra"])
def test_an_office_without_counters_is_told_what_comes_first(dora: Desk, database: Database, form: str) -> None:
    name = Translated.of(fr="Antenne", nl="Antenne-NL")
    database.write(lambda session: an_office(session, dora.work.commune, code="station", name=name) and None)

    page = dora.open(f"/hours/station/{form}")

    assert "Ce bureau n’a pas encore de guichet." in page.text
    assert "Quels guichets" not in page.text
    assert page.follow("Ajouter un guichet").response.request.path.endswith("/counters/new/station")
    assert "Seulement certains guichets" not in dora.open("/closures/new/station").text


# The effect first


def test_shortening_thursday_lists_exactly_whom_it_touches(dora: Desk, database: Database) -> None:
    visits(database, dora, "10:00", "10:45")
    touched = visits(database, dora, "11:00", "11:30", name="Emil Aerts")

    page = shortened(dora, since="7/1/2027")

    assert "Ce changement touche 2 rendez-vous." in page.text
    assert "Jusqu’ici Du lundi au vendredi, de 8\u202fh à 12\u202fh" in page.text
    differing = [words(part) for part in page.tree.iterfind(".//dl//strong")]
    assert differing[:2] == ["12\u202fh", "11\u202fh"]
    asked = {select_.attrib["name"] for select_ in page.form(holding="step").iter("select")}
    assert asked == {f"decision-{number}" for number in touched}
    assert "Ana Peeters" not in page.text
    assert database.all(select(OpeningSession.wall_end)) == [time(12)]


def test_kept_and_cancelled_each_as_decided(dora: Desk, database: Database) -> None:
    first, second = visits(database, dora, "11:00", "11:30")
    typed = {"for_all": "cancel", f"decision-{first}": "keep", **STRIKE}

    page = shortened(dora).submit(holding="step", press=APPLY, **typed)

    assert "1 rendez-vous est maintenu. 1 rendez-vous est annulé." in page.text
    states = dict(database.all(select(Appointment.id, Appointment.state)))
    assert states == {first: AppointmentState.BOOKED, second: AppointmentState.CANCELLED}
    assert database.one(select(Appointment.kept_outside_at).where(Appointment.id == first)) is not None
    assert database.all(select(Message.kind)) == [MessageKind.CANCELLED_BY_COMMUNE]
    acts = set(database.all(select(JournalEntry.act, JournalEntry.subject, JournalEntry.fields)))
    assert ("changed", "opening_session", "end") in acts
    assert {"Grève", "Staking"}.isdisjoint(word for entry in acts for word in entry)


def test_nothing_is_saved_before_everybody_is_decided_about(dora: Desk, database: Database) -> None:
    visits(database, dora, "11:30")

    page = shortened(dora).submit(holding="step", press=APPLY, **STRIKE)

    assert page.status == 422
    assert "Dites ce que devient chaque rendez-vous." in page.text
    assert "Grève" in {control.attrib.get("value") for control in page.form(holding="step").iter("input")}
    assert database.all(select(OpeningSession.wall_end)) == [time(12)]


def test_who_is_cancelled_is_owed_a_reason_in_both_languages(dora: Desk, database: Database) -> None:
    visits(database, dora, "11:30")

    page = shortened(dora).submit(holding="step", press=APPLY, for_all="cancel", why_fr="Grève")

    assert page.status == 422
    assert "Le texte néerlandais manque." in page.text
    assert database.all(select(Appointment.state)) == [AppointmentState.BOOKED]


def test_who_books_between_preview_and_saving_is_asked_about_too(
    dora: Desk, database: Database, client: FlaskClient
) -> None:
    (known,) = visits(database, dora, "09:00")
    preview = closing(dora, first="4/1/2027", last="7/1/2027")
    resident = client.application.test_client()
    assert "Votre rendez-vous est fixé." in booking(resident, HALF_PAST_TEN).text

    decided = {"for_all": "keep", f"decision-{known}": "cancel", **STRIKE}
    again = preview.submit(holding="step", press=APPLY, **decided)

    assert again.status == 409
    assert "D’autres rendez-vous ont été pris entre-temps dans ces heures." in again.text
    assert "Ana Peeters nouveau" in again.text
    assert database.count(Closure) == 0
    assert database.all(select(Appointment.state)) == [AppointmentState.BOOKED] * 2
    assert "2 rendez-vous" in again.text

    saved = again.submit(holding="step", press=APPLY)

    assert "1 rendez-vous est maintenu. 1 rendez-vous est annulé." in saved.text
    assert database.one(select(Appointment.state).where(Appointment.id == known)) == AppointmentState.CANCELLED
    kept = database.one(select(Appointment).where(Appointment.id != known))
    assert (kept.state, kept.kept_outside_at is not None) == (AppointmentState.BOOKED, True)


def many(database: Database, desk: Desk, number: int) -> list[int]:
    """So many people who come on Thursday and the days after, five minutes each at the first counter."""

    def book(session: Session) -> list[int]:
        work = desk.work
        return [
            an_appointment(
                session,
                work.counter,
                work.service,
                start=at(THURSDAY + timedelta(days=place // 40), "08:00") + timedelta(minutes=5 * (place % 40)),
                minutes=5,
                name=f"Person {place + 1}",
                booked_at=EARLY - timedelta(days=1),
            ).id
            for place in range(number)
        ]

    found: list[int] = database.write(book)
    return found


def test_a_long_list_is_seen_in_parts_and_the_form_stays_small(dora: Desk, database: Database) -> None:
    ids = many(database, dora, 230)
    page = closing(dora, last="31/1/2027")
    assert "Ce changement touche 230 rendez-vous." in page.text
    seen = []
    for shown in ("1 à 100", "101 à 200", "201 à 230"):
        assert f"Rendez-vous {shown} sur 230" in page.text
        asked = [one.attrib["name"] for one in page.form(holding="step").iter("select") if one.attrib["name"] != "part"]
        seen += [int(name.removeprefix("decision-")) for name in asked]
        last, page = page, page.submit(holding="step", press=("turn", str(len(seen) // 100 + 1)))
    assert seen == ids
    assert "Rendez-vous 1 à 100 sur 230" in last.submit(holding="step", part="1").text

    saved = last.submit(holding="step", press=APPLY, for_all="cancel", **STRIKE)

    assert "230 rendez-vous sont annulés." in saved.text
    assert set(database.all(select(Appointment.state))) == {AppointmentState.CANCELLED}


def test_what_is_decided_on_one_part_of_a_long_list_holds_on_the_others(dora: Desk, database: Database) -> None:
    first, second, *_, last = many(database, dora, 210)
    page = closing(dora, last="31/1/2027")
    page = page.submit(
        holding="step", press=("turn", "3"), **{f"decision-{first}": "keep", f"decision-{second}": "keep"}
    )
    page = page.submit(holding="step", press=("turn", "1"), **{f"decision-{last}": "keep"})
    sent = dict(controls(page.form(holding="step")))
    assert [sent[f"decision-{number}"] for number in (first, second)] == ["keep", "keep"]
    page = page.submit(holding="step", press=("turn", "2"), **{f"decision-{second}": "all"})

    page.submit(holding="step", press=APPLY, for_all="cancel", **STRIKE)

    kept = select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED).order_by(Appointment.id)
    assert database.all(kept) == [first, last]


def test_who_comes_while_a_long_list_is_looked_through_is_shown_first_and_not_covered(
    dora: Desk, database: Database, clock: Clock
) -> None:
    many(database, dora, 110)
    page = closing(dora, last="31/1/2027").submit(holding="step", press=("turn", "2"), for_all="cancel", **STRIKE)
    clock.forward(minutes=5)
    visits(database, dora, "11:45", name="Emil Aerts", booked_at=clock.now)

    again = page.submit(holding="step", press=("turn", "2"))

    assert "D’autres rendez-vous ont été pris entre-temps dans ces heures." in again.text
    assert "Rendez-vous 1 à 100 sur 111" in again.text
    first, *_ = (words(row) for row in again.tree.iter("tr") if "decision-" in str(list(controls(row))))
    assert "Emil Aerts nouveau" in first
    assert "nouveau" not in again.submit(holding="step", press=("turn", "2")).text


@pytest.mark.parametrize(("seconds", "is_new"), [(0, True), (-59, True), (-120, False)])
def test_who_was_booking_when_the_list_was_shown_is_marked_as_new(
    dora: Desk, database: Database, seconds: int, is_new: bool
) -> None:
    preview = closing(dora)
    visits(database, dora, "11:45", name="Emil Aerts", booked_at=EARLY + timedelta(seconds=seconds))

    again = preview.submit(holding="step", press=APPLY)

    assert again.status == 409
    assert ("Emil Aerts nouveau" in again.text) is is_new


def test_who_cancels_between_preview_and_saving_makes_it_another_list(dora: Desk, database: Database) -> None:
    _, gone = visits(database, dora, "11:00", "11:30", booked_at=EARLY - timedelta(days=1))
    page = shortened(dora)
    cancelled = {"state": AppointmentState.CANCELLED, "cancelled_at": EARLY}
    database.write(lambda s: s.execute(update(Appointment).where(Appointment.id == gone).values(cancelled)) and None)

    again = page.submit(holding="step", press=APPLY, for_all="keep")

    assert again.status == 409
    assert "La liste a changé depuis son affichage." in again.text
    assert "1 rendez-vous est maintenu." in again.submit(holding="step", press=APPLY).text


def test_a_closure_sent_twice_is_there_once(dora: Desk, database: Database) -> None:
    visits(database, dora, "11:30")
    preview = closing(dora)
    preview.submit(holding="step", press=APPLY, for_all="keep")

    again = preview.submit(holding="step", press=APPLY, for_all="keep")

    assert again.response.request.path.endswith("/closures")
    assert "Cette fermeture existe déjà." in again.text
    assert database.count(Closure) == 1
    written = closing(dora)
    assert (written.status, written.heading) == (409, "Nouvelle fermeture")
    assert "Cette fermeture existe déjà." in written.text


def test_who_holds_a_time_across_the_closing_is_offered_near_times(
    dora: Desk, database: Database, client: FlaskClient
) -> None:
    resident = client.application.test_client()
    details = choosing(resident, HALF_PAST_TEN)
    closing(dora, first="4/1/2027").submit(holding="step", press=APPLY)

    page = details.submit(holding="name", **ANA)

    assert page.status == 409
    assert "Nous ne retenons plus cette heure pour vous." in page.text
    starts = [button.attrib["value"] for button in page.tree.iter("button") if button.attrib.get("name") == "start"]
    assert len(starts) == 3
    assert min(int(start) for start in starts) >= at(MONDAY + timedelta(days=1), "08:00").timestamp() // 60
    assert "Ana Peeters" in {control.attrib.get("value") for control in page.tree.iter("input")}
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 0


def test_who_has_no_mail_is_on_the_call_list_before_and_after(dora: Desk, database: Database) -> None:
    visits(database, dora, "11:00", email=None, phone="+32470123456", name="Sekou")
    visits(database, dora, "11:30")

    preview = shortened(dora)
    assert "1\u00a0personne n’a pas d’adresse e-mail" in preview.text
    assert "0470\u00a012\u00a034\u00a056" in preview.text

    page = preview.submit(holding="step", press=APPLY, for_all="cancel", **STRIKE)

    assert page.heading == "Liste d’appels"
    tabs = [words(link) for link in page.tree.iterfind(".//nav//a[@aria-current]")]
    assert "Fermetures" in tabs, "where the way back leads"
    printed = page.tree.find(".//*[@data-print]/..")
    assert printed is not None
    assert "no-print" in printed.attrib["class"], "a button has no use on paper"
    assert "Sekou" in page.text
    assert "0470\u00a012\u00a034\u00a056" in page.text
    assert "Ana Peeters" not in page.text
    assert "Liste d’appels 1" in dora.open(HOURS).text
    looked = select(JournalEntry.fields).where(JournalEntry.act == "looked")
    assert set(database.all(looked)) == {"phone"}


def test_who_was_kept_before_is_marked_on_the_next_list(dora: Desk, database: Database) -> None:
    visits(database, dora, "11:30")
    shortened(dora).submit(holding="step", press=APPLY, for_all="keep")

    page = closing(dora)

    assert "Ce changement touche 1 rendez-vous." in page.text
    assert "hors plage d’ouverture" in page.text


def test_another_language_keeps_change_and_decisions(dora: Desk, database: Database) -> None:
    (number,) = visits(database, dora, "11:30")
    typed = {f"decision-{number}": "cancel", **STRIKE}

    page = shortened(dora).submit(holding="step", press=("switch_to", "nl"), **typed)

    assert page.language == "nl"
    assert "Deze wijziging heeft gevolgen voor 1 afspraak." in page.text
    assert database.all(select(Appointment.state)) == [AppointmentState.BOOKED]
    saved = page.submit(holding="step", press=APPLY)
    assert "1 afspraak is geannuleerd." in saved.text
    assert set(database.all(select(OpeningSession.wall_end))) == {time(12), time(11)}


def test_another_language_keeps_a_form_that_is_not_finished(dora: Desk) -> None:
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=("switch_to", "nl"), start="9h", end="8h")

    assert (page.status, page.language) == (200, "nl")
    assert {"9h", "8h"} <= {control.attrib.get("value") for control in page.form(holding="weekdays").iter("input")}


def test_from_the_effect_one_can_go_back_to_what_was_typed(dora: Desk) -> None:
    page = shortened(dora, since="7/1/27").submit(holding="step", press=BACK)

    assert page.heading == "Modifier la plage d’ouverture"
    assert {"11h", "7/1/27"} <= {control.attrib.get("value") for control in page.form(holding="weekdays").iter("input")}


def test_an_end_is_asked_about_too(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    form = dora.open(f"{HOURS}/{dora.work.opening.id}/end")

    page = form.submit(holding="since", press=EFFECT, since="7/1/2027")
    assert "Premier jour sans cette plage\u00a0: jeudi 7\u00a0janvier 2027." in page.text
    page.submit(holding="step", press=APPLY, for_all="keep")

    assert database.one(select(OpeningSession.valid_until)) == THURSDAY - timedelta(days=1)


# Closures


def test_a_closure_is_listed_and_can_be_removed(dora: Desk, database: Database) -> None:
    effect = closing(dora, start="12", scope="commune")
    assert (
        "Toute la commune, tous les bureaux\u00a0: fermeture jeudi 7\u00a0janvier 2027, à partir de 12\u202fh – Grève"
        in (effect.text)
    )

    page = effect.submit(holding="step", press=APPLY)
    assert "jeudi 7\u00a0janvier 2027 à partir de 12\u202fh" in page.text
    row = database.one(select(Closure))
    assert (row.office_id, row.wall_start, row.wall_end, row.reason.in_("nl")) == (None, time(12), None, "Staking")

    asked = visit(dora.client, next(link for text, link in page.links().items() if text.startswith("Supprimer")))
    assert asked.heading == "Supprimer cette fermeture\u202f?"
    assert "fermeture jeudi 7\u00a0janvier 2027, à partir de 12\u202fh – Grève" in asked.text
    assert database.count(Closure) == 1
    listed = asked.submit()
    assert "La fermeture est supprimée." in listed.text
    assert database.count(Closure) == 0


def test_a_closure_is_not_removed_by_a_form_of_somebody_elses(dora: Desk, database: Database) -> None:
    closing(dora).submit(holding="step", press=APPLY)
    number = database.one(select(Closure.id))

    dora.client.post(f"/fr/mairie-nord/admin/closures/{number}/remove", data={"csrf_token": "forged"})

    assert database.count(Closure) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason_nl": " "}, "Le texte néerlandais manque."),
        ({"last": "6/1/2027"}, "La fin doit venir après le début."),
        ({"start": "12", "end": "11"}, "La fin doit venir après le début."),
        ({"scope": "counters"}, "Choisissez au moins un guichet."),
        ({"first": ""}, "Écrivez une date comme 31/12/2027."),
        ({"first": "3/1/2027"}, "Ce jour est passé\u00a0: écrivez la date d’aujourd’hui ou une date à venir."),
        (
            {"first": "1/1/2027", "last": "3/1/2027"},
            "Ce jour est passé\u00a0: écrivez la date d’aujourd’hui ou une date à venir.",
        ),
    ],
)
def test_a_closure_that_is_not_right_is_shown_again(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = closing(dora, **typed)

    assert page.status == 422
    assert sentence in page.text
    assert "Grève" in {control.attrib.get("value") for control in page.form(holding="scope").iter("input")}


def test_the_reason_of_a_closure_is_the_one_its_people_are_told(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00", "10:00")
    effect = closing(dora)

    effect.submit(holding="step", press=APPLY, for_all="cancel")

    reasons = set(database.all(select(Appointment.cancel_reason)))
    assert reasons == {Translated.of(fr="Grève", nl="Staking")}


def test_another_reason_than_that_of_the_closure_can_be_given(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00")
    page = closing(dora).submit(holding="step", press=APPLY, for_all="cancel", why_fr="", why_nl="Andere")
    assert page.status == 422

    page.submit(holding="step", press=APPLY, why_fr="Autre")

    assert database.one(select(Appointment.cancel_reason)) == Translated.of(fr="Autre", nl="Andere")
    added = select(JournalEntry.fields).where(JournalEntry.act == "added", JournalEntry.subject == "closure")
    assert database.one(added) == "counters,end,first,last,office,reason,start"


def test_a_closure_until_midnight_is_one_until_the_end_of_the_day(dora: Desk, database: Database) -> None:
    closing(dora, start="12", end="24:00").submit(holding="step", press=APPLY)

    row = database.one(select(Closure))
    assert (row.wall_start, row.wall_end) == (time(12), None)


def test_one_counter_under_repair_touches_its_own_visits_only(dora: Desk, database: Database) -> None:
    visits(database, dora, "09:00", "10:00")
    second = str(dora.work.counters[1].id)

    assert "Ce changement ne touche aucun rendez-vous." in closing(dora, scope="counters", counters=second).text
    first = str(dora.work.counter.id)
    page = closing(dora, scope="counters", counters=first)
    assert "Ce changement touche 2 rendez-vous." in page.text
    assert "Maison communale, guichet 1\u00a0: fermeture" in page.text


# Who may


def test_an_agent_does_not_set_hours(client: FlaskClient, database: Database) -> None:
    bilal = at_a_desk(client, database, role=Role.AGENT)

    for address in (HOURS, f"{HOURS}/new", "/closures", "/closures/new/town-hall", "/calls"):
        page = bilal.open(address)
        assert page.status == 403
        assert "Fermetures" not in page.links(), "a way on that would be refused"
        assert page.follow("Retour à l’agenda").status == 200


def test_hours_of_another_commune_do_not_exist(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> tuple[int, int]:
        theirs = a_working_commune(session, slug="sud")
        an_office(session, theirs.commune, code="annexe", position=2)
        return theirs.opening.id, a_closure(session, theirs.commune, first_day=MONDAY, last_day=MONDAY).id

    session_id, closure_id = database.write(elsewhere)

    for address in (f"{HOURS}/{session_id}", f"{HOURS}/{session_id}/end", "/hours/annexe", "/closures/new/annexe"):
        assert dora.open(address).status == 404
    token = dora.open("/closures/new/town-hall").form(holding="scope").find(".//input[@name='csrf_token']")
    assert token is not None
    removal = f"/fr/mairie-nord/admin/closures/{closure_id}/remove"
    assert dora.client.post(removal, data={"csrf_token": token.attrib["value"]}).status_code == 404
    assert database.count(Closure) == 1


STATION = "/hours/station"


@pytest.fixture(params=[False, True], ids=["works here", "works everywhere"])
def dora_here(client: FlaskClient, database: Database, request: pytest.FixtureRequest) -> Desk:
    """Dora administers the town hall; the office at the station is none of hers, even if she works there at times."""
    desk = at_a_desk(client, database, here_only=True)

    def rows(session: Session) -> None:
        an_office(session, desk.work.commune, code="station")
        if request.param:
            person_id = session.scalars(select(Person.id)).one()
            add_membership(session, commune_id=desk.work.commune.id, person_id=person_id, role=Role.AGENT)

    database.write(rows)
    return desk


def test_whoever_administers_one_office_reaches_no_other(dora_here: Desk, database: Database) -> None:
    def at_the_station(session: Session) -> tuple[int, int, int]:
        station = session.scalars(select(Office).where(Office.code == "station")).one()
        there = a_counter(session, station, label="9")
        shut = {"first_day": THURSDAY, "last_day": THURSDAY}
        theirs = a_closure(session, dora_here.work.commune, **shut, office_id=station.id)
        everybody = a_closure(session, dora_here.work.commune, **shut)
        return a_session(session, station, [there]).id, theirs.id, everybody.id

    opening, theirs, everybody = database.write(at_the_station)

    assert dora_here.open(HOURS).status == dora_here.open("/closures/new/town-hall").status == 200
    for address in (
        STATION,
        f"{STATION}/new",
        f"{STATION}/extra",
        f"{STATION}/{opening}",
        f"{STATION}/{opening}/end",
        f"{HOURS}/{opening}",
        f"{HOURS}/{opening}/end",
        "/closures/new/station",
        "/offices/station",
        "/offices/new",
        "/counters/new/station",
    ):
        assert dora_here.open(address).status == 404
    assert "Antenne" not in dora_here.open("/closures").text
    for closure in (theirs, everybody):
        gone = dora_here.client.post(f"/fr/mairie-nord/admin/closures/{closure}/remove", data=token(dora_here))
        assert gone.status_code == 404
    assert database.count(Closure) == 2


def token(desk: Desk) -> dict[str, str]:
    """What every form of ours carries, taken from one of them."""
    fields = desk.open("/closures/new/town-hall").form(holding="scope").iter("input")
    return {"csrf_token": next(one.attrib["value"] for one in fields if one.attrib.get("name") == "csrf_token")}


def test_the_hours_that_open_first_are_those_of_an_office_one_administers(dora_here: Desk) -> None:
    wish = token(dora_here) | {"office": "station"}
    dora_here.client.post("/fr/mairie-nord/agent/office", data=wish)

    assert dora_here.open("/hours").response.request.path.endswith(HOURS)


def test_whoever_administers_one_office_does_not_close_the_commune(dora_here: Desk, database: Database) -> None:
    assert "Toute la commune" not in dora_here.open("/closures/new/town-hall").text

    for step in (EFFECT, APPLY):
        assert closing(dora_here, scope="commune", step=step[1]).status == 422
    assert database.count(Closure) == 0
    closing(dora_here).submit(holding="step", press=APPLY)
    assert database.one(select(Closure.office_id)) == dora_here.work.office.id


def test_whoever_administers_one_office_calls_its_own_people(dora_here: Desk, database: Database) -> None:
    def at_the_station(session: Session) -> None:
        station = session.scalars(select(Office).where(Office.code == "station")).one()
        there, gone = a_counter(session, station, label="9"), {"state": AppointmentState.CANCELLED}
        reason = {"cancel_reason": Translated.of(fr="Grève", nl="Staking"), "email": None}
        ana = an_appointment(session, there, dora_here.work.service, start=at(THURSDAY, "11:00"), **gone, **reason)
        about = {"commune_id": ana.commune_id, "appointment_id": ana.id, "now": EARLY}
        announce(session, MessageKind.CANCELLED_BY_COMMUNE, **about)

    database.write(at_the_station)

    assert "Ana Peeters" not in dora_here.open("/calls").text


# What is kept, and extra counters


def test_what_a_session_keeps_is_typed_and_told_in_words(dora: Desk, database: Database) -> None:
    wishes = {**NEW, "counters": str(dora.work.counter.id), "mode": "both"}
    kept = {"walk_in_minutes": "15", "staff_minutes": "10", "most_walk_ins": "30"}
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes, **kept)
    for sentence in (
        "Les 15 premières minutes de chaque heure, comptées à partir de l’ouverture, sont gardées pour les personnes "
        "sans rendez-vous.",
        "Les 10 dernières minutes de chaque heure, comptées à partir de l’ouverture, sont gardées pour les rendez-vous "
        "que donne le personnel.",
        "Au plus 30 tickets sans rendez-vous.",
    ):
        assert sentence in page.text
    page.submit(holding="weekdays", press=APPLY)

    new = database.one(select(OpeningSession).where(OpeningSession.wall_start == time(13, 30)))
    assert (new.walk_in_minutes, new.staff_minutes, new.most_walk_ins) == (15, 10, 30)
    form = dict(controls(dora.open(f"{HOURS}/{new.id}").form(holding="weekdays")))
    assert {name: form[name] for name in kept} == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"walk_in_minutes": "30", "staff_minutes": "20"}, "Laissez au moins un quart d’heure de chaque heure"),
        ({"most_walk_ins": "beaucoup"}, "Écrivez un nombre entier de 0 à 999."),
        ({"most_walk_ins": "1000"}, "Écrivez un nombre entier de 0 à 999."),
        ({"walk_in_minutes": "7"}, ""),
    ],
)
def test_a_share_that_cannot_be_is_named_and_nothing_saved(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    wishes = {**NEW, "counters": str(dora.work.counter.id), **typed}
    page = dora.open(f"{HOURS}/new").submit(holding="weekdays", press=EFFECT, **wishes)

    assert page.status == 422
    assert sentence in page.text
    assert database.count(OpeningSession) == 1


def test_an_extra_counter_is_put_into_a_session_and_said_to_be_one(dora: Desk, database: Database) -> None:
    def lane(session: Session) -> int:
        return a_counter(session, dora.work.office, label="X", kind=CounterKind.EXTRA, serves=[dora.work.service]).id

    extra = database.write(lane)
    page = dora.open(f"{HOURS}/{dora.work.opening.id}").submit(holding="weekdays", press=EFFECT, lanes=[str(extra)])
    assert "Guichets d’appoint pour les surréservations : X." in page.text.replace("\u00a0", " ")
    page.submit(holding="weekdays", press=APPLY)

    assert extra in database.all(select(OpeningCounter.counter_id))
    assert "guichets 1 et 2" in dora.open(HOURS).text
