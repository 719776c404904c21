"""A time is held for one person while the form is filled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.errors import (
    HoldGone,
    HoldLapsed,
    NoMoreExtensions,
    NotBookable,
    OutsideHours,
    SlotTaken,
    TooFarAhead,
    TooManyHolds,
    TooManyPersons,
    TooSoon,
    Unknown,
)
from booking.models import Appointment, Claim, Seat
from booking.usecases.baskets import Basket
from booking.usecases.held import Held, check_free, held_by
from booking.usecases.holds import extend, release
from booking.usecases.offers import free_days, nearest
from tests.databases import Database
from tests.factories import a_closure, a_commune, a_service, a_working_commune, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed, held

TEN_MINUTES = timedelta(minutes=10)


def test_the_last_time_goes_to_whoever_asks_first(session: Session) -> None:
    place = a_working_commune(session, counters=1)
    held(session, place)

    with pytest.raises(SlotTaken):
        held(session, place, now=EARLY + timedelta(minutes=1))


def test_two_counters_take_two_people_at_the_same_time(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    held(session, place)
    held(session, place)

    counters = set(session.scalars(select(Claim.counter_id)))
    assert counters == {counter.id for counter in place.counters}


def test_a_visit_claims_its_counter_for_its_whole_length(session: Session) -> None:
    place = a_working_commune(session)
    held(session, place, persons=2)  # 15 + 10 minutes

    assert session.scalars(select(Claim.tick)).all().__len__() == 5
    with pytest.raises(SlotTaken):
        held(session, place, start=HALF_PAST_TEN + timedelta(minutes=15))


def test_a_lapsed_hold_gives_way_to_the_next_person(session: Session) -> None:
    place = a_working_commune(session)
    first = held(session, place)
    second = held(session, place, now=EARLY + TEN_MINUTES)

    assert held_by(session, commune_id=place.commune.id, hold_key=first) is None
    assert held_by(session, commune_id=place.commune.id, hold_key=second) is not None
    with pytest.raises(HoldGone):
        confirmed(session, place, first, now=EARLY + TEN_MINUTES)


def test_a_hold_that_still_has_a_second_does_not_give_way(session: Session) -> None:
    place = a_working_commune(session)
    held(session, place)

    with pytest.raises(SlotTaken):
        held(session, place, now=EARLY + TEN_MINUTES - timedelta(seconds=1))


def test_choosing_another_time_moves_the_hold(session: Session) -> None:
    place = a_working_commune(session)
    first = held(session, place)
    held(session, place, start=HALF_PAST_TEN + timedelta(minutes=15), instead_of=first)

    held(session, place)  # the first time is free again
    assert session.query(Appointment).count() == 2


def test_choosing_a_time_that_overlaps_the_one_held_works(session: Session) -> None:
    place = a_working_commune(session)
    first = held(session, place, persons=2)
    held(session, place, persons=2, start=HALF_PAST_TEN + timedelta(minutes=15), instead_of=first)

    assert session.query(Appointment).count() == 1


@pytest.mark.parametrize(
    ("wall", "refusal"),
    [
        ("09:30", TooSoon),  # inside the notice of two hours
        ("07:00", TooSoon),
        ("12:00", OutsideHours),  # the session is over
        ("11:50", OutsideHours),  # would end after it
        ("10:35", OutsideHours),  # off the grid of a quarter of an hour
    ],
)
def test_a_time_that_cannot_be_is_refused_and_nothing_is_written(
    session: Session, wall: str, refusal: type[Exception]
) -> None:
    place = a_working_commune(session)

    with pytest.raises(refusal):
        held(session, place, start=at(MONDAY, wall))
    assert session.query(Appointment).count() == 0


def test_a_second_off_the_five_minutes_is_outside_hours(session: Session) -> None:
    with pytest.raises(OutsideHours):
        held(session, a_working_commune(session), start=HALF_PAST_TEN + timedelta(seconds=1))


def test_beyond_the_horizon_is_too_far(session: Session) -> None:
    with pytest.raises(TooFarAhead):
        held(session, a_working_commune(session), start=HALF_PAST_TEN + timedelta(days=63))


def test_the_last_moment_of_the_horizon_can_be_booked_and_the_next_start_cannot(session: Session) -> None:
    place = a_working_commune(session)
    last = EARLY + timedelta(days=60)

    with pytest.raises(TooFarAhead):
        held(session, place, start=last + timedelta(minutes=15))
    assert held(session, place, start=last)


def test_more_persons_than_the_service_takes_are_refused(session: Session) -> None:
    with pytest.raises(TooManyPersons):
        held(session, a_working_commune(session), persons=5)


def test_a_walk_in_service_cannot_be_held(session: Session) -> None:
    place = a_working_commune(session)
    place.service.mode = ServiceMode.WALK_IN
    session.flush()

    with pytest.raises(NotBookable):
        held(session, place)


def test_a_service_that_is_not_published_cannot_be_held(session: Session) -> None:
    place = a_working_commune(session)
    place.service.published_at = None
    session.flush()

    with pytest.raises(NotBookable):
        held(session, place)


def test_another_communes_office_or_service_does_not_exist(session: Session) -> None:
    place = a_working_commune(session)
    other = a_commune(session, slug="ailleurs", slug_nl="elders")
    office, service = an_office(session, other), a_service(session, other)

    with pytest.raises(Unknown):
        held(session, place, office_id=office.id)
    with pytest.raises(Unknown):
        held(session, place, service_id=service.id)


def test_nobody_holds_a_time_on_a_closed_day(session: Session) -> None:
    place = a_working_commune(session)
    a_closure(session, place.commune, first_day=MONDAY, last_day=MONDAY)

    with pytest.raises(OutsideHours):
        held(session, place)


def test_a_client_holds_only_so_many_times(session: Session) -> None:
    place = a_working_commune(session, counters=4)
    for _ in range(2):
        held(session, place, client="somebody", per_client=2)

    with pytest.raises(TooManyHolds), session.begin_nested():
        held(session, place, client="somebody", per_client=2)
    held(session, place, client="somebody else", per_client=2)


def test_lapsed_holds_of_a_client_no_longer_count(session: Session) -> None:
    place = a_working_commune(session, counters=3)
    held(session, place, client="somebody", per_client=1)
    held(session, place, client="somebody", per_client=1, now=EARLY + TEN_MINUTES)

    assert session.query(Seat).count() == 1


def test_a_hold_is_extended_twice_and_no_more(session: Session) -> None:
    place = a_working_commune(session)
    key, home = held(session, place), place.commune.id
    wish: dict[str, Any] = {"commune_id": home, "hold_key": key, "length": TEN_MINUTES}
    extend(session, **wish, seen=0, now=EARLY + timedelta(minutes=9))
    extend(session, **wish, seen=1, now=EARLY + timedelta(minutes=18))

    with pytest.raises(NoMoreExtensions) as refused:
        extend(session, **wish, seen=2, now=EARLY + timedelta(minutes=27))
    assert refused.value.facts == {"minutes": 3}
    confirmed(session, place, key, now=EARLY + timedelta(minutes=27))


def test_who_asks_for_more_time_at_once_still_has_thirty_minutes(session: Session) -> None:
    place = a_working_commune(session)
    key, home = held(session, place), place.commune.id
    for seen in range(2):
        extend(session, commune_id=home, hold_key=key, seen=seen, length=TEN_MINUTES, now=EARLY)

    assert session.scalars(select(Appointment.held_until)).one() == EARLY + 3 * TEN_MINUTES
    confirmed(session, place, key, now=EARLY + timedelta(minutes=29))


def test_the_same_press_for_more_time_adds_once_however_often_it_is_sent(database: Database) -> None:
    def holding(session: Session) -> tuple[int, str]:
        place = a_working_commune(session)
        return place.commune.id, held(session, place)

    home, key = database.write(holding)

    def once(_: int) -> None:
        database.write(extend, commune_id=home, hold_key=key, seen=0, length=TEN_MINUTES, now=EARLY)

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(once, range(6)))
    assert database.one(select(Appointment.held_until, Appointment.extensions)) == (EARLY + 2 * TEN_MINUTES, 1)


def test_the_same_time_asked_for_again_and_again_is_held_no_longer(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    key, home, now = held(session, place), place.commune.id, EARLY
    for seen in range(2):
        now += timedelta(minutes=9)
        extend(session, commune_id=home, hold_key=key, seen=seen, length=TEN_MINUTES, now=now)
        until = session.scalars(select(Appointment.held_until)).one()
        key = held(session, place, now=now + timedelta(minutes=1), instead_of=key, persons=2)
        again = session.execute(select(Appointment.created_at, Appointment.held_until)).one()
        assert tuple(again) == (EARLY, until)

    with pytest.raises(NoMoreExtensions):
        extend(session, commune_id=home, hold_key=key, seen=2, length=TEN_MINUTES, now=now + timedelta(minutes=2))


def test_another_time_or_one_that_lapsed_is_held_as_long_as_any(session: Session) -> None:
    place = a_working_commune(session)
    key, now = held(session, place), EARLY + timedelta(minutes=9)
    key = held(session, place, now=now, instead_of=key, start=HALF_PAST_TEN + timedelta(minutes=15))
    assert session.scalars(select(Appointment.held_until)).one() == now + TEN_MINUTES

    lapse = now + TEN_MINUTES
    held(session, place, now=lapse, instead_of=key, start=HALF_PAST_TEN + timedelta(minutes=15))
    assert session.scalars(select(Appointment.held_until)).one() == lapse + TEN_MINUTES


def test_a_lapsed_hold_cannot_be_extended_but_taken_again(session: Session) -> None:
    place = a_working_commune(session)
    key, home, later = held(session, place), place.commune.id, EARLY + TEN_MINUTES
    with pytest.raises(HoldLapsed):
        extend(session, commune_id=home, hold_key=key, seen=0, length=TEN_MINUTES, now=later)

    again = held(session, place, instead_of=key, now=later)
    assert confirmed(session, place, again, now=later).reference


def test_a_lapsed_time_is_known_as_free_until_somebody_takes_it(session: Session) -> None:
    place = a_working_commune(session)
    later = EARLY + TEN_MINUTES
    mine = held_by(session, commune_id=place.commune.id, hold_key=held(session, place))
    assert mine is not None
    assert (mine.lasts(EARLY), mine.lasts(later)) == (True, False)
    wished = Held(None, mine.basket, mine.office, mine.start)
    check_free(session, wished=wished, now=later)

    held(session, place, now=later)
    with pytest.raises(SlotTaken):
        check_free(session, wished=wished, now=later)


def test_a_time_given_back_is_free_at_once(session: Session) -> None:
    place = a_working_commune(session)
    release(session, commune_id=place.commune.id, hold_key=held(session, place))

    assert session.query(Claim).count() == 0
    held(session, place)


def test_a_booked_visit_is_not_given_back_by_its_old_key(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    confirmed(session, place, key)
    release(session, commune_id=place.commune.id, hold_key=key)

    assert session.scalars(select(Appointment.state)).one() == AppointmentState.BOOKED


def test_held_and_booked_times_are_not_offered_and_lapsed_ones_are(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place)
    held(session, place, start=HALF_PAST_TEN + timedelta(minutes=15))
    wish = {"office": place.office, "basket": Basket.of(place.service), "first": MONDAY, "last": MONDAY}

    now = free_days(session, now=EARLY, **wish)[MONDAY]  # type: ignore[arg-type]
    later = free_days(session, now=EARLY + TEN_MINUTES, **wish)[MONDAY]  # type: ignore[arg-type]

    assert [at.astimezone(place.office.zone).strftime("%H:%M") for at in now] == [
        "10:00", "10:15", "11:00", "11:15", "11:30", "11:45",
    ]  # fmt: skip
    assert HALF_PAST_TEN + timedelta(minutes=15) in later
    assert HALF_PAST_TEN not in later


def test_the_times_offered_for_a_lost_one_are_near_and_free(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place, wish=replace(ANA, name="Bilal Amrani"))

    near = nearest(
        session, office=place.office, basket=Basket.of(place.service), wished=HALF_PAST_TEN, number=3, now=EARLY
    )
    assert len(near) == 3
    assert HALF_PAST_TEN not in near
    assert all(abs(start - HALF_PAST_TEN) <= timedelta(days=1) for start in near)


def test_all_who_lost_a_time_are_offered_its_nearest_neighbour_and_not_all_the_same_others(session: Session) -> None:
    place = a_working_commune(session)
    booked(session, place)
    wish = {"office": place.office, "basket": Basket.of(place.service), "wished": HALF_PAST_TEN, "number": 3}
    quarter = timedelta(minutes=15)

    offered = [nearest(session, now=EARLY, **wish) for _ in range(40)]  # type: ignore[arg-type]

    assert all({HALF_PAST_TEN - quarter, HALF_PAST_TEN + quarter} & set(near) for near in offered)
    assert len({start for near in offered for start in near}) > 5
    assert all(near == sorted(near) for near in offered)


def test_a_lost_time_that_is_free_after_all_is_offered_first(session: Session) -> None:
    place = a_working_commune(session)
    wish = {"office": place.office, "basket": Basket.of(place.service), "wished": HALF_PAST_TEN, "number": 3}

    for _ in range(10):
        near = nearest(session, now=EARLY, **wish)  # type: ignore[arg-type]
        assert (near[0], len(near)) == (HALF_PAST_TEN, 3)
        assert near[1:] == sorted(near[1:])


def test_where_nothing_is_free_nothing_near_is_offered(session: Session) -> None:
    place = a_working_commune(session)
    a_closure(session, place.commune, first_day=MONDAY, last_day=MONDAY + timedelta(days=90))
    wish = {"office": place.office, "basket": Basket.of(place.service), "wished": HALF_PAST_TEN, "number": 3}

    assert nearest(session, now=EARLY, **wish) == []  # type: ignore[arg-type]


def test_when_nothing_near_is_free_the_times_offered_are_the_first_far_away(session: Session) -> None:
    place = a_working_commune(session)
    a_closure(session, place.commune, first_day=MONDAY, last_day=MONDAY + timedelta(days=20))

    near = nearest(
        session, office=place.office, basket=Basket.of(place.service), wished=HALF_PAST_TEN, number=3, now=EARLY
    )
    assert len(near) == 3
    assert {start.astimezone(place.office.zone).date() for start in near} == {MONDAY + timedelta(days=21)}
