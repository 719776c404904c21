"""A quota holds whatever runs at the same moment: holds, moves, cancellations, and the quota itself being lowered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from booking.core.quotas import QuotaPer
from booking.core.roles import Role
from booking.core.services import ServiceContent
from booking.database import in_unit
from booking.models import Appointment, Seat, Service
from booking.usecases.cancellations import cancel
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.limits import QUOTA
from booking.usecases.services import change_service, content_of
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY, at
from tests.races.booking import Books, holding
from tests.races.moving import Moves
from tests.races.processes import Step, Unit, together

pytestmark = pytest.mark.races

PROCESSES, ROUNDS, QUOTA_OF_DAY = 8, 5, 5
ELEVEN = at(MONDAY, "11:00")
ON_TUESDAY = ELEVEN + timedelta(days=1)
DORA = Actor(role=Role.ADMINISTRATOR)
"""Counters enough for everybody: it is the quota alone that refuses."""


def counted(database: Database, most: int = QUOTA_OF_DAY, per: QuotaPer = QuotaPer.DAY) -> Working:
    def write(session: Session) -> Working:
        place = a_working_commune(session, counters=2 * PROCESSES * ROUNDS)
        place.service.quota, place.service.quota_per = most, per
        return place

    place: Working = database.write(write)
    return place


def per_period(database: Database) -> dict[str, int]:
    wanted = select(Seat.period, func.count()).where(Seat.kind == QUOTA).group_by(Seat.period)
    with Session(database.engine) as session:
        return {row[0]: row[1] for row in session.execute(wanted)}


def faults(database: Database) -> list[str]:
    with Session(database.engine) as session:
        return [line for line in problems(session, now=EARLY) if "confirmation" not in line]


@pytest.mark.parametrize(("per", "period"), [(QuotaPer.DAY, "2027-01-04"), (QuotaPer.WEEK, "2027-W01")])
def test_of_forty_who_hold_at_once_five_have_a_place(database: Database, per: QuotaPer, period: str) -> None:
    place = counted(database, per=per)
    outcomes = together(database.url, [[holding(place, ELEVEN)] * ROUNDS] * PROCESSES)
    told = Counter(one.refusal for moment in outcomes for one in moment)

    assert told == {None: QUOTA_OF_DAY, "QuotaReached": PROCESSES * ROUNDS - QUOTA_OF_DAY}
    assert per_period(database) == {period: QUOTA_OF_DAY}
    assert database.count(Appointment) == QUOTA_OF_DAY


def test_whoever_moves_to_a_full_day_stays_where_they_are(database: Database) -> None:
    place = counted(database, most=PROCESSES)
    people = [Books(holding(place, ELEVEN), f"Person {n}")(database.engine).id for n in range(PROCESSES)]
    for n in range(PROCESSES - 3):
        Books(holding(place, ON_TUESDAY), f"Earlier {n}")(database.engine)
    moves = [[Moves(number, place.service.id, place.office.id, ON_TUESDAY)] for number in people]
    told = Counter(one.refusal for one in together(database.url, moves)[0])

    assert told == {None: 3, "QuotaReached": PROCESSES - 3}
    assert per_period(database) == {"2027-01-04": PROCESSES - 3, "2027-01-05": PROCESSES}
    assert faults(database) == []


@dataclass(frozen=True)
class BooksAndCancels:
    """Somebody books, and gives the time back at once: their place is another's."""

    books: Books

    def __call__(self, engine: Engine) -> bool:
        booked = self.books(engine)
        home = self.books.hold.arguments["commune_id"]
        return bool(in_unit(engine, cancel, commune_id=home, appointment_id=booked.id, actor=DORA, now=EARLY))


def test_places_that_come_and_go_are_never_more_than_there_are(database: Database) -> None:
    place = counted(database, most=3)
    shares: list[list[Step]] = [
        [
            (BooksAndCancels if (number + turn) % 2 else lambda books: books)(
                Books(holding(place, ELEVEN), f"P {number} {turn}")
            )
            for turn in range(ROUNDS)
        ]
        for number in range(PROCESSES)
    ]
    told = Counter(one.refusal for moment in together(database.url, shares) for one in moment)

    assert set(told) <= {None, "QuotaReached"}
    assert sum(per_period(database).values()) <= 3
    assert faults(database) == []


def lowered(content: ServiceContent, place: Working, most: int) -> Unit:
    own = {"commune_id": place.commune.id, "service_id": place.service.id, "actor": DORA, "now": EARLY}
    return Unit(change_service, own | {"content": replace(content, quota=most)})


def test_a_quota_that_is_lowered_meanwhile_evicts_nobody_and_lets_nobody_in(database: Database) -> None:
    """Ten are there when it falls from 20 to 4; of those who come at the same moment some may have been first."""
    place = counted(database, most=20)
    for number in range(10):
        Books(holding(place, ELEVEN), f"Person {number}")(database.engine)
    with Session(database.engine) as session:
        content = content_of(session, service=session.get_one(Service, place.service.id))
    arriving = holding(place, ELEVEN)
    shares: list[list[Step]] = [[arriving, arriving] for _ in range(PROCESSES - 1)]
    first, second = together(database.url, [[lowered(content, place, 4), arriving], *shares])

    assert {one.refusal for one in first} <= {None, "QuotaReached"}
    assert {one.refusal for one in second} == {"QuotaReached"}
    let_in = sum(one.refusal is None for one in first[1:])
    assert per_period(database) == {"2027-01-04": 10 + let_in}
    assert faults(database) == []
