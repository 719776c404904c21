"""One unit is half-way when another begins: the second waits for the first, and then sees what it did."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from booking.database import in_unit
from booking.models import Appointment, Counter, Message
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import HOLD, Books, confirming, holding
from tests.races.closing import closes, closing, closure, taking_away
from tests.races.processes import CameOf, Step, Unit, came_of

pytestmark = pytest.mark.races

ELEVEN = at(MONDAY, "11:00")
LAPSE = EARLY + HOLD
JUST_BEFORE = LAPSE - timedelta(seconds=1)
A_MOMENT = 1.0
"""Seconds after which whoever is not done evidently waits."""


def half_way(database: Database, unit: Unit, meanwhile: Step) -> tuple[CameOf, CameOf]:
    """Do all of ``unit`` but its end, begin ``meanwhile``, and end when that is over or evidently waits."""
    begun: list[Future[CameOf]] = []

    def but_its_end(session: Session) -> Any:
        value = unit.verb(session, **unit.arguments)
        begun.append(another.submit(came_of, meanwhile, database.engine))
        wait(begun, A_MOMENT)
        return value

    def whole(engine: Engine) -> Any:
        return in_unit(engine, but_its_end)

    with ThreadPoolExecutor(1) as another:
        first = came_of(whole, database.engine)
    (second,) = begun
    assert (first.fault, second.result().fault) == (None, None)
    with Session(database.engine) as session:
        assert problems(session, now=LAPSE) == []
    return first, second.result()


def test_a_closing_waits_for_a_hold_and_takes_it_away(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    held, closed = half_way(database, holding(place, ELEVEN), partial(closes, commune_id=home, day=MONDAY))

    assert closed.value.decided == {}
    assert came_of(confirming(home, held.value, "Ana"), database.engine).refusal == "HoldGone"


def test_a_closing_waits_for_a_confirmation_and_asks_about_it(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    booked, closed = half_way(database, confirming(home, key, "Ana"), partial(closes, commune_id=home, day=MONDAY))

    assert list(closed.value.decided) == [booked.value.id]


def test_a_hold_waits_for_a_closing_and_comes_too_late(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    _, held = half_way(database, closing(home, closure(MONDAY), {}), holding(place, ELEVEN))

    assert held.refusal == "OutsideHours"


def test_a_confirmation_waits_for_a_closing_and_comes_too_late(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    _, booked = half_way(database, closing(home, closure(MONDAY), {}), confirming(home, key, "Ana"))

    assert booked.refusal == "HoldGone"


def test_taking_a_counter_away_waits_for_a_confirmation_there_and_is_refused(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    booked, taken_away = half_way(database, confirming(home, key, "Ana"), taking_away(place.counter))

    assert (booked.refusal, taken_away.refusal) == (None, "HasAppointments")
    assert database.count(Counter, Counter.retired_at.is_not(None)) == 0


def test_a_confirmation_waits_for_its_counter_to_be_taken_away_and_comes_too_late(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    taken_away, booked = half_way(database, taking_away(place.counter), confirming(home, key, "Ana"))

    assert (taken_away.refusal, booked.refusal) == (None, "HoldGone")
    assert database.count(Appointment) == 0


def test_a_rival_waits_for_the_owner_of_a_lapsing_hold_and_loses(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    owner, rival = half_way(
        database, confirming(home, key, "Ana", now=JUST_BEFORE), Books(holding(place, ELEVEN, now=LAPSE), "Bob")
    )

    assert (owner.refusal, rival.refusal) == (None, "SlotTaken")


def test_an_owner_waits_for_a_rival_who_was_first_and_loses(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    key = holding(place, ELEVEN)(database.engine)
    rival, owner = half_way(database, holding(place, ELEVEN, now=LAPSE), confirming(home, key, "Ana", now=JUST_BEFORE))

    assert (rival.refusal, owner.refusal) == (None, "HoldGone")


def test_the_second_click_waits_for_the_first_and_says_the_same(database: Database) -> None:
    home = (place := database.write(a_working_commune)).commune.id
    click = confirming(home, holding(place, ELEVEN)(database.engine), "Ana")
    first, second = half_way(database, click, click)

    assert (first.value.reference, first.value.again) == (second.value.reference, False)
    assert second.value.again
    assert database.count(Appointment) == database.count(Message) == 1


def test_one_person_in_two_windows_books_once(database: Database) -> None:
    home = (place := database.write(lambda session: a_working_commune(session, counters=2))).commune.id
    one, other = (confirming(home, holding(place, ELEVEN)(database.engine), "Ana") for _ in range(2))
    first, second = half_way(database, one, other)

    assert (first.refusal, second.refusal) == (None, "AlreadyBooked")
