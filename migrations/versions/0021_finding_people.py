"""People are found by their name and their telephone, however many visits a commune has had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

INDEXES = {
    "ix_appointment_by_name": (["commune_id", "local_date", "name_search", "office_id"], "name_search is not null"),
    "ix_appointment_by_phone": (["phone"], "phone is not null"),
    "ix_appointment_by_helper_phone": (["helper_phone"], "helper_phone is not null"),
}


def upgrade() -> None:
    for name, (columns, known) in INDEXES.items():
        where = sa.text(known)
        op.create_index(name, "appointment", columns, unique=False, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(name, table_name="appointment")
