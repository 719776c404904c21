"""The outbox of messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "confirmation",
                "cancellation",
                "cancelled-by-us",
                "password-reset",
                name="kind_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "leased",
                "sent",
                "refused",
                "dropped",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'leased') = (lease is not null)", name=op.f("ck_message_lease_exactly_when_leased")
        ),
        sa.CheckConstraint(
            "(appointment_id is null) <> (person_id is null)", name=op.f("ck_message_exactly_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_message_commune_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "appointment_id", "kind", "version", "copy", name=op.f("uq_message_appointment_id_kind_version_copy")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_message_appointment_id"), "message", ["appointment_id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'leased')"),
        sqlite_where=sa.text("state in ('queued', 'leased')"),
    )
    op.create_index(op.f("ix_message_person_id"), "message", ["person_id"], unique=False)
    op.create_index(
        "ix_message_refused",
        "message",
        ["appointment_id"],
        unique=False,
        postgresql_where=sa.text("state = 'refused'"),
        sqlite_where=sa.text("state = 'refused'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_message_refused",
        table_name="message",
        postgresql_where=sa.text("state = 'refused'"),
        sqlite_where=sa.text("state = 'refused'"),
    )
    op.drop_index(op.f("ix_message_person_id"), table_name="message")
    op.drop_index(
        "ix_message_due",
        table_name="message",
        postgresql_where=sa.text("state in ('queued', 'leased')"),
        sqlite_where=sa.text("state in ('queued', 'leased')"),
    )
    op.drop_index(op.f("ix_message_appointment_id"), table_name="message")
    op.drop_table("message")
