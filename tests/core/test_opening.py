from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.core.errors import AnchorMissing, BookingError, EndsBeforeStart, NoCounter, NoWeekday
from booking.core.hours import hours_on
from booking.core.opening import ClosureRule, Mode, Season, SessionRule, first_clash, merged, on_the_wall, open_spans
from booking.core.timespan import Span
from tests.core.rules import COUNTERS, FIRST, LAST, a_closure, a_rule, closure_rules, days, session_rules
from tests.core.slow_opening import MINUTE, Readings, look_at_the_clock, open_minutes
from tests.moments import BRUSSELS, MONDAY

NORMAL, SUMMER = Season((8, 16), (6, 30)), Season((7, 1), (8, 15))
SATURDAY, WEDNESDAY = frozenset({5}), frozenset({2})
WHOLE_WEEK = frozenset(range(7))

MORNINGS = a_rule("08:30-12:30", id=1, season=NORMAL)
SUMMER_MORNINGS = a_rule("08:00-13:00", id=2, weekdays=frozenset({0, 1, 2, 4}), season=SUMMER)
SUMMER_THURSDAYS = a_rule("07:00-13:00", id=3, weekdays=frozenset({3}), season=SUMMER)
THURSDAY_EVENINGS = a_rule("16:00-19:00", id=4, weekdays=frozenset({3}), season=NORMAL)
FIRST_SATURDAYS = a_rule("09:00-12:00", id=5, weekdays=SATURDAY, nth_of_month=1, season=NORMAL)
EXTRA_SATURDAY = a_rule(
    "09:00-12:00", id=6, weekdays=SATURDAY, valid_from=date(2027, 1, 9), valid_until=date(2027, 1, 9)
)
EVERY_2ND_WEDNESDAY = a_rule(
    "13:30-16:00",
    id=7,
    weekdays=WEDNESDAY,
    valid_from=date(2026, 9, 9),
    every_weeks=2,
    anchor=date(2026, 9, 9),
    season=NORMAL,
    counters=frozenset({3}),
)
TOWN_HALL = [
    *(MORNINGS, SUMMER_MORNINGS, SUMMER_THURSDAYS, THURSDAY_EVENINGS),
    *(FIRST_SATURDAYS, EXTRA_SATURDAY, EVERY_2ND_WEDNESDAY),
]
NOON = time(12)
EXPRESS, CARDS = 5, 1
CLOSED = [
    a_closure(date(2026, 12, 18), start=NOON),
    a_closure(date(2026, 12, 24), start=NOON),
    a_closure(date(2026, 12, 25), date(2026, 12, 26)),
    a_closure(date(2026, 12, 31), start=NOON),
    a_closure(date(2027, 1, 1), date(2027, 1, 2)),
    a_closure(date(2027, 5, 1)),
    a_closure(date(2027, 5, 7)),
    a_closure(date(2027, 8, 15)),
]


def hours(rules: Sequence[SessionRule], closures: Sequence[ClosureRule], day: date) -> str:
    """The hours of a day as a door would tell them."""
    spans = (one.wall for one in hours_on(rules, closures, day, BRUSSELS))
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 23), "08:30-12:30"),
        (date(2026, 12, 18), "08:30-12:00"),
        (date(2026, 12, 24), "08:30-12:00"),
        (date(2026, 12, 25), ""),
        (date(2026, 12, 31), "08:30-12:00"),
        (date(2027, 1, 1), ""),
        (date(2026, 11, 7), "09:00-12:00"),
        (date(2026, 11, 14), ""),
        (date(2026, 12, 5), "09:00-12:00"),
        (date(2026, 12, 12), ""),
        (date(2027, 1, 2), ""),
        (date(2027, 1, 9), "09:00-12:00"),
        (date(2027, 1, 16), ""),
        (date(2027, 2, 6), "09:00-12:00"),
        (date(2027, 5, 1), ""),
        (date(2027, 5, 8), ""),
        (date(2027, 5, 6), "08:30-12:30, 16:00-19:00"),
        (date(2027, 5, 7), ""),
        (date(2027, 6, 30), "08:30-12:30, 13:30-16:00"),
        (date(2027, 7, 1), "07:00-13:00"),
        (date(2027, 7, 2), "08:00-13:00"),
        (date(2027, 7, 3), ""),
        (date(2027, 8, 12), "07:00-13:00"),
        (date(2027, 8, 13), "08:00-13:00"),
        (date(2027, 8, 15), ""),
        (date(2027, 8, 16), "08:30-12:30"),
        (date(2026, 8, 14), "08:00-13:00"),
        (date(2026, 8, 17), "08:30-12:30"),
        (date(2027, 8, 19), "08:30-12:30, 16:00-19:00"),
    ],
)
def test_the_town_hall_keeps_its_hours_on_the_days_that_are_easily_got_wrong(day: date, expected: str) -> None:
    assert hours(TOWN_HALL, CLOSED, day) == expected


