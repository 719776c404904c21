"""An appointment can be moved: how often, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

REBUILT = {"table_kwargs": {"sqlite_autoincrement": True}}
KINDS = ("confirmation", "cancellation", "cancelled-by-us", "password-reset")
NEW_KINDS = ("moved", "restored")
REASONS = ("unsuitable", "not-needed", "done-otherwise", "papers-missing")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    with op.batch_alter_table("service", **REBUILT) as service:
        service.add_column(sa.Column("may_move", sa.Boolean(), nullable=False, server_default=sa.true()))
        service.add_column(sa.Column("may_cancel", sa.Boolean(), nullable=False, server_default=sa.true()))
        service.add_column(sa.Column("max_moves", sa.Integer(), nullable=False, server_default="5"))
        service.create_check_constraint(op.f("ck_service_max_moves_in_bounds"), "max_moves between 1 and 99")
    with op.batch_alter_table("service", **REBUILT) as service:
        for column in ("may_move", "may_cancel", "max_moves"):
            service.alter_column(column, server_default=None)
    with op.batch_alter_table("appointment", **REBUILT) as appointment:
        appointment.add_column(sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
        appointment.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        appointment.add_column(sa.Column("why_cancelled", sa.String(20), nullable=True))
        appointment.create_check_constraint(
            op.f("ck_appointment_why_cancelled_is_known"), one_of("why_cancelled", REASONS)
        )
    with op.batch_alter_table("appointment", **REBUILT) as appointment:
        appointment.alter_column("moves", server_default=None)
    of_kinds((*KINDS, *NEW_KINDS))


def downgrade() -> None:
    op.execute("delete from message where kind in ('moved', 'restored')")
    of_kinds(KINDS)
    with op.batch_alter_table("appointment", **REBUILT) as appointment:
        appointment.drop_constraint(op.f("ck_appointment_why_cancelled_is_known"), type_="check")
        for column in ("why_cancelled", "changed_at", "moves"):
            appointment.drop_column(column)
    with op.batch_alter_table("service", **REBUILT) as service:
        service.drop_constraint(op.f("ck_service_max_moves_in_bounds"), type_="check")
        for column in ("max_moves", "may_cancel", "may_move"):
            service.drop_column(column)


def of_kinds(kinds: tuple[str, ...]) -> None:
    """The messages there can be."""
    with op.batch_alter_table("message", **REBUILT) as message:
        message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
        message.create_check_constraint(op.f("ck_message_kind_is_known"), one_of("kind", kinds))
