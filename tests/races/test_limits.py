"""Limits hold whatever runs at the same moment: holds per client, appointments per person, tries per client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.core.timespan import TICK
from booking.models import Appointment, Claim, LoginFailure, Seat
from booking.usecases.appointments import Helper
from booking.usecases.check import problems
from booking.usecases.limits import CONTACT, HELPER, HOLDS, MOST_HELPED, PERSON
from booking.usecases.misses import CLIENT, take_try
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import PER_CONTACT, confirming, holding
from tests.races.processes import CameOf, Unit, together

pytestmark = pytest.mark.races

PROCESSES, ROUNDS = 8, 5
TRIES = PROCESSES * ROUNDS
ELEVEN = at(MONDAY, "11:00")
PAUSE = timedelta(minutes=15)
VARIANTS = (
    "ana.peeters@gmail.com",
    "anapeeters@gmail.com",
    "Ana.Peeters+carte@googlemail.com",
    "ANAPEETERS@GMAIL.COM",
    "a.n.a.peeters@gmail.com",
)
NAMES = ("Ana Peeters", "ana peeters", "Peeters Ana", "Ána Peeters", "PEETERS ANA")


def open_to_all(database: Database) -> Working:
    place: Working = database.write(lambda session: a_working_commune(session, counters=TRIES))
    return place


def told(moments: list[list[CameOf]]) -> Counter[str | None]:
    """How many were refused, by refusal; ``None`` for those who were not."""
    return Counter(outcome.refusal for moment in moments for outcome in moment)


def faults(database: Database) -> list[str]:
    with Session(database.engine) as session:
        return problems(session, now=EARLY)


def test_a_client_holds_no_more_than_it_may(database: Database) -> None:
    place = open_to_all(database)
    reach = holding(place, ELEVEN, client="one connection", per_client=5)

    assert told(together(database.url, [[reach] * ROUNDS] * PROCESSES)) == {None: 5, "TooManyHolds": TRIES - 5}
    assert database.count(Appointment) == database.count(Seat, Seat.kind == HOLDS) == 5
    assert faults(database) == []


def test_the_last_time_is_held_once(database: Database) -> None:
    place = database.write(a_working_commune)
    times = [holding(place, at(MONDAY, wall)) for wall in ("10:00", "10:30", "11:00", "11:30")]

    for moment in together(database.url, [times] * PROCESSES):
        assert told([moment]) == {None: 1, "SlotTaken": PROCESSES - 1}
    assert database.count(Claim) == len(times) * (timedelta(minutes=15) // TICK)


def test_one_person_books_a_service_once_however_the_address_is_spelt(database: Database) -> None:
    place = open_to_all(database)
    keys = [holding(place, ELEVEN)(database.engine) for _ in range(TRIES)]
    tries = [
        confirming(place.commune.id, key, NAMES[number % 5], email=VARIANTS[number // 5 % 5])
        for number, key in enumerate(keys)
    ]

    assert told(together(database.url, [tries[n::PROCESSES] for n in range(PROCESSES)])) == {
        None: 1,
        "AlreadyBooked": TRIES - 1,
    }
    assert database.count(Seat, Seat.kind == PERSON) == 1
    assert faults(database) == []


def test_a_contact_never_has_more_than_four_appointments(database: Database) -> None:
    place = open_to_all(database)
    keys = [holding(place, ELEVEN)(database.engine) for _ in range(TRIES)]
    family = [
        confirming(place.commune.id, key, f"Child {number}", email=VARIANTS[number % 5])
        for number, key in enumerate(keys)
    ]

    assert told(together(database.url, [family[n::PROCESSES] for n in range(PROCESSES)])) == {
        None: PER_CONTACT,
        "TooManyAppointments": TRIES - PER_CONTACT,
    }
    assert database.count(Seat, Seat.kind == CONTACT) == PER_CONTACT
    assert faults(database) == []


def helped(place: Working, keys: list[str], names: Callable[[int], str]) -> list[list[Unit]]:
    """Samira confirms each of these holds for somebody, under every spelling of her one address."""
    tries = [
        confirming(place.commune.id, key, names(n), helper=Helper("Samira Haddad", VARIANTS[n % 5], None))
        for n, key in enumerate(keys)
    ]
    return [tries[n::PROCESSES] for n in range(PROCESSES)]


def test_whoever_helps_has_one_limit_for_all_they_help_however_their_address_is_spelt(database: Database) -> None:
    place = open_to_all(database)
    keys = [holding(place, ELEVEN)(database.engine) for _ in range(TRIES)]
    moments = together(database.url, helped(place, keys, lambda n: f"Child {n}"))

    assert told(moments) == {None: MOST_HELPED, "TooManyAppointments": TRIES - MOST_HELPED}
    assert database.count(Seat, Seat.kind == HELPER) == MOST_HELPED
    assert faults(database) == []


def test_one_person_is_helped_to_one_appointment_for_a_service(database: Database) -> None:
    place = open_to_all(database)
    keys = [holding(place, ELEVEN)(database.engine) for _ in range(TRIES)]
    moments = together(database.url, helped(place, keys, lambda n: NAMES[n // 5 % 5]))

    assert told(moments) == {None: 1, "AlreadyBooked": TRIES - 1}
    assert faults(database) == []


def a_try(minutes: int = 0) -> Unit:
    now = EARLY + timedelta(minutes=minutes)
    return Unit(take_try, {"kind": CLIENT, "key": "one connection", "limit": 5, "pause": PAUSE, "now": now})


def test_five_tries_are_five_whoever_tries_at_once(database: Database) -> None:
    moments = together(database.url, [[a_try()] * ROUNDS] * PROCESSES)

    assert told(moments) == {None: 5, "TooManyTries": TRIES - 5}
    assert sorted(outcome.value for moment in moments for outcome in moment if outcome.value) == [1, 2, 3, 4, 5]


def test_five_more_tries_after_the_pause_and_no_sixth(database: Database) -> None:
    moments = together(database.url, [[a_try(), a_try(minutes=14), a_try(minutes=15)]] * PROCESSES)

    assert [told([moment])[None] for moment in moments] == [5, 0, 5]
    assert database.count(LoginFailure) == 5
