"""What follows a visit, a commune's logo, and its own words in messages, sent to oneself as a test."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0030"
down_revision = "0029"

WHOLE = "(logo_mark is null) = (logo_width is null) and (logo_mark is null) = (logo_height is null)"
SQLITE = {"sqlite_autoincrement": True}


def let_be(message: BatchOperations, kinds: list[str]) -> None:
    """Let messages be of these kinds and no other."""
    message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    message.create_check_constraint(op.f("ck_message_kind_is_known"), f"kind IN ({words})")


def kinds_now() -> list[str]:
    """The kinds of message that the database lets be, whichever migrations have added some."""
    (rule,) = [
        one["sqltext"]
        for one in sa.inspect(op.get_bind()).get_check_constraints("message")
        if one["name"] == "ck_message_kind_is_known"
    ]
    return re.findall(r"'([\w-]+)'", rule)


def upgrade() -> None:
    op.add_column("service", sa.Column("follow_up", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("commune", table_kwargs=SQLITE) as commune:
        commune.add_column(sa.Column("logo_mark", sa.String(12), nullable=True))
        commune.add_column(sa.Column("logo_width", sa.Integer(), nullable=True))
        commune.add_column(sa.Column("logo_height", sa.Integer(), nullable=True))
        commune.add_column(sa.Column("logo_alt", sa.Text(), nullable=False, server_default="{}"))
        commune.create_check_constraint(op.f("ck_commune_logo_whole"), WHOLE)
    op.create_table(
        "logo",
        sa.Column("commune_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_logo_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("commune_id", name=op.f("pk_logo")),
    )
    op.create_table(
        "message_text",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_message_text_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("commune_id", "kind", name=op.f("pk_message_text")),
    )
    kinds = [*kinds_now(), "text-test"]
    with op.batch_alter_table("message", table_kwargs=SQLITE) as message:
        message.add_column(sa.Column("text_kind", sa.String(20), nullable=True))
        let_be(message, kinds)
        message.create_check_constraint(
            op.f("ck_message_text_exactly_for_tests"), "(kind = 'text-test') = (text_kind is not null)"
        )
    op.create_index("ix_message_of_commune", "message", ["commune_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_message_of_commune", "message")
    op.execute("delete from message where kind = 'text-test'")
    kinds = [kind for kind in kinds_now() if kind != "text-test"]
    with op.batch_alter_table("message", table_kwargs=SQLITE) as message:
        message.drop_constraint(op.f("ck_message_text_exactly_for_tests"), type_="check")
        let_be(message, kinds)
        message.drop_column("text_kind")
    op.drop_table("message_text")
    op.drop_table("logo")
    with op.batch_alter_table("commune", table_kwargs=SQLITE) as commune:
        commune.drop_constraint(op.f("ck_commune_logo_whole"), type_="check")
        for column in ("logo_alt", "logo_height", "logo_width", "logo_mark"):
            commune.drop_column(column)
    op.drop_column("service", "follow_up")
