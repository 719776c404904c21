"""Changing an appointment: another time, other people, cancelled and had again; and what old pages and mails do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.self_service import WhyCancelled
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, CounterService, Service
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import a_service, a_working_commune, add, an_appointment
from tests.moments import MONDAY, Clock, at

WEDNESDAY = MONDAY + timedelta(days=2)
HERS = select(Appointment.start).where(Appointment.name == "Ana Peeters")


@pytest.fixture(autouse=True)
def commune(database: Database) -> None:
    """One counter for cards and passports, which somebody has on Wednesday from nine to a quarter past."""

    def rows(session: Session) -> None:
        home = a_working_commune(session)
        passport = a_service(session, home.commune, code="passport", name=Translated.of(fr="Passeport", nl="Paspoort"))
        add(session, CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=passport.id))
        an_appointment(session, home.counter, home.service, start=at(WEDNESDAY, "09:00"), name="Yusuf Demir")

    database.write(rows)


@pytest.fixture
def booked(ana: Walker) -> Walker:
    """Ana has an appointment on Wednesday at half past eight."""
    ana.book("08:30", day=WEDNESDAY)
    ana.open("appointment")
    return ana


def take(ana: Walker, wall: str) -> None:
    """A time of Wednesday, in the calendar."""
    ana.page.goto(f"{ana.page.url}&day={WEDNESDAY}")
    ana.page.locator(f"button.time[value='{int(at(WEDNESDAY, wall).timestamp()) // 60}']").click()


def choose_another_time(ana: Walker) -> None:
    ana.open("appointment/change")
    ana.press("Choose another time")
    ana.finds(
        "You are choosing a new time for your appointment on %(moment)s.", moment=ana.moment("08:30", day=WEDNESDAY)
    )


def test_the_old_time_stays_until_the_new_one_is_fixed(booked: Walker, database: Database) -> None:
    ana = booked
    ana.is_at("Your appointment")
    ana.follow("Move or change the appointment")
    ana.is_at("Move or change the appointment")
    choose_another_time(ana)
    ana.press("I keep my present time")
    ana.finds("Nothing has changed: your appointment stays as it was.")

    choose_another_time(ana)
    take(ana, "10:30")
    ana.is_at("Is this right?")
    assert database.one(HERS) == at(WEDNESDAY, "08:30")
    ana.press("I need more time")
    ana.reads(ana.said("minutes", 20))
    ana.press("Yes, change my appointment")
    old, new = (ana.moment(wall, day=WEDNESDAY) for wall in ("08:30", "10:30"))
    ana.finds("Your appointment was moved from %(old)s to %(new)s. A message is on its way.", old=old, new=new)
    assert database.one(HERS) == at(WEDNESDAY, "10:30")


def test_a_time_that_overlaps_the_old_one_can_be_taken(booked: Walker, database: Database) -> None:
    ana = booked
    ana.open("appointment/change")
    ana.page.select_option("#line-0", "identity-card:2")
    ana.press("Go on with this")
    ana.is_at("Is this right?")
    ana.press("Yes, change my appointment")
    ana.reads(ana.words("Your appointment has changed. A message about it is on its way."))
    choose_another_time(ana)
    take(ana, "08:15")
    ana.press("Yes, change my appointment")
    ana.reads(ana.moment("08:15", day=WEDNESDAY))
    assert database.one(HERS) == at(WEDNESDAY, "08:15")


def test_what_is_added_takes_another_time_where_there_is_no_room_and_is_removed_again(
    booked: Walker, database: Database
) -> None:
    ana = booked
    ana.open("appointment/change")
    ana.page.select_option("#line-0", "identity-card:2")
    ana.page.select_option("#add", "passport:1")
    ana.press("Go on with this")
    ana.finds("There is no room for this at the time you have. Please choose another one.")
    take(ana, "10:30")
    ana.press("Yes, change my appointment")
    old, new = (ana.moment(wall, day=WEDNESDAY) for wall in ("08:30", "10:30"))
    ana.finds("Your appointment was moved from %(old)s to %(new)s. A message is on its way.", old=old, new=new)
    assert lines(database) == [("identity-card", 2), ("passport", 1)]

    ana.follow("Move or change the appointment")
    ana.page.select_option("#line-0", "identity-card:0")
    ana.press("Go on with this")
    ana.is_at("Is this right?")
    ana.press("Yes, change my appointment")
    ana.reads(ana.words("Your appointment has changed. A message about it is on its way."))
    assert lines(database) == [("passport", 1)]
    assert database.one(HERS) == at(WEDNESDAY, "10:30")


def lines(database: Database) -> list[tuple[str, int]]:
    """What Ana's visit is for."""
    hers = select(Service.code, AppointmentLine.persons).join(Service, Service.id == AppointmentLine.service_id)
    hers = hers.join(Appointment, Appointment.id == AppointmentLine.appointment_id)
    return list(database.all(hers.where(Appointment.name == "Ana Peeters").order_by(AppointmentLine.position)))


