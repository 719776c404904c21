"""A family's one visit, two that adjoin, and the two steps of a marriage: in the browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, CounterService
from tests.browser.readers import Reader
from tests.databases import Database
from tests.factories import a_counter, a_service, a_session, a_working_commune, add

Look = Callable[[Page], None]


def what_families_come_for(session: Session) -> None:
    """Cards and passports at one counter; births at another, and marriages in two steps."""
    home = a_working_commune(session)
    named = {"passport": ("Passeport", "Paspoort"), "birth": ("Naissance", "Geboorte")}
    passport, birth = (
        a_service(session, home.commune, code=code, name=Translated.of(fr=fr, nl=nl, en=code, de=code))
        for code, (fr, nl) in named.items()
    )
    steps = a_service(session, home.commune, code="marriage", information_minutes=20, information_days=7)
    add(session, CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=passport.id))
    a_session(session, home.office, [a_counter(session, home.office, label="2", serves=[birth, steps])])


@pytest.fixture(params=[("fr", True), ("nl", True), ("nl", False), ("de", False)], ids=str)
def reader(request: pytest.FixtureRequest, open_browser: Callable[..., Page], site: str, database: Database) -> Reader:
    language, scripts = request.param
    database.write(what_families_come_for)
    return Reader(open_browser(java_script_enabled=scripts), site, language)


@pytest.fixture
def look(axe: Look, reader: Reader) -> Look:
    """Every state as everybody meets it: in French for a voice, in every language for the eye."""

    def at(page: Page) -> None:
        page.wait_for_load_state()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{page.url} scrolls sideways"
        if reader.language == "fr":
            axe(page)

    return at


def take_the_first_time(reader: Reader) -> None:
    reader.page.locator(".soonest__time").first.click()


def finish(reader: Reader) -> None:
    reader.type(name="Ana Peeters", email="ana@example.org")
    if not reader.page.locator("[name=language]:checked").count():
        reader.page.check("[name=language][value=nl]")
    reader.press("Make the appointment")


def test_a_family_has_one_visit(reader: Reader, database: Database, look: Look) -> None:
    reader.open("services/identity-card")
    reader.follow("Several people, or something else at the same visit?")
    reader.page.select_option("[name=persons]", "3")
    reader.page.select_option("#add", "passport")
    look(reader.page)
    reader.press("Work out the length anew")
    look(reader.page)
    reader.press("Choose a time")
    look(reader.page)
    take_the_first_time(reader)
    look(reader.page)
    finish(reader)
    reader.is_at("Your appointment is made.")
    look(reader.page)

    assert database.all(select(AppointmentLine.persons).order_by(AppointmentLine.position)) == [3, 1]


def test_two_appointments_adjoin_where_no_counter_takes_both(reader: Reader, database: Database, look: Look) -> None:
    reader.open("services/identity-card/together?with=birth:1")
    look(reader.page)
    reader.press("Choose a time")
    reader.reads(reader.words("Two appointments, one right after the other"))
    look(reader.page)
    take_the_first_time(reader)
    look(reader.page)
    finish(reader)
    reader.is_at("Your two appointments are made.")
    look(reader.page)
    reader.press("Open this appointment")
    reader.follow("Cancel the appointment")
    reader.page.check("#both")
    look(reader.page)
    reader.press("Yes, cancel")
    reader.is_at("Your appointment is cancelled.")

    assert database.all(select(Appointment.state)) == [AppointmentState.CANCELLED] * 2


def test_a_couple_chooses_both_steps(reader: Reader, database: Database, look: Look) -> None:
    reader.open("services/marriage")
    reader.follow("Choose a time")
    look(reader.page)
    take_the_first_time(reader)
    reader.reads(reader.words("Second, the appointment for the file"))
    look(reader.page)
    take_the_first_time(reader)
    look(reader.page)
    finish(reader)
    reader.is_at("Your two appointments are made.")

    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == 2


def test_a_couple_moves_the_second_step_and_keeps_the_first(reader: Reader, database: Database, look: Look) -> None:
    reader.open("services/marriage")
    reader.follow("Something else on the same day?")
    look(reader.page)
    reader.open("services/marriage/times")
    take_the_first_time(reader)
    take_the_first_time(reader)
    finish(reader)
    reader.is_at("Your two appointments are made.")
    reader.reads(reader.words("This is step 1 of 2: the information."))
    look(reader.page)
    reader.press("Open this appointment")
    reader.reads(reader.words("This is step 2 of 2: the file."))
    look(reader.page)
    reader.follow("Move or change the appointment")
    look(reader.page)
    reader.press("Choose another time")
    reader.reads(reader.words("Only times that keep this order are shown."))
    look(reader.page)
    reader.page.locator(".soonest__time").last.click()
    reader.is_at("Is this right?")
    look(reader.page)
    reader.press("Yes, change my appointment")
    reader.is_at("Your appointment")

    assert database.all(select(Appointment.moves).order_by(Appointment.start)) == [0, 1]
