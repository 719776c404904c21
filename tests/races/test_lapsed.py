"""Holds that lapse while their owners confirm: a time has one winner, and whoever has it has all of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.models import Appointment
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import HOLD, Books, confirming, holding
from tests.races.processes import together

pytestmark = pytest.mark.races

LAPSE = EARLY + HOLD
JUST_BEFORE = LAPSE - timedelta(seconds=1)
DAYS = [MONDAY + timedelta(days=number) for number in (1, 2, 3, 4, 7, 8)]
WALLS = [f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]
RIVALS = 3


def all_is_well(database: Database) -> None:
    """Nobody holds anything any more, and every appointment has its claims, once."""
    with Session(database.engine) as session:
        assert problems(session, now=LAPSE) == []
    assert database.count(Appointment, Appointment.state != AppointmentState.BOOKED) == 0


def test_a_time_that_lapses_goes_to_its_owner_or_to_one_rival(database: Database) -> None:
    place = database.write(a_working_commune)
    starts = [at(day, wall) for day in DAYS for wall in WALLS]
    keys = [holding(place, start)(database.engine) for start in starts]
    owners = [confirming(place.commune.id, key, f"Owner {n}", now=JUST_BEFORE) for n, key in enumerate(keys)]
    rivals = [
        [Books(holding(place, start, now=LAPSE), f"Rival {rival} of {n}") for n, start in enumerate(starts)]
        for rival in range(RIVALS)
    ]

    for owner, again, *others in together(database.url, [owners, owners, *rivals]):
        won = [one for one in others if one.value]
        if owner.value:
            # The second click of the same confirmation may have been the first to arrive.
            assert owner.value.reference == again.value.reference
            assert Counter(one.refusal for one in others) == {"SlotTaken": RIVALS}
        else:
            assert (owner.refusal, again.refusal, len(won)) == ("HoldGone", "HoldGone", 1)
            assert sorted(one.refusal or "" for one in others) == ["", "SlotTaken", "SlotTaken"]
    all_is_well(database)
    assert database.count(Appointment) == len(starts)


def test_a_longer_visit_takes_two_lapsed_holds_or_neither(database: Database) -> None:
    place = database.write(a_working_commune)
    pairs = [
        (at(day, first), at(day, second)) for day in DAYS for first, second in zip(WALLS[::2], WALLS[1::2], strict=True)
    ]
    early, late = (
        [
            confirming(
                place.commune.id, holding(place, pair[side])(database.engine), f"Owner {n} {side}", now=JUST_BEFORE
            )
            for n, pair in enumerate(pairs)
        ]
        for side in (0, 1)
    )
    couples = [
        [
            Books(holding(place, pair[0], lines=[WishedLine(place.service.id, 2)], now=LAPSE), f"Rival {rival} of {n}")
            for n, pair in enumerate(pairs)
        ]
        for rival in range(RIVALS)
    ]

    for first, second, *others in together(database.url, [early, late, *couples]):
        owners, won = [bool(first.value), bool(second.value)], sum(bool(one.value) for one in others)
        assert (owners, won) in (([True, True], 0), ([False, False], 1))
        assert {one.refusal for one in (first, second) if one.refusal} <= {"HoldGone"}
        assert {one.refusal for one in others if one.refusal} == {"SlotTaken"}
    all_is_well(database)


def test_lapsed_holds_that_nobody_confirms_are_taken_once(database: Database) -> None:
    place = database.write(a_working_commune)
    starts = [at(day, wall) for day in DAYS for wall in WALLS]
    for start in starts:
        holding(place, start)(database.engine)
    rivals = [
        [Books(holding(place, start, now=LAPSE), f"Rival {rival} of {n}") for n, start in enumerate(starts)]
        for rival in range(RIVALS + 1)
    ]

    for others in together(database.url, rivals):
        assert Counter(one.refusal for one in others) == {None: 1, "SlotTaken": RIVALS}
    all_is_well(database)
    assert sorted(database.all(select(Appointment.start))) == sorted(starts)
