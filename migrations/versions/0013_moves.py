"""An appointment can be moved: how often, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

REBUILT = {"sqlite_autoincrement": True}
CONFIRMATION, NEW_KINDS = "confirmation", ("moved", "restored")
OTHER_KINDS = ("cancellation", "cancelled-by-us", "reminder-1", "reminder-2", "reminder-3", "password-reset")
REASONS = ("unsuitable", "not-needed", "done-otherwise", "papers-missing")


def upgrade() -> None:
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.add_column(sa.Column("may_move", sa.Boolean(), nullable=False, server_default=sa.true()))
        service.add_column(sa.Column("may_cancel", sa.Boolean(), nullable=False, server_default=sa.true()))
        service.add_column(sa.Column("max_moves", sa.Integer(), nullable=False, server_default="5"))
        service.create_check_constraint(op.f("ck_service_max_moves_in_bounds"), "max_moves between 1 and 99")
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        for column in ("may_move", "may_cancel", "max_moves"):
            service.alter_column(column, server_default=None)
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.add_column(sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
        appointment.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        appointment.add_column(sa.Column("why_cancelled", sa.String(20), nullable=True))
        appointment.create_check_constraint(
            op.f("ck_appointment_why_cancelled_is_known"), f"why_cancelled IN {REASONS}"
        )
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.alter_column("moves", server_default=None)
    of_kinds((CONFIRMATION, *NEW_KINDS, *OTHER_KINDS))


def downgrade() -> None:
    op.execute("delete from message where kind in ('moved', 'restored')")
    of_kinds((CONFIRMATION, *OTHER_KINDS))
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.drop_constraint(op.f("ck_appointment_why_cancelled_is_known"), type_="check")
        for column in ("why_cancelled", "changed_at", "moves"):
            appointment.drop_column(column)
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.drop_constraint(op.f("ck_service_max_moves_in_bounds"), type_="check")
        for column in ("max_moves", "may_cancel", "may_move"):
            service.drop_column(column)


def of_kinds(kinds: tuple[str, ...]) -> None:
    """The messages there can be."""
    with op.batch_alter_table("message", table_kwargs=REBUILT) as message:
        message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
        message.create_check_constraint(op.f("ck_message_kind_is_known"), f"kind IN {kinds}")
