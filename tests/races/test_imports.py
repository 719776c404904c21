"""The old agenda is carried on by several at once, and by whoever comes after a kill: every line is booked once."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from booking.core.tables import sheet_of
from booking.core.visit_imports import ImportState
from booking.database import engine_options, in_unit, prepare
from booking.models import Appointment, RefusedLine, VisitImport
from booking.usecases.check import problems
from booking.usecases.journal import Actor
from booking.usecases.visit_imports import PIECE, Readers, begin, book_piece, keep_file
from tests.databases import Database
from tests.factories import Working, a_person, a_working_commune
from tests.moments import EARLY, at
from tests.old_agendas import a_line, as_file, working_day
from tests.races.booking import holding
from tests.races.processes import CONTEXT, PATIENCE, together

pytestmark = pytest.mark.races

LINES = 4 * PIECE


def read(text: str) -> str:
    return text


READERS = Readers(email=read, phone=read)


@dataclass(frozen=True)
class CarryOn:
    """Book piece after piece; with ``dies`` the process is killed in the middle of one, before its unit ends."""

    commune_id: int
    import_id: int
    dies: bool = False

    def __call__(self, engine: Engine) -> int:
        while True:
            progress = in_unit(engine, self.piece)
            if progress.is_over:
                return int(progress.booked)

    def piece(self, session: Session) -> Any:
        own = {"commune_id": self.commune_id, "import_id": self.import_id, "office_ids": None}
        progress = book_piece(session, **own, readers=READERS, actor=Actor(), now=EARLY)
        if self.dies:
            session.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return progress


def brought(database: Database) -> tuple[Working, int]:
    """A table of visits that fill two counters, with its columns named and begun."""

    def bring(session: Session) -> tuple[Working, int]:
        work = a_working_commune(session, counters=2)
        dora = a_person(session, work.commune, email="dora@nord.example")
        sheet = sheet_of(as_file([a_line(number) for number in range(LINES)]))
        own: dict[str, Any] = {"commune_id": work.commune.id, "actor": Actor(), "now": EARLY}
        number = keep_file(session, sheet=sheet, filename="agenda.csv", person_id=dora.id, **own)
        begin(session, import_id=number, confirms=False, **own)
        return work, number

    work, number = database.write(bring)
    return work, int(number)


def check_all(database: Database, number: int) -> None:
    found = database.one(select(VisitImport).where(VisitImport.id == number))
    refused = database.count(RefusedLine)
    booked = database.count(Appointment, Appointment.taken_over_at.is_not(None))
    assert (found.state, found.booked, booked + refused) == (ImportState.DONE, booked, LINES)
    twice = select(Appointment.name).group_by(Appointment.name).having(func.count() > 1)
    assert database.all(twice.where(Appointment.taken_over_at.is_not(None))) == []
    with Session(database.engine) as session:
        assert problems(session, now=EARLY) == []


def test_several_who_carry_it_on_while_residents_book_give_no_time_twice(database: Database) -> None:
    work, number = brought(database)
    carrying = [CarryOn(work.commune.id, number)] * 3
    residents = [holding(work, at(working_day(day), "10:00")) for day in range(3)]

    together(database.url, [[step] for step in (*carrying, *residents)])

    check_all(database, number)


def test_three_kills_in_the_middle_of_a_piece_lose_nothing_and_book_nothing_twice(database: Database) -> None:
    work, number = brought(database)
    for _ in range(3):
        dying = CONTEXT.Process(target=die, args=(database.url, CarryOn(work.commune.id, number, dies=True)))
        dying.start()
        dying.join(PATIENCE)
        assert dying.exitcode == -signal.SIGKILL
        assert in_unit(database.engine, CarryOn(work.commune.id, number).piece) is not None

    assert CarryOn(work.commune.id, number)(database.engine) == LINES
    check_all(database, number)


def die(url: str, step: CarryOn) -> None:
    engine = create_engine(url, **engine_options(url))
    prepare(engine)
    step(engine)
