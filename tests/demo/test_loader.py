"""The demonstration as it is loaded on a Monday morning."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, Channel
from booking.core.availability import taken_masks
from booking.core.effects import Hours
from booking.core.effects import Visit as Agreed
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.second_factor import opened
from booking.core.timespan import Span, days_between
from booking.core.waiting import WaitingState
from booking.demo.content.people import FAMILY, NAMED, NAMESAKES, PLATFORM, SECRET, STAFF
from booking.models import (
    Appointment,
    AppointmentLine,
    Block,
    Closure,
    Commune,
    Counter,
    Membership,
    Message,
    Office,
    OpeningCounter,
    OpeningSession,
    Person,
    SecondFactor,
    Service,
    WaitingEntry,
)
from booking.models.messages import MessageState
from booking.models.opening import BlockReason
from booking.passwords import matches
from booking.usecases.baskets import Basket
from booking.usecases.calls import calls
from booking.usecases.catalogue import public_services
from booking.usecases.check import problems
from booking.usecases.offers import free_days
from booking.usecases.schedules import schedule_of
from booking.usecases.taken import rows_of
from tests.databases import ENGINES, Database
from tests.demo.loading import NOW, SETTINGS, Loaded, days_until_free
from tests.moments import BRUSSELS, MONDAY, at


@pytest.fixture(scope="module", params=ENGINES)
def monday(request: pytest.FixtureRequest, made: Callable[[str], Database]) -> Iterator[Loaded]:
    database = made(request.param)
    with Session(database.engine) as session:
        yield Loaded(database, session)


def test_nothing_is_broken(monday: Loaded) -> None:
    assert problems(monday.session, now=NOW) == []


def test_every_visit_is_within_the_hours_of_its_service_at_its_counter(monday: Loaded) -> None:
    for office in monday.rows(select(Office)):
        schedule = schedule_of(monday.session, office)
        of_office = (
            select(Appointment, AppointmentLine.service_id)
            .join(AppointmentLine, AppointmentLine.appointment_id == Appointment.id)
            .where(Appointment.office_id == office.id)
        )
        visits = monday.session.execute(of_office).all()

        assert visits
        hours = Hours(schedule)
        for visit, service in visits:
            agreed = Agreed(visit.counter_id, visit.local_date, Span(visit.start, visit.end), (service,))
            assert hours.serve(agreed), (office.code, visit.start)


def test_no_visit_waits_for_an_administrator_to_decide_about_it(monday: Loaded) -> None:
    assert monday.visits(Appointment.kept_outside_at.is_not(None)) == []


def test_every_service_of_both_communes_is_complete_and_published(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        assert len(public_services(monday.session, commune_id=commune.id)) == 20


def test_services_are_first_free_when_they_should_be(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        free = days_until_free(monday.session, commune.id, NOW)

        assert (free.pop("eu-registration"), free.pop("foreign-licence")) == (24, 31)
        assert max(free.values()) <= 9, free


def share_taken(loaded: Loaded, office: Office, days: list[date]) -> float:
    """The share of an office's bookable time that is taken."""
    session, schedule = loaded.session, schedule_of(loaded.session, office)
    masks = taken_masks(rows_of(session, [office], schedule, days, NOW), schedule, days)
    services = session.scalars(select(Service.id).where(Service.commune_id == office.commune_id)).all()
    open_, taken = 0, 0
    for day in days:
        counters: dict[int, int] = {}
        for service in services:
            for counter, plan in schedule.plans_for(day, service):
                counters[counter] = counters.get(counter, 0) | plan.open
        open_ += sum(bits.bit_count() for bits in counters.values())
        taken += sum((bits & masks[day].get(counter, 0)).bit_count() for counter, bits in counters.items())
    return taken / open_


def test_the_weeks_get_emptier(monday: Loaded) -> None:
    for office in monday.rows(select(Office)):
        weeks = [days_between(MONDAY + timedelta(7 * n), MONDAY + timedelta(7 * n + 6)) for n in range(5)]
        shares = [share_taken(monday, office, week) for week in weeks]

        assert shares == sorted(shares, reverse=True)
        assert 0.75 <= shares[0] <= 0.95, (office.code, shares)
        assert shares[4] <= 0.35, (office.code, shares)


def test_evenings_and_saturdays_are_full_for_three_weeks(monday: Loaded) -> None:
    for office in monday.rows(select(Office)):
        for service in public_services(monday.session, commune_id=office.commune_id):
            last = MONDAY + timedelta(days=20)
            free = free_days(monday.session, office=office, basket=Basket.of(service), first=MONDAY, last=last, now=NOW)
            starts = [start.astimezone(BRUSSELS) for starts in free.values() for start in starts]
            late = [start for start in starts if start.weekday() == 5 or (start.weekday() == 3 and start.hour >= 16)]
            assert late == []


def test_people_with_a_name_come_today_to_the_town_hall(monday: Loaded) -> None:
    office = monday.session.scalars(select(Office).where(Office.code == "town-hall")).one()
    today = monday.visits(Appointment.local_date == MONDAY, Appointment.office_id == office.id)
    names = Tally(visit.name for visit in today)

    assert {person.name for person in NAMED} <= names.keys()
    assert names[NAMESAKES[0].name] == 2
    assert all(visit.wall_time < time(12) for visit in today if visit.name == NAMESAKES[0].name)
    family = next(visit for visit in today if visit.name == FAMILY.name)
    assert monday.rows(select(AppointmentLine.persons).where(AppointmentLine.appointment_id == family.id)) == [5]


