"""The outbox: one message is one worker's at a time, and one visit's messages leave in their order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.letters import TO_BE_TAKEN, TO_HAND_OVER
from booking.models import Message
from booking.models.messages import MessageKind, MessageState
from booking.usecases.messages import LEASE, announce, lease_next, put_back, settle
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

LATER = EARLY + LEASE


@pytest.fixture
def visit_id(session: Session) -> int:
    """Ana's visit, and its confirmation in the outbox."""
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(MONDAY, "11:00"))
    kind = MessageKind.CONFIRMATION
    announce(session, kind, commune_id=place.commune.id, appointment_id=visit.id, version=1, now=EARLY)
    return visit.id


def states(session: Session) -> list[MessageState]:
    session.expire_all()
    return list(session.scalars(select(Message.state).order_by(Message.id)))


@pytest.mark.usefixtures("visit_id")
def test_a_worker_that_comes_back_after_its_lease_changes_nothing(session: Session) -> None:
    first, second = lease_next(session, now=EARLY), lease_next(session, now=LATER)
    assert first
    assert second

    assert not settle(session, leased=first, state=MessageState.REFUSED, fault="550", now=LATER)
    assert not put_back(session, leased=first, fault="away", give_up_at=at(MONDAY, "11:00"), now=LATER)

    assert session.scalars(select(Message.lease)).one() == second.lease
    assert states(session) == [MessageState.LEASED]
    assert settle(session, leased=second, state=MessageState.SENT, now=LATER)
    assert states(session) == [MessageState.SENT]


def test_a_cancellation_waits_while_its_confirmation_is_in_somebodys_hands(session: Session, visit_id: int) -> None:
    confirmation = lease_next(session, now=EARLY)
    commune_id = session.scalars(select(Message.commune_id)).one()
    kind = MessageKind.CANCELLATION
    announce(session, kind, commune_id=commune_id, appointment_id=visit_id, version=2, now=EARLY)
    assert confirmation
    assert lease_next(session, now=EARLY) is None

    settle(session, leased=confirmation, state=MessageState.SENT, now=EARLY)

    cancellation = lease_next(session, now=EARLY)
    assert cancellation is not None
    assert cancellation.kind == kind


def test_a_lease_outlasts_the_slowest_letter_by_some_minutes_for_clocks_that_differ() -> None:
    assert TO_HAND_OVER + TO_BE_TAKEN + timedelta(minutes=5) <= LEASE
