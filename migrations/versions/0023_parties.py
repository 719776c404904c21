"""Several persons come as a party: their visits are made at once, under one helper, and are known as such."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

REBUILT = {"sqlite_autoincrement": True}
KNOWN = sa.text("party_key is not null")
RULE = "(party_key is null) = (party_size is null) and (party_size is null or party_size > 1)"


def upgrade() -> None:
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.add_column(sa.Column("party_key", sa.String(length=32), nullable=True))
        appointment.add_column(sa.Column("party_size", sa.Integer(), nullable=True))
        appointment.create_check_constraint(op.f("ck_appointment_party_has_its_size"), RULE)
        appointment.create_index("ix_appointment_party", ["party_key"], postgresql_where=KNOWN, sqlite_where=KNOWN)


def downgrade() -> None:
    with op.batch_alter_table("appointment", table_kwargs=REBUILT) as appointment:
        appointment.drop_index("ix_appointment_party")
        appointment.drop_constraint(op.f("ck_appointment_party_has_its_size"), type_="check")
        appointment.drop_column("party_size")
        appointment.drop_column("party_key")
