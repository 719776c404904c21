"""The last day of a service that is there for some time only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("service", sa.Column("last_day", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("service", "last_day")
