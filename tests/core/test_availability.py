from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.core.availability import (
    PUBLIC,
    STAFF,
    Asked,
    TakenRow,
    as_made,
    counters_free,
    first_free,
    free_starts,
    is_offered,
    starts_followed,
    starts_of_runs,
    taken_masks,
    ticks_in,
)
from booking.core.effects import Hours, Visit
from booking.core.opening import ClosureRule, Mode, SessionRule, merged
from booking.core.schedules import Schedule, Wanted, bits_touched
from booking.core.timespan import Span, day_span, days_between, instant, moment_of, tick_of
from tests.core.rules import COUNTERS, SERVICES, a_closure, a_rule, closure_rules, days, session_rules
from tests.core.slow_opening import by_appointment, is_named, look_at_the_clock, open_minutes
from tests.moments import BRUSSELS, MONDAY, at

CARD, PASSPORT, LICENCE = SERVICES
TUESDAY, SUNDAY = MONDAY + timedelta(days=1), MONDAY - timedelta(days=1)
WHOLE_WEEK = frozenset(range(7))
ALWAYS = {"earliest": 0, "latest": 10**9}


def a_schedule(
    *rules: SessionRule,
    closures: Sequence[ClosureRule] = (),
    serves: dict[int, frozenset[int]] | None = None,
    start_step: int = 15,
    zone: ZoneInfo = BRUSSELS,
) -> Schedule:
    """An office whose counters, 1 alone unless told, serve everything, with a start every quarter of an hour."""
    rules = rules or (a_rule(),)
    serves = serves or dict.fromkeys(sorted({c for rule in rules for c in rule.counters}), frozenset(SERVICES))
    return Schedule(zone, start_step, rules, tuple(closures), serves)


def tick(wall: str, day: date = MONDAY) -> int:
    return tick_of(at(day, wall))


def row(hours: str, counter: int = 1, day: date = MONDAY) -> TakenRow:
    start, end = hours.split("-")
    return counter, tick(start, day), tick(end, day)


def offered(
    schedule: Schedule,
    *rows: TakenRow,
    day: date = MONDAY,
    service: Wanted = CARD,
    minutes: int = 15,
    zone: ZoneInfo = BRUSSELS,
    **limits: Any,
) -> str:
    """The offered starts of a day as the wall shows them."""
    mask = free_starts(
        schedule,
        day=day,
        service=service,
        ticks=minutes // 5,
        taken=taken_masks(rows, schedule, [day]),
        **{**ALWAYS, **limits},
    )
    starts = ticks_in(mask, schedule.ticks_of(day)[0])
    return " ".join(f"{moment_of(start).astimezone(zone):%H:%M}" for start in starts)


# What Ana is offered


def test_ana_is_offered_every_quarter_of_an_hour_that_is_free() -> None:
    schedule = a_schedule(a_rule("08:00-10:00"))

    assert offered(schedule) == "08:00 08:15 08:30 08:45 09:00 09:15 09:30 09:45"
    assert offered(schedule, row("08:30-08:45"), row("09:10-09:20")) == "08:00 08:15 08:45 09:30 09:45"


def test_a_longer_visit_must_end_before_the_counter_closes_or_the_next_visitor_comes() -> None:
    schedule = a_schedule(a_rule("08:00-10:00"))

    assert offered(schedule, minutes=45) == "08:00 08:15 08:30 08:45 09:00 09:15"
    assert offered(schedule, row("09:00-09:15"), minutes=45) == "08:00 08:15 09:15"
    assert offered(schedule, minutes=120) == "08:00"
    assert offered(schedule, minutes=125) == ""


def test_a_start_is_offered_while_any_counter_is_free() -> None:
    schedule = a_schedule(a_rule("08:00-09:00", counters=frozenset({1, 2})))

    assert offered(schedule, row("08:00-08:30"), row("08:15-08:45", counter=2)) == "08:00 08:30 08:45"


def test_one_visit_stays_at_one_counter() -> None:
    """Half of it here and half of it there is no free time."""
    schedule = a_schedule(a_rule("08:00-09:00", counters=frozenset({1, 2})))

    assert offered(schedule, row("08:00-08:30"), row("08:30-09:00", counter=2), minutes=45) == ""


