"""When times of a service can be had: released, counted by day or week, with minutes between them, and once freed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

RESTING = "SELECT id FROM appointment WHERE hold_kind = 'resting'"
REBUILT = {"sqlite_autoincrement": True}
RELEASE = (
    "(release_weekday is null) = (release_time is null) and (release_weekday is null) = (release_weeks is null)"
    " and (release_weekday is null or (release_weekday between 0 and 6 and release_weeks >= 1))"
)
MINUTES = ("buffer_minutes", "freed_minutes")
QUOTA = "(quota is null) = (quota_per is null) and (quota is null or quota >= 1)"
KINDS = "hold_kind IN ('public', 'offer', 'rebooking')"
KINDS_NOW = "hold_kind IN ('public', 'offer', 'rebooking', 'resting')"
PER = sa.Enum("day", "week", name="quota_per_is_known", native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.add_column(sa.Column("release_weekday", sa.Integer(), nullable=True))
        service.add_column(sa.Column("release_time", sa.Time(), nullable=True))
        service.add_column(sa.Column("release_weeks", sa.Integer(), nullable=True))
        for name in MINUTES:
            service.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        service.add_column(sa.Column("quota", sa.Integer(), nullable=True))
        service.add_column(sa.Column("quota_per", PER, nullable=True))
        service.create_check_constraint(op.f("ck_service_release_in_bounds"), RELEASE)
        service.create_check_constraint(op.f("ck_service_quota_in_bounds"), QUOTA)
        service.create_check_constraint(op.f("ck_service_buffer_in_bounds"), "buffer_minutes between 0 and 120")
        service.create_check_constraint(op.f("ck_service_freed_in_bounds"), "freed_minutes between 0 and 1440")
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.add_column(sa.Column("buffer_minutes", sa.Integer(), nullable=False, server_default="0"))
        appointment.drop_constraint(op.f("ck_appointment_hold_kind_is_known"), type_="check")
        appointment.create_check_constraint(op.f("ck_appointment_hold_kind_is_known"), KINDS_NOW)
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        for name in MINUTES:
            service.alter_column(name, server_default=None)
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.alter_column("buffer_minutes", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM seat WHERE kind = 'quota'")
    # No foreign key of SQLite counts while tables are built anew.
    for table in ("claim", "appointment_line"):
        op.execute(f"DELETE FROM {table} WHERE appointment_id IN ({RESTING})")  # noqa: S608
    op.execute("DELETE FROM appointment WHERE hold_kind = 'resting'")
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.drop_constraint(op.f("ck_appointment_hold_kind_is_known"), type_="check")
        appointment.create_check_constraint(op.f("ck_appointment_hold_kind_is_known"), KINDS)
        appointment.drop_column("buffer_minutes")
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.drop_constraint(op.f("ck_service_freed_in_bounds"), type_="check")
        service.drop_constraint(op.f("ck_service_buffer_in_bounds"), type_="check")
        service.drop_constraint(op.f("ck_service_quota_in_bounds"), type_="check")
        service.drop_constraint(op.f("ck_service_release_in_bounds"), type_="check")
        service.drop_constraint(op.f("ck_service_quota_per_is_known"), type_="check")
        for name in ("quota_per", "quota", *MINUTES, "release_weeks", "release_time", "release_weekday"):
            service.drop_column(name)
