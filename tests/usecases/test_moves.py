"""An appointment is moved: the old time stays until the new one is fixed, and everything else stays the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, OwnTime
from booking.core.errors import (
    AlreadyBooked,
    CallToCancel,
    CallToMove,
    HasArrived,
    HoldGone,
    HoldLapsed,
    OutOfDate,
    SlotTaken,
    TooLateToMove,
    TooManyMoves,
    TooSoon,
    Unknown,
    VisitBegun,
)
from booking.core.references import new_key
from booking.core.roles import Role
from booking.core.timespan import tick_of
from booking.models import Appointment, AppointmentLine, Claim, CounterService, JournalEntry, Message, Seat
from booking.models.messages import MessageKind
from booking.usecases.appointments import Booked
from booking.usecases.baskets import Basket, WishedLine
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.moves import Moved, accept, basket_of, hold_instead
from booking.usecases.moves_by_staff import move_for
from booking.usecases.offers import free_days
from tests.factories import Working, a_service, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.usecases.booking import HALF_PAST_TEN, booked, confirmed, held

RESIDENT = Actor(role=Role.RESIDENT, client="somewhere")
AGENT = Actor(role=Role.AGENT, person_id=None)
ELEVEN = at(MONDAY, "11:00")


def held_instead(
    session: Session, place: Working, made: Booked, *, start: datetime = ELEVEN, now: datetime = EARLY, **other: Any
) -> str:
    wish: dict[str, Any] = {
        "lines": [WishedLine(place.service.id)],
        "office_id": place.office.id,
        "length": timedelta(minutes=10),
        "client": "ana",
        "per_client": 5,
        "key": new_key(),
        "instead_of": None,
        **other,
    }
    return hold_instead(session, commune_id=place.commune.id, appointment_id=made.id, start=start, now=now, **wish)


def accepted(
    session: Session, place: Working, key: str, *, version: int = 1, now: datetime = EARLY, actor: Actor = RESIDENT
) -> Moved:
    return accept(session, commune_id=place.commune.id, hold_key=key, version=version, actor=actor, now=now)


def moved(session: Session, place: Working, made: Booked, *, version: int = 1, **other: Any) -> Moved:
    return accepted(session, place, held_instead(session, place, made, **other), version=version)


def of(session: Session, made: Booked) -> Appointment:
    session.expire_all()
    return session.get_one(Appointment, made.id)


def ticks(session: Session, made: Booked) -> list[int]:
    return list(session.scalars(select(Claim.tick).where(Claim.appointment_id == made.id).order_by(Claim.tick)))


def test_the_old_time_stays_until_the_new_one_is_fixed(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made)

    assert of(session, made).start == HALF_PAST_TEN
    with pytest.raises(SlotTaken):
        held(session, place, start=HALF_PAST_TEN)
    with pytest.raises(SlotTaken):
        held(session, place, start=ELEVEN)
    accepted(session, place, key)
    assert of(session, made).start == ELEVEN
    assert held(session, place, start=HALF_PAST_TEN)
    assert problems(session, now=EARLY) == []


def test_a_moved_appointment_is_the_same_one_at_another_time(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    before = of(session, made)
    kept = (before.reference, before.uid, before.nonce, before.name, before.email, before.booked_at)
    moved(session, place, made)
    after = of(session, made)

    assert (after.reference, after.uid, after.nonce, after.name, after.email, after.booked_at) == kept
    assert (after.sequence, after.version, after.moves, after.changed_at) == (1, 2, 1, EARLY)
    assert (after.local_date, after.wall_time.isoformat("minutes")) == (MONDAY, "11:00")
    assert session.query(Appointment).count() == 1, "the hold is used up"
    assert session.scalars(select(Message.kind).order_by(Message.id)).all() == [
        MessageKind.CONFIRMATION,
        MessageKind.MOVED,
    ]
    assert session.scalars(select(Message.version).order_by(Message.id)).all() == [1, 2]
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.act, entry.fields) == ("moved", "end,start,wall_time")


def test_a_time_that_overlaps_with_the_old_one_at_the_only_counter(session: Session) -> None:
    place = a_working_commune(session)
    place.service.minutes_first = 30
    made = booked(session, place)
    later = HALF_PAST_TEN + timedelta(minutes=15)
    key = held_instead(session, place, made, start=later)

    assert problems(session, now=EARLY) == []
    with pytest.raises(SlotTaken):
        held(session, place, start=later + timedelta(minutes=15))
    accepted(session, place, key)
    assert ticks(session, made) == list(range(tick_of(later), tick_of(later) + 6))
    assert problems(session, now=EARLY) == []


def test_to_who_moves_it_the_own_time_is_free(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    window = {"office": place.office, "first": MONDAY, "last": MONDAY, "now": EARLY}
    own = basket_of(session, appointment=of(session, made))

    first, wanted = tick_of(HALF_PAST_TEN), frozenset({place.service.id})
    assert own.own == OwnTime(place.counter.id, first, first + 3, place.office.id, wanted, MONDAY)
    assert HALF_PAST_TEN in free_days(session, basket=own, **window)[MONDAY]  # type: ignore[arg-type]
    assert HALF_PAST_TEN not in free_days(session, basket=Basket.of(place.service), **window)[MONDAY]  # type: ignore[arg-type]


def test_the_same_acceptance_again_gives_the_same_answer_for_an_hour(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made)
    first, again = accepted(session, place, key), accepted(session, place, key)

    assert (again.id, again.nonce, again.again) == (first.id, first.nonce, True)
    assert session.query(Message).count() == 2
    with pytest.raises(HoldGone):
        accepted(session, place, key, now=EARLY + timedelta(hours=1))


def test_an_old_page_does_not_move_what_was_moved_meanwhile(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made)
    moved(session, place, made, start=at(MONDAY, "11:30"))

    with pytest.raises((OutOfDate, HoldGone)):
        accepted(session, place, key)
    assert of(session, made).start == at(MONDAY, "11:30")
    assert session.query(Appointment).count() == 1, "nothing else is held for what was moved"


def test_what_is_cancelled_while_the_page_is_open_is_not_moved(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made)
    cancel(session, commune_id=place.commune.id, appointment_id=made.id, version=1, actor=RESIDENT, now=EARLY)

    with pytest.raises(HoldGone):
        accepted(session, place, key)
    assert of(session, made).state == AppointmentState.CANCELLED
    assert held(session, place, start=ELEVEN), "the time held for it is free too"


def test_a_time_held_too_long_is_not_moved_to(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made)

    with pytest.raises(HoldLapsed):
        accepted(session, place, key, now=EARLY + timedelta(minutes=10))
    assert of(session, made).version == 1


def test_nobody_moves_into_a_visit_that_would_have_begun_or_out_of_one_that_has(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    key = held_instead(session, place, made, start=at(MONDAY, "10:15"), length=timedelta(hours=4))

    with pytest.raises(TooSoon):
        accepted(session, place, key, now=at(MONDAY, "10:15"))
    with pytest.raises(VisitBegun):
        accepted(session, place, key, now=HALF_PAST_TEN)


def test_a_hold_that_moves_an_appointment_is_never_confirmed_as_another_one(session: Session) -> None:
    place = a_working_commune(session)
    key = held_instead(session, place, booked(session, place))

    with pytest.raises(HoldGone):
        confirmed(session, place, key)


def test_who_has_all_the_appointments_allowed_can_still_move_them(session: Session) -> None:
    place = a_working_commune(session)
    key = held(session, place)
    made = confirmed(session, place, key, per_contact=1)

    assert moved(session, place, made).id == made.id
    assert session.query(Seat).count() == 2, "one of the contact, one of the person for this service"
    with pytest.raises(AlreadyBooked):
        booked(session, place)


def test_choosing_another_time_gives_the_first_one_back(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    first = held_instead(session, place, made)
    second = held_instead(session, place, made, start=at(MONDAY, "11:30"), instead_of=first)

    assert held(session, place, start=ELEVEN)
    assert accepted(session, place, second).id == made.id


def test_the_notice_of_the_service_holds_for_moving_and_not_for_staff(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    near = HALF_PAST_TEN - timedelta(minutes=119)

    with pytest.raises(TooLateToMove):
        held_instead(session, place, made, start=at(MONDAY, "11:30"), now=near)
    by_staff(session, place, made, start=at(MONDAY, "11:30"), now=HALF_PAST_TEN - timedelta(minutes=5))
    assert (of(session, made).start, of(session, made).moves) == (at(MONDAY, "11:30"), 0)


def test_people_move_an_appointment_so_often_and_then_call(session: Session) -> None:
    place = a_working_commune(session)
    place.service.max_moves = 2
    made = booked(session, place)
    moved(session, place, made)
    moved(session, place, made, start=HALF_PAST_TEN, version=2)

    with pytest.raises(TooManyMoves):
        held_instead(session, place, made)
    assert by_staff(session, place, made, version=3).id == made.id


def test_a_service_can_be_moved_and_cancelled_by_telephone_only(session: Session) -> None:
    place = a_working_commune(session)
    place.service.may_move = place.service.may_cancel = False
    made = booked(session, place)

    with pytest.raises(CallToMove):
        held_instead(session, place, made)
    with pytest.raises(CallToCancel):
        cancel(session, commune_id=place.commune.id, appointment_id=made.id, version=1, actor=RESIDENT, now=EARLY)


def test_who_is_there_already_is_not_moved(session: Session) -> None:
    place = a_working_commune(session)
    made = booked(session, place)
    of(session, made).arrived_at = EARLY

    with pytest.raises(HasArrived):
        held_instead(session, place, made)
    with pytest.raises(HasArrived):
        by_staff(session, place, made)


def a_passport(session: Session, place: Working) -> int:
    passport = a_service(session, place.commune, code="passport")
    own = {"commune_id": place.commune.id, "service_id": passport.id}
    session.add_all(CounterService(**own, counter_id=counter.id) for counter in place.counters)
    session.flush()
    return passport.id


def lines(session: Session, made: Booked) -> list[tuple[int, int, int]]:
    wanted = select(AppointmentLine).where(AppointmentLine.appointment_id == made.id).order_by(AppointmentLine.position)
    return [(line.service_id, line.persons, line.minutes) for line in session.scalars(wanted)]


def test_more_persons_and_services_at_the_same_time_if_it_still_fits(session: Session) -> None:
    place = a_working_commune(session)
    card, passport = place.service.id, a_passport(session, place)
    made = booked(session, place)
    more = [WishedLine(card, 2), WishedLine(passport)]
    moved(session, place, made, start=HALF_PAST_TEN, lines=more)

    assert lines(session, made) == [(card, 2, 25), (passport, 1, 15)]
    assert ticks(session, made) == list(range(tick_of(HALF_PAST_TEN), tick_of(HALF_PAST_TEN) + 8))
    moved(session, place, made, start=HALF_PAST_TEN, lines=[WishedLine(passport)], version=2)
    assert lines(session, made) == [(passport, 1, 15)]
    assert len(ticks(session, made)) == 3
    assert booked(session, place, start=at(MONDAY, "11:00")).reference, "the card is no longer this person's own"
    assert problems(session, now=EARLY) == []


@pytest.mark.parametrize(("start", "still"), [(HALF_PAST_TEN, EARLY), (ELEVEN, None)])
def test_what_was_said_of_the_time_holds_at_another_counter_and_not_at_another_time(
    session: Session, start: datetime, still: datetime | None
) -> None:
    place = a_working_commune(session, counters=2)
    made = booked(session, place)
    visit = of(session, made)
    visit.kept_outside_at = visit.coming_at = visit.disturbed_at = EARLY
    other = next(counter for counter in place.counters if counter.id != visit.counter_id)
    own = {"commune_id": place.commune.id, "appointment_id": made.id, "version": 1}
    where: dict[str, Any] = {"office_ids": [place.office.id], "office_id": place.office.id, "counter_id": other.id}
    move_for(session, **own, **where, start=start, actor=AGENT, now=EARLY)

    visit = of(session, made)
    assert (visit.counter_id, visit.kept_outside_at) == (other.id, None)
    assert (visit.coming_at, visit.disturbed_at) == (still, still)


def test_a_service_is_not_added_that_the_person_has_an_appointment_for(session: Session) -> None:
    place = a_working_commune(session)
    card, passport = place.service.id, a_passport(session, place)
    made = booked(session, place)
    booked(session, place, start=ELEVEN, service_id=passport)

    with pytest.raises(AlreadyBooked):
        moved(session, place, made, start=at(MONDAY, "11:30"), lines=[WishedLine(card), WishedLine(passport)])
    assert lines(session, made) == [(card, 1, 15)]


def test_what_was_agreed_to_take_longer_takes_as_long_at_another_time(session: Session) -> None:
    place = a_working_commune(session)
    made = confirmed(session, place, held(session, place, lengthened=10))
    moved(session, place, made)

    assert len(ticks(session, made)) == 5


def by_staff(
    session: Session, place: Working, made: Booked, *, start: datetime = ELEVEN, version: int = 1, **other: Any
) -> Moved:
    wish: dict[str, Any] = {
        "office_ids": [place.office.id],
        "office_id": place.office.id,
        "counter_id": None,
        "now": EARLY,
        **other,
    }
    return move_for(
        session,
        commune_id=place.commune.id,
        appointment_id=made.id,
        version=version,
        start=start,
        actor=AGENT,
        **wish,
    )


def test_staff_choose_the_counter_too(session: Session) -> None:
    place = a_working_commune(session, counters=3)
    made = booked(session, place)
    for version, counter in enumerate(place.counters, start=1):
        by_staff(session, place, made, version=version, counter_id=counter.id)
        assert of(session, made).counter_id == counter.id
    held(session, place, start=HALF_PAST_TEN)
    assert session.scalars(select(JournalEntry.role)).all() == [Role.AGENT] * 3
    assert problems(session, now=EARLY) == []


def test_staff_do_not_move_what_lies_outside_their_offices(session: Session) -> None:
    place, elsewhere = a_working_commune(session), a_working_commune(session, slug="ailleurs")
    made = booked(session, place)

    for outside in ({"office_ids": []}, {"office_ids": [elsewhere.office.id]}, {"office_id": elsewhere.office.id}):
        with pytest.raises(Unknown):
            by_staff(session, place, made, **outside)
