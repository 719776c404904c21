"""What the days of an office came to, how long one waited for a free time, and of what administrators were told."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0027"
down_revision = "0026"

ALERTS = ("alert-promise", "alert-post")
COUNTED = ("ways", "came", "missed", "waits", "walk_in_waits", "serving")
PLAIN = (
    "booked",
    "walk_ins",
    "served",
    "cancelled",
    "cancelled_by_commune",
    "refilled",
    "served_walk_ins",
    "gone",
    "handled",
    "incomplete",
    "planned_minutes",
    "used_minutes",
    "freed",
    "offered",
    "taken",
    "gained_days",
)
OF_AN_HOUR = ("open_minutes", "walk_in_minutes", "taken_minutes", "used_minutes")
# Batches on SQLite build a table anew: an id must never return there either.
REBUILT = {"sqlite_autoincrement": True}
PROMISED = "promised_days is null or promised_days between 0 and 365"


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


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=nullable)


def of(parent: str) -> sa.ForeignKeyConstraint:
    """A key to an office or a service that cannot cross communes."""
    mine, theirs = ["commune_id", f"{parent}_id"], [f"{parent}.commune_id", f"{parent}.id"]
    return sa.ForeignKeyConstraint(mine, theirs, name=f"fk_own_{parent}_id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "daily_figure",
        number("office_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("service_id"),
        number("commune_id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in COUNTED),
        *(number(name) for name in PLAIN),
        of("office"),
        of("service"),
        sa.PrimaryKeyConstraint("office_id", "day", "service_id", name=op.f("pk_daily_figure")),
    )
    op.create_table(
        "hourly_figure",
        number("office_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("hour"),
        number("commune_id"),
        *(number(name) for name in OF_AN_HOUR),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_hourly_figure_hour_in_bounds")),
        of("office"),
        sa.PrimaryKeyConstraint("office_id", "day", "hour", name=op.f("pk_hourly_figure")),
    )
    op.create_table(
        "figured_day",
        number("office_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("commune_id"),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        of("office"),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_figured_day")),
    )
    op.create_table(
        "first_free",
        number("office_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("service_id"),
        number("commune_id"),
        number("days", nullable=True),
        sa.CheckConstraint("days is null or days >= 0", name=op.f("ck_first_free_days_in_bounds")),
        of("office"),
        of("service"),
        sa.PrimaryKeyConstraint("office_id", "day", "service_id", name=op.f("pk_first_free")),
    )
    op.create_table(
        "alert",
        number("commune_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum("promise", "post", name="cause_is_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_alert_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("commune_id", "day", "cause", name=op.f("pk_alert")),
    )
    for table in ("daily_figure", "hourly_figure", "first_free"):
        op.create_index(f"ix_{table}_by_day", table, ["commune_id", "day"])
    for table in ("daily_figure", "first_free"):
        op.create_index(op.f(f"ix_{table}_service_id"), table, ["service_id"])
    op.create_index("ix_freed_time_by_office", "freed_time", ["office_id", "freed_at"])
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.add_column(sa.Column("promised_days", sa.Integer(), nullable=True))
        service.create_check_constraint(op.f("ck_service_promised_days_in_bounds"), PROMISED)
    with op.batch_alter_table("commune", table_kwargs=REBUILT) as commune:
        commune.add_column(sa.Column("shows_figures", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("commune", table_kwargs=REBUILT) as commune:
        commune.alter_column("shows_figures", server_default=None)
    kinds = [*kinds_now(), *ALERTS]
    with op.batch_alter_table("message", table_kwargs=REBUILT) as message:
        let_be(message, kinds)


def downgrade() -> None:
    for kind in ALERTS:
        op.execute(f"DELETE FROM message WHERE kind = '{kind}'")  # noqa: S608
    kinds = [kind for kind in kinds_now() if kind not in ALERTS]
    with op.batch_alter_table("message", table_kwargs=REBUILT) as message:
        let_be(message, kinds)
    with op.batch_alter_table("commune", table_kwargs=REBUILT) as commune:
        commune.drop_column("shows_figures")
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.drop_constraint(op.f("ck_service_promised_days_in_bounds"), type_="check")
        service.drop_column("promised_days")
    op.drop_index("ix_freed_time_by_office", table_name="freed_time")
    for table in ("alert", "first_free", "figured_day", "hourly_figure", "daily_figure"):
        op.drop_table(table)
