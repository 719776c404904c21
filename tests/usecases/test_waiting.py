"""Joining the list for an earlier appointment, and one's place in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import AddressMissing, AlreadyWaiting, NoEarlierList, OutOfDate, TooManyPersons, Unknown
from booking.core.waiting import WaitingState, Wishes
from booking.models import JournalEntry, Message, WaitingEntry, WaitingLine
from booking.models.messages import MessageKind
from booking.usecases.appointments import Wish
from booking.usecases.baskets import WishedLine
from booking.usecases.retention import KINDS
from booking.usecases.waiting import WishedTime, entry_with_nonce, join, join_with_appointment, prove
from booking.usecases.waiting_list import Reached, place_in_list, reached
from tests.factories import a_counter, a_service, a_session, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.waiting import (
    ANA,
    ANY_TIME,
    IN_A_MONTH,
    WEDNESDAY,
    a_commune_with_a_list,
    give_back,
    somebody_waits,
    waits_with,
)

BILAL = Wish("Bilal", "bilal@example.org", "+32470123456", "nl", "en")


def ask(session: Session, place: object, **other: object) -> str:
    told = {
        "commune_id": place.commune.id,  # type: ignore[attr-defined]
        "lines": [WishedLine(place.service.id)],  # type: ignore[attr-defined]
        "time": WishedTime(ANY_TIME),
        "otherwise_on": IN_A_MONTH,
        "wish": BILAL,
        "now": EARLY,
    }
    return join(session, **(told | other))  # type: ignore[arg-type]


def test_whoever_asks_without_an_appointment_counts_once_the_address_is_proved(session: Session) -> None:
    place = a_commune_with_a_list(session)
    nonce = ask(session, place)
    entry = entry_with_nonce(session, commune_id=place.commune.id, nonce=nonce)
    assert entry is not None
    assert (entry.state, entry.proved_at) == (WaitingState.UNPROVED, None)
    (letter,) = session.scalars(select(Message)).all()
    assert (letter.kind, letter.waiting_entry_id) == (MessageKind.LIST_PROOF, entry.id)

    for _ in range(2):
        prove(session, commune_id=place.commune.id, nonce=nonce, now=EARLY + timedelta(hours=1))
    session.refresh(entry)
    assert (entry.state, entry.proved_at) == (WaitingState.LIVE, EARLY + timedelta(hours=1))
    assert session.scalars(select(JournalEntry.act)).all() == ["joined_list"]


def test_nobody_stands_twice_in_the_list_for_one_service(session: Session) -> None:
    place = a_commune_with_a_list(session)
    passport = a_service(session, place.commune, code="passport", earlier_list=True)
    first, again, other = ask(session, place), ask(session, place), ask(session, place, lines=[WishedLine(passport.id)])
    prove(session, commune_id=place.commune.id, nonce=first, now=EARLY)
    prove(session, commune_id=place.commune.id, nonce=other, now=EARLY)

    with pytest.raises(AlreadyWaiting):
        prove(session, commune_id=place.commune.id, nonce=again, now=EARLY)
    with pytest.raises(Unknown):
        prove(session, commune_id=place.commune.id, nonce="0" * 32, now=EARLY)


def test_only_where_the_commune_keeps_the_list_and_with_an_address(session: Session) -> None:
    place = a_commune_with_a_list(session)
    without = a_service(session, place.commune, code="passport")

    with pytest.raises(NoEarlierList):
        ask(session, place, lines=[WishedLine(place.service.id), WishedLine(without.id)])
    with pytest.raises(AddressMissing):
        ask(session, place, wish=Wish("Bilal", None, "+32470123456", "nl"))
    with pytest.raises(TooManyPersons):
        ask(session, place, lines=[WishedLine(place.service.id, 9)])


def test_where_text_messages_are_sent_a_telephone_is_enough(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=2)
    nonce = ask(session, place, wish=Wish("Bilal", None, "+32470123456", "nl"), by_text=True)
    entry = entry_with_nonce(session, commune_id=place.commune.id, nonce=nonce)
    assert entry
    assert (entry.email, entry.phone) == (None, "+32470123456")

    helped = {"email": None, "phone": None, "helper_name": "Dina", "helper_email": "dina@example.org"}
    for counter, contact in zip(place.counters, (helped, {"email": None, "phone": "+32470123457"}), strict=True):
        visit = an_appointment(session, counter, place.service, start=at(IN_A_MONTH, "09:00"), **contact)
        own = {"commune_id": place.commune.id, "appointment_id": visit.id, "version": visit.version}
        join_with_appointment(session, **own, time=WishedTime(ANY_TIME), by_text=True, actor=ANA, now=EARLY)


def test_who_is_reached_through_a_helper_is_so_only_without_a_contact_of_their_own(session: Session) -> None:
    place = a_commune_with_a_list(session)
    given = {"email": None, "phone": "+32470123456", "helper_name": "Dina", "helper_phone": "+32470123457"}
    visit = an_appointment(session, place.counter, place.service, start=at(IN_A_MONTH, "09:00"), **given)

    assert reached(visit, by_text=False) is None
    assert reached(visit, by_text=True) == Reached(phone="+32470123456")
    visit.helper_email = "dina@example.org"
    assert reached(visit, by_text=True) == Reached(email="dina@example.org", is_helper=True)
    visit.helper_email, visit.phone = None, None
    assert reached(visit, by_text=True) == Reached(phone="+32470123457", is_helper=True)


def test_an_appointment_joins_at_once_and_wishes_again_without_losing_its_place(session: Session) -> None:
    place = a_commune_with_a_list(session)
    visit = an_appointment(session, place.counter, place.service, start=at(IN_A_MONTH, "09:00"))
    entry = waits_with(session, place, visit)
    behind = somebody_waits(session, place, "Bilal", now=EARLY + timedelta(minutes=1))
    assert (entry.state, entry.proved_at, entry.name, entry.email) == (WaitingState.LIVE, EARLY, None, None)

    other = Wishes(MONDAY, WEDNESDAY, weekdays=frozenset({1}))
    again = waits_with(session, place, visit, wishes=other)
    session.refresh(entry)
    assert (again.id, entry.last_day, entry.weekdays) == (entry.id, WEDNESDAY, 0b10)
    assert (place_in_list(session, entry=entry), place_in_list(session, entry=behind)) == (1, 2)


def test_an_appointment_joins_only_as_it_is_and_when_it_stands_alone(session: Session) -> None:
    place = a_commune_with_a_list(session, counters=3)
    own = {"commune_id": place.commune.id, "time": WishedTime(ANY_TIME), "actor": ANA, "now": EARLY}
    silent, paired, known = (
        an_appointment(session, counter, place.service, start=at(WEDNESDAY, "09:00"), **columns)
        for counter, columns in zip(place.counters, ({"email": None}, {"group_key": "1"}, {}), strict=True)
    )
    for visit, refusal in ((silent, AddressMissing), (paired, NoEarlierList)):
        with pytest.raises(refusal):
            join_with_appointment(session, appointment_id=visit.id, version=visit.version, **own)  # type: ignore[arg-type]
    with pytest.raises(OutOfDate):
        join_with_appointment(session, appointment_id=known.id, version=known.version + 1, **own)  # type: ignore[arg-type]


def test_the_place_counts_who_could_be_offered_the_same_times(session: Session) -> None:
    place = a_commune_with_a_list(session)
    branch = an_office(session, place.commune, code="branch")
    there = a_counter(session, branch, serves=[place.service])
    a_session(session, branch, [there])
    somebody_waits(session, place, "Anywhere")
    somebody_waits(session, place, "Elsewhere", offices=[branch.id])
    somebody_waits(session, place, "Tuesdays", wishes=Wishes(MONDAY, IN_A_MONTH, weekdays=frozenset({1})))
    here = somebody_waits(session, place, "Here", offices=[place.office.id])

    assert place_in_list(session, entry=here) == 3


def test_who_cancels_the_appointment_leaves_the_list(session: Session) -> None:
    place = a_commune_with_a_list(session)
    visit = an_appointment(session, place.counter, place.service, start=at(IN_A_MONTH, "09:00"))
    entry = waits_with(session, place, visit)
    give_back(session, place, visit)
    session.refresh(entry)

    assert entry.state == WaitingState.WITHDRAWN


def test_what_named_somebody_goes_with_the_place_in_the_list(session: Session) -> None:
    place = a_commune_with_a_list(session)
    short = somebody_waits(session, place, "Bilal", wishes=Wishes(MONDAY, MONDAY))
    unproved = ask(session, place, wish=Wish("Chloé", "chloe@example.org", None, "fr"))
    tomorrow = EARLY + timedelta(days=1)
    assert KINDS["waiting"](session, now=EARLY) == KINDS["unproved"](session, now=EARLY) == 0
    assert KINDS["waiting"](session, now=tomorrow) == KINDS["unproved"](session, now=tomorrow) == 1
    session.expire_all()

    assert (short.state, short.ended_at) == (WaitingState.LAPSED, tomorrow)
    assert [short.name, short.email, short.phone, short.contact_key] == [None] * 4
    assert entry_with_nonce(session, commune_id=place.commune.id, nonce=unproved) is None
    assert len(session.scalars(select(WaitingLine)).all()) == len(session.scalars(select(WaitingEntry)).all()) == 1
