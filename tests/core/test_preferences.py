"""Which times somebody prefers: the parts of a day follow one another, and a day of the week is one of seven."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from booking.core.preferences import ANY_TIME, PartOfDay, Preference, part_of
from tests.moments import MONDAY


@pytest.mark.parametrize(
    ("wall", "part"),
    [
        ("00:00", PartOfDay.MORNING),
        ("11:55", PartOfDay.MORNING),
        ("12:00", PartOfDay.MIDDAY),
        ("13:55", PartOfDay.MIDDAY),
        ("14:00", PartOfDay.AFTERNOON),
        ("16:55", PartOfDay.AFTERNOON),
        ("17:00", PartOfDay.EVENING),
        ("23:55", PartOfDay.EVENING),
    ],
)
def test_every_wall_time_lies_in_one_part_of_the_day(wall: str, part: PartOfDay) -> None:
    assert part_of(time.fromisoformat(wall)) == part


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        ("08:00", "12:00", [PartOfDay.MORNING]),
        ("08:00", "12:05", [PartOfDay.MORNING, PartOfDay.MIDDAY]),
        ("12:30", "13:30", [PartOfDay.MIDDAY]),
        ("14:00", "19:00", [PartOfDay.AFTERNOON, PartOfDay.EVENING]),
        ("07:00", "23:55", [*PartOfDay]),
    ],
)
def test_hours_touch_the_parts_in_which_they_have_any_time(start: str, end: str, parts: list[PartOfDay]) -> None:
    hours = time.fromisoformat(start), time.fromisoformat(end)

    assert [part for part in PartOfDay if part.touches(*hours)] == parts


def test_a_preference_takes_what_it_names_and_without_a_name_everything() -> None:
    mondays_at_noon = Preference(PartOfDay.MIDDAY, 0)

    assert mondays_at_noon
    assert mondays_at_noon.takes_day(MONDAY)
    assert mondays_at_noon.takes_time(time(12, 30))
    assert not mondays_at_noon.takes_day(MONDAY + timedelta(days=1))
    assert not mondays_at_noon.takes_time(time(14))
    assert not ANY_TIME
    assert ANY_TIME.takes_day(MONDAY)
    assert ANY_TIME.takes_time(time(3))
