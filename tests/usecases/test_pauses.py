"""The register is down: Bilal pauses the services that need it, and whoever comes soon chooses another time first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import CallToMove, NoService, TooLateToMove, TooSoon
from booking.core.roles import Role
from booking.models import Appointment, JournalEntry, Message, Pause
from booking.models.messages import MessageKind, MessageState
from booking.usecases.baskets import WishedLine
from booking.usecases.calls import calls
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.letters import letter_for
from booking.usecases.moves import accept, basket_of, hold_instead
from booking.usecases.offers import free_days
from booking.usecases.paused import paused_in, paused_now, paused_places, pauses_of, what_pauses_of
from booking.usecases.pauses import Down, disturbed_by, end_pauses, last_choice, pause, services_at
from booking.usecases.self_service import allowed
from tests.factories import Working, a_service, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.web.counting import counted

AGENT, ANA = Actor(Role.AGENT), Actor(Role.RESIDENT)
QUARTER_PAST = at(MONDAY, "08:15")
TOMORROW = at(MONDAY + timedelta(days=1), "09:00")


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def goes_down(session: Session, home: Working, **what: Any) -> Down:
    told = {"service_ids": [home.service.id], "within": timedelta(hours=2), "now": EARLY, **what}
    return pause(session, commune_id=home.commune.id, office_id=home.office.id, actor=AGENT, **told)


def works_again(session: Session, home: Working, **what: Any) -> int:
    told = {"now": at(MONDAY, "08:30"), **what}
    return end_pauses(session, commune_id=home.commune.id, office_id=home.office.id, actor=AGENT, **told)


def test_a_service_pauses_until_it_is_ended(session: Session, home: Working) -> None:
    a_service(session, home.commune, code="elsewhere")
    assert [one.id for one in services_at(session, office=home.office)] == [home.service.id]

    assert goes_down(session, home) == Down(1, ())

    (one,) = paused_now(session, office=home.office, now=EARLY)
    assert (one.service_id, one.name, one.since) == (home.service.id, home.service.name, EARLY)
    (place,) = paused_places(session, commune_id=home.commune.id, now=EARLY)
    assert (place.office, place.services) == (home.office.name, (home.service.name,))
    assert works_again(session, home) == 1
    assert paused_now(session, office=home.office, now=at(MONDAY, "08:30")) == ()
    assert last_choice(session, office=home.office) == {home.service.id}
    acts = session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all()
    assert acts == ["paused", "resumed", "system_up"]


def test_pressed_twice_it_pauses_once_and_ended_at_once_it_has_not_been(session: Session, home: Working) -> None:
    goes_down(session, home)
    assert goes_down(session, home) == Down(0, ())

    works_again(session, home, now=EARLY)

    assert session.scalars(select(Pause.id)).all() == []
    assert works_again(session, home) == 0


def test_nothing_chosen_and_what_is_not_served_here_is_refused(session: Session, home: Working) -> None:
    other = a_service(session, home.commune, code="elsewhere")
    for chosen in ([], [other.id]):
        with pytest.raises(NoService):
            goes_down(session, home, service_ids=chosen)


def test_those_of_the_next_hours_who_are_not_there_yet_are_told_once(session: Session, home: Working) -> None:
    soon = an_appointment(session, home.counter, home.service)
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "11:00"))
    an_appointment(session, home.counters[1], home.service, arrived_at=EARLY)
    an_appointment(session, home.counter, home.service, start=at(MONDAY + timedelta(days=1), "09:00"))
    asked = {"office": home.office, "service_ids": [home.service.id], "now": EARLY}
    assert disturbed_by(session, **asked, within=timedelta(hours=2)) == {home.service.id: 1}
    assert disturbed_by(session, **asked, within=None) == {home.service.id: 2}

    assert goes_down(session, home) == Down(1, (soon.id,))
    assert goes_down(session, home) == Down(0, ())

    session.refresh(soon)
    (message,) = session.scalars(select(Message)).all()
    assert (message.kind, message.appointment_id) == (MessageKind.PAUSED, soon.id)
    letter = letter_for(session, message_number=message.id, base_url="http://localhost", secret="s", now=EARLY)
    assert letter is not None
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_whom_no_mail_reaches_stands_on_the_call_list_until_it_works_again(session: Session, home: Working) -> None:
    an_appointment(session, home.counter, home.service, email=None, phone="+32470123456")
    goes_down(session, home)
    assert [one.kind for one in calls(session, offices=[home.office], now=EARLY)] == [MessageKind.PAUSED]

    works_again(session, home)

    assert calls(session, offices=[home.office], now=EARLY) == ()
    assert session.scalars(select(Message.state)).all() == [MessageState.DROPPED]


def move_to(session: Session, home: Working, visit: Appointment, start: datetime) -> None:
    session.refresh(visit)
    key = hold_instead(
        session,
        commune_id=home.commune.id,
        appointment_id=visit.id,
        office_id=home.office.id,
        lines=[WishedLine(home.service.id)],
        start=start,
        length=timedelta(minutes=10),
        client="ana",
        per_client=5,
        key="a" * 32,
        instead_of=None,
        now=EARLY,
    )
    accept(session, commune_id=home.commune.id, hold_key=key, version=visit.version, actor=ANA, now=EARLY)


def test_a_disturbed_visit_is_moved_whatever_the_notice_and_it_counts_for_nothing(
    session: Session, home: Working
) -> None:
    visit = an_appointment(session, home.counter, home.service, moves=9)
    assert isinstance(allowed(session, appointment=visit, now=EARLY).to_move, TooLateToMove)
    goes_down(session, home)
    session.refresh(visit)
    assert allowed(session, appointment=visit, now=EARLY).to_move is None

    move_to(session, home, visit, TOMORROW)

    session.refresh(visit)
    assert (visit.start, visit.moves, visit.disturbed_at) == (TOMORROW, 9, None)
    said = select(Message.id).where(Message.kind == MessageKind.PAUSED)
    number = session.scalars(said).one()
    assert letter_for(session, message_number=number, base_url="http://localhost", secret="s", now=EARLY) is None


def test_once_it_works_again_times_too_near_for_the_public_are_theirs(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service)
    usual = basket_of(session, appointment=visit)
    goes_down(session, home)
    works_again(session, home, now=QUARTER_PAST)
    session.refresh(visit)
    first = basket_of(session, appointment=visit)
    day = {"first": MONDAY, "last": MONDAY, "now": QUARTER_PAST, "office": home.office}

    assert min(free_days(session, basket=usual, **day)[MONDAY]) > at(MONDAY, "10:00")
    assert min(free_days(session, basket=first, **day)[MONDAY]) == QUARTER_PAST


def test_without_a_disturbance_the_notice_holds(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service, start=at(MONDAY, "11:00"))

    with pytest.raises(TooSoon):
        move_to(session, home, visit, QUARTER_PAST)


def test_what_is_moved_by_telephone_alone_may_be_moved_by_whom_it_disturbs(session: Session, home: Working) -> None:
    home.service.may_move = False
    visit = an_appointment(session, home.counter, home.service)
    assert isinstance(allowed(session, appointment=visit, now=EARLY).to_move, CallToMove)

    goes_down(session, home)

    session.refresh(visit)
    assert allowed(session, appointment=visit, now=EARLY).to_move is None
    after = at(MONDAY, "09:05")
    assert isinstance(allowed(session, appointment=visit, now=after).to_move, TooLateToMove)


def test_a_visit_says_what_of_it_pauses_today(session: Session, home: Working) -> None:
    today = an_appointment(session, home.counter, home.service, start=at(MONDAY, "11:00"))
    later = an_appointment(session, home.counter, home.service, start=at(MONDAY + timedelta(days=1), "09:00"))
    assert what_pauses_of(session, appointment=today, now=EARLY) == ()

    goes_down(session, home)

    assert what_pauses_of(session, appointment=today, now=EARLY) == (home.service.name,)
    assert what_pauses_of(session, appointment=later, now=EARLY) == ()


def test_whatever_is_asked_about_pauses_is_asked_of_one_commune(session: Session, home: Working) -> None:
    an_appointment(session, home.counter, home.service)

    with counted(session.connection()) as said:
        goes_down(session, home)
        paused_in(session, office=home.office, now=EARLY)
        pauses_of(session, offices=[home.office], service_ids=[home.service.id], now=EARLY)

    about = [one for one in said if one.startswith("DELETE") or "FROM pause" in one]
    assert len(about) >= 3
    assert [one for one in about if "commune_id" not in one.partition("WHERE")[2]] == []


def test_another_office_goes_on(session: Session, home: Working) -> None:
    there = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
    goes_down(session, home)

    assert paused_now(session, office=there.office, now=EARLY) == ()
    assert paused_places(session, commune_id=there.commune.id, now=EARLY) == ()
    assert end_pauses(session, commune_id=there.commune.id, office_id=there.office.id, actor=AGENT, now=EARLY) == 0
