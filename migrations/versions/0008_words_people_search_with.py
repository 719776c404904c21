"""Services carry the words that people search them with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("service", sa.Column("synonyms", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("service", "synonyms")
