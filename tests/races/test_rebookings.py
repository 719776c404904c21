"""Visits are carried on while workers are killed and others book: each person is written to once, of their own time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.changes import NEW, AddClosure
from booking.core.opening import ClosureRule
from booking.core.rebookings import OPEN, Settled
from booking.database import in_unit
from booking.models import Appointment, Message, RebookedVisit
from booking.models.messages import IS_WAITING, MessageKind, MessageState
from booking.usecases.check import problems
from booking.usecases.effects import Decision
from booking.usecases.opening import make_change
from booking.usecases.proposal_answers import accept
from booking.usecases.proposals import carry_on
from booking.usecases.settling import Wanted
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import Books, holding
from tests.races.closing import DORA, STRIKE
from tests.races.processes import CameOf, Step, Unit, came_of, together
from tests.races.test_bookings import surroundings
from tests.races.test_worker import AFTER_THE_LEASE, LETTERS, Post, post, three_hundred, wait_until, waiting
from tests.serving import worker_process

pytestmark = pytest.mark.races

__all__ = ["post"]
KILLED_AT = (LETTERS // 5, LETTERS // 2, LETTERS * 4 // 5)
WORKERS, PEOPLE = 3, 30


def closed(session: Session, place: Working, first: int, last: int) -> None:
    """The office closes from one day of the week to another, and everybody is asked about another time."""
    days = (MONDAY + timedelta(days=one) for one in (first, last))
    rule = ClosureRule(id=NEW, **dict(zip(("first", "last"), days, strict=True)))
    ids = session.scalars(select(Appointment.id)).all()
    wanted = Wanted(dict.fromkeys(ids, Decision.PROPOSE), STRIKE)
    own = {"commune_id": place.commune.id, "actor": DORA, "now": EARLY}
    make_change(session, change=AddClosure(place.office.id, rule, STRIKE), wanted=wanted, **own)


def week_closed(session: Session) -> None:
    closed(session, three_hundred(session), 1, 4)


def proposed(database: Database) -> int:
    return database.count(RebookedVisit, RebookedVisit.state == Settled.PROPOSED)


def breaches(database: Database) -> list[str]:
    """Visits of a test were made without the message that they are made."""
    with Session(database.engine) as session:
        found = problems(session, now=EARLY + timedelta(minutes=1))
    return [one for one in found if "has a confirmation in the outbox" not in one]


def test_a_rebooking_that_is_killed_half_way_ends_complete(
    database: Database, post: tuple[Post, str], tmp_path: Path
) -> None:
    office, url = post
    database.write(week_closed)
    surrounding = {**surroundings(database, tmp_path), "SMTP_URL": url}
    moment = EARLY
    for goal in KILLED_AT:
        with worker_process(surrounding, log=tmp_path / "log", moment=moment) as worker:
            wait_until(lambda goal=goal: proposed(database) >= goal)
            worker.kill()
        assert proposed(database) < LETTERS, "it was killed half-way"
        moment += AFTER_THE_LEASE
    with (
        worker_process(surrounding, log=tmp_path / "log", moment=moment),
        worker_process(surrounding, log=tmp_path / "log", moment=moment),
    ):
        wait_until(lambda: proposed(database) == LETTERS and waiting(database) == 0)

    assert database.count(RebookedVisit) == LETTERS
    held = database.all(select(Appointment.replaces_id).where(Appointment.hold_kind == HoldKind.REBOOKING))
    assert Counter(held) == Counter(database.all(select(RebookedVisit.appointment_id)))
    told = database.all(select(Message.appointment_id).where(Message.kind == MessageKind.REBOOKING))
    assert Counter(told) == Counter(held)
    assert database.count(Message, Message.state == MessageState.SENT) == LETTERS
    assert len(office.taken) == len(office.recipients) == LETTERS
    assert breaches(database) == []


def a_day_closed(session: Session) -> Working:
    """Thirty people on a Tuesday that closes; the next days are there for them, and for whoever books meanwhile."""
    place = a_working_commune(session, counters=3)
    walls = [f"{hour:02}:{minute:02}" for hour in (8, 9, 10) for minute in (0, 15, 30, 45)]
    for number in range(PEOPLE):
        start = at(MONDAY + timedelta(days=1), walls[number // 3])
        an_appointment(session, place.counters[number % 3], place.service, start=start, email=f"p{number}@example.org")
    closed(session, place, 1, 1)
    return place


def carrying(engine: Engine) -> int:
    """A worker that carries on what it finds, until there is nothing left."""
    number = 0
    while batch := in_unit(engine, carry_on, now=EARLY):
        number += batch
    return number


def one_by_one(engine: Engine, *, steps: list[Step]) -> list[CameOf]:
    return [came_of(step, engine) for step in steps]


def test_workers_and_residents_at_once_leave_everybody_a_time_of_their_own(database: Database) -> None:
    place = database.write(a_day_closed)
    wednesday = MONDAY + timedelta(days=2)
    walls = [f"{hour:02}:{minute:02}" for hour in (8, 9, 10, 11) for minute in (0, 15, 30, 45)]
    residents: list[Step] = [
        partial(one_by_one, steps=[Books(holding(place, at(wednesday, wall)), f"{n} {wall}") for wall in walls])
        for n in range(2)
    ]
    (moment,) = together(database.url, [[carrying]] * WORKERS + [[one] for one in residents])
    carrying(database.engine)

    assert sum(outcome.value for outcome in moment[:WORKERS]) <= PEOPLE
    assert {outcome.refusal for one in moment[WORKERS:] for outcome in one.value} <= {None, "SlotTaken"}
    assert proposed(database) == PEOPLE
    told = database.all(select(Message.appointment_id).where(Message.kind == MessageKind.REBOOKING))
    assert len(told) == len(set(told)) == PEOPLE
    assert database.count(Message, IS_WAITING, Message.kind == MessageKind.REBOOKING) == PEOPLE
    assert breaches(database) == []


def test_of_two_who_answer_at_once_one_is_heard(database: Database) -> None:
    """Each person accepts in two browsers while the office settles them by phone: one of them counts, and once."""
    place = database.write(a_day_closed)
    carrying(database.engine)
    rows = database.all(select(RebookedVisit.appointment_id, RebookedVisit.attempts))
    shares: list[list[Step]] = [
        [
            Unit(
                accept,
                {
                    "commune_id": place.commune.id,
                    "appointment_id": number,
                    "attempt": attempt,
                    "version": 1,
                    "actor": DORA,
                    "now": EARLY,
                },
            )
            for number, attempt in rows
        ]
        for _ in range(2)
    ]
    for outcomes in together(database.url, shares):
        assert {outcome.refusal for outcome in outcomes} <= {None, "OfferOver", "OutOfDate"}
        assert any(outcome.refusal is None for outcome in outcomes)

    assert set(database.all(select(RebookedVisit.state))) == {Settled.BY_PHONE}
    assert database.count(RebookedVisit, RebookedVisit.state.in_(OPEN)) == 0
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0
    assert database.count(Message, Message.kind == MessageKind.MOVED) == PEOPLE
    assert breaches(database) == []
