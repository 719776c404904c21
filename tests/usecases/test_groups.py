"""Two visits that belong together: both or none, from the moment they are held."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import AlreadyBooked, HoldGone, HoldLapsed, OutsideHours, SlotTaken, TooManyHolds
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Claim, Counter, CounterService, Message, Seat, Service
from booking.usecases.baskets import Basket, BasketLine, WishedLine
from booking.usecases.check import problems
from booking.usecases.groups import hold_adjoining, others_of
from booking.usecases.held import held_by
from booking.usecases.holds import extend, release
from booking.usecases.limits import CONTACT, HOLDS, PERSON
from booking.usecases.offers import free_days, offices_apart, offices_for
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune, an_appointment
from tests.moments import BRUSSELS, EARLY, MONDAY, at
from tests.usecases.booking import HALF_PAST_TEN, booked, confirmed

LATER = EARLY + timedelta(minutes=11)
BIRTH = Translated.of(fr="Naissance", nl="Geboorte")


def two_desks(session: Session) -> tuple[Working, Service]:
    """One counter for identity cards, a quarter of an hour each; another for births, half an hour each."""
    place = a_working_commune(session)
    birth = a_service(session, place.commune, code="birth", name=BIRTH, minutes_first=30)
    a_session(session, place.office, [a_counter(session, place.office, label="2", serves=[birth])])
    return place, birth


def held_together(session: Session, place: Working, birth: Service, **other: Any) -> str:
    wish: dict[str, Any] = {
        "commune_id": place.commune.id,
        "office_id": place.office.id,
        "lines": [WishedLine(place.service.id), WishedLine(birth.id)],
        "start": HALF_PAST_TEN,
        "length": timedelta(minutes=10),
        "client": None,
        "per_client": 5,
        "now": EARLY,
        **other,
    }
    return hold_adjoining(session, **wish)


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(BRUSSELS):%H:%M}"


def visits(session: Session) -> list[tuple[str, str, str]]:
    """What there is: the service, and from when to when on the office's clock."""
    rows = session.execute(
        select(AppointmentLine.service_name, Appointment.start, Appointment.end)
        .join(Appointment, Appointment.id == AppointmentLine.appointment_id)
        .order_by(Appointment.start)
    )
    return [(row.service_name.in_("fr"), clock(row.start), clock(row.end)) for row in rows]


def free(session: Session, place: Working, birth: Service) -> list[str]:
    basket = Basket((BasketLine(place.service), BasketLine(birth)), apart=True)
    days = free_days(session, office=place.office, basket=basket, first=MONDAY, last=MONDAY, now=EARLY)
    return [clock(start) for start in days[MONDAY]]


def taken(session: Session, counter: Any, service: Service, wall: str, minutes: int) -> None:
    an_appointment(session, counter, service, start=at(MONDAY, wall), minutes=minutes)


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_what_no_counter_takes_alone_is_offered_in_two_visits_that_adjoin(session: Session) -> None:
    place, birth = two_desks(session)
    basket = Basket((BasketLine(place.service), BasketLine(birth)))

    assert offices_for(session, commune_id=place.commune.id, basket=basket) == []
    assert offices_apart(session, commune_id=place.commune.id, basket=basket) == [place.office]
    assert free(session, place, birth) == ["10:00", "10:15", "10:30", "10:45", "11:00", "11:15"]
    held_together(session, place, birth)
    assert visits(session) == [("Carte d’identité", "10:30", "10:45"), ("Naissance", "10:45", "11:15")]


def test_either_may_come_first_and_nobody_waits_longer_than_a_quarter_of_an_hour(session: Session) -> None:
    place, birth = two_desks(session)
    taken(session, place.counter, place.service, "10:30", 60)

    # After a birth at 10:30 there would be half an hour to wait for the card.
    assert free(session, place, birth) == ["10:00", "10:15", "10:45", "11:00", "11:15"]
    held_together(session, place, birth, start=at(MONDAY, "10:45"))
    assert visits(session)[1:] == [("Naissance", "10:45", "11:15"), ("Carte d’identité", "11:30", "11:45")]


def test_when_one_of_two_is_taken_nothing_is_held(session: Session) -> None:
    place, birth = two_desks(session)
    for wall in ("10:00", "10:30", "11:00", "11:30"):
        taken(session, desk_of(session, birth), birth, wall, 30)

    with pytest.raises(SlotTaken), session.begin_nested():
        held_together(session, place, birth)
    assert free(session, place, birth) == []
    assert count(session, Appointment) == 4