def test_every_second_wednesday_goes_on_across_a_year_of_53_weeks() -> None:
    autumn = [date(2026, 9, 1) + timedelta(days=number) for number in range(160)]

    assert [day for day in autumn if EVERY_2ND_WEDNESDAY.happens_on(day)] == [
        *(date(2026, 9, 9), date(2026, 9, 23), date(2026, 10, 7), date(2026, 10, 21), date(2026, 11, 4)),
        *(date(2026, 11, 18), date(2026, 12, 2), date(2026, 12, 16), date(2026, 12, 30)),
        *(date(2027, 1, 13), date(2027, 1, 27)),
    ]


def test_weeks_are_counted_from_the_monday_of_the_anchor() -> None:
    rule = a_rule(every_weeks=2, anchor=date(2027, 1, 8))

    assert [rule.happens_on(MONDAY + timedelta(days=number)) for number in (0, 4, 7, 11, 14)] == [
        *(True, True, False, False, True)
    ]
    assert rule.happens_on(MONDAY - timedelta(days=14))


@pytest.mark.parametrize(
    ("nth", "days_of_month"),
    [(1, [2]), (2, [9]), (4, [23]), (5, [30]), (-1, [30])],
)
def test_a_saturday_of_january_is_counted_from_the_first_or_is_the_last(nth: int, days_of_month: list[int]) -> None:
    rule = a_rule(weekdays=SATURDAY, nth_of_month=nth)

    assert [day for day in range(1, 32) if rule.happens_on(date(2027, 1, day))] == days_of_month


def test_a_month_of_four_saturdays_has_no_fifth_but_a_last() -> None:
    month = [date(2027, 2, day) for day in range(1, 29)]

    assert not any(a_rule(weekdays=SATURDAY, nth_of_month=5).happens_on(day) for day in month)
    assert [day.day for day in month if a_rule(weekdays=SATURDAY, nth_of_month=-1).happens_on(day)] == [27]


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        (NORMAL, [(2026, 8, 16), (2026, 12, 31), (2027, 1, 1), (2027, 6, 30)], [(2027, 7, 1), (2027, 8, 15)]),
        (SUMMER, [(2027, 7, 1), (2027, 8, 15)], [(2027, 6, 30), (2027, 8, 16)]),
        (Season((2, 29), (3, 1)), [(2028, 2, 29), (2027, 3, 1)], [(2028, 2, 28), (2027, 2, 28), (2027, 3, 2)]),
        (Season((2, 1), (2, 29)), [(2028, 2, 29), (2027, 2, 28)], [(2028, 3, 1), (2027, 3, 1)]),
        (Season((2, 1), (2, 28)), [(2028, 2, 28), (2027, 2, 28)], [(2028, 2, 29), (2027, 3, 1)]),
        (Season((5, 8), (5, 8)), [(2027, 5, 8)], [(2027, 5, 7), (2027, 5, 9)]),
    ],
)
def test_a_season_comes_back_every_year(season: Season, inside: list[Any], outside: list[Any]) -> None:
    assert [season.includes(date(*day)) for day in inside] == [True] * len(inside)
    assert [season.includes(date(*day)) for day in outside] == [False] * len(outside)


def test_hours_begin_and_end_with_the_days_dora_gave_them() -> None:
    rule = a_rule(weekdays=WHOLE_WEEK, valid_from=date(2027, 1, 5), valid_until=date(2027, 1, 7))

    assert [day for day in range(1, 12) if rule.happens_on(date(2027, 1, day))] == [5, 6, 7]


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ({"weekdays": frozenset()}, NoWeekday),
        ({"counters": frozenset()}, NoCounter),
        ({"start": time(12), "end": time(8)}, EndsBeforeStart),
        ({"start": time(8), "end": time(8)}, EndsBeforeStart),
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 1, 31)}, EndsBeforeStart),
        ({"last_entry": time(7, 55)}, EndsBeforeStart),
        ({"last_entry": time(12, 5)}, EndsBeforeStart),
        ({"every_weeks": 2}, AnchorMissing),
    ],
)
def test_dora_is_told_what_her_session_lacks(columns: dict[str, Any], refusal: type[BookingError]) -> None:
    with pytest.raises(refusal):
        a_rule(**columns).check()


def test_a_session_that_lacks_nothing_is_accepted() -> None:
    a_rule(last_entry=time(11, 45), valid_until=FIRST).check()
    a_rule(every_weeks=2, anchor=MONDAY).check()
    a_closure(MONDAY).check()
    a_closure(MONDAY, start=NOON).check()


