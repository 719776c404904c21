"""Who cancelled by mistake takes it back within a quarter of an hour, while the time is still free."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import AlreadyBooked, OutOfDate, SlotTaken, TooLateToUndo
from booking.core.self_service import WhyCancelled
from booking.core.translated import Translated
from booking.models import Appointment, JournalEntry, Message, Seat
from booking.models.messages import MessageKind
from booking.usecases.appointments import Booked
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.undoing import may_be_undone, undo_cancellation
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, held
from tests.usecases.test_moves import RESIDENT, of, ticks

LATER = EARLY + timedelta(minutes=15)
JUST_BEFORE = LATER - timedelta(seconds=1)


def cancelled(session: Session, place: Working, *, why: WhyCancelled | None = None, **other: object) -> Booked:
    made = booked(session, place)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1, "now": EARLY}
    cancel(session, **own, actor=RESIDENT, why=why, **other)  # type: ignore[arg-type]
    return made


def undone(session: Session, place: Working, made: Booked, *, version: int = 2, now: datetime = JUST_BEFORE) -> bool:
    return undo_cancellation(
        session,
        commune_id=place.commune.id,
        appointment_id=made.id,
        version=version,
        per_contact=4,
        actor=RESIDENT,
        now=now,
    )


def test_a_cancellation_is_taken_back_and_everything_is_as_it_was(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place, why=WhyCancelled.UNSUITABLE)
    assert of(session, made).why_cancelled == WhyCancelled.UNSUITABLE

    assert may_be_undone(of(session, made), JUST_BEFORE)
    assert undone(session, place, made)
    after = of(session, made)
    assert (after.state, after.cancelled_at, after.why_cancelled) == (AppointmentState.BOOKED, None, None)
    assert (after.sequence, after.version, after.changed_at, after.start) == (2, 3, JUST_BEFORE, HALF_PAST_TEN)
    assert len(ticks(session, made)) == 3
    assert session.query(Seat).count() == 2
    kinds = session.scalars(select(Message.kind).order_by(Message.id)).all()
    assert kinds == [MessageKind.CONFIRMATION, MessageKind.CANCELLATION, MessageKind.RESTORED]
    assert session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all() == ["cancelled", "restored"]
    assert problems(session, now=EARLY) == []


def test_taking_it_back_twice_does_it_once(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)

    assert undone(session, place, made)
    assert not undone(session, place, made)
    assert session.query(Message).count() == 3


def test_after_a_quarter_of_an_hour_a_cancellation_stays(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)

    assert not may_be_undone(of(session, made), LATER)
    with pytest.raises(TooLateToUndo):
        undone(session, place, made, now=LATER)


def test_a_visit_whose_time_has_come_is_not_booked_again(session: Session) -> None:
    place = a_working_commune(session)
    place.service.cancel_notice_minutes = 0
    made = booked(session, place)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1}
    cancel(session, **own, actor=RESIDENT, now=HALF_PAST_TEN - timedelta(minutes=1))  # type: ignore[arg-type]

    assert not may_be_undone(of(session, made), HALF_PAST_TEN)
    with pytest.raises(TooLateToUndo):
        undone(session, place, made, now=HALF_PAST_TEN)


def test_the_commune_s_own_cancellation_is_not_taken_back_by_the_person(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place, reason=Translated.of(fr="Grève", nl="Staking"))

    assert not may_be_undone(of(session, made), EARLY)
    with pytest.raises(TooLateToUndo):
        undone(session, place, made)


def test_a_time_that_somebody_else_has_by_now_does_not_come_back(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)
    held(session, place, length=timedelta(minutes=20))

    with pytest.raises(SlotTaken):
        undone(session, place, made)


def test_it_comes_back_at_another_counter_when_its_own_is_taken(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    made = cancelled(session, place)
    own = of(session, made).counter_id
    held(session, place, counter_id=own, length=timedelta(minutes=20))

    assert undone(session, place, made)
    assert of(session, made).counter_id != own
    assert problems(session, now=EARLY) == []


def test_it_comes_back_at_its_own_counter_whichever_is_free(session: Session) -> None:
    place = a_working_commune(session, counters=5)
    made = cancelled(session, place)
    own = of(session, made).counter_id

    assert undone(session, place, made)
    assert of(session, made).counter_id == own


def test_a_hold_that_lapsed_there_is_no_hindrance(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)
    held(session, place, length=timedelta(minutes=5))

    assert undone(session, place, made)
    assert session.query(Appointment).count() == 1


def test_who_has_booked_anew_meanwhile_has_one_appointment_for_it(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)
    booked(session, place, start=at(MONDAY, "11:30"), wish=replace(ANA, name="ana peeters"))

    with pytest.raises(AlreadyBooked):
        undone(session, place, made)


def test_an_old_page_takes_nothing_back(session: Session) -> None:
    place = a_working_commune(session)
    made = cancelled(session, place)
    undone(session, place, made)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 3, "now": EARLY}
    cancel(session, **own, actor=RESIDENT)  # type: ignore[arg-type]

    with pytest.raises(OutOfDate):
        undone(session, place, made)
