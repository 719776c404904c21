"""The list of those who want an earlier time, and what was offered to them."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0014"
down_revision = "0013"

IS_LIVE = sa.text("state = 'live'")
KEY_IS_KNOWN = sa.text("contact_key is not null")
IS_OPEN = sa.text("state = 'open'")

# Batches on SQLite build a table anew: an id must never return there either.
AUTOINCREMENT = {"sqlite_autoincrement": True}

OF_THE_LIST = ("list-proof", "list-offer")
TWO_SUBJECTS = "(appointment_id is null) <> (person_id is null)"
SUBJECTS = " + ".join(
    f"(case when {subject} is null then 0 else 1 end)"
    for subject in ("appointment_id", "person_id", "waiting_entry_id")
)


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
    with op.batch_alter_table("service", table_kwargs=AUTOINCREMENT) as service:
        service.add_column(sa.Column("earlier_list", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("service", table_kwargs=AUTOINCREMENT) as service:
        service.alter_column("earlier_list", server_default=None)
    op.create_table(
        "freed_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=False),
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
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_time")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_freed_time_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_freed_time_by_service", "freed_time", ["commune_id", "service_id", "freed_at"], unique=False)
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unproved",
                "live",
                "done",
                "withdrawn",
                "lapsed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("otherwise_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("contact_key", sa.String(length=32), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("help_language", sa.String(length=2), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state in ('unproved', 'live')) = (ended_at is null)",
            name=op.f("ck_waiting_entry_ended_exactly_when_over"),
        ),
        sa.CheckConstraint("language in ('fr', 'nl')", name=op.f("ck_waiting_entry_language_is_official")),
        sa.CheckConstraint("state <> 'live' or proved_at is not null", name=op.f("ck_waiting_entry_proved_once_live")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_waiting_entry_first_day_before_last")),
        sa.CheckConstraint(
            "weekdays between 1 and 127 and parts between 1 and 15", name=op.f("ck_waiting_entry_something_is_wished")
        ),
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
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_waiting_entry_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_waiting_entry_commune_id_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_waiting_entry_nonce")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_waiting_entry_appointment_id"), "waiting_entry", ["appointment_id"], unique=False)
    op.create_index(
        "ix_waiting_entry_live",
        "waiting_entry",
        ["commune_id", "proved_at"],
        unique=False,
        postgresql_where=IS_LIVE,
        sqlite_where=IS_LIVE,
    )
    op.create_index(
        "ix_waiting_entry_of_appointment",
        "waiting_entry",
        ["appointment_id"],
        unique=True,
        postgresql_where=IS_LIVE,
        sqlite_where=IS_LIVE,
    )
    op.create_index(
        "ix_waiting_entry_of_contact",
        "waiting_entry",
        ["commune_id", "contact_key", "service_id"],
        unique=True,
        postgresql_where=IS_LIVE,
        sqlite_where=IS_LIVE,
    )
    op.create_index(op.f("ix_waiting_entry_service_id"), "waiting_entry", ["service_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("freed_time_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "taken",
                "declined",
                "lapsed",
                name="state_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("hold_key", sa.String(length=32), nullable=False),
        sa.Column("contact_key", sa.String(length=32), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gained_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (settled_at is null)", name=op.f("ck_offer_settled_exactly_when_over")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_offer_n_in_bounds")),
        sa.CheckConstraint("told_at < until", name=op.f("ck_offer_told_before_until")),
        sa.ForeignKeyConstraint(
            ["commune_id", "entry_id"],
            ["waiting_entry.commune_id", "waiting_entry.id"],
            name="fk_own_entry_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "freed_time_id"],
            ["freed_time.commune_id", "freed_time.id"],
            name="fk_own_freed_time_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint(
            "commune_id", "contact_key", "day", "n", name=op.f("uq_offer_commune_id_contact_key_day_n")
        ),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_offer_commune_id_id")),
        sa.UniqueConstraint("freed_time_id", "entry_id", name=op.f("uq_offer_freed_time_id_entry_id")),
        sa.UniqueConstraint("hold_key", name=op.f("uq_offer_hold_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_offer_by_service", "offer", ["commune_id", "service_id", "settled_at"], unique=False)
    op.create_index(
        "ix_offer_known_contact",
        "offer",
        ["day"],
        unique=False,
        postgresql_where=KEY_IS_KNOWN,
        sqlite_where=KEY_IS_KNOWN,
    )
    op.create_index("ix_offer_due", "offer", ["until"], unique=False, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)
    op.create_index(op.f("ix_offer_entry_id"), "offer", ["entry_id"], unique=False)
    op.create_index("ix_offer_open", "offer", ["entry_id"], unique=True, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)
    op.create_table(
        "waiting_line",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("added_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "procedure",
            sa.Enum(
                "normal",
                "urgent",
                name="procedure_is_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("checklist_version", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.CheckConstraint("persons >= 1 and added_minutes >= 0", name=op.f("ck_waiting_line_persons_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "entry_id"],
            ["waiting_entry.commune_id", "waiting_entry.id"],
            name="fk_own_entry_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_waiting_line")),
    )
    op.create_index(op.f("ix_waiting_line_service_id"), "waiting_line", ["service_id"], unique=False)
    op.create_table(
        "waiting_office",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "entry_id"],
            ["waiting_entry.commune_id", "waiting_entry.id"],
            name="fk_own_entry_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"],
            ["office.commune_id", "office.id"],
            name="fk_own_office_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("entry_id", "office_id", name=op.f("pk_waiting_office")),
    )
    op.create_index(op.f("ix_waiting_office_office_id"), "waiting_office", ["office_id"], unique=False)
    kinds = [*kinds_now(), *OF_THE_LIST]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        message.add_column(sa.Column("waiting_entry_id", sa.Integer(), nullable=True))
        let_be(message, kinds)
        message.drop_constraint(op.f("ck_message_exactly_one_subject"), type_="check")
        message.create_check_constraint(op.f("ck_message_exactly_one_subject"), f"{SUBJECTS} = 1")
        message.create_unique_constraint(
            op.f("uq_message_waiting_entry_id_kind_version_copy"), ["waiting_entry_id", "kind", "version", "copy"]
        )
        message.create_foreign_key(
            "fk_own_waiting_entry_id",
            "waiting_entry",
            ["commune_id", "waiting_entry_id"],
            ["commune_id", "id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE waiting_entry_id IS NOT NULL")
    kinds = [kind for kind in kinds_now() if kind not in OF_THE_LIST]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        message.drop_constraint("fk_own_waiting_entry_id", type_="foreignkey")
        message.drop_constraint(op.f("uq_message_waiting_entry_id_kind_version_copy"), type_="unique")
        message.drop_constraint(op.f("ck_message_exactly_one_subject"), type_="check")
        let_be(message, kinds)
        message.create_check_constraint(op.f("ck_message_exactly_one_subject"), TWO_SUBJECTS)
        message.drop_column("waiting_entry_id")
    for table in ("waiting_office", "waiting_line", "offer", "waiting_entry", "freed_time"):
        op.drop_table(table)
    with op.batch_alter_table("service", table_kwargs=AUTOINCREMENT) as service:
        service.drop_column("earlier_list")
