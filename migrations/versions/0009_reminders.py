"""Reminders: when a service sends them, what they remind of, and who has said that they are coming."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0009"
down_revision = "0008"

REMINDERS = ("reminder-1", "reminder-2", "reminder-3")
KINDS = ("confirmation", "cancellation", "cancelled-by-us", "password-reset")
KINDS_WITH_REMINDERS = (*KINDS[:-1], *REMINDERS, KINDS[-1])
BY_PHONE = ("to-ring", "rung")
STATES = ("queued", "leased", "sent", "refused", "dropped")

OF_START = f"(kind in {REMINDERS}) = (of_start is not null)"
REFUSED, TO_SETTLE = "state = 'refused'", "state in ('refused', 'to-ring')"
KEPT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.add_column("appointment", sa.Column("coming_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("service", table_kwargs=KEPT) as service:
        service.add_column(sa.Column("reminder_hours", sa.String(20), nullable=True))
        service.add_column(sa.Column("asks_coming", sa.Boolean(), nullable=True))
    op.execute("UPDATE service SET reminder_hours = '168,24', asks_coming = false")
    with op.batch_alter_table("service", table_kwargs=KEPT) as service:
        service.alter_column("reminder_hours", existing_type=sa.String(20), nullable=False)
        service.alter_column("asks_coming", existing_type=sa.Boolean(), nullable=False)
    with op.batch_alter_table("message", table_kwargs=KEPT) as message:
        message.add_column(sa.Column("of_start", sa.Integer(), nullable=True))
        let_be(message, kind=KINDS_WITH_REMINDERS, state=STATES + BY_PHONE)
        message.create_check_constraint(op.f("ck_message_start_exactly_for_reminders"), OF_START)
    index_what_is_to_settle(TO_SETTLE)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind IN {REMINDERS}")  # noqa: S608
    op.execute(f"UPDATE message SET state = 'dropped' WHERE state IN {BY_PHONE}")  # noqa: S608
    with op.batch_alter_table("message", table_kwargs=KEPT) as message:
        message.drop_constraint(op.f("ck_message_start_exactly_for_reminders"), type_="check")
        let_be(message, kind=KINDS, state=STATES)
        message.drop_column("of_start")
    index_what_is_to_settle(REFUSED)
    with op.batch_alter_table("service", table_kwargs=KEPT) as service:
        service.drop_column("asks_coming")
        service.drop_column("reminder_hours")
    op.drop_column("appointment", "coming_at")


def let_be(message: BatchOperations, **columns: tuple[str, ...]) -> None:
    """Let columns of words have these words."""
    for column, words in columns.items():
        name = op.f(f"ck_message_{column}_is_known")
        message.drop_constraint(name, type_="check")
        message.create_check_constraint(name, f"{column} IN {words}")


def index_what_is_to_settle(condition: str) -> None:
    op.drop_index("ix_message_refused", table_name="message")
    where = sa.text(condition)
    op.create_index("ix_message_refused", "message", ["appointment_id"], postgresql_where=where, sqlite_where=where)
