"""Opening sessions, closures and blocks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("wall_start", sa.Time(), nullable=True),
        sa.Column("wall_end", sa.Time(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_closure_first_before_last")),
        sa.CheckConstraint(
            "wall_start is null or wall_end is null or wall_start < wall_end", name=op.f("ck_closure_start_before_end")
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_closure_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_closure_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "opening_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("wall_start", sa.Time(), nullable=False),
        sa.Column("wall_end", sa.Time(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("nth_of_month", sa.Integer(), nullable=True),
        sa.Column("season_first", sa.Integer(), nullable=True),
        sa.Column("season_last", sa.Integer(), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "appointment",
                "walk_in",
                "both",
                name="mode_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("last_entry", sa.Time(), nullable=True),
        sa.CheckConstraint(
            "(season_first is null) = (season_last is null)", name=op.f("ck_opening_session_season_has_two_ends")
        ),
        sa.CheckConstraint(
            "every_weeks >= 1 and (every_weeks = 1 or anchor is not null)",
            name=op.f("ck_opening_session_anchor_when_counted"),
        ),
        sa.CheckConstraint(
            "nth_of_month is null or nth_of_month in (-1, 1, 2, 3, 4, 5)", name=op.f("ck_opening_session_nth_in_bounds")
        ),
        sa.CheckConstraint(
            "valid_until is null or valid_from <= valid_until", name=op.f("ck_opening_session_valid_from_before_until")
        ),
        sa.CheckConstraint("wall_start < wall_end", name=op.f("ck_opening_session_start_before_end")),
        sa.CheckConstraint("weekdays between 1 and 127", name=op.f("ck_opening_session_weekdays_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_session")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_opening_session_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "break", "absence", "kept", name="reason_is_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.CheckConstraint('start < "end"', name=op.f("ck_block_start_before_end")),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("commune_id", "counter_id", "start", name=op.f("uq_block_commune_id_counter_id_start")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_block_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "closure_counter",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "closure_id"],
            ["closure.commune_id", "closure.id"],
            name="fk_own_closure_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("closure_id", "counter_id", name=op.f("pk_closure_counter")),
    )
    op.create_index(op.f("ix_closure_counter_counter_id"), "closure_counter", ["counter_id"], unique=False)
    op.create_table(
        "opening_counter",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "session_id"],
            ["opening_session.commune_id", "opening_session.id"],
            name="fk_own_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "counter_id", name=op.f("pk_opening_counter")),
    )
    op.create_index(op.f("ix_opening_counter_counter_id"), "opening_counter", ["counter_id"], unique=False)
    op.create_table(
        "opening_service",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "session_id"],
            ["opening_session.commune_id", "opening_session.id"],
            name="fk_own_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "service_id", name=op.f("pk_opening_service")),
    )
    op.create_index(op.f("ix_opening_service_service_id"), "opening_service", ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_opening_service_service_id"), table_name="opening_service")
    op.drop_table("opening_service")
    op.drop_index(op.f("ix_opening_counter_counter_id"), table_name="opening_counter")
    op.drop_table("opening_counter")
    op.drop_index(op.f("ix_closure_counter_counter_id"), table_name="closure_counter")
    op.drop_table("closure_counter")
    op.drop_table("block")
    op.drop_table("opening_session")
    op.drop_table("closure")
