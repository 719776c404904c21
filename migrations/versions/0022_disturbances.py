"""Visits that a system that is down disturbs, what is said about it, and whom two colleagues receive."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0022"
down_revision = "0021"

PAUSED = "paused"
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
    op.add_column("appointment", sa.Column("disturbed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "caution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("set_at < expires_at", name=op.f("ck_caution_set_before_expires")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_caution_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caution")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_caution_commune_id_id")),
        sa.UniqueConstraint("commune_id", "person_key", name=op.f("uq_caution_commune_id_person_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_caution_expires_at"), "caution", ["expires_at"])
    kinds = [*kinds_now(), PAUSED]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind = '{PAUSED}'")  # noqa: S608
    kinds = [kind for kind in kinds_now() if kind != PAUSED]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)
    op.drop_table("caution")
    with op.batch_alter_table("appointment", table_kwargs=AUTOINCREMENT) as appointment:
        appointment.drop_column("disturbed_at")
