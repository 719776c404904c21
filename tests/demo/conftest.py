"""The demonstration of one Monday, loaded once for all tests that only look at it or work on a copy."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.databases import Database, Databases
from tests.demo.loading import load


@pytest.fixture(scope="session")
def made(databases: Databases) -> Callable[[str], Database]:
    """``made("sqlite")``: the demonstration on one engine, loaded once for all tests that only look."""

    @cache
    def make(engine: str) -> Database:
        database = databases.bare(engine, "demo")
        database.create()
        load(database)
        return database

    return make


@pytest.fixture
def copy(made: Callable[[str], Database], databases: Databases) -> Database:
    """The demonstration on a database of the test's own."""
    mine = databases.bare("sqlite", "copy")
    source, target = (one.engine.raw_connection() for one in (made("sqlite"), mine))
    source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
    for connection in (source, target):
        connection.close()
    return mine
