"""Dora makes several changes of hours as one: everybody is asked about once, and all of it is written or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.changes import AddClosure, EndSession, SaveSession, Several
from booking.core.errors import (
    AlreadyClosed,
    BookingError,
    ChangedMeanwhile,
    SessionsClash,
    TextMissing,
    Undecided,
    Unknown,
)
from booking.core.seen import word_for
from booking.core.translated import Translated
from booking.models import Appointment, Closure, OpeningSession
from booking.usecases.effects import Decision
from booking.usecases.opening_rules import session_rule
from tests.factories import Working, a_working_commune, an_appointment, an_office
from tests.moments import MONDAY, at
from tests.usecases.test_opening import STRIKE, THURSDAY, closing, made, shortened, touched

FRIDAY = THURSDAY + timedelta(days=1)


def counted(session: Session) -> tuple[int | None, int | None]:
    return session.scalar(select(func.count(Closure.id))), session.scalar(select(func.count(OpeningSession.id)))


def extra(place: Working, **columns: Any) -> SaveSession:
    """The same hours once more, as hours of their own."""
    change = shortened(place, until="12:00")
    return SaveSession(place.office.id, replace(change.rule, **columns), MONDAY)


def test_everybody_whom_any_of_them_touches_is_on_one_list(session: Session) -> None:
    place = a_working_commune(session)
    visits = [
        an_appointment(session, place.counter, place.service, start=at(day, wall)).id
        for day, wall in ((THURSDAY, "09:00"), (THURSDAY, "11:30"), (FRIDAY, "11:30"), (MONDAY, "11:30"))
    ]
    change = Several((closing(place, THURSDAY), shortened(place, until="11:00", since=FRIDAY)))

    assert touched(session, place, change) == tuple(visits[:3])
    with pytest.raises(Undecided):
        made(session, place, change)
    outcome = made(session, place, change, decisions=dict.fromkeys(visits[:3], Decision.CANCEL), reason=STRIKE)

    assert outcome.cancelled == tuple(visits[:3])
    left = select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED)
    assert list(session.scalars(left)) == [visits[3]]
    assert counted(session) == (1, 2)


def test_what_ends_first_makes_room_for_what_begins(session: Session) -> None:
    place = a_working_commune(session)
    visit = an_appointment(session, place.counter, place.service, start=at(THURSDAY, "09:00")).id
    change = Several((EndSession(place.office.id, place.opening.id, MONDAY), extra(place)))

    assert touched(session, place, change) == ()
    made(session, place, change)

    assert session.get_one(Appointment, visit).kept_outside_at is None
    assert counted(session) == (0, 2)
    with pytest.raises(SessionsClash):
        made(session, place, Several((extra(place),)))


def test_two_of_them_that_meet_are_refused(session: Session) -> None:
    place = a_working_commune(session)
    afternoon = {"start": at(MONDAY, "14:00").time(), "end": at(MONDAY, "16:00").time()}

    with pytest.raises(SessionsClash):
        made(session, place, Several((extra(place, **afternoon), extra(place, **afternoon))))
    assert counted(session) == (0, 1)


def of_another_office(session: Session, place: Working) -> EndSession:
    other = an_office(session, place.commune, code="station")
    return EndSession(other.id, place.opening.id, MONDAY)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (lambda session, place: AddClosure(place.office.id, closing(place, FRIDAY).rule, Translated({})), TextMissing),
        (of_another_office, Unknown),
        (lambda session, place: extra(place, counters=frozenset({987654})), Unknown),
    ],
    ids=["without a reason", "of another office", "at a counter of nobody"],
)
def test_one_that_is_not_right_keeps_all_of_them_back(
    session: Session, wrong: Any, refusal: type[BookingError]
) -> None:
    place = a_working_commune(session)
    change = wrong(session, place)

    with pytest.raises(refusal), session.begin_nested():
        made(session, place, Several((closing(place, THURSDAY), change)))
    assert counted(session) == (0, 1)


def test_a_closure_among_several_that_is_there_is_not_there_twice(session: Session) -> None:
    place = a_working_commune(session)
    made(session, place, Several((closing(place, THURSDAY), closing(place, FRIDAY))))

    with pytest.raises(AlreadyClosed):
        made(session, place, Several((closing(place, FRIDAY), closing(place, FRIDAY + timedelta(days=1)))))
    assert counted(session) == (2, 1)


def test_hours_that_were_seen_otherwise_are_not_ended(session: Session) -> None:
    place = a_working_commune(session)
    own = {"commune_id": place.commune.id, "office_id": place.office.id, "session_id": place.opening.id}
    seen = word_for((session_rule(session, **own),))
    end = Several((EndSession(place.office.id, place.opening.id, FRIDAY),))
    made(session, place, shortened(place, until="11:00", since=THURSDAY))

    with pytest.raises(ChangedMeanwhile):
        made(session, place, end, seen=seen)
    made(session, place, end, seen=word_for((session_rule(session, **own),)))
