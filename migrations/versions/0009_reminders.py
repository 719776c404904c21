"""Reminders: when a service sends them, what they remind of, and who has said that they are coming."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

REMINDERS = ("reminder-1", "reminder-2", "reminder-3")
KINDS = ("confirmation", "cancellation", "cancelled-by-us", "password-reset")
KINDS_WITH_REMINDERS = (*KINDS[:-1], *REMINDERS, KINDS[-1])
BY_PHONE = ("to-ring", "rung")
STATES = ("queued", "leased", "sent", "refused", "dropped")

OF_START = f"(kind in {REMINDERS}) = (of_start is not null)"
OF_START_CHECK = "ck_message_start_exactly_for_reminders"
REFUSED, TO_SETTLE = "state = 'refused'", "state in ('refused', 'to-ring')"

# On SQLite a table is made anew from its own words, in which these stand for those.
NEW_WORDS = {
    "service": {
        "is_sensitive BOOLEAN NOT NULL": (
            "is_sensitive BOOLEAN NOT NULL, reminder_hours VARCHAR(20) NOT NULL, asks_coming BOOLEAN NOT NULL"
        )
    },
    "message": {
        "copy INTEGER NOT NULL": "copy INTEGER NOT NULL, of_start INTEGER",
        "CONSTRAINT ck_message_exactly_one_subject": (
            f"CONSTRAINT {OF_START_CHECK} CHECK ({OF_START}), CONSTRAINT ck_message_exactly_one_subject"
        ),
        f"kind IN {KINDS}": f"kind IN {KINDS_WITH_REMINDERS}",
        f"state IN {STATES}": f"state IN {STATES + BY_PHONE}",
    },
}


def upgrade() -> None:
    op.add_column("appointment", sa.Column("coming_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        rebuild("service", NEW_WORDS["service"], {"reminder_hours": "'168,24'", "asks_coming": "0"})
        rebuild("message", NEW_WORDS["message"], {})
    else:
        op.add_column("service", sa.Column("reminder_hours", sa.String(20), nullable=True))
        op.add_column("service", sa.Column("asks_coming", sa.Boolean(), nullable=True))
        op.execute("UPDATE service SET reminder_hours = '168,24', asks_coming = false")
        op.alter_column("service", "reminder_hours", nullable=False)
        op.alter_column("service", "asks_coming", nullable=False)
        op.add_column("message", sa.Column("of_start", sa.Integer(), nullable=True))
        let_be("kind", KINDS_WITH_REMINDERS)
        let_be("state", STATES + BY_PHONE)
        op.create_check_constraint(op.f(OF_START_CHECK), "message", OF_START)
    index_what_is_to_settle(TO_SETTLE)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind IN {REMINDERS}")  # noqa: S608
    op.execute(f"UPDATE message SET state = 'dropped' WHERE state IN {BY_PHONE}")  # noqa: S608
    if op.get_bind().dialect.name == "sqlite":
        for table in NEW_WORDS:
            rebuild(table, {new: old for old, new in NEW_WORDS[table].items()}, {})
    else:
        op.drop_constraint(op.f(OF_START_CHECK), "message", type_="check")
        let_be("state", STATES)
        let_be("kind", KINDS)
        op.drop_column("message", "of_start")
        op.drop_column("service", "asks_coming")
        op.drop_column("service", "reminder_hours")
    index_what_is_to_settle(REFUSED)
    op.drop_column("appointment", "coming_at")


def let_be(column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_message_{column}_is_known")
    op.drop_constraint(name, "message", type_="check")
    op.create_check_constraint(name, "message", f"{column} IN {values}")


def index_what_is_to_settle(condition: str) -> None:
    op.drop_index("ix_message_refused", table_name="message")
    where = sa.text(condition)
    op.create_index("ix_message_refused", "message", ["appointment_id"], postgresql_where=where, sqlite_where=where)


def rebuild(table: str, words: Mapping[str, str], filled: Mapping[str, str]) -> None:
    """Make a table of SQLite anew with other words in its definition, and move its rows; ``filled`` are new columns."""
    database = op.get_bind()
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    (definition,) = database.exec_driver_sql(made, (table, "table")).scalars()
    indexes = database.exec_driver_sql(made, (table, "index")).scalars().all()
    last = database.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    for old, new in words.items():
        if old not in definition:
            raise RuntimeError(f"the table {table} is not as it was left: {old}")
        definition = definition.replace(old, new)
    anew = f"{table}_anew"
    before = columns_of(table)
    database.exec_driver_sql(re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {anew}", definition, count=1))
    kept = [name for name in before if name in columns_of(anew)]
    into, out_of = ", ".join([*kept, *filled]), ", ".join([*kept, *filled.values()])
    database.exec_driver_sql(f"INSERT INTO {anew} ({into}) SELECT {out_of} FROM {table}")  # noqa: S608
    database.exec_driver_sql(f"DROP TABLE {table}")
    database.exec_driver_sql(f"ALTER TABLE {anew} RENAME TO {table}")
    # An id that was given once never comes back.
    database.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq < ?", (last, table, last))
    for index in indexes:
        database.exec_driver_sql(index)


def columns_of(table: str) -> list[str]:
    return [row.name for row in op.get_bind().exec_driver_sql(f"PRAGMA table_info({table})")]
