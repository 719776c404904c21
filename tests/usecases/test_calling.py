"""Bilal calls the next visitor from counter 1, Chloé from counter 2: each whom the rule names, nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import CounterBusy, NobodyWaits
from booking.core.roles import Role
from booking.core.tickets import Step, TicketState
from booking.core.turns import InLine, order
from booking.models import Ticket, TicketLine, TicketStep
from booking.usecases.calling import Able, call_next, waiting_for
from booking.usecases.journal import Actor
from tests.factories import Working, a_counter, a_service, a_ticket, a_working_commune
from tests.moments import MONDAY, at

NINE = at(MONDAY, "09:00")
AGENT = Actor(Role.AGENT)
Waits = Callable[..., Ticket]


@pytest.fixture
def home(session: Session) -> Working:
    return a_working_commune(session, counters=2)


@pytest.fixture
def waits(session: Session, home: Working) -> Waits:
    def one(wall: str = "09:00", **columns: object) -> Ticket:
        service = columns.pop("service", home.service)
        return a_ticket(session, home.office, service, issued_at=at(MONDAY, wall), **columns)  # type: ignore[arg-type]

    return one


def able(home: Working, number: int = 0, **more: object) -> Able:
    counter = home.counters[number]
    return Able(home.office.id, counter.id, MONDAY, frozenset({home.service.id}), **more)  # type: ignore[arg-type]


def call(session: Session, at_: Able) -> int:
    return call_next(session, able=at_, actor=AGENT, now=NINE).id


def test_whoever_has_the_smallest_turn_is_called_to_the_counter_that_asks(
    session: Session, home: Working, waits: Waits
) -> None:
    later, first = waits("08:50"), waits("08:40")

    assert call(session, able(home, 1)) == first.id
    session.refresh(first)
    assert (first.state, first.counter_id, first.calls) == (TicketState.CALLED, home.counters[1].id, 1)
    session.refresh(later)
    assert later.state == TicketState.WAITING
    assert session.scalars(select(TicketStep.step).where(TicketStep.ticket_id == first.id)).all() == [Step.CALL]


def test_a_counter_with_a_visitor_calls_nobody_else(session: Session, home: Working, waits: Waits) -> None:
    waits("08:40")
    waits("08:50")
    call(session, able(home))

    with pytest.raises(CounterBusy):
        call(session, able(home))


def test_a_visitor_whom_nobody_ended_yesterday_keeps_no_counter(session: Session, home: Working, waits: Waits) -> None:
    waits(state=TicketState.SERVING, counter_id=home.counter.id, local_date=MONDAY - timedelta(days=1))
    today = waits("08:50")

    assert call(session, able(home)) == today.id


def test_where_nobody_waits_nobody_is_called(session: Session, home: Working, waits: Waits) -> None:
    waits(state=TicketState.DONE)
    waits("08:40", local_date=MONDAY - timedelta(days=1))

    with pytest.raises(NobodyWaits):
        call(session, able(home))


def test_a_counter_calls_those_alone_for_whom_it_does_everything(session: Session, home: Working, waits: Waits) -> None:
    passport = a_service(session, home.commune, code="passport")
    both = waits("08:30")
    line = {"service_id": passport.id, "service_name": passport.name, "persons": 1, "minutes": 15}
    session.add(TicketLine(commune_id=home.commune.id, ticket_id=both.id, position=2, **line))
    card = waits("08:40")

    assert call(session, able(home)) == card.id
    assert call(session, replace(able(home, 1), services=frozenset({home.service.id, passport.id}))) == both.id


def test_a_small_room_calls_no_family(session: Session, home: Working, waits: Waits) -> None:
    waits("08:30", persons=5)
    alone = waits("08:40")

    assert call(session, able(home, max_persons=4)) == alone.id


def test_whoever_was_handed_over_is_called_by_that_counter_and_no_other(
    session: Session, home: Working, waits: Waits
) -> None:
    sent = waits("08:30", for_counter_id=home.counters[1].id)
    other = waits("08:40")

    assert call(session, able(home)) == other.id
    assert call(session, replace(able(home, 1), services=frozenset())) == sent.id


def test_nobody_is_called_from_another_office(session: Session, home: Working, waits: Waits) -> None:
    there = a_working_commune(session, slug="mairie-sud", postcodes=("1998",))
    a_ticket(session, there.office, there.service)

    with pytest.raises(NobodyWaits):
        call(session, able(home))


def test_a_help_language_goes_forward_where_it_is_spoken(session: Session, home: Working, waits: Waits) -> None:
    ben, niamh = waits("08:40"), waits("08:45", help_language="en")
    english = able(home, 1, spoken=("en",), language_minutes=10)

    assert call(session, english) == niamh.id
    assert call(session, able(home)) == ben.id


@pytest.mark.parametrize("seed", range(5))
def test_the_statement_and_the_written_rule_give_one_order(
    session: Session, home: Working, waits: Waits, seed: int
) -> None:
    dice = Random(seed)
    line = []
    for _ in range(40):
        turn = int(NINE.timestamp()) + dice.randrange(-3600, 3600, 60)
        leads = dice.choice([None, None, 0, turn])
        one = waits("08:00", turn=turn, leads_from=leads, help_language=dice.choice([None, "en", "de"]))
        line.append(InLine(one.id, turn, leads, one.help_language))
    counter = able(home, spoken=("en",), language_minutes=10)

    expected = sorted(line, key=lambda one: order(one, now=NINE, spoken=("en",), language_minutes=10))

    assert waiting_for(session, able=counter, now=NINE) == [one.id for one in expected]
    assert call(session, counter) == expected[0].id


def test_an_extra_counter_is_no_other_matter(session: Session, home: Working, waits: Waits) -> None:
    extra = a_counter(session, home.office, label="9", serves=[home.service])
    first = waits("08:30")

    assert call(session, replace(able(home), counter_id=extra.id)) == first.id
