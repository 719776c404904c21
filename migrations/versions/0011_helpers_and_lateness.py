"""Who books for somebody else, what is needed, who says they will be late; what a commune says about data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COUNTED = {"sqlite_autoincrement": True}
KNOWN_BEFORE = sa.text("email is not null or phone is not null or contact_key is not null")
KNOWN = sa.text(
    "email is not null or phone is not null or contact_key is not null or helper_name is not null or needs is not null"
)
KNOWN_CONTACT = "ix_appointment_known_contact"
OF_A_MESSAGE = ["appointment_id", "kind", "version", "copy"]

OF_APPOINTMENT = (
    ("late_minutes", sa.Integer()),
    ("late_said_at", sa.DateTime(timezone=True)),
    ("name_corrected_at", sa.DateTime(timezone=True)),
    ("helper_name", sa.String(length=100)),
    ("helper_email", sa.String(length=254)),
    ("helper_phone", sa.String(length=20)),
    ("needs", sa.String(length=100)),
)
# Not null from now on: the column, its type, what the rows there are say.
OF_OFFICE = (("grace_minutes", sa.Integer(), "15"), ("late_rule", sa.Text(), "'{}'"))
OF_COMMUNE = (
    ("need_minutes", sa.Text(), "'{}'"),
    ("privacy_text", sa.Text(), "'{}'"),
    ("legal_text", sa.Text(), "'{}'"),
)
OF_SERVICE = (("asks_names", sa.Boolean(), "false"),)
OF_MESSAGE = (("recipient", sa.String(length=20), "'person'"),)


def upgrade() -> None:
    op.drop_index(KNOWN_CONTACT, table_name="appointment")
    with op.batch_alter_table("appointment", table_kwargs=COUNTED) as appointment:
        for name, kind in OF_APPOINTMENT:
            appointment.add_column(sa.Column(name, kind, nullable=True))
        appointment.create_check_constraint(
            op.f("ck_appointment_late_minutes_in_bounds"), "late_minutes is null or late_minutes between 5 and 60"
        )
    op.add_column("appointment_line", sa.Column("names", sa.String(length=400), nullable=True))
    index_known_contact(KNOWN)
    op.create_table(
        "trusted_helper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("contact_key", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(email is null) <> (phone is null)", name=op.f("ck_trusted_helper_exactly_one_contact")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_trusted_helper_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_helper")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_trusted_helper_commune_id_id")),
        sa.UniqueConstraint("commune_id", "contact_key", name=op.f("uq_trusted_helper_commune_id_contact_key")),
        sqlite_autoincrement=True,
    )
    for table, columns in (
        ("office", OF_OFFICE),
        ("commune", OF_COMMUNE),
        ("message", OF_MESSAGE),
        ("service", OF_SERVICE),
    ):
        add_filled(table, columns)
    op.add_column("commune", sa.Column("data_officer", sa.String(length=254), nullable=True))
    with op.batch_alter_table("office", table_kwargs=COUNTED) as office:
        office.create_check_constraint(op.f("ck_office_grace_minutes_in_bounds"), "grace_minutes between 0 and 60")
    with op.batch_alter_table("message", table_kwargs=COUNTED) as message:
        message.create_check_constraint("recipient_is_known", "recipient IN ('person', 'helper')")
        message.drop_constraint("uq_message_appointment_id_kind_version_copy", type_="unique")
        message.create_unique_constraint(
            op.f("uq_message_appointment_id_kind_version_copy_recipient"), [*OF_A_MESSAGE, "recipient"]
        )


def add_filled(table: str, columns: tuple[tuple[str, sa.types.TypeEngine[object], str], ...]) -> None:
    for name, kind, _ in columns:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    filled = ", ".join(f"{name} = {value}" for name, _, value in columns)
    op.execute(f"UPDATE {table} SET {filled}")  # noqa: S608
    with op.batch_alter_table(table, table_kwargs=COUNTED) as batch:
        for name, kind, _ in columns:
            batch.alter_column(name, existing_type=kind, nullable=False)


def index_known_contact(where: sa.TextClause) -> None:
    columns = ["commune_id", "local_date"]
    op.create_index(KNOWN_CONTACT, "appointment", columns, unique=False, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    # A letter to a helper has no place below this.
    op.execute("DELETE FROM message WHERE recipient = 'helper'")
    with op.batch_alter_table("message", table_kwargs=COUNTED) as message:
        message.drop_constraint(op.f("uq_message_appointment_id_kind_version_copy_recipient"), type_="unique")
        message.create_unique_constraint(op.f("uq_message_appointment_id_kind_version_copy"), OF_A_MESSAGE)
        message.drop_constraint("recipient_is_known", type_="check")
        message.drop_column("recipient")
    with op.batch_alter_table("service", table_kwargs=COUNTED) as service:
        service.drop_column("asks_names")
    op.drop_column("appointment_line", "names")
    with op.batch_alter_table("commune", table_kwargs=COUNTED) as commune:
        commune.drop_column("data_officer")
        for name, _, _ in OF_COMMUNE:
            commune.drop_column(name)
    with op.batch_alter_table("office", table_kwargs=COUNTED) as office:
        office.drop_constraint(op.f("ck_office_grace_minutes_in_bounds"), type_="check")
        for name, _, _ in OF_OFFICE:
            office.drop_column(name)
    op.drop_table("trusted_helper")
    op.drop_index(KNOWN_CONTACT, table_name="appointment")
    with op.batch_alter_table("appointment", table_kwargs=COUNTED) as appointment:
        appointment.drop_constraint(op.f("ck_appointment_late_minutes_in_bounds"), type_="check")
        for name, _ in OF_APPOINTMENT:
            appointment.drop_column(name)
    index_known_contact(KNOWN_BEFORE)
