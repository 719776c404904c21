"""What a page costs: the statements it sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from booking.database import db


def statements_of(app: Flask, client: FlaskClient, address: str) -> int:
    with app.app_context():
        engine = db.engine
    with counted(engine) as said:
        assert client.get(address).status_code == 200
    return len(said)


@contextmanager
def counted(engine: object) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(conn, cursor, statement, *rest) -> None:  # type: ignore[no-untyped-def]
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)
