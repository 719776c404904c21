"""Who books for somebody else, and who says they will be late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COUNTED = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("appointment", table_kwargs=COUNTED) as appointment:
        appointment.add_column(sa.Column("late_minutes", sa.Integer(), nullable=True))
        appointment.add_column(sa.Column("late_said_at", sa.DateTime(timezone=True), nullable=True))
        appointment.create_check_constraint(
            op.f("ck_appointment_late_minutes_in_bounds"), "late_minutes is null or late_minutes between 5 and 60"
        )
    op.add_column("office", sa.Column("grace_minutes", sa.Integer(), nullable=True))
    op.add_column("office", sa.Column("late_rule", sa.Text(), nullable=True))
    op.execute("UPDATE office SET grace_minutes = 15, late_rule = '{}'")
    with op.batch_alter_table("office", table_kwargs=COUNTED) as office:
        office.alter_column("grace_minutes", existing_type=sa.Integer(), nullable=False)
        office.alter_column("late_rule", existing_type=sa.Text(), nullable=False)
        office.create_check_constraint(op.f("ck_office_grace_minutes_in_bounds"), "grace_minutes between 0 and 60")


def downgrade() -> None:
    with op.batch_alter_table("office", table_kwargs=COUNTED) as office:
        office.drop_constraint(op.f("ck_office_grace_minutes_in_bounds"), type_="check")
        office.drop_column("late_rule")
        office.drop_column("grace_minutes")
    with op.batch_alter_table("appointment", table_kwargs=COUNTED) as appointment:
        appointment.drop_constraint(op.f("ck_appointment_late_minutes_in_bounds"), type_="check")
        appointment.drop_column("late_said_at")
        appointment.drop_column("late_minutes")
