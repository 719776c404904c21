"""Statements that both engines know but SQLAlchemy spells per engine."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from booking.models import Base

QUIETLY = {"synchronize_session": False}
"""For a statement after which no object of the session is looked at again: none has to be brought up to date."""


def insert_into(session: Session, model: type[Base]) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    engine = session.get_bind().dialect.name
    return (sqlite if engine == "sqlite" else postgresql).insert(table_of(model))


def insert_unless_taken(session: Session, model: type[Base], given_back: str) -> Any:
    """An INSERT that passes over rows whose key is taken; gives back a column of those it wrote. Made once."""
    return _insert_unless_taken(session.get_bind().dialect.name, model, given_back)


@cache
def _insert_unless_taken(engine: str, model: type[Base], given_back: str) -> Any:
    table = table_of(model)
    wanted = (sqlite if engine == "sqlite" else postgresql).insert(table)
    return wanted.on_conflict_do_nothing().returning(table.c[given_back])


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that need nothing of the ORM."""
    return cast(Table, model.__table__)
