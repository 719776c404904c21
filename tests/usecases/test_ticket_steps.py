"""What Bilal does with the visitor he called; his appointment, where there is one, follows the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import (
    CallAgainFirst,
    CounterBusy,
    ForbiddenMove,
    ForbiddenStep,
    NotServedHere,
    TicketChanged,
    TooLateToTakeBack,
    Unknown,
)
from booking.core.marks import Mark
from booking.core.roles import Role
from booking.core.tickets import Aside, Step, TicketState
from booking.core.turns import ALWAYS
from booking.models import Appointment, CounterService, JournalEntry, Ticket, TicketLine, TicketStep
from booking.usecases.journal import Actor
from booking.usecases.marks import mark
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import TicketWish
from tests.factories import Working, a_service, a_ticket, a_working_commune, add, an_appointment
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")
AGENT = Actor(Role.AGENT)
FRIDAY = MONDAY + timedelta(days=4)


@dataclass
class Hall:
    session: Session
    home: Working

    def waits(self, **columns: object) -> Ticket:
        return a_ticket(self.session, self.home.office, self.home.service, **columns)  # type: ignore[arg-type]

    def at_counter(self, state: TicketState = TicketState.SERVING, **columns: object) -> Ticket:
        return self.waits(state=state, counter_id=self.home.counter.id, calls=1, **columns)

    def take(self, ticket: Ticket, step: Step, *, now: datetime = NINE, counter: int = 0, **more: object) -> None:
        version = more.pop("version", ticket.version)
        place = more.pop("place", {"commune_id": self.home.commune.id, "office_ids": [self.home.office.id]})
        wish = StepWish(step, version, self.home.counters[counter].id, **more)  # type: ignore[arg-type]
        try:
            take_step(self.session, **place, ticket_id=ticket.id, wish=wish, actor=AGENT, now=now)  # type: ignore[arg-type]
        finally:
            self.session.refresh(ticket)


@pytest.fixture
def hall(session: Session) -> Hall:
    return Hall(session, a_working_commune(session, counters=2))


def test_a_visit_goes_from_the_call_to_its_end_and_every_step_is_kept(hall: Hall) -> None:
    ticket = hall.waits()
    for step in (Step.CALL, Step.CALL_AGAIN, Step.BEGIN, Step.DONE):
        hall.take(ticket, step)

    assert (ticket.state, ticket.calls, ticket.ended_at) == (TicketState.DONE, 2, NINE)
    kept = select(TicketStep.step).where(TicketStep.ticket_id == ticket.id).order_by(TicketStep.id)
    assert hall.session.scalars(kept).all() == [Step.CALL, Step.CALL_AGAIN, Step.BEGIN, Step.DONE]


def test_an_old_page_changes_nothing(hall: Hall) -> None:
    ticket = hall.waits()
    hall.take(ticket, Step.CALL)

    with pytest.raises(TicketChanged):
        hall.take(ticket, Step.LEAVE, version=1)
    assert ticket.state == TicketState.CALLED


def test_the_same_step_sent_twice_is_taken_once(hall: Hall) -> None:
    ticket = hall.waits()
    hall.take(ticket, Step.CALL)
    hall.take(ticket, Step.CALL, version=1)

    assert ticket.calls == 1
    assert len(hall.session.scalars(select(TicketStep)).all()) == 1


def test_a_visitor_of_another_counter_is_left_alone(hall: Hall) -> None:
    ticket = hall.at_counter()

    with pytest.raises(ForbiddenStep):
        hall.take(ticket, Step.DONE, counter=1)


def test_nobody_reaches_into_another_office(hall: Hall) -> None:
    ticket = hall.waits()

    with pytest.raises(Unknown):
        hall.take(ticket, Step.CALL, place={"commune_id": hall.home.commune.id, "office_ids": [0]})


def test_somebody_is_absent_after_two_calls_and_not_after_one(hall: Hall) -> None:
    ticket = hall.at_counter(TicketState.CALLED)

    with pytest.raises(CallAgainFirst):
        hall.take(ticket, Step.ABSENT)
    hall.take(ticket, Step.CALL_AGAIN)
    hall.take(ticket, Step.ABSENT)
    assert ticket.state == TicketState.ABSENT


def test_whoever_is_set_aside_leaves_the_counter_free_and_comes_back_to_it(hall: Hall) -> None:
    ticket, other = hall.at_counter(), hall.waits()
    hall.take(ticket, Step.SET_ASIDE, aside=Aside.PHOTO)
    hall.take(other, Step.CALL)

    assert (ticket.state, ticket.aside) == (TicketState.ASIDE, Aside.PHOTO)
    with pytest.raises(CounterBusy):
        hall.take(ticket, Step.RESUME)
    hall.take(other, Step.BACK)
    hall.take(ticket, Step.RESUME)
    assert (ticket.state, ticket.aside) == (TicketState.SERVING, None)


def test_whoever_is_handed_over_keeps_their_place_and_waits_for_that_counter(hall: Hall) -> None:
    ticket = hall.at_counter(turn=5)
    hall.take(ticket, Step.HAND_OVER, for_counter_id=hall.home.counters[1].id)

    assert (ticket.state, ticket.turn) == (TicketState.WAITING, 5)
    assert ticket.for_counter_id == hall.home.counters[1].id


def test_a_counter_elsewhere_takes_nobody_over(hall: Hall) -> None:
    there = a_working_commune(hall.session, slug="mairie-sud", postcodes=("1998",))

    with pytest.raises(Unknown):
        hall.take(hall.at_counter(), Step.HAND_OVER, for_counter_id=there.counter.id)


def test_a_service_is_changed_in_place_without_losing_the_turn(hall: Hall) -> None:
    ticket = hall.at_counter(turn=5)
    passport = a_service(hall.session, hall.home.commune, code="passport")
    own = {"commune_id": ticket.commune_id, "counter_id": hall.home.counter.id, "service_id": passport.id}
    hall.session.add(CounterService(**own))
    hall.session.flush()
    hall.take(ticket, Step.CHANGE_SERVICE, services=(TicketWish(passport.id, passport.name, 2, 25),))

    (line,) = hall.session.scalars(select(TicketLine).where(TicketLine.ticket_id == ticket.id))
    assert (line.service_id, line.persons) == (passport.id, 2)
    assert (ticket.state, ticket.turn, ticket.persons) == (TicketState.SERVING, 5, 2)


def test_priority_is_given_without_a_reason_and_written_down(hall: Hall) -> None:
    ticket = hall.waits()
    hall.take(ticket, Step.PRIORITY)

    assert ticket.leads_from == ALWAYS
    (entry,) = hall.session.scalars(select(JournalEntry).where(JournalEntry.subject == "ticket"))
    assert (entry.act, entry.fields) == ("prioritised", "")


def test_what_was_really_delivered_is_kept(hall: Hall) -> None:
    ticket = hall.at_counter(persons=3)
    hall.take(ticket, Step.DONE, delivered={hall.home.service.id: 2})

    assert hall.session.scalars(select(TicketLine.delivered).where(TicketLine.ticket_id == ticket.id)).all() == [2]


def test_papers_incomplete_lets_somebody_come_back_until_the_last_open_day_of_the_week(hall: Hall) -> None:
    ticket = hall.at_counter()
    hall.take(ticket, Step.INCOMPLETE)

    assert (ticket.state, ticket.return_until) == (TicketState.INCOMPLETE, FRIDAY)


@pytest.mark.parametrize("step", [Step.BEGIN, Step.BACK, Step.SET_ASIDE])
def test_a_slip_of_the_finger_is_taken_back_to_where_it_came_from(hall: Hall, step: Step) -> None:
    ticket = hall.at_counter(TicketState.CALLED)
    hall.take(ticket, step)
    hall.take(ticket, Step.UNDO, now=NINE + timedelta(seconds=59))

    assert (ticket.state, ticket.counter_id) == (TicketState.CALLED, hall.home.counter.id)
    assert ticket.begun_at is None


def test_a_step_is_not_taken_back_after_a_minute(hall: Hall) -> None:
    ticket = hall.at_counter()
    hall.take(ticket, Step.DONE)

    with pytest.raises(TooLateToTakeBack):
        hall.take(ticket, Step.UNDO, now=NINE + timedelta(minutes=1))


def test_a_step_is_not_taken_back_to_a_counter_that_has_somebody_else_now(hall: Hall) -> None:
    ticket, other = hall.at_counter(), hall.waits()
    hall.take(ticket, Step.DONE)
    hall.take(other, Step.CALL)

    with pytest.raises(CounterBusy):
        hall.take(ticket, Step.UNDO)


# With an appointment


@pytest.mark.parametrize(
    ("step", "state"),
    [(Step.DONE, AppointmentState.FULFILLED), (Step.INCOMPLETE, AppointmentState.FULFILLED)],
)
def test_the_appointment_ends_with_its_ticket_and_is_open_again_with_it(
    hall: Hall, step: Step, state: AppointmentState
) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service, arrived_at=NINE)
    ticket = hall.at_counter(appointment_id=visit.id)
    hall.take(ticket, step)

    hall.session.refresh(visit)
    assert (visit.state, visit.settled_at) == (state, NINE)
    hall.take(ticket, Step.UNDO)
    hall.session.refresh(visit)
    assert (visit.state, visit.settled_at) == (AppointmentState.BOOKED, None)


def test_whoever_leaves_before_the_call_has_missed_their_appointment(hall: Hall) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service, arrived_at=NINE)
    hall.take(hall.waits(appointment_id=visit.id), Step.LEAVE)

    hall.session.refresh(visit)
    assert visit.state == AppointmentState.MISSED


@pytest.mark.parametrize(
    ("said", "state"),
    [(Mark.DONE, TicketState.DONE), (Mark.DID_NOT_COME, TicketState.ABSENT), (Mark.BACK, TicketState.LEFT)],
)
def test_what_is_said_in_the_agenda_holds_for_the_ticket(hall: Hall, said: Mark, state: TicketState) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service)
    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id], "appointment_id": visit.id}
    for what in (Mark.ARRIVED, said):
        hall.session.refresh(visit)
        mark(hall.session, **own, mark=what, version=visit.version, actor=AGENT, now=NINE)  # type: ignore[arg-type]

    (ticket,) = hall.session.scalars(select(Ticket))
    assert ticket.state == state
    assert (ticket.appointment_id is None) == (said == Mark.BACK)


def test_whoever_was_handed_over_for_another_service_is_here_again_for_what_they_came_for(hall: Hall) -> None:
    ticket = hall.at_counter(persons=2)
    lines = select(TicketLine.service_id, TicketLine.service_name, TicketLine.persons, TicketLine.minutes)
    before = hall.session.execute(lines).all()
    passport = a_service(hall.session, hall.home.commune, code="passport")
    wishes = (TicketWish(passport.id, passport.name, 1, 15),)
    with pytest.raises(NotServedHere):
        hall.take(ticket, Step.HAND_OVER, services=wishes)

    hall.session.add(
        CounterService(commune_id=ticket.commune_id, counter_id=hall.home.counters[1].id, service_id=passport.id)
    )
    hall.session.flush()
    hall.take(ticket, Step.HAND_OVER, services=wishes)
    assert hall.session.execute(lines).all() == [(passport.id, passport.name, 1, 15)]
    hall.take(ticket, Step.UNDO)

    assert hall.session.execute(lines).all() == before
    assert (ticket.state, ticket.persons, ticket.undo_lines) == (TicketState.SERVING, 2, None)


def test_a_call_after_a_hand_over_is_taken_back_alone(hall: Hall) -> None:
    ticket = hall.at_counter()
    other = hall.home.counters[1]
    passport = a_service(hall.session, hall.home.commune, code="passport")
    given = CounterService(commune_id=ticket.commune_id, counter_id=other.id, service_id=passport.id)
    add(hall.session, given)
    hall.take(ticket, Step.HAND_OVER, services=(TicketWish(passport.id, passport.name, 1, 15),))
    hall.take(ticket, Step.CALL, counter=1)
    hall.take(ticket, Step.UNDO, counter=1)

    assert hall.session.scalars(select(TicketLine.service_id)).all() == [passport.id]
    assert ticket.state == TicketState.WAITING


def test_a_call_taken_back_leaves_whoever_was_handed_over_to_that_counter(hall: Hall) -> None:
    there = hall.home.counters[1].id
    ticket = hall.waits(for_counter_id=there)
    hall.take(ticket, Step.CALL, counter=1)
    hall.take(ticket, Step.UNDO, counter=1)

    assert (ticket.state, ticket.for_counter_id) == (TicketState.WAITING, there)


def test_the_wait_after_a_hand_over_is_no_time_at_the_counter(hall: Hall) -> None:
    ticket = hall.at_counter(begun_at=NINE)
    hall.take(ticket, Step.HAND_OVER, for_counter_id=hall.home.counters[1].id, now=NINE + timedelta(minutes=2))
    hall.take(ticket, Step.CALL, counter=1, now=NINE + timedelta(minutes=60))
    hall.take(ticket, Step.BEGIN, counter=1, now=NINE + timedelta(minutes=61))

    assert ticket.begun_at == NINE + timedelta(minutes=61)


@pytest.mark.parametrize("step", [Step.HAND_OVER, Step.BACK])
def test_whoever_comes_straight_back_to_the_counter_has_been_there_since_they_first_were(
    hall: Hall, step: Step
) -> None:
    ticket = hall.at_counter(called_at=NINE - timedelta(minutes=9), begun_at=NINE - timedelta(minutes=5))
    hall.take(ticket, step)
    hall.take(ticket, Step.UNDO, now=NINE + timedelta(seconds=30))

    assert (ticket.state, ticket.begun_at) == (TicketState.SERVING, NINE - timedelta(minutes=5))


def test_who_is_said_to_be_done_while_they_wait_again_was_at_no_counter_meanwhile(hall: Hall) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service, arrived_at=NINE)
    ticket = hall.at_counter(begun_at=NINE, appointment_id=visit.id)
    hall.take(ticket, Step.HAND_OVER, for_counter_id=hall.home.counters[1].id)
    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id], "appointment_id": visit.id}
    hour = NINE + timedelta(hours=1)
    mark(hall.session, **own, mark=Mark.DONE, version=visit.version, actor=AGENT, now=hour)  # type: ignore[arg-type]
    hall.session.refresh(ticket)

    assert (ticket.state, ticket.begun_at) == (TicketState.DONE, None)


def test_whoever_is_at_a_counter_has_come(hall: Hall) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service, arrived_at=NINE)
    ticket = hall.at_counter(appointment_id=visit.id)
    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id], "appointment_id": visit.id}

    with pytest.raises(ForbiddenMove):
        mark(hall.session, **own, mark=Mark.BACK, version=visit.version, actor=AGENT, now=NINE)  # type: ignore[arg-type]
    assert ticket.state == TicketState.SERVING


def test_an_arrival_that_was_a_slip_leaves_the_way_free_for_the_true_one(hall: Hall) -> None:
    visit = an_appointment(hall.session, hall.home.counter, hall.home.service)
    own = {"commune_id": hall.home.commune.id, "office_ids": [hall.home.office.id], "appointment_id": visit.id}
    for what in (Mark.ARRIVED, Mark.BACK, Mark.ARRIVED):
        hall.session.refresh(visit)
        mark(hall.session, **own, mark=what, version=visit.version, actor=AGENT, now=NINE)  # type: ignore[arg-type]

    (ticket,) = hall.session.scalars(select(Ticket).where(Ticket.appointment_id == visit.id))
    assert ticket.state == TicketState.WAITING
    assert hall.session.scalars(select(Ticket.state).where(Ticket.id != ticket.id)).all() == [TicketState.LEFT]
    assert hall.session.scalars(select(Appointment.arrived_at)).one() == NINE