@pytest.mark.parametrize(
    "columns", [{"last": date(2027, 1, 3)}, {"start": time(12), "end": time(12)}, {"start": time(12), "end": time(9)}]
)
def test_a_closure_that_ends_before_it_starts_is_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(EndsBeforeStart):
        a_closure(MONDAY, **columns).check()


def test_a_closure_takes_a_part_of_each_of_its_days() -> None:
    shut = a_closure(MONDAY, MONDAY + timedelta(days=1), start=time(10), end=time(11))

    assert hours([a_rule()], [shut], MONDAY) == "08:00-10:00, 11:00-12:00"
    assert hours([a_rule()], [shut], MONDAY + timedelta(days=1)) == "08:00-10:00, 11:00-12:00"
    assert hours([a_rule()], [shut], MONDAY + timedelta(days=2)) == "08:00-12:00"
    assert hours([a_rule()], [a_closure(MONDAY, end=time(9))], MONDAY) == "09:00-12:00"


def test_the_office_is_open_while_any_counter_is() -> None:
    both = a_rule(counters=frozenset({1, 2}))
    repair = a_closure(MONDAY, start=time(9), counters=frozenset({1}))
    late = a_closure(MONDAY, end=time(8, 30), counters=frozenset({2}))

    assert hours([both], [repair], MONDAY) == "08:00-12:00"
    assert hours([both], [repair, late], MONDAY) == "08:00-12:00"
    assert hours([both], [repair, a_closure(MONDAY, end=time(10), counters=frozenset({2}))], MONDAY) == (
        "08:00-09:00, 10:00-12:00"
    )
    assert hours([both, a_rule("12:00-14:00", counters=frozenset({2}))], [repair], MONDAY) == "08:00-14:00"


def test_the_agenda_shows_a_counter_its_own_hours() -> None:
    rules = [a_rule(), a_rule("13:30-16:00"), a_rule("18:00-20:00", counters=frozenset({2}))]
    shut = [a_closure(MONDAY, start=time(9), end=time(14), counters=frozenset({1}))]

    assert open_spans(rules, shut, MONDAY, BRUSSELS, 1) == [
        Span(utc("2027-01-04 07:00"), utc("2027-01-04 08:00")),
        Span(utc("2027-01-04 13:00"), utc("2027-01-04 15:00")),
    ]


def test_a_whole_day_goes_from_midnight_to_midnight_on_the_wall() -> None:
    assert a_closure(MONDAY).span_on(MONDAY, BRUSSELS) == Span(utc("2027-01-03 23:00"), utc("2027-01-04 23:00"))
    assert a_closure(MONDAY, end=NOON).span_on(MONDAY, BRUSSELS) == Span(
        utc("2027-01-03 23:00"), utc("2027-01-04 11:00")
    )
    assert a_closure(MONDAY).span_on(MONDAY + timedelta(days=1), BRUSSELS) is None


# Two sessions that ask the same of a counter


def test_two_sessions_clash_on_the_first_day_they_share() -> None:
    every_second, every_third = (a_rule(every_weeks=weeks, anchor=MONDAY) for weeks in (2, 3))

    assert first_clash(a_rule(), a_rule(weekdays=frozenset({2, 3})), MONDAY) == MONDAY + timedelta(days=2)
    assert first_clash(every_second, every_third, MONDAY + timedelta(days=5)) == MONDAY + timedelta(weeks=6)
    assert first_clash(a_rule(valid_from=date(2027, 5, 3)), a_rule(), MONDAY) == date(2027, 5, 3)
    assert first_clash(a_rule(valid_from=date(2031, 1, 6)), a_rule(), MONDAY) == date(2031, 1, 6)


@pytest.mark.parametrize(
    "other",
    [
        {"counters": frozenset({2})},
        {"start": time(12), "end": time(14)},
        {"start": time(7), "end": time(8)},
        {"mode": Mode.WALK_IN},
        {"weekdays": SATURDAY},
        {"valid_until": MONDAY - timedelta(days=1)},
        {"season": Season((1, 2), (1, 3)), "weekdays": frozenset({0}), "valid_until": date(2027, 12, 31)},
    ],
    ids=["counters", "after", "before", "modes", "weekdays", "over", "season"],
)
def test_sessions_that_never_meet_do_not_clash(other: dict[str, Any]) -> None:
    assert first_clash(a_rule(), a_rule(**other), MONDAY) is None
    assert first_clash(a_rule(**other), a_rule(), MONDAY) is None


