"""How the days of a year stand, for those who look at all of it at once."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from booking.core.opening import ClosureRule, Season, SessionRule
from booking.core.schedules import Schedule
from booking.core.year import DayKind, kind_of, seasons_in, year_of
from tests.core.rules import a_closure, a_rule
from tests.moments import BRUSSELS, MONDAY

SATURDAY, SUNDAY = date(2027, 1, 9), date(2027, 1, 10)
BOTH = a_rule(counters=frozenset({1, 2}))
EXTRA = a_rule(weekdays=frozenset({5}), valid_from=SATURDAY, valid_until=SATURDAY)


def schedule(*rules: SessionRule, closures: tuple[ClosureRule, ...] = ()) -> Schedule:
    return Schedule(zone=BRUSSELS, start_step=15, rules=rules, closures=closures, serves={})


@pytest.mark.parametrize(
    ("day", "closures", "kind"),
    [
        (MONDAY, (), DayKind.OPEN),
        (SUNDAY, (), DayKind.NONE),
        (SUNDAY, (a_closure(SUNDAY),), DayKind.CLOSED),
        (SUNDAY, (a_closure(SUNDAY, counters=frozenset({1})),), DayKind.NONE),
        (SATURDAY, (), DayKind.EXCEPTIONAL),
        (SATURDAY, (a_closure(SATURDAY),), DayKind.CLOSED),
        (SATURDAY, (a_closure(SATURDAY, start=time(11)),), DayKind.EXCEPTIONAL),
        (MONDAY, (a_closure(MONDAY),), DayKind.CLOSED),
        (MONDAY, (a_closure(MONDAY, start=time(10)),), DayKind.PARTLY),
        (MONDAY, (a_closure(MONDAY, counters=frozenset({1})),), DayKind.PARTLY),
        (MONDAY, (a_closure(MONDAY, counters=frozenset({1, 2})),), DayKind.CLOSED),
        (MONDAY, (a_closure(MONDAY, start=time(17)),), DayKind.OPEN),
        (MONDAY, (a_closure(MONDAY, end=time(10)), a_closure(MONDAY, start=time(10))), DayKind.CLOSED),
    ],
)
def test_a_day_stands_as_its_counters_do(day: date, closures: tuple[ClosureRule, ...], kind: DayKind) -> None:
    assert kind_of(schedule(BOTH, EXTRA, closures=closures), day) == kind


def test_a_year_has_all_its_days_once() -> None:
    days = [*year_of(schedule(BOTH, EXTRA), 2028)]

    assert [len({day for day, _ in days}), days[0][0], days[-1][0]] == [366, date(2028, 1, 1), date(2028, 12, 31)]
    assert Counter(kind for _, kind in days) == {DayKind.OPEN: 260, DayKind.NONE: 106}


def test_the_longest_season_is_the_usual_one() -> None:
    summer, winter = Season((7, 1), (8, 15)), Season((8, 16), (6, 30))

    assert seasons_in(schedule(a_rule(season=summer), a_rule(season=winter), BOTH)) == [winter, summer]
