"""When reminders are due: by the clock on the wall, also over the two nights of the year that are not like others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from booking.core.reminders import USUAL_HOURS, reminder_moment, reminder_moments
from tests.moments import BRUSSELS, at

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
LONG_AGO = at(date(2026, 1, 1), "00:00")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("visit", "hours", "due"),
    [
        # An ordinary day.
        (at(date(2026, 12, 3), "08:30"), 24, at(date(2026, 12, 2), "08:30")),
        (at(date(2026, 12, 3), "08:30"), 168, at(date(2026, 11, 26), "08:30")),
        (at(date(2026, 12, 3), "08:30"), 2, at(date(2026, 12, 3), "06:30")),
        (at(date(2026, 12, 3), "08:30"), 26, at(date(2026, 12, 2), "06:30")),
        # The night of 25 October is an hour longer: the wall shows the same time, 25 hours before.
        (at(AUTUMN + DAY, "09:00"), 24, at(AUTUMN, "09:00")),
        (at(AUTUMN, "09:00"), 24, at(AUTUMN - DAY, "09:00")),
        (at(AUTUMN + 3 * DAY, "09:00"), 168, at(AUTUMN - 4 * DAY, "09:00")),
        # The night of 28 March is an hour shorter.
        (at(SPRING + DAY, "09:00"), 24, at(SPRING, "09:00")),
        (at(SPRING, "09:00"), 24, at(SPRING - DAY, "09:00")),
        (at(SPRING + 3 * DAY, "09:00"), 168, at(SPRING - 4 * DAY, "09:00")),
        # Half past two does not exist on 28 March: the wall jumps to three o'clock.
        (at(SPRING + DAY, "02:30"), 24, at(SPRING, "03:00")),
        # And on 25 October it comes twice: the first of them, for both of them.
        (at(AUTUMN + DAY, "02:30"), 24, at(AUTUMN, "02:30")),
        # Less than a day is time that really passes.
        (at(SPRING, "03:00"), 1, at(SPRING, "03:00") - timedelta(hours=1)),
        (at(AUTUMN, "03:00"), 2, at(AUTUMN, "03:00") - timedelta(hours=2)),
    ],
)
def test_a_reminder_is_due_by_the_clock_on_the_wall(visit: datetime, hours: int, due: datetime) -> None:
    assert reminder_moment(visit, hours, BRUSSELS) == due


@pytest.mark.parametrize("day", [AUTUMN, SPRING])
def test_every_reminder_comes_before_its_visit(day: date) -> None:
    starts = [at(day - DAY, "00:00") + timedelta(minutes=15 * step) for step in range(4 * 24 * 3)]

    assert [
        (start, hours)
        for start in starts
        for hours in (1, 2, 23, 24, 25, 168)
        if reminder_moment(start, hours, BRUSSELS) >= start
    ] == []


def test_reminders_are_numbered_from_the_earliest_on() -> None:
    visit = at(date(2026, 12, 3), "08:30")

    assert reminder_moments(visit, USUAL_HOURS, BRUSSELS, LONG_AGO) == {
        1: at(date(2026, 11, 26), "08:30"),
        2: at(date(2026, 12, 2), "08:30"),
    }


def test_a_moment_that_is_past_is_left_out_and_the_other_keeps_its_number() -> None:
    visit = at(date(2026, 12, 3), "08:30")

    assert reminder_moments(visit, USUAL_HOURS, BRUSSELS, at(date(2026, 11, 26), "08:30")) == {
        2: at(date(2026, 12, 2), "08:30")
    }
    assert reminder_moments(visit, USUAL_HOURS, BRUSSELS, at(date(2026, 12, 2), "08:31")) == {}


def test_the_reminders_of_several_services_are_put_together_and_the_nearest_three_count() -> None:
    visit = at(date(2026, 12, 3), "08:30")

    found = reminder_moments(visit, (168, 24, 336, 24, 2), BRUSSELS, LONG_AGO)

    assert list(found.values()) == [reminder_moment(visit, hours, BRUSSELS) for hours in (168, 24, 2)]
