"""What a load balancer is told: whether this process lives, and whether it can work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from booking.models.messages import MessageKind
from booking.usecases.messages import announce
from tests.databases import Database, Databases
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY


@pytest.fixture
def closed_for_writing(databases: Databases) -> Iterator[Database]:
    """A database as after a change of primaries: it is read, and refuses to be written."""
    database = databases.bare("postgresql", "readonly")
    database.create()
    setting = f'ALTER DATABASE "{database.engine.url.database}" SET default_transaction_read_only = on'
    with database.engine.begin() as connection:
        connection.execute(text(setting))
    database.engine.dispose()
    return database


def test_a_process_whose_database_takes_no_writes_is_alive_and_not_ready(
    closed_for_writing: Database, app_on: Callable[[Database], Flask]
) -> None:
    client = app_on(closed_for_writing).test_client()

    assert client.get("/health").json == {"alive": True}
    answer = client.get("/ready")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_a_process_that_can_work_says_how_long_the_oldest_message_waits(
    client: FlaskClient, database: Database
) -> None:
    def a_minute_ago(session: Session) -> None:
        place = a_working_commune(session)
        visit = an_appointment(session, place.counter, place.service)
        left = EARLY - timedelta(minutes=1)
        announce(session, MessageKind.CONFIRMATION, commune_id=place.commune.id, appointment_id=visit.id, now=left)

    assert client.get("/ready").json == {"ready": True, "oldest_message_seconds": 0}
    database.write(a_minute_ago)
    assert client.get("/ready").json == {"ready": True, "oldest_message_seconds": 60}
