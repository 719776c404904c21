"""What administrators ask about the days to come is found without reading the years that are over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from booking.core.changes import EndSession
from booking.usecases.counters import staying
from booking.usecases.effects import booked_in
from tests.databases import Database
from tests.factories import Working, a_working_commune
from tests.moments import EARLY, MONDAY

SINCE_A_DAY = re.compile(r"appointment USING (COVERING )?INDEX \w+ \(.*(local_date|end)>\?.*\)")

Question = Callable[[Session, Working], Any]


def whom_hours_touch(session: Session, place: Working) -> None:
    change = EndSession(place.office.id, place.opening.id, MONDAY)
    booked_in(session, offices=[place.office], change=change, now=EARLY)


def who_stays_at_a_counter(session: Session, place: Working) -> None:
    wanted = {"commune_id": place.commune.id, "service_ids": [place.service.id], "now": EARLY}
    staying(session, **wanted, counter=place.counter)  # type: ignore[arg-type]


def who_stays_for_a_service(session: Session, place: Working) -> None:
    staying(session, commune_id=place.commune.id, service_ids=[place.service.id], now=EARLY)


@pytest.fixture
def years(database: Database) -> Iterator[Working]:
    """A commune of twenty counters of which the planner is told that 200 000 visits took place there."""
    rows = {
        "ix_appointment_counter_id": "200000 10000",
        "ix_appointment_by_state": "200000 200000 70000 160",
        "ix_appointment_by_day": "200000 200000 200000 300",
        "ix_appointment_by_time": "200000 200000 20 20 1 1 1",
    }

    def known(session: Session) -> Working:
        place: Working = a_working_commune(session)
        session.execute(text("analyze"))
        session.execute(text("delete from sqlite_stat1"))
        told = [{"name": name, "rows": counts} for name, counts in rows.items()]
        session.execute(text("insert into sqlite_stat1 values ('appointment', :name, :rows)"), told)
        return place

    yield database.write(known)
    database.write(lambda session: session.execute(text("drop table sqlite_stat1")) and None)
    database.engine.dispose()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("ask", [whom_hours_touch, who_stays_at_a_counter, who_stays_for_a_service])
def test_a_question_about_days_to_come_begins_with_them(database: Database, years: Working, ask: Question) -> None:
    plans: list[str] = []
    database.engine.dispose()

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM appointment" in statement:
            planner = connection.connection.dbapi_connection.cursor()
            steps = planner.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.extend(step[3] for step in steps if re.search(r"\bappointment\b", step[3]))

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        with Session(database.engine) as session:
            ask(session, years)
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)

    assert plans
    assert [plan for plan in plans if not SINCE_A_DAY.search(plan)] == []
