from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.core.timespan import (
    TICK,
    Span,
    ceil_to_tick,
    day_span,
    floor_to_tick,
    instant,
    local_date,
    moment_of,
    tick_of,
    ticks_for,
    wall_time,
)
from tests.core.rules import days
from tests.core.slow_opening import look_at_the_clock
from tests.moments import BRUSSELS, MONDAY, at

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
NINE, HALF_PAST_NINE, TEN = at(MONDAY, "09:00"), at(MONDAY, "09:30"), at(MONDAY, "10:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


moments = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(lambda passed: utc("2000-01-01") + passed)


def test_bilal_sees_one_visitor_out_as_the_next_comes_in() -> None:
    ana, emil = Span(NINE, HALF_PAST_NINE), Span(HALF_PAST_NINE, TEN)

    assert not ana.overlaps(emil)
    assert not emil.overlaps(ana)
    assert ana.overlaps(Span(HALF_PAST_NINE - TICK, TEN))
    assert Span(NINE, TEN).overlaps(Span(HALF_PAST_NINE - TICK, HALF_PAST_NINE))


def test_a_visit_lies_inside_a_session_up_to_its_last_minute() -> None:
    session = Span(NINE, TEN)

    assert session.contains(session)
    assert session.contains(Span(HALF_PAST_NINE, TEN))
    assert not session.contains(Span(HALF_PAST_NINE, TEN + TICK))
    assert not session.contains(Span(NINE - TICK, HALF_PAST_NINE))


def test_a_span_knows_its_ticks_and_minutes() -> None:
    span = Span(NINE, NINE + timedelta(minutes=20))

    assert [moment_of(tick) for tick in span.ticks()] == [NINE, NINE + TICK, NINE + 2 * TICK, NINE + 3 * TICK]
    assert span.minutes == 20


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NINE, NINE),
        (TEN, NINE),
        (NINE.replace(tzinfo=None), TEN.replace(tzinfo=None)),
        (NINE.astimezone(BRUSSELS), TEN.astimezone(BRUSSELS)),
        (NINE, TEN.astimezone(BRUSSELS)),
    ],
    ids=["empty", "backwards", "naive", "on the wall", "half on the wall"],
)
def test_no_other_span_can_be_made(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="a span"):
        Span(start, end)


@given(moment=moments)
def test_the_grid_has_a_tick_before_and_a_tick_after_every_moment(moment: datetime) -> None:
    floor, ceiling = floor_to_tick(moment), ceil_to_tick(moment)

    assert floor <= moment <= ceiling
    assert tick_of(ceiling) - tick_of(floor) == (0 if floor == moment else 1)
    assert (moment_of(tick_of(floor)), moment_of(tick_of(ceiling))) == (floor, ceiling)
    assert floor.tzinfo is ceiling.tzinfo is UTC


def test_a_tick_is_the_same_wherever_the_clock_hangs() -> None:
    assert (
        tick_of(NINE.astimezone(BRUSSELS)) == tick_of(NINE.astimezone(timezone(timedelta(hours=-3)))) == tick_of(NINE)
    )
    assert tick_of(utc("1970-01-01 00:10")) == 2


@pytest.mark.parametrize(
    "moment",
    [NINE + timedelta(minutes=1), NINE + timedelta(seconds=1), NINE - timedelta(microseconds=1)],
)
def test_a_moment_off_the_grid_has_no_tick(moment: datetime) -> None:
    with pytest.raises(ValueError, match="grid"):
        tick_of(moment)


def test_a_naive_moment_has_no_tick() -> None:
    with pytest.raises(ValueError, match="naive"):
        tick_of(NINE.replace(tzinfo=None))


@pytest.mark.parametrize(("minutes", "ticks"), [(5, 1), (6, 2), (10, 2), (14, 3), (15, 3), (0, 0), (45, 9)])
def test_a_tick_begun_is_a_tick_taken(minutes: int, ticks: int) -> None:
    assert ticks_for(minutes) == ticks


@pytest.mark.parametrize(
    ("day", "wall", "moment"),
    [
        (MONDAY, "08:30", "2027-01-04 07:30"),
        (date(2027, 7, 5), "08:30", "2027-07-05 06:30"),
        (SPRING, "01:59", "2027-03-28 00:59"),
        (SPRING, "02:00", "2027-03-28 01:00"),
        (SPRING, "02:30", "2027-03-28 01:00"),
        (SPRING, "02:59:59.999999", "2027-03-28 01:00"),
        (SPRING, "03:00", "2027-03-28 01:00"),
        (SPRING, "03:05", "2027-03-28 01:05"),
        (AUTUMN, "01:55", "2026-10-24 23:55"),
        (AUTUMN, "02:00", "2026-10-25 00:00"),
        (AUTUMN, "02:30", "2026-10-25 00:30"),
        (AUTUMN, "03:00", "2026-10-25 02:00"),
    ],
)
@pytest.mark.parametrize("fold", [0, 1])
def test_the_wall_clock_in_brussels_becomes_one_moment(day: date, wall: str, moment: str, fold: int) -> None:
    assert instant(day, time.fromisoformat(wall).replace(fold=fold), BRUSSELS) == utc(moment)


@pytest.mark.parametrize(
    ("zone", "day", "wall", "moment"),
    [
        ("America/Santiago", date(2026, 9, 6), "00:00", "2026-09-06 04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:10", "2026-10-03 15:30"),
        ("Asia/Kathmandu", date(2026, 10, 4), "08:30", "2026-10-04 02:45"),
    ],
    ids=["no midnight", "half an hour", "three quarters"],
)
def test_other_zones_change_their_clocks_in_other_ways(zone: str, day: date, wall: str, moment: str) -> None:
    assert instant(day, time.fromisoformat(wall), ZoneInfo(zone)) == utc(moment)


@settings(max_examples=60, deadline=None)
@given(day=days, wall=st.times().map(lambda wall: wall.replace(second=0, microsecond=0)))
def test_an_instant_is_the_first_minute_at_which_the_clock_has_got_there(day: date, wall: time) -> None:
    minutes = wall.hour * 60 + wall.minute
    first = next(moment for moment, latest in look_at_the_clock(day, BRUSSELS) if latest >= minutes)

    assert instant(day, wall, BRUSSELS) == first


@given(day=days, wall=st.times())
def test_what_the_clock_shows_leads_back_to_where_it_came_from(day: date, wall: time) -> None:
    moment = instant(day, wall, BRUSSELS)

    assert moment.tzinfo is UTC
    assert local_date(moment, BRUSSELS) == day
    assert wall_time(moment, BRUSSELS) == wall or wall.hour == 2


@pytest.mark.parametrize(("day", "hours"), [(MONDAY, 24), (SPRING, 23), (AUTUMN, 25)])
def test_a_day_has_the_hours_that_really_pass(day: date, hours: int) -> None:
    assert day_span(day, BRUSSELS).minutes == hours * 60


def test_days_follow_one_another_without_a_hole() -> None:
    year = [day_span(date(2027, 1, 1) + timedelta(days=number), BRUSSELS) for number in range(365)]

    assert all(one.end == next_.start for one, next_ in pairwise(year))


def test_late_in_the_evening_it_is_already_tomorrow_in_brussels() -> None:
    late = utc("2027-01-04 23:30")

    assert local_date(late, BRUSSELS) == date(2027, 1, 5)
    assert wall_time(late, BRUSSELS) == time(0, 30)
