"""What every table shares: names of constraints, the types of moments and texts, the tenant's key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.schema import ColumnCollectionConstraint

from booking.core.needs import Need, NeedTimes
from booking.core.timespan import moment_of, tick_of
from booking.core.translated import Translated

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, never naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class OnTick(TypeDecorator[datetime]):
    """A moment on the five-minute grid: aware UTC in Python, its tick in the database.

    A moment off the grid is refused, so a clock is compared as ``floor_to_tick(now)``, with ``<=`` and ``>`` only.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else tick_of(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


class TranslatedText(TypeDecorator[Translated]):
    """A ``Translated`` value, kept as JSON with its keys in order so that equal values are equal texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Translated | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(dict(value.texts), ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Translated | None:
        return None if value is None else text_of(value)


class NeedCodes(TypeDecorator[frozenset[Need]]):
    """What was said to be needed, as codes in their order; nothing said is null."""

    impl = String(100)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Need] | None, dialect: Dialect) -> str | None:
        return ",".join(sorted(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Need] | None:
        return frozenset(map(Need, value.split(","))) if value else None


class NeedMinutes(TypeDecorator[NeedTimes]):
    """By how many minutes each need lengthens a visit, as JSON; what lengthens nothing is left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: NeedTimes | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(dict(value.minutes), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> NeedTimes | None:
        return None if value is None else NeedTimes.of({Need(code): n for code, n in json.loads(value).items()})


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few whole numbers in their order, kept as a text with commas between them."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(str(number) for number in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(int(number) for number in value.split(",") if number)


class Codes(TypeDecorator[tuple[str, ...]]):
    """A few short codes in their order, kept as a text with commas between them."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(filter(None, value.split(",")))


@lru_cache(maxsize=4096)
def text_of(stored: str) -> Translated:
    """The few texts of a commune are met in many rows, and a frozen value can be shared."""
    return Translated(json.loads(stored))


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Instant,
            Translated: TranslatedText,
            frozenset[Need]: NeedCodes,
            NeedTimes: NeedMinutes,
        },
    )


def stored(enum: type[StrEnum], column: str) -> Enum:
    """Persist an enum by value, guarded by a CHECK rather than a database type."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=f"{column}_is_known",
        values_callable=lambda members: [member.value for member in members],
    )


def own(parent: str, *columns: str, ondelete: str | None = "RESTRICT") -> ForeignKeyConstraint:
    """A foreign key that cannot cross communes: ``(commune_id, column)`` → ``parent (commune_id, id)``."""
    (column,) = columns or (f"{parent}_id",)
    return ForeignKeyConstraint(
        ["commune_id", column], [f"{parent}.commune_id", f"{parent}.id"], ondelete=ondelete, name=f"fk_own_{column}"
    )


def tenant(*more: Any, **options: Any) -> tuple[Any, ...]:
    """``__table_args__`` of a table that others point to within one commune."""
    return UniqueConstraint("commune_id", "id"), *more, {"sqlite_autoincrement": True, **options}


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether ``error`` comes from ``constraint`` (a name as PostgreSQL knows it).

    SQLite names the columns of a key instead, so the constraint's columns are looked up in the metadata.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    message = str(error.orig)
    for table in Base.metadata.tables.values():
        for key in (*table.constraints, *table.indexes):
            if isinstance(key, ColumnCollectionConstraint | Index) and key.name == constraint:
                return message.endswith(", ".join(f"{table.name}.{column.name}" for column in key.columns))
    return constraint in message
