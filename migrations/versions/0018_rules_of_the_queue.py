"""By what rule an office calls people, and what of its hours is kept for whom."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

REBUILT = {"sqlite_autoincrement": True}
LETTERS = "ACEFHJKLMNRSTUVWXYZ"

POLICY = sa.Enum(
    "promised",
    "appointments_first",
    "arrival",
    name="queue_policy_is_known",
    native_enum=False,
    create_constraint=True,
    length=20,
)
MINUTES = {"language_minutes": "10", "calls_needed": "2", "check_in_minutes": "30", "walk_in_lead_minutes": "30"}
KEYS = ("screen_key", "feed_key")
OFFICE_RULES = {
    "language_minutes_in_bounds": "language_minutes between 0 and 60",
    "calls_needed_in_bounds": "calls_needed between 1 and 9",
    "check_in_in_bounds": "check_in_minutes is null or check_in_minutes between 5 and 240",
    "walk_in_lead_in_bounds": "walk_in_lead_minutes between 0 and 180",
}
SESSION_RULES = {
    "kept_minutes_in_bounds": "walk_in_minutes >= 0 and walk_in_minutes % 5 = 0 and staff_minutes >= 0 "
    "and staff_minutes % 5 = 0 and walk_in_minutes + staff_minutes <= 45",
    "most_walk_ins_in_bounds": "most_walk_ins is null or most_walk_ins between 0 and 999",
}
ROOM = "max_persons is null or max_persons between 1 and 99"

GROUPS = sa.table(
    "service_group",
    sa.column("id", sa.Integer()),
    sa.column("commune_id", sa.Integer()),
    sa.column("position", sa.Integer()),
    sa.column("letter", sa.String()),
)


def upgrade() -> None:
    with op.batch_alter_table("office", table_kwargs=REBUILT) as office:
        office.add_column(sa.Column("queue_policy", POLICY, nullable=False, server_default="promised"))
        for name, usual in MINUTES.items():
            may_lack = name == "check_in_minutes"
            office.add_column(sa.Column(name, sa.Integer(), nullable=may_lack, server_default=usual))
        office.add_column(sa.Column("calls_with_sound", sa.Boolean(), nullable=False, server_default=sa.true()))
        office.add_column(sa.Column("sheet_by_mail", sa.String(length=254), nullable=True))
        for key in KEYS:
            office.add_column(sa.Column(key, sa.String(length=32), nullable=True))
            office.create_unique_constraint(op.f(f"uq_office_{key}"), [key])
        for name, rule in OFFICE_RULES.items():
            office.create_check_constraint(op.f(f"ck_office_{name}"), rule)
    with op.batch_alter_table("office", table_kwargs=REBUILT) as office:
        for name in ("queue_policy", *MINUTES, "calls_with_sound"):
            office.alter_column(name, server_default=None)
    with op.batch_alter_table("counter", table_kwargs=REBUILT) as counter:
        counter.add_column(sa.Column("max_persons", sa.Integer(), nullable=True))
        counter.add_column(sa.Column("feed_key", sa.String(length=32), nullable=True))
        counter.create_unique_constraint(op.f("uq_counter_feed_key"), ["feed_key"])
        counter.create_check_constraint(op.f("ck_counter_max_persons_in_bounds"), ROOM)
    with op.batch_alter_table("opening_session", table_kwargs=REBUILT) as opening:
        opening.add_column(sa.Column("walk_in_minutes", sa.Integer(), nullable=False, server_default="0"))
        opening.add_column(sa.Column("staff_minutes", sa.Integer(), nullable=False, server_default="0"))
        opening.add_column(sa.Column("most_walk_ins", sa.Integer(), nullable=True))
        for name, rule in SESSION_RULES.items():
            opening.create_check_constraint(op.f(f"ck_opening_session_{name}"), rule)
    with op.batch_alter_table("opening_session", table_kwargs=REBUILT) as opening:
        opening.alter_column("walk_in_minutes", server_default=None)
        opening.alter_column("staff_minutes", server_default=None)
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.add_column(sa.Column("has_priority", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.alter_column("has_priority", server_default=None)
    with op.batch_alter_table("service_group", table_kwargs=REBUILT) as group:
        group.add_column(sa.Column("letter", sa.String(length=1), nullable=True))
    give_letters()
    with op.batch_alter_table("service_group", table_kwargs=REBUILT) as group:
        group.alter_column("letter", nullable=False)
        group.create_unique_constraint(op.f("uq_service_group_commune_id_letter"), ["commune_id", "letter"])
        group.create_check_constraint(op.f("ck_service_group_letter_is_one"), "length(letter) = 1")


def give_letters() -> None:
    """Each group of a commune has a letter of its own, in the order of the groups."""
    rows = op.get_bind().execute(sa.select(GROUPS).order_by(GROUPS.c.commune_id, GROUPS.c.position, GROUPS.c.id)).all()
    for _, groups in groupby(rows, key=lambda row: row.commune_id):
        for group, letter in zip(groups, LETTERS, strict=False):
            op.execute(GROUPS.update().where(GROUPS.c.id == group.id).values(letter=letter))


def downgrade() -> None:
    with op.batch_alter_table("service_group", table_kwargs=REBUILT) as group:
        group.drop_constraint(op.f("ck_service_group_letter_is_one"), type_="check")
        group.drop_constraint(op.f("uq_service_group_commune_id_letter"), type_="unique")
        group.drop_column("letter")
    with op.batch_alter_table("service", table_kwargs=REBUILT) as service:
        service.drop_column("has_priority")
    with op.batch_alter_table("opening_session", table_kwargs=REBUILT) as opening:
        for name in SESSION_RULES:
            opening.drop_constraint(op.f(f"ck_opening_session_{name}"), type_="check")
        for column in ("most_walk_ins", "staff_minutes", "walk_in_minutes"):
            opening.drop_column(column)
    with op.batch_alter_table("counter", table_kwargs=REBUILT) as counter:
        counter.drop_constraint(op.f("ck_counter_max_persons_in_bounds"), type_="check")
        counter.drop_constraint(op.f("uq_counter_feed_key"), type_="unique")
        counter.drop_column("feed_key")
        counter.drop_column("max_persons")
    with op.batch_alter_table("office", table_kwargs=REBUILT) as office:
        for name in ("queue_policy_is_known", *OFFICE_RULES):
            office.drop_constraint(op.f(f"ck_office_{name}"), type_="check")
        for key in KEYS:
            office.drop_constraint(op.f(f"uq_office_{key}"), type_="unique")
            office.drop_column(key)
        office.drop_column("sheet_by_mail")
        for name in ("calls_with_sound", *MINUTES):
            office.drop_column(name)
        office.drop_column("queue_policy")
