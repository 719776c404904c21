"""Dora tries a change of hours: what was before its first day stays as it was."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from booking.core.changes import NEW, AddClosure, Change, EndSession, SaveSession, without_since
from booking.core.errors import BookingError, EndsBeforeStart, NoCounter, SessionsClash
from booking.core.opening import SessionRule
from booking.core.schedules import Schedule
from booking.core.timespan import Span
from booking.core.translated import Translated
from tests.core.rules import FIRST, a_closure, a_rule
from tests.moments import BRUSSELS, MONDAY, at

MORNING, AFTERNOON = a_rule(id=1), a_rule("13:00-16:00", id=2)
HOURS = Schedule(zone=BRUSSELS, start_step=15, rules=(MORNING, AFTERNOON), closures=(), serves={1: frozenset({10})})
DAY_BEFORE = MONDAY - timedelta(days=1)


def spans(rules: tuple[SessionRule, ...]) -> list[tuple[int, date, date | None]]:
    return [(rule.id, rule.valid_from, rule.valid_until) for rule in rules]


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (a_rule(), [(1, FIRST, DAY_BEFORE)]),
        (a_rule(valid_until=date(2028, 1, 1)), [(1, FIRST, DAY_BEFORE)]),
        (a_rule(valid_until=date(2026, 6, 30)), [(1, FIRST, date(2026, 6, 30))]),
        (a_rule(valid_from=DAY_BEFORE), [(1, DAY_BEFORE, DAY_BEFORE)]),
        (a_rule(valid_from=MONDAY), []),
    ],
    ids=["open-ended", "to end later", "over already", "a day old", "not begun"],
)
def test_hours_end_the_day_before_and_are_gone_when_they_had_not_begun(
    rule: SessionRule, left: list[tuple[int, date, date | None]]
) -> None:
    assert spans(without_since((rule, AFTERNOON), 1, MONDAY)) == [*left, (2, FIRST, None)]
    assert without_since((rule, AFTERNOON), None, MONDAY) == (rule, AFTERNOON)


def test_new_hours_stand_beside_the_old_ones_and_begin_on_their_day() -> None:
    evening = SaveSession(office_id=7, rule=a_rule("16:00-19:00", id=9), since=MONDAY)

    assert spans(evening.applied(HOURS).rules) == [(1, FIRST, None), (2, FIRST, None), (NEW, MONDAY, None)]
    assert evening.offices == (7,)


def test_other_hours_take_over_on_their_day() -> None:
    longer = SaveSession(office_id=7, rule=a_rule("08:00-13:00"), since=MONDAY, session_id=1)
    longer.check(HOURS)

    assert spans(longer.applied(HOURS).rules) == [(1, FIRST, DAY_BEFORE), (2, FIRST, None), (NEW, MONDAY, None)]


def test_an_end_leaves_the_other_hours_alone() -> None:
    end = EndSession(office_id=7, session_id=2, since=MONDAY)
    end.check(HOURS)

    assert spans(end.applied(HOURS).rules) == [(1, FIRST, None), (2, FIRST, DAY_BEFORE)]


def test_a_closure_is_added_to_those_there_are() -> None:
    closure = AddClosure(office_id=None, rule=a_closure(MONDAY), reason=Translated.of(fr="Grève", nl="Staking"))

    assert closure.applied(HOURS).closures == (closure.rule,)
    assert closure.offices is None
    assert AddClosure(office_id=7, rule=closure.rule, reason=closure.reason).offices == (7,)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (SaveSession(office_id=7, rule=a_rule("12:00-08:00"), since=MONDAY), EndsBeforeStart),
        (SaveSession(office_id=7, rule=a_rule(counters=frozenset()), since=MONDAY), NoCounter),
        (SaveSession(office_id=7, rule=a_rule("11:00-14:00"), since=MONDAY, session_id=1), SessionsClash),
        (
            AddClosure(office_id=7, rule=a_closure(MONDAY, DAY_BEFORE), reason=Translated.of(fr="Grève")),
            EndsBeforeStart,
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_before_anything_is_saved(change: Change, refusal: type[BookingError]) -> None:
    with pytest.raises(refusal):
        change.check(HOURS)


@pytest.mark.parametrize(
    ("counter", "hours", "shut"),
    [(1, "09:00-09:30", True), (1, "10:00-10:30", False), (1, "09:45-10:15", True), (2, "09:00-09:30", False)],
    ids=["inside", "just after", "across its end", "another counter"],
)
def test_a_closure_shuts_what_it_touches_at_its_counters(counter: int, hours: str, shut: bool) -> None:
    rule = a_closure(MONDAY, start=time(8), end=time(10), counters=frozenset({1}))
    start, end = (at(MONDAY, wall) for wall in hours.split("-"))
    closure = AddClosure(office_id=7, rule=rule, reason=Translated.of(fr="Panne", nl="Storing"))

    assert closure.shuts(counter=counter, day=MONDAY, span=Span(start, end), zone=BRUSSELS) == shut
    assert not closure.shuts(counter=counter, day=DAY_BEFORE, span=Span(start, end), zone=BRUSSELS)
