"""Moves, cancellations and limits while everything happens at once: nobody loses an appointment or has two."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.references import new_key
from booking.models import Appointment, Claim, Message, Seat, Service
from booking.models.messages import MessageKind
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.limits import CONTACT
from booking.usecases.moves import accept, hold_instead
from tests.databases import Database
from tests.factories import (
    Working,
    a_commune,
    a_counter,
    a_service,
    a_session,
    a_working_commune,
    an_appointment,
    an_office,
)
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import confirming, holding
from tests.races.moving import RESIDENT, Moves, move_about
from tests.races.processes import CONTEXT, Step, Unit, together
from tests.races.test_half_way import half_way
from tests.races.test_limits import NAMES, VARIANTS

pytestmark = pytest.mark.races

PEOPLE, TIMES = 200, 20
MOVERS, KILLS, EVERY_SECONDS = 4, 6, 2
MONDAYS, TUESDAYS = 0b0000001, 0b0000010
TUESDAY = MONDAY + timedelta(days=1)
QUARTER = timedelta(minutes=15)
ELEVEN = at(MONDAY, "11:00")


def two_hundred_on_tuesday(session: Session) -> list[int]:
    """Their appointments on Tuesday, at thirteen counters; on Monday one counter is open, for twenty of them."""
    home = a_commune(session)
    office = an_office(session, home)
    service = a_service(session, home, max_moves=99)
    row = [a_counter(session, office, label=str(n), serves=[service]) for n in range(13)]
    a_session(session, office, row, weekdays=TUESDAYS)
    a_session(session, office, row[:1], weekdays=MONDAYS, start="11:00", end="16:00")
    places = [(counter, at(TUESDAY, "08:00") + n * QUARTER) for n in range(16) for counter in row]
    return [
        an_appointment(session, counter, service, start=start, name=f"Person {n}", email=f"person{n}@example.org").id
        for n, (counter, start) in enumerate(places[:PEOPLE])
    ]


def test_two_hundred_move_into_twenty_times_while_processes_are_killed(database: Database) -> None:
    people = database.write(two_hundred_on_tuesday)
    service_id = database.one(select(Service.id))
    wanted = [ELEVEN + n * QUARTER for n in range(TIMES)]
    stop, began = CONTEXT.Event(), time.monotonic()

    def another(seed: int) -> ForkServerProcess:
        mover = CONTEXT.Process(target=move_about, args=(database.url, people, service_id, wanted, seed, began, stop))
        mover.start()
        return mover

    movers = [another(seed) for seed in range(MOVERS)]
    for kill in range(KILLS):
        stop.wait(EVERY_SECONDS)
        victim = movers.pop(0)
        victim.kill()
        victim.join()
        movers.append(another(MOVERS + kill))
    stop.wait(EVERY_SECONDS)
    stop.set()
    for mover in movers:
        mover.join(60)
        assert mover.exitcode == 0

    booked = database.all(select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED))
    assert sorted(booked) == sorted(people), "everyone has exactly the one appointment"
    with Session(database.engine) as session:
        moves = session.scalar(select(func.sum(Appointment.moves))) or 0
        there = session.scalars(
            select(Appointment.start).where(Appointment.state == AppointmentState.BOOKED, Appointment.start.in_(wanted))
        ).all()
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []
    assert len(set(there)) == len(there) > 0
    assert moves >= TIMES // 2
    assert database.count(Message, Message.kind == MessageKind.MOVED) == moves, "each move has its one letter"


def test_ten_cancel_at_once_and_the_time_is_free_once(database: Database) -> None:
    place = database.write(a_working_commune)
    key = holding(place, ELEVEN)(database.engine)
    made = confirming(place.commune.id, key, "Ana")(database.engine)
    press = Unit(
        cancel,
        {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "actor": RESIDENT, "now": EARLY},
    )
    (moment,) = together(database.url, [[press]] * 10)

    assert Counter(outcome.value for outcome in moment) == {True: 1, False: 9}
    assert database.count(Claim) == database.count(Seat) == 0
    assert database.count(Message, Message.kind == MessageKind.CANCELLATION) == 1
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


PROCESSES, ROUNDS = 8, 25


@pytest.mark.parametrize("limit", [1, 3])
def test_two_hundred_tries_keep_the_limit_and_her_own_move_is_never_in_the_way(database: Database, limit: int) -> None:
    place: Working = database.write(lambda session: a_working_commune(session, counters=30))
    database.write(lambda session: session.execute(update(Service).values(max_moves=99)))
    home = place.commune.id
    hers = confirming(home, holding(place, ELEVEN)(database.engine), "Ana Peeters", email=VARIANTS[0])(database.engine)
    tries: list[Step] = []
    for number in range(PROCESSES * ROUNDS):
        start = at(MONDAY, "10:15") + (number % 6) * QUARTER + timedelta(days=number // 150)
        key = holding(place, start)(database.engine)
        name = NAMES[number % 5] if limit == 1 else f"Child {number}"
        tries.append(limited(confirming(home, key, name, email=VARIANTS[number // 5 % 5]), limit))
    her_moves: list[Step] = [
        Moves(hers.id, place.service.id, place.office.id, one_or_other(turn)) for turn in range(ROUNDS)
    ]
    moments = together(database.url, [*(tries[n::PROCESSES] for n in range(PROCESSES)), her_moves])

    assert [moment[-1].refusal for moment in moments] == [None] * ROUNDS, "her own move is never refused"
    confirmed = [outcome for moment in moments for outcome in moment[:-1] if outcome.refusal is None]
    assert len(confirmed) == limit - 1, "one of the places is hers already"
    assert database.count(Appointment, Appointment.state == AppointmentState.BOOKED) == limit
    assert database.count(Seat, Seat.kind == CONTACT) == limit
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def limited(step: Unit, limit: int) -> Unit:
    return Unit(step.verb, step.arguments | {"per_contact": limit})


def one_or_other(turn: int) -> datetime:
    return at(TUESDAY, "09:00") if turn % 2 else at(TUESDAY, "09:15")


def test_a_cancellation_waits_for_a_hold_that_would_move_the_visit_and_ends_it(database: Database) -> None:
    place = database.write(a_working_commune)
    made, holds, cancels = half_moved(database, place)
    held, cancelled = half_way(database, holds, cancels)

    assert (held.refusal, cancelled.value) == (None, True)
    assert database.count(Appointment) == 1, "the hold went with what it was for"
    assert database.one(select(Appointment.id)) == made


def test_a_hold_waits_for_the_cancellation_of_what_it_would_move_and_comes_too_late(database: Database) -> None:
    place = database.write(a_working_commune)
    _, holds, cancels = half_moved(database, place)
    cancelled, held = half_way(database, cancels, holds)

    assert cancelled.value
    assert held.refusal in {"OutOfDate", "ForbiddenMove"}


def test_of_a_move_and_a_cancellation_the_first_wins(database: Database) -> None:
    place = database.write(a_working_commune)
    _, holds, cancels = half_moved(database, place)
    accepts = accepting(place, holds(database.engine))
    moved, cancelled = half_way(database, accepts, cancels)

    assert (moved.refusal, cancelled.refusal) == (None, "OutOfDate")


def test_of_a_cancellation_and_a_move_the_first_wins(database: Database) -> None:
    place = database.write(a_working_commune)
    _, holds, cancels = half_moved(database, place)
    accepts = accepting(place, holds(database.engine))
    cancelled, moved = half_way(database, cancels, accepts)

    assert cancelled.value
    assert moved.refusal in {"OutOfDate", "HoldGone"}


def half_moved(database: Database, place: Working) -> tuple[int, Unit, Unit]:
    """Ana's visit at eleven, a step that holds half past eleven for it, and one that cancels it."""
    key = holding(place, ELEVEN)(database.engine)
    made = confirming(place.commune.id, key, "Ana")(database.engine)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "now": EARLY}
    wish = holding(place, at(MONDAY, "11:30"), client="ana", key=new_key(), instead_of=None).arguments
    return made.id, Unit(hold_instead, wish | own), Unit(cancel, own | {"version": 1, "actor": RESIDENT})


def accepting(place: Working, key: str) -> Unit:
    told = {"commune_id": place.commune.id, "hold_key": key, "version": 1, "actor": RESIDENT, "now": EARLY}
    return Unit(accept, told)
