"""Reminders on their way: once each, at their moment, and only of what still takes place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking import worker
from booking.core.appointments import AppointmentState
from booking.core.letters import LetterKind, VisitLetter
from booking.core.translated import Translated
from booking.delivery.carriers import Later, Refused
from booking.models import Appointment, Message, Service
from booking.models.messages import REMINDERS, MessageKind, MessageState
from booking.settings import Settings
from booking.usecases.cancellations import cancel
from booking.usecases.journal import SYSTEM
from booking.usecases.messages import LEASE
from booking.usecases.reminders import schedule_reminders
from booking.worker import Work, send_due
from tests.databases import Database
from tests.delivery.test_texts import answering
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.test_worker import Post, Turns

VISIT = at(MONDAY + timedelta(days=14), "09:00")
WEEK_BEFORE, DAY_BEFORE = at(MONDAY + timedelta(days=7), "09:00"), at(MONDAY + timedelta(days=13), "09:00")
STRIKE = Translated.of(fr="grève du personnel", nl="staking van het personeel")


class Texts:
    """A gateway for text messages that remembers whom it wrote to, or answers with a fault."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.taken: list[tuple[str, LetterKind]] = []

    def send(self, letter: VisitLetter, *, number: int) -> None:
        if self.fault:
            raise self.fault
        self.taken.append((letter.phone, letter.kind))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def work(database: Database, settings: Settings, clock: Clock, post: Post) -> Work:
    return Work(database.engine, post, settings, clock)


def a_visit(start: datetime = VISIT, now: datetime = EARLY, **columns: Any) -> Callable[[Session], None]:
    def rows(session: Session) -> None:
        place = a_working_commune(session)
        visit = an_appointment(session, place.counter, place.service, start=start, **columns)
        schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=now)

    return rows


def outcomes(database: Database) -> list[tuple[MessageKind, MessageState]]:
    return [tuple(row) for row in database.all(select(Message.kind, Message.state).order_by(Message.id))]


def sent_at(work: Work, clock: Clock, post: Post, *moments: datetime) -> list[int]:
    """How many letters have left by each of these moments, the worker looking just before and at it."""
    counted = []
    for moment in moments:
        for look in (moment - timedelta(seconds=1), moment):
            clock.now = look
            send_due(work)
            counted.append(len(post.taken))
    return counted


