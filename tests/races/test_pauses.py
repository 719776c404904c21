"""A service pauses while residents book it for today: whoever has a time of today is told, nobody else has one."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.roles import Role
from booking.models import Appointment, Message
from booking.models.messages import MessageKind
from booking.usecases.baskets import WishedLine
from booking.usecases.check import problems
from booking.usecases.groups import hold_adjoining
from booking.usecases.journal import Actor
from booking.usecases.pauses import pause
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import HOLD, Books, holding
from tests.races.processes import Step, Unit, together
from tests.usecases.test_groups import two_desks

pytestmark = pytest.mark.races

RUNS = 5
WALLS = [f"{hour:02}:{minute:02}" for hour in (10, 11) for minute in (0, 15, 30, 45)]


def goes_down(home: Working) -> Unit:
    own = {"commune_id": home.commune.id, "office_id": home.office.id, "service_ids": [home.service.id]}
    return Unit(pause, own | {"within": None, "actor": Actor(Role.AGENT), "now": EARLY})


@pytest.mark.parametrize("_run", range(RUNS))
def test_a_service_pauses_while_residents_book_it_with_another_beside_it(database: Database, _run: int) -> None:
    def rows(session: Session) -> tuple[Working, Unit]:
        home, birth = two_desks(session)
        wish = {"lines": [WishedLine(home.service.id), WishedLine(birth.id)], "client": None, "per_client": 5}
        own = {"commune_id": home.commune.id, "office_id": home.office.id}
        return home, Unit(hold_adjoining, own | wish | {"length": HOLD, "now": EARLY})

    home, both = database.write(rows)
    pairs = [Unit(both.verb, both.arguments | {"start": at(MONDAY, wall)}) for wall in ("10:00", "10:30", "11:00")]
    residents: list[list[Step]] = [[Books(one, f"Ana {number}")] for number, one in enumerate(pairs)]

    (outcomes,) = together(database.url, [[goes_down(home)], *residents])

    assert {one.refusal for one in outcomes} <= {None, "PausedNow", "HoldGone", "SlotTaken"}
    booked = {one.value.id for one in outcomes[1:] if one.value}
    standing = database.all(select(Appointment.state))
    assert standing == [AppointmentState.BOOKED] * (2 * len(booked))
    told = select(Message.appointment_id).where(Message.kind == MessageKind.PAUSED)
    assert len(database.all(told)) == len(booked)


@pytest.mark.parametrize("_run", range(RUNS))
def test_a_service_pauses_while_residents_book_it(database: Database, _run: int) -> None:
    home: Working = database.write(lambda session: a_working_commune(session, counters=2))
    residents: list[list[Step]] = [[Books(holding(home, at(MONDAY, wall)), f"Ana {wall}")] for wall in WALLS]

    (outcomes,) = together(database.url, [[goes_down(home)], *residents])

    assert not any(one.fault for one in outcomes), outcomes
    assert {one.refusal for one in outcomes} <= {None, "PausedNow", "HoldGone"}
    booked = {one.value.id for one in outcomes[1:] if one.value}
    assert set(database.all(select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED))) == booked
    assert database.all(select(Appointment.id).where(Appointment.state == AppointmentState.HELD)) == []
    told = select(Message.appointment_id).where(Message.kind == MessageKind.PAUSED)
    assert set(database.all(told)) == booked
    with Session(database.engine) as session:
        assert [one for one in problems(session, now=EARLY) if "confirmation" not in one] == []
