"""Groups reach for one quiet hour, and single people for a part of it: a group is booked whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.models import Appointment, Claim
from booking.usecases.appointments import Helper
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.parties import PartyWish, book_party
from booking.usecases.party_times import PartyPlace
from tests.databases import Database
from tests.factories import a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import holding
from tests.races.processes import Step, Unit, together

pytestmark = pytest.mark.races

SIZE = 4
DAYS = 3
SHELTER = PartyWish(Helper("Maison Espoir", "espoir@example.org", None), "fr")


def test_of_two_groups_at_once_one_is_booked_whole_and_nothing_is_left_of_the_other(database: Database) -> None:
    place = database.write(lambda session: a_working_commune(session, counters=2))
    starts = [at(MONDAY, "10:00") + timedelta(days=day) for day in range(DAYS)]

    def party(day: int, *, backwards: bool) -> Unit:
        """The one asks for the places in their order, the other from the last to the first."""
        places = [
            PartyPlace(counter.id, starts[day] + timedelta(minutes=15 * nth))
            for nth in range(SIZE // 2)
            for counter in place.counters
        ]
        own = {"commune_id": place.commune.id, "office_id": place.office.id, "service_id": place.service.id}
        wish = {"wish": SHELTER, "actor": Actor(Role.AGENT), "now": EARLY}
        return Unit(book_party, own | wish | {"places": places[::-1] if backwards else places})

    rivals: list[list[Step]] = [[party(day, backwards=bool(turn)) for day in range(DAYS)] for turn in range(3)]
    alone: list[Step] = [holding(place, start + timedelta(minutes=15)) for start in starts]

    for moment in together(database.url, [*rivals, alone]):
        *groups, single = moment
        assert sum(bool(one.value) for one in groups) <= 1
        assert any(one.value for one in moment)
        assert {one.refusal for one in groups} <= {None, "SlotTaken"}
        assert single.refusal in {None, "SlotTaken"}
    sizes = database.all(select(func.count()).where(Appointment.party_key.is_not(None)).group_by(Appointment.party_key))
    assert set(sizes) <= {SIZE}
    assert database.count(Claim) == 3 * database.count(Appointment)
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []
