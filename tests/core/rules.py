"""Sessions and closures with honest defaults, and random ones that like the hours in which clocks are changed."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from booking.core.opening import ClosureRule, Mode, Season, SessionRule

WORKING_DAYS = frozenset(range(5))
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)
CLOCK_CHANGES = [
    *(date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)),
    *(date(2028, 10, 29), date(2029, 3, 25), date(2029, 10, 28), date(2030, 3, 31), date(2030, 10, 27)),
]
COUNTERS, SERVICES = (1, 2, 3), (10, 11, 12)


def a_rule(hours: str = "08:00-12:00", **columns: Any) -> SessionRule:
    """By appointment at counter 1, Monday to Friday from 8 to 12 o'clock, from 2026 on, for all services."""
    start, end = map(time.fromisoformat, hours.split("-"))
    defaults = {"id": 1, "weekdays": WORKING_DAYS, "valid_from": FIRST, "mode": Mode.APPOINTMENT}
    return SessionRule(**{"start": start, "end": end, "counters": frozenset({1}), **defaults, **columns})


def a_closure(first: date, last: date | None = None, **columns: Any) -> ClosureRule:
    """Everything shut, the whole day."""
    return ClosureRule(**{"id": 1, "first": first, "last": last or first, **columns})


days = st.dates(FIRST, LAST) | st.sampled_from(CLOCK_CHANGES)
weekday_sets = st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset(range(7)))
counter_sets = st.frozensets(st.sampled_from(COUNTERS), min_size=1)
service_sets = st.just(frozenset()) | st.frozensets(st.sampled_from(SERVICES), max_size=2)
kept_minutes = st.just((0, 0)) | st.sampled_from([(15, 0), (0, 15), (5, 10), (30, 15), (0, 45)])
modes = st.just(Mode.APPOINTMENT) | st.sampled_from(Mode)
yearly_days = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: (day.month, day.day))


@st.composite
def wall_hours(draw: st.DrawFn) -> tuple[time, time]:
    """Two wall times on the five-minute grid, often of the small hours."""
    last = draw(st.sampled_from([5 * 12, 24 * 12 - 1]))
    start = draw(st.integers(0, last - 1))
    end = draw(st.integers(start + 1, last) | st.just(last))
    return time(*divmod(start * 5, 60)), time(*divmod(end * 5, 60))


@st.composite
def session_rules(draw: st.DrawFn, about: date = FIRST) -> SessionRule:
    """Half of them are plain and held on the day ``about``; the others ask everything of a day that can be asked."""
    start, end = draw(wall_hours())
    usual = draw(st.booleans())
    walk_ins, staff = draw(kept_minutes)
    valid_from = FIRST if usual else draw(days)
    return SessionRule(
        id=draw(st.integers(1, 99)),
        weekdays=draw(weekday_sets) | ({about.weekday()} if usual else set()),
        start=start,
        end=end,
        valid_from=valid_from,
        valid_until=None if usual else draw(st.none() | st.dates(valid_from, date(2031, 12, 31))),
        every_weeks=1 if usual else draw(st.integers(1, 5)),
        anchor=draw(days),
        nth_of_month=None if usual else draw(st.none() | st.sampled_from([1, 2, 3, 4, 5, -1])),
        season=None if usual else draw(st.none() | st.builds(Season, yearly_days, yearly_days)),
        mode=draw(modes),
        counters=draw(counter_sets),
        services=draw(service_sets),
        walk_in_minutes=walk_ins,
        staff_minutes=staff,
    )


@st.composite
def closure_rules(draw: st.DrawFn, about: date | None = None) -> ClosureRule:
    first = draw(days if about is None else st.just(about) | days)
    start, end = draw(wall_hours())
    starts, ends = draw(st.sampled_from([(start, end), (start, None), (None, end), (None, None)]))
    return ClosureRule(
        id=draw(st.integers(1, 99)),
        first=first,
        last=draw(st.dates(first, LAST) | st.just(first)),
        start=starts,
        end=ends,
        counters=draw(counter_sets | st.none()),
    )
