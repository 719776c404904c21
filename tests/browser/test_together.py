"""A family's one visit, two that adjoin, and the two steps of a marriage: in the browser, with scripts and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.needs import Need, NeedTimes
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Counter, CounterService, Service
from tests.browser.walker import WALKS, Walker
from tests.databases import Database
from tests.factories import a_counter, a_service, a_session, a_working_commune, add, an_appointment
from tests.moments import MONDAY, at

pytestmark = pytest.mark.parametrize(
    "ana", [*WALKS, pytest.param(("de", False), id="de, without scripts")], indirect=True
)

FIRST = at(MONDAY, "10:00")
"""The first time that is free: two hours from now."""


def what_families_come_for(session: Session) -> None:
    """Cards and passports at one counter; births at another, and marriages in two steps. Signs take longer."""
    home = a_working_commune(session, need_minutes=NeedTimes.of({Need.SIGN_LANGUAGE: 15}))
    named = {"passport": ("Passeport", "Paspoort"), "birth": ("Naissance", "Geboorte")}
    passport, birth = (
        a_service(session, home.commune, code=code, name=Translated.of(fr=fr, nl=nl, en=code, de=code))
        for code, (fr, nl) in named.items()
    )
    steps = a_service(session, home.commune, code="marriage", information_minutes=20, information_days=7)
    add(session, CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=passport.id))
    a_session(session, home.office, [a_counter(session, home.office, label="2", serves=[birth, steps])])


def somebody_takes_the_other_counter(session: Session) -> None:
    """For an hour from the first free time on, so that a birth comes neither before nor after a card."""
    counter = session.scalars(select(Counter).where(Counter.label == "2")).one()
    birth = session.scalars(select(Service).where(Service.code == "birth")).one()
    an_appointment(session, counter, birth, start=FIRST, minutes=60, name="Somebody Quicker")


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    database.write(what_families_come_for)


def test_a_family_has_one_visit(ana: Walker, database: Database) -> None:
    ana.open("services/identity-card")
    ana.follow("Several people, or something else at the same visit?")
    ana.page.select_option("[name=persons]", "3")
    ana.page.select_option("#add", "passport")
    ana.is_at("One visit for everything")
    ana.press("Work out the length anew")
    ana.finds("Together: %(minutes)s at the counter", minutes=ana.said("minutes", 50))
    ana.press("Choose a time")
    ana.is_at("Choose a day and a time")
    ana.take_the_first()
    ana.is_at("Who is the appointment for?")
    ana.finish()
    ana.is_at("Your appointment is made.")

    assert database.all(select(AppointmentLine.persons).order_by(AppointmentLine.position)) == [3, 1]


def test_a_need_is_said_before_the_time_and_lengthens_the_visit(ana: Walker, database: Database) -> None:
    ana.open("services/identity-card/times")
    ana.page.locator("summary", has_text=ana.words("Do you need something when you come?")).click()
    ana.page.check("[name=needs][value=sign_language]")
    ana.page.check("[name=needs][value=interpreter_mine]")
    ana.looks()
    ana.press("Show the times with that")
    ana.reads(ana.said("minutes", 30))
    ana.take_the_first()
    ana.is_at("Who is the appointment for?")
    ana.finish()
    ana.is_at("Your appointment is made.")
    ana.reads(ana.words("What you need"))

    (visit,) = database.all(select(Appointment))
    assert (set(visit.needs), visit.end - visit.start) == (
        {Need.SIGN_LANGUAGE, Need.INTERPRETER_MINE},
        timedelta(minutes=30),
    )


def test_two_appointments_adjoin_where_no_counter_takes_both(ana: Walker, database: Database) -> None:
    ana.open("services/identity-card/together?with=birth:1")
    ana.finds("Two appointments, one right after the other")
    ana.press("Choose a time")
    ana.is_at("Choose a day and a time")
    ana.reads(ana.words("Two appointments, one right after the other"))
    ana.take_the_first()
    ana.is_at("Who is the appointment for?")
    ana.finish()
    ana.is_at("Your two appointments are made.")
    ana.press("Open this appointment")
    ana.follow("Cancel the appointment")
    ana.page.check("#both")
    ana.is_at("Cancel this appointment?")
    ana.press("Yes, cancel")
    ana.is_at("Your appointment is cancelled.")

    assert database.all(select(Appointment.state)) == [AppointmentState.CANCELLED] * 2


def test_when_one_of_two_is_stolen_meanwhile_neither_is_taken(ana: Walker, database: Database) -> None:
    ana.open("services/identity-card/times?with=birth:1")
    database.write(somebody_takes_the_other_counter)
    ana.take_the_first()
    ana.is_at("This time is no longer free")
    assert database.count(Appointment, Appointment.name.is_distinct_from("Somebody Quicker")) == 0

    ana.page.locator("button.near__time").first.click()
    ana.is_at("Who is the appointment for?")
    ana.finish()
    ana.is_at("Your two appointments are made.")


def test_a_couple_chooses_both_steps(ana: Walker, database: Database) -> None:
    ana.open("services/marriage")
    ana.follow("Choose a time")
    ana.finds("First, the appointment for the information")
    ana.take_the_first()
    ana.finds("Second, the appointment for the file")
    ana.take_the_first()
    ana.is_at("Who is the appointment for?")
    ana.finish()
    ana.is_at("Your two appointments are made.")

    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 2


def test_a_couple_moves_the_second_step_and_keeps_the_first(ana: Walker, database: Database) -> None:
    ana.open("services/marriage")
    ana.follow("Something else on the same day?")
    ana.looks()
    ana.open("services/marriage/times")
    ana.take_the_first()
    ana.take_the_first()
    ana.finish()
    ana.is_at("Your two appointments are made.")
    ana.reads(ana.words("This is step 1 of 2: the information."))
    ana.press("Open this appointment")
    ana.reads(ana.words("This is step 2 of 2: the file."))
    ana.looks()
    ana.follow("Move or change the appointment")
    ana.looks()
    ana.press("Choose another time")
    ana.reads(ana.words("Only times that keep this order are shown."))
    ana.looks()
    ana.page.locator(".soonest__time").last.click()
    ana.is_at("Is this right?")
    ana.press("Yes, change my appointment")
    ana.is_at("Your appointment")

    assert database.all(select(Appointment.moves).order_by(Appointment.start)) == [0, 1]
