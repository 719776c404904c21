"""Workers are killed while three hundred confirmations go out: none is missing, and a second copy is the same mail."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment, Message
from booking.models.messages import IS_WAITING, MessageKind, MessageState
from booking.usecases.messages import LEASE, announce
from booking.usecases.reminders import schedule_reminders
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.races.test_bookings import surroundings
from tests.serving import free_port, worker_process

pytestmark = pytest.mark.races

LETTERS, KILLS = 300, 6
PATIENCE_LOOKS = 6000
AFTER_THE_LEASE = LEASE + timedelta(minutes=1)


def waiting(database: Database) -> int:
    return database.count(Message, IS_WAITING)


def wait_until(reached: Callable[[], bool]) -> None:
    """Look again and again until a condition holds; fail when it never does."""
    patience = Event()
    for _ in range(PATIENCE_LOOKS):
        if reached():
            return
        patience.wait(0.02)
    raise AssertionError("the workers did not get this far")


class Post:
    """A mail server that remembers the identifier of each message it took."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.recipients: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        (identifier,) = [
            line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("message-id:")
        ]
        self.taken[identifier] += 1
        self.recipients |= set(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    office, port = Post(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield office, f"smtp://127.0.0.1:{port}"
    controller.stop()


def three_hundred(session: Session) -> Working:
    """Three hundred visits of people of their own, Tuesday to Friday."""
    place = a_working_commune(session, counters=5)
    starts = [
        at(MONDAY + timedelta(days=day), f"{hour:02}:{minute:02}")
        for day in range(1, 5)
        for hour in (8, 9, 10, 11)
        for minute in (0, 15, 30, 45)
    ]
    for number in range(LETTERS):
        counter, start = place.counters[number % 5], starts[number // 5]
        an_appointment(session, counter, place.service, start=start, email=f"p{number}@example.org")
    return place


def confirmed(session: Session) -> None:
    place = three_hundred(session)
    for number in session.scalars(select(Appointment.id)).all():
        of = {"commune_id": place.commune.id, "appointment_id": number}
        announce(session, MessageKind.CONFIRMATION, **of, version=1, now=EARLY)


def reminded(session: Session) -> None:
    """All their reminders of a day before are due by Friday; those of Tuesday's visits were before the week began."""
    place = three_hundred(session)
    ids = session.scalars(select(Appointment.id)).all()
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=ids, now=EARLY - timedelta(days=1))


def test_no_letter_is_lost_and_a_copy_is_the_same_letter(
    database: Database, post: tuple[Post, str], tmp_path: Path
) -> None:
    office, url = post
    database.write(confirmed)
    surrounding = {**surroundings(database, tmp_path), "SMTP_URL": url}
    dice, moment = random.Random(1), EARLY
    for kill in range(KILLS):
        goal = office.taken.total() + dice.randint(5, LETTERS // KILLS // 2)
        with worker_process(surrounding, log=tmp_path / "log", moment=moment) as worker:
            wait_until(lambda goal=goal: office.taken.total() >= goal or waiting(database) == 0)
            worker.kill()
        moment = EARLY + AFTER_THE_LEASE * (kill + 1)
    with (
        worker_process(surrounding, log=tmp_path / "log", moment=moment),
        worker_process(surrounding, log=tmp_path / "log", moment=moment),
    ):
        wait_until(lambda: waiting(database) == 0)

    assert database.count(Message, Message.state == MessageState.SENT) == LETTERS
    assert len(office.taken) == len(office.recipients) == LETTERS
    assert office.taken.total() - LETTERS <= KILLS


def test_of_four_workers_that_are_killed_each_person_gets_one_reminder(
    database: Database, post: tuple[Post, str], tmp_path: Path
) -> None:
    """They find them all due at once, and some of them die with one in hand."""
    office, url = post
    database.write(reminded)
    surrounding = {**surroundings(database, tmp_path), "SMTP_URL": url}
    due = at(MONDAY, "23:00")
    expected = database.count(Message, Message.due_at <= due)
    assert expected > LETTERS // 5

    for moment, is_last in ((due, False), (due + AFTER_THE_LEASE, True)):
        with ExitStack() as stack:
            workers = [
                stack.enter_context(worker_process(surrounding, log=tmp_path / "log", moment=moment)) for _ in range(4)
            ]
            if is_last:
                wait_until(lambda: database.count(Message, IS_WAITING, Message.due_at <= due) == 0)
            else:
                wait_until(lambda: office.taken.total() >= expected // 3)
                for worker in workers:
                    worker.kill()

    assert database.count(Message, Message.state == MessageState.SENT) == expected
    assert len(office.taken) == len(office.recipients) == expected
    assert office.taken.total() - expected <= 4, "a copy is the same mail, and only of those who died with one in hand"
