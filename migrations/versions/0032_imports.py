"""Files that are brought along: visits of another system, with the lines that were refused, and configurations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

STATES = ("open", "booking", "done")
REASONS = (
    "no_day",
    "no_time",
    "off_grid",
    "past",
    "no_name",
    "national_number",
    "no_service",
    "not_bookable",
    "no_office",
    "no_counter",
    "bad_email",
    "bad_phone",
    "bad_persons",
    "bad_minutes",
    "too_many_persons",
    "closed",
    "taken",
    "twice",
)


def known(words: tuple[str, ...], column: str) -> sa.Enum:
    return sa.Enum(*words, name=f"{column}_is_known", native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "visit_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", known(STATES, "state"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("confirms", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("done_to", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_visit_import_commune_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_visit_import_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"],
            ["office.commune_id", "office.id"],
            name="fk_own_office_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_import")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_visit_import_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_visit_import_person_id"), "visit_import", ["person_id"], unique=False)
    op.create_index(op.f("ix_visit_import_created_at"), "visit_import", ["created_at"], unique=False)
    op.create_table(
        "refused_line",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("why", known(REASONS, "why"), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "import_id"],
            ["visit_import.commune_id", "visit_import.id"],
            name="fk_own_import_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_refused_line")),
    )
    op.create_table(
        "configuration_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_configuration_file_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_configuration_file_person_id"), "configuration_file", ["person_id"], unique=False)
    op.create_index(op.f("ix_configuration_file_created_at"), "configuration_file", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("configuration_file")
    op.drop_table("refused_line")
    op.drop_table("visit_import")
