"""The holidays that are proposed to be closed: computed for any year, and not proposed where they are shut already."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.core.opening import ClosureRule
from booking.models import ClosureCounter
from booking.usecases.holidays import HolidayKind, closures_for, covers, holidays_of, legal_holidays, shut_already
from tests.databases import Database
from tests.factories import a_closure, a_working_commune

NOON = time(12)
MOVABLE = {
    2026: (date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)),
    2027: (date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)),
    2028: (date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5)),
}
FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))


@pytest.mark.parametrize("year", MOVABLE)
def test_the_ten_legal_holidays_are_proposed_with_whit_monday_and_both_names(year: int) -> None:
    legal = {one.day: one for one in holidays_of(year) if one.kind == HolidayKind.LEGAL}

    assert set(legal) == {*MOVABLE[year], *(date(year, *place) for place in FIXED)}
    assert all(not one.name.missing() and one.start is None and one.is_usual for one in legal.values())
    assert legal[MOVABLE[year][2]].name.in_("nl") == "Pinkstermaandag"


def test_what_communes_keep_beside_them_is_there_to_be_chosen() -> None:
    others = {(one.day.month, one.day.day): one for one in holidays_of(2027) if not one.is_usual}

    assert sorted(others) == [(1, 2), (5, 7), (5, 8), (11, 2), (11, 15), (12, 24), (12, 26), (12, 31)]
    assert [others[place].start for place in ((5, 7), (12, 24), (12, 31))] == [None, NOON, NOON]
    assert others[5, 7].kind == HolidayKind.BRIDGE


@pytest.mark.parametrize("year", range(2024, 2050))
def test_every_year_has_ten_and_none_is_left_without_a_name(year: int) -> None:
    assert len(legal_holidays(year)) == 10
    assert [one.day for one in holidays_of(year)] == sorted({one.day for one in holidays_of(year)})


@pytest.mark.parametrize(
    ("columns", "counters", "shut"),
    [
        ({}, None, True),
        ({"start": NOON}, None, False),
        ({"end": NOON}, None, False),
        ({"counters": frozenset({1})}, None, False),
        ({"counters": frozenset({1, 2})}, frozenset({1}), True),
        ({"counters": frozenset({2})}, frozenset({1}), False),
        ({}, frozenset({1}), True),
        ({"first": date(2026, 12, 20), "last": date(2027, 1, 10)}, None, True),
    ],
)
def test_a_day_is_shut_when_all_that_is_proposed_of_it_is(
    columns: dict[str, Any], counters: frozenset[int] | None, shut: bool
) -> None:
    new_year = holidays_of(2027)[0]
    rule = ClosureRule(**{"id": 1, "first": new_year.day, "last": new_year.day, **columns})

    assert covers(rule, new_year, counters) is shut


def test_an_afternoon_is_shut_by_a_closure_from_the_morning_or_from_noon_on() -> None:
    eve = next(one for one in holidays_of(2027) if one.kind == HolidayKind.EVE)

    assert [
        covers(ClosureRule(id=1, first=eve.day, last=eve.day, start=start), eve, None)
        for start in (None, time(10), NOON, time(14))
    ] == [True, True, True, False]


def test_what_is_taken_up_is_not_proposed_again_where_it_is_shut(database: Database) -> None:
    new_year, second = holidays_of(2027)[:2]

    def ask(session: Session) -> list[list[date]]:
        work = a_working_commune(session)
        own = {"commune_id": work.commune.id}
        a_closure(session, work.commune, first_day=new_year.day, last_day=new_year.day)
        repair = a_closure(session, work.commune, office_id=work.office.id, first_day=second.day, last_day=second.day)
        session.add(ClosureCounter(**own, closure_id=repair.id, counter_id=work.counter.id))
        session.flush()
        places: list[dict[str, Any]] = [
            {"office_id": None},
            {"office_id": work.office.id},
            {"office_id": work.office.id, "counters": frozenset({work.counter.id})},
        ]
        return [sorted(shut_already(session, [new_year, second], **own, **place)) for place in places]

    assert database.write(ask) == [[new_year.day], [new_year.day], [new_year.day, second.day]]


def test_a_day_that_is_taken_up_is_a_closure_with_its_name() -> None:
    eve = next(one for one in holidays_of(2027) if one.kind == HolidayKind.EVE)
    ((rule, reason),) = closures_for([eve], frozenset({3}))

    assert (rule.first, rule.last, rule.start, rule.counters) == (eve.day, eve.day, NOON, frozenset({3}))
    assert reason.in_("fr") == "Veille de Noël"
