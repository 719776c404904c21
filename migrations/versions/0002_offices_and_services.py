"""Offices with their counters, and the services they serve."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("zone_key", sa.String(length=60), nullable=False),
        sa.Column("start_step", sa.Integer(), nullable=False),
        sa.Column("schedule_version", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("start_step > 0 and start_step % 5 = 0", name=op.f("ck_office_start_step_on_grid")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_office_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("commune_id", "code", name=op.f("uq_office_commune_id_code")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_office_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "service_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("icon", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_service_group_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_group")),
        sa.UniqueConstraint("commune_id", "code", name=op.f("uq_service_group_commune_id_code")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_service_group_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("normal", "extra", name="kind_is_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_counter_commune_id_id")),
        sa.UniqueConstraint("commune_id", "office_id", "label", name=op.f("uq_counter_commune_id_office_id_label")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "appointment",
                "both",
                "walk_in",
                "online",
                "elsewhere",
                name="mode_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("who_comes", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("by_phone", sa.Text(), nullable=False),
        sa.Column("by_post", sa.Text(), nullable=False),
        sa.Column("minutes_first", sa.Integer(), nullable=False),
        sa.Column("minutes_extra", sa.Integer(), nullable=False),
        sa.Column("max_persons", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_notice_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("horizon_days between 1 and 365", name=op.f("ck_service_horizon_in_bounds")),
        sa.CheckConstraint("max_persons >= 1", name=op.f("ck_service_max_persons_in_bounds")),
        sa.CheckConstraint("minutes_first > 0 and minutes_extra >= 0", name=op.f("ck_service_minutes_in_bounds")),
        sa.CheckConstraint(
            "notice_minutes >= 0 and cancel_notice_minutes >= 0", name=op.f("ck_service_notice_in_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "group_id"],
            ["service_group.commune_id", "service_group.id"],
            name="fk_own_group_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_service_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("commune_id", "code", name=op.f("uq_service_commune_id_code")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_service_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counter_service",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("counter_id", "service_id", name=op.f("pk_counter_service")),
    )
    op.create_index(op.f("ix_counter_service_service_id"), "counter_service", ["service_id"], unique=False)
    op.create_table(
        "service_fee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_service_fee_cents_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_fee")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_service_fee_commune_id_id")),
        sa.UniqueConstraint(
            "commune_id", "service_id", "valid_from", name=op.f("uq_service_fee_commune_id_service_id_valid_from")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "service_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_paper")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_service_paper_commune_id_id")),
        sa.UniqueConstraint(
            "commune_id", "service_id", "position", name=op.f("uq_service_paper_commune_id_service_id_position")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("service_paper")
    op.drop_table("service_fee")
    op.drop_index(op.f("ix_counter_service_service_id"), table_name="counter_service")
    op.drop_table("counter_service")
    op.drop_table("service")
    op.drop_table("counter")
    op.drop_table("service_group")
    op.drop_table("office")