def test_starts_are_counted_from_the_session_not_from_the_hour() -> None:
    schedule = a_schedule(a_rule("08:20-09:00"), a_rule("09:10-10:00"), start_step=20)

    assert offered(schedule) == "08:20 08:40 09:10 09:30"


def test_hours_that_touch_are_one_stretch_with_the_starts_of_both() -> None:
    schedule = a_schedule(a_rule("08:00-09:00"), a_rule("09:00-10:00"))

    assert offered(schedule, minutes=45).split()[-3:] == ["08:45", "09:00", "09:15"]


def test_a_closure_takes_its_hours_and_moves_no_start() -> None:
    closures = [a_closure(MONDAY, start=time(8, 20), end=time(9, 5))]

    assert offered(a_schedule(a_rule("08:00-10:00"), closures=closures)) == "08:00 09:15 09:30 09:45"


def test_a_repair_shuts_one_counter() -> None:
    rule = a_rule("08:00-08:30", counters=frozenset({1, 2}))
    schedule = a_schedule(rule, closures=[a_closure(MONDAY, counters=frozenset({1}))])

    assert offered(schedule, row("08:15-08:30", counter=2)) == "08:00"


def test_a_session_may_be_for_some_services_and_a_counter_too() -> None:
    serves = {1: frozenset({CARD}), 2: frozenset({CARD, PASSPORT})}
    both = a_rule("08:00-08:30", counters=frozenset({1, 2}))
    cards = a_rule("10:00-10:30", counters=frozenset({2}), services=frozenset({CARD}))
    schedule = a_schedule(both, cards, serves=serves)

    assert offered(schedule, service=CARD) == "08:00 08:15 10:00 10:15"
    assert offered(schedule, row("08:00-08:15", counter=2), service=PASSPORT) == "08:15"
    assert offered(schedule, service=LICENCE) == ""


def test_a_visit_for_several_services_is_at_one_counter_that_takes_them_all_in_the_hours_of_all() -> None:
    """Counter 1 takes cards only; counter 2 takes both, passports from 9 o'clock on; counter 3 passports only."""
    serves = {1: frozenset({CARD}), 2: frozenset({CARD, PASSPORT}), 3: frozenset({PASSPORT})}
    cards = a_rule("08:00-10:00", counters=frozenset({1, 2}), services=frozenset({CARD}))
    passports = a_rule("09:00-11:00", counters=frozenset({2, 3}), services=frozenset({PASSPORT}))
    schedule = a_schedule(cards, passports, serves=serves)
    both = frozenset({CARD, PASSPORT})

    assert offered(schedule, service=both, minutes=30) == "09:00 09:15 09:30"
    assert offered(schedule, row("09:00-09:15", counter=2), service=both, minutes=30) == "09:15 09:30"
    assert offered(schedule, row("08:00-11:00", counter=2), service=both) == ""
    assert offered(schedule, service=frozenset({CARD, PASSPORT, LICENCE})) == ""
    assert offered(schedule, service=frozenset({CARD})) == offered(schedule, service=CARD)
    assert counters_free(schedule, day=MONDAY, service=both, ticks=6, start=tick("09:00"), taken={}) == [2]


@pytest.mark.parametrize(("mode", "starts"), [(Mode.APPOINTMENT, "08:00"), (Mode.BOTH, "08:00"), (Mode.WALK_IN, "")])
def test_hours_without_appointment_are_not_offered(mode: Mode, starts: str) -> None:
    assert offered(a_schedule(a_rule("08:00-08:15", mode=mode))) == starts


def test_notice_and_horizon_bound_the_start() -> None:
    schedule = a_schedule(a_rule("08:00-09:00"))

    assert offered(schedule, earliest=tick("08:15"), latest=tick("08:30")) == "08:15 08:30"
    assert offered(schedule, earliest=tick("08:20"), latest=tick("08:40")) == "08:30"
    assert offered(schedule, latest=tick("08:00")) == "08:00"
    assert offered(schedule, latest=tick("23:00", SUNDAY)) == ""
    assert offered(schedule, earliest=tick("00:00", TUESDAY)) == ""


