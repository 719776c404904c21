"""The database: one engine, reading and writing units, and what an engine's complaint means.

Reading: a request has one session in a plain transaction, closed after rendering. Writing: ``write`` runs a
use-case in a session and transaction of its own, so that it can be run again when two of them collide.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Flask, has_app_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from booking.models.base import Base, violates
from booking.settings import INSTANCE, Settings

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 6
BUSY_SECONDS = 20
"""So long a unit on SQLite waits for another: less than gunicorn waits for an answer, so that there is one."""

PATIENCE_SECONDS = 5
"""A unit that met another after so long is not run again: whoever waits is better told to come back."""

TRUSTED_SECONDS = 5
"""A connection to PostgreSQL that was used so lately is taken to be alive; another is tried before it is used."""

DICE = random.SystemRandom()
SERIALIZATION_FAILURE, DEADLOCK, READ_ONLY = "40001", "40P01", "25006"
UNDEFINED_TABLE, UNDEFINED_COLUMN = "42P01", "42703"
NAMING_VALUES = frozenset({"22", "23"})
"""Classes of PostgreSQL's faults whose very message may quote a value: bad data, broken constraints."""


db = SQLAlchemy(model_class=Base)
migrate = Migrate()


def init_app(app: Flask, settings: Settings) -> None:
    if settings.engine_url.startswith("sqlite:///"):
        settings.instance.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.engine_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.engine_url)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(INSTANCE.parent / "migrations"))
    event.listen(db.session, "before_flush", refuse_to_write)
    with app.app_context():
        prepare(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    # What is written down of a fault names no values: parameters are people's names and addresses.
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_SECONDS}}
    return {
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000",
        },
    }


def prepare(engine: Engine) -> None:
    """Make an engine's complaints nameless, and give SQLite its pragmas and its two kinds of BEGIN."""
    event.listen(engine, "handle_error", leave_values_out)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_pragmas)
        event.listen(engine, "begin", begin)
    else:
        event.listen(engine, "checkin", note_when)
        event.listen(engine, "checkout", try_what_rested)


def leave_values_out(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row that a constraint refuses, person and all: keep the kind of fault and the constraint.

    The message is changed where it is made, so that no log, no traceback and no terminal has the other one.
    """
    fault, diagnosis = context.original_exception, getattr(context.original_exception, "diag", None)
    if diagnosis is None or diagnosis.sqlstate is None:
        return
    told = diagnosis.message_primary
    if diagnosis.sqlstate[:2] in NAMING_VALUES:
        told = " ".join(filter(None, (diagnosis.sqlstate, diagnosis.table_name, diagnosis.constraint_name)))
    fault.args = (told,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(fault).__name__}) {told}",)


def set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: it would do so too late, after the first read.
    connection.isolation_level = None
    busy = f"busy_timeout={BUSY_SECONDS * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", busy, "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def begin(connection: Connection) -> None:
    # A writer that begins as a reader fails at once when another has written meanwhile, whatever its timeout.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def note_when(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["given_back"] = time.monotonic()


def try_what_rested(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """Ask a connection that nobody used for a while whether it is alive; if not, the pool makes new ones."""
    given_back = record.info.get("given_back")
    if given_back is None or time.monotonic() - given_back < TRUSTED_SECONDS:
        return
    try:
        connection.cursor().execute("")
        connection.rollback()
    except Exception as fault:
        raise InvalidatePoolError from fault


def refuse_to_write(session: Session, *_: object) -> None:
    raise RuntimeError("the reading session writes nothing: that is for write()")


def read() -> Session:
    """The request's reading session.

    On PostgreSQL every statement sees what is committed when it begins, in a transaction or out of one: so there is
    none, and its beginning and its end are not two more journeys to the server.
    """
    session = db.session()
    if not session.in_transaction() and session.get_bind().dialect.name != "sqlite":
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    return session


def write(verb: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``verb(session, …)`` in a transaction of its own and give back what it returns: plain values.

    A refusal rolls everything back and rises. A serialisation fault runs the whole unit again. What the
    request's reading session has seen is forgotten, so that the view reads what is true now.
    """
    if has_app_context():
        db.session.rollback()
    return in_unit(db.engine, verb, *args, **kwargs)


def in_unit(engine: Engine, verb: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """``write`` on a given engine, for those who have no request: the worker, the commands, the tests."""
    writer = engine.execution_options(writes=True)
    last_chance = time.monotonic() + PATIENCE_SECONDS
    for again in range(TRIES):
        try:
            with Session(writer, expire_on_commit=False) as session, session.begin():
                return verb(session, *args, **kwargs)
        except DBAPIError as error:
            if again == TRIES - 1 or time.monotonic() > last_chance or not worth_another_try(error):
                raise
        time.sleep(DICE.uniform(0, 0.02 * 2**again))
    raise AssertionError("the last try returns or raises")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A reading session outside any request."""
    with Session(engine) as session:
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A reading session that sees one moment from its first statement to its last, however long it reads."""
    still = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine if engine.dialect.name == "sqlite" else still) as session:
        yield session


def worth_another_try(error: DBAPIError) -> bool:
    """Whether two units merely met: a serialisation fault, a deadlock, SQLite's lock, a reference drawn twice."""
    if isinstance(error, IntegrityError):
        return violates(error, "uq_appointment_reference")
    if isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in {SERIALIZATION_FAILURE, DEADLOCK}


def is_absence(error: DBAPIError) -> bool:
    """Whether the database itself is away, full, closed for writing or too slow, rather than the statement wrong.

    Both drivers make one family of these faults, but for a PostgreSQL that takes no writes.
    """
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or isinstance(error, OperationalError) or state == READ_ONLY


def is_outdated(error: DBAPIError) -> bool:
    """Whether a table or a column is not there: the migrations have not run."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return any(words in str(error.orig) for words in ("no such table", "no such column", "has no column"))
    return getattr(error.orig, "sqlstate", None) in {UNDEFINED_TABLE, UNDEFINED_COLUMN}
