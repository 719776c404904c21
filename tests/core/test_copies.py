"""Hours that are copied: the days of one week, as they were there, and as they are to be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from booking.core.copies import Wish, copied
from booking.core.opening import Season, SessionRule
from tests.core.rules import a_rule
from tests.moments import MONDAY

ALL = frozenset(range(7))
FEBRUARY = date(2027, 2, 1)
SUMMER = Season((7, 1), (8, 15))


def copies(rule: SessionRule, **wish: Any) -> list[SessionRule]:
    asked = {"monday": MONDAY, "weekdays": ALL, "since": FEBRUARY, "counters": {1: 11, 2: 12}, **wish}
    return [*copied([rule], Wish(**asked))]


def test_a_session_is_copied_for_the_days_on_which_it_took_place() -> None:
    (copy,) = copies(a_rule(weekdays=frozenset({0, 2}), counters=frozenset({1, 2}), lanes=frozenset({3})))

    assert (copy.weekdays, copy.counters, copy.lanes) == (frozenset({0, 2}), frozenset({11, 12}), frozenset())
    assert (copy.valid_from, copy.valid_until) == (FEBRUARY, None)


@pytest.mark.parametrize(
    ("columns", "wish"),
    [
        ({"every_weeks": 2, "anchor": MONDAY + timedelta(days=7)}, {}),
        ({"season": SUMMER}, {}),
        ({"counters": frozenset({9})}, {}),
        ({"weekdays": frozenset({5})}, {"weekdays": frozenset({0})}),
        ({"valid_until": MONDAY - timedelta(days=1)}, {}),
    ],
    ids=["another week", "another season", "a counter left out", "another day", "over"],
)
def test_what_did_not_take_place_is_not_copied(columns: dict[str, Any], wish: dict[str, Any]) -> None:
    assert copies(a_rule(**columns), **wish) == []


def test_a_week_of_summer_is_for_its_new_days_alone_and_without_an_end_stays_of_summer() -> None:
    july, rule = date(2027, 7, 5), a_rule(season=SUMMER)

    assert [one.season for one in copies(rule, monday=july)] == [SUMMER]
    assert [one.season for one in copies(rule, monday=july, until=FEBRUARY)] == [None]


def test_one_day_is_put_on_another() -> None:
    (copy,) = copies(a_rule(), weekdays=frozenset({3}), onto=5)

    assert copy.weekdays == frozenset({5})
