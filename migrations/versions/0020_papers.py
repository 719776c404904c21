"""Day sheets kept for when nothing works, and calls that were made."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0020"
down_revision = "0019"

AUTOINCREMENT = {"sqlite_autoincrement": True}
BEFORE = ("appointment_id", "person_id", "waiting_entry_id")
OF_A_SHEET = "day-sheet"
ROLES = ("resident", "receptionist", "agent", "administrator")
STATES = ("queued", "leased", "sent", "refused", "dropped", "to-ring", "rung")


def kinds_now() -> list[str]:
    """The kinds of message that the database lets be, whichever migrations have added some."""
    (rule,) = [
        one["sqltext"]
        for one in sa.inspect(op.get_bind()).get_check_constraints("message")
        if one["name"] == "ck_message_kind_is_known"
    ]
    return re.findall(r"'([\w-]+)'", rule)


def let_be(message: BatchOperations, kinds: list[str], *subjects: str) -> None:
    """Let messages be of these kinds and about one of these subjects, and no other."""
    message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    message.create_check_constraint(op.f("ck_message_kind_is_known"), f"kind IN ({words})")
    message.drop_constraint(op.f("ck_message_exactly_one_subject"), type_="check")
    given = " + ".join(f"(case when {subject} is null then 0 else 1 end)" for subject in subjects)
    message.create_check_constraint(op.f("ck_message_exactly_one_subject"), f"{given} = 1")


def upgrade() -> None:
    op.create_table(
        "day_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_sheet")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_day_sheet_commune_id_id")),
        sa.UniqueConstraint("office_id", "day", name=op.f("uq_day_sheet_office_id_day")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_day_sheet_day"), "day_sheet", ["day"])
    op.create_table(
        "call_made",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("of_start", sa.Integer(), nullable=False),
        sa.Column(
            "state_before",
            sa.Enum(*STATES, name="state_before_is_known", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role_is_known", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_call_made_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_made")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_call_made_commune_id_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_call_made_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_call_made_appointment_id"), "call_made", ["appointment_id"])
    op.create_index(op.f("ix_call_made_at"), "call_made", ["at"])
    without = sa.text("message_id is null")
    op.create_index(
        "ix_call_made_unasked",
        "call_made",
        ["appointment_id", "of_start"],
        unique=True,
        postgresql_where=without,
        sqlite_where=without,
    )
    kinds = [*kinds_now(), OF_A_SHEET]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        message.add_column(sa.Column("day_sheet_id", sa.Integer(), nullable=True))
        let_be(message, kinds, *BEFORE, "day_sheet_id")
        message.create_unique_constraint(
            op.f("uq_message_day_sheet_id_kind_version_copy"), ["day_sheet_id", "kind", "version", "copy"]
        )
        message.create_foreign_key(
            "fk_own_day_sheet_id",
            "day_sheet",
            ["commune_id", "day_sheet_id"],
            ["commune_id", "id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    op.drop_table("call_made")
    op.execute("DELETE FROM message WHERE day_sheet_id IS NOT NULL")
    kinds = [kind for kind in kinds_now() if kind != OF_A_SHEET]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        message.drop_constraint("fk_own_day_sheet_id", type_="foreignkey")
        message.drop_constraint(op.f("uq_message_day_sheet_id_kind_version_copy"), type_="unique")
        let_be(message, kinds, *BEFORE)
        message.drop_column("day_sheet_id")
    op.drop_table("day_sheet")
