"""Communes, their addresses, postcodes and banners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "commune",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_language", sa.String(length=2), nullable=False),
        sa.Column("zone_key", sa.String(length=60), nullable=False),
        sa.Column("theme_brand", sa.String(length=7), nullable=False),
        sa.Column("theme_brand_strong", sa.String(length=7), nullable=False),
        sa.Column("theme_brand_soft", sa.String(length=7), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("post_address", sa.Text(), nullable=False),
        sa.Column("sender_address", sa.String(length=254), nullable=False),
        sa.Column("contact_days", sa.Integer(), nullable=False),
        sa.Column("name_months", sa.Integer(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("contact_days between 1 and 90", name=op.f("ck_commune_contact_days_in_bounds")),
        sa.CheckConstraint("name_months between 1 and 12", name=op.f("ck_commune_name_months_in_bounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commune")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "banner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("shown_from < shown_until", name=op.f("ck_banner_shown_from_before_until")),
        sa.ForeignKeyConstraint(["commune_id"], ["commune.id"], name=op.f("fk_banner_commune_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banner")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_banner_commune_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "commune_slug",
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_commune_slug_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("language", "slug", name=op.f("pk_commune_slug")),
    )
    op.create_index(op.f("ix_commune_slug_commune_id"), "commune_slug", ["commune_id"], unique=False)
    op.create_table(
        "postcode",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_postcode_commune_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", "commune_id", name=op.f("pk_postcode")),
    )


def downgrade() -> None:
    op.drop_table("postcode")
    op.drop_index(op.f("ix_commune_slug_commune_id"), table_name="commune_slug")
    op.drop_table("commune_slug")
    op.drop_table("banner")
    op.drop_table("commune")
