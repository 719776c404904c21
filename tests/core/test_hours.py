"""What stands at the door: how one may come, and whether one still may today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from booking.core.hours import Coming, OpenHours, coming, hours_on, rules_for
from booking.core.opening import ClosureRule, Mode, SessionRule
from tests.core.rules import a_closure, a_rule
from tests.moments import BRUSSELS, MONDAY, at

NOON = time(12)
EXPRESS, CARDS = 5, 1
SERVING = frozenset({1, 2, 3})
TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
SIGNS = {Mode.APPOINTMENT: " by appointment", Mode.WALK_IN: "", Mode.BOTH: " both"}


def door(rules: Sequence[SessionRule], closures: Sequence[ClosureRule] = (), day: date = MONDAY) -> str:
    """What stands at the door: hours, how one may come, and the last ticket where it is given before the end."""
    return ", ".join(written(one) for one in hours_on(rules, closures, day, BRUSSELS))


def written(one: OpenHours) -> str:
    last = f" ({one.last_ticket:%H:%M})" if one.last_ticket else ""
    return f"{one.wall[0]:%H:%M}-{one.wall[1]:%H:%M}{SIGNS[one.mode]}{last}"


def walk_in(rules: Sequence[SessionRule], closures: Sequence[ClosureRule] = (), service: int = EXPRESS) -> str:
    """What stands at the door for a service that needs no appointment."""
    return door([*rules_for(rules, service=service, counters=SERVING, mode=Mode.WALK_IN)], closures)


def desk(hours: str, last: str | None = None, **columns: Any) -> SessionRule:
    return a_rule(hours, mode=Mode.WALK_IN, last_entry=time.fromisoformat(last) if last else None, **columns)


def test_ana_reads_until_when_she_may_come_without_an_appointment() -> None:
    assert walk_in([desk("08:30-12:30", "12:15")]) == "08:30-12:30 (12:15)"
    assert walk_in([desk("08:30-12:30")]) == "08:30-12:30"


def test_hours_by_appointment_are_not_for_those_who_come_without() -> None:
    assert walk_in([a_rule(mode=Mode.APPOINTMENT)]) == ""
    assert walk_in([a_rule(mode=Mode.BOTH)]) == "08:00-12:00"


def test_ana_is_not_sent_to_a_desk_that_does_something_else() -> None:
    assert walk_in([desk("08:30-12:30", services=frozenset({EXPRESS}))], service=CARDS) == ""
    assert walk_in([desk("08:30-12:30", counters=frozenset({4}))]) == ""


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (("08:30-12:30", "12:15"), ("08:30-12:30", "12:00"), "08:30-12:30 (12:15)"),
        (("08:30-12:30", "12:15"), ("09:00-13:00", "12:00"), "08:30-13:00 (12:15)"),
        (("08:30-11:00", None), ("10:00-12:30", "12:15"), "08:30-12:30 (12:15)"),
    ],
)
def test_counters_side_by_side_are_told_as_one_with_the_latest_of_their_last_tickets(
    one: tuple[str, str | None], other: tuple[str, str | None], told: str
) -> None:
    assert walk_in([desk(*one), desk(*other, counters=frozenset({2}))]) == told


def test_a_pause_without_tickets_is_not_hidden() -> None:
    assert walk_in([desk("08:30-12:30", "12:15"), desk("12:30-14:00")]) == "08:30-12:30 (12:15), 12:30-14:00"
    assert walk_in([desk("08:30-12:30"), desk("12:30-14:00")]) == "08:30-14:00"


def test_a_closure_takes_the_last_tickets_with_it() -> None:
    noon, morning = a_closure(MONDAY, start=NOON), a_closure(MONDAY, end=time(12, 20))
    break_ = a_closure(MONDAY, start=time(10), end=time(11))

    assert walk_in([desk("08:30-12:30", "12:15")], [noon]) == "08:30-12:00"
    assert walk_in([desk("08:30-12:30", "12:15")], [morning]) == ""
    assert walk_in([desk("08:30-12:30", "12:15")], [break_]) == "08:30-10:00, 11:00-12:30 (12:15)"


# By appointment, without, or both


def test_ana_reads_at_the_door_where_an_appointment_is_needed() -> None:
    visits = [a_rule("08:30-12:30"), a_rule("13:30-16:00", counters=frozenset({2}))]

    assert door([*visits, desk("08:30-12:30", "12:15", counters=frozenset({3}))]) == (
        "08:30-12:30 both (12:15), 13:30-16:00 by appointment"
    )
    assert door([a_rule("08:30-12:30", mode=Mode.BOTH, last_entry=NOON)]) == "08:30-12:30 both (12:00)"


@pytest.mark.parametrize(
    ("visits", "tickets", "told"),
    [
        ("16:00-19:00", ("16:00-18:45", "18:30"), "16:00-18:45 both (18:30), 18:45-19:00 by appointment"),
        ("09:00-11:00", ("08:00-12:00", None), "08:00-09:00, 09:00-11:00 both, 11:00-12:00"),
        ("08:00-09:00", ("09:00-12:00", "11:45"), "08:00-09:00 by appointment, 09:00-12:00 (11:45)"),
        ("12:00-14:00", ("08:00-13:00", "11:30"), "08:00-12:00 (11:30), 12:00-14:00 by appointment"),
        ("08:00-11:00", ("08:00-12:00", "10:30"), "08:00-11:00 both (10:30)"),
    ],
)
def test_the_hours_change_where_the_way_of_coming_does(visits: str, tickets: tuple[str, str | None], told: str) -> None:
    assert door([a_rule(visits), desk(*tickets, counters=frozenset({2}))]) == told


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (Mode.APPOINTMENT, "08:00-10:00 by appointment, 13:00-14:00 by appointment"),
        (Mode.WALK_IN, "08:00-12:00"),
        (Mode.BOTH, "08:00-10:00 both, 10:00-12:00, 13:00-14:00 by appointment"),
    ],
)
def test_a_service_has_of_the_hours_what_it_can_be_had_in(mode: Mode, told: str) -> None:
    rules = [a_rule("08:00-10:00", mode=Mode.BOTH), desk("10:00-12:00", None), a_rule("13:00-14:00")]

    assert door([*rules_for(rules, service=CARDS, counters=SERVING, mode=mode)]) == told


# Now, or when next

MORNING_AND_EVENING = [
    desk("08:30-12:30", "12:15", weekdays=frozenset({0, 3})),
    desk("16:00-18:45", "18:30", weekdays=frozenset({0, 3})),
    a_rule("13:00-18:00", weekdays=frozenset({0, 1})),
]


def told(now: datetime, closures: Sequence[ClosureRule] = ()) -> str:
    """How the office stands at a moment for whoever has no appointment, the day, and the hours that are left."""
    today = now.astimezone(BRUSSELS).date()
    days = [today + timedelta(days=number) for number in range(7)]
    found: Coming | None = coming([(day, hours_on(MORNING_AND_EVENING, closures, day, BRUSSELS)) for day in days], now)
    if found is None:
        return "nothing"
    return f"{found.standing} {found.day:%A} {', '.join(written(one) for one in found.hours)}"


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (MONDAY, "07:00", "later_today Monday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (MONDAY, "08:29", "later_today Monday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (MONDAY, "08:30", "open Monday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (MONDAY, "12:15", "open Monday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (MONDAY, "12:16", "later_today Monday 16:00-18:45 (18:30)"),
        (MONDAY, "15:59", "later_today Monday 16:00-18:45 (18:30)"),
        (MONDAY, "18:30", "open Monday 16:00-18:45 (18:30)"),
        (MONDAY, "18:31", "over_for_today Thursday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (MONDAY, "23:59", "over_for_today Thursday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
        (TUESDAY, "14:00", "not_today Thursday 08:30-12:30 (12:15), 16:00-18:45 (18:30)"),
    ],
)
def test_ana_is_told_whether_she_can_still_come_today_and_otherwise_when(day: date, wall: str, expected: str) -> None:
    assert told(at(day, wall)) == expected


def test_until_the_end_is_until_the_last_moment_before_it() -> None:
    days = [(MONDAY, hours_on([desk("08:30-12:30")], [], MONDAY, BRUSSELS))]

    assert coming(days, at(MONDAY, "12:29")) is not None
    assert coming(days, at(MONDAY, "12:30")) is None


def test_a_closed_day_sends_nobody_to_a_closed_door() -> None:
    afternoon = a_closure(MONDAY, start=NOON)

    assert told(at(MONDAY, "09:00"), [a_closure(MONDAY)]).startswith("not_today Thursday")
    assert told(at(MONDAY, "11:59"), [afternoon]) == "open Monday 08:30-12:00"
    assert told(at(MONDAY, "12:00"), [afternoon]).startswith("over_for_today Thursday")
    assert told(at(MONDAY, "09:00"), [a_closure(MONDAY, MONDAY + timedelta(days=30))]) == "nothing"
