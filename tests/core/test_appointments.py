"""An appointment's life: where it may go from where, how long it takes, and what its service allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest

from booking.core.appointments import (
    MOVES,
    OCCUPYING,
    AppointmentState,
    Part,
    ServiceMode,
    Terms,
    file_from,
    has_begun,
    minutes_of_parts,
    sources_of,
    visit_minutes,
)
from booking.core.errors import BookingError, TooFarAhead, TooManyPersons, TooSoon
from tests.moments import BRUSSELS, EARLY

# Every pair that is not here is forbidden: a hold is never cancelled, and what is cancelled is booked again or nothing.
ALLOWED = {
    ("held", "booked"),
    ("booked", "cancelled"),
    ("booked", "fulfilled"),
    ("booked", "missed"),
    ("cancelled", "booked"),
    ("fulfilled", "booked"),
    ("fulfilled", "missed"),
    ("missed", "booked"),
    ("missed", "fulfilled"),
}
TERMS = Terms(minutes_first=12, minutes_extra=5, max_persons=3, notice=timedelta(hours=2), horizon=timedelta(days=60))


@pytest.mark.parametrize(("source", "target"), list(product(AppointmentState, repeat=2)))
def test_an_appointment_goes_where_its_life_leads_and_nowhere_else(
    source: AppointmentState, target: AppointmentState
) -> None:
    allowed = (source.value, target.value) in ALLOWED

    assert (target in MOVES[source]) == allowed
    assert (source in sources_of(target)) == allowed


def test_a_visit_keeps_its_counter_unless_it_is_held_or_cancelled() -> None:
    assert set(AppointmentState) - set(OCCUPYING) == {AppointmentState.HELD, AppointmentState.CANCELLED}


@pytest.mark.parametrize(("persons", "minutes"), [(1, 15), (2, 20), (3, 25)])
def test_a_family_takes_longer_in_whole_ticks(persons: int, minutes: int) -> None:
    assert TERMS.minutes(persons) == minutes


@pytest.mark.parametrize("persons", [0, 4])
def test_nobody_comes_with_fewer_than_one_or_more_than_the_service_takes(persons: int) -> None:
    with pytest.raises(TooManyPersons) as refusal:
        TERMS.minutes(persons)

    assert refusal.value.facts == {"limit": 3}


@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [
        (timedelta(hours=2) - timedelta(minutes=1), TooSoon),
        (timedelta(hours=2), None),
        (timedelta(days=60), None),
        (timedelta(days=60, minutes=1), TooFarAhead),
    ],
)
def test_a_visit_is_neither_too_near_nor_too_far(ahead: timedelta, refusal: type[BookingError] | None) -> None:
    if refusal is None:
        TERMS.window.check_start(EARLY + ahead, EARLY)
    else:
        with pytest.raises(refusal):
            TERMS.window.check_start(EARLY + ahead, EARLY)


@pytest.mark.parametrize(("late", "begun"), [(-1, False), (0, True), (1, True)])
def test_a_visit_has_begun_from_its_first_moment(late: int, begun: bool) -> None:
    assert has_begun(EARLY, EARLY + timedelta(seconds=late)) == begun


def test_only_two_ways_to_a_service_go_through_the_calendar() -> None:
    assert [mode for mode in ServiceMode if mode.is_bookable] == [ServiceMode.APPOINTMENT, ServiceMode.BOTH]


CARD, PASSPORT, LICENCE = (
    replace(TERMS, minutes_first=first, minutes_extra=extra, minutes_beside=beside, max_persons=6)
    for first, extra, beside in ((15, 10, 10), (20, 10, 15), (25, 20, None))
)


@pytest.mark.parametrize(
    ("parts", "lengthened", "minutes"),
    [
        ([(CARD, 1)], 0, (15,)),
        ([(CARD, 3)], 0, (35,)),
        ([(CARD, 1), (PASSPORT, 1)], 0, (15, 15)),
        ([(PASSPORT, 1), (CARD, 1)], 0, (20, 10)),
        ([(CARD, 2), (PASSPORT, 3)], 0, (25, 35)),
        ([(LICENCE, 1), (CARD, 1)], 0, (25, 15)),
        ([(CARD, 1), (LICENCE, 2), (PASSPORT, 2)], 0, (15, 45, 25)),
        ([(CARD, 1), (PASSPORT, 1)], 10, (25, 15)),
        ([(TERMS, 1)], 0, (15,)),
        ([(TERMS, 1), (CARD, 1)], 0, (12, 18)),
    ],
)
def test_a_visit_for_several_things_takes_each_whole_once_and_the_others_beside_it(
    parts: list[tuple[Terms, int]], lengthened: int, minutes: tuple[int, ...]
) -> None:
    assert minutes_of_parts([Part(*part) for part in parts], lengthened=lengthened) == minutes


def test_the_order_in_which_things_are_named_changes_no_length() -> None:
    parts = [Part(CARD, 2), Part(PASSPORT, 1), Part(LICENCE, 3, added=15), Part(TERMS, 2)]

    assert {visit_minutes(order, lengthened=5) for order in permutations(parts)} == {145}


@pytest.mark.parametrize(
    ("ends", "days", "begins"),
    [
        ("2027-01-04 10:50", 0, "2027-01-04 10:50"),
        ("2027-01-04 10:50", 1, "2027-01-05 00:00"),
        ("2027-01-04 10:50", 7, "2027-01-11 00:00"),
        # The clock goes forward in the night before: the day begins at its own midnight all the same.
        ("2027-03-27 10:50", 2, "2027-03-29 00:00"),
    ],
)
def test_a_file_is_brought_so_many_days_on_the_wall_after_the_information(ends: str, days: int, begins: str) -> None:
    told, wanted = (datetime.fromisoformat(one).replace(tzinfo=BRUSSELS).astimezone(UTC) for one in (ends, begins))

    assert file_from(told, days=days, zone=BRUSSELS) == wanted
