from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import OutOfDate, SlotTaken, Unknown, WrongPartySize
from booking.core.roles import Role
from booking.models import Appointment, Message
from booking.models.journal import JournalEntry
from booking.models.messages import REMINDERS, MessageKind, MessageState, Recipient
from booking.usecases.appointments import Helper
from booking.usecases.baskets import Basket
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.letters import letter_for
from booking.usecases.parties import PartyWish, book_party, cancel_of_party
from booking.usecases.party_times import PartyPlace, party_times
from booking.usecases.party_visits import party_of
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

RITA = Actor(Role.RECEPTIONIST)
SHELTER = PartyWish(Helper("Maison Espoir", "espoir@example.org", None), "fr", ("Ana Peeters", "Bao Tran"))
THURSDAY = date(MONDAY.year, MONDAY.month, MONDAY.day + 3)


def ways(session: Session, place: Working, number: int, day: date = THURSDAY, **other: Any) -> Any:
    wish = {"office": place.office, "basket": Basket.of(place.service), "now": EARLY}
    return party_times(session, **wish, number=number, day=day, **other)


def made(session: Session, place: Working, places: Sequence[PartyPlace], **other: Any) -> list[Appointment]:
    own = {"commune_id": place.commune.id, "office_id": place.office.id, "service_id": place.service.id}
    wish = {"wish": SHELTER, "actor": RITA, "now": EARLY, **other}
    number = book_party(session, **own, places=places, **wish)
    session.expire_all()
    return party_of(session, appointment=session.get_one(Appointment, number))


def cancelled(session: Session, place: Working, visits: Sequence[Appointment], gone: Sequence[Appointment]) -> int:
    own = {"commune_id": place.commune.id, "office_ids": [place.office.id], "appointment_id": visits[0].id}
    done = cancel_of_party(session, **own, gone=[one.id for one in gone], actor=RITA, now=EARLY)
    session.expire_all()
    return done


def messages(session: Session, *kinds: MessageKind) -> list[tuple[int | None, Recipient]]:
    wanted = select(Message.appointment_id, Message.recipient).where(
        Message.kind.in_(kinds), Message.state == MessageState.QUEUED
    )
    return [(row.appointment_id, row.recipient) for row in session.execute(wanted.order_by(Message.id))]


def test_a_group_of_twelve_is_proposed_times_at_one_counter_or_at_several(session: Session) -> None:
    place = a_working_commune(session, counters=2)
    one, two = ways(session, place, 12).ways

    assert [len(way.counters) for way in (one, two)] == [1, 2]
    assert [(way.end - way.start).total_seconds() / 3600 for way in (one, two)] == [3, 1.5]


def test_when_a_day_is_full_the_next_one_with_room_is_told(session: Session) -> None:
    place = a_working_commune(session)
    an_appointment(session, place.counter, place.service, start=at(THURSDAY, "10:00"))
    found = ways(session, place, 10)

    assert found.ways == ()
    assert found.next_day == date(THURSDAY.year, THURSDAY.month, THURSDAY.day + 1)
    assert ways(session, place, 30).next_day is None
    assert ways(session, place, 2, since=time(12)).ways == ()


def test_a_group_is_booked_under_its_helper_who_gets_one_message(session: Session) -> None:
    place = a_working_commune(session)
    [way] = ways(session, place, 4).ways
    visits = made(session, place, way.places)

    assert [visit.name for visit in visits] == ["Ana Peeters", "Bao Tran", "Maison Espoir (3)", "Maison Espoir (4)"]
    assert {(visit.helper_name, visit.email, visit.party_size) for visit in visits} == {("Maison Espoir", None, 4)}
    assert len({visit.party_key for visit in visits}) == 1
    first = visits[0].id
    told = messages(session, MessageKind.CONFIRMATION)
    assert told == [(first, Recipient.PERSON), (first, Recipient.HELPER)]
    assert {number for number, _ in messages(session, *REMINDERS)} <= {first}
    assert session.scalar(select(func.count()).where(JournalEntry.act == "booked")) == 4
    assert problems(session, now=EARLY) == []


def test_the_letter_to_the_helper_names_every_appointment(session: Session) -> None:
    place = a_working_commune(session)
    visits = made(session, place, ways(session, place, 3).ways[0].places)
    number = session.scalars(select(Message.id).where(Message.recipient == Recipient.HELPER)).first()
    letter: Any = letter_for(session, message_number=number or 0, base_url="https://x.example", secret="s", now=EARLY)

    assert [one.reference for one in letter.party] == [visit.reference for visit in visits]
    assert [one.name for one in letter.party] == ["Ana Peeters", "Bao Tran", "Maison Espoir (3)"]


def test_when_one_time_of_a_group_is_taken_nothing_is_booked(session: Session) -> None:
    place = a_working_commune(session)
    [way] = ways(session, place, 4).ways
    an_appointment(session, place.counter, place.service, start=way.places[2].start)

    with pytest.raises(SlotTaken), session.begin_nested():
        made(session, place, way.places)

    assert session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_a_group_of_one_or_of_too_many_is_refused(session: Session) -> None:
    place = a_working_commune(session)
    one = PartyPlace(place.counter.id, at(THURSDAY, "09:00"))

    for places in ([one], [one, one], [PartyPlace(number, one.start) for number in range(40)]):
        with pytest.raises(WrongPartySize):
            made(session, place, places)


def test_some_of_a_group_are_cancelled_with_one_message_and_the_rest_is_reminded_of(session: Session) -> None:
    place = a_working_commune(session)
    visits = made(session, place, ways(session, place, 4).ways[0].places)

    assert cancelled(session, place, visits, visits[:2]) == 2

    assert [visit.state for visit in visits] == [AppointmentState.CANCELLED] * 2 + [AppointmentState.BOOKED] * 2
    assert {number for number, _ in messages(session, MessageKind.CANCELLATION)} == {visits[0].id}
    assert {number for number, _ in messages(session, *REMINDERS)} >= {visits[2].id}
    assert problems(session, now=EARLY) == []


def test_all_of_a_group_are_cancelled_at_once(session: Session) -> None:
    place = a_working_commune(session)
    visits = made(session, place, ways(session, place, 4).ways[0].places)

    assert cancelled(session, place, visits, visits) == 4
    with pytest.raises(OutOfDate):
        cancelled(session, place, visits, visits)
    assert problems(session, now=EARLY) == []


def test_nobody_cancels_somebody_else_by_way_of_a_group(session: Session) -> None:
    place = a_working_commune(session)
    visits = made(session, place, ways(session, place, 2).ways[0].places)
    other = an_appointment(session, place.counter, place.service, start=at(MONDAY, "11:00"))

    for known, gone in ((visits, [visits[0], other]), ([other], [other]), (visits, [])):
        with pytest.raises(Unknown):
            cancelled(session, place, known, gone)


def test_a_party_that_lost_one_of_its_rows_is_found(session: Session) -> None:
    place = a_working_commune(session)
    visits = made(session, place, ways(session, place, 3).ways[0].places)
    visits[1].party_key = visits[1].party_size = None
    session.flush()

    assert [line.split(":")[0] for line in problems(session, now=EARLY)] == [
        "a party was booked whole",
        "whoever gave an address has a confirmation in the outbox",
    ]
