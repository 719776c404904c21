"""Two counters go out at once while residents book: whoever is promised a time has it, or was asked about."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.errors import Undecided
from booking.core.roles import Role
from booking.database import in_unit
from booking.models import Appointment, Claim, Message
from booking.models.messages import MessageKind
from booking.usecases.check import problems
from booking.usecases.counters_out import Out, take_out
from booking.usecases.effects import Decision
from booking.usecases.journal import Actor
from booking.usecases.out_today import out_today
from tests.databases import Database
from tests.factories import Working, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import Books, holding
from tests.races.processes import Step, together

pytestmark = pytest.mark.races

RUNS = 5
WALLS = [f"{hour:02}:{minute:02}" for hour in (10, 11) for minute in (0, 15, 30, 45)]
AGENT = Actor(Role.AGENT)


class GoesOut:
    """An agent presses the button, and cancels whoever fits nowhere as soon as the page says who."""

    def __init__(self, home: Working, number: int) -> None:
        self.own = {"commune_id": home.commune.id, "office_ids": [home.office.id]}
        self.counter_id = home.counters[number].id

    def __call__(self, engine: Engine) -> Out:
        decided: Mapping[int, Decision] = {}
        while True:
            told = {**self.own, "counter_id": self.counter_id, "decisions": decided, "actor": AGENT, "now": EARLY}
            try:
                out: Out = in_unit(engine, take_out, **told)
                return out
            except Undecided as refusal:
                decided = {**decided, **dict.fromkeys(refusal.facts["appointments"], Decision.CANCEL)}


def half_full(session: Session) -> Working:
    """Four counters; every other quarter of an hour is taken at the first two."""
    home = a_working_commune(session, counters=4)
    for counter in home.counters[:2]:
        for wall in WALLS[::2]:
            an_appointment(session, counter, home.service, start=at(MONDAY, wall))
    return home


@pytest.mark.parametrize("_run", range(RUNS))
def test_two_counters_go_out_while_residents_book(database: Database, _run: int) -> None:
    home: Working = database.write(half_full)
    agents: list[list[Step]] = [[GoesOut(home, number)] for number in (0, 1)]
    # As many at each quarter of an hour as would take every counter.
    residents: list[list[Step]] = [
        [Books(holding(home, at(MONDAY, wall)), f"Ana {wall} {n}")] for wall in WALLS[::2] for n in range(3)
    ]

    (outcomes,) = together(database.url, [*agents, *residents])

    assert {one.refusal for one in outcomes} <= {None, "SlotTaken", "HoldGone", "OutsideHours"}
    first, second = (one.value for one in outcomes[:2])
    gone = {*first.cancelled, *second.cancelled}
    booked = {one.value.id for one in outcomes[2:] if one.value}
    standing = set(database.all(select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED)))
    assert booked - gone <= standing
    told = select(Message.appointment_id).where(Message.kind == MessageKind.CANCELLED_BY_COMMUNE)
    assert set(database.all(told)) == gone
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []
        out = {counter.id for counter in home.counters[:2]}
        assert out_today(session, office=home.office, now=EARLY) == out
    # Nobody is left at a counter that is out.
    assert set(database.all(select(Claim.counter_id).where(Claim.appointment_id.is_not(None)))).isdisjoint(out)
