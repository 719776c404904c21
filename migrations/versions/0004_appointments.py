"""Appointments, the claims that make them unique, the seats that limit them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "booked",
                "cancelled",
                "fulfilled",
                "missed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("wall_time", sa.Time(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "online", "phone", "desk", name="channel_is_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "hold_kind",
            sa.Enum(
                "public",
                "offer",
                "rebooking",
                name="hold_kind_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("hold_key", sa.String(length=32), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=8), nullable=True),
        sa.Column("uid", sa.String(length=120), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("name_search", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("contact_key", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("help_language", sa.String(length=2), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("kept_outside_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'held') = (held_until is not null)", name=op.f("ck_appointment_held_until_exactly_when_held")
        ),
        sa.CheckConstraint(
            "language is null or language in ('fr', 'nl')", name=op.f("ck_appointment_language_is_official")
        ),
        sa.CheckConstraint(
            "state = 'held' or (reference is not null and language is not null and booked_at is not null)",
            name=op.f("ck_appointment_known_once_booked"),
        ),
        sa.CheckConstraint('start < "end"', name=op.f("ck_appointment_start_before_end")),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"],
            ["office.commune_id", "office.id"],
            name="fk_own_office_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "replaces_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_replaces_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_appointment_commune_id_id")),
        sa.UniqueConstraint("hold_key", name=op.f("uq_appointment_hold_key")),
        sa.UniqueConstraint("nonce", name=op.f("uq_appointment_nonce")),
        sa.UniqueConstraint("reference", name=op.f("uq_appointment_reference")),
        sa.UniqueConstraint("uid", name=op.f("uq_appointment_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointment_by_day", "appointment", ["commune_id", "office_id", "local_date"], unique=False)
    op.create_index("ix_appointment_by_state", "appointment", ["office_id", "state", "local_date"], unique=False)
    op.create_index(
        "ix_appointment_by_time",
        "appointment",
        ["office_id", "end", "start", "counter_id", "state", "held_until"],
        unique=False,
    )
    op.create_index(op.f("ix_appointment_counter_id"), "appointment", ["counter_id"], unique=False)
    op.create_index(
        "ix_appointment_held",
        "appointment",
        ["held_until"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.create_index(op.f("ix_appointment_name_search"), "appointment", ["name_search"], unique=False)
    op.create_table(
        "appointment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons >= 1", name=op.f("ck_appointment_line_persons_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_line")),
        sa.UniqueConstraint(
            "commune_id",
            "appointment_id",
            "position",
            name=op.f("uq_appointment_line_commune_id_appointment_id_position"),
        ),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_appointment_line_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_appointment_line_appointment_id"), "appointment_line", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_appointment_line_service_id"), "appointment_line", ["service_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("counter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tick", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(appointment_id is null) <> (block_id is null)", name=op.f("ck_claim_exactly_one_owner")),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "block_id"], ["block.commune_id", "block.id"], name="fk_own_block_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("counter_id", "tick", name=op.f("pk_claim")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_appointment_id"), "claim", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_claim_block_id"), "claim", ["block_id"], unique=False)
    op.create_table(
        "seat",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("n >= 1", name=op.f("ck_seat_n_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "key", "period", "n", name=op.f("pk_seat")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_seat_appointment_id"), "seat", ["appointment_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_seat_appointment_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_index(op.f("ix_claim_block_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_appointment_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_appointment_line_service_id"), table_name="appointment_line")
    op.drop_index(op.f("ix_appointment_line_appointment_id"), table_name="appointment_line")
    op.drop_table("appointment_line")
    op.drop_index(op.f("ix_appointment_name_search"), table_name="appointment")
    op.drop_index(
        "ix_appointment_held",
        table_name="appointment",
        postgresql_where=sa.text("state = 'held'"),
        sqlite_where=sa.text("state = 'held'"),
    )
    op.drop_index(op.f("ix_appointment_counter_id"), table_name="appointment")
    op.drop_index("ix_appointment_by_time", table_name="appointment")
    op.drop_index("ix_appointment_by_state", table_name="appointment")
    op.drop_index("ix_appointment_by_day", table_name="appointment")
    op.drop_table("appointment")
