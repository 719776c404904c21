"""Ticking somebody off the call list, taking it back, and whom nobody has heard from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import OutOfDate, Unknown
from booking.core.roles import Role
from booking.models import Appointment, CallMade, JournalEntry, Message
from booking.models.messages import MessageKind, MessageState
from booking.usecases.calls import calls, number_to_call
from booking.usecases.calls_made import asked_by_phone, made_today, not_rung, rung, unheard
from booking.usecases.journal import Actor
from booking.usecases.reminders import schedule_reminders
from tests.factories import Working, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at

VISIT = at(MONDAY + timedelta(days=14), "09:00")
WEEK_BEFORE = at(MONDAY + timedelta(days=7), "09:00")
RECEPTION = Actor(Role.RECEPTIONIST)


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session)


def ana_waits(session: Session, place: Working, state: MessageState = MessageState.TO_RING) -> int:
    """Ana without e-mail, whose first reminder is to be rung; gives its message."""
    visit = an_appointment(session, place.counter, place.service, start=VISIT, email=None, phone="+32470123456")
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=EARLY)
    session.execute(update(Message).filter_by(kind=MessageKind.REMINDER_1).values(state=state))
    return session.scalars(select(Message.id).filter_by(kind=MessageKind.REMINDER_1)).one()


def own(place: Working) -> dict[str, Any]:
    return {"commune_id": place.commune.id, "office_ids": [place.office.id], "actor": RECEPTION, "now": WEEK_BEFORE}


@pytest.mark.parametrize("state", [MessageState.TO_RING, MessageState.REFUSED, MessageState.QUEUED])
def test_a_call_that_was_ticked_by_mistake_is_put_back_as_it_was(
    session: Session, place: Working, state: MessageState
) -> None:
    message = ana_waits(session, place, state)
    rung(session, message_id=message, **own(place))
    assert calls(session, offices=[place.office], now=WEEK_BEFORE) == ()

    (made,) = made_today(session, offices=[place.office], now=WEEK_BEFORE)
    assert (made.role, made.at, made.was_asked) == (Role.RECEPTIONIST, WEEK_BEFORE, False)
    not_rung(session, call_id=made.id, **own(place))

    session.expire_all()
    assert session.get_one(Message, message).state == state
    assert [one.message_id for one in calls(session, offices=[place.office], now=WEEK_BEFORE)] == [message]
    assert made_today(session, offices=[place.office], now=WEEK_BEFORE) == ()
    assert list(session.scalars(select(JournalEntry.act))) == ["rang", "not-rung"]


def test_two_agents_who_ring_the_same_person_leave_one_tick(session: Session, place: Working) -> None:
    message = ana_waits(session, place)
    rung(session, message_id=message, **own(place))
    rung(session, message_id=message, **own(place))

    assert len(made_today(session, offices=[place.office], now=WEEK_BEFORE)) == 1


def test_what_was_taken_back_is_not_taken_back_again(session: Session, place: Working) -> None:
    rung(session, message_id=ana_waits(session, place), **own(place))
    (made,) = made_today(session, offices=[place.office], now=WEEK_BEFORE)
    not_rung(session, call_id=made.id, **own(place))

    with pytest.raises(OutOfDate):
        not_rung(session, call_id=made.id, **own(place))


def test_the_ticks_of_another_office_are_not_touched(session: Session, place: Working) -> None:
    message = ana_waits(session, place)
    elsewhere = own(place) | {"office_ids": [an_office(session, place.commune, code="annex").id]}
    with pytest.raises(Unknown):
        rung(session, message_id=message, **elsewhere)

    rung(session, message_id=message, **own(place))
    (made,) = made_today(session, offices=[place.office], now=WEEK_BEFORE)
    with pytest.raises(OutOfDate):
        not_rung(session, call_id=made.id, **elsewhere)


def test_yesterdays_calls_are_not_shown_any_more(session: Session, place: Working) -> None:
    rung(session, message_id=ana_waits(session, place), **own(place))

    assert made_today(session, offices=[place.office], now=WEEK_BEFORE + timedelta(days=1)) == ()


def asked(session: Session, place: Working, **columns: Any) -> Appointment:
    """Ana, whose service asks whether people come, and to whom the question went out."""
    place.service.asks_coming = True
    with_phone = {"phone": "+32470123456", **columns}
    visit = an_appointment(session, place.counter, place.service, start=VISIT, **with_phone)
    schedule_reminders(session, commune_id=place.commune.id, appointment_ids=[visit.id], now=EARLY)
    session.execute(update(Message).filter_by(kind=MessageKind.REMINDER_1).values(state=MessageState.SENT))
    return visit


def test_whoever_did_not_say_that_they_come_is_rung_once(session: Session, place: Working) -> None:
    visit = asked(session, place)
    (found,) = unheard(session, offices=[place.office], now=WEEK_BEFORE)
    assert (found.visit.id, found.phone) == (visit.id, "+32470123456")

    for _ in range(2):
        asked_by_phone(session, appointment_id=visit.id, **own(place))

    assert unheard(session, offices=[place.office], now=WEEK_BEFORE) == ()
    (made,) = made_today(session, offices=[place.office], now=WEEK_BEFORE)
    assert made.was_asked
    not_rung(session, call_id=made.id, **own(place))
    assert len(unheard(session, offices=[place.office], now=WEEK_BEFORE)) == 1


@pytest.mark.parametrize(
    "columns",
    [{"coming_at": EARLY}, {"phone": None}, {"arrived_at": WEEK_BEFORE}],
    ids=["has said it", "left no number", "is there"],
)
def test_nobody_is_rung_who_has_answered_or_cannot_be(
    session: Session, place: Working, columns: dict[str, Any]
) -> None:
    asked(session, place, **columns)

    assert unheard(session, offices=[place.office], now=WEEK_BEFORE) == ()


def test_whoever_sits_in_the_hall_is_not_rung_to_be_reminded(session: Session, place: Working) -> None:
    ana_waits(session, place)
    session.execute(update(Appointment).values(arrived_at=WEEK_BEFORE))

    assert calls(session, offices=[place.office], now=WEEK_BEFORE) == ()
    assert number_to_call(session, offices=[place.office], now=WEEK_BEFORE) == 0


def test_a_visit_that_moves_is_asked_about_anew(session: Session, place: Working) -> None:
    visit = asked(session, place)
    asked_by_phone(session, appointment_id=visit.id, **own(place))
    later = VISIT + timedelta(hours=1)
    session.execute(update(Appointment).values(start=later, end=later + timedelta(minutes=15)))
    session.execute(update(Message).where(Message.of_start.is_not(None)).values(of_start=later))

    assert len(unheard(session, offices=[place.office], now=WEEK_BEFORE)) == 1


def test_the_list_is_narrowed_to_the_visits_of_a_day(session: Session, place: Working) -> None:
    ana_waits(session, place)
    day = MONDAY + timedelta(days=14)

    assert len(calls(session, offices=[place.office], day=day, now=WEEK_BEFORE)) == 1
    assert calls(session, offices=[place.office], day=day + timedelta(days=1), now=WEEK_BEFORE) == ()


def test_a_call_goes_with_its_visit(session: Session, place: Working) -> None:
    rung(session, message_id=ana_waits(session, place), **own(place))
    session.delete(session.scalars(select(Appointment)).one())
    session.flush()

    assert session.scalars(select(CallMade.id)).all() == []