def test_bounds_hold_at_midnight_too() -> None:
    schedule = a_schedule(a_rule("00:00-00:30"))

    assert offered(schedule, latest=tick("00:00")) == "00:00"
    assert offered(schedule, earliest=tick("00:00")) == "00:00 00:15"
    assert offered(schedule, earliest=tick("00:05")) == "00:15"


def test_hours_off_the_grid_never_promise_a_tick_that_is_open_in_part() -> None:
    schedule = a_schedule(a_rule("08:02-09:03"), closures=[a_closure(MONDAY, start=time(8, 33), end=time(8, 41))])

    assert offered(schedule, minutes=5) == "08:05 08:20 08:50"
    assert offered(schedule, minutes=10) == "08:05 08:20 08:50"
    assert offered(schedule, minutes=15) == "08:05"
    assert offered(a_schedule(a_rule("08:01-08:04")), minutes=5) == ""


# The clock is changed


@pytest.mark.parametrize(
    ("day", "number", "small_hours"),
    [
        (date(2026, 3, 29), 10, "01:00 01:30 03:00 03:30"),
        (date(2026, 10, 25), 14, "01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30"),
        (date(2027, 3, 28), 10, "01:00 01:30 03:00 03:30"),
        (date(2027, 10, 31), 14, "01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30"),
        (MONDAY, 12, "01:00 01:30 02:00 02:30 03:00 03:30"),
    ],
)
def test_no_start_is_missing_doubled_or_moved_when_the_clock_is_changed(
    day: date, number: int, small_hours: str
) -> None:
    rules = [a_rule("00:00-06:00", weekdays=WHOLE_WEEK), a_rule("09:00-10:30", weekdays=WHOLE_WEEK)]
    starts = offered(a_schedule(*rules, start_step=30), day=day, minutes=30).split()

    assert starts[2:-5][: len(small_hours.split())] == small_hours.split()
    assert (len(starts) - 3, starts[-3:]) == (number, ["09:00", "09:30", "10:00"])


def fits(schedule: Schedule, *, day: date, service: int, counter: int, start: int, ticks: int) -> bool:
    """Whether the hours serve a visit that is made already."""
    span = Span(moment_of(start), moment_of(start + ticks))
    return Hours(schedule).serve(Visit(counter, day, span, (service,)))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_a_visit_across_the_change_lasts_as_long_as_any_other(day: date) -> None:
    schedule = a_schedule(a_rule("01:00-04:00", weekdays=WHOLE_WEEK))
    before = tick_of(instant(day, time(1, 45), BRUSSELS))

    assert fits(schedule, day=day, service=CARD, counter=1, start=before, ticks=6)
    assert "01:30" in offered(schedule, (1, before, before + 6), day=day)
    assert offered(schedule, (1, before, before + 6), day=day, minutes=45).split()[0] == "01:00"
    taken = taken_masks([(1, before, before + 6)], schedule, [day])[day][1]
    assert taken.bit_count() == 6


def test_offices_in_other_zones_have_their_own_days() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    schedule = a_schedule(a_rule("08:00-08:30"), zone=kathmandu)

    assert offered(schedule, zone=kathmandu) == "08:00 08:15"
    assert schedule.ticks_of(MONDAY)[0] == tick("19:15", SUNDAY)


# Which counter takes the visit


def free_at(schedule: Schedule, wall: str, *rows: TakenRow, minutes: int = 15) -> list[int]:
    return counters_free(
        schedule,
        day=MONDAY,
        service=CARD,
        ticks=minutes // 5,
        start=tick(wall),
        taken=taken_masks(rows, schedule, [MONDAY]),
    )


def test_a_visit_goes_where_it_leaves_no_gap_that_is_of_no_use() -> None:
    schedule = a_schedule(a_rule(counters=frozenset({1, 2, 3, 4})))
    ten_minutes_lost_after = row("09:25-09:40")
    ten_lost_before_and_five_after = [row("08:30-08:50", counter=2), row("09:20-09:40", counter=2)]
    snug = [row("08:45-09:00", counter=3), row("09:15-09:30", counter=3)]

    assert free_at(schedule, "09:00", ten_minutes_lost_after, *ten_lost_before_and_five_after, *snug) == [3, 4, 1, 2]


