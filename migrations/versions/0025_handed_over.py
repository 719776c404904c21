"""What a visitor was here for before they were handed over for something else, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("undo_lines", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket", "undo_lines")
