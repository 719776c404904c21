"""A service has other reminder hours: those of visits to come follow, never twice, never for a moment that is past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.models import Appointment, Message, ReminderChange, Service
from booking.models.messages import REMINDERS, MessageKind, MessageState, Recipient
from booking.usecases import reminder_changes
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.messages import lease_next, settle
from booking.usecases.reminder_changes import SETTLED, follow_new_hours
from booking.usecases.reminders import schedule_reminders
from booking.usecases.services import change_service, content_of
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

DORA = Actor(Role.ADMINISTRATOR)
VISIT = at(MONDAY + timedelta(days=14), "10:30")
WEEK_BEFORE, DAY_BEFORE = VISIT - timedelta(days=7), VISIT - timedelta(days=1)


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session)


def agreed(session: Session, place: Working, start: datetime = VISIT, **columns: Any) -> Appointment:
    """A visit with the reminders of its service as it was when it was booked."""
    visit = an_appointment(session, place.counter, place.service, start=start, **columns)
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=EARLY)
    return visit


def hours(session: Session, place: Working, *hours: int, now: datetime = EARLY) -> None:
    """Dora writes other hours."""
    content = replace(content_of(session, service=place.service), reminder_hours=hours)
    own = {"commune_id": place.commune.id, "service_id": place.service.id}
    change_service(session, **own, content=content, actor=DORA, now=now)
    session.expire_all()


def the_worker_follows(session: Session, *, now: datetime = EARLY) -> int:
    """Everything that is to follow does; says in how many pieces."""
    pieces = 0
    while follow_new_hours(session, now=now + SETTLED):
        pieces += 1
    session.expire_all()
    return pieces


def waiting(session: Session, recipient: Recipient = Recipient.PERSON) -> list[datetime]:
    """The moments of the reminders that wait."""
    queued = (Message.kind.in_(REMINDERS), Message.state == MessageState.QUEUED, Message.recipient == recipient)
    return list(session.scalars(select(Message.due_at).where(*queued).order_by(Message.due_at)))


def one_leaves(session: Session, *, now: datetime) -> None:
    leased = lease_next(session, now=now)
    assert leased is not None
    assert settle(session, leased=leased, state=MessageState.SENT, now=now)


def test_the_reminders_of_visits_to_come_follow(session: Session, place: Working) -> None:
    agreed(session, place, email=None, phone="+32470123456")
    hours(session, place, 72, 2)
    assert waiting(session) == [WEEK_BEFORE, DAY_BEFORE], "the worker has not followed yet"

    the_worker_follows(session)
    assert waiting(session) == [VISIT - timedelta(days=3), VISIT - timedelta(hours=2)]
    kinds = session.scalars(select(Message.kind).where(Message.kind.in_(REMINDERS)).order_by(Message.due_at)).all()
    assert kinds == [MessageKind.REMINDER_1, MessageKind.REMINDER_2]
    assert problems(session, now=EARLY) == []


def test_a_booking_that_was_being_written_meanwhile_is_waited_for(session: Session, place: Working) -> None:
    agreed(session, place)
    hours(session, place, 72)

    assert not follow_new_hours(session, now=EARLY + SETTLED - timedelta(seconds=1))
    assert follow_new_hours(session, now=EARLY + SETTLED)
    assert session.scalars(select(ReminderChange)).all() == []


def test_a_service_that_reminds_no_more_takes_its_reminders_back(session: Session, place: Working) -> None:
    agreed(session, place)
    hours(session, place)
    the_worker_follows(session)

    assert waiting(session) == []


def test_nobody_is_reminded_for_a_moment_that_is_past(session: Session, place: Working) -> None:
    agreed(session, place, start=at(MONDAY + timedelta(days=3), "10:30"))
    hours(session, place, 168, 96, 48)
    the_worker_follows(session)

    assert waiting(session) == [at(MONDAY + timedelta(days=1), "10:30")]


def test_what_has_gone_is_not_said_again_and_what_is_to_come_still_is(session: Session, place: Working) -> None:
    agreed(session, place)
    one_leaves(session, now=WEEK_BEFORE)
    hours(session, place, 24, now=WEEK_BEFORE)
    the_worker_follows(session, now=WEEK_BEFORE)
    assert waiting(session) == [DAY_BEFORE]

    hours(session, place, 168, 24, now=WEEK_BEFORE)
    the_worker_follows(session, now=WEEK_BEFORE)
    assert waiting(session) == [DAY_BEFORE]


def test_whoever_has_just_been_reminded_is_not_reminded_again_because_the_hours_are_others(
    session: Session, place: Working
) -> None:
    agreed(session, place)
    for moment in (WEEK_BEFORE, DAY_BEFORE):
        one_leaves(session, now=moment)
    hours(session, place, 168, 20, 2, now=DAY_BEFORE)
    the_worker_follows(session, now=DAY_BEFORE)

    assert waiting(session) == [VISIT - timedelta(hours=2)]


def test_of_more_reminders_than_three_in_all_the_nearest_to_the_visit_are_left(
    session: Session, place: Working
) -> None:
    agreed(session, place)
    one_leaves(session, now=WEEK_BEFORE)
    hours(session, place, 96, 48, 2, now=WEEK_BEFORE)
    the_worker_follows(session, now=WEEK_BEFORE)

    assert waiting(session) == [VISIT - timedelta(days=2), VISIT - timedelta(hours=2)]
    assert session.query(Message).filter(Message.kind.in_(REMINDERS)).count() == 3


def test_a_reminder_on_its_way_is_left_alone(session: Session, place: Working) -> None:
    agreed(session, place)
    assert lease_next(session, now=WEEK_BEFORE)
    hours(session, place, 2, now=WEEK_BEFORE - timedelta(minutes=5))
    the_worker_follows(session, now=WEEK_BEFORE - timedelta(minutes=5))

    states = session.execute(select(Message.kind, Message.state).order_by(Message.id)).all()
    assert [tuple(row) for row in states] == [
        (MessageKind.REMINDER_1, MessageState.LEASED),
        (MessageKind.REMINDER_2, MessageState.QUEUED),
    ]
    assert waiting(session) == [VISIT - timedelta(hours=2)]


def test_whoever_booked_for_somebody_is_reminded_alike(session: Session, place: Working) -> None:
    agreed(session, place, helper_name="Dina Maes", helper_email="dina@example.org")
    hours(session, place, 48)
    the_worker_follows(session)

    assert waiting(session) == waiting(session, Recipient.HELPER) == [VISIT - timedelta(days=2)]


def test_a_cancelled_visit_and_another_service_keep_theirs(session: Session, place: Working) -> None:
    agreed(session, place)
    session.execute(update(Appointment).values(state=AppointmentState.CANCELLED, cancelled_at=EARLY))
    elsewhere = a_working_commune(session, slug="woluwe", postcodes=("1200",))
    agreed(session, elsewhere)
    hours(session, place, 2)
    the_worker_follows(session)

    assert waiting(session) == [WEEK_BEFORE, WEEK_BEFORE, DAY_BEFORE, DAY_BEFORE]


def test_many_visits_follow_piece_by_piece_and_a_second_change_begins_anew(
    session: Session, place: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_changes, "AT_ONCE", 2)
    for number in range(3):
        agreed(session, place, start=VISIT + timedelta(days=number))
    hours(session, place, 72)
    assert follow_new_hours(session, now=EARLY + SETTLED)
    hours(session, place, 48)

    assert the_worker_follows(session) == 2
    assert waiting(session) == [VISIT + timedelta(days=number - 2) for number in range(3)]


def test_a_form_saved_with_the_same_hours_gives_the_worker_nothing_to_do(session: Session, place: Working) -> None:
    content = content_of(session, service=place.service)
    own = {"commune_id": place.commune.id, "service_id": place.service.id, "actor": DORA, "now": EARLY}
    change_service(session, **own, content=replace(content, minutes_first=content.minutes_first + 5))  # type: ignore[arg-type]

    assert session.scalars(select(ReminderChange)).all() == []
    assert session.scalars(select(Service.reminder_hours)).one() == (168, 24)


@pytest.mark.parametrize(("is_demonstration", "moments"), [(True, []), (False, [VISIT - timedelta(days=2)])])
def test_nobody_is_reminded_of_a_visit_that_only_a_demonstration_shows(
    session: Session, place: Working, is_demonstration: bool, moments: list[datetime]
) -> None:
    place.commune.is_demonstration = is_demonstration
    an_appointment(session, place.counter, place.service, start=VISIT)
    hours(session, place, 48)
    the_worker_follows(session)

    assert waiting(session) == moments
