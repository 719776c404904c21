"""What somebody in the list for an earlier time needs when they come, who has no appointment that says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("waiting_entry", sa.Column("needs", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("waiting_entry", "needs")
