"""At noon the counters close: what nobody ended or marked is settled on one page, and the sums hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.core.tickets import ENDED, LIKELY, TO_COME, Aside, Step, TicketState
from booking.models import Desk, Ticket, TicketNumber, TicketStep
from booking.usecases.check import problems
from booking.usecases.end_of_day import Settled, TicketEnd, VisitEnd, day_left, settle_day
from booking.usecases.journal import Actor
from booking.usecases.loose_ends import loose_ends
from booking.usecases.marks import mark
from tests.factories import Working, a_person, a_ticket, a_working_commune, add, an_appointment
from tests.moments import EARLY, MONDAY, at

AGENT = Actor(Role.AGENT)
NOON = at(MONDAY, "12:00")


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def settles(session: Session, home: Working, **what: Any) -> Settled:
    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "office": home.office}
    told = {"tickets": (), "visits": (), "desks": (), "now": NOON, **what}
    return settle_day(session, **own, **told, actor=AGENT)


def left(session: Session, home: Working, now: Any = NOON) -> Any:
    return day_left(session, office=home.office, offices=[home.office], now=now)


def test_every_way_a_ticket_can_be_left_has_a_likely_end() -> None:
    assert LIKELY.keys() == TO_COME
    assert set(LIKELY.values()) <= ENDED


def test_what_is_left_is_listed_with_its_likely_end(session: Session, home: Working) -> None:
    missed = an_appointment(session, home.counter, home.service)
    came = an_appointment(session, home.counters[1], home.service, arrived_at=at(MONDAY, "08:55"))
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "13:00"))
    waits = a_ticket(session, home.office, home.service)
    photo = {"state": TicketState.ASIDE, "aside": Aside.PHOTO}
    aside = a_ticket(session, home.office, home.service, **photo)
    a_ticket(session, home.office, home.service, state=TicketState.DONE)

    found = left(session, home)

    assert found.is_over
    assert {(one.visit.id, one.likely) for one in found.visits} == {
        (missed.id, Mark.DID_NOT_COME),
        (came.id, Mark.DONE),
    }
    assert {(one.ticket.id, one.likely) for one in found.tickets} == {
        (waits.id, TicketState.LEFT),
        (aside.id, TicketState.LEFT),
    }


def test_while_a_counter_is_open_nothing_is_proposed(session: Session, home: Working) -> None:
    an_appointment(session, home.counter, home.service)
    a_ticket(session, home.office, home.service)

    found = left(session, home, now=at(MONDAY, "11:00"))

    assert not found.is_over
    assert [one.likely for one in (*found.visits, *found.tickets)] == [None, None]


def test_an_appointment_with_a_ticket_is_settled_once(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service, arrived_at=at(MONDAY, "08:55"))
    at_it = {"state": TicketState.SERVING, "counter_id": home.counter.id, "appointment_id": visit.id}
    ticket = a_ticket(session, home.office, home.service, **at_it)
    found = left(session, home)
    assert (len(found.visits), len(found.tickets)) == (0, 1)

    done = settles(session, home, tickets=[TicketEnd(ticket.id, ticket.version, TicketState.INCOMPLETE)])

    session.refresh(visit)
    session.refresh(ticket)
    assert done == Settled(1, (), ())
    assert visit.state == AppointmentState.FULFILLED
    assert (ticket.state, ticket.return_until) == (TicketState.INCOMPLETE, MONDAY + timedelta(days=4))
    assert session.scalars(select(TicketStep.step)).all() == [Step.INCOMPLETE]
    sums = left(session, home).sums
    assert (sums.past, sums.fulfilled, sums.incomplete) == (1, 0, 1)


def test_leftovers_of_past_days_are_there_too(session: Session, home: Working) -> None:
    friday = at(MONDAY - timedelta(days=3), "09:00")
    old = a_ticket(session, home.office, home.service, issued_at=friday)
    visit = an_appointment(session, home.counter, home.service, start=friday)

    found = left(session, home, now=EARLY)

    assert [(one.ticket.id, one.day, one.likely) for one in found.tickets] == [
        (old.id, MONDAY - timedelta(days=3), TicketState.LEFT)
    ]
    assert [(one.visit.id, one.likely) for one in found.visits] == [(visit.id, None)], "nobody remembers by habit"


def test_tickets_left_open_on_past_days_wait_to_be_settled_until_the_end_of_a_day(
    session: Session, home: Working
) -> None:
    friday = at(MONDAY - timedelta(days=3), "09:00")
    a_ticket(session, home.office, home.service)
    a_ticket(session, home.office, home.service, issued_at=friday, state=TicketState.DONE)
    a_ticket(session, home.office, home.service, issued_at=at(MONDAY - timedelta(days=60), "09:00"))
    aside = {"state": TicketState.ASIDE, "aside": Aside.PHOTO}
    old = [a_ticket(session, home.office, home.service, issued_at=friday, **more) for more in ({}, aside)]
    came = an_appointment(session, home.counter, home.service, start=friday, arrived_at=friday)
    for_visit = a_ticket(session, home.office, home.service, issued_at=friday, appointment_id=came.id)
    waiting = loose_ends(session, offices=[home.office], now=EARLY)
    assert (waiting.unmarked, waiting.tickets, waiting.to_settle) == (1, 2, 3)
    assert loose_ends(session, offices=[], now=EARLY).to_settle == 0
    assert left(session, home, now=EARLY).tickets[-1].day == friday.date()

    ends = [TicketEnd(one.id, one.version, TicketState.LEFT) for one in (*old, for_visit)]
    settles(session, home, tickets=ends)
    assert loose_ends(session, offices=[home.office], now=EARLY).tickets == 0


def test_what_somebody_else_said_meanwhile_stays_and_is_told(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service)
    same = an_appointment(session, home.counters[1], home.service)
    ticket = a_ticket(session, home.office, home.service, state=TicketState.DONE, version=4)
    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "actor": AGENT, "now": NOON}
    seen = {one.id: one.version for one in (visit, same)}
    mark(session, **own, appointment_id=visit.id, mark=Mark.DONE, version=visit.version)
    mark(session, **own, appointment_id=same.id, mark=Mark.DID_NOT_COME, version=same.version)

    found = settles(
        session,
        home,
        tickets=[TicketEnd(ticket.id, 3, TicketState.LEFT)],
        visits=[VisitEnd(number, version, Mark.DID_NOT_COME) for number, version in seen.items()],
    )

    assert found == Settled(1, (ticket.id,), (visit.id,))
    session.refresh(visit)
    session.refresh(ticket)
    assert (visit.state, ticket.state) == (AppointmentState.FULFILLED, TicketState.DONE)


def test_what_is_in_another_office_is_not_settled_from_here(session: Session, home: Working) -> None:
    there = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
    ticket = a_ticket(session, there.office, there.service)
    visit = an_appointment(session, there.counter, there.service)

    found = settles(
        session,
        home,
        tickets=[TicketEnd(ticket.id, ticket.version, TicketState.LEFT)],
        visits=[VisitEnd(visit.id, visit.version, Mark.DID_NOT_COME)],
    )

    assert found == Settled(0, (ticket.id,), (visit.id,))


def test_counters_that_were_forgotten_are_closed(session: Session, home: Working) -> None:
    bilal = a_person(session, home.commune)
    own = {"commune_id": home.commune.id, "person_id": bilal.id, "opened_at": EARLY}
    add(session, Desk(counter_id=home.counter.id, **own))
    assert [one.counter_id for one in left(session, home).desks] == [home.counter.id]

    settles(session, home, desks=[home.counter.id])

    assert left(session, home).desks == ()


def test_at_the_end_the_sums_hold(session: Session, home: Working) -> None:
    states = [*ENDED, TicketState.WAITING, TicketState.WAITING]
    own = {"commune_id": home.commune.id, "office_id": home.office.id, "local_date": MONDAY, "letter": "A"}
    add(session, TicketNumber(**own, n=999))
    for number, state in enumerate(states, start=1):
        a_ticket(session, home.office, home.service, number=number, state=state)
    for wall in ("08:00", "09:00", "10:00"):
        an_appointment(session, home.counter, home.service, start=at(MONDAY, wall))
    an_appointment(session, home.counters[1], home.service, state=AppointmentState.CANCELLED, email=None)
    before = left(session, home)
    assert (before.sums.handed_out, before.sums.open, before.sums.past, before.sums.unsettled) == (6, 2, 3, 3)

    settles(
        session,
        home,
        tickets=[TicketEnd(one.ticket.id, one.ticket.version, one.likely) for one in before.tickets],
        visits=[VisitEnd(one.visit.id, one.visit.version, one.likely) for one in before.visits],
    )

    sums = left(session, home).sums
    ended = sum(sums.tickets[state] for state in ENDED)
    assert (sums.handed_out, ended, sums.open) == (6, 6, 0)
    assert (sums.past, sums.fulfilled, sums.missed, sums.unsettled, sums.to_come) == (3, 0, 3, 0, 0)
    assert session.scalars(select(Ticket.id).where(Ticket.state.in_(TO_COME))).all() == []
    assert [one for one in problems(session, now=NOON) if "confirmation" not in one] == []
