"""Why there is no time: one reason after the other, and never another answer than the calendar's."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.core.availability import PUBLIC, Asked, Limits
from booking.core.opening import Mode, SessionRule
from booking.core.schedules import Schedule
from booking.core.timespan import tick_of
from booking.core.why import ALWAYS, NEVER, Asking, Reason, TakenBy, Why, explain
from tests.core.rules import SERVICES, a_closure, a_rule
from tests.core.situations import Situation, situations
from tests.moments import BRUSSELS, MONDAY, at

CARD, PASSPORT, _ = SERVICES
WHENEVER = Limits(ALWAYS, ALWAYS, NEVER, NEVER)
NOTHING = TakenBy({}, {}, {})
TUESDAY = MONDAY + timedelta(days=1)


def asked_of(*rules: SessionRule, taken: TakenBy = NOTHING, limits: Limits = WHENEVER, **wish: Any) -> Why:
    """Why there is no card of a quarter of an hour on Monday, at two counters that do everything."""
    wish = {"day": MONDAY, "service": CARD, "ticks": 3, "asked": PUBLIC, "closures": (), "serves": None} | wish
    serves = wish["serves"] or dict.fromkeys((1, 2), frozenset(SERVICES))
    schedule = Schedule(BRUSSELS, 15, rules or (a_rule("08:00-09:00"),), tuple(wish["closures"]), serves)
    asked: Asked = wish["asked"]
    return explain(Asking(schedule, wish["day"], wish["service"], wish["ticks"], asked), taken=taken, limits=limits)


def bits(hours: str) -> int:
    start, end = (tick_of(at(MONDAY, wall)) - tick_of(at(MONDAY, "00:00")) for wall in hours.split("-"))
    return (1 << end) - (1 << start)


def told(why: Why) -> list[tuple[Reason, int]]:
    return [(one.reason, one.minutes) for one in why.costs]


def test_where_a_time_is_free_nothing_is_the_reason() -> None:
    why = asked_of()

    assert (why.reason, why.minutes, why.left, told(why)) == (None, 60, 60, [])
    assert why.starts.bit_count() == 4


def test_on_a_sunday_there_is_no_session() -> None:
    why = asked_of(day=MONDAY - timedelta(days=1))

    assert why.reason == Reason.NO_SESSION
    assert told(why) == [(Reason.NO_SESSION, 0)]


def test_every_reason_costs_what_the_ones_before_it_left() -> None:
    """Two hours at two counters: a closed hour, a counter that does no cards, a quarter for walk-ins, two visits."""
    rule = a_rule("08:00-10:00", counters=frozenset({1, 2}), walk_in_minutes=15, id=7)
    strike = a_closure(MONDAY, start=time(8), end=time(9), id=3)
    serves = {1: frozenset({CARD}), 2: frozenset({PASSPORT})}
    taken = TakenBy({}, {1: bits("09:15-09:45")}, {1: bits("09:45-10:00")})
    why = asked_of(rule, closures=[strike], serves=serves, taken=taken)

    assert why.minutes == 240
    assert told(why) == [
        (Reason.CLOSED, 120),
        (Reason.NOT_SERVED, 60),
        (Reason.SHARE_KEPT, 15),
        (Reason.TAKEN, 30),
        (Reason.HELD, 15),
    ]
    assert why.reason == Reason.HELD
    assert [one.rules for one in why.costs] == [(3,), (), (7,), (), ()]


def test_what_is_kept_for_staff_is_no_reason_to_them() -> None:
    rule = a_rule("08:00-08:45", staff_minutes=45)
    # The share is the end of each hour, as it is on the clock of the session.
    assert asked_of(rule).reason is None
    assert asked_of(rule, ticks=4).reason == Reason.LAST_ENTRY
    assert asked_of(rule, ticks=4, asked=Asked(for_staff=True)).reason is None


def test_a_visit_that_does_not_end_before_the_hours_is_told_so() -> None:
    why = asked_of(ticks=13)

    assert told(why) == [(Reason.LAST_ENTRY, 60)]
    assert why.reason == Reason.LAST_ENTRY


def test_pieces_that_are_left_are_too_short() -> None:
    why = asked_of(taken=TakenBy({1: bits("08:10-08:50")}, {}, {}))

    assert told(why) == [(Reason.ABSENT, 40), (Reason.TOO_SHORT, 20)]


def test_hours_without_appointment_and_hours_of_other_services_are_told_apart() -> None:
    walk_in = a_rule("08:00-09:00", mode=Mode.WALK_IN, id=4)
    passports = a_rule("10:00-11:00", services=frozenset({PASSPORT}), id=5)
    why = asked_of(walk_in, passports)

    assert told(why) == [(Reason.WALK_IN, 60), (Reason.OTHER_SERVICES, 60)]
    assert [one.rules for one in why.costs] == [(4,), (5,)]


def test_whatever_would_shut_the_day_as_well_is_told_beside() -> None:
    """Everything is taken; and if it were not, the quota would be used up and the times not be out."""
    tonight = tick_of(at(MONDAY, "00:00")) - 1
    limits = Limits(ALWAYS, ALWAYS, NEVER, tonight, full={MONDAY})
    why = asked_of(taken=TakenBy({}, {1: bits("08:00-09:00")}, {}), limits=limits)

    assert why.reason == Reason.TAKEN
    assert why.beside == (Reason.NOT_RELEASED, Reason.QUOTA)


def test_the_notice_takes_the_first_minutes_and_the_horizon_the_last() -> None:
    limits = Limits(tick_of(at(MONDAY, "08:20")), ALWAYS, tick_of(at(MONDAY, "08:35")), NEVER)
    why = asked_of(limits=limits)

    assert told(why) == [(Reason.NOTICE, 30), (Reason.HORIZON, 15)]
    assert (why.left, why.reason) == (15, None)


def check(situation: Situation) -> Why:
    """It says no word more or less than the calendar, and every minute is accounted for."""
    why = situation.why()
    assert why.starts == situation.offered()
    assert (why.reason is None) == bool(why.starts) == bool(why.left)
    assert sum(one.minutes for one in why.costs) + why.left == why.minutes
    assert [one.decides for one in why.costs].count(True) == (0 if why.starts else 1)
    assert all(one.minutes > 0 or one.reason == Reason.NO_SESSION for one in why.costs)
    assert (
        [*Reason].index(why.costs[-1].reason) == max([*Reason].index(one.reason) for one in why.costs)
        if why.costs
        else True
    )
    return why


@settings(deadline=None)
@given(st.sampled_from([None, *Reason]).flatmap(situations))
def test_no_reason_is_left_exactly_where_the_calendar_offers_a_time(situation: Situation) -> None:
    check(situation)


@pytest.mark.races
@pytest.mark.parametrize("aim", [None, *Reason])
def test_each_reason_decides_at_least_a_hundred_times(aim: Reason | None) -> None:
    seen: Counter[Reason | None] = Counter()

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(situations(aim))
    def tried(situation: Situation) -> None:
        seen[check(situation).reason] += 1

    tried()
    assert seen[aim] >= 100, seen
