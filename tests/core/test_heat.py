"""Heat-wave hours: what opens early, what is lengthened to the end, and what no longer opens."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from booking.core.changes import AddClosure, SaveSession, Several
from booking.core.heat import brought_forward
from booking.core.hours import hours_on
from booking.core.opening import Mode, SessionRule
from booking.core.schedules import Schedule
from booking.core.translated import Translated
from tests.core.rules import a_closure, a_rule
from tests.moments import BRUSSELS, MONDAY

TUESDAY = MONDAY + timedelta(days=1)
SEVEN, ONE = time(7), time(13)


def added(*rules: SessionRule, first: date = MONDAY, last: date = MONDAY) -> list[str]:
    found = brought_forward(rules, first=first, last=last, start=SEVEN, end=ONE)
    return [f"{rule.start:%H:%M}-{rule.end:%H:%M} {','.join(map(str, sorted(rule.counters)))}" for rule in found]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([a_rule("08:30-12:30")], ["07:00-08:30 1", "12:30-13:00 1"]),
        ([a_rule("07:00-13:00")], []),
        ([a_rule("06:00-12:00")], ["12:00-13:00 1"]),
        ([a_rule("13:30-16:00")], []),
        ([a_rule("08:00-16:00")], ["07:00-08:00 1"]),
        ([a_rule("08:00-10:00"), a_rule("10:00-13:00", id=2)], ["07:00-08:00 1"]),
        (
            [a_rule("08:00-13:00", counters=frozenset({1, 2})), a_rule("07:00-08:00", id=2)],
            ["07:00-08:00 2"],
        ),
        ([a_rule("08:00-13:00"), a_rule("09:00-13:00", id=2, mode=Mode.WALK_IN)], ["07:00-08:00 1", "07:00-09:00 1"]),
        ([a_rule("08:30-12:30", weekdays=frozenset({1}))], []),
    ],
    ids=[
        "both sides",
        "as it is",
        "early already",
        "afternoon",
        "all day",
        "in two",
        "taken",
        "two modes",
        "not today",
    ],
)
def test_every_session_of_the_morning_goes_from_seven_to_one(rules: list[SessionRule], expected: list[str]) -> None:
    assert added(*rules) == expected


def test_the_last_ticket_keeps_its_distance_from_the_end() -> None:
    rule = a_rule("08:30-12:30", mode=Mode.WALK_IN, last_entry=time(12, 15))
    before, after = brought_forward([rule], first=MONDAY, last=MONDAY, start=SEVEN, end=ONE)

    assert (before.last_entry, after.last_entry) == (None, time(12, 45))


@pytest.mark.parametrize("days", [1, 3])
def test_the_days_are_open_from_seven_to_one_and_the_others_as_ever(days: int) -> None:
    rules = (a_rule("08:30-12:30"), a_rule("13:30-16:00", id=2))
    last = MONDAY + timedelta(days=days - 1)
    schedule = Schedule(zone=BRUSSELS, start_step=15, rules=rules, closures=(), serves={})
    shut = AddClosure(7, a_closure(MONDAY, last, start=ONE), Translated.of(fr="Canicule", nl="Hittegolf"))
    more = brought_forward(rules, first=MONDAY, last=last, start=SEVEN, end=ONE)
    change = Several((shut, *(SaveSession(7, rule, MONDAY) for rule in more)))
    change.check(schedule)
    after = change.applied(schedule)

    def told(day: date) -> list[Any]:
        return [one.wall for one in hours_on(after.rules, after.closures, day, BRUSSELS)]

    assert told(last) == [(SEVEN, ONE)]
    assert told(last + timedelta(days=1)) == [(time(8, 30), time(12, 30)), (time(13, 30), time(16))]
    assert change.days == (MONDAY, last)
    assert change.offices == (7,)
