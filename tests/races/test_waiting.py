"""Freed times and fifty people who all wish differently: each is one person's at a time, in order, none is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.preferences import PartOfDay
from booking.core.timespan import wall_clock
from booking.core.waiting import USUAL_TERMS, OfferState, WaitingState, Wishes
from booking.models import Appointment, FreedTime, Message, Offer, WaitingEntry, WaitingLine
from booking.models.messages import MessageKind, MessageState
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.messages import LEASE, announce
from booking.usecases.waiting_answers import accept, decline, pass_on
from booking.usecases.waiting_list import wishes_of
from tests.databases import Database
from tests.factories import Working, a_session, an_appointment
from tests.moments import BRUSSELS, EARLY, MONDAY, at
from tests.races.processes import Unit, together
from tests.races.test_bookings import surroundings
from tests.races.test_worker import Post, wait_until, waiting
from tests.serving import free_port, worker_process
from tests.usecases.waiting import ANA, a_commune_with_a_list, somebody_waits, waits_with

pytestmark = pytest.mark.races

PEOPLE, WITH_APPOINTMENT, COUNTERS, WORKERS = 38, 12, 6, 4
STARTS = ("08:30", "10:00", "11:30", "13:00", "15:30", "17:15")
WEDNESDAY, THURSDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
A_WEEK = MONDAY + timedelta(days=7)
LATER = at(MONDAY + timedelta(days=8), "09:00")
"""When those who have an appointment already would come: after the last day that anybody wishes for."""

ROUNDS = [*(EARLY + timedelta(minutes=115 * number) for number in range(1, 16)), at(THURSDAY, "18:00")]
"""Over a night; and at last every time is past."""


@dataclass(frozen=True)
class Crowd:
    place: Working
    visits: tuple[int, ...]


def a_crowd(session: Session, *, people: int = PEOPLE, counters: int = COUNTERS) -> Crowd:
    """People who wait, each for other days and other parts of the day, and the visits that will be cancelled."""
    place = a_commune_with_a_list(session, counters=counters)
    a_session(session, place.office, place.counters, start="12:00", end="19:00")
    dice = random.Random(11)
    for number in range(people):
        parts = frozenset(dice.sample(list(PartOfDay), dice.randint(1, 3)))
        weekdays = frozenset(dice.choice([{2}, {3}, {2, 3}, set(range(7))]))
        wishes = Wishes(MONDAY, A_WEEK, weekdays, parts)
        asked = EARLY - timedelta(hours=5) + timedelta(minutes=number)
        somebody_waits(session, place, f"Person{number}", wishes=wishes, persons=dice.choice([1, 1, 2]), now=asked)
    starts = [(WEDNESDAY if number % 2 else THURSDAY, wall) for number, wall in enumerate(STARTS)]
    visits = [
        an_appointment(session, counter, place.service, start=at(day, wall), minutes=30, email=None).id
        for counter in place.counters
        for day, wall in starts
    ]
    for number in range(WITH_APPOINTMENT):
        wishes = Wishes(MONDAY, A_WEEK, frozenset({2 + number % 2}))
        start = LATER + timedelta(minutes=15 * (number // counters))
        own = {"start": start, "email": f"with{number}@example.org", "taken_over_at": EARLY}
        visit = an_appointment(session, place.counters[number % counters], place.service, **own)
        waits_with(session, place, visit, wishes=wishes, now=EARLY - timedelta(hours=6, minutes=-number))
    for message in session.scalars(select(Message)):
        message.state = MessageState.SENT
    return Crowd(place, tuple(visits))


def cancelling(crowd: Crowd, visit: int, now: datetime) -> Unit:
    told = {"commune_id": crowd.place.commune.id, "appointment_id": visit, "version": 1, "actor": ANA, "now": now}
    return Unit(cancel, told)


def accepting(offer: Offer, now: datetime) -> Unit:
    own = {"commune_id": offer.commune_id, "entry_id": offer.entry_id, "offer_id": offer.id}
    return Unit(accept, {**own, "per_contact": 4, "terms": USUAL_TERMS, "actor": ANA, "now": now})


def declining(offer: Offer, now: datetime) -> Unit:
    own = {"commune_id": offer.commune_id, "entry_id": offer.entry_id, "offer_id": offer.id}
    return Unit(decline, {**own, "terms": USUAL_TERMS, "now": now})


@dataclass(frozen=True)
class PassesOn:
    """A step of a worker: everything that is due, each in a unit of its own."""

    now: datetime

    def __call__(self, engine: Engine) -> int:
        done = 0
        while Unit(pass_on, {"terms": USUAL_TERMS, "now": self.now})(engine):
            done += 1
        return done


def open_offers(database: Database) -> list[Offer]:
    return database.all(select(Offer).where(Offer.state == OfferState.OPEN).order_by(Offer.id))


def all_is_well(database: Database, *, now: datetime) -> None:
    with Session(database.engine) as session:
        found = [line for line in problems(session, now=now) if not line.startswith("no message waits")]
    assert found == []
    held = database.all(select(Appointment.hold_key).where(Appointment.state == AppointmentState.HELD))
    assert sorted(held) == sorted(one.hold_key for one in open_offers(database)), "each held for one, none lost"


def in_order(database: Database) -> None:
    """Whoever was passed over had something to answer, had had this time or three that day, or had what they wished."""
    freed = {one.id: one for one in database.all(select(FreedTime))}
    offers = database.all(select(Offer).order_by(Offer.id))
    # Who comes with somebody may be passed over because too little was left of a time.
    alone = select(WaitingLine.entry_id).where(WaitingLine.persons == 1)
    entries = database.all(select(WaitingEntry).order_by(WaitingEntry.proved_at, WaitingEntry.id))
    singles = {*database.all(alone), *(entry.id for entry in entries if entry.appointment_id)}
    places = {entry.id: place for place, entry in enumerate(entries)}
    for one in offers:
        time = freed[one.freed_time_id]
        for entry in entries[: places[one.entry_id]]:
            fits = entry.id in singles and wishes_of(entry).allow(wall_clock(time.start, BRUSSELS))
            theirs = [other for other in offers if other.entry_id == entry.id and other.id != one.id]
            busy = any(
                other.offered_at <= one.offered_at and (other.settled_at is None or other.settled_at >= one.offered_at)
                for other in theirs
            )
            had_it = any(other.freed_time_id == one.freed_time_id and other.id < one.id for other in theirs)
            had_three = sum(other.day == one.day and other.offered_at <= one.offered_at for other in theirs) >= 3
            is_done = entry.state != WaitingState.LIVE and entry.ended_at <= one.offered_at
            assert not fits or busy or had_it or had_three or is_done, f"offer {one.id} passed entry {entry.id} over"


def test_each_freed_time_is_one_persons_at_a_time_in_order_until_the_public_has_it(database: Database) -> None:
    crowd, dice = database.write(a_crowd), random.Random(5)
    shares = [[cancelling(crowd, visit, EARLY) for visit in crowd.visits[number::WORKERS]] for number in range(WORKERS)]
    assert {one.refusal for moment in together(database.url, shares) for one in moment} == {None}
    assert database.count(FreedTime) == len(crowd.visits)
    assert open_offers(database)
    all_is_well(database, now=EARLY)

    for now in ROUNDS:
        living = [offer for offer in open_offers(database) if offer.told_at <= now < offer.until]
        answers = [dice.choice([accepting, declining])(offer, now) for offer in living if dice.random() < 0.5]
        steps: list[Any] = [PassesOn(now)] * WORKERS + answers[:4]
        outcomes = together(database.url, [[step] for step in steps])[0]
        assert {one.refusal for one in outcomes} <= {None, "OfferOver"}
        all_is_well(database, now=now)

    assert open_offers(database) == []
    in_order(database)
    taken = database.count(Offer, Offer.state == OfferState.TAKEN)
    assert taken > 0
    moved = database.count(WaitingEntry, WaitingEntry.appointment_id.is_not(None), WaitingEntry.ended_at.is_not(None))
    assert 0 < moved < taken
    booked = database.count(Appointment, Appointment.state == AppointmentState.BOOKED)
    assert booked == taken - moved + WITH_APPOINTMENT
    assert database.count(Appointment, Appointment.state == AppointmentState.HELD) == 0


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    office, port = Post(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_kill_between_offer_and_mail_loses_neither_and_the_night_is_quiet(
    database: Database, post: tuple[Post, str], tmp_path: Path
) -> None:
    office, url = post
    crowd: Crowd = database.write(lambda session: a_crowd(session, counters=3))
    surrounding = {**surroundings(database, tmp_path), "SMTP_URL": url}
    night, morning = at(MONDAY, "23:00"), at(MONDAY + timedelta(days=1), "07:00")
    for visit in crowd.visits:
        cancelling(crowd, visit, night)(database.engine)
    offered = len(open_offers(database))
    assert offered >= len(crowd.visits) // 2
    database.write(lambda session: a_letter_that_is_due(session, crowd))

    with worker_process(surrounding, log=tmp_path / "log", moment=night):
        wait_until(lambda: office.taken.total() == 1)
    assert waiting(database) == offered

    workers = [worker_process(surrounding, log=tmp_path / "log", moment=morning) for _ in range(WORKERS)]
    killed_when(workers, lambda: office.taken.total() >= 4)
    with worker_process(surrounding, log=tmp_path / "log", moment=morning + LEASE + timedelta(minutes=1)):
        wait_until(lambda: waiting(database) == 0)
    assert len(office.taken) == len(office.recipients) == 1 + offered
    all_is_well(database, now=morning)

    over = morning + timedelta(hours=2)
    workers = [worker_process(surrounding, log=tmp_path / "log", moment=over) for _ in range(WORKERS)]
    killed_when(workers, lambda: database.count(Offer) >= offered + 3)
    all_is_well(database, now=over)
    with worker_process(surrounding, log=tmp_path / "log", moment=over + LEASE + timedelta(minutes=1)):
        wait_until(lambda: waiting(database) == 0 and not any(one.until <= over for one in open_offers(database)))
    all_is_well(database, now=over)
    in_order(database)
    told = select(Message.id).where(Message.kind == MessageKind.LIST_OFFER, Message.state != MessageState.SENT)
    assert database.all(told) == []
    ends = database.count(Message, Message.kind == MessageKind.LIST_OVER, Message.state == MessageState.SENT)
    assert len(office.taken) == 1 + database.count(Offer) + ends


def killed_when(workers: list[Any], reached: Any) -> None:
    """Let workers run until something has happened, then kill them all, as a power cut would."""
    running = [one.__enter__() for one in workers]
    try:
        wait_until(reached)
        for process in running:
            process.kill()
    finally:
        for one in workers:
            one.__exit__(None, None, None)


def a_letter_that_is_due(session: Session, crowd: Crowd) -> None:
    """Somebody else's confirmation, which may leave at night."""
    visit = an_appointment(session, crowd.place.counter, crowd.place.service, start=at(A_WEEK, "09:00"))
    about = {"commune_id": crowd.place.commune.id, "appointment_id": visit.id, "version": 1}
    announce(session, MessageKind.CONFIRMATION, **about, now=EARLY)