def test_a_gap_as_long_as_the_visit_is_still_of_use() -> None:
    schedule = a_schedule(a_rule(counters=frozenset({1, 2})))

    assert free_at(schedule, "09:00", row("09:30-10:00")) == [1, 2]
    assert free_at(schedule, "09:00", row("09:25-10:00")) == [2, 1]
    assert free_at(schedule, "08:15", row("11:30-12:00"), minutes=30) == [1, 2]


def test_counters_that_can_do_much_stay_free_for_those_who_need_them() -> None:
    serves = {1: frozenset(SERVICES), 2: frozenset({CARD, PASSPORT}), 3: frozenset({CARD})}
    schedule = a_schedule(a_rule(counters=frozenset({1, 2, 3})), serves=serves)

    assert free_at(schedule, "09:00") == [3, 2, 1]
    assert free_at(schedule, "09:00", row("09:20-09:40", counter=3)) == [2, 1, 3]


def test_a_counter_that_is_taken_shut_or_not_staffed_is_not_tried() -> None:
    schedule = a_schedule(
        a_rule(counters=frozenset({1, 2, 3})),
        closures=[a_closure(MONDAY, counters=frozenset({2}))],
        serves=dict.fromkeys((1, 2, 3, 4), frozenset(SERVICES)),
    )

    assert free_at(schedule, "09:00", row("09:10-09:15")) == [3]
    assert free_at(schedule, "11:50") == []
    assert free_at(schedule, "11:45") == [1, 3]
    assert free_at(schedule, "09:05") == []
    assert free_at(schedule, "07:45") == []


def test_hours_and_grid_say_what_is_offered_whoever_took_it() -> None:
    schedule = a_schedule()
    wish: dict[str, Any] = {"day": MONDAY, "service": CARD, "ticks": 3}

    assert is_offered(schedule, start=tick("11:45"), **wish)
    assert not is_offered(schedule, start=tick("11:50"), **wish)
    assert not is_offered(schedule, start=tick("12:00"), **wish)
    assert not is_offered(schedule, start=tick("09:00", SUNDAY), **wish)
    assert not is_offered(schedule, start=tick("09:00", TUESDAY), **wish)


def test_a_visit_booked_long_ago_fits_while_its_hours_stand() -> None:
    schedule = a_schedule(a_rule("08:00-10:00"), closures=[a_closure(TUESDAY)])
    visit: dict[str, Any] = {"service": CARD, "ticks": 4, "counter": 1}

    assert fits(schedule, day=MONDAY, start=tick("08:05"), **visit)
    assert fits(schedule, day=MONDAY, start=tick("09:40"), **visit)
    assert not fits(schedule, day=MONDAY, start=tick("09:45"), **visit)
    assert not fits(schedule, day=MONDAY, start=tick("07:55"), **visit)
    assert not fits(schedule, day=MONDAY, start=tick("23:00", SUNDAY), **visit)
    assert not fits(schedule, day=MONDAY, start=tick("08:05"), **{**visit, "counter": 2})
    assert not fits(schedule, day=MONDAY, start=tick("08:05"), **{**visit, "service": 99})
    assert not fits(schedule, day=TUESDAY, start=tick("08:05", TUESDAY), **visit)


# Many days


def test_the_first_free_time_may_be_days_away() -> None:
    schedule = a_schedule(a_rule("08:00-09:00"), closures=[a_closure(TUESDAY)])
    week = days_between(MONDAY, MONDAY + timedelta(days=6))
    taken = taken_masks([row("08:00-09:00"), row("08:00-08:20", day=MONDAY + timedelta(days=2))], schedule, week)
    wish: dict[str, Any] = {"service": CARD, "ticks": 3, "taken": taken, **ALWAYS}

    assert first_free(schedule, days=week, **wish) == tick("08:30", MONDAY + timedelta(days=2))
    assert first_free(schedule, days=week[:2], **wish) is None
    assert first_free(schedule, days=week, **{**wish, "earliest": tick("08:50", week[3])}) == tick("08:00", week[4])


def test_days_are_counted_with_both_ends() -> None:
    assert days_between(SUNDAY, TUESDAY) == [SUNDAY, MONDAY, TUESDAY]
    assert days_between(TUESDAY, MONDAY) == []


