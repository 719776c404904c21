"""Workers are killed while three hundred confirmations go out: none is missing, and a second copy is the same mail."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from booking.models import Message
from booking.models.messages import MessageKind, MessageState
from booking.usecases.messages import LEASE, WAITING, announce
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.races.test_bookings import surroundings
from tests.serving import free_port, worker_process

pytestmark = pytest.mark.races

LETTERS, KILLS = 300, 6
PATIENCE_LOOKS = 6000
AFTER_THE_LEASE = LEASE + timedelta(minutes=1)


def waiting(database: Database) -> int:
    return database.count(Message, Message.state.in_(WAITING))


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


def three_hundred(session: Session) -> None:
    place = a_working_commune(session, counters=5)
    starts = [
        at(MONDAY + timedelta(days=day), f"{hour:02}:{minute:02}")
        for day in range(1, 5)
        for hour in (8, 9, 10, 11)
        for minute in (0, 15, 30, 45)
    ]
    for number in range(LETTERS):
        counter = place.counters[number % 5]
        visit = an_appointment(
            session, counter, place.service, start=starts[number // 5], email=f"p{number}@example.org"
        )
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=place.commune.id,
            appointment_id=visit.id,
            version=1,
            now=EARLY,
        )


def test_no_letter_is_lost_and_a_copy_is_the_same_letter(
    database: Database, post: tuple[Post, str], tmp_path: Path
) -> None:
    office, url = post
    database.write(three_hundred)
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