def test_a_cancellation_is_taken_back_while_the_time_is_free(
    booked: Walker, database: Database, post: Callable[[], EmailMessage], clock: Clock
) -> None:
    ana, letter = booked, post()
    ana.follow("Cancel the appointment")
    ana.is_at("Cancel this appointment?")
    ana.page.check(f"[name=why][value={WhyCancelled.UNSUITABLE.value}]")
    ana.press("Yes, cancel")
    ana.is_at("Your appointment is cancelled.")
    expect(ana.page.locator(".visit__moment s")).to_have_text(ana.moment("08:30", day=WEDNESDAY))
    expect(ana.page.locator(".visit__moment .state")).to_have_css("text-decoration-line", "none")
    ana.press("Undo the cancellation")
    ana.finds("You have your appointment again, at the same time.")
    assert database.one(HERS) == at(WEDNESDAY, "08:30")

    ana.follow("Cancel the appointment")
    ana.press("Yes, cancel")
    ana.reads(ana.words("Undo the cancellation"))
    clock.forward(minutes=16)
    ana.open("appointment")
    ana.is_at("Your appointment is cancelled.")
    expect(ana.control("button", "Undo the cancellation")).to_have_count(0)
    ana.opens(letter)
    ana.is_at("Your appointment is cancelled.")


def test_an_old_page_and_an_old_mail_show_what_is_true_now(
    booked: Walker, database: Database, post: Callable[[], EmailMessage]
) -> None:
    ana, letter = booked, post()
    ana.follow("Cancel the appointment")
    elsewhere = replace(ana, page=ana.page.context.new_page())
    choose_another_time(elsewhere)
    take(elsewhere, "10:30")
    elsewhere.press("Yes, change my appointment")
    elsewhere.reads(ana.moment("10:30", day=WEDNESDAY))

    ana.press("Yes, cancel")
    ana.is_at("Your appointment")
    ana.reads(ana.moment("10:30", day=WEDNESDAY))
    assert database.one(HERS) == at(WEDNESDAY, "10:30")
    ana.opens(letter)
    ana.reads(ana.moment("10:30", day=WEDNESDAY))


def test_two_letters_of_the_name_are_put_right_and_no_other_name(booked: Walker, database: Database) -> None:
    ana = booked
    ana.follow("Correct a letter of the name")
    ana.is_at("A letter of the name is wrong")
    ana.type(name="Yusuf Demir")
    ana.press("Save")
    expect(ana.page.locator(".govuk-error-summary, .notice--warn")).to_be_visible()
    ana.looks()
    ana.type(name="Anna Peters")
    ana.press("Save")
    ana.reads("Anna Peters")
    assert database.count(Appointment, Appointment.name == "Anna Peters") == 1


def test_when_it_is_too_late_one_calls(booked: Walker, clock: Clock) -> None:
    ana = booked
    clock.now = at(WEDNESDAY, "07:00")
    ana.open("appointment")
    ana.finds("Something came up?")
    for way in ("Move or change the appointment", "Cancel the appointment"):
        expect(ana.control("link", way)).to_have_count(0)
    ana.open("appointment/cancel")
    ana.is_at("This appointment cannot be cancelled here any more.")
    expect(ana.page.get_by_role("link", name=ana.said("phone_shown", "+3222000000")).first).to_be_visible()
