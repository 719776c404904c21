"""Eight agents press "next" at once, five hundred people wait: each is called once, and in the order of the rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.tickets import Origin, Step, TicketState
from booking.core.turns import InLine, Turn, order
from booking.models import Ticket, TicketStep
from booking.usecases.calling import Able, Called, call_next
from booking.usecases.journal import Actor
from booking.usecases.ticket_steps import StepWish, take_step
from booking.usecases.tickets import TicketWish, Visitor, issue
from tests.databases import Database
from tests.factories import Working, a_ticket, a_working_commune
from tests.moments import MONDAY, at
from tests.races.processes import Unit, together

pytestmark = pytest.mark.races

AGENTS, PEOPLE, RUNS = 8, 500, 5
NINE = at(MONDAY, "09:00")
AGENT = Actor(Role.AGENT)


def five_hundred(session: Session) -> Working:
    """Half of them lead once their time has come, and one in seven needs help in English."""
    home = a_working_commune(session, counters=AGENTS)
    for n in range(PEOPLE):
        turn = int(NINE.timestamp()) + (n * 7919) % 3600 - 1800
        language = "en" if n % 7 == 0 else None
        known = {"turn": turn, "leads_from": turn if n % 2 else None, "help_language": language}
        a_ticket(session, home.office, home.service, letter="AC"[n % 2], number=n // 2 + 1, **known)
    return home


def serve_next(session: Session, *, able: Able, commune_id: int) -> int:
    """Call somebody, and be done with them at once."""
    called = call_next(session, able=able, actor=AGENT, now=NINE)
    finish(session, able, called, commune_id)
    return called.id


def finish(session: Session, able: Able, called: Called, commune_id: int) -> None:
    for after, step in enumerate((Step.BEGIN, Step.DONE)):
        take_step(
            session,
            commune_id=commune_id,
            office_ids=[able.office_id],
            ticket_id=called.id,
            wish=StepWish(step, called.version + after, counter_id=able.counter_id),
            actor=AGENT,
            now=NINE,
        )


@pytest.mark.parametrize("_run", range(RUNS))
def test_each_is_called_once_and_in_the_order_of_the_rule(database: Database, _run: int) -> None:
    home: Working = database.write(five_hundred)
    line = [
        InLine(row.id, row.turn, row.leads_from, row.help_language)
        for row in database.all(select(Ticket).where(Ticket.office_id == home.office.id))
    ]
    share = -(-PEOPLE // AGENTS) + 1
    agents = [
        Unit(
            serve_next,
            {
                "able": Able(home.office.id, counter.id, MONDAY, frozenset({home.service.id})),
                "commune_id": home.commune.id,
            },
        )
        for counter in home.counters
    ]

    came = together(database.url, [[agent] * share for agent in agents])

    outcomes = [outcome for moment in came for outcome in moment]
    assert [outcome.fault for outcome in outcomes if outcome.fault] == []
    called = [outcome.value for outcome in outcomes if outcome.value]
    assert len(called) == len(set(called)) == PEOPLE
    assert {outcome.refusal for outcome in outcomes if outcome.refusal} <= {"NobodyWaits"}
    rank = {one.id: place for place, one in enumerate(sorted(line, key=lambda one: order(one, now=NINE)))}
    # Of those who call in one moment, which comes first is open: nobody is called in another moment than their own.
    for moment, outcomes_ in enumerate(came):
        places = [rank[outcome.value] for outcome in outcomes_ if outcome.value]
        assert all(moment * AGENTS <= place < (moment + 1) * AGENTS for place in places), moment
    assert database.count(Ticket, Ticket.state == TicketState.DONE) == PEOPLE
    assert database.count(TicketStep, TicketStep.step == Step.CALL) == PEOPLE


def test_one_counter_pressed_by_many_at_once_has_one_visitor(database: Database) -> None:
    home: Working = database.write(five_hundred)
    able = Able(home.office.id, home.counter.id, MONDAY, frozenset({home.service.id}))
    press = Unit(call_next, {"able": able, "actor": AGENT, "now": NINE})

    (outcomes,) = together(database.url, [[press]] * AGENTS)

    assert sorted(outcome.refusal or "" for outcome in outcomes) == ["", *["CounterBusy"] * (AGENTS - 1)]
    assert database.count(Ticket, Ticket.state == TicketState.CALLED) == 1


def test_numbers_given_out_at_once_are_all_different_and_leave_none_out(database: Database) -> None:
    home: Working = database.write(lambda session: a_working_commune(session))
    wish = TicketWish(home.service.id, home.service.name, 1, 15)
    hand_out = Unit(
        issue,
        {
            "office": home.office,
            "wishes": [wish],
            "visitor": Visitor(),
            "origin": Origin.KIOSK,
            "turn": Turn(int(NINE.timestamp())),
            "now": NINE + timedelta(minutes=1),
        },
    )

    came = together(database.url, [[hand_out] * 10] * AGENTS)

    numbers = sorted(outcome.value.number for moment in came for outcome in moment)
    assert numbers == list(range(1, 81))