def desk_of(session: Session, service: Service) -> Any:
    wanted = select(Counter).join(CounterService, CounterService.counter_id == Counter.id)
    return session.scalars(wanted.where(CounterService.service_id == service.id)).one()


def test_an_office_that_does_not_do_one_of_two_offers_nothing(session: Session) -> None:
    place, _ = two_desks(session)
    other = a_service(session, place.commune, code="nowhere")

    with pytest.raises(OutsideHours), session.begin_nested():
        held_together(session, place, other)


def test_two_visits_are_confirmed_together_each_with_its_own_reference_and_letter(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth, client="one connection")
    made = confirmed(session, place, key)
    again = confirmed(session, place, key)
    first, second = session.scalars(select(Appointment).order_by(Appointment.start)).all()

    assert (made.id, again.id, again.again) == (first.id, first.id, True)
    assert {first.state, second.state} == {AppointmentState.BOOKED}
    assert first.group_key == second.group_key
    assert first.reference != second.reference
    assert first.uid != second.uid
    assert first.nonce != second.nonce
    assert others_of(session, commune_id=place.commune.id, appointment_id=first.id) == [second]
    assert sorted(session.scalars(select(Message.appointment_id))) == [first.id, second.id]
    assert problems(session, now=EARLY) == []


def test_two_visits_of_one_wish_take_one_place_of_each_limit_but_one_for_each_service(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth, client="one connection", per_client=1)
    with pytest.raises(TooManyHolds), session.begin_nested():
        held_together(session, place, birth, start=at(MONDAY, "11:00"), client="one connection", per_client=1)
    confirmed(session, place, key)
    kinds = sorted(session.scalars(select(Seat.kind)))

    assert kinds == [CONTACT, PERSON, PERSON]
    assert HOLDS not in kinds


def test_who_has_an_appointment_for_one_of_the_two_already_gets_neither(session: Session) -> None:
    place, birth = two_desks(session)
    booked(session, place, start=at(MONDAY, "11:30"))
    key = held_together(session, place, birth)

    with pytest.raises(AlreadyBooked), session.begin_nested():
        confirmed(session, place, key)
    assert count(session, Message) == 1


def test_two_holds_are_given_back_together(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)
    release(session, commune_id=place.commune.id, hold_key=key)

    assert (count(session, Appointment), count(session, Claim)) == (0, 0)


def test_another_time_is_held_instead_of_both(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)
    held_together(session, place, birth, start=at(MONDAY, "10:45"), instead_of=key)

    assert [one[1] for one in visits(session)] == ["10:45", "11:00"]


def test_two_holds_last_equally_long_and_are_kept_longer_together(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)
    extend(session, commune_id=place.commune.id, hold_key=key, seen=0, length=timedelta(minutes=10), now=EARLY)
    session.expire_all()
    held = held_by(session, commune_id=place.commune.id, hold_key=key)

    assert held is not None
    assert held.following is not None
    assert [one.basket.main.code for one in held.visits] == ["identity-card", "birth"]
    assert {one.appointment.held_until for one in held.visits if one.appointment} == {EARLY + timedelta(minutes=20)}
    assert [line.service.code for line in held.whole.lines] == ["identity-card", "birth"]


def test_lapsed_together_none_of_two_is_booked(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)

    with pytest.raises(HoldLapsed):
        confirmed(session, place, key, now=LATER)


def test_without_the_other_a_hold_is_booked_no_more(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)
    session.execute(delete(Appointment).where(Appointment.hold_key != key))

    with pytest.raises(HoldGone), session.begin_nested():
        confirmed(session, place, key)
    assert session.scalars(select(Appointment.state)).all() == [AppointmentState.HELD]


def test_half_a_group_is_found(session: Session) -> None:
    place, birth = two_desks(session)
    key = held_together(session, place, birth)
    confirmed(session, place, key)
    second = session.scalars(select(Appointment).order_by(Appointment.start.desc())).first()
    assert second is not None
    second.group_key = None
    session.flush()
    found = problems(session, now=EARLY)

    assert [one.partition(":")[0] for one in found] == ["visits that belong together were booked together, and are two"]
