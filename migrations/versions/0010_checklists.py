"""Checklists: questions, and what answers lead to. A plain list of papers becomes a first version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KNOWN = sa.text("answers is not null or ticked is not null")
FEES = "uq_service_fee_commune_id_service_id"
PAPERS = sa.table("service_paper", *map(sa.column, ("commune_id", "service_id", "position", "text")))
LISTS = sa.table(
    "checklist",
    *map(sa.column, ("commune_id", "service_id", "version", "content")),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def known(column: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=f"{column}_is_known", native_enum=False, create_constraint=True, length=20)


PROCEDURE = known("procedure", "normal", "urgent")


@contextmanager
def rebuilt(table: str) -> Iterator[Any]:
    """Change a table, which SQLite makes anew; it has to be told that its numbers never return."""
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch


def add_filled(table: str, *columns: tuple[sa.Column[Any], str]) -> None:
    """Columns that must not be empty, with what the rows there are get."""
    with rebuilt(table) as batch:
        for column, _ in columns:
            batch.add_column(column)
    for column, value in columns:
        op.execute(sa.table(table, sa.column(column.name)).update().values({column.name: sa.literal_column(value)}))
    with rebuilt(table) as batch:
        for column, _ in columns:
            batch.alter_column(column.name, nullable=False, existing_type=column.type)


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_checklist_version_in_bounds")),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_checklist_commune_id_id")),
        sa.UniqueConstraint(
            "commune_id", "service_id", "version", name=op.f("uq_checklist_commune_id_service_id_version")
        ),
        sqlite_autoincrement=True,
    )
    add_filled(
        "appointment_line",
        (sa.Column("procedure", PROCEDURE, nullable=True), "'normal'"),
        (sa.Column("added_minutes", sa.Integer(), nullable=True), "0"),
    )
    with rebuilt("appointment_line") as batch:
        batch.add_column(sa.Column("checklist_version", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("answers", sa.Text(), nullable=True))
        batch.add_column(sa.Column("ticked", sa.Text(), nullable=True))
    op.create_index(
        "ix_appointment_line_known_answers",
        "appointment_line",
        ["appointment_id"],
        unique=False,
        postgresql_where=KNOWN,
        sqlite_where=KNOWN,
    )
    add_filled("service_fee", (sa.Column("procedure", PROCEDURE, nullable=True), "'normal'"))
    with rebuilt("service_fee") as batch:
        batch.drop_constraint(f"{FEES}_valid_from", type_="unique")
        batch.create_unique_constraint(
            f"{FEES}_procedure_valid_from", ["commune_id", "service_id", "procedure", "valid_from"]
        )
    add_filled("service", (sa.Column("urgent_text", sa.Text(), nullable=True), "'{}'"))
    with rebuilt("service") as batch:
        batch.add_column(sa.Column("urgent_mode", known("urgent_mode", "appointment", "walk_in"), nullable=True))
    add_filled(
        "office", (sa.Column("photo_rule", known("photo_rule", "at_counter", "bring"), nullable=True), "'bring'")
    )
    make_lists()
    op.drop_table("service_paper")


def make_lists() -> None:
    """What was a list of papers is the first version of a checklist, which every visit that was made had."""
    rows = op.get_bind().execute(sa.select(PAPERS).order_by(PAPERS.c.service_id, PAPERS.c.position)).all()
    for (commune_id, service_id), papers in groupby(rows, key=lambda row: (row.commune_id, row.service_id)):
        written = [
            {"code": f"p{paper.position}", "text": json.loads(paper.text), "taken_here": {}, "when": []}
            for paper in papers
        ]
        others = ("questions", "attendance", "warnings", "urgent", "longer", "outcomes")
        content = {"papers": written, **{name: [] for name in others}}
        op.execute(
            LISTS.insert().values(
                commune_id=commune_id,
                service_id=service_id,
                version=1,
                content=json.dumps(content, ensure_ascii=False, sort_keys=True),
                created_at=sa.func.now(),
            )
        )
    op.execute(
        "UPDATE appointment_line SET checklist_version = 1 "
        "WHERE EXISTS (SELECT 1 FROM checklist WHERE checklist.service_id = appointment_line.service_id)"
    )


def downgrade() -> None:
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
    keep_papers()
    without_check("office", "photo_rule")
    with rebuilt("service") as batch:
        batch.drop_column("urgent_text")
    without_check("service", "urgent_mode")
    op.execute("DELETE FROM service_fee WHERE procedure = 'urgent'")
    with rebuilt("service_fee") as batch:
        batch.drop_constraint(f"{FEES}_procedure_valid_from", type_="unique")
        batch.create_unique_constraint(f"{FEES}_valid_from", ["commune_id", "service_id", "valid_from"])
    without_check("service_fee", "procedure")
    op.drop_index(
        "ix_appointment_line_known_answers",
        table_name="appointment_line",
        postgresql_where=KNOWN,
        sqlite_where=KNOWN,
    )
    with rebuilt("appointment_line") as batch:
        for column in ("added_minutes", "checklist_version", "answers", "ticked"):
            batch.drop_column(column)
    without_check("appointment_line", "procedure")
    op.drop_table("checklist")


def without_check(table: str, column: str) -> None:
    """Take away a column together with the check of its values."""
    with rebuilt(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{column}_is_known"), type_="check")
        batch.drop_column(column)


def keep_papers() -> None:
    """The papers of the newest version of each list, without what they depended on."""
    rows = op.get_bind().execute(sa.select(LISTS).order_by(LISTS.c.service_id, LISTS.c.version)).all()
    newest = {row.service_id: row for row in rows}
    for row in newest.values():
        for position, paper in enumerate(json.loads(row.content)["papers"], start=1):
            text = json.dumps(paper["text"], ensure_ascii=False, sort_keys=True)
            op.execute(
                PAPERS.insert().values(
                    commune_id=row.commune_id, service_id=row.service_id, position=position, text=text
                )
            )
