"""Whatever one act has cancelled comes back together, with its place in the list, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.appointments import CANCELLED_FOR_UNDOING, AppointmentState
from booking.core.errors import (
    OfferedMeanwhile,
    OneTimeGone,
    OutOfDate,
    OutsideHours,
    PausedNow,
    SlotTaken,
    TooLateToUndo,
)
from booking.core.timespan import wall_time
from booking.core.waiting import USUAL_TERMS, OfferState, WaitingState
from booking.models import Appointment, FreedTime, Message, Offer, Seat, Service, WaitingEntry
from booking.models.messages import MessageKind
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.pauses import pause
from booking.usecases.undoing import cancelled_with, undo_cancellation
from booking.usecases.waiting_answers import decline, leave
from booking.usecases.waiting_figures import figures
from booking.usecases.waiting_list import place_in_list
from tests.factories import Working, a_closure, a_counter, a_service, a_session, an_appointment
from tests.moments import BRUSSELS, EARLY, MONDAY, at
from tests.usecases.booking import ANA, HALF_PAST_TEN, booked, confirmed
from tests.usecases.test_groups import desk_of, held_together, taken, two_desks
from tests.usecases.test_moves import RESIDENT
from tests.usecases.test_steps import both_booked
from tests.usecases.waiting import (
    IN_A_MONTH,
    NINE,
    a_commune_with_a_list,
    a_freed_time,
    kept_for,
    somebody_waits,
    waits_with,
)

SOON = EARLY + timedelta(minutes=5)


def pair(session: Session) -> tuple[Working, Service, list[Appointment]]:
    """Ana has two adjoining visits, at two counters."""
    place, birth = two_desks(session)
    confirmed(session, place, held_together(session, place, birth))
    return place, birth, list(session.scalars(select(Appointment).order_by(Appointment.start)))


def cancelled(session: Session, place: Working, visit: Appointment, *, both: bool, now: datetime = EARLY) -> None:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    assert cancel(session, **own, actor=RESIDENT, both=both, now=now)
    session.expire_all()


def undone(session: Session, place: Working, visit: Appointment, *, now: datetime = SOON) -> bool:
    session.refresh(visit)
    own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
    done = undo_cancellation(session, **own, per_contact=1, actor=RESIDENT, now=now)
    session.expire_all()
    return done


def states(session: Session) -> list[AppointmentState]:
    return list(session.scalars(select(Appointment.state).order_by(Appointment.id)))


BOTH_BOOKED, BOTH_GONE = [AppointmentState.BOOKED] * 2, [AppointmentState.CANCELLED] * 2


@pytest.mark.parametrize("which", [0, 1], ids=["from the first", "from the second"])
def test_two_adjoining_visits_that_were_cancelled_together_come_back_together(session: Session, which: int) -> None:
    place, _, visits = pair(session)
    seats = sorted((seat.appointment_id, seat.kind) for seat in session.scalars(select(Seat)))
    cancelled(session, place, visits[0], both=True)

    assert undone(session, place, visits[which])
    assert states(session) == BOTH_BOOKED
    assert sorted((seat.appointment_id, seat.kind) for seat in session.scalars(select(Seat))) == seats
    told = session.scalars(select(Message.appointment_id).where(Message.kind == MessageKind.RESTORED))
    assert sorted(told) == sorted(visit.id for visit in visits)
    assert problems(session, now=SOON) == []


def test_both_visits_of_a_service_in_two_steps_come_back_together(session: Session) -> None:
    place, information, file = both_booked(session, per_contact=1)
    cancelled(session, place, file, both=True)

    assert undone(session, place, information)
    assert states(session) == BOTH_BOOKED
    assert problems(session, now=SOON) == []


@pytest.mark.parametrize("which", [0, 1], ids=["the first", "the second"])
def test_when_one_of_the_two_times_is_taken_meanwhile_neither_comes_back(session: Session, which: int) -> None:
    place, birth, visits = pair(session)
    cancelled(session, place, visits[0], both=True)
    visit = visits[which]
    service, minutes = ((place.service, 15), (birth, 30))[which]
    counter = (place.counter, desk_of(session, birth))[which]
    an_appointment(session, counter, service, start=visit.start, minutes=minutes, email=None)

    with pytest.raises(OneTimeGone), session.begin_nested():
        undone(session, place, visits[1 - which])
    assert states(session)[:2] == BOTH_GONE
    assert session.scalars(select(Message).where(Message.kind == MessageKind.RESTORED)).all() == []


def test_what_was_cancelled_apart_comes_back_apart(session: Session) -> None:
    place, _, visits = pair(session)
    cancelled(session, place, visits[0], both=False)
    cancelled(session, place, visits[1], both=False, now=EARLY + timedelta(minutes=1))

    assert cancelled_with(session, appointment=visits[0]) == []
    assert undone(session, place, visits[1])
    assert states(session) == [AppointmentState.CANCELLED, AppointmentState.BOOKED]


def test_once_the_first_of_the_two_has_begun_neither_comes_back(session: Session) -> None:
    place, _, visits = pair(session)
    session.execute(update(Service).values(cancel_notice_minutes=0))
    cancelled(session, place, visits[0], both=True, now=HALF_PAST_TEN - timedelta(minutes=5))

    with pytest.raises(TooLateToUndo):
        undone(session, place, visits[1], now=HALF_PAST_TEN)


def test_the_page_of_the_other_one_then_finds_that_it_was_done(session: Session) -> None:
    place, _, visits = pair(session)
    cancelled(session, place, visits[0], both=True)
    seen = visits[1].version
    undone(session, place, visits[0])

    own = {"commune_id": place.commune.id, "appointment_id": visits[1].id, "per_contact": 1, "actor": RESIDENT}
    assert not undo_cancellation(session, **own, version=seen, now=SOON)  # type: ignore[arg-type]
    with pytest.raises(OutOfDate):
        undo_cancellation(session, **own, version=seen - 1, now=SOON)  # type: ignore[arg-type]


def test_a_place_in_the_list_that_ended_with_the_visit_is_where_it_was(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    visit = an_appointment(session, place.counters[1], place.service, start=at(IN_A_MONTH, "09:00"))
    entry = waits_with(session, place, visit)
    somebody_waits(session, place, "Bilal", now=EARLY + timedelta(minutes=1))
    before = (entry.id, entry.nonce, entry.proved_at)
    cancelled(session, place, visit, both=False)
    assert session.get_one(WaitingEntry, before[0]).state == WaitingState.WITHDRAWN

    assert undone(session, place, visit)
    again = session.scalars(select(WaitingEntry).where(WaitingEntry.appointment_id == visit.id)).one()
    assert (again.id, again.nonce, again.proved_at) == before
    assert (again.state, again.ended_at) == (WaitingState.LIVE, None)
    assert place_in_list(session, entry=again) == 1


def test_a_place_that_was_given_up_before_does_not_come_back(session: Session) -> None:
    place = a_commune_with_a_list(session)
    visit = an_appointment(session, place.counter, place.service, start=at(IN_A_MONTH, "09:00"))
    entry = waits_with(session, place, visit)
    leave(session, commune_id=place.commune.id, entry_id=entry.id, terms=USUAL_TERMS, now=EARLY)
    cancelled(session, place, visit, both=False, now=EARLY + timedelta(minutes=1))
    undone(session, place, visit)

    assert session.scalars(select(WaitingEntry.state)).all() == [WaitingState.WITHDRAWN]


def test_a_time_whose_cancellation_was_undone_was_not_freed(session: Session) -> None:
    place = a_commune_with_a_list(session)
    visit = a_freed_time(session, place, phone="+32470123456")
    assert figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=1))[place.service.id].freed == 1

    assert undone(session, place, visit)
    assert figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=1)) == {}
    cancelled(session, place, visit, both=False, now=SOON)
    assert figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=1))[place.service.id].freed == 1


def test_a_time_that_the_list_was_offered_in_vain_still_counts_against_its_person(session: Session) -> None:
    place = a_commune_with_a_list(session)
    entry = somebody_waits(session, place, "Bilal")
    visit = a_freed_time(session, place)
    with pytest.raises(OfferedMeanwhile) as refusal, session.begin_nested():
        undone(session, place, visit)
    assert refusal.value.facts == {"until": wall_time(EARLY + CANCELLED_FOR_UNDOING, BRUSSELS)}
    offer = session.scalars(select(Offer)).one()
    own = {"commune_id": place.commune.id, "entry_id": entry.id, "offer_id": offer.id}
    decline(session, **own, terms=USUAL_TERMS, now=SOON)

    assert undone(session, place, visit)
    assert figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=1)) == {}
    assert [(one.state, one.n) for one in session.scalars(select(Offer))] == [(OfferState.DECLINED, 1)]


def test_a_time_offered_at_another_counter_is_not_that_of_the_visit(session: Session) -> None:
    place = a_commune_with_a_list(session)
    passport = a_service(session, place.commune, code="passport")
    there = a_counter(session, place.office, label="9", serves=[passport])
    a_session(session, place.office, [there])
    visit = an_appointment(session, there, passport, start=NINE)
    cancelled(session, place, visit, both=False)
    an_appointment(session, there, passport, start=NINE, email="chloe@example.org")
    entry = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    assert kept_for(session, entry) == NINE

    with pytest.raises(SlotTaken):
        undone(session, place, visit)


def test_a_time_of_which_somebody_has_booked_a_part_is_not_said_to_be_offered_only(session: Session) -> None:
    place = a_commune_with_a_list(session)
    somebody_waits(session, place, "Bilal")
    visit = a_freed_time(session, place, minutes=30)
    an_appointment(session, place.counter, place.service, start=NINE + timedelta(minutes=15))

    with pytest.raises(SlotTaken):
        undone(session, place, visit)


def test_an_office_that_is_closed_by_now_does_not_say_that_the_time_is_offered(session: Session) -> None:
    place = a_commune_with_a_list(session)
    somebody_waits(session, place, "Bilal")
    visit = a_freed_time(session, place)
    a_closure(session, place.commune, first_day=NINE.date(), last_day=NINE.date())
    place.office.schedule_version += 1
    session.flush()

    with pytest.raises(OutsideHours):
        undone(session, place, visit)


@pytest.mark.parametrize("booked_too", [False, True], ids=["the other is free", "the other is booked"])
def test_of_two_times_one_is_offered_and_neither_comes_back(session: Session, booked_too: bool) -> None:
    place, birth, visits = pair(session)
    place.service.earlier_list = True
    session.flush()
    entry = somebody_waits(session, place, "Bilal")
    cancelled(session, place, visits[0], both=True)
    assert kept_for(session, entry) == visits[0].start
    if booked_too:
        an_appointment(session, desk_of(session, birth), birth, start=visits[1].start, minutes=30, email=None)

    with pytest.raises(OneTimeGone if booked_too else OfferedMeanwhile):
        undone(session, place, visits[0])


@pytest.mark.parametrize("which", [0, 1], ids=["the first", "the second"])
def test_what_pauses_today_does_not_come_back_nor_does_the_visit_beside_it(session: Session, which: int) -> None:
    place, birth, visits = pair(session)
    cancelled(session, place, visits[0], both=True)
    own = {"commune_id": place.commune.id, "office_id": place.office.id, "within": None, "actor": RESIDENT}
    pause(session, **own, service_ids=[(place.service, birth)[which].id], now=SOON)  # type: ignore[arg-type]

    with pytest.raises(PausedNow):
        undone(session, place, visits[0])


def test_what_somebody_in_the_list_has_taken_was_freed_all_the_same(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    somebody_waits(session, place, "Bilal")
    visit = a_freed_time(session, place)

    # The other counter is free: the visit comes back there, and Bilal keeps the time of this one.
    assert undone(session, place, visit)
    session.execute(update(Offer).values(state=OfferState.TAKEN, settled_at=SOON))
    found = figures(session, commune_id=place.commune.id, since=EARLY - timedelta(days=1))[place.service.id]
    assert (found.freed, found.offered, found.taken) == (1, 1, 1)
    assert session.scalars(select(FreedTime.undone_at)).all() == [SOON]
    assert (visit.start, visit.counter_id) == (NINE, place.counters[1].id)


def test_who_books_anew_meanwhile_is_told_so(session: Session) -> None:
    place, birth, visits = pair(session)
    cancelled(session, place, visits[0], both=True)
    booked(session, place, start=at(MONDAY, "11:00"), wish=ANA)
    taken(session, desk_of(session, birth), birth, "10:45", 30)

    with pytest.raises(OneTimeGone):
        undone(session, place, visits[0])
