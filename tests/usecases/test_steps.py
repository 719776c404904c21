"""A service in two steps once it is booked: the file stays after the information, and both stay one wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Step
from booking.core.errors import NoEarlierList, StepsOutOfOrder, TooManyAppointments
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.waiting import USUAL_TERMS, OfferState, WaitingState
from booking.models import Appointment, AppointmentLine, Offer, Seat, WaitingEntry
from booking.usecases.baskets import WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.groups import hold_steps
from booking.usecases.journal import Actor
from booking.usecases.limits import CONTACT, PERSON
from booking.usecases.moves import accept, basket_of, hold_instead
from booking.usecases.moves_by_staff import free_times, move_for
from booking.usecases.offers import free_days
from booking.usecases.undoing import undo_cancellation
from booking.usecases.waiting import WishedTime, join
from booking.usecases.waiting_answers import accept as accept_offer
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed
from tests.usecases.waiting import (
    ANY_TIME,
    a_freed_time,
    held_visits,
    kept_for,
    states,
    the_worker_passes_on,
    waits_with,
)

A_WEEK_LATER = at(MONDAY + timedelta(days=7), "09:00")
SOMEBODY, AGENT = Actor(role=Role.RESIDENT), Actor(role=Role.AGENT)


def both_booked(session: Session, **other: Any) -> tuple[Working, Appointment, Appointment]:
    """A wedding: twenty minutes of information, and the file a week later, as early as it may be."""
    place = a_working_commune(session)
    place.service.minutes_first, place.service.max_persons = 45, 1
    place.service.information_minutes, place.service.information_days = 20, 7
    session.flush()
    wish: dict[str, Any] = {"lines": [WishedLine(place.service.id)], "start": HALF_PAST_TEN, "then": A_WEEK_LATER}
    where: dict[str, Any] = {"commune_id": place.commune.id, "office_id": place.office.id, "now": EARLY}
    terms: dict[str, Any] = {"length": timedelta(minutes=10), "client": None, "per_client": 5}
    confirmed(session, place, hold_steps(session, **wish, **where, **terms), **other)
    information, file = session.scalars(select(Appointment).order_by(Appointment.start)).all()
    return place, information, file


def moved(session: Session, place: Working, visit: Appointment, start: datetime) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    where: dict[str, Any] = {"office_ids": [place.office.id], "office_id": place.office.id, "counter_id": None}
    move_for(session, **own, **where, start=start, actor=AGENT, now=EARLY)
    session.expire_all()


def cancelled(session: Session, place: Working, visit: Appointment, **other: bool) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    assert cancel(session, **own, actor=SOMEBODY, now=EARLY, **other)
    session.expire_all()


def undone(session: Session, place: Working, visit: Appointment) -> None:
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    undo_cancellation(session, **own, per_contact=1, actor=SOMEBODY, now=EARLY)
    session.expire_all()


def seats(session: Session) -> list[tuple[int, str]]:
    """Who has which places."""
    return [(seat.appointment_id, seat.kind) for seat in session.scalars(select(Seat).order_by(Seat.kind))]


def test_staff_too_keep_the_file_after_the_information(session: Session) -> None:
    place, information, file = both_booked(session)
    for visit, start in ((file, at(MONDAY, "11:00")), (information, at(MONDAY + timedelta(days=1), "10:00"))):
        with pytest.raises(StepsOutOfOrder), session.begin_nested():
            moved(session, place, visit, start)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=1))
    moved(session, place, information, at(MONDAY + timedelta(days=1), "10:00"))

    assert problems(session, now=EARLY) == []


def held_instead(session: Session, place: Working, visit: Appointment, start: datetime) -> str:
    """The person holds another time for one of their two visits."""
    lines, key = basket_of(session, appointment=visit).wished, new_key()
    own: dict[str, Any] = {"commune_id": place.commune.id, "appointment_id": visit.id, "office_id": place.office.id}
    term: dict[str, Any] = {"length": timedelta(minutes=10), "client": "ana", "per_client": 5, "instead_of": None}
    return hold_instead(session, **own, **term, lines=lines, start=start, key=key, now=EARLY)


def moved_by_person(session: Session, place: Working, visit: Appointment, key: str) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "hold_key": key, "version": visit.version}
    accept(session, **own, actor=SOMEBODY, now=EARLY)
    session.expire_all()


def test_people_move_either_step_as_long_as_the_order_stays(session: Session) -> None:
    place, information, file = both_booked(session)
    for visit, start in ((file, at(MONDAY, "11:00")), (information, at(MONDAY + timedelta(days=1), "10:00"))):
        with pytest.raises(StepsOutOfOrder), session.begin_nested():
            held_instead(session, place, visit, start)
    later = A_WEEK_LATER + timedelta(days=1)
    moved_by_person(session, place, file, held_instead(session, place, file, later))
    tuesday = at(MONDAY + timedelta(days=1), "10:00")
    moved_by_person(session, place, information, held_instead(session, place, information, tuesday))

    assert [information.start, file.start] == [tuesday, later]
    lines = session.scalars(select(AppointmentLine).order_by(AppointmentLine.appointment_id)).all()
    assert [(line.step, line.minutes) for line in lines] == [(Step.INFORMATION, 20), (Step.FILE, 45)]
    assert problems(session, now=EARLY) == []


def test_of_two_moves_that_turn_the_order_round_together_the_second_is_refused(session: Session) -> None:
    place, information, file = both_booked(session)
    far = A_WEEK_LATER + timedelta(days=9)
    moved(session, place, file, far)
    later = held_instead(session, place, information, at((far - timedelta(days=8)).date(), "10:00"))
    sooner = held_instead(session, place, file, A_WEEK_LATER)
    moved_by_person(session, place, information, later)

    with pytest.raises(StepsOutOfOrder), session.begin_nested():
        moved_by_person(session, place, file, sooner)
    assert problems(session, now=EARLY) == []


def test_what_is_free_for_a_step_keeps_the_order(session: Session) -> None:
    place, information, file = both_booked(session)
    first, last = MONDAY, MONDAY + timedelta(days=30)
    days = {"first": first, "last": last, "now": EARLY}
    for_file = free_days(session, office=place.office, basket=basket_of(session, appointment=file), **days)  # type: ignore[arg-type]
    for_information = free_days(
        session,
        office=place.office,
        basket=basket_of(session, appointment=information),
        **days,  # type: ignore[arg-type]
    )

    assert min(for_file) == A_WEEK_LATER.date()
    assert list(for_information) == [MONDAY]


def test_steps_that_were_turned_round_are_found(session: Session) -> None:
    _, information, file = both_booked(session)
    information.start, file.start = file.start, information.start
    information.end, file.end = information.start + timedelta(minutes=20), file.start + timedelta(minutes=45)
    session.flush()

    assert any("the file comes after the information" in one for one in problems(session, now=EARLY))


def waiting_for_sooner(session: Session, place: Working, visit: Appointment) -> WaitingEntry:
    place.service.earlier_list = True
    session.flush()
    session.refresh(visit)
    return waits_with(session, place, visit)


def test_a_step_in_the_list_is_offered_only_what_keeps_the_order(session: Session) -> None:
    place, _, file = both_booked(session)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=4))
    entry = waiting_for_sooner(session, place, file)
    a_freed_time(session, place, start=A_WEEK_LATER - timedelta(days=3), minutes=45)
    assert kept_for(session, entry) is None
    a_freed_time(session, place, start=A_WEEK_LATER, minutes=45)
    kept = kept_for(session, entry)
    assert kept is not None
    assert kept.date() == A_WEEK_LATER.date()

    taken(session, place, entry)
    session.refresh(file)
    assert file.start == kept
    assert [one for one in problems(session, now=EARLY) if "told" not in one] == []


def test_an_offer_is_gone_when_the_other_step_was_moved_behind_it(session: Session) -> None:
    place, information, file = both_booked(session)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=4))
    entry = waiting_for_sooner(session, place, file)
    a_freed_time(session, place, start=A_WEEK_LATER, minutes=45)
    moved(session, place, information, at(MONDAY + timedelta(days=2), "10:00"))

    assert kept_for(session, entry) is None
    with pytest.raises(StepsOutOfOrder), session.begin_nested():
        taken(session, place, entry)


def another_file(session: Session, place: Working) -> Appointment:
    """Somebody else has both visits too, the file long after."""
    wish: dict[str, Any] = {"lines": [WishedLine(place.service.id)], "start": at(MONDAY, "11:30")}
    then = A_WEEK_LATER + timedelta(days=9)
    where: dict[str, Any] = {"commune_id": place.commune.id, "office_id": place.office.id, "now": EARLY}
    terms: dict[str, Any] = {"length": timedelta(minutes=10), "client": None, "per_client": 5}
    key = hold_steps(session, **wish, then=then, **where, **terms)
    confirmed(session, place, key, wish=replace(ANA, name="Bo Claes", email="bo@example.org"))
    return session.scalars(select(Appointment).where(Appointment.start == then)).one()


def test_an_offer_that_would_break_the_order_is_passed_on_to_the_next_in_the_list(session: Session) -> None:
    place, information, file = both_booked(session)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=4))
    theirs = waiting_for_sooner(session, place, file)
    a_freed_time(session, place, start=A_WEEK_LATER, minutes=45)
    next_one = waits_with(session, place, another_file(session, place))
    assert the_worker_passes_on(session, now=EARLY) == 0
    kept = kept_for(session, theirs)
    assert kept is not None

    moved(session, place, information, at(MONDAY + timedelta(days=2), "10:00"))
    assert the_worker_passes_on(session, now=EARLY) == 1
    assert kept_for(session, next_one) == kept
    assert states(session) == [OfferState.LAPSED, OfferState.OPEN]
    assert session.scalars(select(WaitingEntry.state).where(WaitingEntry.id == theirs.id)).one() == WaitingState.LIVE


def test_an_offer_before_a_step_that_comes_back_is_nobodys_any_more(session: Session) -> None:
    place, information, file = both_booked(session)
    moved(session, place, file, A_WEEK_LATER + timedelta(days=4))
    cancelled(session, place, information)
    entry = waiting_for_sooner(session, place, file)
    a_freed_time(session, place, start=A_WEEK_LATER - timedelta(days=3), minutes=45)
    assert kept_for(session, entry) is not None

    session.refresh(information)
    undone(session, place, information)
    assert kept_for(session, entry) is None
    assert the_worker_passes_on(session, now=EARLY) == 1
    assert held_visits(session) == []


def taken(session: Session, place: Working, entry: WaitingEntry) -> None:
    offer_id = session.scalars(select(Offer.id).where(Offer.entry_id == entry.id)).one()
    own = {"commune_id": place.commune.id, "entry_id": entry.id, "offer_id": offer_id, "per_contact": 4}
    accept_offer(session, **own, terms=USUAL_TERMS, actor=SOMEBODY, now=EARLY)


def test_without_an_appointment_nobody_waits_for_one_of_two_steps(session: Session) -> None:
    place, _, _ = both_booked(session)
    place.service.earlier_list = True
    session.flush()
    for step in (None, Step.INFORMATION):
        wished = [WishedLine(place.service.id, step=step)]
        where = {"commune_id": place.commune.id, "time": WishedTime(ANY_TIME), "otherwise_on": MONDAY}
        with pytest.raises(NoEarlierList):
            join(session, **where, lines=wished, wish=ANA, now=EARLY)  # type: ignore[arg-type]


def test_staff_are_shown_only_times_that_keep_the_order(session: Session) -> None:
    place, _, file = both_booked(session)
    wish: dict[str, Any] = {"office": place.office, "basket": basket_of(session, appointment=file)}

    assert free_times(session, **wish, day=MONDAY + timedelta(days=1), now=EARLY) == []
    assert free_times(session, **wish, day=A_WEEK_LATER.date(), now=EARLY)


def test_a_cancelled_step_does_not_come_back_before_the_other(session: Session) -> None:
    place, information, file = both_booked(session, per_contact=1)
    cancelled(session, place, information)
    moved(session, place, file, at(MONDAY, "11:00"))

    with pytest.raises(StepsOutOfOrder):
        undone(session, place, information)


def test_the_step_that_is_left_counts_for_the_limits(session: Session) -> None:
    place, information, file = both_booked(session, per_contact=1)
    assert seats(session) == [(file.id, CONTACT), (file.id, PERSON)]
    cancelled(session, place, file)
    assert seats(session) == [(information.id, CONTACT), (information.id, PERSON)]
    with pytest.raises(TooManyAppointments), session.begin_nested():
        confirmed(
            session, place, held_once_more(session, place), wish=replace(ANA, name="Another Person"), per_contact=1
        )

    undone(session, place, file)
    assert seats(session) == [(file.id, CONTACT), (file.id, PERSON)]
    assert problems(session, now=EARLY) == []


def held_once_more(session: Session, place: Working) -> str:
    wish: dict[str, Any] = {"lines": [WishedLine(place.service.id)], "start": at(MONDAY, "11:00")}
    then = {"then": A_WEEK_LATER + timedelta(days=1), "commune_id": place.commune.id, "office_id": place.office.id}
    return hold_steps(session, **wish, **then, length=timedelta(minutes=10), client=None, per_client=5, now=EARLY)


def test_who_cancels_both_leaves_no_place_behind(session: Session) -> None:
    place, information, _ = both_booked(session)
    cancelled(session, place, information, both=True)

    assert seats(session) == []
    assert booked(session, place)