def test_the_day_has_gone_as_far_as_the_clock(monday: Loaded) -> None:
    taking_place = Appointment.state.not_in((AppointmentState.CANCELLED, AppointmentState.HELD))
    today = monday.visits(Appointment.local_date == MONDAY, taking_place)
    over = [visit for visit in today if visit.end <= NOW]
    to_come = [visit for visit in today if visit.start > NOW + timedelta(minutes=15)]

    assert {visit.state for visit in over} == {AppointmentState.FULFILLED, AppointmentState.MISSED}
    assert sum(visit.state == AppointmentState.MISSED for visit in over) / len(over) < 0.2
    assert all(visit.state == AppointmentState.BOOKED and not visit.arrived_at for visit in to_come)
    here = [visit for visit in today if visit.state == AppointmentState.BOOKED and visit.arrived_at]
    assert here
    assert all(visit.arrived_at <= NOW < visit.end for visit in here)


def test_days_gone_by_are_settled_but_for_two_visits(monday: Loaded) -> None:
    for commune in monday.rows(select(Commune)):
        past = monday.visits(Appointment.local_date < MONDAY, Appointment.commune_id == commune.id)

        assert len(past) > 20
        assert sum(visit.state == AppointmentState.BOOKED for visit in past) == 2


def test_people_are_believable(monday: Loaded) -> None:
    visits = monday.visits(Appointment.state != AppointmentState.HELD)
    without_email = sum(visit.email is None for visit in visits) / len(visits)
    helped = sum(visit.help_language is not None for visit in visits) / len(visits)

    assert 0.06 < without_email < 0.20
    assert 0.06 < helped < 0.18
    assert all(visit.email or visit.phone or visit.helper_email for visit in visits)
    assert all(visit.booked_at < min(visit.start, NOW) for visit in visits)
    assert Tally(visit.channel for visit in visits).most_common(1)[0][0] == Channel.ONLINE


def test_two_in_each_commune_wait_for_an_earlier_time_weeks_from_now(monday: Loaded) -> None:
    live = (WaitingEntry.state == WaitingState.LIVE, WaitingEntry.appointment_id.is_not(None))
    waiting = monday.rows(select(WaitingEntry).where(*live, WaitingEntry.first_day > MONDAY + timedelta(weeks=3)))

    assert Tally(entry.commune_id for entry in waiting) == {commune.id: 2 for commune in monday.rows(select(Commune))}


def test_a_few_people_whom_no_message_reached_wait_for_a_call_in_each_town_hall(monday: Loaded) -> None:
    for code in ("town-hall", "mill"):
        office = monday.session.scalars(select(Office).where(Office.code == code)).one()
        waiting = calls(monday.session, offices=[office], now=at(MONDAY, "07:00"))

        assert 2 <= len(waiting) <= 15
        assert all(one.phone for one in waiting)
        came_back = select(Appointment.name).join(Message, Message.appointment_id == Appointment.id)
        came_back = came_back.where(Message.state == MessageState.REFUSED, Appointment.local_date == MONDAY)
        assert "Amélie Dupont" in monday.rows(came_back.where(Appointment.office_id == office.id))


def test_counters_have_their_breaks_and_the_registry_its_kept_quarters(monday: Loaded) -> None:
    named = select(Block).join(Counter, Counter.id == Block.counter_id)
    a_tuesday = (
        Block.start <= at(MONDAY + timedelta(days=1), "23:00"),
        Block.start > at(MONDAY + timedelta(days=1), "01:00"),
    )
    first = monday.rows(named.where(Counter.label == "A1", *a_tuesday))

    assert [(block.start, block.reason) for block in first] == [
        (at(MONDAY + timedelta(days=1), "10:15"), BlockReason.BREAK)
    ]
    staffed = select(OpeningSession.walk_in_minutes).join(OpeningCounter).join(Counter)
    booked = staffed.where(Counter.label == "A5", OpeningSession.mode == Mode.APPOINTMENT)
    assert set(monday.rows(booked)) == {15}


def test_closures_of_this_year_and_the_next_are_there(monday: Loaded) -> None:
    shut = monday.rows(select(Closure.first_day).where(Closure.commune_id == monday.commune("fr").id))

    assert {date(2027, 5, 7), date(2027, 12, 25), date(2028, 1, 1)} <= set(shut)
    assert max(shut).year == 2028


def test_staff_can_sign_in_with_the_password_that_is_shown(monday: Loaded) -> None:
    people = monday.rows(select(Person))

    assert {person.email for person in people} == {PLATFORM.email, *(member.email for member in STAFF)}
    assert matches(people[0].password_hash, SETTINGS.demo_password)
    assert monday.session.scalar(select(func.count()).select_from(Membership)) == len(STAFF)


def test_whoever_decides_has_the_telephone_whose_secret_is_shown(monday: Loaded) -> None:
    shared = select(Person.email).join(SecondFactor, SecondFactor.person_id == Person.id)
    secrets = monday.rows(select(SecondFactor.secret))

    deciding = {member.email for member in STAFF if member.role == Role.ADMINISTRATOR}
    assert set(monday.rows(shared)) == {PLATFORM.email, *deciding}
    assert {opened(SETTINGS.secret_key, secret) for secret in secrets} == {SECRET}
    assert len(set(secrets)) == len(secrets)