def test_a_long_absence_is_taken_on_each_of_its_days() -> None:
    week = days_between(SUNDAY, TUESDAY)
    schedule = a_schedule()
    absence = (1, tick("09:00", SUNDAY - timedelta(days=3)), tick("09:00", TUESDAY))
    masks = taken_masks([absence, row("09:00-09:10", day=SUNDAY - timedelta(days=7))], schedule, week)

    assert [masks[day][1].bit_count() for day in week] == [288, 288, 108]
    assert taken_masks([absence], schedule, []) == {}


def test_days_alike_share_what_was_worked_out_for_one() -> None:
    schedule = a_schedule(closures=[a_closure(TUESDAY)])
    fortnight = days_between(MONDAY, MONDAY + timedelta(days=13))

    plans = {day: schedule.plans_for(day, CARD) for day in fortnight}

    assert plans[MONDAY] is plans[MONDAY + timedelta(days=2)] is plans[TUESDAY + timedelta(days=7)]
    assert plans[TUESDAY] == plans[SUNDAY + timedelta(days=7)] == ()


# What is kept, and extra lanes


def test_the_minutes_kept_at_the_start_of_an_hour_are_offered_to_nobody() -> None:
    schedule = a_schedule(a_rule("08:30-10:45", walk_in_minutes=15))

    assert offered(schedule) == "08:45 09:00 09:15 09:45 10:00 10:15"
    assert offered(schedule, asked=STAFF) == offered(schedule)
    assert offered(schedule, minutes=60) == ""


def test_the_minutes_kept_at_the_end_of_an_hour_are_for_staff() -> None:
    schedule = a_schedule(a_rule("08:00-09:30", staff_minutes=20, walk_in_minutes=5), start_step=5)

    assert offered(schedule, minutes=30) == "08:05 08:10"
    assert offered(schedule, minutes=30, asked=STAFF).endswith("08:30")
    assert offered(schedule, minutes=20) == "08:05 08:10 08:15 08:20 09:05 09:10"


def test_what_one_session_keeps_binds_no_other_at_the_same_counter() -> None:
    keeping = a_rule("08:00-09:00", walk_in_minutes=15, services=frozenset({CARD}))
    schedule = a_schedule(keeping, a_rule("09:00-09:30", id=2))

    assert offered(schedule) == "08:15 08:30 08:45 09:00 09:15"
    assert offered(schedule, service=frozenset({CARD, PASSPORT})) == "09:00 09:15"


def test_a_visit_in_minutes_that_are_kept_is_inside_the_hours_and_may_have_them_again() -> None:
    schedule = a_schedule(a_rule("08:00-09:00", staff_minutes=15, walk_in_minutes=15))
    visit: dict[str, Any] = {"day": MONDAY, "service": CARD, "counter": 1, "ticks": 3}

    assert all(fits(schedule, start=tick(wall), **visit) for wall in ("08:00", "08:15", "08:45"))
    assert as_made(schedule, start=tick("08:45"), **visit).for_staff
    assert not as_made(schedule, start=tick("08:15"), **visit).for_staff
    assert not as_made(schedule, start=tick("07:00"), **visit).for_staff


def test_an_extra_lane_is_offered_to_who_asks_for_it_alone() -> None:
    rule = a_rule("08:00-08:30", lanes=frozenset({2}))
    schedule = replace(a_schedule(rule), lanes={2: frozenset({CARD, PASSPORT}), 3: frozenset({CARD})})
    full, wish = row("08:00-08:30"), {"day": MONDAY, "ticks": 3, "start": tick("08:00")}
    extra = Asked(for_staff=True, extra=True)

    assert offered(schedule, full) == offered(schedule, full, asked=STAFF) == ""
    assert offered(schedule, full, asked=extra) == "08:00 08:15"
    assert offered(schedule, full, row("08:00-08:15", counter=2), asked=extra) == "08:15"
    assert counters_free(schedule, service=CARD, taken={}, asked=extra, **wish) == [2]
    assert counters_free(schedule, service=frozenset({CARD, PASSPORT}), taken={}, asked=extra, **wish) == [2]
    assert not is_offered(schedule, service=LICENCE, asked=extra, **wish)
    assert counters_free(schedule, service=CARD, taken={}, **wish) == [1]
    assert fits(schedule, service=CARD, counter=2, **wish)
    assert as_made(schedule, service=CARD, counter=2, **wish).extra


