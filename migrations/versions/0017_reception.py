"""The role of the reception, and what members of staff have learned, speak and press."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

REBUILT = {"sqlite_autoincrement": True}
ROLES = ("resident", "agent", "administrator")
STAFF = ("agent", "administrator")


def upgrade() -> None:
    known_roles(("resident", "receptionist", *STAFF), staff=("receptionist", *STAFF))
    with op.batch_alter_table("person", table_kwargs=REBUILT) as person:
        person.add_column(sa.Column("speaks", sa.String(length=60), nullable=False, server_default=""))
        person.add_column(sa.Column("keys", sa.JSON(none_as_null=True), nullable=True, server_default="{}"))
    with op.batch_alter_table("person", table_kwargs=REBUILT) as person:
        for column in ("speaks", "keys"):
            person.alter_column(column, server_default=None)
    op.create_table(
        "membership_service",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "membership_id"],
            ["membership.commune_id", "membership.id"],
            name="fk_own_membership_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "service_id"],
            ["service.commune_id", "service.id"],
            name="fk_own_service_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("membership_id", "service_id", name=op.f("pk_membership_service")),
    )
    op.create_index(op.f("ix_membership_service_service_id"), "membership_service", ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("membership_service")
    with op.batch_alter_table("person", table_kwargs=REBUILT) as person:
        person.drop_column("keys")
        person.drop_column("speaks")
    op.execute("delete from membership where role = 'receptionist'")
    # The journal keeps every act: what the reception did was done by staff.
    op.execute("update journal_entry set role = 'agent' where role = 'receptionist'")
    known_roles(ROLES, staff=STAFF)


def known_roles(roles: tuple[str, ...], *, staff: tuple[str, ...]) -> None:
    with op.batch_alter_table("membership", table_kwargs=REBUILT) as membership:
        for name in ("role_is_known", "role_is_staff"):
            membership.drop_constraint(op.f(f"ck_membership_{name}"), type_="check")
        membership.create_check_constraint(op.f("ck_membership_role_is_known"), f"role IN {roles}")
        membership.create_check_constraint(op.f("ck_membership_role_is_staff"), f"role in {staff}")
    with op.batch_alter_table("journal_entry", table_kwargs=REBUILT) as journal:
        journal.drop_constraint(op.f("ck_journal_entry_role_is_known"), type_="check")
        journal.create_check_constraint(op.f("ck_journal_entry_role_is_known"), f"role IN {roles}")
