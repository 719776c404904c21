"""Several services and persons in one visit, and visits that belong together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INFORMATION = (
    "(information_minutes is null) = (information_days is null) and "
    "(information_minutes is null or (information_minutes > 0 and information_days >= 0))"
)
IN_A_GROUP = sa.text("group_key is not null")


def upgrade() -> None:
    with op.batch_alter_table("service", table_kwargs={"sqlite_autoincrement": True}) as service:
        service.add_column(sa.Column("minutes_beside", sa.Integer(), nullable=True))
        service.create_check_constraint(
            op.f("ck_service_minutes_beside_in_bounds"), "minutes_beside is null or minutes_beside >= 0"
        )
        service.add_column(sa.Column("information_minutes", sa.Integer(), nullable=True))
        service.add_column(sa.Column("information_days", sa.Integer(), nullable=True))
        service.create_check_constraint(op.f("ck_service_information_in_bounds"), INFORMATION)
    with op.batch_alter_table("appointment_line", table_kwargs={"sqlite_autoincrement": True}) as line:
        line.add_column(sa.Column("step", sa.String(20), nullable=True))
        line.create_check_constraint(op.f("ck_appointment_line_step_is_known"), "step IN ('information', 'file')")
    op.add_column("appointment", sa.Column("group_key", sa.String(32), nullable=True))
    op.create_index(
        "ix_appointment_group",
        "appointment",
        ["group_key"],
        unique=False,
        postgresql_where=IN_A_GROUP,
        sqlite_where=IN_A_GROUP,
    )


def downgrade() -> None:
    with op.batch_alter_table("appointment_line", table_kwargs={"sqlite_autoincrement": True}) as line:
        line.drop_constraint(op.f("ck_appointment_line_step_is_known"), type_="check")
        line.drop_column("step")
    op.drop_index(
        "ix_appointment_group", table_name="appointment", postgresql_where=IN_A_GROUP, sqlite_where=IN_A_GROUP
    )
    op.drop_column("appointment", "group_key")
    with op.batch_alter_table("service", table_kwargs={"sqlite_autoincrement": True}) as service:
        service.drop_constraint(op.f("ck_service_information_in_bounds"), type_="check")
        service.drop_column("information_days")
        service.drop_column("information_minutes")
        service.drop_constraint(op.f("ck_service_minutes_beside_in_bounds"), type_="check")
        service.drop_column("minutes_beside")