@settings(max_examples=100, deadline=None)
@given(data=st.data(), day=days)
def test_staff_are_offered_what_the_public_is_and_nobody_more_than_is_open(data: st.DataObject, day: date) -> None:
    schedule = data.draw(offices(day))
    first, _ = schedule.ticks_of(day)
    for service in (*SERVICES, frozenset(SERVICES)):
        for counter, plan in schedule.plans_for(day, service):
            kept = [span for rule in schedule.rules if rule.staffs(counter) for span in rule.kept_on(day, BRUSSELS)]
            for_walk_ins = sum(bits_touched(span, first) for span in merged(kept))
            assert plan.public & plan.staff == plan.public
            assert plan.staff & plan.open == plan.staff
            if isinstance(service, int) and all(rule.takes(service) for rule in schedule.rules):
                assert not plan.staff & for_walk_ins


# What the slow way finds

Model = dict[int, tuple[set[int], set[int]]]
"""Per counter: the ticks that are given, and those on the grid of starts."""


@st.composite
def offices(draw: st.DrawFn, day: date) -> Schedule:
    return Schedule(
        BRUSSELS,
        draw(st.sampled_from([5, 10, 15, 20, 30])),
        tuple(draw(st.lists(session_rules(about=day), min_size=1, max_size=3))),
        tuple(draw(st.lists(closure_rules(about=day), max_size=2))),
        {counter: frozenset(draw(st.sampled_from([SERVICES, (CARD,), (CARD, PASSPORT)]))) for counter in COUNTERS},
    )


@st.composite
def rows_about(draw: st.DrawFn, day: date) -> list[TakenRow]:
    """Visits and blocks of every length, from the day before until the day after."""
    whole = day_span(day, BRUSSELS)
    first, after = tick_of(whole.start), tick_of(whole.end)
    start = st.integers(first - 20, first + 70) | st.integers(first - 20, after + 10)
    visit = st.builds(
        lambda counter, low, ticks: (counter, low, low + ticks),
        st.sampled_from(COUNTERS),
        start,
        st.integers(1, 40) | st.integers(1, 400),
    )
    return draw(st.lists(visit, min_size=draw(st.sampled_from([0, 4, 12])), max_size=16))


def slowly(schedule: Schedule, day: date, service: int, *, for_staff: bool = False) -> Model:
    readings = look_at_the_clock(day, schedule.zone)
    rules = by_appointment(schedule.rules, service)
    model: Model = {}
    for counter in COUNTERS:
        if service not in schedule.serves[counter]:
            continue
        minutes = open_minutes(rules, schedule.closures, day, readings, counter)
        grid, kept = set(), set()
        for rule in rules:
            session = sorted(open_minutes([rule], [], day, readings, counter)) if is_named(rule, day) else []
            if counter in rule.counters:
                grid |= ticks_at(session[:: schedule.start_step])
                kept |= ticks_at(one for nth, one in enumerate(session) if nth % 60 < rule.walk_in_minutes)
                if not for_staff:
                    kept |= ticks_at(one for nth, one in enumerate(session) if nth % 60 >= 60 - rule.staff_minutes)
        model[counter] = ticks_at(minutes) - kept, grid
    return model


