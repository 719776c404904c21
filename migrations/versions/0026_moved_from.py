"""The start from which a visit was moved, so that the message about it can name both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("message", sa.Column("moved_from", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "moved_from")
