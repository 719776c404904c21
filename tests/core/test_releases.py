"""Times that come out at a moment of the week: when, and up to which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.appointments import BookingWindow
from booking.core.errors import NotYetReleased
from booking.core.quotas import Quota, QuotaPer
from booking.core.releases import Release
from booking.core.timespan import day_span, wall_clock
from tests.moments import BRUSSELS, MONDAY, at

MONDAYS = Release(weekday=0, at=time(8), weeks=2)
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
FORTNIGHT = MONDAY + timedelta(days=14)


def window(*releases: Release, horizon: int = 60) -> BookingWindow:
    return BookingWindow(timedelta(hours=2), timedelta(days=horizon), releases=releases)


def test_on_monday_at_eight_the_following_two_weeks_come_out() -> None:
    before, then = at(MONDAY, "07:59"), at(MONDAY, "08:00")

    assert MONDAYS.closed_from(before, BRUSSELS) == MONDAY + timedelta(days=8)
    assert MONDAYS.closed_from(then, BRUSSELS) == FORTNIGHT + A_DAY
    assert MONDAYS.next_at(before, BRUSSELS) == then
    assert MONDAYS.next_at(then, BRUSSELS) == at(MONDAY + timedelta(days=7), "08:00")


@pytest.mark.parametrize("day", [MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)])
def test_it_stays_so_until_the_next_monday(day: date) -> None:
    assert MONDAYS.closed_from(at(day, "23:55"), BRUSSELS) == FORTNIGHT + A_DAY


@pytest.mark.parametrize(("sunday", "utc"), [(date(2027, 3, 28), 6), (date(2027, 10, 31), 7)])
def test_eight_is_eight_on_the_wall_on_the_days_clocks_are_changed(sunday: date, utc: int) -> None:
    sundays = Release(weekday=6, at=time(8), weeks=1)
    eight = datetime(sunday.year, sunday.month, sunday.day, utc, tzinfo=UTC)

    assert sundays.next_at(eight - timedelta(seconds=1), BRUSSELS) == eight
    assert sundays.closed_from(eight - timedelta(seconds=1), BRUSSELS) == sunday + A_DAY
    assert sundays.closed_from(eight, BRUSSELS) == sunday + timedelta(days=8)


def test_a_moment_that_the_clock_jumps_over_is_that_of_the_jump() -> None:
    in_the_gap = Release(weekday=6, at=time(2, 30), weeks=1)

    assert in_the_gap.next_at(at(date(2027, 3, 27), "12:00"), BRUSSELS) == datetime(2027, 3, 28, 1, tzinfo=UTC)


@given(
    release=st.builds(Release, st.integers(0, 6), st.times(), st.integers(1, 9)),
    now=st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: at(date(2026, 1, 1), "00:00") + minutes * A_MINUTE),
    ahead=st.integers(0, 80),
)
def test_a_day_is_out_from_the_very_moment_it_is_said_to_come_out(release: Release, now: datetime, ahead: int) -> None:
    day = wall_clock(now, BRUSSELS).date() + ahead * A_DAY

    assert (day < release.closed_from(now, BRUSSELS)) == (release.comes_out(day, BRUSSELS) <= now)
    assert release.next_at(now, BRUSSELS) > now


def test_the_service_whose_times_come_out_last_decides_for_a_basket() -> None:
    fridays = Release(weekday=4, at=time(12), weeks=1)
    both, now = window(MONDAYS, fridays), at(MONDAY, "09:00")

    assert both.closed_from(now, BRUSSELS) == date(2027, 1, 9)
    assert both.release(now, BRUSSELS) == fridays
    assert both.last_day(now, BRUSSELS) == date(2027, 1, 8)
    with pytest.raises(NotYetReleased) as told:
        both.check_released(at(date(2027, 1, 9), "10:00"), now, BRUSSELS)
    assert told.value.facts == {"day": date(2027, 1, 8), "at": time(12)}


def test_a_release_that_lies_beyond_the_horizon_keeps_nothing_back() -> None:
    now = at(MONDAY, "09:00")

    assert window(MONDAYS, horizon=14).release(now, BRUSSELS) is None
    assert window(MONDAYS, horizon=14).last_day(now, BRUSSELS) == FORTNIGHT
    assert window(MONDAYS, horizon=15).release(now, BRUSSELS) == MONDAYS
    assert window(horizon=15).last_day(now, BRUSSELS) == FORTNIGHT + A_DAY


def test_all_of_a_day_comes_out_and_none_of_the_next() -> None:
    now, opens = at(MONDAY, "09:00"), day_span(FORTNIGHT + A_DAY, BRUSSELS).start

    window(MONDAYS).check_released(opens - timedelta(minutes=5), now, BRUSSELS)
    with pytest.raises(NotYetReleased):
        window(MONDAYS).check_released(opens, now, BRUSSELS)


def test_a_week_counts_from_monday_to_sunday_also_where_the_year_ends_within() -> None:
    week, day = Quota(5, QuotaPer.WEEK), Quota(5, QuotaPer.DAY)

    assert {week.period_of(date(2026, 12, 28) + number * A_DAY) for number in range(7)} == {"2026-W53"}
    assert week.period_of(MONDAY) == "2027-W01"
    assert day.period_of(MONDAY) == "2027-01-04"