def test_each_reminder_leaves_at_its_moment_and_once(work: Work, database: Database, clock: Clock, post: Post) -> None:
    database.write(a_visit())

    assert sent_at(work, clock, post, WEEK_BEFORE, DAY_BEFORE, VISIT) == [0, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("day", [date(2026, 10, 26), date(2027, 3, 29)])
def test_over_the_change_of_the_clock_each_leaves_once_at_the_time_on_the_wall(
    work: Work, database: Database, clock: Clock, post: Post, day: date
) -> None:
    database.write(a_visit(at(day, "09:00"), now=at(day - timedelta(days=30), "09:00")))
    week, night = at(day - timedelta(days=7), "09:00"), at(day - timedelta(days=1), "09:00")

    assert sent_at(work, clock, post, week, night, at(day, "09:00")) == [0, 1, 1, 2, 2, 2]


def test_a_worker_that_died_with_a_reminder_in_hand_does_not_keep_it_nor_does_the_next_send_two(
    work: Work, database: Database, clock: Clock, post: Post
) -> None:
    def dies(_: str) -> None:
        raise SystemExit

    database.write(a_visit())
    clock.now = WEEK_BEFORE
    with pytest.raises(SystemExit):
        send_due(replace(work, carrier=Post(dies)))
    send_due(work)
    assert post.taken == [], "its lease still runs"

    clock.now += LEASE
    send_due(work)
    send_due(work)
    assert len(post.taken) == 1
    assert outcomes(database)[0] == (MessageKind.REMINDER_1, MessageState.SENT)


def test_nobody_is_reminded_of_a_cancelled_visit(work: Work, database: Database, clock: Clock, post: Post) -> None:
    def cancelled(session: Session) -> None:
        visit = session.scalars(select(Appointment)).one()
        cancel(session, commune_id=visit.commune_id, appointment_id=visit.id, actor=SYSTEM, now=EARLY)

    database.write(a_visit())
    database.write(cancelled)
    clock.now = VISIT
    send_due(work)

    assert len(post.taken) == 1, "only of the cancellation"
    assert outcomes(database) == [
        (MessageKind.REMINDER_1, MessageState.DROPPED),
        (MessageKind.REMINDER_2, MessageState.DROPPED),
        (MessageKind.CANCELLATION, MessageState.SENT),
    ]


@pytest.mark.parametrize(
    "columns",
    [
        {"start": VISIT + timedelta(hours=1), "end": VISIT + timedelta(hours=2)},
        {"state": AppointmentState.MISSED},
        {"email": None},
    ],
    ids=["moved", "marked", "contact erased"],
)
def test_nobody_is_reminded_of_what_is_no_longer_so(
    work: Work, database: Database, clock: Clock, post: Post, columns: dict[str, Any]
) -> None:
    """Whatever moved the visit: the reminder itself knows which start it is of."""
    database.write(a_visit())
    database.write(lambda session: session.execute(update(Appointment).values(**columns)) and None)
    clock.now = DAY_BEFORE
    send_due(work)

    assert post.taken == []
    assert {state for _, state in outcomes(database)} == {MessageState.DROPPED}


def test_a_worker_that_was_away_reminds_nobody_of_a_visit_that_has_begun(
    work: Work, database: Database, clock: Clock, post: Post
) -> None:
    database.write(a_visit())
    clock.now = VISIT
    send_due(work)

    assert post.taken == []


def test_after_days_without_a_worker_only_the_nearer_reminder_leaves(
    work: Work, database: Database, clock: Clock, post: Post
) -> None:
    database.write(a_visit())
    clock.now = DAY_BEFORE
    send_due(work)

    assert len(post.taken) == 1
    assert outcomes(database) == [
        (MessageKind.REMINDER_1, MessageState.DROPPED),
        (MessageKind.REMINDER_2, MessageState.SENT),
    ]


def test_whoever_has_no_mail_address_is_sent_a_text_message(
    work: Work, database: Database, clock: Clock, post: Post
) -> None:
    database.write(a_visit(email=None, phone="+32470123456"))
    clock.now, texts = WEEK_BEFORE, Texts()
    send_due(replace(work, texts=texts))  # type: ignore[arg-type]

    assert (post.taken, texts.taken) == ([], [("+32470123456", LetterKind.REMINDER)])
    assert outcomes(database)[0] == (MessageKind.REMINDER_1, MessageState.SENT)


def test_without_a_gateway_the_office_rings(work: Work, database: Database, clock: Clock) -> None:
    database.write(a_visit(email=None, phone="+32470123456"))
    clock.now = WEEK_BEFORE
    send_due(work)

    assert outcomes(database)[0] == (MessageKind.REMINDER_1, MessageState.TO_RING)


@pytest.mark.parametrize(
    ("fault", "state"),
    [(Refused(None, "gateway answered 400"), MessageState.REFUSED), (Later("gateway away"), MessageState.QUEUED)],
)
def test_a_text_message_that_cannot_leave_is_set_aside_or_tried_again(
    work: Work, database: Database, clock: Clock, fault: Exception, state: MessageState
) -> None:
    database.write(a_visit(email=None, phone="+32470123456"))
    clock.now = WEEK_BEFORE
    send_due(replace(work, texts=Texts(fault)))  # type: ignore[arg-type]

    assert outcomes(database)[0] == (MessageKind.REMINDER_1, state)


def test_the_office_rings_whom_it_cancels_and_cannot_write_to(work: Work, database: Database, clock: Clock) -> None:
    def cancelled(session: Session) -> None:
        visit = session.scalars(select(Appointment)).one()
        step = {"commune_id": visit.commune_id, "appointment_id": visit.id, "actor": SYSTEM, "now": EARLY}
        cancel(session, **step, reason=STRIKE)

    database.write(a_visit(email=None, phone="+32470123456"))
    database.write(cancelled)
    send_due(work)

    assert (MessageKind.CANCELLED_BY_COMMUNE, MessageState.TO_RING) in outcomes(database)


def test_only_services_that_ask_for_it_ask_whether_one_comes(work: Work, database: Database, clock: Clock) -> None:
    texts: list[str] = []

    class Reading(Post):
        def send(self, message: Any) -> None:
            texts.append(message.get_body(("plain",)).get_content())

    database.write(a_visit())
    clock.now = WEEK_BEFORE
    send_due(replace(work, carrier=Reading()))
    database.write(lambda session: session.execute(update(Service).values(asks_coming=True)) and None)
    clock.now = DAY_BEFORE
    send_due(replace(work, carrier=Reading()))

    assert ["Merci de confirmer que vous venez." in text for text in texts] == [False, True]
    assert "/appointment/open/" in texts[1]
    assert database.count(Message, Message.kind.in_(REMINDERS)) == 2


def test_the_worker_hands_text_messages_to_the_gateway_of_the_settings(
    make_app: Callable[..., Flask], database: Database, clock: Clock
) -> None:
    database.write(a_visit(email=None, phone="+32470123456"))
    clock.now = WEEK_BEFORE
    with answering() as (address, kept):
        worker.run(make_app(sms_url=f"{address}/{{to}}/{{text}}/{{id}}"), stop=Turns(2))

    ((path, _, _),) = kept
    assert path.startswith("/%2B32470123456/Mairie%20Nord%20%3A%20rappel%20de%20votre%20rendez-vous%2C%20lundi")
    assert path.endswith(f"/guichet-{database.one(select(Message.id).where(Message.state == MessageState.SENT))}")
