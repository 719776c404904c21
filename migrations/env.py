"""How a migration reaches the database: one connection, one transaction, keys checked before the end."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine, event

from booking.database import db, engine_options
from booking.models import Base


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    context.run_migrations()


def on_sqlite(url: str) -> None:
    # With foreign keys on, rebuilding a table deletes every row that points to it by cascade.
    engine = create_engine(url, **engine_options(url))

    @event.listens_for(engine, "connect")
    def take_over(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            run(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:5]}")
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
    engine.dispose()


def on_postgresql() -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        # Two deployments at once: the second waits for the first, however long, then finds nothing left to do.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7263401)")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '4s'")
        run(connection)


url = current_app.config["SQLALCHEMY_DATABASE_URI"]
if url.startswith("sqlite"):
    on_sqlite(url)
else:
    on_postgresql()
