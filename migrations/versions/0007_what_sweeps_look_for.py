"""What sweeps and deletions look for is found by an index; visits that were agreed elsewhere say so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

REPLACES = sa.text("replaces_id is not null")
CONTACT_IS_KNOWN = sa.text("email is not null or phone is not null or contact_key is not null")
NAME_IS_KNOWN = sa.text("name is not null or name_search is not null")
CLIENT_IS_KNOWN = sa.text("client is not null")
IS_FAULT_OF_STAFF_LETTER = sa.text("person_id is not null and fault is not null")

INDEXES = (
    ("ix_appointment_replaces", "appointment", ["commune_id", "replaces_id"], REPLACES),
    ("ix_appointment_known_contact", "appointment", ["commune_id", "local_date"], CONTACT_IS_KNOWN),
    ("ix_appointment_known_name", "appointment", ["commune_id", "local_date"], NAME_IS_KNOWN),
    ("ix_journal_entry_client", "journal_entry", ["at"], CLIENT_IS_KNOWN),
    ("ix_message_fault_of_staff_letter", "message", ["settled_at"], IS_FAULT_OF_STAFF_LETTER),
)


def upgrade() -> None:
    op.add_column("appointment", sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True))
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, unique=False, postgresql_where=where, sqlite_where=where)
    # A name is searched by its parts, for which this index was no help.
    op.drop_index("ix_appointment_name_search", table_name="appointment")


def downgrade() -> None:
    op.create_index("ix_appointment_name_search", "appointment", ["name_search"], unique=False)
    for name, table, _, where in reversed(INDEXES):
        op.drop_index(name, table_name=table, postgresql_where=where, sqlite_where=where)
    op.drop_column("appointment", "taken_over_at")
