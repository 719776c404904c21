"""The list for an earlier appointment: who comes first, what fits whom, when somebody may be told."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from booking.core.preferences import PartOfDay
from booking.core.timespan import instant, wall_clock
from booking.core.waiting import (
    Candidate,
    OfferTerms,
    Waiting,
    Wishes,
    best_place,
    days_gained,
    end_of_quiet,
    median_days,
    place_of,
    share_out,
)
from tests.moments import BRUSSELS, EARLY, MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
A_MONTH = Wishes(MONDAY, MONDAY + timedelta(days=30))
MORNING, EVENING = PartOfDay.MORNING, PartOfDay.EVENING
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("wishes", "wall", "allowed"),
    [
        (A_MONTH, (date(2027, 1, 4), "09:00"), True),
        (A_MONTH, (date(2027, 1, 3), "09:00"), False),
        (A_MONTH, (date(2027, 2, 3), "09:00"), True),
        (A_MONTH, (date(2027, 2, 4), "09:00"), False),
        (Wishes(MONDAY, TUESDAY, weekdays=frozenset({1})), (date(2027, 1, 4), "09:00"), False),
        (Wishes(MONDAY, TUESDAY, weekdays=frozenset({1})), (date(2027, 1, 5), "09:00"), True),
        (Wishes(MONDAY, TUESDAY, parts=frozenset({EVENING})), (date(2027, 1, 4), "17:00"), True),
        (Wishes(MONDAY, TUESDAY, parts=frozenset({EVENING})), (date(2027, 1, 4), "16:55"), False),
    ],
)
def test_a_wish_says_which_times_it_allows(wishes: Wishes, wall: tuple[date, str], allowed: bool) -> None:
    assert wishes.allow(wall_clock(at(*wall), BRUSSELS)) is allowed


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (A_MONTH, A_MONTH, True),
        (Wishes(MONDAY, MONDAY), Wishes(TUESDAY, TUESDAY), False),
        (Wishes(MONDAY, TUESDAY), Wishes(TUESDAY, TUESDAY), True),
        (Wishes(MONDAY, MONDAY, weekdays=frozenset({1})), A_MONTH, False),
        (Wishes(MONDAY, TUESDAY, weekdays=frozenset({1})), A_MONTH, True),
        (
            Wishes(MONDAY, TUESDAY, parts=frozenset({MORNING})),
            Wishes(MONDAY, TUESDAY, parts=frozenset({EVENING})),
            False,
        ),
        (Wishes(MONDAY, TUESDAY, frozenset({0})), Wishes(MONDAY, TUESDAY, frozenset({1})), False),
    ],
)
def test_two_wishes_overlap_when_some_moment_is_wished_by_both(one: Wishes, other: Wishes, overlap: bool) -> None:
    assert one.overlap(other) is other.overlap(one) is overlap


def waiting(number: int, *, counters: frozenset[int] = frozenset({1}), wishes: Wishes = A_MONTH) -> Waiting:
    return Waiting(number, EARLY + timedelta(minutes=number), wishes, counters)


def test_the_place_counts_the_earlier_ones_who_wish_what_this_one_could_have() -> None:
    elsewhere = waiting(2, counters=frozenset({2}))
    on_tuesdays = waiting(3, wishes=Wishes(MONDAY, TUESDAY, weekdays=frozenset({1})))
    mondays = waiting(5, wishes=Wishes(MONDAY, MONDAY))
    everybody = [waiting(1), elsewhere, on_tuesdays, waiting(4), mondays, waiting(6)]

    assert place_of(mondays, everybody) == 3
    assert place_of(everybody[0], everybody) == 1
    assert place_of(everybody[-1], everybody) == 5


def test_of_two_proved_at_the_same_moment_the_first_to_ask_comes_first() -> None:
    first, second = (Waiting(number, EARLY, A_MONTH, frozenset({1})) for number in (1, 2))

    assert (place_of(first, [second, first]), place_of(second, [second, first])) == (1, 2)


OPEN = 0b111111111111
GRID = 0b001001001001


@pytest.mark.parametrize(
    ("one", "freed", "taken", "place"),
    [
        (Candidate(1, OPEN, GRID, 3), 0b111, ~0b111 & OPEN, 0),
        # A longer visit uses what is free beside the freed ticks, before them or after.
        (Candidate(1, OPEN, GRID, 6), 0b111000, 0b111111000000, 0),
        (Candidate(1, OPEN, GRID, 6), 0b111000, 0b111, 3),
        # Nothing but free ticks beside: that was no freed time.
        (Candidate(1, OPEN, GRID, 3), 0b111, 0b111, None),
        # Off the grid, not open, or not wished.
        (Candidate(1, OPEN, GRID, 3), 0b1110, ~0b1110 & OPEN, None),
        (Candidate(1, 0, GRID, 3), 0b111, ~0b111 & OPEN, None),
        (Candidate(1, OPEN, 0, 3), 0b111, ~0b111 & OPEN, None),
        # Of several places the one that leaves the least useless gap.
        (Candidate(1, OPEN, OPEN, 3), 0b111001111, 0b111000110000, 6),
    ],
)
def test_a_visit_goes_where_it_uses_freed_ticks_and_leaves_little_behind(
    one: Candidate, freed: int, taken: int, place: int | None
) -> None:
    assert best_place(one, freed=freed, taken=taken) == place


@pytest.mark.parametrize("seed", range(200))
def test_freed_ticks_are_offered_in_order_each_once_and_none_that_fits_is_passed_over(seed: int) -> None:
    dice = random.Random(seed)
    freed = ((1 << dice.randint(1, 9)) - 1) << dice.randrange(16)
    taken = dice.getrandbits(24) & ~freed
    people = [
        Candidate(number, dice.getrandbits(24) | freed, dice.getrandbits(24), dice.randint(1, 5))
        for number in range(dice.randrange(12))
    ]
    had_three_today = {one.id for one in people if dice.random() < 0.2}
    given: dict[int, int] = {}

    def offer(one: Candidate, place: int) -> bool:
        if one.id not in had_three_today:
            given[one.id] = place
        return one.id not in had_three_today

    share_out(people, freed=freed, taken=taken, offer=offer)

    used, left = taken, freed
    for one in people:
        if one.id in given:
            visit = ((1 << one.ticks) - 1) << given[one.id]
            assert (visit & used, visit & ~one.open, one.starts >> given[one.id] & 1) == (0, 0, 1)
            assert visit & left
            used, left = used | visit, left & ~visit
        else:
            assert one.id in had_three_today or not left or best_place(one, freed=left, taken=used) is None
    assert list(given) == sorted(given)


TERMS = OfferTerms()


def period(now: datetime, start: datetime, notice: timedelta = timedelta(hours=2)) -> tuple[datetime, datetime] | None:
    found = TERMS.period(start=start, latest=start - notice, zone=BRUSSELS, now=now)
    return (found.told_at, found.until) if found else None


@pytest.mark.parametrize(
    ("now", "start", "told", "until"),
    [
        # By day at once: two hours, half an hour when the visit is today, never beyond the notice.
        ((MONDAY, "10:00"), (TUESDAY, "14:00"), (MONDAY, "10:00"), (MONDAY, "12:00")),
        ((MONDAY, "10:00"), (MONDAY, "16:00"), (MONDAY, "10:00"), (MONDAY, "10:30")),
        ((MONDAY, "10:00"), (MONDAY, "12:15"), (MONDAY, "10:00"), (MONDAY, "10:15")),
        ((MONDAY, "20:59"), (TUESDAY, "14:00"), (MONDAY, "20:59"), (MONDAY, "22:59")),
        # At night it waits for the morning, before and after midnight.
        ((MONDAY, "21:00"), (TUESDAY, "14:00"), (TUESDAY, "07:00"), (TUESDAY, "07:30")),
        ((TUESDAY, "03:00"), (TUESDAY, "14:00"), (TUESDAY, "07:00"), (TUESDAY, "07:30")),
        ((MONDAY, "23:00"), (TUESDAY + timedelta(days=3), "09:00"), (TUESDAY, "07:00"), (TUESDAY, "09:00")),
        ((TUESDAY, "06:59"), (TUESDAY, "14:00"), (TUESDAY, "07:00"), (TUESDAY, "07:30")),
        # Unless the visit would be lost by waiting.
        ((MONDAY, "22:00"), (TUESDAY, "08:00"), (MONDAY, "22:00"), (TUESDAY, "00:00")),
        ((TUESDAY, "05:00"), (TUESDAY, "08:00"), (TUESDAY, "05:00"), (TUESDAY, "05:30")),
        ((MONDAY, "22:00"), (TUESDAY, "09:30"), (TUESDAY, "07:00"), (TUESDAY, "07:30")),
        ((MONDAY, "22:00"), (TUESDAY, "09:25"), (MONDAY, "22:00"), (TUESDAY, "00:00")),
    ],
)
def test_somebody_is_told_by_day_and_has_time_to_answer(
    now: tuple[date, str], start: tuple[date, str], told: tuple[date, str], until: tuple[date, str]
) -> None:
    assert period(at(*now), at(*start)) == (at(*told), at(*until))


def test_a_time_that_leaves_less_than_ten_minutes_to_answer_is_offered_to_nobody() -> None:
    assert period(at(MONDAY, "10:00"), at(MONDAY, "12:09")) is None
    assert period(at(MONDAY, "10:00"), at(MONDAY, "12:10")) is not None
    assert period(at(MONDAY, "10:00"), at(MONDAY, "09:00")) is None


@pytest.mark.parametrize("night", [AUTUMN, SPRING])
def test_on_the_nights_when_the_clocks_change_seven_is_seven_on_the_wall(night: date) -> None:
    before = night - timedelta(days=1)
    for wall in ("21:00", "23:30"):
        assert end_of_quiet(at(before, wall), BRUSSELS) == instant(night, time(7), BRUSSELS)
    for hours in range(5):
        assert end_of_quiet(at(night, "00:30") + timedelta(hours=hours), BRUSSELS) == instant(night, time(7), BRUSSELS)
    assert end_of_quiet(at(night, "07:00"), BRUSSELS) == at(night, "07:00")


def test_what_is_gained_is_counted_in_days_and_never_less_than_none() -> None:
    assert days_gained(TUESDAY, MONDAY) == 1
    assert days_gained(MONDAY, MONDAY) == days_gained(MONDAY, TUESDAY) == 0
    assert (median_days([]), median_days([3]), median_days([1, 9, 2]), median_days([1, 4])) == (None, 3, 2, 2)
