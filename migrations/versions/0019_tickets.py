"""The day at the counters: tickets and their steps, who sits where, and what is down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "ticket_number",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n between 0 and 999", name=op.f("ck_ticket_number_n_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("office_id", "local_date", "letter", name=op.f("pk_ticket_number")),
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("help_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closed_at is null or opened_at <= closed_at", name=op.f("ck_desk_opened_before_closed")),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_desk_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_desk_open_counter",
        "desk",
        ["counter_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
        sqlite_where=sa.text("closed_at is null"),
    )
    op.create_index(
        "ix_desk_open_person",
        "desk",
        ["commune_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
        sqlite_where=sa.text("closed_at is null"),
    )
    op.create_index(op.f("ix_desk_person_id"), "desk", ["person_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until is null or since < until", name=op.f("ck_pause_since_before_until")),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"], ["office.commune_id", "office.id"], name="fk_own_office_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_pause_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_pause_on",
        "pause",
        ["office_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("until is null"),
        sqlite_where=sa.text("until is null"),
    )
    op.create_index(op.f("ix_pause_service_id"), "pause", ["service_id"], unique=False)

    op.create_table(
        "walk_in_count",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "session_id"],
            ["opening_session.commune_id", "opening_session.id"],
            name="fk_own_session_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "local_date", name=op.f("pk_walk_in_count")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "called",
                "serving",
                "aside",
                "done",
                "incomplete",
                "absent",
                "left",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("leads_from", sa.BigInteger(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "reception",
                "kiosk",
                "phone",
                "paper",
                name="origin_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("for_counter_id", sa.Integer(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("help_language", sa.String(length=2), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("needs", sa.String(length=100), nullable=True),
        sa.Column("status_key", sa.String(length=32), nullable=False),
        sa.Column("wait_minutes", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column(
            "aside",
            sa.Enum(
                "document",
                "photo",
                "payment",
                name="aside_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_step",
            sa.Enum(
                "issue",
                "call",
                "call_again",
                "begin",
                "set_aside",
                "resume",
                "hand_over",
                "back",
                "change_service",
                "priority",
                "absent",
                "leave",
                "done",
                "incomplete",
                "reopen",
                "undo",
                name="last_step_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("last_step_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "undo_state",
            sa.Enum(
                "waiting",
                "called",
                "serving",
                "aside",
                "done",
                "incomplete",
                "absent",
                "left",
                name="undo_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("undo_counter_id", sa.Integer(), nullable=True),
        sa.Column("return_until", sa.Date(), nullable=True),
        sa.Column("returns_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state in ('done', 'incomplete', 'absent', 'left')) = (ended_at is not null)",
            name=op.f("ck_ticket_ended_when_over"),
        ),
        sa.CheckConstraint("language is null or language in ('fr', 'nl')", name=op.f("ck_ticket_language_is_official")),
        sa.CheckConstraint(
            "state not in ('called', 'serving') or counter_id is not null", name=op.f("ck_ticket_counter_when_called")
        ),
        sa.CheckConstraint("number between 1 and 999", name=op.f("ck_ticket_number_in_bounds")),
        sa.CheckConstraint("persons >= 1", name=op.f("ck_ticket_persons_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name="fk_own_appointment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "for_counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_for_counter_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"],
            ["office.commune_id", "office.id"],
            name="fk_own_office_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "returns_id"],
            ["ticket.commune_id", "ticket.id"],
            name="fk_own_returns_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "undo_counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_undo_counter_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_ticket_commune_id_id")),
        sa.UniqueConstraint(
            "office_id", "local_date", "letter", "number", name=op.f("uq_ticket_office_id_local_date_letter_number")
        ),
        sa.UniqueConstraint("returns_id", name=op.f("uq_ticket_returns_id")),
        sa.UniqueConstraint("status_key", name=op.f("uq_ticket_status_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_ticket_at_counter",
        "ticket",
        ["counter_id", "local_date"],
        unique=True,
        postgresql_where=sa.text("state in ('called', 'serving')"),
        sqlite_where=sa.text("state in ('called', 'serving')"),
    )
    op.create_index("ix_ticket_by_day", "ticket", ["office_id", "local_date", "version", "state"], unique=False)
    op.create_index(
        "ix_ticket_known_name",
        "ticket",
        ["local_date"],
        unique=False,
        postgresql_where=sa.text("name is not null or needs is not null"),
        sqlite_where=sa.text("name is not null or needs is not null"),
    )
    op.create_index(
        "ix_ticket_of_appointment",
        "ticket",
        ["appointment_id"],
        unique=True,
        postgresql_where=sa.text("appointment_id is not null"),
        sqlite_where=sa.text("appointment_id is not null"),
    )
    op.create_index(
        "ix_ticket_waits",
        "ticket",
        ["office_id", "local_date", "turn"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "ticket_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "delivered is null or delivered between 0 and 99", name=op.f("ck_ticket_line_delivered_in_bounds")
        ),
        sa.CheckConstraint("persons >= 1", name=op.f("ck_ticket_line_persons_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "ticket_id"], ["ticket.commune_id", "ticket.id"], name="fk_own_ticket_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_line")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_ticket_line_commune_id_id")),
        sa.UniqueConstraint("ticket_id", "service_id", name=op.f("uq_ticket_line_ticket_id_service_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticket_line_service_id"), "ticket_line", ["service_id"], unique=False)

    op.create_table(
        "ticket_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "issue",
                "call",
                "call_again",
                "begin",
                "set_aside",
                "resume",
                "hand_over",
                "back",
                "change_service",
                "priority",
                "absent",
                "leave",
                "done",
                "incomplete",
                "reopen",
                "undo",
                name="step_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "called",
                "serving",
                "aside",
                "done",
                "incomplete",
                "absent",
                "left",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id", "counter_id"],
            ["counter.commune_id", "counter.id"],
            name="fk_own_counter_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "ticket_id"], ["ticket.commune_id", "ticket.id"], name="fk_own_ticket_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ticket_step_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_step")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_ticket_step_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_step_of_ticket", "ticket_step", ["ticket_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("ticket_step")
    op.drop_table("ticket_line")
    op.drop_table("ticket")
    op.drop_table("walk_in_count")
    op.drop_table("pause")
    op.drop_table("desk")
    op.drop_table("ticket_number")
