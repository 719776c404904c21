"""Cancellations that were undone count no longer as freed; the end of an offer is told; reminders follow new hours."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0015"
down_revision = "0014"

IS_OVER = "list-over"
# Batches on SQLite build a table anew: an id must never return there either.
AUTOINCREMENT = {"sqlite_autoincrement": True}


def kinds_now() -> list[str]:
    """The kinds of message that the database lets be, whichever migrations have added some."""
    (rule,) = [
        one["sqltext"]
        for one in sa.inspect(op.get_bind()).get_check_constraints("message")
        if one["name"] == "ck_message_kind_is_known"
    ]
    return re.findall(r"'([\w-]+)'", rule)


def let_be(message: BatchOperations, kinds: list[str]) -> None:
    """Let messages be of these kinds and no other."""
    message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    message.create_check_constraint(op.f("ck_message_kind_is_known"), f"kind IN ({words})")


def upgrade() -> None:
    op.add_column("freed_time", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "reminder_change",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_reminder_change")),
    )
    kinds = [*kinds_now(), IS_OVER]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind = '{IS_OVER}'")  # noqa: S608
    kinds = [kind for kind in kinds_now() if kind != IS_OVER]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)
    op.drop_table("reminder_change")
    op.drop_column("freed_time", "undone_at")
