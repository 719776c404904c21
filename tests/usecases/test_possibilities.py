"""What is free over several offices at once: the first of all, each on its own clock, for one statement."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking.core.preferences import PartOfDay, Preference
from booking.models import Office
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.offers import free_days
from booking.usecases.possibilities import FreeTimes, free_times
from tests.databases import Database
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.web.counting import counted

TUESDAY = MONDAY + timedelta(days=1)
AZORES = ZoneInfo("Atlantic/Azores")


def another_office(session: Session, place: Working, *, zone: str = "Europe/Brussels", **opening: object) -> Office:
    office = an_office(session, place.commune, code="annex", position=2, zone_key=zone)
    a_session(session, office, [a_counter(session, office, serves=[place.service])], **opening)
    return office


def free(session: Session, place: Working, *offices: Office, **asked: object) -> FreeTimes:
    basket = Basket.of(place.service)
    return free_times(session, offices=[place.office, *offices], basket=basket, now=EARLY, **asked)  # type: ignore[arg-type]


def test_the_first_possibilities_come_in_the_order_of_the_moments(session: Session) -> None:
    place = a_working_commune(session)
    annex = another_office(session, place, start="10:15", end="10:30")
    an_appointment(session, place.counter, place.service, start=at(MONDAY, "10:30"), minutes=90)

    found = free(session, place, annex).first(5)

    assert [(one.start, one.office) for one in found] == [
        (at(MONDAY, "10:00"), place.office),
        (at(MONDAY, "10:15"), place.office),
        (at(MONDAY, "10:15"), annex),
        (at(TUESDAY, "08:00"), place.office),
        (at(TUESDAY, "08:15"), place.office),
    ]


def test_every_office_counts_days_and_hours_on_its_own_clock(session: Session) -> None:
    place = a_working_commune(session)
    island = another_office(session, place, zone=AZORES.key, start="11:00", end="12:30")
    times = free(session, place, island)

    assert times.on(TUESDAY, offices=[island])[island][0] == at(TUESDAY, "11:00", AZORES) == at(TUESDAY, "13:00")
    midday = Preference(PartOfDay.MIDDAY)
    assert [one.start for one in times.first(2, preference=midday)] == [
        at(MONDAY, "12:00", AZORES),
        at(MONDAY, "12:15", AZORES),
    ]
    assert times.first(1)[0].wall.hour == 10


def test_one_office_alone_has_the_times_it_always_had(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    an_appointment(session, place.counter, place.service, start=at(TUESDAY, "08:00"), minutes=60)
    last = MONDAY + timedelta(days=20)
    wish = {"office": place.office, "basket": Basket.of(place.service), "first": MONDAY, "last": last, "now": EARLY}
    times = free(session, place, last=last)

    expected = free_days(session, **wish)  # type: ignore[arg-type]
    assert {day: times.on(day).get(place.office, []) for day in times.days()} == expected


def test_a_day_is_open_where_the_hours_have_appointments_however_full_it_is(session: Session) -> None:
    place = a_working_commune(session)
    annex = another_office(session, place, weekdays=0b0100000)
    an_appointment(session, place.counter, place.service, start=at(TUESDAY, "08:00"), minutes=240)
    times, saturday = free(session, place, annex), MONDAY + timedelta(days=5)

    assert times.on(TUESDAY) == {}
    assert times.is_open(TUESDAY)
    assert not times.is_open(TUESDAY, [annex])
    assert times.is_open(saturday)
    assert not times.is_open(saturday + timedelta(days=1))
    assert times.weekdays([annex]) == [5]
    assert times.parts() == [PartOfDay.MORNING]


def test_an_office_whose_counters_cannot_take_all_of_a_basket_has_no_time_for_it(session: Session) -> None:
    place = a_working_commune(session)
    passport = a_service(session, place.commune, code="passport")
    both = an_office(session, place.commune, code="annex", position=2)
    a_session(session, both, [a_counter(session, both, serves=[place.service, passport])], start="11:00")
    basket = Basket((BasketLine(place.service, 2), BasketLine(passport)))

    times = free_times(session, offices=[place.office, both], basket=basket, now=EARLY)

    assert times.first(1)[0].office is both
    assert times.first(1, offices=[place.office]) == []


def test_many_offices_and_every_day_cost_a_statement_for_what_pauses_and_one_for_what_is_taken(
    session: Session, database: Database
) -> None:
    place = a_working_commune(session)
    annex = another_office(session, place)
    free(session, place, annex)

    with counted(database.engine) as said:
        times = free(session, place, annex)
        assert times.first(3)
        assert [times.on(day) for day in times.days()]
    assert len(said) == 2


def test_a_commune_where_nothing_may_be_booked_yet_has_no_time(session: Session) -> None:
    place = a_working_commune(session)

    nothing = free(session, place, last=MONDAY - timedelta(days=1))

    assert (nothing.days(), nothing.first(3), nothing.on(MONDAY), nothing.parts()) == ([], [], {}, [])
