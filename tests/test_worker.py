"""The worker: each letter leaves once, whatever is slow or broken around it."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from booking import mailbox, worker
from booking.core.appointments import AppointmentState
from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER, StaffLetter
from booking.delivery.carriers import Later
from booking.models import Appointment, Message
from booking.models.messages import MessageKind, MessageState
from booking.settings import Settings
from booking.usecases.contacts import correct_contact
from booking.usecases.journal import SYSTEM
from booking.usecases.letters import letter_for
from booking.usecases.messages import LEASE, Leased, announce, lease_next
from booking.usecases.passwords import ask_for_reset
from booking.usecases.retention import KINDS
from booking.worker import Work, send_due, tidy
from tests.databases import Database
from tests.factories import a_commune, a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.usecases.booking import ANA, booked

WALLS = ("09:00", "09:30", "10:00", "10:30", "11:00")
PEOPLE = tuple(f"p{number}@example.org" for number in range(len(WALLS)))


def five_letters(session: Session) -> None:
    """Five people with a visit on Monday, and a confirmation in the outbox for each."""
    place = a_working_commune(session)
    for wall, email in zip(WALLS, PEOPLE, strict=True):
        visit = an_appointment(session, place.counter, place.service, start=at(MONDAY, wall), email=email)
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=place.commune.id,
            appointment_id=visit.id,
            version=1,
            now=EARLY,
        )


class Post:
    """A carrier that counts what it takes; before each letter it does ``first``, if anything."""

    def __init__(self, first: Callable[[str], object] = lambda recipient: None) -> None:
        self.first = first
        self.taken: list[str] = []

    def send(self, message: EmailMessage) -> None:
        recipient = message["To"].addresses[0].addr_spec
        self.first(recipient)
        self.taken.append(recipient)


class Turns(Event):
    """A stop that comes after so many pauses of the loop; each takes no time but what ``pause`` lets pass."""

    def __init__(self, pauses: int, pause: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self.pauses, self.pause = pauses, pause

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses -= 1
        self.pause()
        if self.pauses <= 0:
            self.set()
        return self.is_set()


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock) -> Work:
    return Work(database.engine, Post(), settings, clock)


def states(database: Database) -> Counter[MessageState]:
    return Counter(database.all(select(Message.state)))


def test_a_slow_server_does_not_make_a_second_worker_send_the_same_letters(
    work: Work, database: Database, clock: Clock
) -> None:
    """Each letter takes the first worker as long as one can, and meanwhile the second one looks for work."""
    database.write(five_letters)
    second = Post()

    def slowly(_: str) -> None:
        clock.now += TO_HAND_OVER + TO_BE_TAKEN
        if len(first.taken) == 2:
            send_due(replace(work, carrier=second))

    first = Post(slowly)
    send_due(replace(work, carrier=first))

    assert sorted(first.taken + second.taken) == sorted(PEOPLE)
    assert states(database) == {MessageState.SENT: len(PEOPLE)}


def test_a_worker_whose_letter_another_one_took_over_does_not_say_that_it_sent_it(
    work: Work, database: Database, clock: Clock
) -> None:
    """The first one slept with its letter in hand, lid closed; the second sends it, and waits for its own answer."""

    def asleep(_: str) -> None:
        clock.now += LEASE
        send_due(replace(work, carrier=second))

    def looked_at(_: str) -> None:
        seen.append(states(database))

    seen: list[Counter[MessageState]] = []
    second = Post(looked_at)
    database.write(one_letter(MessageKind.CONFIRMATION, start=at(MONDAY + timedelta(days=1), "09:00")))
    with capture_logs() as said:
        send_due(replace(work, carrier=Post(asleep)))

    assert seen == [{MessageState.LEASED: 1}]
    assert [line["event"] for line in said] == ["message sent", "lease was over"]
    assert states(database) == {MessageState.SENT: 1}


def test_a_corrected_contact_gets_one_letter_and_the_mistyped_one_none(
    work: Work, database: Database, clock: Clock
) -> None:
    def mistyped(session: Session) -> None:
        place = a_working_commune(session)
        made = booked(session, place, wish=replace(ANA, email="ana@wrong.example"))
        correct_contact(
            session,
            commune_id=place.commune.id,
            appointment_id=made.id,
            version=1,
            email="ana@right.example",
            phone=None,
            per_contact=4,
            limit=3,
            actor=SYSTEM,
            now=EARLY,
        )

    database.write(mistyped)
    post = Post()
    send_due(replace(work, carrier=post))

    assert post.taken == ["ana@right.example"]
    assert states(database) == {MessageState.SENT: 1, MessageState.DROPPED: 1}


def test_a_worker_asked_to_stop_finishes_the_letter_in_hand_and_leaves_the_others(
    work: Work, database: Database
) -> None:
    database.write(five_letters)
    stop = Event()

    send_due(replace(work, carrier=Post(lambda _: stop.set())), stop)

    assert states(database) == {MessageState.SENT: 1, MessageState.QUEUED: len(PEOPLE) - 1}


def test_a_letter_nobody_can_write_is_set_aside_and_the_others_leave(work: Work, database: Database) -> None:
    """The fault's kind is kept for staff; its words, which may name somebody, are not."""
    database.write(five_letters)
    post = Post(lambda recipient: {}["no bag for " + recipient] if recipient == PEOPLE[1] else None)

    send_due(replace(work, carrier=post))

    assert sorted(post.taken) == sorted({*PEOPLE} - {PEOPLE[1]})
    assert states(database) == {MessageState.SENT: 4, MessageState.REFUSED: 1}
    kept = database.one(select(Message.fault).where(Message.state == MessageState.REFUSED))
    assert kept.startswith("KeyError at test_worker.py:")


