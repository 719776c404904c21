"""What is deleted or swept is found by an index, however many visits a commune has had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, text
from sqlalchemy.orm import Session

from bench.told import COMMIT, Told, told_to
from booking.core.waiting import USUAL_TERMS
from booking.database import in_unit
from booking.models import Base
from booking.usecases.health import seconds_late
from booking.usecases.holds import release
from booking.usecases.messages import lease_next
from booking.usecases.near_names import near
from booking.usecases.retention import KINDS
from booking.usecases.visits_found import find
from booking.usecases.waiting_answers import pass_on
from tests.databases import Database
from tests.factories import a_commune
from tests.moments import EARLY, MONDAY

TABLES = {table.name: table for table in Base.metadata.sorted_tables}
MADE_FOR_IT = (
    "ix_appointment_known_contact",
    "ix_appointment_known_name",
    "ix_appointment_held",
    "ix_message_fault_of_staff_letter",
    "ix_journal_entry_client",
    "ix_journal_entry_at",
)
GROWING = {"appointment", "appointment_line", "claim", "seat", "message", "journal_entry", "offer"}


def keys_that_follow(parent: str) -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    """The keys by which rows point to a table."""
    for table in TABLES.values():
        for key in table.foreign_key_constraints:
            if key.referred_table.name == parent:
                yield table, key


@pytest.mark.parametrize("parent", ["appointment", "person"])
def test_what_goes_with_a_row_is_found_without_looking_at_everything(parent: str) -> None:
    """The database asks every table that points to a row it deletes."""
    for table, key in keys_that_follow(parent):
        if key.ondelete == "CASCADE":
            wanted = {column.name for column in key.columns}
            indexes = [*table.indexes, table.primary_key]
            leading = [list(index.columns)[0].name for index in indexes]
            whole = [{column.name for column in index.columns} for index in indexes]
            assert wanted in whole or (wanted - {"commune_id"}) & {*leading}, f"{table.name}: {sorted(wanted)}"


def plan_of(session: Session, told: Told) -> str:
    """How the database means to answer a statement, were its tables large."""
    said, parameters = told
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    cursor: Any = session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{said}", parameters)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


def scanned(plan: str) -> set[str]:
    """The growing tables of which a plan reads every row."""
    words = [line.strip("-> ").split() for line in plan.splitlines()]
    whole = {line[1] for line in words if line[0] == "SCAN" and "INDEX" not in line}
    return GROWING & (whole | {line[3] for line in words if line[:3] == ["Seq", "Scan", "on"]})


def statements(database: Database) -> list[Told]:
    """What is told on a day when nothing is over, when a time is given back, and by whoever looks for what is due."""
    commune_id = database.write(a_commune).id
    with told_to(database.engine) as told:
        for forget in KINDS.values():
            in_unit(database.engine, forget, now=EARLY)
        in_unit(database.engine, release, commune_id=commune_id, hold_key="x")
        in_unit(database.engine, pass_on, terms=USUAL_TERMS, now=EARLY)
        in_unit(database.engine, lease_next, now=EARLY)
        in_unit(database.engine, seconds_late, now=EARLY)
    return [one for one in told if one[0] != COMMIT]


def test_a_day_on_which_nothing_is_over_costs_next_to_nothing(database: Database) -> None:
    asked = statements(database)
    assert len(asked) > len(KINDS)

    with Session(database.engine) as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        plans = {one[0]: plan_of(session, one) for one in asked}
    for said, plan in plans.items():
        assert scanned(plan) == set(), f"{said}\n{plan}"
    if database.engine.dialect.name == "sqlite":  # of an empty table PostgreSQL may think that any index will do
        assert [name for name in MADE_FOR_IT if not any(name in plan for plan in plans.values())] == []


def test_whoever_calls_is_found_by_an_index_alone(database: Database) -> None:
    commune_id = database.write(a_commune).id
    wanted = {"commune_id": commune_id, "office_ids": [1], "today": MONDAY, "now": EARLY}
    with told_to(database.engine) as told:
        in_unit(database.engine, find, text="ana peeters", **wanted)
        in_unit(database.engine, find, text="0470123456", phone="+32470123456", **wanted)
        in_unit(database.engine, near, text="ana peters", **wanted)
    asked = [one for one in told if one[0] != COMMIT]

    with Session(database.engine) as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        plans = [plan_of(session, one) for one in asked]
    assert [plan for plan in plans if scanned(plan)] == []
    # Of an empty table PostgreSQL may think that any index will do for the names.
    by_name = ("ix_appointment_by_name",) if database.engine.dialect.name == "sqlite" else ()
    made_for_it = (*by_name, "ix_appointment_by_phone", "ix_appointment_by_helper_phone")
    assert [name for name in made_for_it if not any(name in plan for plan in plans)] == []


def test_this_test_would_see_a_table_that_is_read_as_a_whole(database: Database) -> None:
    with Session(database.engine) as session:
        assert scanned(plan_of(session, ("SELECT count(version) FROM appointment", ()))) == {"appointment"}
