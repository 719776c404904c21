"""Ana comes with an appointment, Ben without one: each gets the ticket the hours and the office's rule give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, ServiceMode
from booking.core.errors import (
    ForbiddenMove,
    NotServedHere,
    NotToday,
    NoWalkIns,
    NumberTaken,
    OnlyByAppointment,
    TooEarlyToCheckIn,
    Unknown,
)
from booking.core.opening import Mode
from booking.core.roles import Role
from booking.core.tickets import Origin, Step, TicketState
from booking.core.turns import ALWAYS, QueuePolicy, seconds
from booking.models import Appointment, OpeningSession, Ticket, TicketNumber
from booking.usecases.checking_in import check_in
from booking.usecases.desks import open_desk
from booking.usecases.journal import Actor
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import Issued, Visitor
from booking.usecases.walk_ins import Wanted, take_ticket, type_in
from tests.factories import (
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_ticket,
    a_working_commune,
    an_appointment,
)
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")
RECEPTION = Actor(Role.RECEPTIONIST)
Arrives = Callable[..., Issued]


@pytest.fixture
def home(session: Session) -> Working:
    home = a_working_commune(session, counters=2)
    home.opening.mode = Mode.BOTH
    session.flush()
    return home


@pytest.fixture
def arrives(session: Session, home: Working) -> Arrives:
    def one(visit: Appointment, now: datetime = NINE, origin: Origin = Origin.RECEPTION) -> Issued:
        place = {"commune_id": home.commune.id, "office_ids": [home.office.id]}
        return check_in(session, **place, appointment_id=visit.id, origin=origin, actor=RECEPTION, now=now)  # type: ignore[arg-type]

    return one


@pytest.fixture
def visit(session: Session, home: Working) -> Appointment:
    return an_appointment(session, home.counter, home.service, help_language="en", persons=2)


def test_whoever_checks_in_has_a_ticket_with_the_turn_of_their_time(
    session: Session, home: Working, visit: Appointment, arrives: Arrives
) -> None:
    issued = arrives(visit, NINE - timedelta(minutes=12))

    ticket = session.get_one(Ticket, issued.id)
    assert issued.told == "A\u00a0001"
    assert (ticket.state, ticket.turn) == (TicketState.WAITING, seconds(NINE))
    assert (ticket.language, ticket.help_language, ticket.persons) == ("fr", "en", 2)
    session.refresh(visit)
    assert visit.arrived_at == NINE - timedelta(minutes=12)


def test_whoever_checks_in_twice_has_one_ticket(session: Session, visit: Appointment, arrives: Arrives) -> None:
    assert arrives(visit) == arrives(visit, NINE + timedelta(minutes=1))


def test_whoever_comes_after_the_grace_waits_from_their_arrival_on(
    session: Session, visit: Appointment, arrives: Arrives
) -> None:
    late = NINE + timedelta(minutes=16)

    assert session.get_one(Ticket, arrives(visit, late).id).turn == seconds(late)


def test_whoever_comes_on_another_day_is_told_which_it_is(visit: Appointment, arrives: Arrives) -> None:
    with pytest.raises(NotToday) as refusal:
        arrives(visit, NINE - timedelta(days=1))
    assert refusal.value.facts == {"day": MONDAY, "at": time(9)}


def test_alone_one_checks_in_within_the_minutes_of_the_office(visit: Appointment, arrives: Arrives) -> None:
    with pytest.raises(TooEarlyToCheckIn) as refusal:
        arrives(visit, NINE - timedelta(minutes=31), Origin.KIOSK)

    assert str(refusal.value.facts["at"]) == "08:30:00"
    assert arrives(visit, NINE - timedelta(minutes=30), Origin.PHONE).number == 1


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED, AppointmentState.MISSED, AppointmentState.FULFILLED])
def test_what_is_over_is_not_checked_in(
    session: Session, home: Working, arrives: Arrives, state: AppointmentState
) -> None:
    over = an_appointment(session, home.counter, home.service, state=state, settled_at=NINE)

    with pytest.raises(ForbiddenMove):
        arrives(over)


def test_whoever_was_missing_and_comes_after_all_is_taken_up_again(
    session: Session, home: Working, visit: Appointment, arrives: Arrives
) -> None:
    issued = arrives(visit)
    place = {"commune_id": home.commune.id, "office_ids": [home.office.id], "ticket_id": issued.id}
    take_step(session, **place, wish=StepWish(Step.LEAVE, 1), actor=RECEPTION, now=NINE)  # type: ignore[arg-type]

    assert arrives(visit, NINE + timedelta(minutes=20)) == issued
    session.expire_all()
    assert session.get_one(Ticket, issued.id).state == TicketState.WAITING
    assert session.get_one(Appointment, visit.id).state == AppointmentState.BOOKED


def test_a_visit_elsewhere_is_not_found(session: Session, visit: Appointment) -> None:
    there = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
    place = {"commune_id": there.commune.id, "office_ids": [there.office.id]}

    with pytest.raises(Unknown):
        check_in(session, **place, appointment_id=visit.id, origin=Origin.RECEPTION, actor=RECEPTION, now=NINE)  # type: ignore[arg-type]


# Without an appointment


def comes(session: Session, home: Working, now: datetime = NINE, persons: int = 1, **more: object) -> Issued:
    wanted = [Wanted(more.pop("service", home.service).id, persons)]  # type: ignore[attr-defined]
    return take_ticket(session, office=home.office, wanted=wanted, visitor=Visitor("nl"), origin=Origin.KIOSK, now=now)


def test_whoever_comes_without_an_appointment_is_promised_the_end_of_the_wait(session: Session, home: Working) -> None:
    issued = comes(session, home)

    assert session.get_one(Ticket, issued.id).turn == seconds(NINE + timedelta(minutes=15))
    assert issued.wait_minutes is None


def test_by_arrival_the_turn_is_the_arrival(session: Session, home: Working) -> None:
    home.office.queue_policy = QueuePolicy.ARRIVAL
    session.flush()

    assert session.get_one(Ticket, comes(session, home).id).turn == seconds(NINE)


def test_numbers_count_up_per_letter_office_and_day(session: Session, home: Working) -> None:
    other = a_service(session, home.commune, code="licence")
    a_counter(session, home.office, label="9", serves=[other])
    a_session(session, home.office, [], mode=Mode.WALK_IN, services=[other])

    told = [comes(session, home).told, comes(session, home).told, comes(session, home, NINE + timedelta(days=1)).told]

    assert told == ["A\u00a0001", "A\u00a0002", "A\u00a0001"]


def test_tickets_are_handed_out_half_an_hour_before_the_doors_open(session: Session, home: Working) -> None:
    with pytest.raises(NoWalkIns):
        comes(session, home, at(MONDAY, "07:29"))
    assert comes(session, home, at(MONDAY, "07:30")).number == 1


def test_a_ticket_taken_before_the_doors_open_waits_from_the_opening_on(session: Session, home: Working) -> None:
    opening = seconds(at(MONDAY, "08:00"))
    taken = [comes(session, home, at(MONDAY, wall)) for wall in ("07:40", "07:41", "07:42")]

    assert [one.wait_minutes for one in taken] == [None, None, None]
    turns = [session.get_one(Ticket, one.id).turn - opening for one in taken]
    assert turns[0] == turns[1] == 1, "two counters are planned"
    assert turns[2] == 60 * home.service.minutes_first + 1


def test_after_the_last_ticket_none_is_handed_out(session: Session, home: Working) -> None:
    home.opening.last_entry = at(MONDAY, "11:30").astimezone(home.office.zone).time()
    home.office.schedule_version += 1
    session.flush()

    assert comes(session, home, at(MONDAY, "11:30")).number == 1
    with pytest.raises(NoWalkIns):
        comes(session, home, at(MONDAY, "11:31"))


def test_where_hours_are_for_appointments_nobody_gets_a_ticket(session: Session, home: Working) -> None:
    home.opening.mode = Mode.APPOINTMENT
    home.office.schedule_version += 1
    session.flush()

    with pytest.raises(NoWalkIns):
        comes(session, home)


def test_what_is_only_had_by_appointment_is_refused_as_that(session: Session, home: Working) -> None:
    home.opening.mode, home.service.mode = Mode.APPOINTMENT, ServiceMode.APPOINTMENT
    home.office.schedule_version += 1
    session.flush()

    with pytest.raises(OnlyByAppointment):
        comes(session, home)


def test_a_session_hands_out_no_more_than_it_takes(session: Session, home: Working) -> None:
    session.get_one(OpeningSession, home.opening.id).most_walk_ins = 2
    session.flush()
    comes(session, home)
    comes(session, home)

    with pytest.raises(NoWalkIns):
        comes(session, home)


def test_what_no_counter_gives_is_not_promised(session: Session, home: Working) -> None:
    nowhere = a_service(session, home.commune, code="nowhere", mode=ServiceMode.WALK_IN)

    with pytest.raises(NotServedHere):
        comes(session, home, service=nowhere)


def test_a_service_with_priority_goes_before_the_others(session: Session, home: Working) -> None:
    home.service.has_priority = True
    session.flush()

    assert session.get_one(Ticket, comes(session, home).id).leads_from == ALWAYS


def test_a_number_given_by_hand_is_typed_in_once_and_not_handed_out_again(session: Session, home: Working) -> None:
    paper = {"office": home.office, "letter": "A", "wanted": [Wanted(home.service.id)], "visitor": Visitor()}
    taken = {"taken_at": NINE - timedelta(minutes=40), "actor": RECEPTION, "now": NINE}
    issued = type_in(session, **paper, number=7, **taken)  # type: ignore[arg-type]

    with pytest.raises(NumberTaken):
        type_in(session, **paper, number=7, **taken)  # type: ignore[arg-type]
    assert session.get_one(Ticket, issued.id).turn == seconds(NINE - timedelta(minutes=25))
    assert [comes(session, home).number for _ in range(8)] == [1, 2, 3, 4, 5, 6, 8, 9]
    assert session.scalars(select(TicketNumber.n)).one() == 9


def test_the_wait_is_told_when_a_counter_is_open_and_people_are_before(session: Session, home: Working) -> None:
    bilal = a_person(session, home.commune)
    actor = Actor(Role.AGENT, bilal.id)
    place = {"commune_id": home.commune.id, "office_ids": [home.office.id], "counter_id": home.counter.id}
    open_desk(session, **place, actor=actor, now=NINE)  # type: ignore[arg-type]
    for number in (1, 2):
        a_ticket(session, home.office, home.service, letter="C", number=number)

    assert comes(session, home).wait_minutes == 30
