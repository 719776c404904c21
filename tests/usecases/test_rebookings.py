"""Thursday closes: whoever can stay stays, everybody else is asked about another time, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.changes import NEW, AddClosure, Retire, ServeOtherwise
from booking.core.errors import HasAppointments, OfferOver, ReasonMissing, Undecided
from booking.core.opening import ClosureRule
from booking.core.rebookings import AnswerTerms, Settled, Silence, WhyCall
from booking.core.roles import Role
from booking.core.services import ServiceContent
from booking.core.translated import Translated
from booking.models import Appointment, Claim, Counter, CounterService, Message, Office, RebookedVisit
from booking.models.messages import MessageKind, MessageState
from booking.usecases import proposal_answers
from booking.usecases.calls import calls
from booking.usecases.calls_made import made_today, not_rung, rung
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.counter_changes import retire, serve_otherwise
from booking.usecases.counters import CounterFacts
from booking.usecases.effects import Decision, effect_of
from booking.usecases.journal import Actor
from booking.usecases.lengthening import effect_of_minutes, lengthen
from booking.usecases.letters import letter_for
from booking.usecases.moves import accept as accept_move
from booking.usecases.moves import basket_of, hold_instead
from booking.usecases.moves_by_staff import move_for
from booking.usecases.opening import closures_since, make_change, remove_closure
from booking.usecases.own_data import written_out
from booking.usecases.paper_letters import letters_on_paper
from booking.usecases.proposal_answers import other_time, settled_by_phone
from booking.usecases.proposals import carry_on
from booking.usecases.rebookings import followed, number_open, rebookings
from booking.usecases.schedules import take_whole
from booking.usecases.services import content_of
from booking.usecases.settling import Outcome, Wanted
from booking.usecases.undoing import undo_cancellation
from tests.factories import Working, a_counter, a_service, a_session, a_working_commune, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at

DORA = Actor(role=Role.ADMINISTRATOR)
ANA = Actor(role=Role.RESIDENT)
STRIKE = Translated.of(fr="Grève", nl="Staking")
THURSDAY, FRIDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
NINE = at(THURSDAY, "09:00")
LATER = EARLY + timedelta(minutes=1)


@pytest.fixture
def place(session: Session) -> Working:
    return a_working_commune(session, counters=2)


@pytest.fixture(autouse=True)
def nothing_is_broken(session: Session) -> Iterator[None]:
    yield
    # The visits of these tests were made without the message that they are made.
    found = problems(session, now=LATER)
    assert [one for one in found if "has a confirmation in the outbox" not in one] == []


def closing(place: Working, *counters: int, first: date = THURSDAY, last: date = THURSDAY) -> AddClosure:
    """The office shut on Thursday, or these of its counters."""
    shut = frozenset(place.counters[one].id for one in counters) or None
    return AddClosure(place.office.id, ClosureRule(id=NEW, first=first, last=last, counters=shut), STRIKE)


def visit(session: Session, place: Working, wall: str = "09:00", **columns: Any) -> Appointment:
    told = {"email": "ana@example.org", **columns}
    return an_appointment(session, place.counter, place.service, start=at(THURSDAY, wall), **told)


def closed(session: Session, place: Working, change: AddClosure, *ids: int, **wishes: Any) -> Outcome:
    """Thursday closes, and another time shall be proposed to these people."""
    wanted = Wanted(dict.fromkeys(ids, Decision.PROPOSE), **{"reason": STRIKE, **wishes})
    return make_change(session, commune_id=place.commune.id, change=change, wanted=wanted, actor=DORA, now=EARLY)


def carried(session: Session, now: datetime = LATER) -> int:
    """What the worker does until nothing is left to do."""
    number = 0
    while batch := carry_on(session, now=now):
        number += batch
    return number


def proposed(session: Session, place: Working, *, silence: Silence = Silence.CALL, **columns: Any) -> Appointment:
    """A visit on the Thursday that closes, to whose person another time is proposed."""
    one = visit(session, place, **columns)
    closed(session, place, closing(place), one.id, answer=AnswerTerms(silence=silence))
    carried(session)
    session.refresh(one)
    return one


def row_of(session: Session, one: Appointment) -> RebookedVisit:
    wanted = select(RebookedVisit).where(RebookedVisit.appointment_id == one.id).order_by(RebookedVisit.id.desc())
    return session.scalars(wanted.limit(1).execution_options(populate_existing=True)).one()


def hold_of(session: Session, one: Appointment) -> Appointment | None:
    return session.scalars(
        select(Appointment).where(Appointment.replaces_id == one.id, Appointment.hold_kind == HoldKind.REBOOKING)
    ).one_or_none()


def accepted(session: Session, one: Appointment, *, actor: Actor = ANA, now: datetime = LATER) -> Any:
    session.refresh(one)
    told = {"attempt": row_of(session, one).attempts, "version": one.version, "actor": actor, "now": now}
    return proposal_answers.accept(session, commune_id=one.commune_id, appointment_id=one.id, **told)


# Who stays


def test_the_page_says_who_can_stay_at_another_counter(session: Session, place: Working) -> None:
    free, busy = visit(session, place, "09:00"), visit(session, place, "10:00")
    an_appointment(session, place.counters[1], place.service, start=at(THURSDAY, "10:00"))
    effect = effect_of(session, commune_id=place.commune.id, change=closing(place, 0), now=EARLY)

    assert effect.ids == (free.id, busy.id)
    assert effect.elsewhere == {free.id: (place.counters[1].id,)}


def test_two_who_come_at_once_do_not_both_get_the_one_counter_left(session: Session) -> None:
    place = a_working_commune(session, counters=3)
    for counter in place.counters[:2]:
        an_appointment(session, counter, place.service, start=NINE)
    effect = effect_of(session, commune_id=place.commune.id, change=closing(place, 0, 1), now=EARLY)

    assert len(effect.touched) == 2
    assert len(effect.elsewhere) == 1


def test_who_can_stay_moves_without_a_word(session: Session, place: Working) -> None:
    one = visit(session, place)
    outcome = closed(session, place, closing(place, 0), moving=[one.id])
    session.refresh(one)

    assert (outcome.moved, outcome.kept, outcome.proposed) == ((one.id,), (), ())
    assert (one.counter_id, one.start, one.kept_outside_at, one.version) == (place.counters[1].id, NINE, None, 1)
    assert set(session.scalars(select(Claim.counter_id))) == {place.counters[1].id}
    assert session.scalars(select(Message.kind)).all() == []
    assert row_of(session, one).state == Settled.MOVED


def test_who_cannot_stay_after_all_is_asked_about(session: Session, place: Working) -> None:
    one = visit(session, place)
    an_appointment(session, place.counters[1], place.service, start=NINE)

    with pytest.raises(Undecided) as refusal, session.begin_nested():
        closed(session, place, closing(place, 0), moving=[one.id])
    assert refusal.value.facts["appointments"] == (one.id,)


def test_a_counter_without_room_for_all_of_them_is_none(session: Session, place: Working) -> None:
    place.counters[1].max_persons = 1
    visit(session, place, persons=3)

    assert effect_of(session, commune_id=place.commune.id, change=closing(place, 0), now=EARLY).elsewhere == {}


# What is proposed


def test_the_change_comes_first_and_the_visit_stands_until_its_person_answers(session: Session, place: Working) -> None:
    one = visit(session, place)
    outcome = closed(session, place, closing(place), one.id)
    session.refresh(one)

    assert outcome.proposed == (one.id,)
    assert (one.state, one.start, one.kept_outside_at) == (AppointmentState.BOOKED, NINE, EARLY)
    assert row_of(session, one).state == Settled.WAITING
    assert hold_of(session, one) is None


def test_another_time_is_held_for_its_person_and_they_are_told(session: Session, place: Working) -> None:
    one = proposed(session, place)
    row, held = row_of(session, one), hold_of(session, one)
    letter = letter_for(session, message_number=told(session, one).id, base_url="http://x", secret="s", now=LATER)

    assert held is not None
    assert (row.state, row.hold_key, row.start) == (Settled.PROPOSED, held.hold_key, held.start)
    assert held.local_date == FRIDAY
    # Three days, but never past the notice of the visit that cannot take place.
    assert row.until == held.held_until == NINE - timedelta(hours=2)
    assert letter.proposal.until == row.until
    assert letter.proposal.accept_url.in_("fr").endswith("/proposal")


def told(session: Session, one: Appointment) -> Message:
    mine = (Message.appointment_id == one.id, Message.kind == MessageKind.REBOOKING)
    return session.scalars(select(Message).where(*mine).order_by(Message.id.desc()).limit(1)).one()


def test_three_days_are_given_where_there_is_time(session: Session, place: Working) -> None:
    place.service.horizon_days = 90
    far = MONDAY + timedelta(days=28)
    one = an_appointment(session, place.counter, place.service, start=at(far, "09:00"), phone="+32470000001")
    closed(session, place, closing(place, first=far, last=far), one.id)
    carried(session)

    assert row_of(session, one).until == LATER - timedelta(minutes=1) + timedelta(days=3)


def test_many_are_not_given_the_same_time(session: Session, place: Working) -> None:
    ones = [
        visit(session, place, wall, phone="+32470000001", email=None) for wall in ("09:00", "09:30", "10:00", "11:00")
    ]
    closed(session, place, closing(place), *(one.id for one in ones))
    carried(session)
    holds = [hold_of(session, one) for one in ones]

    assert len({(hold.counter_id, hold.start) for hold in holds if hold}) == 4
    assert {hold.local_date for hold in holds if hold} == {FRIDAY}


def test_a_time_near_by_in_another_office_is_proposed_when_there_is_none_in_its_own(
    session: Session, place: Working
) -> None:
    annex = an_office(session, place.commune, code="annex", position=2)
    a_session(session, annex, [a_counter(session, annex, serves=[place.service])])
    one = visit(session, place, phone="+32470000001", email=None)
    closed(session, place, closing(place, last=THURSDAY + timedelta(days=200)), one.id)
    carried(session)

    assert (held := hold_of(session, one)) is not None
    assert held.office_id == annex.id
    assert held.start >= one.start


def test_whoever_nothing_can_be_proposed_to_is_on_the_call_list(session: Session, place: Working) -> None:
    one = visit(session, place, phone="+32470000001")
    closed(session, place, closing(place, last=THURSDAY + timedelta(days=200)), one.id)
    carried(session)

    assert (row_of(session, one).state, row_of(session, one).why) == (Settled.TO_CALL, WhyCall.NO_TIME)
    (call,) = calls(session, offices=[place.office], now=LATER)
    assert (call.kind, call.visit.id, call.phone) == (MessageKind.REBOOKING, one.id, "+32470000001")


def test_whoever_comes_too_soon_to_be_written_to_is_rung(session: Session, place: Working) -> None:
    one = an_appointment(session, place.counter, place.service, start=at(MONDAY, "09:30"), phone="+32470000001")
    closed(session, place, closing(place, first=MONDAY, last=MONDAY), one.id)
    carried(session)

    assert row_of(session, one).why == WhyCall.TOO_LATE


def test_whoever_has_no_mail_is_rung_about_the_time_that_is_held(session: Session, place: Working) -> None:
    one = proposed(session, place, email=None, phone="+32470000001")
    (call,) = calls(session, offices=[place.office], now=LATER)
    (letter,) = letters_on_paper(
        session,
        commune_id=place.commune.id,
        office_ids=[place.office.id],
        appointment_ids=[one.id],
        base_url="http://x",
        now=LATER,
    )

    assert (call.kind, call.visit.id) == (MessageKind.REBOOKING, one.id)
    assert (letter.kind.value, letter.proposal is not None) == ("rebooking", True)


def test_what_nobody_takes_for_granted_is_said_with_a_reason(session: Session, place: Working) -> None:
    one = visit(session, place)

    with pytest.raises(ReasonMissing), session.begin_nested():
        closed(
            session,
            place,
            closing(place),
            one.id,
            reason=Translated({}),
            answer=AnswerTerms(silence=Silence.CANCEL),
        )


# What people answer


def test_one_press_takes_the_time_and_a_second_one_changes_nothing(session: Session, place: Working) -> None:
    one = proposed(session, place)
    held = hold_of(session, one)
    assert held is not None
    start, counter = held.start, held.counter_id
    first = accepted(session, one)
    version = one.version
    told_ = {"attempt": 1, "version": version, "actor": ANA, "now": LATER}
    again = proposal_answers.accept(session, commune_id=one.commune_id, appointment_id=one.id, **told_)
    session.refresh(one)

    assert (one.start, one.counter_id, one.kept_outside_at, one.disturbed_at) == (start, counter, None, None)
    assert (one.moves, first.again, again.again) == (0, False, True)
    assert row_of(session, one).state == Settled.ACCEPTED
    assert session.scalars(select(Message.kind).where(Message.kind == MessageKind.MOVED)).all() == [MessageKind.MOVED]


def test_a_proposal_that_is_another_one_by_now_is_not_taken_unseen(session: Session, place: Working) -> None:
    one = proposed(session, place)
    told_ = {"attempt": 0, "version": one.version, "actor": ANA, "now": LATER}

    with pytest.raises(OfferOver):
        proposal_answers.accept(session, commune_id=one.commune_id, appointment_id=one.id, **told_)


def test_another_time_is_chosen_whatever_the_notice_and_counts_as_no_move(session: Session, place: Working) -> None:
    one = proposed(session, place, moves=place.service.max_moves)
    just_before = NINE - timedelta(minutes=30)
    wanted = basket_of(session, appointment=one)
    key = hold_instead(
        session,
        commune_id=place.commune.id,
        appointment_id=one.id,
        office_id=place.office.id,
        lines=wanted.wished,
        start=at(FRIDAY, "11:00"),
        length=timedelta(minutes=10),
        client="x",
        per_client=5,
        key="k" * 32,
        instead_of=None,
        now=just_before,
    )
    accept_move(session, commune_id=place.commune.id, hold_key=key, version=one.version, actor=ANA, now=just_before)
    session.refresh(one)

    assert (one.start, one.moves) == (at(FRIDAY, "11:00"), place.service.max_moves)
    assert row_of(session, one).state == Settled.CHOSEN
    assert hold_of(session, one) is None


def test_whoever_does_not_want_it_any_more_cancels_whatever_the_notice(session: Session, place: Working) -> None:
    one = proposed(session, place)
    just_before = NINE - timedelta(minutes=30)
    cancel(session, commune_id=place.commune.id, appointment_id=one.id, actor=ANA, now=just_before)

    assert row_of(session, one).state == Settled.CANCELLED
    assert hold_of(session, one) is None


def test_who_does_not_answer_is_rung_where_that_was_said(session: Session, place: Working) -> None:
    one = proposed(session, place)
    over = row_of(session, one).until
    assert over is not None

    with pytest.raises(OfferOver), session.begin_nested():
        accepted(session, one, now=over)
    carried(session, over)
    session.refresh(one)
    assert (row_of(session, one).state, row_of(session, one).why) == (Settled.TO_CALL, WhyCall.NO_ANSWER)
    assert (one.state, one.start) == (AppointmentState.BOOKED, NINE)
    assert hold_of(session, one) is None
    assert [call.kind for call in calls(session, offices=[place.office], now=over)] == [MessageKind.REBOOKING]


def test_who_does_not_answer_is_cancelled_where_that_was_said(session: Session, place: Working) -> None:
    one = proposed(session, place, silence=Silence.CANCEL)
    session.execute(update(Message).where(Message.kind == MessageKind.REBOOKING).values(state=MessageState.SENT))
    over = row_of(session, one).until
    assert over is not None
    carried(session, over)
    session.refresh(one)

    assert (one.state, one.cancel_reason) == (AppointmentState.CANCELLED, STRIKE)
    assert row_of(session, one).state == Settled.LAPSED
    assert session.scalars(select(Message.kind).order_by(Message.id.desc())).first() == MessageKind.CANCELLED_BY_COMMUNE


def test_nobody_loses_a_visit_to_a_silence_they_never_heard_of(session: Session, place: Working) -> None:
    one = proposed(session, place, silence=Silence.CANCEL)
    over = row_of(session, one).until
    assert over is not None
    carried(session, over)
    session.refresh(one)

    assert one.state == AppointmentState.BOOKED
    assert (row_of(session, one).state, row_of(session, one).why) == (Settled.TO_CALL, WhyCall.NO_ANSWER)


def test_who_is_rung_is_settled_and_not_when_nobody_has_rung_after_all(session: Session, place: Working) -> None:
    one = visit(session, place, phone="+32470000001", email=None)
    closed(session, place, closing(place, last=THURSDAY + timedelta(days=200)), one.id)
    carried(session)
    (call,) = calls(session, offices=[place.office], now=LATER)
    own: dict[str, Any] = {"commune_id": place.commune.id, "office_ids": [place.office.id], "actor": DORA, "now": LATER}
    rung(session, **own, message_id=call.message_id)
    assert row_of(session, one).state == Settled.BY_PHONE
    (made,) = made_today(session, offices=[place.office], now=LATER)
    not_rung(session, **own, call_id=made.id)

    assert row_of(session, one).state == Settled.TO_CALL


def test_staff_take_the_time_for_whoever_they_ring_or_settle_it_as_it_is(session: Session, place: Working) -> None:
    one = proposed(session, place, email=None, phone="+32470000001")
    accepted(session, one, actor=DORA)
    assert row_of(session, one).state == Settled.BY_PHONE
    other = visit(session, place, "10:00", email=None)
    session.execute(delete(RebookedVisit).where(RebookedVisit.appointment_id == other.id))

    assert not settled_by_phone(session, commune_id=place.commune.id, appointment_id=other.id, actor=DORA, now=LATER)


def test_staff_move_somebody_and_it_is_settled_by_phone(session: Session, place: Working) -> None:
    one = proposed(session, place)
    move_for(
        session,
        commune_id=place.commune.id,
        office_ids=[place.office.id],
        appointment_id=one.id,
        version=one.version,
        office_id=place.office.id,
        start=at(FRIDAY, "11:00"),
        counter_id=None,
        actor=DORA,
        now=LATER,
    )

    assert row_of(session, one).state == Settled.BY_PHONE
    assert hold_of(session, one) is None


# What changes meanwhile


def test_a_cancellation_that_is_taken_back_inside_the_hours_is_settled(session: Session, place: Working) -> None:
    one = proposed(session, place)
    (shut,) = closures_since(session, commune_id=place.commune.id, since=MONDAY)
    cancel(session, commune_id=place.commune.id, appointment_id=one.id, actor=ANA, now=LATER)
    remove_closure(session, commune_id=place.commune.id, closure_id=shut.closure.id, actor=DORA, now=LATER)
    session.refresh(one)
    own = {"commune_id": place.commune.id, "appointment_id": one.id, "version": one.version}
    undo_cancellation(session, **own, per_contact=4, actor=ANA, now=LATER)

    assert row_of(session, one).state == Settled.KEPT


def test_hours_that_come_back_settle_whoever_has_not_answered(session: Session, place: Working) -> None:
    one = proposed(session, place)
    (shut,) = closures_since(session, commune_id=place.commune.id, since=MONDAY)
    remove_closure(session, commune_id=place.commune.id, closure_id=shut.closure.id, actor=DORA, now=LATER)
    over = row_of(session, one).until
    assert over is not None
    assert carried(session) == 0
    carried(session, over)
    session.refresh(one)

    assert row_of(session, one).state == Settled.KEPT
    assert (one.state, one.kept_outside_at) == (AppointmentState.BOOKED, None)


def test_a_held_time_that_closes_too_is_replaced_by_another(session: Session, place: Working) -> None:
    one = proposed(session, place)
    first = told(session, one)
    closed(session, place, closing(place, first=FRIDAY, last=FRIDAY))
    carried(session)
    held = hold_of(session, one)

    assert held is not None
    assert held.local_date > FRIDAY
    assert row_of(session, one).attempts == 2
    assert letter_for(session, message_number=first.id, base_url="http://x", secret="s", now=LATER) is None


def test_a_second_change_carries_on_whom_the_first_one_asked(session: Session, place: Working) -> None:
    one = proposed(session, place)
    change = closing(place, first=THURSDAY, last=FRIDAY)
    outcome = closed(session, place, change, one.id)
    carried(session)
    states = session.scalars(select(RebookedVisit.state).order_by(RebookedVisit.id)).all()

    assert outcome.proposed == (one.id,)
    assert states == [Settled.OVERTAKEN, Settled.PROPOSED]
    assert (held := hold_of(session, one)) is not None
    assert held.local_date > FRIDAY


def test_a_service_that_is_gone_is_talked_about(session: Session, place: Working) -> None:
    other = a_service(session, place.commune, code="other")
    session.add(CounterService(commune_id=place.commune.id, counter_id=place.counter.id, service_id=other.id))
    one = an_appointment(session, place.counter, other, start=NINE, phone="+32470000001")
    other.published_at = None
    take_whole(session, commune_id=place.commune.id)
    closed(session, place, closing(place), one.id)
    carried(session)

    assert row_of(session, one).why == WhyCall.NO_TIME


def test_a_visit_whose_time_comes_first_is_over(session: Session, place: Working) -> None:
    one = visit(session, place, phone="+32470000001", email=None)
    closed(session, place, closing(place, last=THURSDAY + timedelta(days=200)), one.id)
    carried(session)
    carried(session, NINE + timedelta(minutes=1))

    assert row_of(session, one).state == Settled.OVERTAKEN


def test_what_she_takes_along_says_which_other_time_she_was_asked_about(session: Session, place: Working) -> None:
    one = proposed(session, place)
    accepted(session, one)
    session.refresh(one)
    (asked,) = written_out(session, appointment=one, now=LATER)["other_times"]

    assert asked["state"] == "accepted"
    assert (asked["of_start"], asked["start"]) == (NINE.isoformat(), one.start.isoformat())
    assert "hold_key" not in asked


# The page that follows them


def test_everybody_on_the_list_is_followed_until_they_are_settled(session: Session, place: Working) -> None:
    stays, asked, gone = (visit(session, place, wall, phone="+32470000001") for wall in ("09:00", "09:30", "10:00"))
    wanted = Wanted({stays.id: Decision.KEEP, asked.id: Decision.PROPOSE, gone.id: Decision.CANCEL}, STRIKE)
    own = {"commune_id": place.commune.id, "actor": DORA, "now": EARLY}
    outcome = make_change(session, change=closing(place), wanted=wanted, **own)
    (summary,) = rebookings(session, commune_id=place.commune.id)
    assert summary.counts == {Settled.KEPT: 1, Settled.WAITING: 1, Settled.CANCELLED: 1}
    assert (summary.rebooking.id, summary.open, summary.office) == (outcome.rebooking_id, 1, place.office)
    carried(session)
    accepted(session, asked)
    found = followed(session, commune_id=place.commune.id, rebooking_id=summary.rebooking.id)

    assert [(one.appointment.id, one.row.state) for one in found] == [
        (stays.id, Settled.KEPT),
        (asked.id, Settled.ACCEPTED),
        (gone.id, Settled.CANCELLED),
    ]
    assert number_open(session, commune_id=place.commune.id) == 0


def test_the_page_of_an_appointment_says_what_is_proposed(session: Session, place: Working) -> None:
    one = proposed(session, place)
    found = other_time(session, appointment=one, now=LATER)
    assert found is not None
    assert found.held is not None
    accepted(session, one)
    session.refresh(one)

    assert other_time(session, appointment=one, now=LATER) is None


# Counters and offices


def test_what_a_counter_no_longer_serves_is_had_elsewhere_or_asked_about(session: Session, place: Working) -> None:
    free, busy = visit(session, place, "09:00"), visit(session, place, "10:00")
    an_appointment(session, place.counters[1], place.service, start=at(THURSDAY, "10:00"))
    change = ServeOtherwise(place.office.id, place.counter.id, frozenset(), MONDAY)
    found = effect_of(session, commune_id=place.commune.id, change=change, now=EARLY)
    assert (found.ids, set(found.elsewhere)) == ((free.id, busy.id), {free.id})
    outcome = serve_otherwise(
        session,
        commune_id=place.commune.id,
        change=change,
        facts=CounterFacts(label="1"),
        wanted=Wanted({busy.id: Decision.PROPOSE}, STRIKE, {free.id}),
        actor=DORA,
        now=EARLY,
    )
    carried(session)

    assert (outcome.moved, outcome.proposed) == ((free.id,), (busy.id,))
    assert row_of(session, busy).state == Settled.PROPOSED
    assert (held := hold_of(session, busy)) is not None
    assert held.counter_id == place.counters[1].id


def test_a_counter_goes_with_everybody_settled_and_nobody_kept(session: Session, place: Working) -> None:
    free, busy = visit(session, place, "09:00"), visit(session, place, "10:00")
    an_appointment(session, place.counters[1], place.service, start=at(THURSDAY, "10:00"))
    own: dict[str, Any] = {"commune_id": place.commune.id, "actor": DORA, "now": EARLY}
    change = Retire(place.office.id, place.counter.id, MONDAY)
    with pytest.raises(Undecided), session.begin_nested():
        retire(session, **own, change=change, wanted=Wanted({busy.id: Decision.KEEP}, moving=[free.id]))
    retire(session, **own, change=change, wanted=Wanted({busy.id: Decision.PROPOSE}, STRIKE, [free.id]))
    carried(session)
    accepted(session, busy)
    session.refresh(free)
    session.refresh(busy)

    assert session.get_one(Counter, place.counter.id, populate_existing=True).retired_at == EARLY
    assert {free.counter_id, busy.counter_id} == {place.counters[1].id}


def test_an_office_goes_and_its_people_are_asked_to_another(session: Session, place: Working) -> None:
    annex = an_office(session, place.commune, code="annex", position=2)
    a_session(session, annex, [a_counter(session, annex, serves=[place.service])])
    one = visit(session, place)
    wanted = Wanted({one.id: Decision.PROPOSE}, STRIKE)
    own = {"commune_id": place.commune.id, "actor": DORA, "now": EARLY}
    retire(session, change=Retire(place.office.id, None, MONDAY), wanted=wanted, **own)
    carried(session)
    accepted(session, one)
    session.refresh(one)

    assert one.office_id == annex.id
    assert session.get_one(Office, place.office.id, populate_existing=True).retired_at == EARLY


def test_a_counter_with_somebody_at_it_stays_until_they_have_gone(session: Session, place: Working) -> None:
    one = an_appointment(session, place.counter, place.service)
    during = one.start + timedelta(minutes=5)
    change, own = Retire(place.office.id, place.counter.id, MONDAY), {"commune_id": place.commune.id, "actor": DORA}

    with pytest.raises(HasAppointments), session.begin_nested():
        retire(session, change=change, wanted=Wanted({}), now=during, **own)


# A service that takes longer


def longer(session: Session, place: Working, minutes: int) -> ServiceContent:
    return replace(content_of(session, service=place.service), minutes_first=minutes)


def test_who_has_room_is_given_the_minutes_and_the_others_are_asked(session: Session, place: Working) -> None:
    roomy, tight, beside = (visit(session, place, wall) for wall in ("09:00", "10:00", "10:15"))
    for wall in ("10:00", "10:15"):
        an_appointment(session, place.counters[1], place.service, start=at(THURSDAY, wall))
    own: dict[str, Any] = {"commune_id": place.commune.id, "service_id": place.service.id}
    own |= {"content": longer(session, place, 30), "now": EARLY}
    found = effect_of_minutes(session, **own)
    assert {roomy.id, tight.id, beside.id} <= set(found.ids)
    assert found.elsewhere[roomy.id][0] == place.counter.id, "it stays where it is"
    assert beside.id in found.elsewhere
    assert tight.id not in found.elsewhere
    ways = dict.fromkeys(found.ids, Decision.KEEP) | {tight.id: Decision.PROPOSE}
    wanted = Wanted(ways, STRIKE, {roomy.id, beside.id})
    outcome = lengthen(session, **own, wanted=wanted, actor=DORA)
    carried(session)
    session.refresh(roomy)

    assert set(outcome.moved) == {roomy.id, beside.id}
    assert (roomy.end - roomy.start, roomy.counter_id, roomy.version) == (timedelta(minutes=30), place.counter.id, 1)
    assert (held := hold_of(session, tight)) is not None
    assert held.end - held.start == timedelta(minutes=30)
    assert effect_of_minutes(session, **own).ids != found.ids


def test_a_service_that_takes_less_touches_nobody(session: Session, place: Working) -> None:
    visit(session, place)
    own = {"commune_id": place.commune.id, "service_id": place.service.id, "now": EARLY}

    assert effect_of_minutes(session, **own, content=longer(session, place, 5)).ids == ()


def test_what_somebody_needs_beyond_is_given_beyond(session: Session, place: Working) -> None:
    slow = visit(session, place, minutes=40)
    own = {"commune_id": place.commune.id, "service_id": place.service.id, "now": EARLY}
    usual = place.service.minutes_first
    (found,) = effect_of_minutes(session, **own, content=longer(session, place, usual + 10)).touched

    assert (found.id, found.visit.span.minutes) == (slow.id, 50)
