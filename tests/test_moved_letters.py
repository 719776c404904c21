"""What arrives of a visit that is booked, moved, moved and cancelled, whenever the worker runs and stands still."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.models import Appointment, Message
from booking.models.messages import MessageState
from booking.settings import Settings
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.undoing import undo_cancellation
from booking.worker import Work, send_due
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, Clock, at
from tests.usecases.booking import HALF_PAST_TEN, booked
from tests.usecases.test_moves import RESIDENT, moved

ELEVEN, HALF_PAST_ELEVEN = at(MONDAY, "11:00"), at(MONDAY, "11:30")


class Kept:
    """A carrier that keeps what it takes."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        self.letters.append(message)

    def entries(self) -> list[tuple[str, str, int]]:
        """What each letter does to the reader's calendar: the method, the start in Brussels, the sequence."""
        return [entry(letter) for letter in self.letters]


def entry(letter: EmailMessage) -> tuple[str, str, int]:
    (part,) = (part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), f"{event['DTSTART'].dt:%H:%M}", int(event["SEQUENCE"])


@pytest.fixture
def post() -> Kept:
    return Kept()


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock, post: Kept) -> Work:
    return Work(database.engine, post, settings, clock)


Step = Callable[[Session], object]


def steps(database: Database) -> list[Step]:
    """Ana books half past ten, moves to eleven, then to half past eleven, and cancels."""
    place = database.write(a_working_commune)
    made = database.write(lambda session: booked(session, place))
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "actor": RESIDENT, "now": EARLY}
    return [
        lambda session: moved(session, place, made, start=ELEVEN),
        lambda session: moved(session, place, made, start=HALF_PAST_ELEVEN, version=2),
        lambda session: cancel(session, **own, version=3),  # type: ignore[arg-type]
        lambda session: undo_cancellation(session, **own, version=4, per_contact=4),  # type: ignore[arg-type]
    ]


def check(database: Database) -> None:
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []
    assert database.count(Message, Message.state == MessageState.QUEUED, Message.due_at <= EARLY) == 0


def test_a_worker_that_runs_all_along_tells_each_change(database: Database, work: Work, post: Kept) -> None:
    todo = steps(database)
    send_due(work)
    for step in todo:
        database.write(step)
        send_due(work)

    assert post.entries() == [
        ("REQUEST", "10:30", 0),
        ("REQUEST", "11:00", 1),
        ("REQUEST", "11:30", 2),
        ("CANCEL", "11:30", 3),
        ("REQUEST", "11:30", 4),
    ]
    assert [str(letter["Subject"]) for letter in post.letters][1:3] == [
        "Uw afspraak is gewijzigd: maandag 4\u00a0januari om 11\u00a0uur",
        "Uw afspraak is gewijzigd: maandag 4\u00a0januari om 11.30\u00a0uur",
    ]
    check(database)


def told(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def test_the_letter_of_a_move_names_the_old_time_and_the_new_one(database: Database, work: Work, post: Kept) -> None:
    todo = steps(database)
    send_due(work)
    database.write(todo[0])
    send_due(work)
    database.write(todo[1])
    send_due(work)

    assert "Ze was op maandag 4 januari om 10.30 uur en is nu op maandag 4 januari 2027 om 11 uur." in told(
        post.letters[1]
    )
    assert "Ze was op maandag 4 januari om 11 uur en is nu op maandag 4 januari 2027 om 11.30 uur." in told(
        post.letters[2]
    )


def test_of_two_moves_before_a_letter_leaves_it_names_the_time_that_was_told(
    database: Database, work: Work, post: Kept
) -> None:
    todo = steps(database)
    send_due(work)
    for step in todo[:2]:
        database.write(step)
    send_due(work)

    assert len(post.letters) == 2
    assert "Ze was op maandag 4 januari om 10.30 uur en is nu op maandag 4 januari 2027 om 11.30 uur." in told(
        post.letters[1]
    )


def test_a_worker_that_stood_still_all_along_ends_the_visit_alone(database: Database, work: Work, post: Kept) -> None:
    for step in steps(database)[:3]:
        database.write(step)
    send_due(work)

    assert post.entries() == [("CANCEL", "11:30", 3)]
    check(database)


def test_a_worker_that_stood_still_after_the_confirmation(database: Database, work: Work, post: Kept) -> None:
    todo = steps(database)
    send_due(work)
    for step in todo[:3]:
        database.write(step)
    send_due(work)

    assert post.entries() == [("REQUEST", "10:30", 0), ("CANCEL", "11:30", 3)]
    check(database)


def test_a_worker_that_comes_back_between_the_moves_and_the_cancellation(
    database: Database, work: Work, post: Kept
) -> None:
    first, second, last, _ = steps(database)
    for step in (first, second):
        database.write(step)
    send_due(work)
    database.write(last)
    send_due(work)

    assert post.entries() == [("REQUEST", "11:30", 2), ("CANCEL", "11:30", 3)]
    check(database)


def test_of_a_cancellation_taken_back_while_the_worker_stood_still_only_the_end_is_told(
    database: Database, work: Work, post: Kept
) -> None:
    todo = steps(database)
    send_due(work)
    for step in todo:
        database.write(step)
    send_due(work)

    assert post.entries() == [("REQUEST", "10:30", 0), ("REQUEST", "11:30", 4)]
    assert database.one(select(Appointment.start)) == HALF_PAST_ELEVEN != HALF_PAST_TEN
    check(database)
