"""Auditors, those who run the platform, invitations, roles that are put to rest, and second factors."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0031"
down_revision = "0030"

REBUILT = {"sqlite_autoincrement": True}
BEFORE = ("resident", "receptionist", "agent", "administrator")
STAFF = BEFORE[1:]
INVITATION = "invitation"


def upgrade() -> None:
    known_roles((*BEFORE, "auditor", "platform"))
    with op.batch_alter_table("membership", table_kwargs=REBUILT) as membership:
        staff_roles(membership, (*STAFF, "auditor"))
        membership.add_column(sa.Column("invitation_nonce", sa.String(length=32), nullable=True))
        membership.add_column(sa.Column("invited_until", sa.DateTime(timezone=True), nullable=True))
        membership.add_column(sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
        membership.create_unique_constraint(op.f("uq_membership_invitation_nonce"), ["invitation_nonce"])
        membership.create_check_constraint(
            op.f("ck_membership_nonce_exactly_while_invited"), "(invitation_nonce is null) = (invited_until is null)"
        )
    op.add_column("person", sa.Column("platform_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_recovery_code")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_journal_entry_of_commune", "journal_entry", ["commune_id", "at", "id"], unique=False)
    op.create_index("ix_journal_entry_by_person", "journal_entry", ["person_id", "at", "id"], unique=False)
    let_be([*kinds_now(), INVITATION])


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind = '{INVITATION}'")  # noqa: S608
    let_be([kind for kind in kinds_now() if kind != INVITATION])
    op.drop_index("ix_journal_entry_by_person", table_name="journal_entry")
    op.drop_index("ix_journal_entry_of_commune", table_name="journal_entry")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    # What nobody has accepted, or what was put to rest, opens nothing: before, there was no way to say so.
    op.execute(
        "delete from membership where role = 'auditor' or invited_until is not null or deactivated_at is not null"
    )
    op.execute("update person set deactivated_at = created_at where password_hash = '' and deactivated_at is null")
    op.drop_column("person", "platform_since")
    with op.batch_alter_table("membership", table_kwargs=REBUILT) as membership:
        membership.drop_constraint(op.f("ck_membership_nonce_exactly_while_invited"), type_="check")
        membership.drop_constraint(op.f("uq_membership_invitation_nonce"), type_="unique")
        for column in ("deactivated_at", "invited_until", "invitation_nonce"):
            membership.drop_column(column)
        staff_roles(membership, STAFF)
    # The journal keeps every act, and knew of no role for those who only read it.
    op.execute("update journal_entry set role = null where role in ('auditor', 'platform')")
    op.execute("update call_made set role = null where role in ('auditor', 'platform')")
    known_roles(BEFORE)


def known_roles(roles: tuple[str, ...]) -> None:
    for table in ("membership", "journal_entry", "call_made"):
        with op.batch_alter_table(table, table_kwargs=REBUILT) as having:
            having.drop_constraint(op.f(f"ck_{table}_role_is_known"), type_="check")
            having.create_check_constraint(op.f(f"ck_{table}_role_is_known"), f"role IN {roles}")


def staff_roles(membership: BatchOperations, roles: tuple[str, ...]) -> None:
    membership.drop_constraint(op.f("ck_membership_role_is_staff"), type_="check")
    membership.create_check_constraint(op.f("ck_membership_role_is_staff"), f"role in {roles}")


def kinds_now() -> list[str]:
    """The kinds of message that the database lets be, whichever migrations have added some."""
    (rule,) = [
        one["sqltext"]
        for one in sa.inspect(op.get_bind()).get_check_constraints("message")
        if one["name"] == "ck_message_kind_is_known"
    ]
    return re.findall(r"'([\w-]+)'", rule)


def let_be(kinds: list[str]) -> None:
    """Let messages be of these kinds and no other."""
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("message", table_kwargs=REBUILT) as message:
        message.drop_constraint(op.f("ck_message_kind_is_known"), type_="check")
        message.create_check_constraint(op.f("ck_message_kind_is_known"), f"kind IN ({words})")
