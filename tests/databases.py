"""The two databases every test that needs one runs on: SQLite in a file, PostgreSQL in a server of the tests' own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
from sqlalchemy import Engine, Select, create_engine, func, select
from sqlalchemy.orm import Session

from booking.database import engine_options, in_unit, prepare
from booking.models import Base
from tests.postgres import Cluster, binaries

P = ParamSpec("P")
T = TypeVar("T")

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Database:
    """One engine as a test uses it beside the application: short units, plain values."""

    url: str
    engine: Engine

    def write(self, verb: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Run ``verb(session, …)`` in a unit of its own, committed; rows it returns stay readable."""
        return in_unit(self.engine, verb, *args, **kwargs)

    def all(self, statement: Select[Any]) -> list[Any]:
        """Every row (or object, of a one-column select) as it is now, whatever was read before."""
        with Session(self.engine, expire_on_commit=False) as session:
            rows = session.execute(statement).all()
            return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def one(self, statement: Select[Any]) -> Any:
        """The only row; anything else fails."""
        (row,) = self.all(statement)
        return row

    def count(self, what: Any, *where: Any) -> int:
        """How many rows of a table (a model) there are now."""
        return int(self.one(select(func.count()).select_from(what).where(*where)))

    def create(self) -> None:
        """Make every table as the models describe it."""
        Base.metadata.create_all(self.engine)

    def empty(self) -> None:
        """Delete every row of every table, children first."""
        deletions = [str(table.delete()) for table in reversed(Base.metadata.sorted_tables)]
        with self.engine.execution_options(writes=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                # One journey for all. A test that left a transaction open should fail here, not hang.
                connection.exec_driver_sql("; ".join(["SET LOCAL lock_timeout = '5s'", *deletions]))
                return
            for deletion in deletions:
                connection.exec_driver_sql(deletion)


class Databases:
    """The databases of one test process, each made when it is first asked for."""

    def __init__(self, folder: Path, worker: str, cluster: Cluster | None) -> None:
        self.folder, self.worker, self.cluster = folder, worker, cluster
        self.made: dict[str, Database] = {}

    def give(self, name: str) -> Database:
        """The database of engine ``name``, with its tables and without a row."""
        if name not in self.made:
            self.bare(name).create()
        self.made[name].empty()
        return self.made[name]

    def bare(self, name: str, use: str = "") -> Database:
        """A new database without tables, kept apart by its ``use``.

        Skips the test when this machine has no such engine; with CI=true it fails.
        """
        if before := self.made.pop(name + use, None):
            before.engine.dispose()
        called = "_".join(filter(None, ("guichet", self.worker, use)))
        if name == "sqlite":
            path = self.folder / f"{called}.sqlite3"
            path.unlink(missing_ok=True)
            url = f"sqlite:///{path}"
        else:
            url = self.server().create(called)
        engine = create_engine(url, **engine_options(url))
        prepare(engine)
        self.made[name + use] = Database(url, engine)
        return self.made[name + use]

    def server(self) -> Cluster:
        if self.cluster is None:
            if binaries() is None:
                without("PostgreSQL (Debian: postgresql)")
            self.cluster = Cluster.start_new()
        return self.cluster

    def close(self) -> None:
        for database in self.made.values():
            database.engine.dispose()


def without(what: str) -> None:
    """Skip a test because of something this machine lacks."""
    pytest.skip(f"NOT TESTED: this machine has no {what}")
