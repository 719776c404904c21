"""Bilal is ill at a quarter to eight: his counter is out, and only those are told whom nobody else can serve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind, ServiceMode
from booking.core.errors import CounterTaken, EndsBeforeStart, NoWalkIns, Undecided, Unknown
from booking.core.opening import Mode
from booking.core.rebookings import Settled
from booking.core.roles import Role
from booking.core.tickets import Aside, Origin, TicketState
from booking.core.timespan import Span, day_span, tick_of
from booking.models import (
    Appointment,
    Block,
    Claim,
    CounterService,
    Desk,
    JournalEntry,
    Message,
    Office,
    RebookedVisit,
    Service,
    TicketStep,
)
from booking.models.messages import MessageKind
from booking.models.opening import BlockReason
from booking.usecases.breaks import add_break, breaks_on, remove_break, touched_by
from booking.usecases.calls import calls
from booking.usecases.check import problems
from booking.usecases.counters_out import Out, bring_back, placed, take_out
from booking.usecases.effects import Decision
from booking.usecases.journal import Actor
from booking.usecases.next_ways import at_the_door, next_ways
from booking.usecases.out_today import out_today
from booking.usecases.proposals import carry_on
from booking.usecases.tickets import Visitor
from booking.usecases.walk_ins import Wanted, take_ticket
from tests.factories import (
    Working,
    a_counter,
    a_person,
    a_service,
    a_session,
    a_ticket,
    a_working_commune,
    add,
    an_appointment,
)
from tests.moments import BRUSSELS, EARLY, MONDAY, at
from tests.usecases.booking import held

AGENT = Actor(Role.AGENT)


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=3)


def goes_out(session: Session, home: Working, number: int = 0, **more: Any) -> Out:
    told = {"decisions": {}, "office_ids": [home.office.id], "actor": AGENT, "now": EARLY, **more}
    return take_out(session, commune_id=home.commune.id, counter_id=home.counters[number].id, **told)


def fresh(session: Session, visit: Appointment) -> Appointment:
    session.refresh(visit)
    return visit


def test_a_visit_keeps_its_time_at_another_counter_and_nobody_is_told(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service)
    before = (visit.start, visit.reference, visit.sequence, visit.version)
    messages = session.scalars(select(Message.id)).all()

    out = goes_out(session, home)

    fresh(session, visit)
    assert out == Out((visit.id,), (), (), (), 0)
    assert visit.counter_id in {home.counters[1].id, home.counters[2].id}
    assert (visit.start, visit.reference, visit.sequence, visit.version) == before
    assert session.scalars(select(Message.id)).all() == messages
    claims = session.execute(select(Claim.counter_id, Claim.tick).where(Claim.appointment_id == visit.id)).all()
    assert {tuple(one) for one in claims} == {(visit.counter_id, tick_of(visit.start) + n) for n in range(3)}
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_the_visits_are_spread_over_the_others(session: Session, home: Working) -> None:
    for wall in ("09:00", "09:15", "10:00", "10:15"):
        an_appointment(session, home.counter, home.service, start=at(MONDAY, wall))

    goes_out(session, home)

    at_counters = session.scalars(select(Appointment.counter_id)).all()
    assert sorted(at_counters) == [home.counters[1].id] * 2 + [home.counters[2].id] * 2


def test_the_counter_takes_nobody_until_midnight(session: Session, home: Working) -> None:
    goes_out(session, home)

    (block,) = session.scalars(select(Block)).all()
    midnight = day_span(MONDAY, BRUSSELS).end
    assert (block.counter_id, block.start, block.end) == (home.counter.id, EARLY, midnight)
    assert block.reason == BlockReason.ABSENCE
    assert out_today(session, office=home.office, now=EARLY) == {home.counter.id}
    assert out_today(session, office=home.office, now=EARLY + timedelta(hours=2)) == {home.counter.id}
    assert out_today(session, office=home.office, now=EARLY + timedelta(days=1)) == frozenset()


def test_pressed_twice_nothing_more_is_done(session: Session, home: Working) -> None:
    an_appointment(session, home.counter, home.service)
    goes_out(session, home)

    assert goes_out(session, home) == Out((), (), (), (), 0)
    assert len(session.scalars(select(Block)).all()) == 1
    acts = session.scalars(select(JournalEntry.act).where(JournalEntry.subject == "counter")).all()
    assert acts == ["out"]


def full_at_nine(session: Session, home: Working, **columns: Any) -> Appointment:
    for counter in home.counters[1:]:
        an_appointment(session, counter, home.service)
    return an_appointment(session, home.counter, home.service, **columns)


def test_who_fits_nowhere_is_asked_about_before_anything_is_done(session: Session, home: Working) -> None:
    visit = full_at_nine(session, home)

    with pytest.raises(Undecided) as refusal, session.begin_nested():
        goes_out(session, home)

    assert refusal.value.facts["appointments"] == (visit.id,)
    assert session.scalars(select(Block)).all() == []


def test_who_fits_nowhere_gets_a_message_with_the_reason(session: Session, home: Working) -> None:
    visit = full_at_nine(session, home)

    out = goes_out(session, home, decisions={visit.id: Decision.CANCEL})

    assert out.cancelled == (visit.id,)
    assert out.to_call == ()
    assert fresh(session, visit).state == AppointmentState.CANCELLED
    kinds = session.scalars(select(Message.kind).where(Message.appointment_id == visit.id)).all()
    assert kinds == [MessageKind.CANCELLED_BY_COMMUNE]
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_who_fits_nowhere_is_asked_about_another_time(session: Session, home: Working) -> None:
    first = full_at_nine(session, home)
    late = an_appointment(session, home.counter, home.service, start=at(MONDAY, "11:30"))
    for counter in home.counters[1:]:
        an_appointment(session, counter, home.service, start=at(MONDAY, "11:30"))

    out = goes_out(session, home, decisions=dict.fromkeys((first.id, late.id), Decision.PROPOSE))
    while carry_on(session, now=EARLY):
        pass

    assert (out.asked, out.kept) == ((first.id, late.id), ())
    states = dict(session.execute(select(RebookedVisit.appointment_id, RebookedVisit.state)).all())
    assert states == {first.id: Settled.TO_CALL, late.id: Settled.PROPOSED}, "an hour before, nobody is written to"
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_who_has_no_address_stands_on_the_call_list(session: Session, home: Working) -> None:
    visit = full_at_nine(session, home, email=None, phone="+32470123456")

    out = goes_out(session, home, decisions={visit.id: Decision.CANCEL})

    assert out.to_call == (visit.id,)
    (call,) = calls(session, offices=[home.office], now=EARLY)
    assert (call.visit.id, call.phone) == (visit.id, "+32470123456")


def test_who_is_kept_all_the_same_stands_outside_and_fits_again_when_the_counter_is_back(
    session: Session, home: Working
) -> None:
    visit = full_at_nine(session, home)
    out = goes_out(session, home, decisions={visit.id: Decision.KEEP})
    assert out.kept == (visit.id,)
    assert fresh(session, visit).kept_outside_at == EARLY
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []

    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "counter_id": home.counter.id}
    bring_back(session, **own, actor=AGENT, now=EARLY)

    assert fresh(session, visit).kept_outside_at is None
    assert session.scalars(select(Block)).all() == []
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_whoever_is_there_already_is_never_sent_away(session: Session, home: Working) -> None:
    visit = full_at_nine(session, home, arrived_at=EARLY)

    out = goes_out(session, home)

    assert out.kept == (visit.id,)
    assert fresh(session, visit).state == AppointmentState.BOOKED


def test_what_takes_place_goes_on_and_the_rest_of_the_day_is_closed(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service)
    nine = at(MONDAY, "09:00") + timedelta(minutes=7)

    out = goes_out(session, home, now=nine)

    assert out.moved == ()
    assert fresh(session, visit).counter_id == home.counter.id
    (block,) = session.scalars(select(Block)).all()
    assert block.start == visit.end
    assert out_today(session, office=home.office, now=nine) == {home.counter.id}


def test_only_a_counter_that_does_all_of_it_takes_a_visit(session: Session, home: Working) -> None:
    passport = a_service(session, home.commune, code="passport")
    able = a_counter(session, home.office, label="9", serves=[passport], max_persons=1)
    first = a_counter(session, home.office, label="8", serves=[passport])
    a_session(session, home.office, [able, first])
    alone = an_appointment(session, first, passport)
    family = an_appointment(session, first, passport, start=at(MONDAY, "10:00"), persons=3)

    found = placed(session, office=home.office, counter_id=first.id, now=EARLY)

    assert [(one.id, one.counters) for one in found] == [(alone.id, (able.id,)), (family.id, ())]


def test_a_start_that_is_offered_nowhere_else_is_kept_all_the_same(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service, start=at(MONDAY, "09:05"))

    assert goes_out(session, home).moved == (visit.id,)


def test_a_time_that_somebody_is_choosing_goes_with_the_visits(session: Session, home: Working) -> None:
    held(session, home, start=at(MONDAY, "10:30"), counter_id=home.counter.id)

    out = goes_out(session, home)

    (hold,) = session.scalars(select(Appointment).execution_options(populate_existing=True)).all()
    assert hold.counter_id != home.counter.id
    assert out.moved == ()
    assert problems(session, now=EARLY) == []


def test_a_time_held_to_move_a_visit_is_chosen_again(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service, start=at(MONDAY, "10:00"), minutes=30)
    times = {"start": at(MONDAY, "10:15"), "counter_id": home.counter.id}
    held(session, home, replaces_id=visit.id, in_window=False, **times)

    goes_out(session, home)

    assert session.scalars(select(Appointment.hold_kind).where(Appointment.id != visit.id)).all() == []
    assert visit.hold_kind == HoldKind.PUBLIC
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_whoever_was_handed_over_to_it_is_called_by_any_counter(session: Session, home: Working) -> None:
    to_it = {"for_counter_id": home.counter.id}
    waits = a_ticket(session, home.office, home.service, **to_it)
    aside = a_ticket(session, home.office, home.service, state=TicketState.ASIDE, aside=Aside.PHOTO, **to_it)
    other = a_ticket(session, home.office, home.service, for_counter_id=home.counters[1].id)

    assert goes_out(session, home).tickets == 2

    for ticket in (waits, aside, other):
        session.refresh(ticket)
    assert (waits.for_counter_id, waits.state) == (None, TicketState.WAITING)
    assert (aside.for_counter_id, aside.state) == (None, TicketState.ASIDE)
    assert other.for_counter_id == home.counters[1].id
    assert len(session.scalars(select(TicketStep)).all()) == 2


def test_nobody_sits_at_a_counter_that_is_out(session: Session, home: Working) -> None:
    bilal = a_person(session, home.commune)
    own = {"commune_id": home.commune.id, "person_id": bilal.id, "opened_at": EARLY}
    desk = add(session, Desk(counter_id=home.counter.id, **own))

    goes_out(session, home)

    session.refresh(desk)
    assert desk.closed_at == EARLY


def test_back_in_the_middle_of_the_day_the_morning_stays_an_absence(session: Session, home: Working) -> None:
    goes_out(session, home)
    eleven = at(MONDAY, "11:00") + timedelta(minutes=2)
    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "counter_id": home.counter.id}

    bring_back(session, **own, actor=AGENT, now=eleven)

    block = session.scalars(select(Block).execution_options(populate_existing=True)).one()
    assert (block.start, block.end) == (EARLY, at(MONDAY, "11:00"))
    assert out_today(session, office=home.office, now=eleven) == frozenset()
    assert problems(session, now=eleven) == []
    assert session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all() == ["out", "back"]


def test_a_counter_of_another_office_is_not_there(session: Session, home: Working) -> None:
    with pytest.raises(Unknown):
        goes_out(session, home, office_ids=[home.office.id + 1])


def break_at(session: Session, home: Working, start: str, end: str, **more: Any) -> None:
    told = {"reason": BlockReason.BREAK, "actor": AGENT, "now": EARLY, **more}
    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "counter_id": home.counter.id}
    add_break(session, **own, span=Span(at(MONDAY, start), at(MONDAY, end)), **told)


def test_a_break_keeps_the_counter_free_until_it_is_removed(session: Session, home: Working) -> None:
    break_at(session, home, "10:00", "10:30")

    (one,) = breaks_on(session, office=home.office, day=MONDAY)
    assert (one.counter_id, one.span.minutes, one.reason) == (home.counter.id, 30, BlockReason.BREAK)
    assert breaks_on(session, office=home.office, day=MONDAY + timedelta(days=1)) == ()

    own = {"commune_id": home.commune.id, "office_ids": [home.office.id], "block_id": one.id}
    for _ in range(2):
        remove_break(session, **own, actor=AGENT, now=EARLY)

    assert breaks_on(session, office=home.office, day=MONDAY) == ()
    assert session.scalars(select(Claim)).all() == []
    assert session.scalars(select(JournalEntry.act).order_by(JournalEntry.id)).all() == ["added", "removed"]


def test_a_break_over_a_visit_is_refused_and_says_whom_it_touches(session: Session, home: Working) -> None:
    visit = an_appointment(session, home.counter, home.service)
    an_appointment(session, home.counters[1], home.service)

    with pytest.raises(CounterTaken):
        break_at(session, home, "09:10", "09:30")

    span = Span(at(MONDAY, "09:10"), at(MONDAY, "09:30"))
    assert touched_by(session, counter_id=home.counter.id, span=span, now=EARLY) == (visit.id,)
    assert breaks_on(session, office=home.office, day=MONDAY) == ()


def test_two_breaks_at_once_and_one_that_is_over_are_refused(session: Session, home: Working) -> None:
    break_at(session, home, "10:00", "10:30")
    with pytest.raises(CounterTaken):
        break_at(session, home, "10:00", "10:15")
    with pytest.raises(EndsBeforeStart):
        break_at(session, home, "07:00", "08:00")


def test_a_break_of_another_office_is_not_removed(session: Session, home: Working) -> None:
    break_at(session, home, "10:00", "10:30")
    (one,) = breaks_on(session, office=session.get_one(Office, home.office.id), day=MONDAY)

    with pytest.raises(Unknown):
        remove_break(session, commune_id=home.commune.id, office_ids=[], block_id=one.id, actor=AGENT, now=EARLY)


def test_who_is_here_for_what_no_other_counter_does_is_asked_about(session: Session, home: Working) -> None:
    passport = a_service(session, home.commune, code="passport")
    serves(session, home, passport)
    here = an_appointment(session, home.counter, passport, arrived_at=EARLY)
    ticket = a_ticket(session, home.office, passport, appointment_id=here.id, origin=Origin.PAPER)

    with pytest.raises(Undecided), session.begin_nested():
        goes_out(session, home)

    goes_out(session, home, decisions={here.id: Decision.CANCEL})
    session.refresh(ticket)
    assert (fresh(session, here).state, ticket.state) == (AppointmentState.CANCELLED, TicketState.LEFT)
    assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []


def test_while_its_only_counter_is_out_no_ticket_is_given_for_a_service(session: Session, home: Working) -> None:
    home.opening.mode = Mode.BOTH
    passport = a_service(session, home.commune, code="passport", mode=ServiceMode.WALK_IN)
    serves(session, home, passport)
    goes_out(session, home)
    wish: dict[str, Any] = {"office": home.office, "visitor": Visitor(), "origin": Origin.KIOSK, "now": EARLY}

    with pytest.raises(NoWalkIns):
        take_ticket(session, wanted=[Wanted(passport.id)], **wish)

    assert take_ticket(session, wanted=[Wanted(home.service.id)], **wish).number == 1
    assert [one.service.id for one in at_the_door(session, office=home.office, now=EARLY)] == []
    tomorrow = next_ways(session, office=home.office, services=[passport], now=EARLY).tickets
    assert tomorrow is not None
    assert tomorrow[0].date() == MONDAY + timedelta(days=1)


def serves(session: Session, home: Working, service: Service) -> None:
    add(session, CounterService(commune_id=home.commune.id, counter_id=home.counter.id, service_id=service.id))
    home.office.schedule_version += 1
    session.flush()
