"""What was said of a visit without a connection, and waits for a decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

MARKS = ("arrived", "done", "did_not_come", "back")


def upgrade() -> None:
    op.create_table(
        "late_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "mark",
            sa.Enum(*MARKS, name="mark_is_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_late_mark_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_mark")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_late_mark_commune_id_id")),
        sqlite_autoincrement=True,
    )
    once = ["appointment_id", "person_id", "seen_version", "mark"]
    op.create_index("ix_late_mark_once", "late_mark", once, unique=True)
    op.create_index(op.f("ix_late_mark_person_id"), "late_mark", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("late_mark")
