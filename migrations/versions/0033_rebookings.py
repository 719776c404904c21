"""Changes of hours whose visits are carried on, and the message in which another time is proposed."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0033"
down_revision = "0032"

PROPOSES = "rebooking"
# Batches on SQLite build a table anew: an id must never return there either.
AUTOINCREMENT = {"sqlite_autoincrement": True}
CAUSES = ("closure", "hours", "counter", "office", "service")
STATES = (
    "waiting",
    "proposed",
    "to-call",
    "moved",
    "kept",
    "accepted",
    "chosen",
    "by-phone",
    "cancelled",
    "lapsed",
    "overtaken",
)
WHYS = ("no-time", "too-late", "together", "no-answer")


def one_of(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=20)


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
    op.create_table(
        "rebooking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("cause", one_of(*CAUSES, name="cause_is_known"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("silence", one_of("call", "cancel", name="silence_is_known"), nullable=False),
        sa.Column("answer_minutes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer_minutes > 0", name=op.f("ck_rebooking_answer_takes_time")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_rebooking_commune_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "office_id"],
            ["office.commune_id", "office.id"],
            name=op.f("fk_own_office_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebooking")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_rebooking_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rebooking_by_day", "rebooking", ["commune_id", "made_at"])
    add_visits()
    kinds = [*kinds_now(), PROPOSES]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)


def add_visits() -> None:
    op.create_table(
        "rebooked_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("rebooking_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("state", one_of(*STATES, name="state_is_known"), nullable=False),
        sa.Column("of_start", sa.Integer(), nullable=False),
        sa.Column("hold_key", sa.String(length=32), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("why", one_of(*WHYS, name="why_is_known"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'proposed' or (hold_key is not null and start is not null and until is not null)",
            name=op.f("ck_rebooked_visit_proposal_is_known"),
        ),
        sa.CheckConstraint(
            "(state in ('waiting', 'proposed', 'to-call')) = (settled_at is null)",
            name=op.f("ck_rebooked_visit_open_or_settled"),
        ),
        sa.CheckConstraint("state <> 'to-call' or why is not null", name=op.f("ck_rebooked_visit_why_known_to_call")),
        sa.ForeignKeyConstraint(
            ["commune_id", "rebooking_id"],
            ["rebooking.commune_id", "rebooking.id"],
            name=op.f("fk_own_rebooking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "appointment_id"],
            ["appointment.commune_id", "appointment.id"],
            name=op.f("fk_own_appointment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebooked_visit")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_rebooked_visit_commune_id_id")),
        sa.UniqueConstraint(
            "rebooking_id", "appointment_id", name=op.f("uq_rebooked_visit_rebooking_id_appointment_id")
        ),
        sa.UniqueConstraint("hold_key", name=op.f("uq_rebooked_visit_hold_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rebooked_visit_appointment_id"), "rebooked_visit", ["appointment_id"])
    partial("ix_rebooked_visit_open", "appointment_id", "state in ('waiting', 'proposed', 'to-call')", unique=True)
    partial("ix_rebooked_visit_waiting", "rebooking_id", "state = 'waiting'")
    partial("ix_rebooked_visit_due", "until", "state = 'proposed'")


def partial(name: str, column: str, where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, "rebooked_visit", [column], unique=unique, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind = '{PROPOSES}'")  # noqa: S608
    op.execute(f"DELETE FROM appointment WHERE state = 'held' AND hold_kind = '{PROPOSES}'")  # noqa: S608
    kinds = [kind for kind in kinds_now() if kind != PROPOSES]
    with op.batch_alter_table("message", table_kwargs=AUTOINCREMENT) as message:
        let_be(message, kinds)
    op.drop_table("rebooked_visit")
    op.drop_table("rebooking")