def test_two_sessions_that_meet_on_a_leap_day_alone_clash_two_years_before_it() -> None:
    leap_day = a_rule(season=Season((2, 29), (2, 29)), weekdays=WHOLE_WEEK)

    assert first_clash(leap_day, a_rule(weekdays=WHOLE_WEEK), date(2026, 3, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize("mode", Mode)
def test_a_mixed_session_clashes_with_every_other(mode: Mode) -> None:
    assert first_clash(a_rule(mode=Mode.BOTH), a_rule(mode=mode), MONDAY) == MONDAY


def test_two_lists_of_services_do_not_make_two_counters_of_one() -> None:
    one, other = a_rule(services=frozenset({CARDS})), a_rule("11:55-13:00", services=frozenset({EXPRESS}))

    assert first_clash(one, other, MONDAY) == MONDAY


# The clock is changed


@pytest.mark.parametrize(
    ("day", "session", "start", "end"),
    [
        (date(2027, 3, 28), "02:00-03:00", None, None),
        (date(2027, 3, 28), "02:15-02:45", None, None),
        (date(2027, 3, 28), "01:30-02:30", "2027-03-28 00:30", "2027-03-28 01:00"),
        (date(2027, 3, 28), "02:30-04:00", "2027-03-28 01:00", "2027-03-28 02:00"),
        (date(2026, 10, 25), "02:00-03:00", "2026-10-25 00:00", "2026-10-25 02:00"),
        (date(2026, 10, 25), "02:00-02:30", "2026-10-25 00:00", "2026-10-25 00:30"),
        (date(2026, 10, 25), "02:30-02:45", "2026-10-25 00:30", "2026-10-25 00:45"),
        (date(2026, 10, 25), "01:00-04:00", "2026-10-24 23:00", "2026-10-25 03:00"),
        (date(2026, 10, 25), "09:00-12:00", "2026-10-25 08:00", "2026-10-25 11:00"),
    ],
)
def test_a_session_of_the_small_hours_lasts_as_long_as_the_clock_lets_it(
    day: date, session: str, start: str | None, end: str | None
) -> None:
    span = a_rule(session, weekdays=WHOLE_WEEK).span_on(day, BRUSSELS)

    assert span == (Span(utc(start), utc(end)) if start and end else None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# What the slow way finds


def agree_on(rules: Sequence[SessionRule], closures: Sequence[ClosureRule], day: date, readings: Readings) -> None:
    slow = {counter: open_minutes(rules, closures, day, readings, counter) for counter in COUNTERS}
    fast = {counter: open_spans(rules, closures, day, BRUSSELS, counter) for counter in COUNTERS}

    assert {counter: minutes_in(spans) for counter, spans in fast.items()} == slow
    told = merged(one.span for one in hours_on(rules, closures, day, BRUSSELS))
    assert on_the_door([on_the_wall(span, BRUSSELS) for span in told]) == on_the_door_slowly(slow, readings)


def minutes_in(spans: Sequence[Span]) -> set[datetime]:
    return {span.start + number * MINUTE for span in spans for number in range(span.minutes)}


def on_the_door(spans: Sequence[tuple[time, time]]) -> list[tuple[int, int]]:
    return [(start.hour * 60 + start.minute, end.hour * 60 + end.minute) for start, end in spans]


def on_the_door_slowly(slow: dict[int, set[datetime]], readings: Readings) -> list[tuple[int, int]]:
    """The stretches in which any counter is open, by what the clock had come to at both their ends."""
    found: list[tuple[int, int]] = []
    was_open = False
    for moment, latest in readings:
        is_open = any(moment in minutes for minutes in slow.values())
        if is_open and not was_open:
            found.append((latest, -1))
        if was_open and not is_open:
            found[-1] = found[-1][0], latest
        was_open = is_open
    return found


@settings(max_examples=150, deadline=None)
@given(data=st.data(), day=days)
def test_the_fast_way_and_the_slow_way_open_the_same_minutes(data: st.DataObject, day: date) -> None:
    rules = data.draw(st.lists(session_rules(about=day), min_size=1, max_size=4))
    closures = data.draw(st.lists(closure_rules(about=day), max_size=2))

    agree_on(rules, closures, day, look_at_the_clock(day, BRUSSELS))


@pytest.mark.races
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_they_agree_on_every_day_of_five_years(data: st.DataObject) -> None:
    offices = [
        (
            data.draw(st.lists(session_rules(), min_size=3, max_size=5)),
            data.draw(st.lists(closure_rules(), max_size=4)),
        )
        for _ in range(4)
    ]
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        readings = look_at_the_clock(day, BRUSSELS)
        for rules, closures in [*offices, (TOWN_HALL, CLOSED)]:
            agree_on(rules, closures, day, readings)


@pytest.mark.races
@settings(max_examples=2_000, deadline=None)
@given(data=st.data(), day=days)
def test_they_agree_on_thousands_of_offices(data: st.DataObject, day: date) -> None:
    rules = data.draw(st.lists(session_rules(about=day), min_size=1, max_size=5))
    closures = data.draw(st.lists(closure_rules(about=day), max_size=4))

    agree_on(rules, closures, day, look_at_the_clock(day, BRUSSELS))
