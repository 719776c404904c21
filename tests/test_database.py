"""What an engine's complaint may say: what broke, and never about whom."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from booking import database as units
from booking.database import is_absence
from booking.models import Appointment, Person
from booking.models.base import violates
from tests.databases import Database
from tests.factories import a_person, a_working_commune, an_appointment
from tests.moments import EARLY

Broken = Callable[[Session], Any]


# Up here, because a traceback quotes the lines it passes.
TWIN = {"email": "bilal@mairie-nord.example", "name": "Bilal Amrani", "language": "fr", "password_hash": "x"}
TOO_LONG = "Bilal Amrani " * 50


def a_second_account(session: Session) -> None:
    session.execute(insert(Person).values(**TWIN, created_at=EARLY))


def a_visit_in_a_language_we_do_not_speak(session: Session) -> None:
    session.execute(update(Appointment).values(language="xx"))


def a_name_that_is_too_long(session: Session) -> None:
    session.execute(update(Person).values(created_at=None, name=TOO_LONG))


@pytest.fixture
def people(database: Database) -> None:
    def rows(session: Session) -> None:
        place = a_working_commune(session)
        a_person(session, place.commune)
        an_appointment(session, place.counter, place.service)

    database.write(rows)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("broken", [a_second_account, a_visit_in_a_language_we_do_not_speak, a_name_that_is_too_long])
def test_a_fault_of_the_database_names_nobody_however_it_is_written_down(database: Database, broken: Broken) -> None:
    with pytest.raises(DBAPIError) as fault:
        database.write(broken)

    written = "".join(traceback.format_exception(fault.value)) + repr(fault.value) + repr(fault.value.orig)
    assert [word for word in ("Ana", "ana@", "Bilal", "bilal@", "Amrani") if word in written] == []


@pytest.mark.usefixtures("people")
def test_a_nameless_fault_still_says_which_promise_it_broke(database: Database) -> None:
    with pytest.raises(IntegrityError) as fault:
        database.write(a_second_account)

    assert violates(fault.value, "uq_person_email")
    assert "person" in str(fault.value)


@pytest.mark.parametrize(
    "state", ["53100", "53200", "57P01", "57014", "25006", "40P01", "40001", "55P03"], ids=lambda state: names_of(state)
)
def test_a_server_that_is_full_closed_or_overworked_is_away_and_nobodys_mistake(state: str) -> None:
    assert is_absence(raised(psycopg.errors.lookup(state)("on the server")))


@pytest.mark.parametrize("words", ["unable to open database file", "database or disk is full", "database is locked"])
def test_a_file_that_cannot_be_written_is_away_too(words: str) -> None:
    assert is_absence(raised(sqlite3.OperationalError(words)))


@pytest.mark.parametrize("state", ["22001", "23505", "25P02", "42601", "42P01"], ids=lambda state: names_of(state))
def test_a_statement_that_is_wrong_is_our_fault(state: str) -> None:
    assert not is_absence(raised(psycopg.errors.lookup(state)("on the server")))


def names_of(state: str) -> str:
    return psycopg.errors.lookup(state).__name__


def raised(fault: Exception) -> DBAPIError:
    """A driver's fault as SQLAlchemy hands it on."""
    driver = psycopg.Error if isinstance(fault, psycopg.Error) else sqlite3.Error
    wrapped = DBAPIError.instance("select", {}, fault, driver)
    assert isinstance(wrapped, DBAPIError)
    return wrapped


class Watch:
    """A clock on which every look takes ``seconds``; nobody sleeps."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now = seconds, 0.0

    def monotonic(self) -> float:
        self.now += self.seconds
        return self.now

    def sleep(self, seconds: float) -> None:
        pass


@pytest.mark.parametrize(("seconds", "tries"), [(0.1, units.TRIES), (units.BUSY_SECONDS, 1)])
@pytest.mark.engines("sqlite")
def test_a_unit_that_met_another_is_run_again_unless_it_has_waited_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch, seconds: float, tries: int
) -> None:
    """Otherwise gunicorn ends the process first, and the person sees no page at all."""
    run = []

    def locked(session: Session) -> None:
        run.append(session)
        raise OperationalError("begin", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(units, "time", Watch(seconds))
    with pytest.raises(OperationalError):
        database.write(locked)

    assert len(run) == tries


@pytest.mark.engines("postgresql")
def test_connections_that_broke_while_nobody_used_them_are_made_again(
    database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        units.read().execute(text("select 1"))
        units.db.session.remove()
        with database.engine.connect() as other:
            others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
            other.execute(text(others + "and datname = current_database()"))
        monkeypatch.setattr(units, "TRUSTED_SECONDS", 0)

        assert units.read().scalar(text("select 1")) == 1
    # The tests' own engine may have rested connections that were ended too.
    database.engine.dispose()


@pytest.mark.engines("postgresql")
def test_reading_on_postgresql_begins_no_transaction(app: Flask) -> None:
    with app.app_context():
        first, later = (units.read().scalar(text("select now()")) for _ in range(2))

    assert first < later


@pytest.mark.usefixtures("people")
def test_what_only_reads_never_writes_by_accident(app: Flask) -> None:
    with app.app_context():
        bilal = units.read().scalars(select(Person)).one()
        bilal.name = "Somebody Else"

        with pytest.raises(RuntimeError, match="writes nothing"):
            units.read().scalars(select(Person)).all()