def ticks_at(minutes: Iterable[datetime]) -> set[int]:
    return {int(moment.timestamp()) // 300 for moment in minutes}


def slow_starts(model: Model, rows: Iterable[TakenRow], ticks: int) -> dict[int, set[int]]:
    """For each counter the starts at which a visit of so many ticks finds every one of them open and free."""
    busy = {(counter, tick) for counter, low, high in rows for tick in range(low, high)}
    return {
        counter: {
            start
            for start in grid & open_
            if all(tick in open_ and (counter, tick) not in busy for tick in range(start, start + ticks))
        }
        for counter, (open_, grid) in model.items()
    }


def agree_about(data: st.DataObject, day: date) -> None:
    schedule = data.draw(offices(day))
    service, ticks = data.draw(st.sampled_from(SERVICES)), data.draw(st.integers(1, 3) | st.integers(1, 12))
    rows = data.draw(rows_about(day))
    first, after = schedule.ticks_of(day)
    earliest = data.draw(st.just(0) | st.integers(first - 5, after + 5))
    latest = data.draw(st.just(after) | st.integers(first - 5, after + 5))
    taken = taken_masks(rows, schedule, [day])
    wish: dict[str, Any] = {"day": day, "service": service, "ticks": ticks, "taken": taken}

    for_staff = data.draw(st.booleans())
    wish["asked"] = STAFF if for_staff else PUBLIC
    slow = slow_starts(slowly(schedule, day, service, for_staff=for_staff), rows, ticks)
    starts = sorted(start for start in set().union(*slow.values()) if earliest <= start <= latest)

    assert ticks_in(free_starts(schedule, earliest=earliest, latest=latest, **wish), first) == starts
    for start in starts[:3]:
        assert sorted(counters_free(schedule, start=start, **wish)) == [c for c in COUNTERS if start in slow.get(c, ())]
    if for_staff:
        return
    wish.pop("day"), wish.pop("asked")
    first_start = starts[0] if starts else None
    assert first_free(schedule, days=[day], earliest=earliest, latest=latest, **wish) == first_start


@settings(max_examples=100, deadline=None)
@given(data=st.data(), day=days)
def test_the_bits_offer_what_a_model_of_ticks_offers(data: st.DataObject, day: date) -> None:
    agree_about(data, day)


@pytest.mark.races
@settings(max_examples=2_000, deadline=None)
@given(data=st.data(), day=days)
def test_they_agree_about_thousands_of_days(data: st.DataObject, day: date) -> None:
    agree_about(data, day)


@given(open_=st.integers(0, 2**40), taken=st.integers(0, 2**40), ticks=st.integers(1, 20))
def test_a_run_starts_where_every_tick_of_it_is_free(open_: int, taken: int, ticks: int) -> None:
    free = [bool(open_ >> tick & 1) and not taken >> tick & 1 for tick in range(60)]

    assert ticks_in(starts_of_runs(open_, taken, ticks), 0) == [
        start for start in range(41) if all(free[start : start + ticks])
    ]


@given(ticks=st.sets(st.integers(0, 300)), first=st.integers(0, 10**7))
def test_the_ticks_of_a_mask_come_in_order(ticks: set[int], first: int) -> None:
    assert ticks_in(sum(1 << tick for tick in ticks), first) == [first + tick for tick in sorted(ticks)]


@settings(max_examples=50, deadline=None)
@given(data=st.data(), day=days)
def test_what_is_taken_on_a_window_of_days_is_taken_on_each(data: st.DataObject, day: date) -> None:
    window = days_between(day, day + timedelta(days=2))
    rows = [row for around in window for row in data.draw(rows_about(around))]
    schedule = a_schedule()
    masks = taken_masks(rows, schedule, window)

    for one in window:
        first, after = schedule.ticks_of(one)
        for counter in COUNTERS:
            taken = {tick for number, low, high in rows if number == counter for tick in range(low, high)}
            assert ticks_in(masks[one].get(counter, 0), first) == sorted(taken & set(range(first, after)))


@pytest.mark.parametrize(
    ("first", "second", "ticks", "wait", "left"),
    [
        (0b0001, 0b1000, 3, 0, 0b0001),
        (0b0001, 0b1000, 2, 0, 0),
        (0b0001, 0b1000, 2, 1, 0b0001),
        (0b0001, 0b1000, 1, 1, 0),
        (0b0001, 0b1000, 4, 3, 0),
        (0b0111, 0b11000, 2, 1, 0b0111),
        (0b1110, 0b10000, 3, 0, 0b0010),
        (0, 0b1111, 1, 3, 0),
        (0b1111, 0, 1, 3, 0),
    ],
)
def test_a_start_counts_only_if_another_follows_soon_enough(
    first: int, second: int, ticks: int, wait: int, left: int
) -> None:
    assert starts_followed(first, second, ticks=ticks, wait=wait) == left