def test_a_visit_deleted_while_its_letter_is_in_hand_stops_no_other(
    work: Work, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.write(five_letters)
    gone: list[int] = []

    def too_late(session: Session, *, message_number: int, **facts: Any) -> Any:
        if not gone:
            gone.append(message_number)
            mine = select(Message.appointment_id).where(Message.id == message_number)
            database.write(lambda unit: unit.execute(delete(Appointment).where(Appointment.id.in_(mine))) and None)
        return letter_for(session, message_number=message_number, **facts)

    monkeypatch.setattr(worker, "letter_for", too_late)
    send_due(work)

    assert states(database) == {MessageState.SENT: 4}


def test_the_loop_goes_on_after_the_database_was_away_or_something_broke(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.write(five_letters)
    stop = Turns(3)
    faults: list[Exception] = [OperationalError("select", {}, sqlite3.OperationalError("gone")), ValueError("Ana")]

    def next_letter(session: Session, *, now: datetime) -> Leased | None:
        if faults:
            raise faults.pop(0)
        return lease_next(session, now=now)

    monkeypatch.setattr(worker, "lease_next", next_letter)
    worker.run(app, stop=stop)

    assert states(database) == {MessageState.SENT: len(PEOPLE)}


def test_what_could_not_be_tidied_is_tidied_an_hour_later_and_what_could_a_day_later(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[datetime] = []

    def tidy(engine: Engine, settings: Settings, *, now: datetime) -> dict[str, int]:
        tries.append(now)
        if len(tries) == 1:
            raise OperationalError("delete", {}, sqlite3.OperationalError("gone"))
        return {}

    monkeypatch.setattr(worker, "tidy", tidy)
    worker.run(app, stop=Turns(60, lambda: clock.forward(minutes=30)))

    assert tries == [EARLY + timedelta(hours=hours) for hours in (0, 1, 25)]


def test_what_cannot_be_forgotten_keeps_nothing_else_from_being_forgotten(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(session: Session, *, now: datetime) -> int:
        raise OperationalError("delete", {}, sqlite3.OperationalError("too slow"))

    database.write(one_letter(MessageKind.CONFIRMATION, start=at(MONDAY, "09:00")))
    monkeypatch.setattr(worker, "KINDS", {"holds": too_slow, **{kind: KINDS[kind] for kind in ("contacts", "names")}})
    with pytest.raises(OperationalError):
        tidy(database.engine, settings, now=EARLY + timedelta(days=400))

    assert database.one(select(Appointment.email, Appointment.name)) == (None, None)


def test_letters_that_development_kept_go_with_the_contacts(database: Database, settings: Settings) -> None:
    database.write(a_commune, contact_days=30)
    for age, letter in ((29, "<young@guichet.example>"), (31, "<old@guichet.example>")):
        name = mailbox.keep(settings.mailbox, b"Subject: x", letter)
        kept = (EARLY - timedelta(days=age)).timestamp()
        os.utime(settings.mailbox / f"{name}.eml", (kept, kept))

    assert tidy(database.engine, settings, now=EARLY) == {"letters": 1}
    assert len(mailbox.listing(settings.mailbox)) == 1


def test_a_cancellation_does_not_wait_for_a_confirmation_that_was_put_off(
    work: Work, database: Database, clock: Clock
) -> None:
    """The mail server was away for an hour; then the commune has to cancel, and that leaves at once."""

    def cancelled(session: Session) -> None:
        visit = session.scalars(select(Appointment)).one()
        visit.state, visit.cancelled_at = AppointmentState.CANCELLED, clock.now
        kind, number = MessageKind.CANCELLED_BY_COMMUNE, visit.id
        announce(session, kind, commune_id=visit.commune_id, appointment_id=number, version=2, now=clock.now)

    def away(_: str) -> None:
        raise Later("the server is away")

    database.write(one_letter(MessageKind.CONFIRMATION, start=at(MONDAY + timedelta(days=1), "09:00")))
    for _ in range(4):
        clock.now = max(clock.now, database.one(select(Message.due_at)))
        send_due(replace(work, carrier=Post(away)))
    database.write(cancelled)
    post = Post()

    assert send_due(replace(work, carrier=post)) == 1
    assert database.all(select(Message.kind).where(Message.state == MessageState.SENT)) == [
        MessageKind.CANCELLED_BY_COMMUNE
    ]

    clock.now += timedelta(hours=2)
    assert send_due(replace(work, carrier=post)) == 1
    assert states(database) == {MessageState.SENT: 1, MessageState.DROPPED: 1}


def tries_until_given_up(work: Work, database: Database, clock: Clock) -> list[datetime]:
    """When the only message is tried while the mail server is away, from the first try to the last."""
    tries: list[datetime] = []

    def away(_: str) -> None:
        tries.append(clock.now)
        raise Later("the server is away")

    while states(database) == {MessageState.QUEUED: 1}:
        clock.now = max(clock.now, database.one(select(Message.due_at)))
        send_due(replace(work, carrier=Post(away)))
    assert states(database) == {MessageState.REFUSED: 1}
    return tries


def one_letter(kind: MessageKind, *, start: datetime) -> Callable[[Session], None]:
    def rows(session: Session) -> None:
        place = a_working_commune(session)
        state = AppointmentState.BOOKED if kind == MessageKind.CONFIRMATION else AppointmentState.CANCELLED
        visit = an_appointment(session, place.counter, place.service, start=start, state=state)
        announce(session, kind, commune_id=place.commune.id, appointment_id=visit.id, version=1, now=EARLY)

    return rows


def test_the_last_try_of_a_confirmation_comes_in_time_for_the_visit(
    work: Work, database: Database, clock: Clock
) -> None:
    """The pause after the third try would have been an hour, and the visit is in less."""
    database.write(one_letter(MessageKind.CONFIRMATION, start=at(MONDAY, "09:00")))

    tries = tries_until_given_up(work, database, clock)

    assert tries == [at(MONDAY, wall) for wall in ("08:00", "08:01", "08:06", "08:21", "08:50")]


def test_a_cancellation_is_tried_for_three_days_from_when_it_was_left(
    work: Work, database: Database, clock: Clock
) -> None:
    database.write(one_letter(MessageKind.CANCELLATION, start=at(MONDAY + timedelta(days=20), "09:00")))

    tries = tries_until_given_up(work, database, clock)

    assert tries[0] == EARLY
    assert tries[-1] == EARLY + timedelta(days=3) - timedelta(minutes=10)


def test_a_new_password_is_tried_while_its_link_works_and_says_how_long_that_still_is(
    work: Work, database: Database, clock: Clock
) -> None:
    def forgotten(session: Session) -> None:
        place = a_working_commune(session)
        a_person(session, place.commune)
        ask_for_reset(session, email="bilal@mairie-nord.example", commune_id=place.commune.id, now=EARLY)

    database.write(forgotten)

    tries = tries_until_given_up(work, database, clock)

    assert tries == [EARLY + timedelta(minutes=minutes) for minutes in (0, 1, 6, 21, 50)]
    with Session(database.engine) as session:
        facts = {"base_url": "http://localhost", "secret": "s", "now": tries[-1]}
        letter = letter_for(session, message_number=database.one(select(Message.id)), **facts)
    assert isinstance(letter, StaffLetter)
    assert letter.expires_minutes == 10
