"""Counting: what many days come to is what all their rows would have come to, and a share is what it says."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from booking.core.appointments import OCCUPYING, AppointmentState, Channel
from booking.core.figures import (
    LONGEST_MEASURED,
    LONGEST_WAIT,
    FreedFacts,
    Lead,
    Sums,
    TicketFacts,
    VisitFacts,
    Way,
    at_share,
    by_hour,
    lead_of,
    share,
    sums_by_service,
    together,
)
from booking.core.tickets import TicketState
from tests.moments import BRUSSELS, MONDAY, at

SERVICES = some.integers(1, 3)
LANGUAGES = some.sampled_from(["fr", "nl", None])
VISITS = some.builds(
    VisitFacts,
    service_id=SERVICES,
    state=some.sampled_from(AppointmentState),
    channel=some.sampled_from(Channel),
    language=LANGUAGES,
    day=some.just(MONDAY),
    agreed_on=some.dates(MONDAY - timedelta(days=50), MONDAY),
    was_reminded=some.booleans(),
    by_commune=some.booleans(),
    ticks=some.frozensets(some.tuples(some.integers(1, 2), some.integers(0, 5)), min_size=1, max_size=3),
)
TICKETS = some.builds(
    TicketFacts,
    service_id=SERVICES,
    state=some.sampled_from(TicketState),
    way=some.sampled_from([None, Way.WALK_IN, Way.BACK]),
    language=LANGUAGES,
    waited=some.none() | some.integers(0, LONGEST_WAIT + 100),
    served=some.none() | some.integers(0, LONGEST_MEASURED + 100),
    planned=some.integers(5, 60),
)
FREED = some.builds(
    FreedFacts,
    service_id=SERVICES,
    offers=some.integers(0, 3),
    is_taken=some.booleans(),
    gained_days=some.integers(0, 9),
)
A_DAY = some.tuples(some.lists(VISITS, max_size=8), some.lists(TICKETS, max_size=8), some.lists(FREED, max_size=3))
Day = tuple[list[VisitFacts], list[TicketFacts], list[FreedFacts]]


@given(some.lists(A_DAY, max_size=4))
def test_what_was_kept_of_days_comes_to_what_their_rows_come_to(days: list[Day]) -> None:
    kept = together(sums for day in days for sums in sums_by_service(*day).values())

    visits = [visit for day in days for visit in day[0]]
    tickets = [ticket for day in days for ticket in day[1]]
    freed = [time for day in days for time in day[2]]
    states = Counter(visit.state for visit in visits)
    served = [one for one in tickets if one.state in {TicketState.DONE, TicketState.INCOMPLETE}]
    assert kept.booked == sum(states[state] for state in OCCUPYING)
    assert sum(kept.came.values()) == states[AppointmentState.FULFILLED]
    assert sum(kept.missed.values()) == states[AppointmentState.MISSED]
    assert kept.cancelled == states[AppointmentState.CANCELLED] >= kept.refilled
    assert kept.walk_ins == sum(one.way == Way.WALK_IN for one in tickets)
    assert kept.expected(Way.BACK) == sum(one.way == Way.BACK for one in tickets)
    assert kept.served == states[AppointmentState.FULFILLED] + sum(one.way == Way.WALK_IN for one in served)
    assert kept.handled == len(served)
    assert kept.incomplete == sum(one.state == TicketState.INCOMPLETE for one in tickets)
    measured = [one.served for one in served if one.served is not None and one.served <= LONGEST_MEASURED]
    assert Counter(kept.serving) == Counter(measured)
    assert kept.used_minutes == sum(measured)
    new = [one.waited for one in tickets if one.waited is not None and one.way != Way.BACK]
    waits = [minutes for minutes in new if minutes <= LONGEST_WAIT]
    assert Counter(kept.waits) + Counter(kept.walk_in_waits) == Counter(waits)
    for name, language in (("fr", "fr"), ("nl", "nl"), ("both", None)):
        expected = sum(visit.language == language for visit in visits if visit.state in OCCUPYING)
        expected += sum(one.language == language for one in tickets if one.way)
        assert sum(number for key, number in kept.ways.items() if key.endswith(f" {name}")) == expected
    assert (kept.freed, kept.taken) == (len(freed), sum(one.is_taken for one in freed))
    assert kept.gained_days == sum(one.gained_days for one in freed if one.is_taken)


@given(some.lists(A_DAY, min_size=2, max_size=4))
def test_it_does_not_matter_in_which_order_or_how_often_days_are_put_together(days: list[Day]) -> None:
    each = [together(sums_by_service(*day).values()) for day in days]

    assert together(each) == together(reversed(each)) == together([together(each[:1]), together(each[1:])])
    assert together([]) == Sums()


@given(some.dictionaries(some.integers(0, 300), some.integers(1, 5), min_size=1), some.integers(1, 100))
def test_so_many_of_a_hundred_took_no_longer_and_with_a_minute_less_fewer_did(
    minutes: dict[int, int], percent: int
) -> None:
    found = at_share(minutes, percent)

    everybody = [minute for minute, number in minutes.items() for _ in range(number)]
    assert found in everybody
    assert sum(one <= found for one in everybody) * 100 >= percent * len(everybody)
    assert sum(one < found for one in everybody) * 100 < percent * len(everybody)


def test_of_nobody_there_is_no_share() -> None:
    assert (at_share({}, 50), share(0, 0)) == (None, None)
    assert (share(1, 3), share(0, 7)) == (33, 0)


@pytest.mark.parametrize(
    ("days", "lead"),
    [
        (0, Lead.SAME_DAY),
        (1, Lead.TO_3),
        (3, Lead.TO_3),
        (4, Lead.TO_7),
        (7, Lead.TO_7),
        (14, Lead.TO_14),
        (15, Lead.TO_30),
        (30, Lead.TO_30),
        (31, Lead.LONGER),
    ],
)
def test_a_time_is_agreed_so_long_before(days: int, lead: Lead) -> None:
    assert lead_of(MONDAY - timedelta(days=days), MONDAY) == lead


def test_a_cancelled_time_is_taken_again_where_somebody_is_at_that_counter_then() -> None:
    def visit(state: AppointmentState, *ticks: tuple[int, int]) -> VisitFacts:
        return VisitFacts(1, state, Channel.ONLINE, "fr", MONDAY, MONDAY, False, False, frozenset(ticks))

    cancelled = visit(AppointmentState.CANCELLED, (1, 10), (1, 11))
    for other, refilled in (((1, 11), 1), ((2, 10), 0), ((1, 12), 0)):
        sums = sums_by_service([cancelled, visit(AppointmentState.BOOKED, other)], [])[1]
        assert sums.refilled == refilled
    held = visit(AppointmentState.HELD, (1, 10))
    assert sums_by_service([cancelled, held], [])[1].refilled == 0


def test_minutes_fall_into_the_hours_of_the_wall_clock() -> None:
    spans = [(at(MONDAY, "08:50"), at(MONDAY, "10:05")), (at(MONDAY, "09:00"), at(MONDAY, "09:30"))]

    assert by_hour(spans, BRUSSELS) == {8: 10, 9: 90, 10: 5}


@pytest.mark.parametrize(("day", "in_the_third_hour"), [(date(2027, 3, 28), 0), (date(2027, 10, 31), 120)])
def test_an_hour_that_the_clock_skips_has_no_minutes_and_one_that_it_repeats_has_them_twice(
    day: date, in_the_third_hour: int
) -> None:
    midnight: datetime = at(day, "00:00")

    hours = by_hour([(midnight, at(day, "06:00"))], BRUSSELS)

    assert hours.get(2, 0) == in_the_third_hour
    assert sum(hours.values()) == 300 + in_the_third_hour
