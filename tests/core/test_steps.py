"""The two visits of a service in steps: what the one leaves to the other is the same, asked as a limit or of a span."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from booking.core.appointments import BookingWindow, Step
from booking.core.errors import TooFarAhead
from booking.core.steps import OtherStep
from booking.core.timespan import TICK, Span
from tests.moments import BRUSSELS, EARLY, MONDAY, at

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
LENGTHS = (timedelta(minutes=20), timedelta(minutes=45))


def around(moment: datetime) -> list[datetime]:
    """The starts near a moment at which an answer could change, and those of the days about it."""
    return [moment + number * TICK for number in range(-13, 14)] + [
        moment + timedelta(hours=number) for number in range(-50, 51, 5)
    ]


@pytest.mark.parametrize("days", [0, 1, 7])
@pytest.mark.parametrize("day", [MONDAY, SPRING, AUTUMN])
@pytest.mark.parametrize("wall", ["00:00", "00:20", "10:30", "23:30"])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_limit_says_what_the_order_says(days: int, day: date, wall: str, length: timedelta) -> None:
    there = at(day, wall)
    information = OtherStep(Step.INFORMATION, Span(there, there + length), days, BRUSSELS)
    file = OtherStep(Step.FILE, Span(there, there + length), days, BRUSSELS)

    assert (information.over_by, file.not_before) == (None, None)
    for start in around(there + timedelta(days=days)):
        assert information.not_before is not None
        assert information.allows(Span(start, start + length)) == (start >= information.not_before), start
    for start in around(there - timedelta(days=days)):
        assert file.over_by is not None
        assert file.allows(Span(start, start + length)) == (start + length <= file.over_by), start


def test_nobody_books_after_the_last_moment() -> None:
    window = BookingWindow(timedelta(hours=2), timedelta(days=60), not_after=at(MONDAY, "11:00"))
    window.check_start(at(MONDAY, "11:00"), EARLY)

    with pytest.raises(TooFarAhead):
        window.check_start(at(MONDAY, "11:05"), EARLY)
