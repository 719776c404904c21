"""The worker: each letter leaves once, whatever is slow or broken around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Message
from booking.models.messages import MessageKind, MessageState
from booking.settings import Settings
from booking.usecases.messages import announce
from booking.worker import Work, send_due
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at

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


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock) -> Work:
    return Work(database.engine, Post(), settings, clock)


def states(database: Database) -> Counter[MessageState]:
    return Counter(database.all(select(Message.state)))


def test_a_slow_server_does_not_make_a_second_worker_send_the_same_letters(
    work: Work, database: Database, clock: Clock
) -> None:
    """Each letter takes the first worker more than a minute, and meanwhile the second one looks for work."""
    database.write(five_letters)
    second = Post()

    def slowly(_: str) -> None:
        clock.forward(seconds=70)
        if len(first.taken) == 2:
            send_due(replace(work, carrier=second))

    first = Post(slowly)
    send_due(replace(work, carrier=first))

    assert sorted(first.taken + second.taken) == sorted(PEOPLE)
    assert states(database) == {MessageState.SENT: len(PEOPLE)}


def test_a_worker_asked_to_stop_finishes_the_letter_in_hand_and_leaves_the_others(
    work: Work, database: Database
) -> None:
    database.write(five_letters)
    stop = Event()

    send_due(replace(work, carrier=Post(lambda _: stop.set())), stop)

    assert states(database) == {MessageState.SENT: 1, MessageState.QUEUED: len(PEOPLE) - 1}
