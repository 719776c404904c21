"""Every invariant is really looked at: rows broken by hand are found, and sound ones are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, HoldKind
from booking.core.rebookings import Cause, Settled, Silence
from booking.core.tickets import TicketState
from booking.core.timespan import Span, tick_of
from booking.core.translated import Translated
from booking.core.waiting import OfferState
from booking.models import (
    Appointment,
    AppointmentLine,
    Block,
    Claim,
    Message,
    Offer,
    RebookedVisit,
    Rebooking,
    Seat,
    Ticket,
    TicketLine,
    TicketNumber,
    WaitingEntry,
)
from booking.models.messages import MessageKind, MessageState
from booking.models.opening import BlockReason
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.check import problems
from tests.databases import Database
from tests.factories import Working, a_counter, a_ticket, a_working_commune, add, an_appointment, an_office
from tests.moments import EARLY, MONDAY, at
from tests.usecases.waiting import a_commune_with_a_list, a_freed_time, somebody_waits

NINE, TEN = at(MONDAY, "09:00"), at(MONDAY, "10:00")


@pytest.fixture
def work(session: Session) -> Working:
    return a_working_commune(session, counters=2)


def announced(session: Session, visit: Appointment, **columns: Any) -> None:
    row = {
        "commune_id": visit.commune_id,
        "kind": MessageKind.CONFIRMATION,
        "appointment_id": visit.id,
        "version": 1,
        "copy": 0,
        "state": MessageState.SENT,
        "created_at": EARLY,
        "due_at": EARLY,
        "attempts": 1,
    }
    session.execute(insert(Message).values(row | columns))


def a_sound_visit(session: Session, work: Working, **columns: Any) -> Appointment:
    visit = an_appointment(session, work.counter, work.service, **columns)
    announced(session, visit)
    return visit


def breaches(session: Session) -> list[str]:
    session.flush()
    return [line.partition(":")[0] for line in problems(session, now=EARLY)]


def test_a_working_commune_has_no_problems(session: Session, work: Working) -> None:
    a_sound_visit(session, work)
    an_appointment(session, work.counters[1], work.service, state=AppointmentState.HELD, held_until=EARLY)
    an_appointment(session, work.counters[1], work.service, start=TEN, email=None)
    span = Span(NINE + timedelta(minutes=15), TEN)
    add_blocks(session, commune_id=work.commune.id, blocks=[Kept(work.counter.id, span, BlockReason.BREAK)], now=EARLY)

    assert problems(session, now=EARLY) == []


EXACT = "an appointment claims exactly its ticks at its counter"


def test_a_missing_tick_is_found(session: Session, work: Working) -> None:
    visit = a_sound_visit(session, work)
    session.execute(delete(Claim).where(Claim.tick == tick_of(NINE) + 1))

    assert problems(session, now=EARLY) == [f"{EXACT}: appointment {visit.id}"]


def test_a_visit_or_hold_without_any_claim_is_found(session: Session, work: Working) -> None:
    a_sound_visit(session, work)
    an_appointment(session, work.counters[1], work.service, state=AppointmentState.HELD, held_until=TEN)
    session.execute(delete(Claim))

    assert breaches(session) == [EXACT, EXACT]


def test_a_claim_outside_the_visit_is_found(session: Session, work: Working) -> None:
    visit = a_sound_visit(session, work)
    own = {"commune_id": work.commune.id, "appointment_id": visit.id}
    session.execute(insert(Claim).values(**own, counter_id=work.counter.id, tick=tick_of(TEN)))

    assert breaches(session) == [EXACT]


def test_claims_at_another_counter_are_found(session: Session, work: Working) -> None:
    a_sound_visit(session, work)
    session.execute(update(Claim).values(counter_id=work.counters[1].id))

    assert breaches(session) == [EXACT]


def test_a_block_that_lost_a_tick_is_found(session: Session, work: Working) -> None:
    own = {"commune_id": work.commune.id, "counter_id": work.counter.id}
    session.execute(insert(Block).values(**own, start=NINE, end=TEN, reason=BlockReason.ABSENCE))

    assert breaches(session) == ["a block claims exactly its ticks at its counter"]


def test_two_visits_at_once_are_found_even_when_their_claims_are_lost(session: Session, work: Working) -> None:
    a_sound_visit(session, work)
    later = a_sound_visit(session, work, start=NINE + timedelta(minutes=15))
    session.execute(update(Appointment).where(Appointment.id == later.id).values(start=NINE + timedelta(minutes=10)))

    assert "no two appointments overlap at a counter" in breaches(session)


def test_a_cancelled_visit_must_have_let_go(session: Session, work: Working) -> None:
    visit = a_sound_visit(session, work)
    announced(session, visit, kind=MessageKind.CANCELLATION, version=2)
    own = {"commune_id": work.commune.id, "appointment_id": visit.id}
    session.execute(insert(Seat).values(**own, kind="contact", key="k", period="", n=1))
    session.execute(update(Appointment).values(state=AppointmentState.CANCELLED))

    assert breaches(session) == ["a cancelled appointment keeps no claim", "a cancelled appointment keeps no seat"]


def test_a_visit_at_a_counter_of_another_office_is_found(session: Session, work: Working) -> None:
    visit = a_sound_visit(session, work)
    elsewhere = a_counter(session, an_office(session, work.commune, code="station"))
    session.execute(update(Claim).values(counter_id=elsewhere.id))
    session.execute(update(Appointment).values(counter_id=elsewhere.id))

    assert problems(session, now=EARLY) == [
        f"an appointment is at a counter of its own office: appointment {visit.id}, counter {elsewhere.id}"
    ]


def test_a_visit_for_nothing_is_found(session: Session, work: Working) -> None:
    a_sound_visit(session, work)
    session.execute(delete(AppointmentLine))

    assert breaches(session) == ["an appointment has at least one service"]


def test_somebody_with_an_address_and_no_letter_is_found(session: Session, work: Working) -> None:
    an_appointment(session, work.counter, work.service)
    an_appointment(session, work.counter, work.service, start=TEN, state=AppointmentState.CANCELLED)

    assert breaches(session) == [
        "whoever gave an address has a confirmation in the outbox",
        "whoever gave an address was told of the cancellation",
    ]


def test_whose_visit_was_agreed_elsewhere_is_told_of_its_end_alone(session: Session, work: Working) -> None:
    visit = an_appointment(session, work.counter, work.service, taken_over_at=EARLY)
    assert problems(session, now=EARLY) == []

    session.execute(delete(Claim))
    visit.state, visit.cancelled_at = AppointmentState.CANCELLED, EARLY
    assert breaches(session) == ["whoever gave an address was told of the cancellation"]


@pytest.mark.parametrize(("address", "found"), [("ana@example.org", 1), ("ana@habitants.example", 0)])
def test_only_a_demonstrations_own_visitors_get_no_letters(session: Session, address: str, found: int) -> None:
    work = a_working_commune(session, is_demonstration=True)
    an_appointment(session, work.counter, work.service, email=address)

    assert len(problems(session, now=EARLY)) == found


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({}, 0),
        ({"state": MessageState.QUEUED, "of_start": TEN}, 1),
        ({"state": MessageState.TO_RING, "of_start": TEN}, 1),
        ({"state": MessageState.DROPPED, "of_start": TEN}, 0),
        ({"state": MessageState.SENT, "of_start": TEN}, 0),
    ],
)
def test_a_reminder_left_behind_by_a_move_is_found(
    session: Session, work: Working, columns: dict[str, Any], found: int
) -> None:
    visit = a_sound_visit(session, work)
    reminder = {"kind": MessageKind.REMINDER_1, "of_start": NINE, "due_at": TEN, "state": MessageState.QUEUED}
    announced(session, visit, **reminder | columns)

    assert breaches(session) == ["a reminder that waits is of the time of its visit"] * found


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"state": MessageState.QUEUED, "due_at": EARLY - timedelta(minutes=30)}, 1),
        ({"state": MessageState.QUEUED, "due_at": EARLY - timedelta(minutes=29)}, 0),
        ({"state": MessageState.LEASED, "lease": "a", "leased_until": EARLY - timedelta(minutes=30)}, 1),
        ({"state": MessageState.LEASED, "lease": "a", "leased_until": EARLY + timedelta(minutes=1)}, 0),
        ({"state": MessageState.REFUSED, "due_at": EARLY - timedelta(days=1)}, 0),
    ],
)
def test_a_message_nobody_carries_is_found(
    session: Session, work: Working, columns: dict[str, Any], found: int
) -> None:
    announced(session, an_appointment(session, work.counter, work.service), **columns)

    assert breaches(session) == ["no message waits longer than half an hour"] * found


def test_a_clients_seat_is_only_for_holds(session: Session, work: Working) -> None:
    own = {"commune_id": work.commune.id, "appointment_id": a_sound_visit(session, work).id}
    session.execute(insert(Seat).values(**own, kind="holds", key="client", period="", n=1))
    session.execute(insert(Seat).values(**own, kind="person", key="ana", period="", n=2))

    assert breaches(session) == ["only a hold sits on a client's seat, and one person on their own"] * 2


def test_an_offered_time_without_its_offer_or_its_letter_is_found(session: Session) -> None:
    work = a_commune_with_a_list(session)
    entry = somebody_waits(session, work, "Bilal")
    a_freed_time(session, work)
    assert problems(session, now=EARLY) == []

    session.execute(delete(Message).where(Message.kind == MessageKind.LIST_OFFER))
    session.execute(update(Offer).values(state=OfferState.LAPSED, settled_at=EARLY))
    session.execute(update(WaitingEntry).where(WaitingEntry.id == entry.id).values(email=None))
    assert breaches(session) == [
        "a time that is offered belongs to one open offer, and replaces its person's own",
        "whoever was offered a time has a message in the outbox",
        "whoever waits for an earlier time can be reached",
    ]


def test_a_promise_the_clock_no_longer_keeps_is_found(session: Session, work: Working) -> None:
    a_sound_visit(session, work, wall_time=time(10, 0))

    assert breaches(session) == ["the clock shows at the start what was promised"]


def without_keys(database: Database, breaking: Callable[[Session], None]) -> None:
    """Break rows as a restored copy could be broken: with the keys between tables switched off."""
    # A bare SQLite engine does not mind; PostgreSQL has to be told.
    engine = create_engine(database.url)
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        breaking(session)
        session.commit()
    engine.dispose()


def test_rows_that_point_into_another_commune_or_nowhere_are_found(database: Database) -> None:
    def two_communes(session: Session) -> tuple[int, int]:
        home, elsewhere = a_working_commune(session), a_working_commune(session, slug="sud")
        visit = a_sound_visit(session, home)
        return visit.id, elsewhere.commune.id

    visit_id, elsewhere = database.write(two_communes)
    line_id = database.one(select(AppointmentLine.id))

    def break_them(session: Session) -> None:
        session.execute(update(AppointmentLine).values(commune_id=elsewhere))
        session.execute(
            insert(Claim).values(counter_id=999, tick=1, commune_id=elsewhere, appointment_id=visit_id + 999)
        )

    without_keys(database, break_them)
    with Session(database.engine) as session:
        found = "\n".join(problems(session, now=EARLY))

    assert f"table appointment_line, id {line_id}, commune_id {elsewhere}, appointment_id {visit_id}" in found
    assert "table claim, counter_id 999, tick 1" in found


# Tickets


def a_counted_ticket(session: Session, work: Working, **columns: Any) -> Ticket:
    ticket = a_ticket(session, work.office, work.service, number=1, **columns)
    own = {"commune_id": work.commune.id, "office_id": work.office.id, "local_date": MONDAY, "letter": "A"}
    session.execute(insert(TicketNumber).values(**own, n=1))
    return ticket


def test_a_counted_ticket_of_somebody_who_has_arrived_is_sound(session: Session, work: Working) -> None:
    visit = a_sound_visit(session, work, arrived_at=NINE)
    a_counted_ticket(session, work, appointment_id=visit.id)

    assert breaches(session) == []


@pytest.mark.parametrize(
    ("ticket", "visit"),
    [
        (TicketState.DONE, AppointmentState.BOOKED),
        (TicketState.ABSENT, AppointmentState.BOOKED),
        (TicketState.WAITING, AppointmentState.FULFILLED),
        (TicketState.CALLED, AppointmentState.MISSED),
    ],
)
def test_an_end_that_only_one_of_the_two_knows_is_found(
    session: Session, work: Working, ticket: TicketState, visit: AppointmentState
) -> None:
    appointment = a_sound_visit(session, work, arrived_at=NINE, state=visit)
    at_ = {"counter_id": work.counter.id} if ticket == TicketState.CALLED else {}
    a_counted_ticket(session, work, appointment_id=appointment.id, state=ticket, **at_)

    assert breaches(session) == ["the end of a ticket and of its appointment are told alike"]


def test_somebody_who_waits_and_never_arrived_is_found(session: Session, work: Working) -> None:
    a_counted_ticket(session, work, appointment_id=a_sound_visit(session, work).id)

    assert breaches(session) == ["whoever waits with an appointment has arrived"]


def test_a_number_that_would_be_handed_out_again_is_found(session: Session, work: Working) -> None:
    a_ticket(session, work.office, work.service, number=1)

    assert breaches(session) == ["a ticket’s number is counted"]


def test_a_ticket_for_nothing_is_found(session: Session, work: Working) -> None:
    ticket = a_counted_ticket(session, work)
    session.execute(delete(TicketLine).where(TicketLine.ticket_id == ticket.id))

    assert breaches(session) == ["a ticket is for at least one service"]


def test_a_visitor_at_a_counter_of_another_office_is_found(session: Session, work: Working) -> None:
    elsewhere = a_counter(session, an_office(session, work.commune, code="station"), label="9")
    a_counted_ticket(session, work, state=TicketState.CALLED, counter_id=elsewhere.id)

    assert breaches(session) == ["a visitor stands at a counter of the office they came to"]


def an_asked_visit(session: Session, work: Working) -> Appointment:
    """A visit whose person is asked about another time: the time is held for them, and they are told."""
    visit = a_sound_visit(session, work)
    days = {"first_day": MONDAY, "reason": Translated({}), "made_at": EARLY, "answer_minutes": 60}
    change = Rebooking(commune_id=work.commune.id, cause=Cause.CLOSURE, silence=Silence.CALL, **days)
    held = {"state": AppointmentState.HELD, "hold_kind": HoldKind.REBOOKING, "held_until": TEN, "replaces_id": visit.id}
    hold = an_appointment(session, work.counters[1], work.service, start=TEN, **held)
    add(session, change)
    told = {"state": Settled.PROPOSED, "of_start": NINE, "start": TEN, "until": TEN, "attempts": 1}
    asked = RebookedVisit(
        commune_id=work.commune.id, rebooking_id=change.id, appointment_id=visit.id, hold_key=hold.hold_key, **told
    )
    add(session, asked)
    announced(session, visit, kind=MessageKind.REBOOKING, version=asked.id, copy=1)
    return visit


@pytest.mark.parametrize(
    ("breaking", "found"),
    [
        (None, []),
        (
            update(Appointment).where(Appointment.replaces_id.is_(None)).values(start=NINE - timedelta(hours=1)),
            [EXACT, "a visit that is carried on stands as it did"],
        ),
        (
            update(RebookedVisit).values(hold_key="somebody else's"),
            ["another time that is held is proposed to the person of its visit"],
        ),
        (
            update(RebookedVisit).values(attempts=2),
            ["whoever is asked about another time has a message, or a line on the call list"],
        ),
    ],
)
def test_a_visit_that_is_carried_on_in_vain_is_found(
    session: Session, work: Working, breaking: Any, found: list[str]
) -> None:
    an_asked_visit(session, work)
    if breaking is not None:
        session.execute(breaking)

    said = [one for one in breaches(session) if "clock shows" not in one]
    assert [one for one in said if one in found] == found
    assert breaking is not None or said == []


def test_a_visit_that_nobody_carries_on_is_found(session: Session, work: Working) -> None:
    an_asked_visit(session, work)
    session.execute(delete(Appointment).where(Appointment.replaces_id.is_not(None)))
    session.execute(update(RebookedVisit).values(state=Settled.WAITING))
    session.execute(update(Rebooking).values(made_at=EARLY - timedelta(minutes=30)))

    assert "no visit waits longer than half an hour to be carried on" in breaches(session)
